//! 参保状态: whether a person is covered on a day, from when to when, and why; also why an account may be empty.

use gongji_money::Fen;
use gongji_policy::{Decision, Dimension, Inquiry};
use jiff::civil::Date;

use crate::calculation::{Calculation, Figure, Stop};
use crate::calendar::{add_days, add_months, day_of_month, month_start, months_between};
use crate::retirement::{RetirementAsked, retired_status};
use crate::top_up::PaidMonths;
use crate::waiting::{EmployeeBreak, wait_employee};

/// Months for which contributions were paid, without a break.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PaidPeriod {
    /// First day of the first month.
    pub from: Date,
    /// First day of the last month.
    pub to: Date,
    /// Whether the months missed before it were paid for.
    pub repaired: bool,
    /// Whether the person came from another kind of insurance; `None` is unanswered.
    pub status_changed: Option<bool>,
}

/// Retired people need no contributions once age and years suffice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetiredAsked {
    /// The birthday, where known.
    pub born: Option<Date>,
    /// Months paid so far.
    pub paid: PaidMonths,
}

/// What is asked about cover.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CoverAsked {
    /// The day asked about.
    pub date: Date,
    /// An employee's paid months, in order.
    pub periods: Vec<PaidPeriod>,
    /// A resident's covered intervals, in order: from the premium's own calculation.
    pub years: Vec<(Date, Date)>,
    /// A person who says to be retired.
    pub retired: Option<RetiredAsked>,
    /// What is in the account.
    pub balance: Fen,
    /// The day whose law is applied throughout, where one was asked for.
    pub law_day: Option<Date>,
}

/// What paid months bring.
#[derive(Default)]
struct Covered<'pack> {
    /// First and last days, in order.
    intervals: Vec<(Date, Date)>,
    /// Beginnings that a break put off: the day, the months missed and the months to wait.
    waits: Vec<(Date, i64, i64)>,
    rows: Vec<Decision<'pack>>,
}

/// The first day of cover after a break, and whether the gap is made good.
fn after_break<'pack>(
    covered: &mut Covered<'pack>,
    inquiry: &mut Inquiry<'pack>,
    period: &PaidPeriod,
    (missed, continuous): (i64, i64),
    law_day: Option<Date>,
) -> Result<(Date, bool), Stop> {
    let mut asked = inquiry.clone();
    asked.day = law_day.unwrap_or(period.from);
    asked.set(Dimension::YearsContinuous, continuous / 12);
    asked.facts.set(Dimension::StatusChanged, period.status_changed.map(i64::from));
    let gap = EmployeeBreak { paid_on: period.from, missed_months: missed, repaired: period.repaired };
    let sheet = wait_employee(&mut asked, &gap)?;
    let months = match sheet.figure("waiting_months") {
        Some(Figure::Count(months)) => *months,
        _ => 0,
    };
    let from = match sheet.figure("cover_from") {
        Some(Figure::Day(from)) => *from,
        _ => period.from,
    };
    let made_good = months == 0 && sheet.figure("retroactive") == Some(&Figure::Flag(true));
    covered.rows.extend(sheet.entries.into_iter().flat_map(|entry| entry.decisions));
    if months > 0 {
        covered.waits.push((from, missed, months));
    }
    Ok((from, made_good))
}

/// The intervals of cover that paid months bring.
fn covered<'pack>(inquiry: &mut Inquiry<'pack>, asked: &CoverAsked) -> Result<Covered<'pack>, Stop> {
    let lag = i64::from(inquiry.choice("cover", "starts")?.name() == "next_month");
    let mut covered = Covered { rows: inquiry.taken(), ..Covered::default() };
    let mut continuous = 0;
    let mut before: Option<Date> = None;
    for period in &asked.periods {
        let missed = before.map_or(0, |last| months_between(last, period.from) - 1);
        let regular = add_months(month_start(period.from), lag).ok_or(Stop::TooLarge)?;
        let last = add_months(month_start(period.to), lag + 1).and_then(|after| add_days(after, -1));
        let last = last.ok_or(Stop::TooLarge)?;
        let (mut first, mut made_good) = (regular, false);
        if missed > 0 {
            let (from, good) =
                after_break(&mut covered, inquiry, period, (missed, continuous), asked.law_day)?;
            (first, made_good) = (regular.max(from), good);
            continuous = if good { continuous + missed } else { 0 };
        }
        continuous += months_between(period.from, period.to) + 1;
        before = Some(period.to);
        match covered.intervals.last_mut() {
            Some((_, end)) if made_good || add_days(*end, 1) == Some(first) => *end = last,
            _ if first <= last => covered.intervals.push((first, last)),
            _ => {}
        }
    }
    Ok(covered)
}

/// Whether the person is covered on the day.
///
/// # Errors
/// A [`Stop`] where the pack does not say or a field is missing.
pub fn cover<'pack>(inquiry: &mut Inquiry<'pack>, asked: &CoverAsked) -> Result<Calculation<'pack>, Stop> {
    let mut status = Calculation::default();
    let by_months = !asked.periods.is_empty() || (asked.years.is_empty() && asked.retired.is_none());
    let mut paid = if by_months && asked.years.is_empty() {
        covered(inquiry, asked)?
    } else {
        Covered { intervals: asked.years.clone(), ..Covered::default() }
    };
    let within = |(from, to): &&(Date, Date)| *from <= asked.date && asked.date <= *to;
    let holding = paid.intervals.iter().find(within).copied();
    let mut retired = None;
    if let Some(person) = asked.retired.filter(|_| holding.is_none()) {
        let born = person.born.ok_or(Stop::Refused(gongji_policy::plan::Refusal::NeedsAnswer {
            dimension: Dimension::BirthDate,
            path: "retirement.age_months".to_owned(),
        }))?;
        status = retired_status(inquiry, &RetirementAsked { date: asked.date, born, paid: person.paid })?;
        retired =
            status.entries.last().map(|entry| (entry.figure == Figure::Flag(true), entry.reason.clone()));
    }
    let mut sheet = Calculation::default();
    let is_retired = matches!(retired, Some((true, _)));
    let entry = sheet.put(inquiry, "covered", "是否在保", Figure::Flag(is_retired || holding.is_some()));
    entry.decisions.append(&mut paid.rows);
    entry.reason = match (&retired, holding) {
        (Some((true, _)), _) => "年龄与缴费年限都已达到，享受职工医保退休待遇，不再缴费".to_owned(),
        (_, Some(_)) => "这一天在缴费对应的待遇期内".to_owned(),
        (Some((false, why)), None) => format!("只填退休还不够：{why}"),
        (None, None) => uncovered(&paid, asked.date),
    };
    if let Some((from, to)) = holding {
        sheet.put(inquiry, "from", "待遇开始", Figure::Day(from));
        sheet.put(inquiry, "to", "待遇截止", Figure::Day(to));
    } else if let Some((from, _)) = paid.intervals.iter().find(|(from, _)| *from > asked.date) {
        let from = *from;
        sheet.put(inquiry, "next_from", "下一次待遇开始", Figure::Day(from));
        if let Some((_, missed, months)) = paid.waits.iter().find(|(day, ..)| *day == from) {
            sheet.count(inquiry, "waiting_months", "等待期", *months, "个月").reason =
                format!("中断 {missed} 个月以后重新缴费");
        }
    }
    sheet.entries.append(&mut status.entries);
    account(&mut sheet, inquiry, asked, is_retired)?;
    Ok(sheet)
}

/// Why nothing covers the day.
fn uncovered(paid: &Covered<'_>, date: Date) -> String {
    let later = paid.intervals.iter().find(|(from, _)| *from > date);
    let earlier = paid.intervals.iter().rev().find(|(_, to)| *to < date);
    match (earlier, later) {
        (_, Some((from, _))) => match paid.waits.iter().find(|(day, ..)| day == from) {
            Some((_, missed, months)) => {
                format!("中断 {missed} 个月，要等 {months} 个月，待遇到 {from} 才开始")
            }
            None => format!("待遇要到 {from} 才开始"),
        },
        (Some((_, to)), None) => format!("缴费中断：待遇到 {to} 为止"),
        (None, None) => "没有参保缴费的记录".to_owned(),
    }
}

/// What the account gets this month, and why it is empty where it is.
fn account<'pack>(
    sheet: &mut Calculation<'pack>,
    inquiry: &mut Inquiry<'pack>,
    asked: &CoverAsked,
    is_retired: bool,
) -> Result<(), Stop> {
    let none = |sheet: &mut Calculation<'pack>, inquiry: &mut Inquiry<'pack>, name, why: &str| {
        sheet.put(inquiry, "account", "个人账户", Figure::Flag(false)).reason = why.to_owned();
        sheet
            .put(inquiry, "empty_because", "账户没有余额的原因", Figure::Name(name, "没有个人账户"))
            .reason = why.to_owned();
    };
    if inquiry.scheme().name == "resident" {
        none(sheet, inquiry, "resident_scheme", "居民医保不设个人账户，没有余额");
        return Ok(());
    }
    if inquiry.facts.get(Dimension::AccountOption) == Some(1) {
        none(sheet, inquiry, "pool_only", "单建统筹，不设个人账户，没有余额");
        return Ok(());
    }
    let month = month_start(asked.date);
    let in_month = |period: &&PaidPeriod| month_start(period.from) <= month && month <= period.to;
    let credited = is_retired || asked.periods.iter().any(|period| in_month(&period));
    let due = inquiry.maybe_count("account_credit", "due_day")?;
    let due = due.map(|day| day_of_month(asked.date, day).ok_or(Stop::TooLarge)).transpose()?;
    let (name, label, why) = match due {
        _ if asked.retired.is_some() && !credited && asked.periods.is_empty() => (
            "retirement_incomplete",
            "退休待遇条件未满",
            "还不享受退休待遇，也没有缴费，账户没有资金划入".to_owned(),
        ),
        _ if !credited && asked.periods.is_empty() => {
            ("not_insured", "没有参保缴费", "没有参保缴费的记录，账户没有资金划入".to_owned())
        }
        _ if !credited && asked.periods.iter().any(|period| period.to < month) => {
            ("broken", "缴费中断", "这个月没有缴费，当月不划入账户；原有余额仍可使用".to_owned())
        }
        _ if !credited => ("not_yet", "还没有开始缴费", "缴费还没有开始，账户没有资金划入".to_owned()),
        Some(due) if asked.date <= due => (
            "credit_not_due",
            "本月划入未到期限",
            format!("本月应划入的金额最迟 {due} 到账，此前没有余额不算异常"),
        ),
        Some(_) => (
            "credit_overdue",
            "本月划入已过期限",
            "本月应划入的金额已过到账期限：没有用掉而没有余额的，应查询单位是否足额缴费".to_owned(),
        ),
        None => (
            "no_deadline",
            "没有到账期限的规定",
            "本月应有资金划入；到账期限没有资料，不能说是否逾期".to_owned(),
        ),
    };
    if let Some(due) = due {
        sheet.put(inquiry, "account_due_by", "本月账户到账期限", Figure::Day(due)).reason = why.clone();
    }
    if asked.balance <= Fen::ZERO {
        sheet.put(inquiry, "empty_because", "账户没有余额的原因", Figure::Name(name, label)).reason = why;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    use crate::testing::{day, inquiry, pack};

    fn rules() -> gongji_policy::Pack {
        pack(
            "employee",
            &[
                ("cover.starts", "value = \"next_month\""),
                ("account_credit.due_day", "value = 20"),
                (
                    "waiting.break_months",
                    "rows = [ { repaired = true, months_missed = \"..3\", value = 0 }, { otherwise = true, value = 6 } ]",
                ),
                (
                    "waiting.retroactive",
                    "rows = [ { repaired = true, months_missed = \"..3\", value = true }, { otherwise = true, value = false } ]",
                ),
                ("waiting.counted_from", "value = \"month\""),
            ],
        )
    }

    fn period(from: &str, to: &str, repaired: bool) -> PaidPeriod {
        PaidPeriod { from: day(from), to: day(to), repaired, status_changed: None }
    }

    fn asked(date: &str, periods: &[PaidPeriod]) -> CoverAsked {
        CoverAsked {
            date: day(date),
            periods: periods.to_vec(),
            years: Vec::new(),
            retired: None,
            balance: Fen::ZERO,
            law_day: None,
        }
    }

    fn told(date: &str, periods: &[PaidPeriod]) -> (bool, Option<Figure>) {
        let pack = rules();
        let sheet = cover(&mut inquiry(&pack, day(date), &[]), &asked(date, periods)).unwrap();
        (sheet.figure("covered") == Some(&Figure::Flag(true)), sheet.figure("empty_because").cloned())
    }

    #[test]
    fn a_break_puts_the_cover_off_unless_it_is_made_good() {
        let before = period("2021-05-01", "2021-07-01", false);
        let short = [before, period("2021-11-01", "2022-12-01", true)];
        let unrepaired = [before, period("2021-11-01", "2022-12-01", false)];
        let long = [before, period("2021-12-01", "2022-12-01", true)];
        for (date, expected) in [
            ("2021-05-31", [false, false, false]),
            ("2021-06-01", [true, true, true]),
            ("2021-08-31", [true, true, true]),
            ("2021-09-01", [true, false, false]),
            ("2022-04-30", [true, false, false]),
            ("2022-05-01", [true, true, false]),
            ("2022-06-01", [true, true, true]),
            ("2023-01-31", [true, true, true]),
            ("2023-02-01", [false, false, false]),
        ] {
            assert_eq!([&short, &unrepaired, &long].map(|all| told(date, all).0), expected, "{date}");
        }
    }

    #[test]
    fn why_the_account_is_empty() {
        let paid = [period("2024-04-01", "2024-06-01", false)];
        let why = |date: &str, periods: &[PaidPeriod]| match told(date, periods).1 {
            Some(Figure::Name(name, _)) => name,
            other => panic!("{other:?}"),
        };
        assert_eq!(why("2024-05-01", &[]), "not_insured");
        assert_eq!(why("2024-03-31", &paid), "not_yet");
        assert_eq!(why("2024-04-20", &paid), "credit_not_due");
        assert_eq!(why("2024-04-21", &paid), "credit_overdue");
        assert_eq!(why("2024-07-01", &paid), "broken");
    }

    proptest! {
        #[test]
        fn repair_never_takes_cover_away(gap in 1_i64..12, ahead in 0_i64..30) {
            let first = period("2020-01-01", "2021-06-01", false);
            let start = add_months(first.to, gap + 1).unwrap();
            let date = add_months(first.to, ahead).unwrap();
            let on = |repaired| {
                let next = PaidPeriod { from: start, to: add_months(start, 12).unwrap(), repaired, status_changed: None };
                told(&date.to_string(), &[first, next]).0
            };
            prop_assert!(!on(false) || on(true));
        }
    }
}
