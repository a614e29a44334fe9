//! 追溯调整: after a retroactive change of rules, the settlements that come out otherwise are found, step by step, and proposed as one batch.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Decide, check};
use crate::access::{Action, Scope};
use crate::context::Context;
use crate::desk::{Desk, Row};
use crate::record::{After, Draft};
use crate::refusal::Refusal;
use crate::row::{Correction, CorrectionPart, CorrectionStatus, Outlier, PersonIn, Trouble};
use crate::settlement::{Stretch, anew, files_since};
use crate::stop::Stop;

/// So many people are looked at in one step.
const PEOPLE_A_STEP: usize = 100;

/// So many of the greatest differences a batch names.
const MOST_OUTLIERS: usize = 20;

/// 提出追溯调整: a batch for the settlements of an area under the law of some days. Nothing is computed yet.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProposeCorrectionBatch {
    /// The area that insures.
    pub area: String,
    /// The first day whose law changed.
    pub from: Date,
    /// The last; open unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Date>,
    /// Why: the document that changes the rules.
    pub reason: String,
}

/// 查找差异: the next people of a batch. The last step makes it ready to be released.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FindCorrections {
    /// The batch.
    pub batch: String,
    /// Which step, from 1.
    pub step: u32,
}

/// 作废追溯调整 that was not released.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WithdrawCorrectionBatch {
    /// The batch.
    pub batch: String,
    /// Why.
    pub reason: String,
}

/// The batch of an id, for an action in its area.
///
/// # Errors
/// The refusals `no_batch` and `denied`.
pub(super) fn batch_of(
    desk: &mut Desk<'_>,
    context: &Context<'_>,
    action: Action,
    id: &str,
) -> Result<Correction, Stop> {
    context.may(action)?;
    let batch = desk
        .get::<Correction>(id)?
        .ok_or_else(|| Refusal::new("no_batch", "没有这批追溯调整").at("batch").found(id))?;
    context.allow(action, Scope { area: Some(&batch.area), ..Scope::default() })?;
    Ok((*batch).clone())
}

/// The refusal of something that a batch does not let as it stands.
pub(super) fn wrong_status(batch: &Correction, expected: &str) -> Refusal {
    Refusal::new("batch_status", "这批追溯调整的状态不对")
        .at("batch")
        .found(format!("{} {}", batch.id, batch.status.label()))
        .expected(expected)
}

/// Checks that a step or part is the next.
pub(super) fn next(field: &str, found: u32, done: u32) -> Result<(), Refusal> {
    if found == done.saturating_add(1) {
        return Ok(());
    }
    Err(Refusal::new("out_of_order", "不是下一步").at(field).found(found).expected(done.saturating_add(1)))
}

/// Checks that the rules are still those of the batch.
pub(super) fn same_rules(context: &Context<'_>, batch: &Correction) -> Result<(), Refusal> {
    if batch.edition == context.edition {
        return Ok(());
    }
    Err(Refusal::new("edition_differs", "提出以后规则又变了")
        .at("batch")
        .found(context.edition)
        .expected(&batch.edition)
        .hint("作废这一批，按现在的规则重新提出"))
}

/// Whether a stop is the rules' own: then the person is told of and the others go on.
pub(super) fn told(stop: Stop) -> Result<String, Stop> {
    match stop {
        Stop::Refused(refusal) => Ok(refusal.to_string()),
        other => Err(other),
    }
}

impl Correction {
    pub(super) fn stretch(&self) -> Stretch<'_> {
        Stretch { area: &self.area, from: self.from, to: self.to, upto: self.upto }
    }

    fn take_in(&mut self, part: &CorrectionPart) {
        self.lines += part.lines.len() as u64;
        self.troubled += part.troubled.len() as u64;
        let mut last = "";
        for line in &part.lines {
            self.affected += u64::from(last != line.person);
            last = &line.person;
            for (payer, fen) in &line.purses {
                *self.purses.entry(payer.clone()).or_default() += fen;
            }
            self.refunds += line.to_person.max(0);
            self.claims -= line.to_person.min(0);
            self.worst.push(Outlier {
                settlement: line.settlement.clone(),
                person: line.person.clone(),
                to_person: line.to_person,
            });
        }
        self.worst.sort_by_key(|outlier| std::cmp::Reverse(outlier.to_person.abs()));
        self.worst.truncate(MOST_OUTLIERS);
        self.purses.retain(|_, fen| *fen != 0);
    }
}

impl Decide for ProposeCorrectionBatch {
    fn decide(&self, _desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        check::area("area", &self.area)?;
        context.allow(Action::Correct, Scope { area: Some(&self.area), ..Scope::default() })?;
        let reason = check::reason(&self.reason)?;
        check::order("to", self.from, self.to)?;
        context.not_future("from", self.from)?;
        if !context.rules.packs().iter().any(|pack| pack.area.code == self.area) {
            return Err(Refusal::new("unknown_area", "没有这个统筹区的规则")
                .at("area")
                .found(&self.area)
                .into());
        }
        let id = format!("K{}", context.seq);
        let batch = Correction {
            id: id.clone(),
            area: self.area.clone(),
            from: self.from,
            to: self.to,
            reason,
            edition: context.edition.to_owned(),
            upto: context.seq,
            status: CorrectionStatus::Finding,
            proposed_by: context.actor.name.clone(),
            cursor: String::new(),
            steps: 0,
            people: 0,
            computed: 0,
            parts: 0,
            lines: 0,
            affected: 0,
            troubled: 0,
            purses: std::collections::BTreeMap::new(),
            refunds: 0,
            claims: 0,
            worst: Vec::new(),
            released: (0, 0, 0),
            restored: (0, 0, 0),
            released_by: String::new(),
            cancelled_by: String::new(),
            cancelled_for: String::new(),
        };
        let mut draft = Draft::new("propose_correction_batch", context.today).leaving(&id, &batch)?;
        draft.after.push(After::listed("correction_in", &format!("{}/{:020}", batch.area, context.seq))?);
        Ok(vec![draft.telling(json!({ "batch": id }))])
    }
}

impl Decide for FindCorrections {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        let mut batch = batch_of(desk, context, Action::Correct, &self.batch)?;
        if batch.status != CorrectionStatus::Finding {
            return Err(wrong_status(&batch, CorrectionStatus::Finding.label()).into());
        }
        next("step", self.step, batch.steps)?;
        same_rules(context, &batch)?;
        let prefix = format!("{}/", batch.area);
        let page = desk.view().page(PersonIn::KIND, &prefix, &batch.cursor, PEOPLE_A_STEP)?;
        let people: Vec<String> =
            page.iter().map(|(id, _)| id.strip_prefix(&prefix).unwrap_or(id).to_owned()).collect();
        let files = files_since(desk, &people, batch.from)?;
        let mut part = CorrectionPart { lines: Vec::new(), troubled: Vec::new() };
        for (person, file) in people.iter().zip(files) {
            match anew(desk, context, person, &batch.stretch(), file) {
                Ok(found) => {
                    batch.computed += found.computed;
                    part.lines.extend(found.anew.iter().map(crate::settlement::Anew::line));
                }
                Err(stop) => part.troubled.push(Trouble { person: person.clone(), why: told(stop)? }),
            }
        }
        batch.steps = self.step;
        batch.people += people.len() as u64;
        batch.take_in(&part);
        if let Some((last, _)) = page.last() {
            batch.cursor.clone_from(last);
        }
        if page.len() < PEOPLE_A_STEP {
            batch.status = CorrectionStatus::Proposed;
        }
        let mut draft = Draft::new("find_corrections", context.today);
        if !part.lines.is_empty() || !part.troubled.is_empty() {
            batch.parts += 1;
            draft = draft.leaving(&CorrectionPart::id(&batch.id, batch.parts), &part)?;
        }
        let result = json!({
            "batch": batch.id,
            "people": batch.people,
            "lines": batch.lines,
            "done": batch.status == CorrectionStatus::Proposed,
        });
        Ok(vec![draft.leaving(&batch.id, &batch)?.telling(result)])
    }
}

impl Decide for WithdrawCorrectionBatch {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        let reason = check::reason(&self.reason)?;
        let mut batch = batch_of(desk, context, Action::Correct, &self.batch)?;
        if !matches!(batch.status, CorrectionStatus::Finding | CorrectionStatus::Proposed) {
            return Err(wrong_status(&batch, "查找中、待放行")
                .hint("已经放行的用 cancel_correction_batch 撤销")
                .into());
        }
        batch.status = CorrectionStatus::Withdrawn;
        batch.cancelled_by.clone_from(&context.actor.name);
        batch.cancelled_for.clone_from(&reason);
        let draft = Draft::new("withdraw_correction_batch", context.today).leaving(&batch.id, &batch)?;
        Ok(vec![draft.telling(json!({ "batch": batch.id, "reason": reason }))])
    }
}
