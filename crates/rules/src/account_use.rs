//! 个人账户使用: for what and for whom, under which condition, from which part, how much.

use gongji_money::Fen;
use gongji_policy::{Dimension, Inquiry};

use crate::Formula;
use crate::calculation::{Calculation, Figure, Stop};
use crate::credit::FEN;
use crate::recipient::Recipient;

/// What is asked about a use of the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UseAsked {
    /// For what: index of [`Dimension::Purpose`].
    pub purpose: i64,
    /// For whom.
    pub recipient: Recipient,
    /// How much; nothing where the whole balance is meant.
    pub amount: Option<Fen>,
    /// What happened, by the names of `account_use.condition`; `None` is unanswered.
    pub circumstance: Option<&'static str>,
    /// The balances: current year, carried over. The first may be below nothing.
    pub balances: [Fen; 2],
}

const CALCULATION: &str = "account_use";
const NAMES: [(&str, &str); 2] =
    [("current_year_paid", "当年账户支付"), ("carried_over_paid", "历年账户支付")];

/// Whether the use is allowed, as an entry.
fn permission<'pack>(
    sheet: &mut Calculation<'pack>,
    inquiry: &mut Inquiry<'pack>,
    asked: &UseAsked,
) -> Result<bool, Stop> {
    let mut allowed = inquiry.flag(CALCULATION, "allowed")?;
    let mut failed = None;
    if allowed {
        let condition = inquiry.maybe_choice(CALCULATION, "condition")?;
        if let Some(condition) = condition.filter(|condition| condition.name() != "none") {
            let happened = asked.circumstance.ok_or(Stop::Missing(
                "circumstance",
                "发生了什么：death（去世）、relation_moved（参保关系转出）、settled_abroad（出境定居）、none（都没有）",
            ))?;
            if happened != condition.name() {
                failed = Some(format!("要有这一情形才可以：{}", condition.label()));
            }
        }
        if failed.is_none() {
            failed = asked.recipient.lacks(inquiry, CALCULATION)?.map(str::to_owned);
        }
        allowed = failed.is_none();
    }
    let entry = sheet.put(inquiry, "allowed", "可否使用", Figure::Flag(allowed));
    let reason = entry.decisions.first().and_then(|decision| decision.cited.reason).map(str::to_owned);
    entry.reason =
        failed.or(reason).unwrap_or_else(|| if allowed { "可以使用" } else { "不可以使用" }.to_owned());
    Ok(allowed)
}

/// One use. What it took stands under `current_year_paid` and `carried_over_paid`.
///
/// # Errors
/// A [`Stop`] where the pack does not say or a field is missing.
pub fn account_use<'pack>(
    inquiry: &mut Inquiry<'pack>,
    asked: &UseAsked,
) -> Result<Calculation<'pack>, Stop> {
    let mut sheet = Calculation::default();
    inquiry.set(Dimension::Purpose, asked.purpose);
    asked.recipient.tell(inquiry);
    let allowed = permission(&mut sheet, inquiry, asked)?;
    let [current, carried] = asked.balances;
    let mut available = [current.max(Fen::ZERO), carried.max(Fen::ZERO)];
    let mut wanted = Fen::ZERO;
    let mut order: &[usize] = &[0, 1];
    if allowed {
        if inquiry.maybe_flag(CALCULATION, "whole")?.unwrap_or(false) {
            // What the current year owes is set off before the rest is handed on.
            let debt = current.min(Fen::ZERO);
            available[1] = carried.checked_add(debt).ok_or(Stop::TooLarge)?.max(Fen::ZERO);
            wanted = available[0].checked_add(available[1]).ok_or(Stop::TooLarge)?;
            if asked.amount.is_some_and(|amount| amount != wanted) {
                return Err(Stop::Wrong("amount", format!("这一用途按全部余额 {wanted} 元处理，不写金额")));
            }
            sheet.put(inquiry, "whole", "整笔处理", Figure::Flag(true)).reason =
                "全部余额一次处理".to_owned();
        } else {
            wanted = asked.amount.ok_or(Stop::Missing("amount", "金额"))?;
            let limit = inquiry.maybe_amount(CALCULATION, "limit")?;
            if let Some(limit) = limit.filter(|limit| *limit < wanted) {
                sheet.put(inquiry, "limit", "每次限额", Figure::Money(limit));
                wanted = limit;
            }
            let from = inquiry.choice(CALCULATION, "from")?;
            order = match from.name() {
                "carried_over" => &[1],
                "carried_over_first" => &[1, 0],
                _ => &[0, 1],
            };
            sheet.put(inquiry, "from", "从哪部分支付", Figure::Name(from.name(), from.label()));
        }
        if let Some(paid_to) = inquiry.maybe_choice(CALCULATION, "paid_to")? {
            sheet.put(inquiry, "paid_to", "支付给", Figure::Name(paid_to.name(), paid_to.label()));
        }
    }
    let mut left = wanted;
    for part in order {
        let (name, label) = NAMES[*part];
        let formula = Formula::Least(vec![Formula::Money(left), Formula::Money(available[*part])]);
        let taken = sheet.money(inquiry, name, label, formula, FEN)?;
        left = left.checked_sub(taken).ok_or(Stop::TooLarge)?;
    }
    let paid = wanted.checked_sub(left).ok_or(Stop::TooLarge)?;
    sheet.put(inquiry, "account_paid", "账户支付合计", Figure::Money(paid));
    let cash = asked.amount.unwrap_or(wanted).checked_sub(paid).ok_or(Stop::TooLarge)?;
    let entry = sheet.put(inquiry, "cash_paid", "账户以外支付", Figure::Money(cash));
    if allowed && !cash.is_zero() {
        entry.reason =
            if left.is_zero() { "超过每次限额的部分" } else { "账户可用部分不足" }.to_owned();
    }
    Ok(sheet)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    use crate::testing::{day, inquiry, pack, yuan};

    fn rules() -> gongji_policy::Pack {
        pack(
            "employee",
            &[
                (
                    "account_use.allowed",
                    "rows = [ { purpose = [\"pharmacy\", \"inheritance\"], value = true }, { otherwise = true, value = false, reason = \"负面清单\" } ]",
                ),
                (
                    "account_use.condition",
                    "rows = [ { purpose = \"inheritance\", value = \"death\" }, { otherwise = true, value = \"none\" } ]",
                ),
                (
                    "account_use.whole",
                    "rows = [ { purpose = \"inheritance\", value = true }, { otherwise = true, value = false } ]",
                ),
                ("account_use.limit", "value = 500"),
                ("account_use.from", "value = \"carried_over_first\""),
            ],
        )
    }

    fn purpose(name: &str) -> i64 {
        let gongji_policy::DimensionKind::Choice(names) = Dimension::Purpose.kind() else { return -1 };
        names.iter().position(|known| *known == name).map_or(-1, |index| index as i64)
    }

    fn asked(name: &str, amount: Option<Fen>, balances: [Fen; 2]) -> UseAsked {
        UseAsked {
            purpose: purpose(name),
            recipient: Recipient::default(),
            amount,
            circumstance: None,
            balances,
        }
    }

    fn used(asked: &UseAsked) -> Result<[Fen; 3], Stop> {
        let pack = rules();
        let sheet = account_use(&mut inquiry(&pack, day("2024-05-01"), &[]), asked)?;
        Ok(["current_year_paid", "carried_over_paid", "cash_paid"].map(|name| sheet.amount(name).unwrap()))
    }

    #[test]
    fn a_debt_in_the_current_year_gives_nothing_and_is_set_off_only_as_a_whole() {
        let balances = [yuan("-30.00"), yuan("100.00")];
        let some = asked("pharmacy", Some(yuan("120.00")), balances);
        assert_eq!(used(&some), Ok([Fen::ZERO, yuan("100.00"), yuan("20.00")]));
        let all = UseAsked { circumstance: Some("death"), ..asked("inheritance", None, balances) };
        assert_eq!(used(&all), Ok([Fen::ZERO, yuan("70.00"), Fen::ZERO]));
    }

    #[test]
    fn the_negative_list_and_what_nobody_answered() {
        let balances = [yuan("10.00"), yuan("100.00")];
        for name in ["health_food", "fitness", "public_health", "cash"] {
            let refused = asked(name, Some(yuan("1.00")), balances);
            assert_eq!(used(&refused), Ok([Fen::ZERO, Fen::ZERO, yuan("1.00")]), "{name}");
        }
        let stop = used(&asked("inheritance", None, balances)).unwrap_err();
        assert!(matches!(stop, Stop::Missing("circumstance", _)));
        assert!(matches!(used(&asked("pharmacy", None, balances)), Err(Stop::Missing("amount", _))));
    }

    proptest! {
        #[test]
        fn parts_sum_to_the_amount_within_balances_and_limit(
            amount in 0_i64..200_000, current in -10_000_i64..100_000, carried in 0_i64..100_000,
        ) {
            let asked = asked("pharmacy", Some(Fen::new(amount)), [Fen::new(current), Fen::new(carried)]);
            let [from_current, from_carried, cash] = used(&asked).unwrap();
            prop_assert_eq!(from_current.fen() + from_carried.fen() + cash.fen(), amount);
            prop_assert!((0..=current.max(0)).contains(&from_current.fen()));
            prop_assert!((0..=carried).contains(&from_carried.fen()));
            prop_assert!(from_current.fen() + from_carried.fen() <= 50_000);
        }
    }
}
