//! What a record adds to the totals of an institution's day.

use gongji_ledger::{AccountKind, Entry, Posting};
use jiff::civil::Date;

use crate::record::Back;
use crate::refusal::Refusal;
use crate::row::{DaySums, clearing_day_id};
use crate::settlement::Settlement;
use crate::stop::Stop;

/// What is added to which row of [`crate::row::ClearingDay`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DayMove {
    /// The row.
    pub id: String,
    /// What is added.
    pub sums: DaySums,
}

fn too_large() -> Stop {
    Stop::Refused(Box::new(Refusal::new("too_large", "金额超出范围")))
}

/// What the agency owes the institution by an entry, and how much of that stood on personal accounts of the same books.
fn owed(entry: &Entry) -> Result<(i64, i64), Stop> {
    let books = entry.postings().iter().find_map(|Posting(account, _)| match &account.kind {
        AccountKind::Payable { .. } => Some(account.area.as_str()),
        _ => None,
    });
    let (mut payable, mut drawn) = (0_i64, 0_i64);
    for Posting(account, fen) in entry.postings() {
        match &account.kind {
            AccountKind::Payable { .. } => payable = payable.checked_add(*fen).ok_or_else(too_large)?,
            AccountKind::Personal { .. } if Some(account.area.as_str()) == books => {
                drawn = drawn.checked_sub(*fen).ok_or_else(too_large)?;
            }
            _ => {}
        }
    }
    Ok((payable, drawn))
}

/// The sums of one settlement, without what its entry posts.
fn of_settlement(made: &Settlement) -> Result<DaySums, Stop> {
    let mut sums = DaySums {
        settled: 1,
        total: made.total,
        account_paid: made.account_paid,
        mutual_aid_paid: made.mutual_aid_paid,
        hospital_borne: made.hospital_borne,
        cash_paid: made.cash_paid,
        ..DaySums::default()
    };
    for cell in &made.cells {
        let fund = match cell.payer.as_str() {
            "pooled_fund" => &mut sums.pooled_fund,
            "large_sum_fund" => &mut sums.large_sum_fund,
            "critical_illness_fund" => &mut sums.critical_illness_fund,
            "enterprise_supplement" => &mut sums.enterprise_supplement,
            "civil_servant_aid" => &mut sums.civil_servant_aid,
            "medical_assistance" => &mut sums.medical_assistance,
            "other_fund" => &mut sums.other_fund,
            _ => continue,
        };
        *fund = fund.checked_add(cell.fen).ok_or_else(too_large)?;
    }
    Ok(sums)
}

/// What the cancellation of a settlement takes back from the totals.
///
/// # Errors
/// Amounts beyond `i64`.
pub(crate) fn back_of(made: &Settlement) -> Result<Back, Stop> {
    Ok(Back {
        institution: made.institution.clone(),
        area: made.area.clone(),
        scheme: made.scheme.clone(),
        care_type: made.care_type.clone(),
        sums: of_settlement(made)?,
    })
}

/// What a record adds: a settlement its sums, a cancellation their opposite.
///
/// # Errors
/// Amounts beyond `i64`.
pub(crate) fn day_move(
    settlement: Option<&Settlement>,
    back: Option<&Back>,
    day: Date,
    entry: &Entry,
) -> Result<Option<DayMove>, Stop> {
    let (id, sums) = match (settlement, back) {
        // What a person paid and is reimbursed concerns no institution.
        (Some(made), _) if made.claim.is_some() => return Ok(None),
        (Some(made), _) => (
            clearing_day_id(&made.institution, day, &made.area, &made.scheme, &made.care_type),
            of_settlement(made)?,
        ),
        (None, Some(back)) => (
            clearing_day_id(&back.institution, day, &back.area, &back.scheme, &back.care_type),
            back.sums.taken_back().ok_or_else(too_large)?,
        ),
        (None, None) => return Ok(None),
    };
    let (payable, from_accounts) = owed(entry)?;
    Ok(Some(DayMove { id, sums: DaySums { payable, from_accounts, ..sums } }))
}
