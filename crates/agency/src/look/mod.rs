//! Looking: what the agency shows, each person to whom it may be shown. Nothing here changes anything.
//!
//! Every function takes the desk of a view and the context of who asks, as [`crate::office::Office::look`] gives them. Amounts become
//! text in yuan, as in commands; certificate numbers are masked.

mod between;
mod catalogue;
mod claim;
mod clearing;
mod clearing_list;
mod comparison;
mod contribution;
mod correction;
mod cover;
mod family;
mod file;
mod filing;
mod find;
mod five;
mod fund;
mod grant;
mod institution;
mod people;
mod person;
mod sight;
mod statement;
mod token;
mod worked;

pub use between::{BetweenAreas, NetPosition, Netting, between_areas, netting};
pub use catalogue::{every_item, items};
pub use claim::{
    ClaimBrief, ClaimLineSeen, ClaimSeen, ClaimStepSeen, DocumentSeen, PaymentSeen, claim, claims, claims_of,
    payments,
};
pub use clearing::{DayState, DayTotals, clearing_days, institution_bills, institution_days};
pub use clearing_list::{
    ClearedDaySeen, ClearingPaymentSeen, ClearingSeen, DeductionSeen, clearing, clearings,
};
pub use comparison::{AmountSeen, ComparisonSeen, DifferenceSeen, FiguresSeen, GroupSeen, comparison};
pub use contribution::{
    BillLineSeen, BillSeen, FigureSeen, PayerSeen, arrears, bill, bill_lines, bills, employer, employers,
};
pub use correction::{
    CorrectionLineSeen, CorrectionLines, CorrectionSeen, OutlierSeen, PurseMoved, correction,
    correction_lines, corrections,
};
pub use cover::{CoverOn, CoverState, cover, cover_on};
pub use family::{DrawSeen, DrawsSeen, FlagSeen, TransferSeen, TransfersSeen, draws, flags, transfers};
pub use file::{FileEntry, PersonFile, SettlementBrief, label_of, person_file};
pub use filing::{FilingSearch, FilingSeen, PersonFilings, ProofSeen, filings, filings_in};
pub use find::{Found, find_person};
pub use five::{FiveOfPerson, Known, Used, five};
pub use fund::{FundLineSeen, FundMonthSeen, FundSeen, FundStatement, fund_lines, fund_statement};
pub use grant::{GrantSeen, LimitsSeen, granted_by, granted_to};
pub use institution::{InstitutionSearch, institution, institutions};
pub use people::{PersonBrief, people};
pub use person::{AccountSeen, CertificateSeen, CredentialSeen, PersonSeen, person};
pub use statement::{Movement, Statement, StatementLine, statement};
pub use token::{TokenSeen, tokens};
pub use worked::calculations;

use serde::Serialize;

use crate::desk::{Desk, Row};
use crate::port::{RowId, StoreError};
use crate::stop::Stop;

/// The most entries of a page.
pub const MOST_ON_A_PAGE: usize = 1_000;

/// Part of a list.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Page<T> {
    /// The entries.
    pub entries: Vec<T>,
    /// After which id the next page begins; `None` at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// Rows of several ids in one journey; `None` where there is none.
fn rows<R: Row>(desk: &mut Desk<'_>, ids: &[String]) -> Result<Vec<Option<R>>, Stop> {
    let keys: Vec<RowId> = ids.iter().map(|id| RowId { kind: R::KIND, id: id.clone() }).collect();
    let texts = desk.view().rows(&keys)?;
    let read = |(key, text): (&RowId, Option<String>)| {
        text.map(|text| {
            serde_json::from_str(&text)
                .map_err(|error| StoreError::Corrupt(format!("{}/{} 读不懂：{error}", key.kind, key.id)))
        })
        .transpose()
    };
    Ok(keys.iter().zip(texts).map(read).collect::<Result<_, _>>()?)
}

/// Walks the ids of a kind under a prefix, in order, until `limit` entries were found. `see` gives for each part of the ids what of it is shown.
fn walk<T>(
    desk: &mut Desk<'_>,
    (kind, prefix, after): (&'static str, &str, &str),
    limit: usize,
    mut see: impl FnMut(&mut Desk<'_>, &[(String, String)]) -> Result<Vec<Option<T>>, Stop>,
) -> Result<Page<T>, Stop> {
    let limit = limit.clamp(1, MOST_ON_A_PAGE);
    let mut after = after.to_owned();
    let mut entries = Vec::new();
    loop {
        let part = desk.view().page(kind, prefix, &after, limit)?;
        let last = part.len() < limit;
        for ((id, _), seen) in part.iter().zip(see(desk, &part)?) {
            after.clone_from(id);
            entries.extend(seen);
            if entries.len() == limit {
                return Ok(Page { entries, next: Some(after) });
            }
        }
        if last {
            return Ok(Page { entries, next: None });
        }
    }
}
