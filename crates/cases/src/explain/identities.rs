//! The identities that every answer satisfies, asserted before it leaves.

use crate::answer::{BillAnswer, Identity, Yuan};
use crate::error::{CaseError, ErrorCode};

/// A term of an identity: its name and amount.
type Term = (&'static str, Yuan);

fn identity(whole: Term, parts: &[Term]) -> Result<Identity, CaseError> {
    let sum: i64 = parts.iter().map(|(_, amount)| amount.fen()).sum();
    let names: Vec<&str> = parts.iter().map(|(name, _)| *name).collect();
    let label = format!("{} = {}", whole.0, names.join(" + "));
    let amounts: Vec<String> = parts.iter().map(|(_, amount)| amount.to_string()).collect();
    let figures = format!("{} = {}", whole.1, amounts.join(" + "));
    if sum != whole.1.fen() {
        return Err(CaseError::new(ErrorCode::Internal, "", "答案不自洽，已停止，不给出错误的结果")
            .found(format!("{label}：{figures}")));
    }
    Ok(Identity { label, figures })
}

/// The identities of one answer in figures.
///
/// # Errors
/// An internal error that names the identity which does not hold.
pub(super) fn check(bill: &BillAnswer) -> Result<Vec<Identity>, CaseError> {
    let broken = |what: &str| {
        CaseError::new(ErrorCode::Internal, "", "答案不自洽，已停止，不给出错误的结果").found(what)
    };
    for row in &bill.rows {
        let cells: i64 = bill.cells_of(row).map(|cell| cell.amount.fen()).sum();
        if cells != row.amount.fen() {
            return Err(broken(&format!("{}：{} ≠ {}", row.label, row.amount, Yuan::of_fen(cells))));
        }
        if bill.cells_of(row).any(|cell| cell.amount.fen() < 0) {
            return Err(broken(&format!("{}：有负数", row.label)));
        }
    }
    let fund: i64 = bill
        .cells
        .iter()
        .filter(|cell| {
            gongji_policy::Payer::from_name(&cell.payer).is_some_and(gongji_policy::Payer::is_fund)
        })
        .map(|cell| cell.amount.fen())
        .sum();
    if fund != bill.fund_paid_total.fen() {
        return Err(broken("各格合计与基金支付总额"));
    }
    let rows: i64 = bill.rows.iter().map(|row| row.amount.fen()).sum();
    if rows != bill.total_charge.fen() {
        return Err(broken("各行合计与医疗费总额"));
    }
    let mut in_scope: Vec<Term> = vec![
        ("起付", bill.deductible_applied),
        ("基金按比例支付", bill.opening_paid),
        ("按比例自付", bill.proportional_self_pay),
        ("超限额", bill.over_ceiling_amount),
    ];
    if let Some(first) = bill.account_first {
        in_scope.insert(0, ("账户先付及无基金支付", first));
    }
    Ok(vec![
        identity(
            ("医疗费总额", bill.total_charge),
            &[
                ("全自费", bill.non_covered),
                ("超限价自费", bill.over_limit_price),
                ("先行自付", bill.upfront_self_pay),
                ("符合政策范围金额", bill.in_scope_amount),
            ],
        )?,
        identity(("符合政策范围金额", bill.in_scope_amount), &in_scope)?,
        identity(
            ("基金支付总额", bill.fund_paid_total),
            &[
                ("基本统筹", bill.pooled_paid),
                ("大额补助", bill.employee_large_sum_aid),
                ("大病保险", bill.resident_critical_illness),
                ("补充保险", bill.enterprise_supplement),
                ("公务员补助", bill.civil_servant_aid),
                ("医疗救助", bill.medical_assistance),
                ("其他基金", bill.other_fund_paid),
            ],
        )?,
        identity(
            ("个人负担总额", bill.personal_burden),
            &[
                ("个人账户", bill.personal_account_paid),
                ("家庭共济", bill.mutual_aid_paid),
                ("现金", bill.cash_paid),
            ],
        )?,
        identity(
            ("医疗费总额", bill.total_charge),
            &[
                ("基金支付总额", bill.fund_paid_total),
                ("医院负担", bill.hospital_borne),
                ("个人负担总额", bill.personal_burden),
            ],
        )?,
    ])
}
