//! Fund statements: opening, income by source, expenditure by kind, closing, month by month.

use std::collections::BTreeMap;

use gongji_ledger::{Account, Fund};
use gongji_money::Fen;

use super::fund_lines::{Side, fund_line};
use crate::desk::{Desk, Row};
use crate::port::StoreError;
use crate::refusal::Refusal;
use crate::row::{Balance, FundMonth};
use crate::stop::Stop;

/// One line of a fund over a year, in fen: income positive as income, expenditure positive as expenditure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FundLine {
    /// The line as records name it.
    pub line: String,
    /// What people read.
    pub label: &'static str,
    /// Where it stands.
    pub side: Side,
    /// The sum of the year.
    pub fen: i64,
    /// The sums of the months, January first.
    pub months: [i64; 12],
}

/// A fund, or all personal accounts, over a calendar year, in fen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FundBook {
    /// `employee/pooled` …, or `accounts` for the personal accounts.
    pub name: String,
    /// What it held when the year began.
    pub opening: i64,
    /// Its lines, income first, in order of name.
    pub lines: Vec<FundLine>,
    /// What it held when the year ended, or holds now.
    pub closing: i64,
    /// What its account holds now, with what later years brought; `None` for the personal accounts, which are many.
    pub balance: Option<i64>,
    /// What later years brought.
    pub later: i64,
}

fn too_large() -> Stop {
    Refusal::new("too_large", "金额合计超出范围").into()
}

fn add(sum: &mut i64, fen: i64) -> Result<(), Stop> {
    *sum = sum.checked_add(fen).ok_or_else(too_large)?;
    Ok(())
}

impl FundBook {
    /// Σ of a side over the year.
    ///
    /// # Errors
    /// Beyond `i64`.
    pub fn sum(&self, side: Side) -> Result<i64, Stop> {
        let of_side = self.lines.iter().filter(|line| line.side == side);
        of_side.map(|line| line.fen).try_fold(0, i64::checked_add).ok_or_else(too_large)
    }

    /// Σ of a side over a month, `0` for January.
    ///
    /// # Errors
    /// Beyond `i64`.
    pub fn sum_of_month(&self, side: Side, month: usize) -> Result<i64, Stop> {
        let of_side = self.lines.iter().filter(|line| line.side == side);
        let mut months = of_side.map(|line| line.months.get(month).copied().unwrap_or_default());
        months.try_fold(0, i64::checked_add).ok_or_else(too_large)
    }

    /// Whether the lines and the account agree: opening, this year's and later lines come to what the account holds.
    pub fn balanced(&self) -> bool {
        let told = self.closing.checked_add(self.later);
        self.balance.is_none_or(|balance| told == Some(balance))
    }

    /// 可支付月数: the closing balance by the average expenditure of a month, to one decimal, half up; `None` without any expenditure.
    ///
    /// # Errors
    /// Beyond `i64`.
    pub fn months_of_reserve(&self, months: i8) -> Result<Option<String>, Stop> {
        Ok(reserve(self.closing, self.sum(Side::Expenditure)?, months))
    }
}

/// `balance / (expenditure / months)` to one decimal, half away from zero.
fn reserve(balance: i64, expenditure: i64, months: i8) -> Option<String> {
    if expenditure <= 0 || months <= 0 {
        return None;
    }
    let (above, below) = (i128::from(balance) * i128::from(months) * 10, i128::from(expenditure));
    let tenths = (2 * above.abs() + below) / (2 * below);
    let sign = if above < 0 && tenths != 0 { "-" } else { "" };
    Some(format!("{sign}{}.{}", tenths / 10, tenths % 10))
}

fn damaged(id: &str) -> Stop {
    StoreError::Corrupt(format!("{}/{id} 的编号读不懂", FundMonth::KIND)).into()
}

/// What a fund's months come to: before the year, after it, and by line within.
#[derive(Default)]
struct Gathered {
    opening: i64,
    later: i64,
    lines: BTreeMap<String, [i64; 12]>,
}

/// Every fund of an area over a calendar year, those of no money at all left out. Checks no right.
///
/// # Errors
/// Those of the store; sums beyond `i64`.
pub fn fund_books(desk: &mut Desk<'_>, area: &str, year: i16) -> Result<Vec<FundBook>, Stop> {
    let prefix = format!("{area}/");
    let rows = desk.between::<FundMonth>(&prefix, &prefix, None)?;
    let mut books: BTreeMap<String, Gathered> = BTreeMap::new();
    for (id, row) in &rows {
        let (name, month) = id[prefix.len()..].rsplit_once('/').ok_or_else(|| damaged(id))?;
        if name.starts_with("clearing/") {
            continue;
        }
        let (of_year, month) = month.split_once('-').ok_or_else(|| damaged(id))?;
        let of_year: i16 = of_year.parse().map_err(|_| damaged(id))?;
        let month: usize = month.parse().map_err(|_| damaged(id))?;
        let Gathered { opening, later, lines } = books.entry(name.to_owned()).or_default();
        for (line, fen) in &row.lines {
            match of_year.cmp(&year) {
                std::cmp::Ordering::Less => add(opening, *fen)?,
                std::cmp::Ordering::Greater => add(later, *fen)?,
                std::cmp::Ordering::Equal => {
                    let months = lines.entry(line.clone()).or_default();
                    let place = month.checked_sub(1).and_then(|month| months.get_mut(month));
                    add(place.ok_or_else(|| damaged(id))?, *fen)?;
                }
            }
        }
    }
    let mut told = Vec::with_capacity(books.len());
    for (name, gathered) in books {
        told.push(book(desk, area, name, gathered)?);
    }
    Ok(told)
}

fn book(
    desk: &mut Desk<'_>,
    area: &str,
    name: String,
    Gathered { opening, later, lines }: Gathered,
) -> Result<FundBook, Stop> {
    let mut closing = opening;
    let mut seen = Vec::with_capacity(lines.len());
    for (line, months) in lines {
        let fen = months.iter().copied().try_fold(0, i64::checked_add).ok_or_else(too_large)?;
        add(&mut closing, fen)?;
        let (label, side) = fund_line(&line, fen);
        let sign = if side == Side::Expenditure { -1 } else { 1 };
        seen.push(FundLine { line, label, side, fen: sign * fen, months: months.map(|fen| sign * fen) });
    }
    seen.sort_by(|one, other| (one.side, &one.line).cmp(&(other.side, &other.line)));
    let balance = match name.split_once('/') {
        Some((scheme, fund)) => {
            let fund = Fund::ALL.into_iter().find(|known| known.name() == fund);
            let account = fund.map(|fund| Account::fund(area, scheme, fund).to_string());
            let row = account.map(|account| desk.get::<Balance>(&account)).transpose()?.flatten();
            Some(row.map_or(0, |row| row.fen))
        }
        None => None,
    };
    Ok(FundBook { name, opening, lines: seen, closing, balance, later })
}

/// What people call a fund of a statement.
pub fn fund_label(name: &str) -> String {
    let Some((scheme, fund)) = name.split_once('/') else { return "个人账户".to_owned() };
    let scheme = match scheme {
        "employee" => "职工",
        "resident" => "居民",
        other => other,
    };
    let fund = Fund::ALL.into_iter().find(|known| known.name() == fund).map_or("其他基金", Fund::label);
    format!("{scheme}{fund}")
}

/// A statement as a table (CSV): 基金, 方向, 项目, 一月 … 十二月, 合计; amounts in yuan.
pub fn fund_table(books: &[FundBook]) -> Vec<Vec<String>> {
    let mut head: Vec<String> = ["基金", "方向", "项目"].map(str::to_owned).to_vec();
    head.extend((1..=12).map(|month| format!("{month}月")));
    head.push("合计".to_owned());
    let mut rows = vec![head];
    let yuan = |fen: i64| Fen::new(fen).to_string();
    for book in books {
        let label = fund_label(&book.name);
        let plain = |what: &str, fen: i64| {
            let mut row = vec![label.clone(), what.to_owned(), String::new()];
            row.extend(std::iter::repeat_n(String::new(), 12));
            row.push(yuan(fen));
            row
        };
        rows.push(plain("年初", book.opening));
        for line in &book.lines {
            let mut row = vec![label.clone(), line.side.label().to_owned(), line.label.to_owned()];
            row.extend(line.months.iter().map(|fen| yuan(*fen)));
            row.push(yuan(line.fen));
            rows.push(row);
        }
        rows.push(plain("年末", book.closing));
    }
    rows
}

/// The same as text.
pub fn fund_csv(books: &[FundBook]) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in fund_table(books) {
        // Writing into memory does not fail, and every row has as many cells as the first.
        let _ = writer.write_record(&row);
    }
    let bytes = writer.into_inner().unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_of_reserve_round_half_up() {
        let of = |balance, expenditure, months| reserve(balance, expenditure, months);
        assert_eq!(of(1_000, 1_200, 12).as_deref(), Some("10.0"));
        // 1005 × 12 / 1200 = 10.05
        assert_eq!(of(1_005, 1_200, 12).as_deref(), Some("10.1"));
        assert_eq!(of(1_004, 1_200, 12).as_deref(), Some("10.0"));
        assert_eq!(of(-1_005, 1_200, 12).as_deref(), Some("-10.1"));
        assert_eq!(of(-1, 1_200, 1).as_deref(), Some("0.0"));
        assert_eq!(of(i64::MAX, 1, 12).as_deref(), Some("110680464442257309684.0"));
        assert_eq!(of(5, 0, 12), None);
    }
}
