//! A person's month is taken off an employer's bill again: somebody who had left, or whose wage was wrong.

use gongji_ledger::{Account, Entry, Fund, Posting, SubAccount};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::collection::{Flow, allocate, bill, month_of, payer, payer_rows, plus, yuan};
use super::employer::employer;
use super::split::{Shares, line_of};
use super::{Decide, check};
use crate::context::Context;
use crate::desk::Desk;
use crate::port::StoreError;
use crate::record::{After, Draft};
use crate::refusal::Refusal;
use crate::row::{AccountYear, BillStatus, ContributionBill, Declared};
use crate::stop::Stop;

/// 退回个人当月缴费: the line leaves the bill; what was paid for it is kept for the employer's next bills, what was credited leaves the account.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RefundContribution {
    /// 单位编号.
    pub employer: String,
    /// The month (`2026-03`).
    pub period: String,
    /// 人员编号.
    pub person: String,
    /// Why.
    pub reason: String,
}

/// What a split line put into funds and account, taken back out.
fn unsplit(
    desk: &mut Desk<'_>,
    context: &Context<'_>,
    draft: &mut Draft,
    row: &ContributionBill,
    (person, shares, split): (&str, Shares, u64),
) -> Result<i64, Stop> {
    let missing = || StoreError::Corrupt(format!("第 {split} 条记录没有分账明细"));
    let record = desk.record(split)?.ok_or_else(missing)?;
    let bulk = record.bulk.as_deref().ok_or_else(missing)?;
    let line = bulk.line(person).ok_or_else(missing)?;
    let credited = bulk.figure(line, "credit");
    let mut flow = Flow::new(&row.area, "employee");
    let payable = Account::payable_person(&row.area, person);
    match record.entry.amount(&payable) {
        0 => flow.person(person, SubAccount::CurrentYear, -credited)?,
        _ => flow.other(payable, -credited),
    }
    flow.fund(Fund::Pooled, credited - shares.pooled)?;
    flow.fund(Fund::LargeSum, -shares.large_sum)?;
    flow.other(Account::receivable(&row.area, &row.payer), shares.total);
    draft.entry = flow.entry()?;
    let month = month_of("period", &row.period)?;
    let first = context.rules.insurance_year(&row.area, month.0).0;
    let id = format!("{person}/{first}");
    if let Some(year) = desk.get::<AccountYear>(&id)? {
        let mut year = (*year).clone();
        if year.paid.remove(&row.period).is_some() {
            draft.after.push(After::of(&id, &year)?);
        }
    }
    Ok(credited)
}

impl Decide for RefundContribution {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        let employer = employer(desk, context, &self.employer)?;
        let reason = check::reason(&self.reason)?;
        month_of("period", &self.period)?;
        let declared_id = format!("{}/{}", self.employer, self.person);
        let missing = || {
            Refusal::new("not_billed", format!("{} 没有核定过这个人的缴费", self.period))
                .at("person")
                .found(&self.person)
        };
        let mut declared =
            desk.get::<Declared>(&declared_id)?.map(|row| (*row).clone()).ok_or_else(missing)?;
        let id = declared.billed.remove(&self.period).ok_or_else(missing)?;
        let mut row = bill(desk, "period", &id)?;
        if matches!(row.status, BillStatus::Billing | BillStatus::Cancelled) {
            let refusal = match row.status {
                BillStatus::Billing => Refusal::new("bill_incomplete", "缴费单还在核定，核定完再退"),
                _ => missing(),
            };
            return Err(refusal.at("period").found(row.status.label()).into());
        }
        let (_, part, bulk, line) = line_of(desk, &row, &self.person)?;
        let shares = Shares::of(&bulk, &line)?;
        let own: i64 = super::bill::PARTS[3..].iter().map(|name| bulk.figure(&line, name)).sum();
        if row.status == BillStatus::Paid && row.split > 0 && part.split == 0 {
            return Err(Refusal::new("bill_incomplete", "缴费单正在分账，分完再退")
                .at("period")
                .found(&row.id)
                .into());
        }
        let mut draft =
            Draft::new("refund_contribution", context.today).about(&self.person).on_line("contribution");
        let mut credited = 0;
        row.employer -= shares.total - own;
        row.person -= own;
        row.people = row.people.saturating_sub(1);
        row.removed.push(self.person.clone());
        if part.split > 0 {
            credited = unsplit(desk, context, &mut draft, &row, (&self.person, shares, part.split))?;
        } else {
            draft.entry = Entry::new([
                Posting(Account::receivable(&employer.area, &self.employer), shares.total),
                Posting(Account::collection(&employer.area, &self.employer), -shares.total),
            ])?;
        }
        // What was paid for the line is free for the oldest bill that is open.
        let free = (row.paid - row.total()).max(0);
        row.paid -= free;
        let mut of = payer(desk, &self.employer, &employer.area)?;
        if row.status == BillStatus::Open && row.owed() == 0 {
            row.status = BillStatus::Paid;
            of.open.retain(|open| *open != row.id);
        }
        let mut give = of.advance;
        plus(&mut give, free)?;
        draft = draft.leaving(&row.id, &row)?.leaving(&declared_id, &declared)?;
        // A bill that is still open takes nothing: it owes more than was freed of it, and would be older or younger than others.
        let others = crate::row::Payer {
            open: of.open.iter().filter(|open| **open != row.id).cloned().collect(),
            ..of.clone()
        };
        let still_open = of.open.contains(&row.id);
        let mut allocated = allocate(desk, others, (context.today, give), None)?;
        if still_open {
            allocated.payer.open.push(row.id.clone());
        }
        let mut bills = Vec::new();
        for (other, given) in &allocated.bills {
            draft.after.push(After::of(&other.id, other)?);
            bills.push(json!({ "bill": other.id, "paid": yuan(*given) }));
        }
        draft.after.extend(payer_rows(&self.employer, &allocated.payer)?);
        Ok(vec![draft.telling(json!({
            "bill": row.id, "person": self.person, "period": self.period, "amount": yuan(shares.total),
            "from_account": yuan(credited), "bills": bills, "advance": yuan(allocated.payer.advance), "reason": reason,
        }))])
    }
}
