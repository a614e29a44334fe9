//! Fund statements as they are shown.

use gongji_money::Fen;
use jiff::civil::Date;
use serde::Serialize;

use crate::access::{Action, Scope};
use crate::clearing::{FundBook, Side, fund_books, fund_label};
use crate::context::Context;
use crate::desk::Desk;
use crate::row::{FundYear, fund_year_id};
use crate::stop::Stop;

/// A line of a fund over a year.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FundLineSeen {
    /// The line as records name it.
    pub line: String,
    /// What people read.
    pub label: &'static str,
    /// 全年.
    #[serde(serialize_with = "crate::yuan::serialize")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub amount: Fen,
}

/// A month of a fund.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct FundMonthSeen {
    /// 1 to 12.
    pub month: u8,
    /// 收入.
    #[serde(serialize_with = "crate::yuan::serialize")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub income: Fen,
    /// 支出.
    #[serde(serialize_with = "crate::yuan::serialize")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub expenditure: Fen,
    /// 月末结余.
    #[serde(serialize_with = "crate::yuan::serialize")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub balance: Fen,
}

/// A fund, or all personal accounts of an area, over a year.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FundSeen {
    /// `employee/pooled` …, or `accounts`.
    pub fund: String,
    /// What people read.
    pub label: String,
    /// 年初结余.
    #[serde(serialize_with = "crate::yuan::serialize")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub opening: Fen,
    /// 收入.
    #[serde(serialize_with = "crate::yuan::serialize")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub income: Fen,
    /// 收入 by source.
    pub income_lines: Vec<FundLineSeen>,
    /// 支出.
    #[serde(serialize_with = "crate::yuan::serialize")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub expenditure: Fen,
    /// 支出 by kind.
    pub expenditure_lines: Vec<FundLineSeen>,
    /// 年末结余, or what it holds now.
    #[serde(serialize_with = "crate::yuan::serialize")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub closing: Fen,
    /// 可支付月数, to one decimal; none without any expenditure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub months_of_reserve: Option<String>,
    /// Whether the lines come to what the fund's account holds.
    pub balanced: bool,
    /// January to December.
    pub months: Vec<FundMonthSeen>,
}

/// The statement of an area's funds for a calendar year.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FundStatement {
    /// The area.
    pub area: String,
    /// The year.
    pub year: i16,
    /// How many months of it have begun: over these the average expenditure is taken.
    pub months: i8,
    /// When it was closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed_on: Option<Date>,
    /// Each fund, the personal accounts among them.
    pub funds: Vec<FundSeen>,
}

fn seen(book: &FundBook, months: i8) -> Result<FundSeen, Stop> {
    let lines = |side: Side| {
        let of_side = book.lines.iter().filter(move |line| line.side == side);
        of_side
            .map(|line| FundLineSeen {
                line: line.line.clone(),
                label: line.label,
                amount: Fen::new(line.fen),
            })
            .collect()
    };
    let mut balance = Fen::new(book.opening);
    let mut each = Vec::with_capacity(12);
    for month in 0_u8..12 {
        let of = |side: Side| book.sum_of_month(side, usize::from(month)).map(Fen::new);
        let (income, expenditure) = (of(Side::Income)?, of(Side::Expenditure)?);
        // The year's sum stood within bounds, and so does each part of it.
        balance = balance.checked_add(income).and_then(|sum| sum.checked_sub(expenditure)).unwrap_or(balance);
        each.push(FundMonthSeen { month: month + 1, income, expenditure, balance });
    }
    Ok(FundSeen {
        fund: book.name.clone(),
        label: fund_label(&book.name),
        opening: Fen::new(book.opening),
        income: Fen::new(book.sum(Side::Income)?),
        income_lines: lines(Side::Income),
        expenditure: Fen::new(book.sum(Side::Expenditure)?),
        expenditure_lines: lines(Side::Expenditure),
        closing: Fen::new(book.closing),
        months_of_reserve: book.months_of_reserve(months)?,
        balanced: book.balanced(),
        months: each,
    })
}

/// The books of an area's funds for a calendar year, for tables.
///
/// # Errors
/// The refusal `denied`; those of the store.
pub fn fund_lines(
    desk: &mut Desk<'_>,
    context: &Context<'_>,
    area: &str,
    year: i16,
) -> Result<Vec<FundBook>, Stop> {
    context.allow(Action::SeeArea, Scope { area: Some(area), ..Scope::default() })?;
    fund_books(desk, area, year)
}

/// The statement of an area's funds for a calendar year.
///
/// # Errors
/// The refusal `denied`; those of the store.
pub fn fund_statement(
    desk: &mut Desk<'_>,
    context: &Context<'_>,
    area: &str,
    year: i16,
) -> Result<FundStatement, Stop> {
    let books = fund_lines(desk, context, area, year)?;
    let months = match context.today.year().cmp(&year) {
        std::cmp::Ordering::Less => 0,
        std::cmp::Ordering::Equal => context.today.month(),
        std::cmp::Ordering::Greater => 12,
    };
    let funds = books.iter().map(|book| seen(book, months)).collect::<Result<_, Stop>>()?;
    let closed_on = desk.get::<FundYear>(&fund_year_id(area, year))?.and_then(|row| row.closed_on);
    Ok(FundStatement { area: area.to_owned(), year, months, closed_on, funds })
}
