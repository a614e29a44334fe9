//! Keeping the texts of the rules, so that what was computed under them can be explained for ever.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Decide;
use crate::access::{Action, Scope};
use crate::context::Context;
use crate::desk::Desk;
use crate::record::Draft;
use crate::row::Edition;
use crate::stop::Stop;

/// 登记规则版本.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeepEdition {
    /// The hash of all texts.
    pub edition: String,
    /// Name and text of each file.
    pub files: Vec<(String, String)>,
}

impl Decide for KeepEdition {
    fn decide(&self, _desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        context.allow(Action::KeepTokens, Scope::default())?;
        let draft = Draft::new("keep_edition", context.today)
            .leaving(&self.edition, &Edition { files: self.files.clone() })?
            .telling(json!({ "edition": self.edition }));
        Ok(vec![draft])
    }
}
