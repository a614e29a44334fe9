//! The two aligned bars: 谁付 above, 为什么 below.

use gongji_cases::answer::BillAnswer;

use super::{share, spoken};

/// One part of a bar.
pub struct Segment {
    /// The colour and pattern, a class of the style sheet.
    pub class: &'static str,
    /// What people read.
    pub label: &'static str,
    /// How much, grouped.
    pub amount: String,
    /// Its share for people.
    pub spoken: String,
    /// Where it starts.
    pub x: String,
    /// How wide it is.
    pub width: String,
    /// Its middle.
    pub middle: String,
    /// Whether its label fits into it on a desktop.
    pub fits: bool,
}

/// Both bars. Each sums to the bill.
pub struct Bars {
    /// By purse.
    pub who: Vec<Segment>,
    /// By reason.
    pub why: Vec<Segment>,
}

fn bar(total: i64, parts: &[(&'static str, &'static str, i64)]) -> Vec<Segment> {
    let mut start = 0;
    let mut segments = Vec::new();
    for (class, label, amount) in parts.iter().filter(|(.., amount)| *amount > 0) {
        segments.push(Segment {
            class,
            label,
            amount: gongji_money::Fen::new(*amount).grouped(),
            spoken: spoken(*amount, total),
            x: share(start, total),
            width: share(*amount, total),
            middle: share(2 * start + amount, 2 * total),
            fits: amount.saturating_mul(9) >= total,
        });
        start += amount;
    }
    segments
}

impl Bars {
    /// The bars of a bill.
    pub fn of(bill: &BillAnswer) -> Bars {
        let total = bill.total_charge.fen();
        let extra = [
            bill.employee_large_sum_aid,
            bill.resident_critical_illness,
            bill.enterprise_supplement,
            bill.civil_servant_aid,
            bill.other_fund_paid,
        ];
        let extra = extra.iter().map(|amount| amount.fen()).sum();
        let who = [
            ("pooled", "统筹基金", bill.pooled_paid.fen()),
            ("extra", "大额、大病、补充", extra),
            ("aid", "医疗救助", bill.medical_assistance.fen()),
            ("hospital", "医院负担", bill.hospital_borne.fen()),
            ("account", "个人账户", bill.personal_account_paid.fen()),
            ("kin", "家庭共济", bill.mutual_aid_paid.fen()),
            ("cash", "现金", bill.cash_paid.fen()),
        ];
        let why = [
            ("pooled", "分段内基金付", bill.opening_paid.fen()),
            ("first", "账户先付", bill.account_first.map_or(0, |amount| amount.fen())),
            ("own", "按比例自付", bill.proportional_self_pay.fen()),
            ("ceiling", "超限额", bill.over_ceiling_amount.fen()),
            ("deductible", "起付", bill.deductible_applied.fen()),
            ("upfront", "先行自付", bill.upfront_self_pay.fen()),
            ("price", "超限价自费", bill.over_limit_price.fen()),
            ("outside", "全自费", bill.non_covered.fen()),
        ];
        Bars { who: bar(total, &who), why: bar(total, &why) }
    }
}
