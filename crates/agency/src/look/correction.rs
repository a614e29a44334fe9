//! Batches of corrections: lists, one with its totals, its lines.

use std::collections::BTreeMap;

use gongji_money::Fen;
use jiff::civil::Date;
use serde::Serialize;

use super::{Page, rows, walk};
use crate::access::{Action, Scope};
use crate::context::Context;
use crate::desk::{Desk, Row};
use crate::refusal::Refusal;
use crate::row::{Correction, CorrectionLine, CorrectionPart, CorrectionStatus, LineState, Trouble};
use crate::stop::Stop;

/// What moves of one payer.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PurseMoved {
    /// The payer (`pooled_fund`, `cash` …).
    pub payer: String,
    /// What comes out less what was booked.
    #[serde(serialize_with = "crate::yuan::serialize")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "-120.00"))]
    pub amount: Fen,
}

/// One of the greatest differences.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OutlierSeen {
    /// The settlement.
    pub settlement: String,
    /// Whose.
    pub person: String,
    /// What the person gets, or has to give back.
    #[serde(serialize_with = "crate::yuan::serialize")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "-120.00"))]
    pub to_person: Fen,
}

/// A batch.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CorrectionSeen {
    /// The batch.
    pub id: String,
    /// 参保地.
    pub area: String,
    /// The first day whose law changed.
    pub from: Date,
    /// The last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<Date>,
    /// Why.
    pub reason: String,
    /// The hash of the texts of the rules under which it was computed.
    pub edition: String,
    /// Whether those are the rules of today: otherwise it cannot be released.
    pub edition_is_current: bool,
    /// How it stands.
    pub status: CorrectionStatus,
    /// The same for people.
    pub label: &'static str,
    /// Who proposed it.
    pub proposed_by: String,
    /// Who released it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub released_by: String,
    /// Who cancelled or withdrew it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub cancelled_by: String,
    /// Why.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub cancelled_for: String,
    /// How many people were looked at.
    pub people: u64,
    /// How many settlements were computed again.
    pub computed: u64,
    /// How many come out otherwise.
    pub lines: u64,
    /// Of how many people.
    pub affected: u64,
    /// Of how many people settlements could not be computed again.
    pub troubled: u64,
    /// What moves, by payer.
    pub purses: Vec<PurseMoved>,
    /// What people get.
    #[serde(serialize_with = "crate::yuan::serialize")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub refunds: Fen,
    /// What people have to give back.
    #[serde(serialize_with = "crate::yuan::serialize")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub claims: Fen,
    /// The greatest differences, greatest first.
    pub worst: Vec<OutlierSeen>,
    /// How many lines were booked.
    pub released: u64,
    /// How many were not, because something changed since.
    pub not_released: u64,
    /// How many were taken back.
    pub restored: u64,
    /// How many could not be.
    pub not_restored: u64,
}

/// A line of a batch.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CorrectionLineSeen {
    /// The settlement.
    pub settlement: String,
    /// Whose.
    pub person: String,
    /// The day whose law applies.
    pub law_day: Date,
    /// What moves, by payer.
    pub purses: Vec<PurseMoved>,
    /// What the person gets, or has to give back.
    #[serde(serialize_with = "crate::yuan::serialize")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "-120.00"))]
    pub to_person: Fen,
    /// How it stands.
    pub state: LineState,
}

/// Lines of a batch, and who could not be computed again.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CorrectionLines {
    /// The lines.
    pub lines: Vec<CorrectionLineSeen>,
    /// Who could not be computed again, and why.
    pub troubled: Vec<Trouble>,
    /// Where the next lines begin; `None` at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

fn moved(purses: &BTreeMap<String, i64>) -> Vec<PurseMoved> {
    let moved = |(payer, fen): (&String, &i64)| PurseMoved { payer: payer.clone(), amount: Fen::new(*fen) };
    purses.iter().map(moved).collect()
}

fn shown(context: &Context<'_>, batch: &Correction) -> CorrectionSeen {
    let outliers = batch.worst.iter().map(|outlier| OutlierSeen {
        settlement: outlier.settlement.clone(),
        person: outlier.person.clone(),
        to_person: Fen::new(outlier.to_person),
    });
    CorrectionSeen {
        id: batch.id.clone(),
        area: batch.area.clone(),
        from: batch.from,
        to: batch.to,
        reason: batch.reason.clone(),
        edition: batch.edition.clone(),
        edition_is_current: batch.edition == context.edition,
        status: batch.status,
        label: batch.status.label(),
        proposed_by: batch.proposed_by.clone(),
        released_by: batch.released_by.clone(),
        cancelled_by: batch.cancelled_by.clone(),
        cancelled_for: batch.cancelled_for.clone(),
        people: batch.people,
        computed: batch.computed,
        lines: batch.lines,
        affected: batch.affected,
        troubled: batch.troubled,
        purses: moved(&batch.purses),
        refunds: Fen::new(batch.refunds),
        claims: Fen::new(batch.claims),
        worst: outliers.collect(),
        released: batch.released.1,
        not_released: batch.released.2,
        restored: batch.restored.1,
        not_restored: batch.restored.2,
    }
}

/// The batches of an area, in order.
///
/// # Errors
/// The refusal `denied`.
pub fn corrections(
    desk: &mut Desk<'_>,
    context: &Context<'_>,
    area: &str,
    after: &str,
    limit: usize,
) -> Result<Page<CorrectionSeen>, Stop> {
    context.allow(Action::SeeArea, Scope { area: Some(area), ..Scope::default() })?;
    walk(desk, ("correction_in", &format!("{area}/"), after), limit, |desk, part| {
        let number = |id: &str| id.rsplit('/').next().unwrap_or(id).trim_start_matches('0').to_owned();
        let ids: Vec<String> = part.iter().map(|(id, _)| format!("K{}", number(id))).collect();
        let batches = rows::<Correction>(desk, &ids)?;
        Ok(batches.into_iter().map(|batch| batch.map(|batch| shown(context, &batch))).collect())
    })
}

fn of(desk: &mut Desk<'_>, context: &Context<'_>, id: &str) -> Result<std::sync::Arc<Correction>, Stop> {
    context.may(Action::SeeArea)?;
    let batch = desk
        .get::<Correction>(id)?
        .ok_or_else(|| Refusal::new("no_batch", "没有这批追溯调整").at("batch").found(id))?;
    context.allow(Action::SeeArea, Scope { area: Some(&batch.area), ..Scope::default() })?;
    Ok(batch)
}

/// A batch.
///
/// # Errors
/// The refusals `no_batch` and `denied`.
pub fn correction(desk: &mut Desk<'_>, context: &Context<'_>, id: &str) -> Result<CorrectionSeen, Stop> {
    Ok(shown(context, &*of(desk, context, id)?))
}

/// Lines of a batch in its order, of one person or of all (empty). `after` is the `next` of the lines before.
///
/// # Errors
/// As [`correction`].
pub fn correction_lines(
    desk: &mut Desk<'_>,
    context: &Context<'_>,
    (id, person): (&str, &str),
    after: &str,
) -> Result<CorrectionLines, Stop> {
    of(desk, context, id)?;
    let prefix = format!("{id}/");
    let fits = |whose: &str| person.is_empty() || whose == person;
    let mut after = after.to_owned();
    loop {
        let page = desk.view().page(CorrectionPart::KIND, &prefix, &after, 1)?;
        let Some((part, _)) = page.into_iter().next() else {
            return Ok(CorrectionLines { lines: Vec::new(), troubled: Vec::new(), next: None });
        };
        let read = desk.need::<CorrectionPart>(&part)?;
        let lines: Vec<CorrectionLineSeen> =
            read.lines.iter().filter(|line| fits(&line.person)).map(line_seen).collect();
        let troubled: Vec<Trouble> =
            read.troubled.iter().filter(|trouble| fits(&trouble.person)).cloned().collect();
        // A person's lines stand in one part.
        if !lines.is_empty() || !troubled.is_empty() {
            return Ok(CorrectionLines { lines, troubled, next: Some(part) });
        }
        after = part;
    }
}

fn line_seen(line: &CorrectionLine) -> CorrectionLineSeen {
    CorrectionLineSeen {
        settlement: line.settlement.clone(),
        person: line.person.clone(),
        law_day: line.law_day,
        purses: moved(&line.purses),
        to_person: Fen::new(line.to_person),
        state: line.state.clone(),
    }
}
