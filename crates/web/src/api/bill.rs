//! A settlement as the API shows it: amounts as text in yuan.

use gongji_agency::settlement::{Cell, Settlement};
use gongji_cases::answer::Yuan;
use serde::Serialize;
use utoipa::ToSchema;

/// A cell of the table why × who.
#[derive(Serialize, ToSchema)]
pub struct BookedCell {
    /// The portion: `non_covered`, `deductible`, `band:2` …
    #[schema(example = "band:1")]
    pub row: String,
    /// The layer; absent for what remains as cash.
    #[serde(skip_serializing_if = "String::is_empty")]
    #[schema(example = "pool")]
    pub layer: String,
    /// Whose money.
    #[schema(example = "pooled_fund")]
    pub payer: String,
    /// For relatives' money: whose account, by its place in the order of grants.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub relative: Option<u8>,
    /// 金额, yuan.
    #[schema(value_type = String, example = "16808.00")]
    pub amount: Yuan,
}

/// A settlement as it was booked. Amounts in yuan.
#[derive(Serialize, ToSchema)]
pub struct BookedBill {
    /// 结算编号.
    #[schema(example = "S12")]
    pub settlement: String,
    /// The settlement that it replaces, after a re-adjudication.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replaces: Option<String>,
    /// 人员编号.
    pub person: String,
    /// 机构编码.
    pub institution: String,
    /// 就医登记; absent for a bill settled at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visit: Option<String>,
    /// The batches of lines that it settles.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub batches: Vec<u32>,
    /// 参保地.
    pub area: String,
    /// 险种.
    pub scheme: String,
    /// 就医地.
    pub care_area: String,
    /// 医疗类别.
    pub care_type: String,
    /// The benefit that was applied.
    pub benefit: String,
    /// 适用规则日.
    pub law_day: String,
    /// First day of the insurance year that it counts in.
    pub year: String,
    /// 医疗费总额.
    #[schema(value_type = String, example = "28630.93")]
    pub total: Yuan,
    /// 全自费.
    #[schema(value_type = String, example = "1236.50")]
    pub non_covered: Yuan,
    /// 超限价自费.
    #[schema(value_type = String, example = "480.00")]
    pub over_limit_price: Yuan,
    /// 先行自付.
    #[schema(value_type = String, example = "1927.07")]
    pub upfront_self_pay: Yuan,
    /// 符合政策范围金额.
    #[schema(value_type = String, example = "24987.36")]
    pub in_scope: Yuan,
    /// 基金支付总额.
    #[schema(value_type = String, example = "20632.88")]
    pub fund_paid: Yuan,
    /// 个人账户支付.
    #[schema(value_type = String, example = "2156.30")]
    pub account_paid: Yuan,
    /// 家庭共济支付.
    #[schema(value_type = String, example = "3000.00")]
    pub mutual_aid_paid: Yuan,
    /// 医院负担.
    #[schema(value_type = String, example = "0.00")]
    pub hospital_borne: Yuan,
    /// 现金.
    #[schema(value_type = String, example = "2841.75")]
    pub cash_paid: Yuan,
    /// The table. Its cells sum to the total.
    pub cells: Vec<BookedCell>,
    /// Hash of the table: what a pre-settlement and its settlement are compared by.
    pub table: String,
    /// Content hashes of the packs.
    pub packs: String,
    /// Hash of all texts of rules.
    pub edition: String,
}

impl BookedBill {
    /// The settlement without what only the program needs: its question, its history, the ids of relatives.
    pub fn of(made: Settlement) -> BookedBill {
        BookedBill {
            settlement: made.id,
            replaces: made.replaces.map(|seq| format!("S{seq}")),
            person: made.person,
            institution: made.institution,
            visit: made.visit,
            batches: made.batches,
            area: made.area,
            scheme: made.scheme,
            care_area: made.care_area,
            care_type: made.care_type,
            benefit: made.benefit,
            law_day: made.law_day.to_string(),
            year: made.year.to_string(),
            total: Yuan::of_fen(made.total),
            non_covered: Yuan::of_fen(made.non_covered),
            over_limit_price: Yuan::of_fen(made.over_limit_price),
            upfront_self_pay: Yuan::of_fen(made.upfront_self_pay),
            in_scope: Yuan::of_fen(made.in_scope),
            fund_paid: Yuan::of_fen(made.fund_paid),
            account_paid: Yuan::of_fen(made.account_paid),
            mutual_aid_paid: Yuan::of_fen(made.mutual_aid_paid),
            hospital_borne: Yuan::of_fen(made.hospital_borne),
            cash_paid: Yuan::of_fen(made.cash_paid),
            cells: made.cells.into_iter().map(cell).collect(),
            table: made.table,
            packs: made.packs,
            edition: made.edition,
        }
    }
}

fn cell(cell: Cell) -> BookedCell {
    BookedCell {
        row: cell.row,
        layer: cell.layer,
        payer: cell.payer,
        relative: cell.relative,
        amount: Yuan::of_fen(cell.fen),
    }
}
