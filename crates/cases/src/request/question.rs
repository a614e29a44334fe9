//! What an event that is no bill asks, typed.

use gongji_money::Fen;
use gongji_rules::{CoverageYear, Employer, Movement, PaidMonths, PaidPeriod, Retirees};
use jiff::civil::Date;

/// What a calculation asks. Amounts in fen; months by their first day.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are those of the case format")]
pub enum Question {
    Contribution {
        period: Date,
        wage: Option<Fen>,
        funds: Vec<i64>,
        contributors: Vec<i64>,
        paid_on: Option<Date>,
        due_on: Option<Date>,
        debit_failed: bool,
        owed: Option<Fen>,
    },
    Premium {
        coverage_year: i16,
        paid_on: Date,
        missed_years: i64,
        repaired_years: i64,
    },
    AccountCredit {
        period: Date,
        wage: Option<Fen>,
        base: Option<Fen>,
        pension: Option<Fen>,
        joined_on: Option<Date>,
    },
    AccountInterest {
        from: Date,
        to: Date,
        opening: Option<[Fen; 2]>,
        movements: Vec<Movement>,
    },
    AccountClearing {
        period: Date,
        precredited: Option<Fen>,
        due: Option<Fen>,
        months: Vec<ClearedRun>,
    },
    YearRoll,
    WaitingResident {
        coverage_year: i16,
        paid_on: Date,
        missed_years: i64,
        repaired_years: i64,
    },
    WaitingEmployee {
        paid_on: Date,
        missed_months: i64,
        repaired: bool,
        status_changed: Option<bool>,
    },
    Maternity {
        employers: Vec<Employer>,
        birth: i64,
        babies: i64,
        weeks: Option<i64>,
        months_paid: Option<i64>,
        months_since: Option<i64>,
        for_spouse: bool,
        medical_cost: Option<Fen>,
    },
    AccountUse {
        purpose: i64,
        other: Other,
        amount: Option<Fen>,
        circumstance: Option<&'static str>,
    },
    Cover {
        periods: Vec<PaidPeriod>,
        years: Vec<CoverYear>,
        paid: PaidMonths,
    },
    TopUp {
        paid: PaidMonths,
        base: Option<Fen>,
        average_wage: Option<Fen>,
        retirees: Vec<Retirees>,
    },
    RetirementStatus {
        paid: PaidMonths,
    },
    Transfer {
        minute: i64,
        other: Other,
        amount: Fen,
        taken: Option<bool>,
    },
    CapReward {
        history: Vec<CoverageYear>,
    },
}

impl Question {
    /// The kind of event that asks it, by its name in the case format.
    pub const fn kind(&self) -> &'static str {
        match self {
            Question::Contribution { .. } => "contribution",
            Question::Premium { .. } => "premium",
            Question::AccountCredit { .. } => "account_credit",
            Question::AccountInterest { .. } => "account_interest",
            Question::AccountClearing { .. } => "account_clearing",
            Question::YearRoll => "year_roll",
            Question::WaitingResident { .. } | Question::WaitingEmployee { .. } => "waiting_period",
            Question::Maternity { .. } => "maternity_allowance",
            Question::AccountUse { .. } => "account_use",
            Question::Cover { .. } => "cover",
            Question::TopUp { .. } => "retirement_top_up",
            Question::RetirementStatus { .. } => "retirement_status",
            Question::Transfer { .. } => "transfer",
            Question::CapReward { .. } => "cap_reward",
        }
    }
}

/// A resident's paid coverage year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CoverYear {
    /// The year.
    pub year: i16,
    /// When it was paid.
    pub paid_on: Date,
    /// Years missed before it.
    pub missed_years: i64,
    /// How many of them were paid for.
    pub repaired_years: i64,
}

/// Months paid in a year that is cleared, at one base.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClearedRun {
    /// First day of the first month.
    pub from: Date,
    /// First day of the last month.
    pub to: Date,
    /// The wage, which the bounds hold.
    pub wage: Option<Fen>,
    /// The base.
    pub base: Option<Fen>,
    /// The pension, where that is the base.
    pub pension: Option<Fen>,
}

/// Somebody else for whom the account pays, or to whom money goes. `None` is unanswered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Other {
    /// The relation: index of `Dimension::Beneficiary`; 0 is the person.
    pub beneficiary: i64,
    /// Where that person is insured: six digits.
    pub area: Option<String>,
    /// Whether in the basic insurance.
    pub insured: Option<bool>,
    /// Whether a wallet was opened.
    pub wallet: Option<bool>,
}
