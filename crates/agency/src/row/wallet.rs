//! Wallets (医保钱包) and what relatives transfer into them.

use gongji_ledger::Account;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::desk::Row;

/// A wallet that was opened; the row's id is the person's. What it holds is the balance of the ledger's account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wallet {
    /// The area in whose books it stands.
    pub area: String,
    /// When it was opened.
    pub opened_on: Date,
}

impl Row for Wallet {
    const KIND: &'static str = "wallet";
}

/// A wallet among those whose money a bill draws on: the code of its account.
pub fn wallet_owner(area: &str, person: &str) -> String {
    Account::wallet(area, person).to_string()
}

/// How a transfer stands.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TransferStatus {
    /// 待领取: the money is held.
    Pending,
    /// 已领取.
    Accepted,
    /// 已拒收.
    Declined,
    /// 已退回: nobody took it in time.
    Returned,
}

impl TransferStatus {
    /// The term that people read.
    pub const fn label(self) -> &'static str {
        match self {
            TransferStatus::Pending => "待领取",
            TransferStatus::Accepted => "已领取",
            TransferStatus::Declined => "已拒收",
            TransferStatus::Returned => "已退回",
        }
    }
}

/// Money on its way from a personal account to a relative's wallet; the row's id is its number, `X` and the record that made it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transfer {
    /// Whose account it is taken from.
    pub grantor: String,
    /// Whose wallet it is for.
    pub beneficiary: String,
    /// What the beneficiary is to the grantor.
    pub relation: String,
    /// The area in whose books the account stood.
    pub area: String,
    /// What was taken from the current year, fen.
    pub current_year: i64,
    /// What was taken from what is carried over, fen.
    pub carried_over: i64,
    /// When: milliseconds since 1970.
    pub sent_at: i64,
    /// The day of that moment.
    pub sent_on: Date,
    /// When it goes back unless it was taken: milliseconds since 1970.
    pub returns_at: i64,
    /// How it stands.
    pub status: TransferStatus,
    /// When that was decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settled_at: Option<i64>,
}

impl Row for Transfer {
    const KIND: &'static str = "transfer";
}

impl Transfer {
    /// How much, fen.
    pub fn amount(&self) -> i64 {
        self.current_year.saturating_add(self.carried_over)
    }

    /// The id of the row that lists it under the moment at which it goes back.
    pub fn due_id(&self, id: &str) -> String {
        format!("{}/{:020}/{id}", self.area, self.returns_at.max(0))
    }
}
