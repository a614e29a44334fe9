//! 退休补缴: how many months are missing for benefits for life, and what they cost the person or the employer.

use gongji_money::{Fen, Rate};
use gongji_policy::plan::Refusal;
use gongji_policy::{Dimension, Inquiry};
use jiff::civil::Date;

use crate::Formula;
use crate::calculation::{Calculation, Figure, Stop};
use crate::credit::FEN;
use crate::retirement::age_reached;

/// Months of contribution.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PaidMonths {
    /// 累计.
    pub total: Option<i64>,
    /// 本地实缴.
    pub local: Option<i64>,
    /// 本省实缴.
    pub province: Option<i64>,
    /// 连续.
    pub continuous: Option<i64>,
}

/// Retirees of one age for whom an employer pays at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retirees {
    /// Their age in whole years, where given.
    pub age: Option<i64>,
    /// How many.
    pub count: i64,
}

/// What is asked about a top-up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopUpAsked {
    /// The day asked about.
    pub date: Date,
    /// The birthday, where known.
    pub born: Option<Date>,
    /// Months paid so far.
    pub paid: PaidMonths,
    /// The monthly base, where given.
    pub base: Option<Fen>,
    /// The average monthly wage of which the base is a share, where no base is given.
    pub average_wage: Option<Fen>,
    /// For an enterprise's lump sum: its retirees.
    pub retirees: Vec<Retirees>,
}

const CALCULATION: &str = "retirement_top_up";

/// The day whose law says how many years are required.
///
/// # Errors
/// A [`Stop`] where the rules follow the age and the birthday is not known.
fn deciding_day(inquiry: &mut Inquiry<'_>, born: Option<Date>) -> Result<Date, Stop> {
    let by_age = inquiry.maybe_choice(CALCULATION, "decided_on")?.is_some_and(|rule| rule.name() == "age");
    if !by_age {
        return Ok(inquiry.day);
    }
    let born = born.ok_or_else(|| {
        Stop::Refused(Refusal::NeedsAnswer {
            dimension: Dimension::BirthDate,
            path: "retirement_top_up.decided_on".to_owned(),
        })
    })?;
    let mut of_age = inquiry.clone();
    let mut unseen = Calculation::default();
    age_reached(&mut unseen, &mut of_age, born)
}

/// The months that are missing, as entries.
///
/// # Errors
/// A [`Stop`] where the pack does not say or a field is missing.
pub(crate) fn missing<'pack>(
    sheet: &mut Calculation<'pack>,
    inquiry: &mut Inquiry<'pack>,
    paid: &PaidMonths,
    born: Option<Date>,
) -> Result<i64, Stop> {
    let law_day = inquiry.day;
    inquiry.day = deciding_day(inquiry, born)?;
    let by_month = inquiry.maybe_count(CALCULATION, "months_required")?.filter(|months| *months > 0);
    let required = match by_month {
        Some(months) => {
            sheet.count(inquiry, "months_required", "须累计缴费月数", months, "个月");
            months
        }
        None => {
            let years = inquiry.count(CALCULATION, "years_required")?;
            sheet.count(inquiry, "years_required", "须累计缴费年限", years, "年");
            years * 12
        }
    };
    let total = paid.total.ok_or(Stop::Missing("paid_months", "累计缴费月数，或 person.years.total"))?;
    let mut months = (required - total).max(0);
    let places = [
        (
            ("local_years_required", "须本地实缴年限"),
            paid.local,
            ("local_months", "本地实缴月数，或 person.years.local_paid"),
        ),
        (("province_years_required", "须本省实缴年限"), paid.province, ("province_months", "本省实缴月数")),
    ];
    for ((name, label), paid, (field, what)) in places {
        let Some(years) = inquiry.maybe_count(CALCULATION, name)?.filter(|years| *years > 0) else {
            inquiry.taken();
            continue;
        };
        sheet.count(inquiry, name, label, years, "年");
        let paid = paid.ok_or(Stop::Missing(field, what))?;
        months = months.max(years * 12 - paid);
    }
    let mut reason = format!("累计已缴 {total} 个月");
    if months > 0
        && let Some(years) = inquiry.maybe_count(CALCULATION, "continuous_years")?
        && paid.continuous.is_some_and(|paid| paid >= years * 12)
    {
        months = 0;
        reason = format!("连续缴费满 {years} 年，不须补缴");
    }
    inquiry.day = law_day;
    sheet.count(inquiry, "months_missing", "尚缺月数", months, "个月").reason = reason;
    Ok(months)
}

/// The base of a month.
fn base(inquiry: &mut Inquiry<'_>, asked: &TopUpAsked) -> Result<Formula, Stop> {
    Ok(match (asked.base, asked.average_wage) {
        (Some(base), _) => Formula::Money(base),
        (None, Some(average)) => {
            let share = inquiry.rate(CALCULATION, "base_rate")?;
            Formula::Money(average).times(Formula::Share(share))
        }
        (None, None) => return Err(Stop::Missing("base", "补缴基数（月），或 average_wage（月平均工资）")),
    })
}

/// What it costs to fill the missing months.
///
/// # Errors
/// A [`Stop`] where the pack does not say, a field is missing, or the figures are too large.
pub fn top_up<'pack>(inquiry: &mut Inquiry<'pack>, asked: &TopUpAsked) -> Result<Calculation<'pack>, Stop> {
    let mut sheet = Calculation::default();
    let own_rule = !asked.retirees.is_empty() && enterprise_rule(inquiry)?;
    if asked.paid.total.is_none() && own_rule {
        // The employer alone asks, by a rule that needs no person's months.
        enterprise(&mut sheet, inquiry, asked, None)?;
        return Ok(sheet);
    }
    let months = missing(&mut sheet, inquiry, &asked.paid, asked.born)?;
    let mut monthly = base(inquiry, asked)?.times(Formula::Share(inquiry.rate(CALCULATION, "rate")?));
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
    if own_rule {
        enterprise(&mut sheet, inquiry, asked, Some(months))?;
    } else if !asked.retirees.is_empty() {
        let count = asked.retirees.iter().map(|some| some.count).sum();
        let formula = Formula::Money(amount).times(Formula::count(count));
        sheet.money(inquiry, "enterprise_total", "单位一次性缴纳", formula, FEN)?;
        if let Some(entry) = sheet.entries.last_mut() {
            entry.reason = "没有单位一次性缴纳的专门算法，按每人所缺月数相同计".to_owned();
        }
    }
    Ok(sheet)
}

/// Whether the pack has a rule of its own for an enterprise's lump sum.
fn enterprise_rule(inquiry: &mut Inquiry<'_>) -> Result<bool, Stop> {
    let rate = inquiry.maybe_rate(CALCULATION, "enterprise_rate")?.unwrap_or(Rate::ZERO);
    let amount = inquiry.maybe_amount(CALCULATION, "enterprise_amount")?.unwrap_or(Fen::ZERO);
    inquiry.taken();
    Ok(rate != Rate::ZERO || !amount.is_zero())
}

/// The months that an employer pays for retirees of one age.
fn months_for(
    inquiry: &mut Inquiry<'_>,
    retirees: &Retirees,
    months_missing: Option<i64>,
) -> Result<i64, Stop> {
    if let Some(months) = inquiry.maybe_count(CALCULATION, "enterprise_months")?.filter(|months| *months > 0)
    {
        return Ok(months);
    }
    if let Some(until) = inquiry.maybe_count(CALCULATION, "enterprise_until")?.filter(|until| *until > 0) {
        let age = retirees
            .age
            .ok_or(Stop::Missing("retirees", "按年龄列出的退休人员，如 [{ \"age\": 62, \"count\": 3 }]"))?;
        return Ok((until - age).max(0) * 12);
    }
    months_missing.ok_or(Stop::Missing("paid_months", "累计缴费月数：单位按每人所缺的月数缴纳"))
}

/// 单位一次性缴纳, by its own rule.
fn enterprise<'pack>(
    sheet: &mut Calculation<'pack>,
    inquiry: &mut Inquiry<'pack>,
    asked: &TopUpAsked,
    months_missing: Option<i64>,
) -> Result<(), Stop> {
    let rate = inquiry.maybe_rate(CALCULATION, "enterprise_rate")?.filter(|rate| *rate != Rate::ZERO);
    let fixed = inquiry.maybe_amount(CALCULATION, "enterprise_amount")?.filter(|fixed| !fixed.is_zero());
    let mut parts = Vec::new();
    if let Some(rate) = rate {
        parts.push(base(inquiry, asked)?.times(Formula::Share(rate)));
    }
    parts.extend(fixed.map(Formula::Money));
    let monthly = if parts.len() == 1 { parts.swap_remove(0) } else { Formula::Sum(parts) };
    let rounding = inquiry.rounding(CALCULATION)?;
    sheet.money(inquiry, "enterprise_monthly", "单位每人每月", monthly.clone(), rounding)?;
    let mut totals = Vec::new();
    let mut reasons = Vec::new();
    for retirees in &asked.retirees {
        let months = months_for(inquiry, retirees, months_missing)?;
        totals.push(monthly.clone().times(Formula::count(months)).times(Formula::count(retirees.count)));
        let who = retirees.age.map_or_else(String::new, |age| format!("{age} 岁的 "));
        reasons.push(format!("{who}{} 人各 {months} 个月", retirees.count));
    }
    let formula = if totals.len() == 1 { totals.swap_remove(0) } else { Formula::Sum(totals) };
    sheet.money(inquiry, "enterprise_total", "单位一次性缴纳", formula, rounding)?;
    if let Some(entry) = sheet.entries.last_mut() {
        entry.reason = reasons.join("，");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    use crate::testing::{day, inquiry, pack, yuan};

    fn rules(more: &[(&str, &str)]) -> gongji_policy::Pack {
        let mut all = vec![
            ("retirement_top_up.years_required", "value = 25"),
            ("retirement_top_up.local_years_required", "value = 10"),
            ("retirement_top_up.continuous_years", "value = 15"),
            ("retirement_top_up.rate", "value = \"8%\""),
            ("retirement_top_up.fund", "value = \"pooled\""),
            ("retirement_top_up.rounding", "value = \"half_up_fen\""),
        ];
        all.extend(more);
        pack("employee", &all)
    }

    fn asked(total: Option<i64>, local: i64, continuous: Option<i64>) -> TopUpAsked {
        TopUpAsked {
            date: day("2024-08-01"),
            born: None,
            paid: PaidMonths { total, local: Some(local), province: None, continuous },
            base: Some(yuan("5000.01")),
            average_wage: None,
            retirees: Vec::new(),
        }
    }

    fn told(more: &[(&str, &str)], asked: &TopUpAsked, name: &str) -> Option<Figure> {
        let pack = rules(more);
        top_up(&mut inquiry(&pack, asked.date, &[]), asked).unwrap().figure(name).cloned()
    }

    #[test]
    fn the_longest_gap_counts_unless_the_years_are_continuous() {
        let missing =
            |total, local, continuous| told(&[], &asked(Some(total), local, continuous), "months_missing");
        assert_eq!(missing(300, 120, None), Some(Figure::Count(0)));
        assert_eq!(missing(299, 120, None), Some(Figure::Count(1)));
        assert_eq!(missing(300, 118, None), Some(Figure::Count(2)));
        assert_eq!(missing(200, 0, Some(180)), Some(Figure::Count(0)));
        assert_eq!(missing(200, 0, Some(179)), Some(Figure::Count(120)));
    }

    #[test]
    fn months_are_rounded_together_or_each() {
        let gap = asked(Some(264), 120, None);
        assert_eq!(told(&[], &gap, "amount"), Some(Figure::Money(yuan("14400.03"))));
        let each = [("retirement_top_up.each_month", "value = true")];
        assert_eq!(told(&each, &gap, "amount"), Some(Figure::Money(yuan("14400.00"))));
    }

    #[test]
    fn an_enterprise_pays_by_its_own_rule() {
        let rule = [
            ("retirement_top_up.enterprise_amount", "value = 8"),
            ("retirement_top_up.enterprise_until", "value = 75"),
        ];
        let retirees = [(75, 1), (76, 9), (74, 2)].map(|(age, count)| Retirees { age: Some(age), count });
        let asked = TopUpAsked { retirees: retirees.to_vec(), ..asked(None, 0, None) };
        assert_eq!(told(&rule, &asked, "enterprise_total"), Some(Figure::Money(yuan("192.00"))));
    }

    proptest! {
        #[test]
        fn more_months_paid_never_cost_more(paid in 0_i64..400, local in 0_i64..400, more in 0_i64..50) {
            let of = |total, local| match told(&[], &asked(Some(total), local, None), "amount") {
                Some(Figure::Money(amount)) => amount,
                other => panic!("{other:?}"),
            };
            prop_assert!(Fen::ZERO <= of(paid + more, local + more) && of(paid + more, local + more) <= of(paid, local));
        }
    }
}
