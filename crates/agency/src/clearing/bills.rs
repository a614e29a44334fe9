//! The bills of an institution's days, as they are booked.

use gongji_money::Fen;
use jiff::civil::Date;
use serde::Serialize;

use crate::desk::{Desk, Row};
use crate::port::StoreError;
use crate::record::Record;
use crate::row::{ClearingDay, DaySums};
use crate::settlement::Settlement;
use crate::stop::Stop;

/// The totals of one business day at an institution, of people of one area and scheme, for one kind of care.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayGroup {
    /// The business day.
    pub day: Date,
    /// 参保地.
    pub area: String,
    /// The scheme.
    pub scheme: String,
    /// 医疗类别.
    pub care_type: String,
    /// The sums.
    pub sums: DaySums,
    /// The last record among them.
    pub last: u64,
}

/// A settlement or its cancellation as both sides tell it. Amounts in fen, negative for a cancellation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DayBill {
    /// 结算编号 of the settlement, of its cancellation as well.
    pub settlement: String,
    /// Whether it is the negative of a cancellation.
    pub refund: bool,
    /// The number of the record itself.
    pub record: u64,
    /// The business day.
    pub day: Date,
    /// When it was booked: milliseconds since 1970.
    pub booked_at: i64,
    /// Whose settlement.
    pub person: String,
    /// 参保地.
    pub area: String,
    /// The scheme.
    pub scheme: String,
    /// 医疗类别.
    pub care_type: String,
    /// 医疗费总额.
    pub total: i64,
    /// 基金支付总额.
    pub fund_paid: i64,
    /// 个人账户支付, relatives' included.
    pub account_paid: i64,
    /// 现金.
    pub cash_paid: i64,
}

fn damaged(id: &str, why: impl std::fmt::Display) -> Stop {
    Stop::Store(StoreError::Corrupt(format!("{}/{id}：{why}", ClearingDay::KIND)))
}

fn group(id: &str, row: &ClearingDay) -> Result<DayGroup, Stop> {
    let parts: Vec<&str> = id.split('/').collect();
    let [_, day, area, scheme, care_type] = parts[..] else { return Err(damaged(id, "编号读不懂")) };
    Ok(DayGroup {
        day: day.parse().map_err(|error| damaged(id, error))?,
        area: area.to_owned(),
        scheme: scheme.to_owned(),
        care_type: care_type.to_owned(),
        sums: row.sums,
        last: row.last,
    })
}

/// The totals of an institution on the days from `from` to `to`, both included, in order of day, area, scheme and kind of care. Checks no right.
///
/// # Errors
/// Those of the store.
pub fn day_groups(
    desk: &mut Desk<'_>,
    institution: &str,
    from: Date,
    to: Date,
) -> Result<Vec<DayGroup>, Stop> {
    let prefix = format!("{institution}/");
    // A character above the slash that follows the day: everything of the last day comes before it.
    let until = format!("{prefix}{to}0");
    let rows = desk.between::<ClearingDay>(&prefix, &format!("{prefix}{from}"), Some(&until))?;
    rows.iter().map(|(id, row)| group(id, row)).collect()
}

impl DayBill {
    /// A bill from its record; `cancelled` is the settlement that a cancellation takes back.
    pub fn of(record: &Record, made: &Settlement, refund: bool) -> DayBill {
        let sign = if refund { -1 } else { 1 };
        DayBill {
            settlement: made.id.clone(),
            refund,
            record: record.seq,
            day: record.date,
            booked_at: record.booked_at,
            person: made.person.clone(),
            area: made.area.clone(),
            scheme: made.scheme.clone(),
            care_type: made.care_type.clone(),
            total: sign * made.total,
            fund_paid: sign * made.fund_paid,
            account_paid: sign * (made.account_paid + made.mutual_aid_paid),
            cash_paid: sign * made.cash_paid,
        }
    }

    /// What a person reads of it.
    pub fn in_words(&self) -> String {
        let kind = if self.refund { "撤销" } else { "结算" };
        format!("{} {kind}，{}，总额 {}", self.settlement, self.day, Fen::new(self.total))
    }
}

/// A record that is a settlement or a cancellation of one, as a bill.
///
/// # Errors
/// Those of the store.
pub(crate) fn bill_of(desk: &mut Desk<'_>, record: &Record) -> Result<Option<DayBill>, Stop> {
    if let Some(made) = &record.settlement {
        return Ok(Some(DayBill::of(record, made, false)));
    }
    let Some(seq) = record.cancels else { return Ok(None) };
    let cancelled = desk.record(seq)?.and_then(|record| record.settlement);
    Ok(cancelled.map(|made| DayBill::of(record, &made, true)))
}

/// Every bill of the days from `from` to `to`, both included, cancellations too, in order of record. Checks no right.
///
/// # Errors
/// Those of the store; a chain of a day that is broken.
pub fn day_bills(desk: &mut Desk<'_>, institution: &str, from: Date, to: Date) -> Result<Vec<DayBill>, Stop> {
    let groups = day_groups(desk, institution, from, to)?;
    let mut bills = Vec::new();
    for group in &groups {
        let mut next = group.last;
        while next > 0 {
            let broken =
                || StoreError::Corrupt(format!("{institution} {} 的明细在第 {next} 条断开", group.day));
            let record = desk.record(next)?.ok_or_else(broken)?;
            bills.push(bill_of(desk, &record)?.ok_or_else(broken)?);
            if record.day_prev >= next {
                return Err(broken().into());
            }
            next = record.day_prev;
        }
    }
    bills.sort_by_key(|bill| bill.record);
    Ok(bills)
}
