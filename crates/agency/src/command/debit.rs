//! Debits of those who pay for themselves: what the bank reports.

use gongji_ledger::Account;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::bill::contribution;
use super::collection::{Flow, about_all, bill, flexible_in, many, month_of, payer, payer_rows, plus, yuan};
use super::split::{Shares, line_of, place};
use super::{Decide, check};
use crate::access::{Action, Scope};
use crate::bulk::{Bulk, BulkLine};
use crate::context::Context;
use crate::desk::Desk;
use crate::record::After;
use crate::record::Draft;
use crate::refusal::Refusal;
use crate::row::{BillKind, BillPart, BillStatus, ContributionBill, FailedDebit, PaidOn, Person, part_id};
use crate::stop::Stop;

/// What became of one debit.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DebitAsked {
    /// The bill's number.
    pub bill: String,
    /// Why it failed; left out where it succeeded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed: Option<String>,
}

/// 委托扣款结果: what was debited is split at once; what failed is tried again on the day of the rules, and owed after that.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordDebits {
    /// 参保地.
    pub area: String,
    /// The day of the debit; today unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
    /// At most 500 debits.
    pub debits: Vec<DebitAsked>,
}

/// When a debit that failed is tried again, if it is.
fn again(
    desk: &mut Desk<'_>,
    context: &Context<'_>,
    (row, month): (&ContributionBill, (Date, Date)),
    (date, wage): (Date, i64),
) -> Result<Option<Date>, Stop> {
    let person = desk.need::<Person>(&row.payer)?;
    let Some(cover) = flexible_in(&person, month) else { return Ok(None) };
    let sum = contribution(&person, cover, (month.0, wage), true)?;
    let worked = sum.worked(context.rules)?;
    Ok(worked.day("debit_again_on").filter(|again| *again > date))
}

impl Decide for RecordDebits {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        context.allow(Action::Collect, Scope { area: Some(&self.area), ..Scope::default() })?;
        let date = self.date.unwrap_or(context.today);
        context.not_future("date", date)?;
        many("debits", self.debits.len())?;
        desk.bring::<ContributionBill>(self.debits.iter().map(|debit| debit.bill.clone()))?;
        let mut flow = Flow::new(&self.area, "employee");
        let mut bulk = Bulk::new(context.edition, &["base", "credit"]);
        let mut after = Vec::new();
        let mut people: Vec<String> = Vec::new();
        let mut told = Vec::with_capacity(self.debits.len());
        let mut total = 0;
        for (at, debit) in self.debits.iter().enumerate() {
            let place_of = format!("debits[{at}].bill");
            let mut row = bill(desk, &place_of, &debit.bill)?;
            let due =
                row.kind == BillKind::Flexible && row.area == self.area && row.status == BillStatus::Open;
            if !due || people.contains(&row.payer) {
                let refusal = match due {
                    true => Refusal::new("stands_twice", "同一个人写了两次"),
                    false => Refusal::new("not_due", "不是本区待扣款的灵活就业缴费单"),
                };
                return Err(refusal.at(place_of).found(row.status.label()).into());
            }
            let month = month_of("period", &row.period)?;
            let id = row.payer.clone();
            people.push(id.clone());
            let (_, part, lines, line) = line_of(desk, &row, &id)?;
            if let Some(reason) = &debit.failed {
                let reason = check::text(&format!("debits[{at}].failed"), reason)?;
                row.failed.push(FailedDebit { date, reason: reason.clone() });
                let wage = lines.figure(&line, "wage");
                let again = again(desk, context, (&row, month), (date, wage))?;
                told.push(json!({ "bill": row.id, "person": id, "failed": reason, "again_on": again }));
                after.push(After::of(&row.id, &row)?);
                continue;
            }
            let owed = row.owed();
            plus(&mut total, owed)?;
            row.paid = row.total();
            row.payments.push(PaidOn { date, fen: owed, employer: 0, fee: String::new() });
            row.status = BillStatus::Split;
            row.split = row.parts;
            let shares = Shares::of(&lines, &line)?;
            let base = lines.figure(&line, "base");
            let (credited, year) = place(desk, context, &mut flow, (&self.area, month), (&id, shares, base))?;
            flow.other(Account::receivable(&self.area, &id), owed);
            flow.other(Account::collection(&self.area, &id), -shares.total);
            let mut of = payer(desk, &id, &self.area)?;
            of.open.retain(|open| *open != row.id);
            after.extend(year);
            after.push(After::of(&part_id(&row.id, 0), &BillPart { split: context.seq, ..part })?);
            after.push(After::of(&row.id, &row)?);
            after.extend(payer_rows(&id, &of)?);
            bulk.lines.push(BulkLine(id.clone(), vec![base, credited]));
            told.push(
                json!({ "bill": row.id, "person": id, "paid": yuan(owed), "credited": yuan(credited) }),
            );
        }
        flow.other(Account::bank(&self.area, "pool"), -total);
        let mut draft = about_all("record_debits", date, people).on_line("contribution");
        draft.entry = flow.entry()?;
        draft.after = after;
        draft.bulk = Some(Box::new(bulk));
        Ok(vec![
            draft.telling(json!({ "area": self.area, "date": date, "total": yuan(total), "debits": told })),
        ])
    }
}
