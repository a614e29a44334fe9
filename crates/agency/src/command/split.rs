//! What was paid is split: into funds, and into personal accounts by the rule of credits.

use gongji_cases::request::Question;
use gongji_ledger::{Account, Fund, SubAccount};
use gongji_money::Fen;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Decide;
use super::bill::{PARTS, named};
use super::collection::{
    Flow, about_all, account_here, bill, employee_in, month_of, plus, with_account, yuan,
};
use crate::access::{Action, Scope};
use crate::bulk::{Bulk, BulkLine};
use crate::calculation::Sum;
use crate::context::Context;
use crate::desk::Desk;
use crate::port::StoreError;
use crate::record::{After, Draft};
use crate::refusal::Refusal;
use crate::row::{
    AccountYear, BillKind, BillPart, BillStatus, ContributionBill, Cover, Person, Standing, part_id,
};
use crate::stop::Stop;

/// 分账, one part of a bill that was paid in full: pooled fund, supplementary fund, personal accounts.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SplitContributions {
    /// The bill's number.
    pub bill: String,
    /// Which part, from 0 on, one after the other.
    pub part: u64,
}

/// A person's monthly credit, as the rules are asked.
pub(crate) fn credit(person: &Person, cover: &Cover, period: Date, base: i64) -> Result<Sum, Stop> {
    let question = Question::AccountCredit {
        period,
        wage: None,
        base: Some(Fen::new(base)),
        pension: None,
        joined_on: None,
    };
    Sum::of(person, cover, None, period, question)
}

/// What of a line goes where, fen.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Shares {
    pub pooled: i64,
    pub large_sum: i64,
    pub total: i64,
}

impl Shares {
    /// Of a line of a bill.
    pub fn of(bulk: &Bulk, line: &BulkLine) -> Result<Shares, Stop> {
        let mut shares = Shares::default();
        for name in PARTS {
            let fen = bulk.figure(line, name);
            plus(&mut shares.total, fen)?;
            plus(if name.ends_with("large_sum") { &mut shares.large_sum } else { &mut shares.pooled }, fen)?;
        }
        Ok(shares)
    }
}

/// Puts one person's line where it belongs. Gives what was credited, fen, and the year's row where the area credits a year ahead.
pub(super) fn place(
    desk: &mut Desk<'_>,
    context: &Context<'_>,
    flow: &mut Flow<'_>,
    (area, month): (&str, (Date, Date)),
    (id, shares, base): (&str, Shares, i64),
) -> Result<(i64, Option<After>), Stop> {
    let person = desk.need::<Person>(id)?;
    let mut credited = 0;
    let mut year = None;
    if let Some(cover) = employee_in(&person, month, area).filter(|cover| with_account(cover)) {
        let sum = credit(&person, cover, month.0, base)?;
        let worked = sum.worked(context.rules).map_err(|stop| named(stop, id))?;
        if worked.day("credited_on").is_some() {
            // Credited a year ahead: the month counts when the year is cleared.
            let first = context.rules.insurance_year(area, month.0).0;
            let row_id = format!("{id}/{first}");
            let mut row = desk.get::<AccountYear>(&row_id)?.map(|row| (*row).clone()).unwrap_or_default();
            row.paid.insert(month.0.strftime("%Y-%m").to_string(), base);
            year = Some(After::of(&row_id, &row)?);
        } else {
            credited = worked.amount("credit").fen();
        }
    }
    if credited != 0 {
        let here = account_here(desk.get::<Standing>(id)?.as_deref(), area) && person.died_on.is_none();
        match here {
            true => flow.person(id, SubAccount::CurrentYear, credited)?,
            false => flow.other(Account::payable_person(area, id), credited),
        }
    }
    flow.fund(Fund::Pooled, shares.pooled.checked_sub(credited).ok_or_else(super::collection::too_large)?)?;
    flow.fund(Fund::LargeSum, shares.large_sum)?;
    Ok((credited, year))
}

/// The lines of a part of a bill, as its record holds them.
pub(super) fn lines_of(desk: &mut Desk<'_>, part: &BillPart) -> Result<Bulk, Stop> {
    let missing = || StoreError::Corrupt(format!("第 {} 条记录没有缴费明细", part.record));
    let record = desk.record(part.record)?.ok_or_else(missing)?;
    let mut bulk = *record.bulk.ok_or_else(missing)?;
    bulk.lines.retain(|line| part.from.as_str() <= line.0.as_str() && line.0.as_str() <= part.to.as_str());
    Ok(bulk)
}

impl Decide for SplitContributions {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        context.may(Action::Collect)?;
        let mut row = bill(desk, "bill", &self.bill)?;
        context.allow(Action::Collect, Scope { area: Some(&row.area), ..Scope::default() })?;
        if row.status != BillStatus::Paid {
            let refusal = match row.status {
                BillStatus::Split => Refusal::new("step_done", "已经分账"),
                _ => Refusal::new("not_paid", "缴清以后才能分账"),
            };
            return Err(refusal.at("bill").found(row.status.label()).into());
        }
        if self.part != row.split {
            return Err(Refusal::new("step_done", "这一部分不是下一部分")
                .at("part")
                .found(self.part)
                .expected(row.split)
                .into());
        }
        let area = row.area.clone();
        let mut flow = Flow::new(&area, "employee");
        if row.kind == BillKind::LateFee {
            flow.fund(Fund::Pooled, row.total())?;
            flow.other(Account::collection(&area, &row.payer), -row.total());
            row.status = BillStatus::Split;
            let mut draft = Draft::new("split_contributions", context.today)
                .on_line("late_fee")
                .leaving(&row.id, &row)?;
            draft.entry = flow.entry()?;
            return Ok(vec![draft.telling(json!({
                "bill": row.id, "part": self.part, "late_fee": yuan(row.total()), "done": true,
            }))]);
        }
        let month = month_of("bill", &row.period)?;
        let mut after = Vec::new();
        let mut done = Bulk::new(context.edition, &["base", "credit"]);
        let mut total = 0;
        let mut accounts = 0;
        if self.part < row.parts {
            let id = part_id(&row.id, self.part);
            let part = (*desk.need::<BillPart>(&id)?).clone();
            let bulk = lines_of(desk, &part)?;
            desk.bring::<Person>(bulk.lines.iter().map(|line| line.0.clone()))?;
            desk.bring::<Standing>(bulk.lines.iter().map(|line| line.0.clone()))?;
            for line in bulk.lines.iter().filter(|line| !row.removed.contains(&line.0)) {
                let shares = Shares::of(&bulk, line)?;
                let base = bulk.figure(line, "base");
                let (credited, year) =
                    place(desk, context, &mut flow, (&area, month), (&line.0, shares, base))?;
                plus(&mut total, shares.total)?;
                plus(&mut accounts, credited)?;
                after.extend(year);
                done.lines.push(BulkLine(line.0.clone(), vec![base, credited]));
            }
            after.push(After::of(&id, &BillPart { split: context.seq, ..part })?);
        }
        flow.other(Account::collection(&area, &row.payer), -total);
        row.split += 1;
        if row.split >= row.parts {
            row.status = BillStatus::Split;
        }
        let people = done.lines.iter().map(|line| line.0.clone()).collect();
        let mut draft = about_all("split_contributions", context.today, people).on_line("contribution");
        draft.entry = flow.entry()?;
        draft.after = after;
        draft = draft.leaving(&row.id, &row)?;
        let count = done.lines.len();
        draft.bulk = Some(Box::new(done));
        Ok(vec![draft.telling(json!({
            "bill": row.id, "part": self.part, "people": count, "total": yuan(total), "to_accounts": yuan(accounts),
            "done": row.status == BillStatus::Split,
        }))])
    }
}

/// The part of a bill on which a person stands, and the person's line.
pub(super) fn line_of(
    desk: &mut Desk<'_>,
    bill: &ContributionBill,
    person: &str,
) -> Result<(u64, BillPart, Bulk, BulkLine), Stop> {
    for number in 0..bill.parts {
        let part = (*desk.need::<BillPart>(&part_id(&bill.id, number))?).clone();
        if part.from.as_str() <= person && person <= part.to.as_str() {
            let bulk = lines_of(desk, &part)?;
            if let Some(line) = bulk.line(person).cloned() {
                return Ok((number, part, bulk, line));
            }
        }
    }
    Err(Refusal::new("not_on_bill", "缴费单上没有这个人").at("person").found(person).into())
}
