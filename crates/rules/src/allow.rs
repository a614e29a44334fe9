//! 生育津贴: days by item, the daily amount from wages weighted by months, who pays; a husband's claim for an uninsured wife.

use gongji_money::Fen;
use gongji_policy::{Dimension, Inquiry};

use crate::Formula;
use crate::calculation::{Calculation, Figure, Stop};
use crate::credit::FEN;

/// Months at one employer with the average wage there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Employer {
    /// Months.
    pub months: i64,
    /// The employer's average monthly wage.
    pub average_wage: Fen,
}

/// What is asked about an allowance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MaternityAsked {
    /// The employers of the last months; one with the whole weight where only an average is known.
    pub employers: Vec<Employer>,
    /// Index of [`Dimension::Birth`].
    pub birth: i64,
    /// How many babies.
    pub babies: i64,
    /// Weeks of gestation, where given.
    pub weeks: Option<i64>,
    /// Months paid before, where given.
    pub months_paid: Option<i64>,
    /// Months paid without a break by the time of the claim, where given.
    pub months_since: Option<i64>,
    /// Whether a husband claims for his uninsured wife.
    pub for_spouse: bool,
    /// Medical costs of the birth, for such a claim.
    pub medical_cost: Option<Fen>,
}

const CALCULATION: &str = "maternity_allowance";

/// One allowance.
///
/// # Errors
/// A [`Stop`] where the pack does not say, a field is missing, or the figures are too large.
pub fn maternity_allowance<'pack>(
    inquiry: &mut Inquiry<'pack>,
    asked: &MaternityAsked,
) -> Result<Calculation<'pack>, Stop> {
    let mut sheet = Calculation::default();
    inquiry.set(Dimension::Birth, asked.birth);
    inquiry.facts.set(Dimension::GestationWeeks, asked.weeks);
    inquiry.set(Dimension::Beneficiary, i64::from(asked.for_spouse));
    if asked.for_spouse {
        return for_spouse(sheet, inquiry, asked);
    }
    let days = days(&mut sheet, inquiry, asked)?;
    let base = base(&mut sheet, inquiry, &asked.employers)?;
    let in_month = inquiry.rate(CALCULATION, "days_in_month")?;
    let rows = inquiry.taken();
    let payer = payer(&mut sheet, inquiry, asked)?;
    let rounding = inquiry.rounding(CALCULATION)?;
    let formula = base.over(Formula::Number(in_month)).times(Formula::count(days));
    let allowance = sheet.money(inquiry, "allowance", "生育津贴", formula, rounding)?;
    if let Some(entry) = sheet.entries.last_mut() {
        entry.decisions.splice(0..0, rows);
        entry.reason = match payer {
            "employer" => "缴费月数不足，由用人单位按同一标准支付".to_owned(),
            "later" => "缴费月数不足，补足之后由基金支付".to_owned(),
            "nobody" => "缴费月数不足，基金不支付".to_owned(),
            _ => String::new(),
        };
    }
    nutrition(&mut sheet, inquiry, allowance)?;
    Ok(sheet)
}

/// 营养补助, given once beside what is due already; with it the sum.
fn nutrition<'pack>(
    sheet: &mut Calculation<'pack>,
    inquiry: &mut Inquiry<'pack>,
    due: Fen,
) -> Result<(), Stop> {
    let Some(nutrition) = inquiry.maybe_amount(CALCULATION, "nutrition")?.filter(|it| !it.is_zero()) else {
        inquiry.taken();
        return Ok(());
    };
    sheet.put(inquiry, "nutrition", "营养补助", Figure::Money(nutrition));
    let formula = Formula::Money(due).plus(Formula::Money(nutrition));
    sheet.money(inquiry, "total", "合计", formula, FEN)?;
    Ok(())
}

fn days<'pack>(
    sheet: &mut Calculation<'pack>,
    inquiry: &mut Inquiry<'pack>,
    asked: &MaternityAsked,
) -> Result<i64, Stop> {
    let mut total = inquiry.count(CALCULATION, "days")?;
    sheet.count(inquiry, "basic_days", "产假", total, "天");
    let items = [
        ("difficult_days", "难产增加", 1),
        ("baby_days", "多胞胎增加", asked.babies - 1),
        ("local_days", "地方延长", 1),
    ];
    for (name, label, times) in items {
        let Some(each) = inquiry.maybe_count(CALCULATION, name)?.filter(|each| *each > 0 && times > 0) else {
            inquiry.taken();
            continue;
        };
        total += each * times;
        let entry = sheet.count(inquiry, name, label, each * times, "天");
        if times > 1 {
            entry.reason = format!("每多一个婴儿 {each} 天，多 {times} 个");
        }
    }
    sheet.count(inquiry, "days", "津贴天数", total, "天");
    Ok(total)
}

/// The monthly base: the wages weighted by months, exact.
fn base<'pack>(
    sheet: &mut Calculation<'pack>,
    inquiry: &mut Inquiry<'pack>,
    employers: &[Employer],
) -> Result<Formula, Stop> {
    let formula = match employers {
        [] => {
            return Err(Stop::Missing(
                "average_wage",
                "用人单位月平均工资，或 employers（各单位的月数与平均工资）",
            ));
        }
        [only] => Formula::Money(only.average_wage),
        several => {
            let months = several.iter().map(|one| one.months).sum();
            if let Some(most) = inquiry.maybe_count(CALCULATION, "base_months")?.filter(|most| months > *most)
            {
                let problem = format!("各单位月数合计 {months} 个月，只按最近 {most} 个月加权");
                return Err(Stop::Wrong("employers", problem));
            }
            let weighted =
                several.iter().map(|one| Formula::Money(one.average_wage).times(Formula::count(one.months)));
            Formula::Sum(weighted.collect()).over(Formula::count(months))
        }
    };
    sheet.money(inquiry, "base", "月津贴基数", formula.clone(), FEN)?;
    if let Some(entry) = sheet.entries.last_mut()
        && employers.len() > 1
    {
        entry.reason = "各单位平均工资按月数加权；计算津贴时不先取整".to_owned();
    }
    Ok(formula)
}

/// Who pays, as an entry.
fn payer<'pack>(
    sheet: &mut Calculation<'pack>,
    inquiry: &mut Inquiry<'pack>,
    asked: &MaternityAsked,
) -> Result<&'static str, Stop> {
    let required = inquiry.maybe_count(CALCULATION, "months_required")?.unwrap_or(0);
    let (name, label, reason) = match asked.months_paid {
        _ if required == 0 => ("fund", "生育保险（医保）基金", String::new()),
        None => return Err(Stop::Missing("months_paid", "生育前连续缴费的月数")),
        Some(paid) if paid >= required => {
            ("fund", "生育保险（医保）基金", format!("已缴 {paid} 个月，满 {required} 个月"))
        }
        Some(paid) => short(inquiry, (paid, required), asked.months_since)?,
    };
    sheet.put(inquiry, "paid_by", "支付方", Figure::Name(name, label)).reason = reason;
    Ok(name)
}

/// Who pays where the months before the birth do not suffice.
fn short(
    inquiry: &mut Inquiry<'_>,
    (paid, required): (i64, i64),
    since: Option<i64>,
) -> Result<(&'static str, &'static str, String), Stop> {
    let choice = inquiry.maybe_choice(CALCULATION, "otherwise")?;
    let (name, label) =
        choice.map_or(("employer", "由用人单位支付"), |choice| (choice.name(), choice.label()));
    let mut reason = format!("生育时已缴 {paid} 个月，不满 {required} 个月");
    if name == "later"
        && let Some(later) = inquiry.maybe_count(CALCULATION, "later_months")?
    {
        if let Some(since) = since.filter(|since| *since >= later) {
            reason.push_str(&format!("；到申领时已连续缴 {since} 个月，满 {later} 个月"));
            return Ok(("fund", "生育保险（医保）基金", reason));
        }
        reason.push_str(&format!("；连续缴满 {later} 个月以后由基金支付"));
    }
    Ok((name, label, reason))
}

fn for_spouse<'pack>(
    mut sheet: Calculation<'pack>,
    inquiry: &mut Inquiry<'pack>,
    asked: &MaternityAsked,
) -> Result<Calculation<'pack>, Stop> {
    let allowed = inquiry.flag(CALCULATION, "spouse_allowance")?;
    let entry = sheet.put(inquiry, "allowance_due", "有无生育津贴", Figure::Flag(allowed));
    let reason = entry.decisions.last().and_then(|decision| decision.cited.reason);
    entry.reason = reason.unwrap_or("未就业配偶只报销生育医疗费用，没有津贴").to_owned();
    let cost = asked.medical_cost.ok_or(Stop::Missing("medical_cost", "配偶的生育医疗费用"))?;
    let mut formula = Formula::Money(cost).times(Formula::Share(inquiry.rate(CALCULATION, "spouse_rate")?));
    if let Some(cap) = inquiry.maybe_amount(CALCULATION, "spouse_cap")? {
        formula = Formula::Least(vec![formula, Formula::Money(cap)]);
    }
    let rounding = inquiry.rounding(CALCULATION)?;
    let refund = sheet.money(inquiry, "refund", "生育医疗费用报销", formula, rounding)?;
    nutrition(&mut sheet, inquiry, refund)?;
    Ok(sheet)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    use crate::testing::{day, inquiry, pack, yuan};

    fn rules(rounding: &str) -> gongji_policy::Pack {
        pack(
            "employee",
            &[
                (
                    "maternity_allowance.days",
                    "rows = [ { birth = \"miscarriage\", gestation_weeks = \"..15\", value = 15 }, { birth = \"miscarriage\", gestation_weeks = \"16..\", value = 42 }, { otherwise = true, value = 98 } ]",
                ),
                ("maternity_allowance.baby_days", "value = 15"),
                ("maternity_allowance.days_in_month", "value = \"30\""),
                ("maternity_allowance.months_required", "value = 9"),
                ("maternity_allowance.base_months", "value = 12"),
                ("maternity_allowance.nutrition", "value = 100"),
                ("maternity_allowance.rounding", &format!("value = \"{rounding}\"")),
                ("maternity_allowance.spouse_allowance", "value = false"),
                ("maternity_allowance.spouse_rate", "value = \"50%\""),
                ("maternity_allowance.spouse_cap", "value = 3000"),
            ],
        )
    }

    fn asked(wages: &[(i64, &str)]) -> MaternityAsked {
        MaternityAsked {
            employers: wages
                .iter()
                .map(|(months, wage)| Employer { months: *months, average_wage: yuan(wage) })
                .collect(),
            birth: 0,
            babies: 1,
            weeks: None,
            months_paid: Some(9),
            months_since: None,
            for_spouse: false,
            medical_cost: None,
        }
    }

    fn told(rounding: &str, asked: &MaternityAsked) -> Result<(Option<Fen>, Option<Fen>), Stop> {
        let pack = rules(rounding);
        let sheet = maternity_allowance(&mut inquiry(&pack, day("2024-05-01"), &[]), asked)?;
        Ok((sheet.amount("allowance").or(sheet.amount("refund")), sheet.amount("total")))
    }

    #[test]
    fn rounded_once_at_the_end() {
        let uneven = asked(&[(1, "7333.33")]);
        assert_eq!(told("half_up_fen", &uneven), Ok((Some(yuan("23955.54")), Some(yuan("24055.54")))));
        assert_eq!(told("half_up_yuan", &uneven).unwrap().0, Some(yuan("23956.00")));
        // A third of a month's base is not rounded before the days are counted.
        let weighted = asked(&[(1, "1000.00"), (2, "1000.01")]);
        assert_eq!(told("truncate_fen", &weighted).unwrap().0, Some(yuan("3266.68")));
    }

    #[test]
    fn months_weeks_and_the_husband() {
        let too_many = asked(&[(8, "6000.00"), (5, "9000.00")]);
        assert!(matches!(told("half_up_fen", &too_many), Err(Stop::Wrong("employers", _))));
        let lost = |weeks| MaternityAsked { birth: 3, weeks: Some(weeks), ..asked(&[(1, "3000.00")]) };
        assert_eq!(told("half_up_fen", &lost(15)).unwrap().0, Some(yuan("1500.00")));
        assert_eq!(told("half_up_fen", &lost(16)).unwrap().0, Some(yuan("4200.00")));
        let husband =
            |cost: &str| MaternityAsked { for_spouse: true, medical_cost: Some(yuan(cost)), ..asked(&[]) };
        assert_eq!(told("half_up_fen", &husband("5999.99")).unwrap().0, Some(yuan("3000.00")));
        assert_eq!(told("half_up_fen", &husband("6000.01")).unwrap().0, Some(yuan("3000.00")));
        assert_eq!(told("half_up_fen", &husband("100.01")).unwrap().0, Some(yuan("50.01")));
    }

    proptest! {
        #[test]
        fn a_weighted_base_lies_between_the_wages(a in 0_i64..3_000_000, b in 0_i64..3_000_000, months in 1_i64..12) {
            let text = |fen: i64| Fen::new(fen).to_string();
            let of = |wages: &[(i64, &str)]| told("half_up_fen", &asked(wages)).unwrap().0.unwrap();
            let both = of(&[(months, &text(a)), (12 - months, &text(b))]);
            prop_assert!(of(&[(1, &text(a.min(b)))]) <= both && both <= of(&[(1, &text(a.max(b)))]));
        }
    }
}
