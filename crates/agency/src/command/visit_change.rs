//! 变更就医信息: what a visit turns out to be for, told after it was opened.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Decide;
use super::visit::{check_names, open_visit};
use crate::context::Context;
use crate::desk::Desk;
use crate::record::Draft;
use crate::refusal::Refusal;
use crate::stop::Stop;

/// 变更就医信息. What is left out stays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeVisit {
    /// The visit.
    pub visit: String,
    /// 医疗类别. A stay remains a stay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub care_type: Option<String>,
    /// Diseases by names of the pack.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conditions: Option<Vec<String>>,
}

impl Decide for ChangeVisit {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        let before = open_visit(desk, context, &self.visit)?;
        let mut visit = (*before).clone();
        if let Some(care_type) = &self.care_type {
            visit.care_type.clone_from(care_type);
        }
        if let Some(conditions) = &self.conditions {
            visit.conditions.clone_from(conditions);
        }
        check_names(&visit)?;
        if visit.is_stay() != before.is_stay() {
            return Err(Refusal::new("contradiction", "住院与门诊不能互相变更")
                .at("care_type")
                .found(&visit.care_type)
                .hint("请撤销登记后重新登记")
                .into());
        }
        if visit != *before && !visit.settlements.is_empty() {
            return Err(Refusal::new("visit_settled", "这次就医还有有效的结算")
                .at("visit")
                .found(format!("S{}", visit.settlements[0]))
                .hint("先撤销结算")
                .into());
        }
        let draft = Draft::new("change_visit", context.today)
            .about(&visit.person)
            .leaving(&visit.id, &visit)?
            .telling(json!({ "visit": visit.id }));
        Ok(vec![draft])
    }
}
