//! Payments of contributions: received, given back; late fees.

use gongji_cases::request::{Person as Insured, Purses, Question, Years, choice};
use gongji_cases::settle::Past;
use gongji_ledger::{Account, Entry, Posting};
use gongji_money::Fen;
use gongji_policy::Dimension;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::bill::opened;
use super::collection::{allocate, bill, bill_number, payer, payer_rows, plus, yuan};
use super::{Decide, check};
use crate::access::{Action, Scope};
use crate::calculation::Sum;
use crate::context::Context;
use crate::desk::Desk;
use crate::record::{After, Draft};
use crate::refusal::Refusal;
use crate::row::{BillKind, BillStatus, ContributionBill, Employer, PaidOn, Payer, Person};
use crate::stop::Stop;

/// 缴费到账: to the oldest bills first; what is more is kept for the next ones.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReceivePayment {
    /// 单位编号, or the number of a person who pays for himself.
    pub payer: String,
    /// How much.
    #[serde(with = "crate::yuan")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub amount: Fen,
    /// When it came in; today unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
    /// The bank's reference.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reference: String,
}

/// 退还多缴.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReturnAdvance {
    /// 单位编号, or a person's number.
    pub payer: String,
    /// How much.
    #[serde(with = "crate::yuan")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "100.00"))]
    pub amount: Fen,
    /// Why.
    pub reason: String,
}

/// 加收滞纳金, on what was paid late of a bill and not charged before.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChargeLateFee {
    /// The bill's number.
    pub bill: String,
}

/// The area that collects from a payer: an employer, or somebody who was billed.
fn area_of(desk: &mut Desk<'_>, context: &Context<'_>, id: &str) -> Result<String, Stop> {
    context.may(Action::Collect)?;
    let area = match desk.get::<Employer>(id)? {
        Some(employer) => employer.area.clone(),
        None => match desk.get::<Payer>(id)? {
            Some(payer) => payer.area.clone(),
            None => {
                let refusal = Refusal::new("no_payer", "没有这个缴费单位或个人").at("payer").found(id);
                return Err(refusal.hint("单位先登记；个人先核定缴费").into());
            }
        },
    };
    context.allow(Action::Collect, Scope { area: Some(&area), ..Scope::default() })?;
    Ok(area)
}

/// The draft in the file of whoever pays, where that is a person.
fn of_payer(desk: &mut Desk<'_>, draft: Draft, payer: &str) -> Result<Draft, Stop> {
    Ok(match desk.get::<Person>(payer)? {
        Some(_) => draft.about(payer),
        None => draft,
    })
}

impl Decide for ReceivePayment {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        let area = area_of(desk, context, &self.payer)?;
        check::some_money("amount", self.amount)?;
        let date = self.date.unwrap_or(context.today);
        context.not_future("date", date)?;
        let reference = match self.reference.is_empty() {
            true => String::new(),
            false => check::text("reference", &self.reference)?,
        };
        let of = payer(desk, &self.payer, &area)?;
        let mut give = self.amount.fen();
        plus(&mut give, of.advance)?;
        let allocated = allocate(desk, of, (date, give), None)?;
        let mut draft = Draft::new("receive_payment", date);
        draft.entry = Entry::new([
            Posting(Account::bank(&area, "pool"), -self.amount.fen()),
            Posting(Account::receivable(&area, &self.payer), self.amount.fen()),
        ])?;
        let mut bills = Vec::with_capacity(allocated.bills.len());
        for (row, given) in &allocated.bills {
            draft.after.push(After::of(&row.id, row)?);
            bills.push(json!({
                "bill": row.id, "period": row.period, "paid": yuan(*given), "owed": yuan(row.owed()),
                "status": row.status,
            }));
        }
        draft.after.extend(payer_rows(&self.payer, &allocated.payer)?);
        let draft = of_payer(desk, draft, &self.payer)?;
        Ok(vec![draft.telling(json!({
            "payer": self.payer, "amount": self.amount.to_string(), "reference": reference, "bills": bills,
            "advance": yuan(allocated.payer.advance),
        }))])
    }
}

impl Decide for ReturnAdvance {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        let area = area_of(desk, context, &self.payer)?;
        let reason = check::reason(&self.reason)?;
        check::some_money("amount", self.amount)?;
        let mut of = payer(desk, &self.payer, &area)?;
        let fen = self.amount.fen();
        if fen > of.advance {
            return Err(Refusal::new("not_so_much", "多缴的钱没有这么多")
                .at("amount")
                .found(self.amount)
                .expected(format!("至多 {}", yuan(of.advance)))
                .into());
        }
        of.advance -= fen;
        let mut draft = Draft::new("return_advance", context.today);
        draft.entry = Entry::new([
            Posting(Account::receivable(&area, &self.payer), -fen),
            Posting(Account::bank(&area, "pool"), fen),
        ])?;
        draft.after.extend(payer_rows(&self.payer, &of)?);
        let draft = of_payer(desk, draft, &self.payer)?;
        Ok(vec![draft.telling(json!({
            "payer": self.payer, "amount": self.amount.to_string(), "advance": yuan(of.advance), "reason": reason,
        }))])
    }
}

/// The fee on an amount that was paid late, as the rules are asked.
fn late_fee(bill: &ContributionBill, period: Date, paid_on: Date, owed: i64) -> Sum {
    let insured = Insured {
        pooling_area: bill.area.clone(),
        scheme: "employee".to_owned(),
        category: choice(Dimension::Category, "employed"),
        birth_date: None,
        sex: None,
        post_type: None,
        account_option: Some(0),
        premium_tier: None,
        assistance: None,
        supplements: None,
        retired_on: None,
        years: Years::default(),
    };
    let question = Question::Contribution {
        period,
        wage: None,
        funds: vec![0],
        contributors: vec![0],
        paid_on: Some(paid_on),
        due_on: Some(bill.due_on),
        debit_failed: false,
        owed: Some(Fen::new(owed)),
    };
    Sum {
        person: String::new(),
        insured,
        purses: Purses::default(),
        past: Past::default(),
        event: gongji_cases::request::Event::asking(question, period, &bill.area),
    }
}

impl Decide for ChargeLateFee {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        context.may(Action::Collect)?;
        let mut row = bill(desk, "bill", &self.bill)?;
        context.allow(Action::Collect, Scope { area: Some(&row.area), ..Scope::default() })?;
        if row.kind != BillKind::Employer {
            let refusal = Refusal::new("no_late_fee", "只对单位缴费加收滞纳金").at("bill");
            return Err(refusal.found(row.kind.label()).into());
        }
        let (period, _) = super::collection::month_of("bill", &row.period)?;
        let mut draft = Draft::new("charge_late_fee", context.today);
        let mut fee = 0;
        let due_on = row.due_on;
        let late = |paid: &PaidOn| paid.fee.is_empty() && paid.date > due_on && paid.employer > 0;
        for paid in row.payments.iter().filter(|paid| late(paid)) {
            let sum = late_fee(&row, period, paid.date, paid.employer);
            let worked = sum.worked(context.rules)?;
            if worked.sheet.amount("late_fee").is_none() {
                return Err(Refusal::new("unknown_in_pack", "规则没有写滞纳金的比例，不能加收")
                    .at("bill")
                    .found(&row.area)
                    .expected("contribution.late_rate")
                    .into());
            }
            plus(&mut fee, worked.amount("late_fee").fen())?;
            draft.calculations.push(sum.kept(context)?);
        }
        if fee == 0 {
            return Err(Refusal::new("nothing_late", "没有要加收滞纳金的缴款")
                .at("bill")
                .found(&row.id)
                .hint("滞纳金在欠费缴来之后按天数加收")
                .into());
        }
        let made = ContributionBill {
            id: bill_number(context),
            kind: BillKind::LateFee,
            payer: row.payer.clone(),
            area: row.area.clone(),
            period: row.period.clone(),
            due_on: context.today,
            status: BillStatus::Open,
            people: 0,
            employer: fee,
            person: 0,
            paid: 0,
            parts: 0,
            split: 0,
            payments: Vec::new(),
            removed: Vec::new(),
            failed: Vec::new(),
            of: row.id.clone(),
        };
        row.payments.iter_mut().filter(|paid| late(paid)).for_each(|paid| made.id.clone_into(&mut paid.fee));
        draft.after.push(After::of(&row.id, &row)?);
        draft.after.push(After::listed("bill_of", &format!("{}/{}/{}", made.payer, made.period, made.id))?);
        draft.entry = Entry::new([
            Posting(Account::receivable(&row.area, &row.payer), -fee),
            Posting(Account::collection(&row.area, &row.payer), fee),
        ])?;
        let (made, after) = opened(desk, context, made)?;
        draft.after.push(After::of(&made.id, &made)?);
        draft.after.extend(after);
        Ok(vec![
            draft.telling(json!({ "bill": made.id, "of": row.id, "fee": yuan(fee), "payer": row.payer })),
        ])
    }
}
