//! 居民缴费: what the person pays, what the treasury adds, the window, and when cover begins.

use gongji_money::Fen;
use gongji_policy::view::value_words;
use gongji_policy::{Dimension, Inquiry, day_number};
use jiff::civil::Date;

use crate::Formula;
use crate::calculation::{Calculation, Figure, Stop};
use crate::calendar::{add_days, add_months};
use crate::credit::FEN;
use crate::waiting::{ResidentWait, resident_wait};

/// What is asked about a year's premium.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PremiumAsked {
    /// First and last day of the coverage year.
    pub year: (Date, Date),
    /// When it is paid.
    pub paid_on: Date,
    /// Coverage years missed without a break before it.
    pub missed_years: i64,
    /// How many of them are paid for now.
    pub repaired_years: i64,
    /// The birthday, where known.
    pub born: Option<Date>,
}

const CALCULATION: &str = "premium";
/// The treasury's purses: indices of [`Dimension::Contributor`] with their names in the answer.
const TREASURY: [(i64, &str); 3] = [(2, "fiscal"), (3, "fiscal_central"), (4, "fiscal_local")];

/// First and last day of the window for a coverage year.
///
/// # Errors
/// A [`Stop`] where the pack does not say.
pub(crate) fn window(inquiry: &mut Inquiry<'_>, year_start: Date) -> Result<(Date, Date), Stop> {
    let opens = inquiry.count(CALCULATION, "opens_months")?;
    let closes = inquiry.count(CALCULATION, "closes_months")?;
    let first = add_months(year_start, -opens).ok_or(Stop::TooLarge)?;
    let last = add_months(year_start, closes).and_then(|after| add_days(after, -1)).ok_or(Stop::TooLarge)?;
    Ok((first, last))
}

/// Whether a day lies in the window, as entries.
///
/// # Errors
/// A [`Stop`] where the pack does not say.
pub fn in_window<'pack>(
    sheet: &mut Calculation<'pack>,
    inquiry: &mut Inquiry<'pack>,
    year_start: Date,
    paid_on: Date,
) -> Result<bool, Stop> {
    let (first, last) = window(inquiry, year_start)?;
    let rows = inquiry.taken();
    sheet.put(inquiry, "window_from", "集中缴费期开始", Figure::Day(first)).decisions = rows.clone();
    sheet.put(inquiry, "window_to", "集中缴费期截止", Figure::Day(last)).decisions = rows;
    let inside = first <= paid_on && paid_on <= last;
    sheet.put(inquiry, "in_window", "在集中缴费期内", Figure::Flag(inside));
    Ok(inside)
}

/// A year's premium.
///
/// # Errors
/// A [`Stop`] where the pack does not say or the figures are too large.
pub fn premium<'pack>(
    inquiry: &mut Inquiry<'pack>,
    asked: &PremiumAsked,
) -> Result<Calculation<'pack>, Stop> {
    let mut sheet = Calculation::default();
    inquiry.set(Dimension::Contributor, 1);
    let standard = inquiry.amount(CALCULATION, "amount")?;
    sheet.put(inquiry, "standard", "个人缴费标准", Figure::Money(standard));
    let newborn = newborn(inquiry, asked)?;
    let inside = if newborn { true } else { in_window(&mut sheet, inquiry, asked.year.0, asked.paid_on)? };
    let subsidised = inside || inquiry.maybe_flag(CALCULATION, "late_subsidy")?.unwrap_or(true);
    let late_rows = inquiry.taken();
    let mut subsidies = Fen::ZERO;
    for (contributor, name) in TREASURY {
        inquiry.set(Dimension::Contributor, contributor);
        let Some(amount) = inquiry.maybe_amount(CALCULATION, "subsidy")?.filter(|amount| !amount.is_zero())
        else {
            inquiry.taken();
            continue;
        };
        subsidies = subsidies.checked_add(amount).ok_or(Stop::TooLarge)?;
        let label =
            format!("{}补助", value_words(Dimension::Contributor, contributor, &inquiry.scheme().values));
        let entry = sheet.put(
            inquiry,
            format!("{name}_subsidy"),
            label,
            Figure::Money(if subsidised { amount } else { Fen::ZERO }),
        );
        if !subsidised {
            entry.reason = "集中缴费期外缴费，没有财政补助".to_owned();
            entry.decisions.extend(late_rows.iter().cloned());
        }
    }
    let aid = inquiry.maybe_amount(CALCULATION, "aid_amount")?.filter(|amount| !amount.is_zero());
    if let Some(aid) = aid {
        sheet.put(inquiry, "aid", "资助参保", Figure::Money(aid));
    }
    let mut formula = Formula::Money(standard);
    if !subsidised {
        formula = formula.plus(Formula::Money(subsidies));
    }
    if let Some(aid) = aid {
        formula = Formula::Greatest(vec![formula.minus(Formula::Money(aid)), Formula::Money(Fen::ZERO)]);
    }
    inquiry.taken();
    let own = sheet.money(inquiry, "person", "个人应缴", formula, FEN)?;
    let given = if subsidised { subsidies } else { Fen::ZERO };
    let total = Fen::checked_sum([own, given, aid.unwrap_or(Fen::ZERO)]).ok_or(Stop::TooLarge)?;
    sheet.put(inquiry, "total", "筹资合计", Figure::Money(total));
    let from = match asked.born.filter(|_| newborn) {
        Some(born) => {
            let entry = sheet.put(inquiry, "cover_from", "待遇开始", Figure::Day(born));
            entry.reason = "新生儿在规定天数内参保，自出生之日起享受待遇".to_owned();
            born
        }
        None => {
            let wait = ResidentWait {
                year_start: asked.year.0,
                paid_on: asked.paid_on,
                missed_years: asked.missed_years,
                repaired_years: asked.repaired_years,
                in_window: inside,
            };
            resident_wait(&mut sheet, inquiry, &wait)?
        }
    };
    let entry = sheet.put(inquiry, "cover_to", "待遇截止", Figure::Day(asked.year.1));
    if from > asked.year.1 {
        entry.reason = "等待期长过本年度，本年度没有待遇".to_owned();
    }
    Ok(sheet)
}

/// Whether the premium is a newborn's within the days after birth.
fn newborn(inquiry: &mut Inquiry<'_>, asked: &PremiumAsked) -> Result<bool, Stop> {
    let Some(born) = asked.born else { return Ok(false) };
    let days = day_number(asked.paid_on) - day_number(born);
    // Only who is born in or just before the coverage year can be a newborn of it.
    if !(0..=366).contains(&days) {
        return Ok(false);
    }
    Ok(inquiry.maybe_count(CALCULATION, "newborn_days")?.is_some_and(|limit| days <= limit))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{day, inquiry, pack, yuan};

    fn asked(paid_on: &str, born: Option<&str>) -> PremiumAsked {
        PremiumAsked {
            year: (day("2025-01-01"), day("2025-12-31")),
            paid_on: day(paid_on),
            missed_years: 0,
            repaired_years: 0,
            born: born.map(day),
        }
    }

    #[test]
    fn the_window_the_late_comer_and_the_newborn() {
        let pack = pack(
            "resident",
            &[
                ("premium.amount", "value = 400"),
                (
                    "premium.subsidy",
                    "rows = [ { contributor = \"fiscal\", value = 670 }, { otherwise = true, value = 0 } ]",
                ),
                ("premium.late_subsidy", "value = false"),
                ("premium.opens_months", "value = 4"),
                ("premium.closes_months", "value = 2"),
                ("premium.newborn_days", "value = 90"),
                ("waiting.fixed_months", "value = 3"),
                ("waiting.counted_from", "value = \"day\""),
            ],
        );
        let told = |asked: &PremiumAsked| {
            let sheet = premium(&mut inquiry(&pack, asked.year.0, &[]), asked).unwrap();
            let total = sheet.amount("total").unwrap();
            let Some(Figure::Day(from)) = sheet.figure("cover_from") else { panic!("no day") };
            (sheet.amount("person").unwrap(), total, *from)
        };
        let (own, all) = (yuan("400.00"), yuan("1070.00"));
        assert_eq!(told(&asked("2024-09-01", None)), (own, all, day("2025-01-01")));
        assert_eq!(told(&asked("2025-02-28", None)), (own, all, day("2025-02-28")));
        // Out of the window: no subsidy, and three months to wait.
        assert_eq!(told(&asked("2024-08-31", None)), (all, all, day("2025-04-01")));
        assert_eq!(told(&asked("2025-03-01", None)), (all, all, day("2025-06-01")));
        assert_eq!(told(&asked("2025-06-30", Some("2025-04-01"))), (own, all, day("2025-04-01")));
        assert_eq!(told(&asked("2025-07-01", Some("2025-04-01"))), (all, all, day("2025-10-01")));
    }
}
