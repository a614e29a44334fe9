//! The limit: one fixed rule, written by hand for nothing else.

use crate::columns::Columns;

/// Deductible 900.00, then 88% half-up to a yearly cap of 150,000.00; the account pays the rest as far as it goes.
pub fn run(columns: &Columns, fund: &mut [i64], account: &mut [i64], cash: &mut [i64]) {
    let (mut person, mut paid_this_year, mut balance) = (u32::MAX, 0, 0);
    for row in 0..columns.rows() {
        if columns.person[row] != person {
            person = columns.person[row];
            paid_this_year = 0;
            balance = columns.carried_over[row];
        }
        let in_scope = columns.in_scope[row];
        let net = (in_scope - 90_000).max(0);
        let pays = ((net * 88 + 50) / 100).min(15_000_000 - paid_this_year);
        paid_this_year += pays;
        let draws = balance.min(in_scope - pays + columns.upfront_self_pay[row]);
        balance -= draws;
        fund[row] = pays;
        account[row] = draws;
        cash[row] = in_scope + columns.upfront_self_pay[row] + columns.non_covered[row] - pays - draws;
    }
}
