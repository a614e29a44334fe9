//! The answer: for each event every fen, why, and by which clause.
//!
//! Everything a person or a program sees (sentence, bars, table, statement, wire formats) is derived from these types and
//! from nothing else. Names of the case format are fixed; the further fields are documented where they stand.

mod bill;
mod calculation;
mod cell;
mod purses;
mod receipt;
mod status;
mod step;
mod values;

use serde::{Deserialize, Serialize};

pub use bill::{Benefit, BillAnswer, Identity, LineAnswer, Ratios, Words};
pub use calculation::{CalculationAnswer, CalculationStep};
pub use cell::{Cell, Clause, Inputs, TableRow};
pub use purses::{PursesAnswer, PursesChange, RelativeAccount};
pub use receipt::{AnsweredOptions, Receipt};
pub use status::{CounterStatus, Notice, NoticeKind};
pub use step::{BandStep, CapStep, DeductibleStep, StepAnswer};
pub use values::{Day, Yuan};

/// The answer to a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// One result for each event, in order of the events.
    pub results: Vec<EventAnswer>,
    /// What is in the purses after the last event.
    pub purses: PursesAnswer,
    /// Under which options the answer was computed.
    pub options: AnsweredOptions,
    /// The question as the engine understood it: every default filled in, keys sorted. Asking it again gives this answer.
    pub case: serde_json::Value,
}

/// The answer to one event; `kind` says which.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum EventAnswer {
    /// A bill.
    Bill(Box<BillAnswer>),
    /// A payment at the end of the year over the year's own portions; its total is what the year's counters hold.
    YearEnd(Box<BillAnswer>),
    /// 职工缴费.
    Contribution(Box<CalculationAnswer>),
    /// 居民缴费.
    Premium(Box<CalculationAnswer>),
    /// 个人账户划入.
    AccountCredit(Box<CalculationAnswer>),
    /// 个人账户计息.
    AccountInterest(Box<CalculationAnswer>),
    /// 个人账户清算.
    AccountClearing(Box<CalculationAnswer>),
    /// 年度结转.
    YearRoll(Box<CalculationAnswer>),
    /// 待遇等待期.
    WaitingPeriod(Box<CalculationAnswer>),
    /// 生育津贴.
    MaternityAllowance(Box<CalculationAnswer>),
    /// 个人账户使用.
    AccountUse(Box<CalculationAnswer>),
    /// 参保状态.
    Cover(Box<CalculationAnswer>),
    /// 退休补缴.
    RetirementTopUp(Box<CalculationAnswer>),
    /// 退休状态.
    RetirementStatus(Box<CalculationAnswer>),
    /// 钱包转账.
    Transfer(Box<CalculationAnswer>),
    /// 大病保险限额激励.
    CapReward(Box<CalculationAnswer>),
}

impl EventAnswer {
    /// The result of a calculation under its kind in the case format; `None` for a name that is none.
    pub(crate) fn calculated(kind: &str, answer: Box<CalculationAnswer>) -> Option<EventAnswer> {
        Some(match kind {
            "contribution" => EventAnswer::Contribution(answer),
            "premium" => EventAnswer::Premium(answer),
            "account_credit" => EventAnswer::AccountCredit(answer),
            "account_interest" => EventAnswer::AccountInterest(answer),
            "account_clearing" => EventAnswer::AccountClearing(answer),
            "year_roll" => EventAnswer::YearRoll(answer),
            "waiting_period" => EventAnswer::WaitingPeriod(answer),
            "maternity_allowance" => EventAnswer::MaternityAllowance(answer),
            "account_use" => EventAnswer::AccountUse(answer),
            "cover" => EventAnswer::Cover(answer),
            "retirement_top_up" => EventAnswer::RetirementTopUp(answer),
            "retirement_status" => EventAnswer::RetirementStatus(answer),
            "transfer" => EventAnswer::Transfer(answer),
            "cap_reward" => EventAnswer::CapReward(answer),
            _ => return None,
        })
    }

    /// The bill, where the event was one.
    pub fn bill(&self) -> Option<&BillAnswer> {
        match self {
            EventAnswer::Bill(bill) | EventAnswer::YearEnd(bill) => Some(bill),
            _ => None,
        }
    }

    /// The calculation, where the event was none that settles.
    pub fn calculation(&self) -> Option<&CalculationAnswer> {
        match self {
            EventAnswer::Bill(_) | EventAnswer::YearEnd(_) => None,
            EventAnswer::Contribution(answer)
            | EventAnswer::Premium(answer)
            | EventAnswer::AccountCredit(answer)
            | EventAnswer::AccountInterest(answer)
            | EventAnswer::AccountClearing(answer)
            | EventAnswer::YearRoll(answer)
            | EventAnswer::WaitingPeriod(answer)
            | EventAnswer::MaternityAllowance(answer)
            | EventAnswer::AccountUse(answer)
            | EventAnswer::Cover(answer)
            | EventAnswer::RetirementTopUp(answer)
            | EventAnswer::RetirementStatus(answer)
            | EventAnswer::Transfer(answer)
            | EventAnswer::CapReward(answer) => Some(answer),
        }
    }

    /// The name of the kind in the case format.
    pub fn kind(&self) -> &'static str {
        match self {
            EventAnswer::Bill(_) => "bill",
            EventAnswer::YearEnd(_) => "year_end",
            EventAnswer::Contribution(_) => "contribution",
            EventAnswer::Premium(_) => "premium",
            EventAnswer::AccountCredit(_) => "account_credit",
            EventAnswer::AccountInterest(_) => "account_interest",
            EventAnswer::AccountClearing(_) => "account_clearing",
            EventAnswer::YearRoll(_) => "year_roll",
            EventAnswer::WaitingPeriod(_) => "waiting_period",
            EventAnswer::MaternityAllowance(_) => "maternity_allowance",
            EventAnswer::AccountUse(_) => "account_use",
            EventAnswer::Cover(_) => "cover",
            EventAnswer::RetirementTopUp(_) => "retirement_top_up",
            EventAnswer::RetirementStatus(_) => "retirement_status",
            EventAnswer::Transfer(_) => "transfer",
            EventAnswer::CapReward(_) => "cap_reward",
        }
    }
}

impl Answer {
    /// The results that are bills, in order.
    pub fn bills(&self) -> impl Iterator<Item = &BillAnswer> {
        self.results.iter().filter_map(EventAnswer::bill)
    }

    /// The last bill: the one that a page shows first.
    pub fn last(&self) -> Option<&BillAnswer> {
        self.results.iter().rev().find_map(EventAnswer::bill)
    }
}
