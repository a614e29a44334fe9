//! Bills as the book of payers keeps them.

use jiff::civil::Date;

pub const MONTHS: [&str; 4] = ["2026-02", "2026-03", "2026-04", "2026-05"];

#[derive(PartialEq, Clone, Copy, Debug)]
pub enum Kind {
    Employer,
    Flexible,
    Fee,
}

#[derive(PartialEq, Clone, Copy, Debug)]
pub enum Status {
    Open,
    Paid,
    Split,
    Cancelled,
}

/// A payment: on which day, how much of it the employer's own part, the fee that was charged on it.
pub type Payment = (Date, i64, Option<String>);

pub struct Bill {
    pub id: String,
    pub number: u64,
    pub kind: Kind,
    pub payer: String,
    pub month: usize,
    pub own: i64,
    pub total: i64,
    /// To whose accounts how much goes when it is split, and into the supplementary fund.
    pub credits: Vec<(usize, i64)>,
    pub large: i64,
    pub paid: i64,
    pub payments: Vec<Payment>,
    pub status: Status,
}

/// Rounds half up: so many fen times so many thousandths.
pub fn part(base: i64, thousandths: i64) -> i64 {
    (base * thousandths + 500) / 1_000
}

pub fn due_on(month: usize) -> Date {
    let first: Date = format!("{}-01", MONTHS[month]).parse().expect("a month");
    first.last_of_month()
}
