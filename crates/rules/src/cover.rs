//! 参保状态: whether a person is covered on a day, from when to when, and why; also why an account may be empty.

use gongji_policy::Inquiry;
use jiff::civil::Date;

use crate::calculation::{Calculation, Figure, Stop};
use crate::calendar::{add_days, add_months, day_of_month, month_start};

/// Months for which contributions were paid, without a break.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PaidPeriod {
    /// First day of the first month.
    pub from: Date,
    /// First day of the last month.
    pub to: Date,
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
    /// Whether contributions are no longer needed: retired with the years required.
    pub retired: bool,
}

/// The intervals of cover that paid months bring.
fn intervals<'pack>(inquiry: &mut Inquiry<'pack>, periods: &[PaidPeriod]) -> Result<Vec<(Date, Date)>, Stop> {
    let lag = i64::from(inquiry.choice("cover", "starts")?.name() == "next_month");
    let mut covered: Vec<(Date, Date)> = Vec::new();
    for period in periods {
        let first = add_months(month_start(period.from), lag).ok_or(Stop::TooLarge)?;
        let last = add_months(month_start(period.to), lag + 1).and_then(|after| add_days(after, -1));
        covered.push((first, last.ok_or(Stop::TooLarge)?));
    }
    Ok(covered)
}

/// Whether the person is covered on the day.
///
/// # Errors
/// A [`Stop`] where the pack does not say.
pub fn cover<'pack>(inquiry: &mut Inquiry<'pack>, asked: &CoverAsked) -> Result<Calculation<'pack>, Stop> {
    let mut sheet = Calculation::default();
    let covered = if asked.retired {
        Vec::new()
    } else if asked.years.is_empty() {
        intervals(inquiry, &asked.periods)?
    } else {
        asked.years.clone()
    };
    let holding = covered.iter().find(|(from, to)| *from <= asked.date && asked.date <= *to);
    let is_covered = asked.retired || holding.is_some();
    let entry = sheet.put(inquiry, "covered", "是否在保", Figure::Flag(is_covered));
    let earlier = covered.iter().rev().find(|(_, to)| *to < asked.date);
    let later = covered.iter().find(|(from, _)| *from > asked.date);
    entry.reason = match (asked.retired, holding, earlier, later) {
        (true, ..) => "已享受职工医保退休待遇，不再缴费".to_owned(),
        (_, Some(_), ..) => "这一天在缴费对应的待遇期内".to_owned(),
        (_, None, _, Some((from, _))) => format!("待遇要到 {from} 才开始"),
        (_, None, Some((_, to)), None) => format!("缴费中断：待遇到 {to} 为止"),
        (_, None, None, None) => "没有参保缴费的记录".to_owned(),
    };
    if let Some((from, to)) = holding {
        sheet.put(inquiry, "from", "待遇开始", Figure::Day(*from));
        sheet.put(inquiry, "to", "待遇截止", Figure::Day(*to));
    }
    if inquiry.scheme().name == "resident" {
        sheet.put(inquiry, "account", "个人账户", Figure::Flag(false)).reason =
            "居民医保不设个人账户，没有余额".to_owned();
    } else if let Some(day) = inquiry.maybe_count("account_credit", "due_day")? {
        let due = day_of_month(asked.date, day).ok_or(Stop::TooLarge)?;
        let entry = sheet.put(inquiry, "account_due_by", "本月账户到账期限", Figure::Day(due));
        entry.reason = match (is_covered, asked.date <= due) {
            (false, _) => "不在保，当月不划入账户；原有余额仍可使用".to_owned(),
            (true, true) => format!("本月应划入的金额最迟 {due} 到账，此前没有余额不算异常"),
            (true, false) => "本月应划入的金额已过到账期限，没有到账的应查询单位是否足额缴费".to_owned(),
        };
    }
    Ok(sheet)
}
