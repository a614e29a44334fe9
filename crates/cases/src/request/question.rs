//! What an event that is no bill asks, typed.

use gongji_money::Fen;
use gongji_rules::{CoverageYear, Employer, Movement, PaidPeriod};
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
        for_spouse: bool,
        medical_cost: Option<Fen>,
    },
    AccountUse {
        purpose: i64,
        beneficiary: i64,
        amount: Fen,
    },
    Cover {
        periods: Vec<PaidPeriod>,
        years: Vec<CoverYear>,
    },
    TopUp {
        paid_months: Option<i64>,
        local_months: Option<i64>,
        base: Option<Fen>,
        average_wage: Option<Fen>,
        retirees: Option<i64>,
    },
    RetirementStatus {
        paid_months: Option<i64>,
        local_months: Option<i64>,
    },
    Transfer {
        minute: i64,
        beneficiary: i64,
        amount: Fen,
        taken: Option<bool>,
    },
    CapReward {
        history: Vec<CoverageYear>,
    },
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
}
