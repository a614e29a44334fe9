//! 退休补缴 and 退休状态: how many months are missing, what they cost, and since when a person counts as retired.

use gongji_money::Fen;
use gongji_policy::Inquiry;
use jiff::civil::Date;

use crate::Formula;
use crate::calculation::{Calculation, Figure, Stop};
use crate::calendar::{add_months, months_between};
use crate::credit::FEN;

/// Months of contribution.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PaidMonths {
    /// 累计.
    pub total: Option<i64>,
    /// 本地实缴.
    pub local: Option<i64>,
    /// 连续.
    pub continuous: Option<i64>,
}

/// What is asked about a top-up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TopUpAsked {
    /// Months paid so far.
    pub paid: PaidMonths,
    /// The monthly base, where given.
    pub base: Option<Fen>,
    /// The average monthly wage of which the base is a share, where no base is given.
    pub average_wage: Option<Fen>,
    /// For an enterprise's lump sum: for how many retirees alike.
    pub retirees: Option<i64>,
}

const CALCULATION: &str = "retirement_top_up";

/// The months that are missing, as entries.
fn missing<'pack>(
    sheet: &mut Calculation<'pack>,
    inquiry: &mut Inquiry<'pack>,
    paid: &PaidMonths,
) -> Result<i64, Stop> {
    let required = inquiry.count(CALCULATION, "years_required")?;
    sheet.count(inquiry, "years_required", "须累计缴费年限", required, "年");
    let total = paid.total.ok_or(Stop::Missing("paid_months", "累计缴费月数，或 person.years.total"))?;
    let mut months = (required * 12 - total).max(0);
    let local = inquiry.maybe_count(CALCULATION, "local_years_required")?.filter(|years| *years > 0);
    if let Some(local) = local {
        sheet.count(inquiry, "local_years_required", "须本地实缴年限", local, "年");
        let paid =
            paid.local.ok_or(Stop::Missing("local_months", "本地实缴月数，或 person.years.local_paid"))?;
        months = months.max(local * 12 - paid);
    }
    let mut reason = format!("累计已缴 {total} 个月");
    if months > 0
        && let Some(years) = inquiry.maybe_count(CALCULATION, "continuous_years")?
        && paid.continuous.is_some_and(|paid| paid >= years * 12)
    {
        months = 0;
        reason = format!("连续缴费满 {years} 年，不须补缴");
    }
    sheet.count(inquiry, "months_missing", "尚缺月数", months, "个月").reason = reason;
    Ok(months)
}

/// What it costs to fill the missing months.
///
/// # Errors
/// A [`Stop`] where the pack does not say, a field is missing, or the figures are too large.
pub fn top_up<'pack>(inquiry: &mut Inquiry<'pack>, asked: &TopUpAsked) -> Result<Calculation<'pack>, Stop> {
    let mut sheet = Calculation::default();
    let months = missing(&mut sheet, inquiry, &asked.paid)?;
    let base = match (asked.base, asked.average_wage) {
        (Some(base), _) => Formula::Money(base),
        (None, Some(average)) => {
            let share = inquiry.rate(CALCULATION, "base_rate")?;
            Formula::Money(average).times(Formula::Share(share))
        }
        (None, None) => return Err(Stop::Missing("base", "补缴基数（月），或 average_wage（月平均工资）")),
    };
    let mut monthly = base.times(Formula::Share(inquiry.rate(CALCULATION, "rate")?));
    if let Some(fixed) = inquiry.maybe_amount(CALCULATION, "amount")?.filter(|fixed| !fixed.is_zero()) {
        monthly = monthly.plus(Formula::Money(fixed));
    }
    let rounding = inquiry.rounding(CALCULATION)?;
    let rounded = sheet.money(inquiry, "monthly", "每月补缴", monthly.clone(), rounding)?;
    let each_month = inquiry.maybe_flag(CALCULATION, "each_month")?.unwrap_or(false);
    let by_month = if each_month { Formula::Money(rounded) } else { monthly };
    let amount =
        sheet.money(inquiry, "amount", "一次性补缴", by_month.times(Formula::count(months)), rounding)?;
    let fund = inquiry.choice(CALCULATION, "fund")?;
    sheet.put(inquiry, "fund", "补缴计入", Figure::Name(fund.name(), fund.label()));
    if let Some(retirees) = asked.retirees {
        let formula = Formula::Money(amount).times(Formula::count(retirees));
        sheet.money(inquiry, "enterprise_total", "单位一次性缴纳", formula, FEN)?;
    }
    Ok(sheet)
}

/// What is asked about retired status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetirementAsked {
    /// The day asked about.
    pub date: Date,
    /// The birthday.
    pub born: Date,
    /// Months paid so far.
    pub paid: PaidMonths,
}

/// Whether a person is retired as the insurance sees it: the age and the years, not the age alone.
///
/// # Errors
/// A [`Stop`] where the pack does not say or a field is missing.
pub fn retired_status<'pack>(
    inquiry: &mut Inquiry<'pack>,
    asked: &RetirementAsked,
) -> Result<Calculation<'pack>, Stop> {
    let mut sheet = Calculation::default();
    let law_day = inquiry.day;
    let age_months = inquiry.count("retirement", "age_months")?;
    let original = add_months(asked.born, age_months).ok_or(Stop::TooLarge)?;
    sheet.put(inquiry, "original_age_on", "达到原法定退休年龄", Figure::Day(original));
    // The delay is that of the day on which the original age is reached.
    inquiry.day = original;
    let step = inquiry.maybe_count("retirement", "step_months")?.unwrap_or(0);
    let mut delay = 0;
    if step > 0 {
        let since = inquiry.taken();
        let began = since.last().map_or(original, |decision| decision.cited.from);
        let most = inquiry.maybe_count("retirement", "most_delay")?.unwrap_or(0);
        delay = (months_between(began, original) / step + 1).min(most);
        let entry = sheet.count(inquiry, "delay_months", "延迟", delay, "个月");
        entry.decisions.extend(since);
        entry.reason = format!("自 {began} 起每 {step} 个月延迟 1 个月，最多 {most} 个月");
    }
    inquiry.day = law_day;
    inquiry.taken();
    let retires = add_months(original, delay).ok_or(Stop::TooLarge)?;
    sheet.put(inquiry, "age_reached_on", "达到法定退休年龄", Figure::Day(retires));
    let old_enough = asked.date >= retires;
    sheet.put(inquiry, "age_reached", "年龄是否达到", Figure::Flag(old_enough));
    let months = missing(&mut sheet, inquiry, &asked.paid)?;
    let retired = old_enough && months == 0;
    let entry = sheet.put(inquiry, "retired", "医保退休待遇", Figure::Flag(retired));
    entry.reason = match (old_enough, months) {
        (true, 0) => "年龄与缴费年限都已达到".to_owned(),
        (true, months) => format!("年龄已到，缴费年限还缺 {months} 个月；补足以后才享受退休待遇"),
        (false, 0) => "缴费年限已够，年龄还没有到".to_owned(),
        (false, months) => format!("年龄没有到，缴费年限也还缺 {months} 个月"),
    };
    Ok(sheet)
}
