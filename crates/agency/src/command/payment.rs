//! Money to people and back: paying what is owed, payments that come back, what a person gives back.

use gongji_ledger::{Account, Entry, Posting, SubAccount};
use gongji_money::Fen;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::claim::{claim_of, leave, step};
use super::claim_money::standing;
use super::visit::person;
use super::{Decide, check};
use crate::access::{Action, Scope};
use crate::context::Context;
use crate::desk::Desk;
use crate::record::{After, Draft};
use crate::refusal::Refusal;
use crate::row::{Balance, Claim, ClaimStatus, PaidTo, Payment, Person, Returned, Standing, mask};
use crate::{reasons, stop::Stop};

/// A bank account.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BankAccount {
    /// 户名.
    pub holder: String,
    /// Why it is not the person's own, where it is not: a parent of a child, an heir ….
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub holder_is: String,
    /// 开户银行.
    pub bank: String,
    /// 账号.
    pub number: String,
}

/// Where money goes.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PayTo {
    /// To a bank account.
    Bank(BankAccount),
    /// To a part of the person's own account (`current_year`, `carried_over`).
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "carried_over"))]
    Account(SubAccount),
}

/// 支付个人: a claim, or what is owed to a person besides (refunds of bills that were settled again).
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PayPerson {
    /// The person.
    pub person: String,
    /// The area that owes it.
    pub area: String,
    /// The claim; a refund unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claim: Option<String>,
    /// How much; all that is open of the claim, or owed to the person, unless given.
    #[serde(default, with = "crate::yuan::optional", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, example = "1234.50"))]
    pub amount: Option<Fen>,
    /// Where it goes.
    pub to: PayTo,
}

/// 支付退回: the money is back, and can be paid to another account.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReturnPayment {
    /// The payment.
    pub payment: String,
    /// The coded reason.
    pub reason: String,
    /// In words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// 收回多付: what a person got too much and has given back.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecoverFromPerson {
    /// The person.
    pub person: String,
    /// The area that it is owed to.
    pub area: String,
    /// How much.
    #[serde(with = "crate::yuan")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub amount: Fen,
    /// The day on which it came in; today unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
}

/// Whether the last digit of a card's number is the one that the others ask for (Luhn).
fn card_checks(number: &str) -> bool {
    let sum: u32 = number
        .bytes()
        .rev()
        .enumerate()
        .map(|(at, digit)| {
            let digit = u32::from(digit - b'0');
            match at % 2 {
                0 => digit,
                _ => 2 * digit / 10 + 2 * digit % 10,
            }
        })
        .sum();
    sum.is_multiple_of(10)
}

impl BankAccount {
    fn checked(&self, person: &Person) -> Result<PaidTo, Refusal> {
        let holder = check::text("to.bank.holder", &self.holder)?;
        let bank = check::text("to.bank.bank", &self.bank)?;
        let number = &self.number;
        let refuse = |code: &str, problem: &str| {
            Refusal::new(code, problem.to_owned()).at("to.bank.number").found(mask(number))
        };
        if !(10..=30).contains(&number.len()) || !number.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(refuse("malformed_account", "银行账号写法不对").expected("10 到 30 位数字"));
        }
        if number.starts_with("62") && (16..=19).contains(&number.len()) && !card_checks(number) {
            return Err(refuse("checksum", "银行卡号校验位不对").hint("请逐位核对卡号"));
        }
        if holder != person.name && self.holder_is.trim().is_empty() {
            return Err(Refusal::new("holder_differs", "户名不是本人")
                .at("to.bank.holder")
                .found(holder)
                .expected(&person.name)
                .hint("付给别人的账户，要在 holder_is 写明关系和原因"));
        }
        if !self.holder_is.is_empty() {
            check::text("to.bank.holder_is", &self.holder_is)?;
        }
        Ok(PaidTo::Bank { holder, bank, number: number.clone() })
    }
}

/// Where the money of a payment goes, or comes back from: the account, and the bank that it leaves.
fn entry(area: &str, person: &str, to: &PaidTo, fen: i64) -> Result<Entry, Stop> {
    let mut postings = vec![Posting(Account::payable_person(area, person), -fen)];
    match to {
        PaidTo::Bank { .. } => postings.push(Posting(Account::bank(area, "pool"), fen)),
        PaidTo::Account { area: stands, sub_account } => {
            postings.push(Posting(Account::personal(stands, person, *sub_account), fen));
            if stands == area {
                // The pool's money moves to the accounts' bank account.
                postings.push(Posting(Account::bank(area, "pool"), fen));
                postings.push(Posting(Account::bank(area, "account"), -fen));
            } else {
                postings.push(Posting(Account::clearing(area, stands), fen));
                // Paid out of the pool here, and to the accounts there.
                postings.push(Posting(Account::clearing_of_accounts(stands, area), -fen));
            }
        }
    }
    Ok(Entry::new(postings)?)
}

fn owed(desk: &mut Desk<'_>, account: &Account) -> Result<i64, Stop> {
    Ok(desk.get::<Balance>(&account.to_string())?.map_or(0, |row| row.fen))
}

impl PayPerson {
    /// The claim, where one is paid, and how much is to be paid at most.
    fn open(&self, desk: &mut Desk<'_>) -> Result<(Option<Claim>, i64), Stop> {
        let there = owed(desk, &Account::payable_person(&self.area, &self.person))?;
        let Some(id) = &self.claim else { return Ok((None, there)) };
        let claim = (*claim_of(desk, id)?).clone();
        if claim.person != self.person || claim.area != self.area {
            return Err(Refusal::new("contradiction", "这项报销申请不是这个人、这个统筹区的")
                .at("claim")
                .found(id)
                .into());
        }
        if claim.status != ClaimStatus::Approved {
            super::claim::stands(&claim, ClaimStatus::Approved)?;
        }
        let open = claim.due - claim.paid;
        Ok((Some(claim), open))
    }
}

impl Decide for PayPerson {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        check::area("area", &self.area)?;
        context.allow(Action::Reimburse, Scope { area: Some(&self.area), ..Scope::default() })?;
        let person = person(desk, &self.person)?;
        let (claim, open) = self.open(desk)?;
        let there = owed(desk, &Account::payable_person(&self.area, &self.person))?;
        let fen = self.amount.map_or(open, Fen::fen);
        if open <= 0 {
            return Err(Refusal::new("nothing_owed", "没有应付给这个人的钱")
                .at("person")
                .found(&person.id)
                .into());
        }
        check::some_money("amount", Fen::new(fen))?;
        if fen > open || fen > there {
            return Err(Refusal::new("more_than_owed", "超过应付的金额")
                .at("amount")
                .found(Fen::new(fen))
                .expected(format!("至多 {}", Fen::new(open.min(there))))
                .hint("这个人欠回的钱先从应付中抵扣")
                .into());
        }
        let to = match &self.to {
            PayTo::Bank(bank) => bank.checked(&person)?,
            PayTo::Account(sub_account) => {
                let standing = desk.get::<Standing>(&person.id)?;
                let area = standing.and_then(|standing| standing.account_area.clone()).ok_or_else(|| {
                    Refusal::new("no_account", "没有个人账户").at("to.account").found(&person.id)
                })?;
                PaidTo::Account { area, sub_account: *sub_account }
            }
        };
        let id = format!("D{}", context.seq);
        let mut draft = Draft::new("pay_person", context.today).about(&person.id);
        draft.entry = entry(&self.area, &person.id, &to, fen)?;
        if let Some(mut claim) = claim {
            let before = claim.status;
            claim.paid += fen;
            claim.payments.push(id.clone());
            claim.status = standing(&claim);
            claim.history.push(step(context, "pay_person", ""));
            draft = leave(draft, before, &claim)?;
        }
        let payment = Payment {
            id: id.clone(),
            person: person.id.clone(),
            area: self.area.clone(),
            claim: self.claim.clone(),
            amount: fen,
            on: context.today,
            to,
            returned: None,
        };
        draft = draft.leaving(&id, &payment)?;
        let listed = format!("{}/{}/{:020}", person.id, self.area, context.seq);
        draft.after.push(After::listed("payment_of", &listed)?);
        Ok(vec![draft.telling(json!({
            "payment": id, "person": person.id, "claim": self.claim, "amount": Fen::new(fen).to_string(),
        }))])
    }
}

impl Decide for ReturnPayment {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        context.may(Action::Reimburse)?;
        let missing = || Refusal::new("no_payment", "没有这笔支付").at("payment").found(&self.payment);
        let mut payment = (*desk.get::<Payment>(&self.payment)?.ok_or_else(missing)?).clone();
        context.allow(Action::Reimburse, Scope { area: Some(&payment.area), ..Scope::default() })?;
        reasons::check("reason", "payment", &self.reason)?;
        if !self.note.is_empty() || self.reason == "other_payment" {
            check::text("note", &self.note)?;
        }
        if let Some(returned) = &payment.returned {
            return Err(Refusal::new("already_returned", "这笔支付已经退回")
                .at("payment")
                .found(format!("{} {}", payment.id, returned.on))
                .into());
        }
        if let PaidTo::Account { area, .. } = &mut payment.to {
            // The account may have moved since; the money comes from where it is.
            let standing = desk.get::<Standing>(&payment.person)?;
            if let Some(stands) = standing.and_then(|standing| standing.account_area.clone()) {
                *area = stands;
            }
        }
        let mut draft = Draft::new("return_payment", context.today).about(&payment.person);
        draft.entry = entry(&payment.area, &payment.person, &payment.to, -payment.amount)?;
        if let Some(claim) = &payment.claim {
            let mut claim = (*claim_of(desk, claim)?).clone();
            let before = claim.status;
            claim.paid -= payment.amount;
            claim.status = standing(&claim);
            claim.history.push(step(context, "return_payment", reasons::label_of(&self.reason)));
            draft = leave(draft, before, &claim)?;
        }
        payment.returned =
            Some(Returned { on: context.today, reason: self.reason.clone(), note: self.note.clone() });
        let draft = draft.leaving(&payment.id, &payment)?;
        Ok(vec![draft.telling(json!({
            "payment": payment.id,
            "amount": Fen::new(payment.amount).to_string(),
            "reason": reasons::label_of(&self.reason),
        }))])
    }
}

impl Decide for RecoverFromPerson {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        check::area("area", &self.area)?;
        context.allow(Action::Reimburse, Scope { area: Some(&self.area), ..Scope::default() })?;
        let person = person(desk, &self.person)?;
        let date = self.date.unwrap_or(context.today);
        context.not_future("date", date)?;
        check::some_money("amount", self.amount)?;
        let account = Account::receivable_person(&self.area, &self.person);
        let owes = -owed(desk, &account)?;
        if self.amount.fen() > owes {
            return Err(Refusal::new("more_than_owed", "超过应收回的金额")
                .at("amount")
                .found(self.amount)
                .expected(format!("至多 {}", Fen::new(owes)))
                .into());
        }
        let mut draft = Draft::new("recover_from_person", date).about(&person.id);
        let fen = self.amount.fen();
        draft.entry = Entry::new([Posting(account, fen), Posting(Account::bank(&self.area, "pool"), -fen)])?;
        Ok(vec![draft.telling(json!({ "person": person.id, "amount": self.amount.to_string() }))])
    }
}

#[cfg(test)]
mod tests {
    use super::card_checks;

    #[test]
    fn card_numbers_check() {
        assert!(card_checks("79927398713") && card_checks("6222020000000000000"));
        assert!(!card_checks("79927398710") && !card_checks("6222020000000000005"));
    }
}
