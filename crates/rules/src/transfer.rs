//! 钱包转账: to whom, how much, how often, at what hour; what is not taken goes back.

use gongji_money::Fen;
use gongji_policy::Inquiry;
use jiff::civil::Date;

use crate::Formula;
use crate::calculation::{Calculation, Figure, Stop};
use crate::calendar::add_days;
use crate::credit::FEN;
use crate::recipient::Recipient;

/// What is asked about a transfer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TransferAsked {
    /// The day.
    pub date: Date,
    /// Minutes since midnight.
    pub minute: i64,
    /// To whom.
    pub recipient: Recipient,
    /// How much.
    pub amount: Fen,
    /// What of the own account may be moved.
    pub movable: Fen,
    /// Transfers made earlier on that day.
    pub made_today: i64,
    /// What they moved, in fen.
    pub sent_today: Fen,
    /// Whether the other side took it; `None` while nobody knows.
    pub taken: Option<bool>,
}

const CALCULATION: &str = "transfer";

/// One transfer. `status` is `accepted`, `pending`, `returned` or `refused`.
///
/// # Errors
/// A [`Stop`] where the pack does not say.
pub fn transfer<'pack>(
    inquiry: &mut Inquiry<'pack>,
    asked: &TransferAsked,
) -> Result<Calculation<'pack>, Stop> {
    let mut sheet = Calculation::default();
    asked.recipient.tell(inquiry);
    let allowed = inquiry.flag(CALCULATION, "allowed")?;
    let lacks = if allowed { asked.recipient.lacks(inquiry, CALCULATION)? } else { None };
    let entry = sheet.put(inquiry, "allowed", "可否向其转账", Figure::Flag(allowed && lacks.is_none()));
    let reason = entry.decisions.first().and_then(|decision| decision.cited.reason);
    let mut refused = lacks.map(str::to_owned);
    if !allowed {
        refused = Some(reason.unwrap_or("收款人不在可转账的亲属范围内").to_owned());
    }
    let each = inquiry.maybe_amount(CALCULATION, "each")?;
    if let Some(each) = each {
        sheet.put(inquiry, "each", "单笔限额", Figure::Money(each));
    }
    let a_day = inquiry.maybe_count(CALCULATION, "a_day")?;
    if let Some(a_day) = a_day {
        sheet.count(inquiry, "a_day", "每日笔数", a_day, "笔");
    }
    let day_amount = inquiry.maybe_amount(CALCULATION, "day_amount")?;
    if let Some(day_amount) = day_amount {
        sheet.put(inquiry, "day_amount", "每日限额", Figure::Money(day_amount));
    }
    let closes = inquiry.maybe_count(CALCULATION, "closes_hour")?;
    let opens = inquiry.maybe_count(CALCULATION, "opens_hour")?.or(closes).unwrap_or(0);
    let closes = closes.unwrap_or(opens);
    let hours = inquiry.taken();
    // The closed hours run over midnight where they end before they begin.
    let (shut, open) = (closes * 60, opens * 60);
    let closed = if shut > open {
        asked.minute >= shut || asked.minute < open
    } else {
        asked.minute >= shut && asked.minute < open
    };
    let formula = Formula::Least(vec![Formula::Money(asked.amount), Formula::Money(asked.movable)]);
    let covered = formula.rounded(FEN).ok_or(Stop::TooLarge)?;
    let sent = asked.sent_today.checked_add(asked.amount).ok_or(Stop::TooLarge)?;
    let made = asked.made_today;
    let over = [
        closed
            .then(|| format!("{closes}:00 至{}{opens}:00 不能转账", if shut > open { "次日 " } else { " " })),
        each.filter(|each| asked.amount > *each).map(|each| format!("超过单笔限额 {} 元", each.grouped())),
        a_day.filter(|a_day| made >= *a_day).map(|a_day| format!("当天已转 {made} 笔，每日至多 {a_day} 笔")),
        day_amount
            .filter(|most| sent > *most)
            .map(|most| format!("当天合计 {} 元，超过每日限额 {} 元", sent.grouped(), most.grouped())),
        (covered < asked.amount).then(|| format!("可转余额只有 {} 元", asked.movable.grouped())),
    ];
    refused = refused.or_else(|| over.into_iter().flatten().next());
    let back_on = if asked.minute >= open { add_days(asked.date, 1) } else { Some(asked.date) };
    let back_on = back_on.ok_or(Stop::TooLarge)?;
    let (status, label, why) = match (refused, asked.taken) {
        (Some(why), _) => ("refused", "不能转账", why),
        (None, Some(true)) => ("accepted", "已转账", "对方已领取".to_owned()),
        (None, Some(false)) => ("returned", "已退回", format!("对方没有领取，{back_on} {opens}:00 前退回")),
        (None, None) => ("pending", "待对方领取", format!("到 {back_on} {opens}:00 没有领取的退回")),
    };
    let moved = if status == "accepted" || status == "pending" { asked.amount } else { Fen::ZERO };
    let entry = sheet.put(inquiry, "status", "结果", Figure::Name(status, label));
    entry.reason = why;
    entry.decisions = hours;
    sheet.put(inquiry, "transferred", "转出金额", Figure::Money(moved));
    if matches!(status, "pending" | "returned") {
        sheet.put(inquiry, "returns_on", "退回日", Figure::Day(back_on));
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
                ("transfer.allowed", "value = true"),
                ("transfer.each", "value = 2000"),
                ("transfer.a_day", "value = 3"),
                ("transfer.day_amount", "value = 5000"),
                ("transfer.closes_hour", "value = 22"),
                ("transfer.opens_hour", "value = 6"),
            ],
        )
    }

    fn asked(minute: i64, amount: i64) -> TransferAsked {
        TransferAsked {
            date: day("2025-10-08"),
            minute,
            recipient: Recipient { beneficiary: 1, ..Recipient::default() },
            amount: Fen::new(amount),
            movable: yuan("10000.00"),
            made_today: 0,
            sent_today: Fen::ZERO,
            taken: None,
        }
    }

    fn moved(asked: &TransferAsked) -> Option<Fen> {
        let pack = rules();
        let sheet = transfer(&mut inquiry(&pack, asked.date, &[]), asked).unwrap();
        sheet.amount("transferred").filter(|amount| !amount.is_zero())
    }

    #[test]
    fn closed_from_ten_to_six() {
        for (minute, open) in
            [(0, false), (359, false), (360, true), (1_319, true), (1_320, false), (1_439, false)]
        {
            assert_eq!(moved(&asked(minute, 100)).is_some(), open, "{minute}");
        }
    }

    #[test]
    fn what_is_not_taken_goes_back_at_six() {
        let pack = rules();
        let returned = TransferAsked { taken: Some(false), ..asked(1_319, 100) };
        let sheet = transfer(&mut inquiry(&pack, returned.date, &[]), &returned).unwrap();
        assert_eq!(sheet.figure("returns_on"), Some(&Figure::Day(day("2025-10-09"))));
        assert_eq!(sheet.amount("transferred"), Some(Fen::ZERO));
    }

    proptest! {
        #[test]
        fn a_transfer_never_exceeds_a_limit(
            amount in 0_i64..400_000, movable in 0_i64..400_000, made in 0_i64..5, sent in 0_i64..600_000,
        ) {
            let asked = TransferAsked {
                movable: Fen::new(movable), made_today: made, sent_today: Fen::new(sent), ..asked(600, amount)
            };
            if let Some(moved) = moved(&asked) {
                prop_assert!(moved.fen() <= 200_000 && moved.fen() <= movable);
                prop_assert!(made < 3 && sent + moved.fen() <= 500_000);
            }
        }
    }
}
