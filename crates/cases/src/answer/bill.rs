//! The answer to a bill.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Cell, Clause, CounterStatus, Day, Notice, PursesChange, Receipt, StepAnswer, TableRow, Yuan};

/// Which rules answered, and what they took the event to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Benefit {
    /// Code of the insured area (参保地).
    pub pooling_area: String,
    /// Its name.
    pub area: String,
    /// `employee` or `resident`.
    pub scheme: String,
    /// 险种, as people read it.
    pub scheme_label: String,
    /// The benefit's name in the pack.
    pub benefit: String,
    /// The benefit, as people read it (普通门诊, 住院).
    pub benefit_label: String,
    /// The kind of care as asked.
    pub care_type: String,
    /// 医疗类别, as people read it.
    pub care_type_label: String,
    /// The settlement date of the event.
    pub date: Day,
    /// The day whose law was applied: the area's choice among the event's dates, or the option `on`.
    pub law_date: Day,
    /// First and last day of the insurance year that the event counts in.
    pub insurance_year: (Day, Day),
    /// Interval of the benefit in force on the law's date.
    pub in_force: (Day, Option<Day>),
    /// Which admission of the year this is, where the benefit counts them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ordinal: Option<u32>,
    /// Age in whole years on the law's date, where the birth date is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub age: Option<i64>,
    /// 就医地相对参保地: `home`, `province`, `away`.
    pub place: String,
}

/// Every fen of one bill. Names down to `over_ceiling_amount` are those of the case format.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BillAnswer {
    /// 医疗费总额.
    pub total_charge: Yuan,
    /// 全自费.
    pub non_covered: Yuan,
    /// 超限价自费.
    pub over_limit_price: Yuan,
    /// 先行自付.
    pub upfront_self_pay: Yuan,
    /// 符合政策范围金额.
    pub in_scope_amount: Yuan,
    /// In-scope money that an account paid before a fund layer opened it, or that no fund layer opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account_first: Option<Yuan>,
    /// 本次起付, as the opening layers took it.
    pub deductible_applied: Yuan,
    /// 基本统筹支付.
    pub pooled_paid: Yuan,
    /// 职工大额补助支付.
    pub employee_large_sum_aid: Yuan,
    /// 大病保险支付.
    pub resident_critical_illness: Yuan,
    /// 企业补充及商业补充支付.
    pub enterprise_supplement: Yuan,
    /// 公务员补助支付.
    pub civil_servant_aid: Yuan,
    /// 医疗救助支付.
    pub medical_assistance: Yuan,
    /// 其他基金支付.
    pub other_fund_paid: Yuan,
    /// Of the above, what guarantee layers (保底) paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guarantee_paid: Option<Yuan>,
    /// 基金支付总额; never includes the accounts.
    pub fund_paid_total: Yuan,
    /// 医院负担.
    pub hospital_borne: Yuan,
    /// 个人负担总额.
    pub personal_burden: Yuan,
    /// 个人账户支付.
    pub personal_account_paid: Yuan,
    /// 共济支付.
    pub mutual_aid_paid: Yuan,
    /// 现金支付.
    pub cash_paid: Yuan,
    /// 按比例自付, as the opening layers left it.
    pub proportional_self_pay: Yuan,
    /// 超限额金额, as the opening layers left it.
    pub over_ceiling_amount: Yuan,
    /// What the layers that opened the in-scope money paid: with `account_first`, the deductible, the own share and what lies
    /// over the ceiling it sums to `in_scope_amount`.
    pub opening_paid: Yuan,

    /// The first sentence, in words for people: total, what the funds pay, what the family pays.
    pub sentence: String,
    /// Further sentences.
    pub words: Words,
    /// The three ratios side by side.
    pub ratios: Ratios,
    /// The rows of the table why × who, in order; zero rows of the four portions included.
    pub rows: Vec<TableRow>,
    /// The cells of the table. Each row's and each payer's cells sum to its amount.
    pub cells: Vec<Cell>,
    /// What each layer did or why it did nothing, in order of the stack.
    pub steps: Vec<StepAnswer>,
    /// How the year stands: counters before, by and after this bill.
    pub year_status: Vec<CounterStatus>,
    /// The purses before and after this bill.
    pub purses: PursesChange,
    /// The identities in figures, as a statement prints them.
    pub identities: Vec<Identity>,
    /// How each line was split, where the bill gave lines (at most the first thousand).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<LineAnswer>,
    /// Which rules answered.
    pub benefit: Benefit,
    /// What readers should know besides: unverified values, the area's remark, what was not yet known.
    pub notices: Vec<Notice>,
    /// The counters of the scheme after this bill, by name: amounts in yuan, admissions as a whole number. May be stated
    /// as `accumulated` in another case.
    pub accumulated: BTreeMap<String, String>,
    /// What this was computed with.
    pub receipt: Receipt,
}

impl BillAnswer {
    /// The cells of one row of the table, in order of payers.
    pub fn cells_of<'answer>(&'answer self, row: &'answer TableRow) -> impl Iterator<Item = &'answer Cell> {
        row.cells.iter().filter_map(|index| self.cells.get(*index))
    }

    /// The further clauses of a cell, in order of use.
    pub fn further<'answer>(&'answer self, cell: &'answer Cell) -> impl Iterator<Item = &'answer Clause> {
        let step = self.steps.iter().find(|step| step.layer == cell.layer);
        cell.further.iter().filter_map(move |rule| {
            step.and_then(|step| step.clauses.iter().find(|clause| clause.rule_id == *rule))
        })
    }

    /// What one payer pays of the whole bill.
    pub fn paid_by(&self, payer: &str) -> Yuan {
        Yuan(self.cells.iter().filter(|cell| cell.payer == payer).map(|cell| cell.amount.0).sum())
    }
}

/// Sentences for people, all Chinese, each ready to print. Empty text where there is nothing to say.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    /// From which purses the family's money comes.
    pub purses: String,
    /// Why the family pays: its largest reason, with the figures.
    pub why: String,
    /// The three ratios, and where the difference comes from.
    pub ratios: String,
    /// How the year stands.
    pub year: String,
    /// Where a rounding moved less than a fen: the exact amount and who bears it.
    pub penny: String,
    /// One sentence for each layer that did not trigger.
    pub untriggered: Vec<String>,
    /// Which rules and dates: 试算 watermark.
    pub rules: String,
}

/// 规定比例 → 政策范围内支付比例 → 实际支付比例, as percent text with at most two decimals.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ratios {
    /// The ratios of the bands that this bill reached, in order: `["85%", "88%"]`.
    pub in_bands: Vec<String>,
    /// Funds' share of the in-scope amount; `None` for a bill without one.
    pub in_scope: Option<String>,
    /// Funds' share of the whole bill; `None` for a bill of nothing.
    pub of_total: Option<String>,
}

/// One identity of the bill in figures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// What it says: 医疗费总额 = 全自费 + ….
    pub label: String,
    /// The same in figures: `28630.93 = 1236.50 + …`.
    pub figures: String,
}

/// How one line of the bill was split.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineAnswer {
    /// The item's code, where given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The item's name, where given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// 甲/乙/丙: `A`, `B`, `C`.
    pub class: String,
    /// What the line costs.
    pub amount: Yuan,
    /// 全自费.
    pub non_covered: Yuan,
    /// 超限价自费.
    pub over_limit_price: Yuan,
    /// 先行自付.
    pub upfront_self_pay: Yuan,
    /// 符合政策范围.
    pub in_scope: Yuan,
    /// The tag of the in-scope money: `general` or one that the benefit declares.
    pub tag: String,
    /// The rows of the catalogue that decided.
    pub clauses: Vec<Clause>,
}
