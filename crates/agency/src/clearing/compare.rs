//! 对账: the bills of both sides, side by side.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::DayBill;

/// A bill as the institution tells it. What it does not tell is not compared. Amounts in fen, negative for a cancellation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// 结算编号 of the settlement, of its cancellation as well.
    pub settlement: String,
    /// Whether it is the negative of a cancellation.
    pub refund: bool,
    /// The business day.
    pub day: Option<Date>,
    /// 医疗费总额.
    pub total: Option<i64>,
    /// 基金支付总额.
    pub fund_paid: Option<i64>,
    /// 个人账户支付, relatives' included.
    pub account_paid: Option<i64>,
    /// 现金.
    pub cash_paid: Option<i64>,
}

/// What is wrong with a bill.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DifferenceKind {
    /// 中心没有: the institution tells it, and it is not booked.
    MissingHere,
    /// 机构没有: it is booked, and the institution does not tell it.
    MissingThere,
    /// 金额不同.
    Amount,
    /// 日期不同, as across midnight.
    Date,
    /// 重复: the institution tells it more than once.
    Doubled,
}

impl DifferenceKind {
    /// The term that people read.
    pub const fn label(self) -> &'static str {
        match self {
            DifferenceKind::MissingHere => "机构有、中心没有",
            DifferenceKind::MissingThere => "中心有、机构没有",
            DifferenceKind::Amount => "金额不同",
            DifferenceKind::Date => "日期不同",
            DifferenceKind::Doubled => "机构重复",
        }
    }
}

/// An amount that differs, in fen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AmountDifference {
    /// Which: `total`, `fund_paid`, `account_paid`, `cash_paid`.
    pub field: String,
    /// What is booked.
    pub here: i64,
    /// What the institution tells.
    pub there: i64,
}

/// One difference of one bill.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// What is wrong.
    pub kind: DifferenceKind,
    /// 结算编号.
    pub settlement: String,
    /// Whether it is of the cancellation.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub refund: bool,
    /// The business day as booked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day_here: Option<Date>,
    /// The day that the institution tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day_there: Option<Date>,
    /// Amounts that differ; for a bill that one side lacks, its amounts on the other with nothing beside them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub amounts: Vec<AmountDifference>,
}

/// A bill by its settlement, and whether it is the cancellation.
pub type BillKey = (String, bool);

/// The key of a bill that is booked.
pub fn key_of(bill: &DayBill) -> BillKey {
    (bill.settlement.clone(), bill.refund)
}

fn amounts(here: Option<&DayBill>, there: Option<&Told>) -> Vec<AmountDifference> {
    let booked = |of: fn(&DayBill) -> i64| here.map_or(0, of);
    let told = |of: fn(&Told) -> Option<i64>| there.map_or(Some(0), of);
    [
        ("total", booked(|bill| bill.total), told(|bill| bill.total)),
        ("fund_paid", booked(|bill| bill.fund_paid), told(|bill| bill.fund_paid)),
        ("account_paid", booked(|bill| bill.account_paid), told(|bill| bill.account_paid)),
        ("cash_paid", booked(|bill| bill.cash_paid), told(|bill| bill.cash_paid)),
    ]
    .into_iter()
    .filter_map(|(field, here, there)| {
        let there = there.filter(|there| *there != here)?;
        Some(AmountDifference { field: field.to_owned(), here, there })
    })
    .collect()
}

/// Every difference between the bills that are booked for some days and those that the institution tells for them, in order of settlement.
///
/// `elsewhere` holds bills that are booked for other days, by key: what the institution tells of them has another date, and is not missing.
/// `told_elsewhere` says for which other day the institution told a bill before, as when its day ended after the agency's.
pub fn compare(
    here: &[DayBill],
    there: &[Told],
    elsewhere: &BTreeMap<BillKey, DayBill>,
    told_elsewhere: &BTreeMap<BillKey, Date>,
) -> Vec<Difference> {
    let booked: BTreeMap<BillKey, &DayBill> = here.iter().map(|bill| (key_of(bill), bill)).collect();
    let mut told: BTreeMap<BillKey, Vec<&Told>> = BTreeMap::new();
    for bill in there {
        told.entry((bill.settlement.clone(), bill.refund)).or_default().push(bill);
    }
    let mut differences = Vec::new();
    let mut keys: Vec<&BillKey> = booked.keys().chain(told.keys()).collect();
    keys.sort_unstable();
    keys.dedup();
    for key in keys {
        let mut push = |kind, bill: Option<&DayBill>, day_there, amounts| {
            differences.push(Difference {
                kind,
                settlement: key.0.clone(),
                refund: key.1,
                day_here: bill.map(|bill| bill.day),
                day_there,
                amounts,
            });
        };
        let bill = booked.get(key).copied();
        let tellings = told.get(key).map(Vec::as_slice).unwrap_or_default();
        let Some(first) = tellings.first() else {
            match told_elsewhere.get(key) {
                Some(day) => push(DifferenceKind::Date, bill, Some(*day), Vec::new()),
                None => push(DifferenceKind::MissingThere, bill, None, amounts(bill, None)),
            }
            continue;
        };
        let on_another_day = bill.is_none();
        let Some(bill) = bill.or_else(|| elsewhere.get(key)) else {
            push(DifferenceKind::MissingHere, None, first.day, amounts(None, Some(first)));
            continue;
        };
        if on_another_day || first.day.is_some_and(|day| day != bill.day) {
            push(DifferenceKind::Date, Some(bill), first.day, Vec::new());
        }
        let differing = amounts(Some(bill), Some(first));
        if !differing.is_empty() {
            push(DifferenceKind::Amount, Some(bill), first.day, differing);
        }
        if tellings.len() > 1 {
            push(DifferenceKind::Doubled, Some(bill), first.day, Vec::new());
        }
    }
    differences
}
