//! 钱包转账: to whom, how much, how often, at what hour; what is not taken goes back.

use gongji_money::Fen;
use gongji_policy::{Dimension, Inquiry};
use jiff::civil::Date;

use crate::Formula;
use crate::calculation::{Calculation, Figure, Stop};
use crate::calendar::add_days;
use crate::credit::FEN;

/// What is asked about a transfer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TransferAsked {
    /// The day.
    pub date: Date,
    /// Minutes since midnight.
    pub minute: i64,
    /// To whom: index of [`Dimension::Beneficiary`].
    pub beneficiary: i64,
    /// How much.
    pub amount: Fen,
    /// What of the own account may be moved.
    pub movable: Fen,
    /// Transfers made earlier on that day.
    pub made_today: i64,
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
    inquiry.set(Dimension::Beneficiary, asked.beneficiary);
    let allowed = inquiry.flag(CALCULATION, "allowed")?;
    let entry = sheet.put(inquiry, "allowed", "可否向其转账", Figure::Flag(allowed));
    let reason = entry.decisions.last().and_then(|decision| decision.cited.reason);
    let mut refused = (!allowed).then(|| reason.unwrap_or("收款人不在可转账的亲属范围内").to_owned());
    let each = inquiry.amount(CALCULATION, "each")?;
    sheet.put(inquiry, "each", "单笔限额", Figure::Money(each));
    let a_day = inquiry.count(CALCULATION, "a_day")?;
    sheet.count(inquiry, "a_day", "每日笔数", a_day, "笔");
    let closes = inquiry.count(CALCULATION, "closes_hour")?;
    let opens = inquiry.count(CALCULATION, "opens_hour")?;
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
    let over = [
        (closed, format!("{closes}:00 至次日 {opens}:00 不能转账")),
        (asked.amount > each, format!("超过单笔限额 {} 元", each.grouped())),
        (asked.made_today >= a_day, format!("当天已转 {} 笔，每日至多 {a_day} 笔", asked.made_today)),
        (covered < asked.amount, format!("可转余额只有 {} 元", asked.movable.grouped())),
    ];
    for (holds, why) in over {
        if holds && refused.is_none() {
            refused = Some(why);
        }
    }
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
