//! The rows of the store: the present state of each thing, derived from the journal.

mod area_payment;
mod balance;
mod catalogue;
mod claim;
mod clearing;
mod clearing_day;
mod contribution;
mod correction;
mod employer;
mod filing;
mod flag;
mod fund_month;
mod fund_year;
mod grant;
mod institution;
mod note;
mod payment;
mod person;
mod reconciled_day;
mod standing;
mod tally;
mod token;
mod visit;
mod wallet;

pub use area_payment::{AreaPayment, AreaPaymentStatus};
pub use balance::Balance;
pub use catalogue::{Item, ItemKind, ItemVersion};
pub use claim::{
    Claim, ClaimLine, ClaimStatus, ClaimStep, Document, DocumentKind, Invoice, LineDecision, Reckoned,
    Verdict,
};
pub use clearing::{
    ClearedDay, Clearing, ClearingPayment, ClearingStatus, Deduction, Deposit, clearing_in_id,
};
pub use clearing_day::{ClearingDay, DaySums, clearing_day_id};
pub use contribution::{
    AccountYear, BillKind, BillPart, BillStatus, ContributionBill, FailedDebit, PaidOn, Payer, Premium, Run,
    part_id,
};
pub use correction::{
    Correction, CorrectionLine, CorrectionPart, CorrectionStatus, LineState, Outlier, Trouble,
};
pub use employer::{Declared, DeclaredFrom, Employer, flexible_payer, pension_payer};
pub use filing::{Filing, FilingKind, FilingStatus, Filings, Proof, Reviewed};
pub use flag::{Flag, FlagKind, FlagStatus};
pub use fund_month::{FundMonth, fund_month_id};
pub use fund_year::{FundYear, fund_year_id};
pub use grant::{Application, Grant, Grants, Limits, Pause, grant_tally_id};
pub use institution::{Designation, Institution};
pub use note::Note;
pub use payment::{PaidTo, Payment, Returned};
pub use person::{
    Certificate, CertificateHolder, CertificateKind, Cover, Credential, CredentialKind, CredentialStatus,
    Person, PersonIn, YearsPaid, mask,
};
pub use reconciled_day::{ComparedGroup, Comparison, ComparisonKind, Confirmed, Figures, ReconciledDay};
pub use standing::{Moved, Standing};
pub use tally::{LiveStay, Tally, life_id, stay_id, year_id};
pub use token::TokenRow;
pub use visit::{Admitted, Batch, Line, LineAt, Lines, Visit, VisitStatus};
pub use wallet::{Transfer, TransferStatus, Wallet, wallet_owner};

use serde::{Deserialize, Serialize};

use crate::desk::Row;

/// That a record was cancelled, and by which: at most one for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reversal {
    /// The record that cancelled it.
    pub by: u64,
}

impl Row for Reversal {
    const KIND: &'static str = "reversal";
}

/// The texts of the rules under which settlements were computed, by the hash of all of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edition {
    /// Name and text of each file.
    pub files: Vec<(String, String)>,
}

impl Row for Edition {
    const KIND: &'static str = "edition";
}

/// An empty row that lists something under another id, such as an institution under its area.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {}

/// Kinds of rows that are written from a record's postings and counts.
pub const HOT: [&str; 5] = [Standing::KIND, Tally::KIND, Balance::KIND, FundMonth::KIND, ClearingDay::KIND];

/// Every kind of row.
pub const KINDS: &[&str] = &[
    Person::KIND,
    CertificateHolder::KIND,
    Standing::KIND,
    Tally::KIND,
    Balance::KIND,
    FundMonth::KIND,
    ClearingDay::KIND,
    Institution::KIND,
    "institution_in",
    Item::KIND,
    Grants::KIND,
    "granted",
    TokenRow::KIND,
    Visit::KIND,
    Lines::KIND,
    Admitted::KIND,
    Reversal::KIND,
    Edition::KIND,
    PersonIn::KIND,
    Note::KIND,
    ReconciledDay::KIND,
    Comparison::KIND,
    Clearing::KIND,
    "clearing_in",
    Deposit::KIND,
    AreaPayment::KIND,
    "area_payment_in",
    FundYear::KIND,
    Claim::KIND,
    "claim_in",
    "claim_of",
    Invoice::KIND,
    Payment::KIND,
    "payment_of",
    Correction::KIND,
    "correction_in",
    CorrectionPart::KIND,
    Employer::KIND,
    "employer_in",
    Declared::KIND,
    ContributionBill::KIND,
    BillPart::KIND,
    "bill_of",
    Payer::KIND,
    "owing",
    Run::KIND,
    AccountYear::KIND,
    Premium::KIND,
    Filings::KIND,
    "filings_in",
    Wallet::KIND,
    Transfer::KIND,
    "transfers_of",
    "transfers_due",
    Flag::KIND,
    "flags_in",
];

/// The kind of that name.
pub fn kind(name: &str) -> Option<&'static str> {
    KINDS.iter().copied().find(|known| *known == name)
}
