//! A settlement as the journal keeps it.

use gongji_cases::settle::History;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::refusal::Refusal;

/// A cell of the table: why, which layer, who, and so many fen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    /// The portion: `non_covered`, `deductible`, `band:2` …
    pub row: String,
    /// The layer; empty for what remains as cash.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub layer: String,
    /// Whose money, by the payer's name.
    pub payer: String,
    /// Whose account, for relatives' money: the place in `relatives`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relative: Option<u8>,
    /// Fen.
    pub fen: i64,
}

/// A settlement. Amounts in fen.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Settlement {
    /// 结算编号: `S` and the number of its record.
    pub id: String,
    /// Its place in the person's year: its own number, or that of the settlement that it replaces.
    pub place: u64,
    /// The settlement that it replaces, after a re-adjudication.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<u64>,
    /// Whose.
    pub person: String,
    /// Where.
    pub institution: String,
    /// The visit; `None` for a bill settled at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visit: Option<String>,
    /// The batches of lines that it settles.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub batches: Vec<u32>,
    /// The claim that it reimburses: the person paid the bill, and what funds and accounts pay is owed to the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claim: Option<String>,
    /// What the institution collected in cash, where that is no longer `cash_paid` because the bill was settled again under other rules: the
    /// institution keeps it, and the difference lies between the agency and the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collected: Option<i64>,
    /// 参保地.
    pub area: String,
    /// The scheme.
    pub scheme: String,
    /// 就医地.
    pub care_area: String,
    /// 医疗类别.
    pub care_type: String,
    /// The benefit that was applied.
    pub benefit: String,
    /// The day whose law was applied.
    pub law_day: Date,
    /// The first day of the insurance year that it counts in.
    pub year: Date,
    /// 医疗费总额.
    pub total: i64,
    /// 全自费.
    pub non_covered: i64,
    /// 超限价自费.
    pub over_limit_price: i64,
    /// 先行自付.
    pub upfront_self_pay: i64,
    /// 符合政策范围金额.
    pub in_scope: i64,
    /// 基金支付总额.
    pub fund_paid: i64,
    /// 个人账户支付, own.
    pub account_paid: i64,
    /// 家庭共济支付.
    pub mutual_aid_paid: i64,
    /// 医院负担.
    pub hospital_borne: i64,
    /// 现金.
    pub cash_paid: i64,
    /// The table. Its cells sum to the total.
    pub cells: Vec<Cell>,
    /// Whose accounts could be drawn on besides the own one, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub relatives: Vec<String>,
    /// Under which grants, in the same order; empty for the own wallet.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub grants: Vec<String>,
    /// Hash of the table: what a quote and its settlement are compared by.
    pub table: String,
    /// Content hashes of the packs.
    pub packs: String,
    /// Hash of all texts of rules.
    pub edition: String,
    /// The question as a case: person, purses and the one event.
    pub case: Box<RawValue>,
    /// What earlier settlements had left.
    pub history: History,
}

impl Settlement {
    /// The institution that the agency settles with; `None` where the person paid and is reimbursed.
    pub fn settles_with(&self) -> Option<&str> {
        match self.claim {
            None => Some(&self.institution),
            Some(_) => None,
        }
    }

    /// What the agency owes for it, fen: to the institution, and to the person (less than nothing where the person has to give back).
    pub fn owed(&self) -> (i64, i64) {
        let agency = self.total - self.cash_paid - self.hospital_borne;
        match (&self.claim, self.collected) {
            (Some(_), _) => (0, agency),
            (None, None) => (agency, 0),
            (None, Some(collected)) => {
                (self.total - collected - self.hospital_borne, collected - self.cash_paid)
            }
        }
    }

    /// Σ of the table against its portions and its payers: as computed, as written, as read back.
    ///
    /// # Errors
    /// A sentence that names the sum that does not hold.
    pub fn check(&self) -> Result<(), String> {
        let cells = self
            .cells
            .iter()
            .map(|cell| cell.fen)
            .try_fold(0_i64, i64::checked_add)
            .ok_or_else(|| "表格合计超出范围".to_owned())?;
        let portions = self.non_covered + self.over_limit_price + self.upfront_self_pay + self.in_scope;
        let payers =
            self.fund_paid + self.account_paid + self.mutual_aid_paid + self.hospital_borne + self.cash_paid;
        for (what, sum) in [("各格", cells), ("各部分", portions), ("各方支付", payers)] {
            if sum != self.total {
                return Err(format!("{}：{what}合计 {sum} 分，总额 {} 分", self.id, self.total));
            }
        }
        Ok(())
    }
}

/// The number of the record in an id such as `S12`, `V7`.
///
/// # Errors
/// A refusal where the text is no such id.
pub fn number_of(letter: char, id: &str) -> Result<u64, Refusal> {
    id.strip_prefix(letter)
        .and_then(|digits| digits.parse().ok())
        .filter(|number| *number > 0 && format!("{letter}{number}") == id)
        .ok_or_else(|| {
            Refusal::new("malformed_id", "编号写法不对").found(id).expected(format!("{letter}12 这样的编号"))
        })
}
