//! 异地就医备案.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{begins, blank, filed, filer, insured, proved};
use crate::command::{Decide, check, visit};
use crate::context::Context;
use crate::desk::Desk;
use crate::filing::NEEDS;
use crate::record::Draft;
use crate::refusal::Refusal;
use crate::row::{FilingKind, Proof};
use crate::stop::Stop;

/// 异地就医备案: care away from home.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileAway {
    /// 人员编号.
    pub person: String,
    /// `long_stay`, `referral`, `emergency` or `temporary`.
    pub filing: FilingKind,
    /// Where to: an area, or a city or province by its code that ends in noughts. Left out, that of the institution.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<String>,
    /// To this institution alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub institution: Option<String>,
    /// First day.
    pub from: Date,
    /// Last day; left out, as long as such a filing holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Date>,
    /// What is shown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub proofs: Vec<Proof>,
    /// The institution that files on the person's behalf.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// 补办: the visit, not yet settled to its end, for which it is made up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visit: Option<String>,
    /// Why it begins in the past, where staff say so.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

impl FileAway {
    fn last_day(&self) -> Result<Option<Date>, Refusal> {
        let months = NEEDS.away(self.filing).map_or(0, |known| known.valid_months);
        if self.to.is_some() || months == 0 {
            return Ok(self.to);
        }
        let span = jiff::Span::new().try_months(months).ok();
        let after =
            span.and_then(|span| self.from.checked_add(span).ok()).and_then(|day| day.yesterday().ok());
        after.map(Some).ok_or_else(|| Refusal::new("future_date", "日期太远").at("from").found(self.from))
    }
}

impl Decide for FileAway {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        let person = filer(desk, context, &self.person, self.at.as_deref())?;
        if !self.filing.is_away() {
            return Err(Refusal::new("unknown_value", "不是异地就医备案")
                .at("filing")
                .found(self.filing.name())
                .expected("long_stay、referral、emergency、temporary")
                .into());
        }
        let cover = insured(&person, self.from)?;
        let institution = match &self.institution {
            Some(id) => Some(visit::institution(desk, "institution", id)?),
            None => None,
        };
        let area = match (&self.area, &institution) {
            (Some(area), _) => area.clone(),
            (None, Some(institution)) => institution.area.clone(),
            (None, None) => {
                return Err(Refusal::new("missing_field", "要写明就医地或机构").at("area").into());
            }
        };
        check::area("area", &area)?;
        if area == cover.area || institution.as_ref().is_some_and(|known| known.area == cover.area) {
            return Err(Refusal::new("contradiction", "在参保地就医不用备案").at("area").found(&area).into());
        }
        let mut filing = blank(context, self.filing, &cover.area, (self.from, self.last_day()?));
        filing.area = Some(area);
        filing.institutions = self.institution.iter().cloned().collect();
        if let Some(institution) = institution.filter(|institution| !filing.serves(institution)) {
            return Err(Refusal::new("contradiction", "机构不在备案的就医地")
                .at("institution")
                .found(&institution.area)
                .into());
        }
        filing.proofs = proved(self.filing, &self.proofs)?;
        filing.at.clone_from(&self.at);
        filing.visit.clone_from(&self.visit);
        begins(desk, context, &filing, &self.person, &self.reason)?;
        filed(desk, context, "file_away", &person, filing)
    }
}
