//! Bills of contributions: a month of an employer, the debits of those who pay for themselves, and taking a bill back.

use gongji_cases::request::Question;
use gongji_ledger::{Account, Entry, Posting};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::collection::{
    allocate, bill, bill_number, employee_in, flexible_in, month_of, next_ids, payer, payer_rows, plus, step,
    working_in, yuan,
};
use super::employer::employer;
use super::{Decide, check};
use crate::access::{Action, Scope};
use crate::bulk::{Bulk, BulkLine};
use crate::calculation::Sum;
use crate::context::Context;
use crate::desk::{Desk, Row};
use crate::record::{After, Draft};
use crate::refusal::Refusal;
use crate::row::{
    BillKind, BillPart, BillStatus, ContributionBill, Cover, Declared, Person, Run, flexible_payer, part_id,
};
use crate::stop::Stop;

/// 核定单位缴费, at most 500 people a command: everybody with a declared wage who belongs to the employer in that month and was not billed
/// for it before. Later comers stand on a bill of their own when it is asked again.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BillContributions {
    /// 单位编号.
    pub employer: String,
    /// The month (`2026-03`).
    pub period: String,
    /// After whom it goes on: `after` of the answer before; nothing at the start.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub after: String,
    /// Until when it is due; the last day of the month unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<Date>,
}

/// 核定灵活就业缴费, at most 500 people of an area a command, a bill each, due on the day of the debit.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BillFlexible {
    /// 参保地.
    pub area: String,
    /// The month (`2026-03`).
    pub period: String,
    /// After whom it goes on: `after` of the answer before; nothing at the start.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub after: String,
}

/// 作废缴费单, before anything was paid on it.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CancelBill {
    /// The bill's number.
    pub bill: String,
    /// Why.
    pub reason: String,
}

/// The parts that make up a line: the employer's first.
pub(super) const PARTS: [&str; 6] = [
    "employer_medical",
    "employer_large_sum",
    "employer_maternity",
    "person_medical",
    "person_large_sum",
    "person_maternity",
];

/// What else stands in a line, before the parts.
const COLUMNS: [&str; 8] = [
    "wage",
    "base",
    "employer_medical",
    "employer_large_sum",
    "employer_maternity",
    "person_medical",
    "person_large_sum",
    "person_maternity",
];

/// 基本医疗、大额、生育: indices of the funds.
const FUNDS: [i64; 3] = [0, 1, 2];

/// A person's month, as the rules are asked.
pub(crate) fn contribution(
    person: &Person,
    cover: &Cover,
    (period, wage): (Date, i64),
    debit_failed: bool,
) -> Result<Sum, Stop> {
    let contributors = if cover.category == "flexible" { vec![1] } else { vec![0, 1] };
    let question = Question::Contribution {
        period,
        wage: Some(gongji_money::Fen::new(wage)),
        funds: FUNDS.to_vec(),
        contributors,
        paid_on: None,
        due_on: None,
        debit_failed,
        owed: None,
    };
    Sum::of(person, cover, None, period, question)
}

/// One person's line of a bill.
struct Line {
    figures: Vec<i64>,
    employer: i64,
    own: i64,
    debit_on: Option<Date>,
}

fn line(
    context: &Context<'_>,
    person: &Person,
    cover: &Cover,
    (period, wage): (Date, i64),
) -> Result<Line, Stop> {
    let sum = contribution(person, cover, (period, wage), false)?;
    let worked = sum.worked(context.rules).map_err(|stop| named(stop, &person.id))?;
    let mut figures = vec![wage, worked.amount("base").fen()];
    let (mut employer, mut own) = (0, 0);
    for (at, name) in PARTS.iter().enumerate() {
        let fen = worked.amount(name).fen();
        figures.push(fen);
        plus(if at < 3 { &mut employer } else { &mut own }, fen)?;
    }
    Ok(Line { figures, employer, own, debit_on: worked.day("debit_on") })
}

/// A refusal that says whom it concerns.
pub(super) fn named(stop: Stop, person: &str) -> Stop {
    match stop {
        Stop::Refused(refusal) => {
            let hint = if refusal.hint.is_empty() {
                format!("人员 {person}")
            } else {
                format!("人员 {person}：{}", refusal.hint)
            };
            (*refusal).hint(hint).into()
        }
        other => other,
    }
}

/// Whether a month of a person stands on a bill that holds.
fn billed(desk: &mut Desk<'_>, declared: &Declared, period: &str) -> Result<bool, Stop> {
    let Some(id) = declared.billed.get(period) else { return Ok(false) };
    let known = desk.get::<ContributionBill>(id)?;
    Ok(known.is_some_and(|bill| bill.status != BillStatus::Cancelled))
}

/// People of a step with their declarations, as far as they are to be billed.
struct Billable {
    person: std::sync::Arc<Person>,
    declared: Declared,
    wage: i64,
}

fn billable(
    desk: &mut Desk<'_>,
    (payer, period): (&str, &str),
    ids: &[String],
    fits: impl Fn(&Person) -> bool,
) -> Result<Vec<Billable>, Stop> {
    desk.bring::<Person>(ids.iter().cloned())?;
    desk.bring::<Declared>(ids.iter().map(|id| format!("{payer}/{id}")))?;
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        let declared = desk.need::<Declared>(&format!("{payer}/{id}"))?;
        let Some(wage) = declared.in_month(period) else { continue };
        if billed(desk, &declared, period)? {
            continue;
        }
        let person = desk.need::<Person>(id)?;
        if fits(&person) {
            found.push(Billable { person, declared: (*declared).clone(), wage });
        }
    }
    Ok(found)
}

fn nothing_to_bill(period: &str) -> Stop {
    Refusal::new("nothing_to_bill", "没有要核定的人")
        .at("period")
        .found(period)
        .hint("先申报工资或选择基数；已经核定过的不再核定")
        .into()
}

impl Decide for BillContributions {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        let employer = employer(desk, context, &self.employer)?;
        check::month(context, "period", &self.period)?;
        let month = month_of("period", &self.period)?;
        let run_id = format!("bill/{}/{}", self.employer, self.period);
        let mut run = step(desk, &run_id, &self.after)?;
        let (ids, last) = next_ids(desk, Declared::KIND, &format!("{}/", self.employer), &self.after)?;
        let people = billable(desk, (&self.employer, &self.period), &ids, |person| {
            working_in(person, month, &employer).is_some()
        })?;
        if people.is_empty() && run.of.is_empty() && last && self.after.is_empty() {
            return Err(nothing_to_bill(&self.period));
        }
        let mut row = match run.of.is_empty() {
            false => bill(desk, "period", &run.of)?,
            true => ContributionBill {
                id: bill_number(context),
                kind: BillKind::Employer,
                payer: self.employer.clone(),
                area: employer.area.clone(),
                period: self.period.clone(),
                due_on: self.due_on.unwrap_or(month.1),
                status: BillStatus::Billing,
                people: 0,
                employer: 0,
                person: 0,
                paid: 0,
                parts: 0,
                split: 0,
                payments: Vec::new(),
                removed: Vec::new(),
                failed: Vec::new(),
                of: String::new(),
            },
        };
        let mut draft = Draft::new("bill_contributions", context.today);
        let mut bulk = Bulk::new(context.edition, &COLUMNS);
        let (mut of_employer, mut own) = (0, 0);
        for mut one in people {
            let cover = working_in(&one.person, month, &employer);
            let Some(cover) = cover else { continue };
            let line = line(context, &one.person, cover, (month.0, one.wage))?;
            plus(&mut of_employer, line.employer)?;
            plus(&mut own, line.own)?;
            one.declared.bill(&self.period, &row.id);
            draft.after.push(After::of(&format!("{}/{}", self.employer, one.person.id), &one.declared)?);
            bulk.lines.push(BulkLine(one.person.id.clone(), line.figures));
        }
        let mut total = of_employer;
        plus(&mut total, own)?;
        draft.entry = Entry::new([
            Posting(Account::receivable(&employer.area, &self.employer), -total),
            Posting(Account::collection(&employer.area, &self.employer), total),
        ])?;
        plus(&mut row.employer, of_employer)?;
        plus(&mut row.person, own)?;
        let count = bulk.lines.len() as u64;
        row.people += count;
        if let (Some(first), Some(end)) = (bulk.lines.first(), bulk.lines.last()) {
            let part = BillPart {
                record: context.seq,
                from: first.0.clone(),
                to: end.0.clone(),
                people: count,
                split: 0,
            };
            draft.after.push(After::of(&part_id(&row.id, row.parts), &part)?);
            row.parts += 1;
            run.of.clone_from(&row.id);
        }
        run.after = ids.last().cloned().unwrap_or_default();
        run.people += count;
        run.done = last;
        let made = !run.of.is_empty();
        if made && row.parts == 1 && count > 0 {
            draft.after.push(After::listed("bill_of", &format!("{}/{}/{}", row.payer, row.period, row.id))?);
        }
        let after = run.after.clone();
        draft.after.push(After::of(&run_id, &run)?);
        if made {
            let rows = if last { opened(desk, context, row)? } else { (row, Vec::new()) };
            draft.after.push(After::of(&rows.0.id, &rows.0)?);
            draft.after.extend(rows.1);
            row = rows.0;
        }
        draft.bulk = Some(Box::new(bulk));
        Ok(vec![draft.telling(json!({
            "bill": made.then_some(&row.id), "employer": self.employer, "period": self.period, "people": row.people,
            "employer_part": yuan(row.employer), "own_part": yuan(row.person), "total": yuan(row.total()),
            "owed": yuan(row.owed()), "due_on": row.due_on, "after": after, "done": last,
        }))])
    }
}

/// A bill that is complete: open at its payer, and paid from what was paid beforehand. Gives it, and the rows of others that this changes.
pub(super) fn opened(
    desk: &mut Desk<'_>,
    context: &Context<'_>,
    mut row: ContributionBill,
) -> Result<(ContributionBill, Vec<After>), Stop> {
    row.status = BillStatus::Open;
    let mut of = payer(desk, &row.payer, &row.area)?;
    of.open.push(row.id.clone());
    let advance = of.advance;
    let allocated = allocate(desk, of, (context.today, advance), Some(row.clone()))?;
    let mut after: Vec<After> = payer_rows(&row.payer, &allocated.payer)?.into();
    for (bill, _) in allocated.bills {
        match bill.id == row.id {
            true => row = bill,
            false => after.push(After::of(&bill.id, &bill)?),
        }
    }
    Ok((row, after))
}

impl Decide for BillFlexible {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        context.allow(Action::Collect, Scope { area: Some(&self.area), ..Scope::default() })?;
        check::area("area", &self.area)?;
        check::month(context, "period", &self.period)?;
        let month = month_of("period", &self.period)?;
        let run_id = format!("flexible/{}/{}", self.area, self.period);
        let mut run = step(desk, &run_id, &self.after)?;
        let under = flexible_payer(&self.area);
        let (ids, last) = next_ids(desk, Declared::KIND, &format!("{under}/"), &self.after)?;
        let people = billable(desk, (&under, &self.period), &ids, |person| {
            flexible_in(person, month).is_some_and(|cover| cover.area == self.area)
        })?;
        if people.is_empty() && run.people == 0 && last {
            return Err(nothing_to_bill(&self.period));
        }
        let mut draft = Draft::new("bill_flexible", context.today);
        let mut bulk = Bulk::new(context.edition, &COLUMNS);
        let mut postings = Vec::with_capacity(2 * people.len());
        let mut bills = Vec::with_capacity(people.len());
        for (at, mut one) in people.into_iter().enumerate() {
            let id = one.person.id.clone();
            let Some(cover) = employee_in(&one.person, month, &self.area) else { continue };
            let line = line(context, &one.person, cover, (month.0, one.wage))?;
            let row = ContributionBill {
                id: format!("{}-{}", bill_number(context), at + 1),
                kind: BillKind::Flexible,
                payer: id.clone(),
                area: self.area.clone(),
                period: self.period.clone(),
                due_on: line.debit_on.unwrap_or(month.1),
                status: BillStatus::Open,
                people: 1,
                employer: 0,
                person: line.own,
                paid: 0,
                parts: 1,
                split: 0,
                payments: Vec::new(),
                removed: Vec::new(),
                failed: Vec::new(),
                of: String::new(),
            };
            postings.push(Posting(Account::receivable(&self.area, &id), -line.own));
            postings.push(Posting(Account::collection(&self.area, &id), line.own));
            one.declared.bill(&self.period, &row.id);
            draft.after.push(After::of(&format!("{under}/{id}"), &one.declared)?);
            let part =
                BillPart { record: context.seq, from: id.clone(), to: id.clone(), people: 1, split: 0 };
            draft.after.push(After::of(&part_id(&row.id, 0), &part)?);
            draft.after.push(After::listed("bill_of", &format!("{id}/{}/{}", row.period, row.id))?);
            bills.push(
                json!({ "bill": row.id, "person": id, "amount": yuan(line.own), "debit_on": row.due_on }),
            );
            let (row, after) = opened(desk, context, row)?;
            draft.after.push(After::of(&row.id, &row)?);
            draft.after.extend(after);
            bulk.lines.push(BulkLine(id, line.figures));
        }
        draft.entry = Entry::new(postings)?;
        run.after = ids.last().cloned().unwrap_or_default();
        run.people += bulk.lines.len() as u64;
        run.done = last;
        draft.after.push(After::of(&run_id, &run)?);
        draft.people = bulk.lines.iter().map(|line| line.0.clone()).collect();
        draft.bulk = Some(Box::new(bulk));
        Ok(vec![draft.telling(json!({
            "area": self.area, "period": self.period, "people": run.people, "bills": bills, "after": run.after,
            "done": last,
        }))])
    }
}

impl Decide for CancelBill {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        context.may(Action::Collect)?;
        let mut row = bill(desk, "bill", &self.bill)?;
        context.allow(Action::Collect, Scope { area: Some(&row.area), ..Scope::default() })?;
        let reason = check::reason(&self.reason)?;
        if !matches!(row.status, BillStatus::Billing | BillStatus::Open) || row.paid != 0 {
            let refusal = match row.status {
                BillStatus::Cancelled => Refusal::new("already_cancelled", "缴费单已经作废"),
                _ => Refusal::new("bill_paid", "已经缴过钱的缴费单不能作废")
                    .hint("个别人有误的，用 refund_contribution 退回"),
            };
            return Err(refusal.at("bill").found(row.status.label()).into());
        }
        let billing = row.status == BillStatus::Billing;
        row.status = BillStatus::Cancelled;
        let total = row.total();
        let mut draft = Draft::new("cancel_bill", context.today).leaving(&row.id, &row)?;
        draft.entry = Entry::new([
            Posting(Account::receivable(&row.area, &row.payer), total),
            Posting(Account::collection(&row.area, &row.payer), -total),
        ])?;
        if billing {
            let run_id = format!("bill/{}/{}", row.payer, row.period);
            if let Some(run) = desk.get::<Run>(&run_id)? {
                draft.after.push(After::of(&run_id, &Run { done: true, ..(*run).clone() })?);
            }
        } else {
            let mut of = payer(desk, &row.payer, &row.area)?;
            of.open.retain(|open| *open != row.id);
            draft.after.extend(payer_rows(&row.payer, &of)?);
        }
        if row.kind == BillKind::LateFee {
            // The fee may be charged anew, on what this one was charged on.
            let mut of = bill(desk, "bill", &row.of)?;
            of.payments.iter_mut().filter(|paid| paid.fee == row.id).for_each(|paid| paid.fee.clear());
            draft.after.push(After::of(&of.id, &of)?);
        }
        if row.kind == BillKind::Flexible {
            draft = draft.about(&row.payer);
        }
        Ok(vec![draft.telling(json!({ "bill": row.id, "total": yuan(total), "reason": reason }))])
    }
}
