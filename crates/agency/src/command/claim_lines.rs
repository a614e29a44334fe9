//! 审核报销明细: each line accepted, reduced or refused, with a coded reason; until the claim is reported a line may be decided again.

use gongji_cases::request::Charges;
use gongji_money::Fen;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::claim::{claim_at, leave, step};
use super::{Decide, check};
use crate::access::Action;
use crate::context::Context;
use crate::desk::Desk;
use crate::record::Draft;
use crate::refusal::Refusal;
use crate::row::{Claim, ClaimLine, ClaimStatus, LineDecision, Verdict};
use crate::settlement::{accepted_of, input_of, refused_input};
use crate::{reasons, stop::Stop};

/// What is decided of one line.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineVerdict {
    /// Which line, from 1.
    pub line: u32,
    /// What.
    pub verdict: Verdict,
    /// The item of the catalogue that it is, where the bill does not say it, or says it wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Of a reduced line, how much goes by the catalogue.
    #[serde(default, with = "crate::yuan::optional", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, example = "80.00"))]
    pub accepted: Option<Fen>,
    /// The coded reason of a line that is reduced or refused.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// In words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// 审核报销明细.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecideClaimLines {
    /// The claim.
    pub claim: String,
    /// Some or all lines.
    pub lines: Vec<LineVerdict>,
}

impl LineVerdict {
    fn decided(&self, at: usize, line: &mut ClaimLine, by: &str) -> Result<(), Refusal> {
        let field = |name: &str| format!("lines[{at}].{name}");
        let contradiction = |name: &str, problem: &str| {
            Err(Refusal::new("contradiction", problem.to_owned()).at(field(name)).found(self.verdict.label()))
        };
        match (self.verdict, self.accepted) {
            (Verdict::Reduce, None) => {
                return Err(Refusal::new("missing_field", "核减要写明认可的金额").at(field("accepted")));
            }
            (Verdict::Reduce, Some(accepted)) => {
                let whole = Fen::new(line.line.amount);
                if accepted == Fen::ZERO || accepted >= whole {
                    return Err(Refusal::new("not_reduced", "认可的金额要大于零、小于明细金额")
                        .at(field("accepted"))
                        .found(accepted)
                        .expected(format!("0.01 至 {}", Fen::new(whole.fen() - 1)))
                        .hint("全部认可写 accept，全部不认可写 refuse"));
                }
            }
            (_, Some(_)) => return contradiction("accepted", "只有核减写认可的金额"),
            (_, None) => {}
        }
        if self.verdict == Verdict::Accept {
            if !self.reason.is_empty() {
                return contradiction("reason", "通过的明细没有原因");
            }
        } else {
            reasons::check(&field("reason"), "line", &self.reason)?;
        }
        if !self.note.is_empty() || self.reason == "other" {
            check::text(&field("note"), &self.note)?;
        }
        if let Some(code) = &self.code {
            line.line.code.clone_from(code);
        }
        if self.verdict != Verdict::Refuse && line.line.code.is_empty() {
            return Err(Refusal::new("not_matched", "没有对照目录的明细不能通过")
                .at(field("code"))
                .found(&line.line.name)
                .expected("目录项目的编码")
                .hint("目录外的项目写 refuse，原因 not_in_catalogue"));
        }
        line.decision = Some(LineDecision {
            verdict: self.verdict,
            accepted: self.accepted.map(Fen::fen),
            reason: self.reason.clone(),
            note: self.note.clone(),
            by: by.to_owned(),
        });
        Ok(())
    }
}

/// Where a claim's items are looked up: where the person was treated, then where insured, then the national catalogue.
fn catalogues(claim: &Claim) -> [&str; 2] {
    [&claim.institution.area, &claim.area]
}

/// What a claim's lines are to the rules: what was accepted by its item, the rest as what no catalogue pays for.
///
/// # Errors
/// The refusal `undecided`; an item that no catalogue has on its day.
pub(super) fn charges(desk: &mut Desk<'_>, claim: &Claim) -> Result<Charges, Stop> {
    let mut inputs = Vec::with_capacity(claim.lines.len());
    for (at, ClaimLine { line, decision }) in claim.lines.iter().enumerate() {
        let Some(decision) = decision else {
            return Err(Refusal::new("undecided", "还有没有审核的明细")
                .at("claim")
                .found(format!("第 {} 条 {}", at + 1, line.name))
                .hint("逐条审核以后再报送")
                .into());
        };
        let whole = Fen::new(line.amount);
        if decision.verdict == Verdict::Refuse {
            inputs.push(refused_input(&line.name, whole)?);
            continue;
        }
        let input = input_of(desk, &catalogues(claim), claim.institution.level.as_deref(), (at, line))?;
        let Some(accepted) = decision.accepted else {
            inputs.push(input);
            continue;
        };
        let accepted = Fen::new(accepted);
        let too_large = || Refusal::new("too_large", "限价超出范围").at(format!("lines[{at}]"));
        inputs.push(accepted_of(input, accepted).ok_or_else(too_large)?);
        inputs.push(refused_input(&line.name, Fen::new(whole.fen() - accepted.fen()))?);
    }
    Ok(Charges::Lines(inputs))
}

impl Decide for DecideClaimLines {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        let mut claim = claim_at(desk, context, &self.claim, (Action::Reimburse, ClaimStatus::Open))?;
        if self.lines.is_empty() {
            return Err(Refusal::new("missing_field", "没有写审核哪几条").at("lines").into());
        }
        let by = &context.actor.name;
        let count = claim.lines.len();
        for (at, asked) in self.lines.iter().enumerate() {
            let place = usize::try_from(asked.line).unwrap_or(0).checked_sub(1);
            let line = place.and_then(|place| claim.lines.get_mut(place)).ok_or_else(|| {
                Refusal::new("no_line", "没有这条明细")
                    .at(format!("lines[{at}].line"))
                    .found(asked.line)
                    .expected(format!("1 到 {count}"))
            })?;
            asked.decided(at, line, by)?;
            if asked.verdict != Verdict::Refuse {
                // An item that is in no catalogue on its day is told now.
                let line = line.line.clone();
                input_of(desk, &catalogues(&claim), claim.institution.level.as_deref(), (at, &line))?;
            }
        }
        if !claim.decided_by.contains(by) {
            claim.decided_by.push(by.clone());
        }
        claim.history.push(step(context, "decide_claim_lines", ""));
        let left = claim.lines.iter().filter(|line| line.decision.is_none()).count();
        let draft = Draft::new("decide_claim_lines", context.today).about(&claim.person);
        let draft = leave(draft, claim.status, &claim)?;
        Ok(vec![draft.telling(json!({ "claim": claim.id, "decided": self.lines.len(), "undecided": left }))])
    }
}
