//! Payments to people: reimbursements, refunds.

use gongji_ledger::SubAccount;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::desk::Row;

/// Where a payment went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaidTo {
    /// A bank account.
    Bank {
        /// 户名.
        holder: String,
        /// 开户银行.
        bank: String,
        /// 账号, as it was given.
        number: String,
    },
    /// The person's own account.
    Account {
        /// The area in whose books it stood.
        area: String,
        /// Which part.
        sub_account: SubAccount,
    },
}

/// A payment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// `D` and the record that made it.
    pub id: String,
    /// To whom.
    pub person: String,
    /// Which area pays.
    pub area: String,
    /// The claim; `None` for a refund.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claim: Option<String>,
    /// Fen.
    pub amount: i64,
    /// The day.
    pub on: Date,
    /// Where.
    pub to: PaidTo,
    /// Why it came back; `None` where it did not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub returned: Option<Returned>,
}

/// That a payment came back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Returned {
    /// The day.
    pub on: Date,
    /// The coded reason.
    pub reason: String,
    /// In words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

impl Row for Payment {
    const KIND: &'static str = "payment";
}
