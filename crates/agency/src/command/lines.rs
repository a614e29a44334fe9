//! 费用明细: uploaded, taken back, cancelled.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

use gongji_money::Fen;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Decide;
use super::visit::{institution, open_visit};
use crate::context::Context;
use crate::desk::Desk;
use crate::record::Draft;
use crate::refusal::Refusal;
use crate::row::{Batch, Line, LineAt, Lines, Visit};
use crate::settlement::{charges_of_lines, net};
use crate::stop::Stop;

/// So many lines at most are uploaded together.
const MOST_LINES: usize = 100_000;

/// One line as it is uploaded. Money as text in yuan.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineAsked {
    /// The item's code in the catalogue.
    pub code: String,
    /// Its name.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// The day of the service; that of the visit unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<Date>,
    /// How many units, as text.
    pub quantity: String,
    /// The price of one unit.
    #[serde(with = "crate::yuan")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub unit_price: Fen,
    /// What the line costs, or what is taken back.
    #[serde(with = "crate::yuan")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub amount: Fen,
    /// 退费: the line of this visit, not settled yet, of which so many units are taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub returns: Option<LineAt>,
}

impl LineAsked {
    /// The line as it is kept, of a day unless it names one.
    pub fn line(&self, on: Date) -> Line {
        Line {
            code: self.code.clone(),
            name: self.name.clone(),
            on: self.on.unwrap_or(on),
            quantity: self.quantity.clone(),
            unit_price: self.unit_price.fen(),
            amount: if self.returns.is_some() { -self.amount.fen() } else { self.amount.fen() },
            returns: self.returns,
            cancelled: false,
        }
    }
}

/// 上传费用明细.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UploadLines {
    /// The visit.
    pub visit: String,
    /// The lines.
    pub lines: Vec<LineAsked>,
}

/// 撤销费用明细: all that wait, one batch, or some lines.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CancelLines {
    /// The visit.
    pub visit: String,
    /// The batch; all that wait unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batch: Option<u32>,
    /// The lines, instead of whole batches.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<LineAt>,
}

impl Decide for UploadLines {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        let visit = open_visit(desk, context, &self.visit)?;
        if self.lines.is_empty() || self.lines.len() > MOST_LINES {
            return Err(Refusal::new("line_count", "明细条数不对")
                .at("lines")
                .found(self.lines.len())
                .expected(format!("1 到 {MOST_LINES} 条"))
                .into());
        }
        let mut total = Fen::ZERO;
        let mut lines = Vec::with_capacity(self.lines.len());
        for (at, line) in self.lines.iter().enumerate() {
            let on = line.on.unwrap_or(visit.opened_on);
            context.not_future(&format!("lines[{at}].on"), on)?;
            if on < visit.opened_on {
                return Err(Refusal::new("dates_go_back", "早于就医登记")
                    .at(format!("lines[{at}].on"))
                    .found(on)
                    .expected(format!("{} 或以后", visit.opened_on))
                    .into());
            }
            let amount = if line.returns.is_some() { -line.amount } else { line.amount };
            total = total
                .checked_add(amount)
                .filter(|total| *total <= Fen::LIMIT)
                .ok_or_else(|| Refusal::new("too_large", "明细合计超出范围").at("lines"))?;
            lines.push(line.line(visit.opened_on));
        }
        // Every item is looked up now, so that a bill is not refused at the counter for a line of last week.
        let institution = institution(desk, "visit", &visit.institution)?;
        let mut visit = (*visit).clone();
        let no = visit.batches.last().map_or(1, |batch| batch.no + 1);
        let lines = Lines { lines };
        let charged: Vec<Line> = if lines.lines.iter().any(|line| line.returns.is_some()) {
            net_of(desk, &visit, &lines, no)?
        } else {
            lines.lines.clone()
        };
        charges_of_lines(&charged, &institution.area, institution.level.as_deref(), desk)?;
        let count = u32::try_from(lines.lines.len()).unwrap_or(u32::MAX);
        visit.batches.push(Batch { no, lines: count, total: total.fen(), cancelled: false, settled: None });
        let draft = Draft::new("upload_lines", context.today)
            .about(&visit.person)
            .leaving(&visit.id, &visit)?
            .leaving(&Lines::id(&visit.id, no), &lines)?
            .telling(json!({ "visit": visit.id, "batch": no, "total": total.to_string() }));
        Ok(vec![draft])
    }
}

/// What waits of a visit once these lines are uploaded as its batch `no`, as it would be settled: every line that was taken back has enough left.
fn net_of(desk: &mut Desk<'_>, visit: &Visit, lines: &Lines, no: u32) -> Result<Vec<Line>, Stop> {
    let mut rows = Vec::new();
    for batch in visit.batches.iter().filter(|batch| batch.waits()) {
        rows.push((batch.no, desk.need::<Lines>(&Lines::id(&visit.id, batch.no))?));
    }
    let waiting = rows.iter().map(|(no, rows)| (*no, &**rows)).chain([(no, lines)]);
    Ok(net(waiting)?.into_iter().map(|line| line.line).collect())
}

/// Whether what waits of a visit can still be settled together, some of its rows being left otherwise.
fn check_returns(desk: &mut Desk<'_>, visit: &Visit, left: &[(u32, Lines)]) -> Result<(), Stop> {
    let mut rows = Vec::new();
    for batch in visit.batches.iter().filter(|batch| batch.waits()) {
        let row = match left.iter().find(|(no, _)| *no == batch.no) {
            Some((_, row)) => Arc::new(row.clone()),
            None => desk.need::<Lines>(&Lines::id(&visit.id, batch.no))?,
        };
        rows.push((batch.no, row));
    }
    net(rows.iter().map(|(no, rows)| (*no, &**rows)))?;
    Ok(())
}

impl CancelLines {
    /// Cancels some lines of the visit; the rows of their batches as they are left.
    fn cancel_some(&self, desk: &mut Desk<'_>, visit: &mut Visit) -> Result<Vec<(u32, Lines)>, Stop> {
        if self.batch.is_some() {
            let refusal = Refusal::new("contradiction", "整批与逐条不能同时撤销").at("lines");
            return Err(refusal.into());
        }
        let mut left: BTreeMap<u32, Lines> = BTreeMap::new();
        for at in &self.lines {
            let missing = || {
                Refusal::new("no_lines", "没有这一条可以撤销的明细")
                    .at("lines")
                    .found(format!("第 {} 批第 {} 条", at.batch, at.line))
                    .hint("已经结算的明细要先撤销结算")
            };
            let batch = visit.batches.iter().find(|batch| batch.no == at.batch && batch.waits());
            batch.ok_or_else(missing)?;
            if let Entry::Vacant(place) = left.entry(at.batch) {
                place.insert((*desk.need::<Lines>(&Lines::id(&visit.id, at.batch))?).clone());
            }
            let rows = left.get_mut(&at.batch).ok_or_else(missing)?;
            let line = (at.line as usize).checked_sub(1).and_then(|place| rows.lines.get_mut(place));
            line.filter(|line| !line.cancelled).ok_or_else(missing)?.cancelled = true;
        }
        for batch in &mut visit.batches {
            let Some(rows) = left.get(&batch.no) else { continue };
            let live = rows.lines.iter().filter(|line| !line.cancelled);
            if live.clone().count() == 0 {
                // As if the batch had been cancelled by its number: its lines stay as they were uploaded.
                batch.cancelled = true;
                left.remove(&batch.no);
            } else {
                batch.total = live.map(|line| line.amount).sum();
            }
        }
        Ok(left.into_iter().collect())
    }
}

impl Decide for CancelLines {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        let mut visit = (*open_visit(desk, context, &self.visit)?).clone();
        if !self.lines.is_empty() {
            let left = self.cancel_some(desk, &mut visit)?;
            check_returns(desk, &visit, &left)?;
            let mut draft =
                Draft::new("cancel_lines", context.today).about(&visit.person).leaving(&visit.id, &visit)?;
            for (no, rows) in &left {
                draft = draft.leaving(&Lines::id(&visit.id, *no), rows)?;
            }
            return Ok(vec![draft.telling(json!({ "visit": visit.id, "lines": self.lines }))]);
        }
        let mut cancelled = Vec::new();
        for batch in &mut visit.batches {
            if self.batch.is_none_or(|no| no == batch.no) && batch.waits() {
                batch.cancelled = true;
                cancelled.push(batch.no);
            }
        }
        if cancelled.is_empty() {
            return Err(Refusal::new("no_lines", "没有可以撤销的明细")
                .at("batch")
                .hint("已经结算的明细要先撤销结算")
                .into());
        }
        check_returns(desk, &visit, &[])?;
        let draft = Draft::new("cancel_lines", context.today)
            .about(&visit.person)
            .leaving(&visit.id, &visit)?
            .telling(json!({ "visit": visit.id, "cancelled": cancelled }));
        Ok(vec![draft])
    }
}
