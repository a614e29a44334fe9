//! 开通医保钱包.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{acting_for, takes_part};
use crate::command::Decide;
use crate::context::Context;
use crate::desk::Desk;
use crate::record::Draft;
use crate::refusal::Refusal;
use crate::row::{Person, Wallet};
use crate::stop::Stop;

/// 开通医保钱包, in the books of the area where the person is insured.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenWallet {
    /// 人员编号.
    pub person: String,
}

impl Decide for OpenWallet {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        let person = acting_for(desk, context, &self.person)?;
        if let Some(wallet) = desk.get::<Wallet>(&self.person)? {
            return Err(Refusal::new("wallet_exists", "已经开通医保钱包")
                .at("person")
                .found(wallet.opened_on)
                .into());
        }
        let area = takes_part("person", &person, context)?.area.clone();
        let draft = Draft::new("open_wallet", context.today)
            .about(&self.person)
            .leaving(&self.person, &Wallet { area: area.clone(), opened_on: context.today })?
            .leaving(&self.person, &Person { wallet: true, ..(*person).clone() })?
            .telling(json!({ "person": self.person, "area": area }));
        Ok(vec![draft])
    }
}
