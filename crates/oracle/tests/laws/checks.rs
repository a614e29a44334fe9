//! What holds for every answer.

use gongji_oracle::generate::Case;
use gongji_oracle::{Balances, BillInput, Outcome, adjudicate};
use gongji_policy::{CapAxis, Excess, LayerKind, Payer};

/// One answered bill with what was before and after it.
pub struct Answer<'a> {
    pub case: &'a Case,
    pub bill: &'a BillInput,
    pub outcome: Outcome,
    pub used_before: Vec<i64>,
    pub used: Vec<i64>,
    pub before: Balances,
    pub after: Balances,
}

/// Folds every bill of a case; a refused bill leaves everything as it was. How many were refused.
pub fn each(case: &Case, mut check: impl FnMut(&Answer<'_>)) -> usize {
    let mut used = case.used.clone();
    let mut balances = case.balances.clone();
    let mut refused = 0;
    for event in &case.events {
        for &counter in &event.resets {
            used[counter] = 0;
        }
        let (used_before, before) = (used.clone(), balances.clone());
        let bill = &event.bill;
        match adjudicate(&case.pack, case.scheme(), case.benefit(), bill, &mut used, &mut balances) {
            Ok(outcome) => check(&Answer {
                case,
                bill,
                outcome,
                used_before,
                used: used.clone(),
                before,
                after: balances.clone(),
            }),
            Err(_) => {
                assert_eq!((&used, &balances), (&used_before, &before), "a refused bill moves nothing");
                refused += 1;
            }
        }
    }
    refused
}

fn row_of_tag(outcome: &Outcome, row: &str, tag: usize) -> i64 {
    outcome.cells.iter().filter(|((name, of, ..), _)| name == row && *of == tag).map(|(_, fen)| fen).sum()
}

/// Identities 1 and 4: rows sum to their portions, all together to the total, and nothing is negative.
fn rows_sum_to_portions(answer: &Answer<'_>) {
    let Answer { bill, outcome, .. } = answer;
    assert!(outcome.cells.values().all(|&fen| fen > 0));
    assert_eq!(outcome.cells.values().sum::<i64>(), bill.total());
    assert_eq!(outcome.row("non_covered"), bill.non_covered.fen());
    assert_eq!(outcome.row("over_limit_price"), bill.over_limit_price.fen());
    assert_eq!(outcome.row("upfront_self_pay"), bill.upfront_self_pay.fen());
    for (tag, portions) in outcome.tags.iter().enumerate() {
        assert_eq!(row_of_tag(outcome, "deductible", tag), portions.deductible);
        assert_eq!(row_of_tag(outcome, "over_ceiling", tag), portions.over_ceiling);
        assert_eq!(row_of_tag(outcome, "account_first", tag), portions.account_first + portions.unopened);
        let bands: i64 = (1..=7).map(|band| row_of_tag(outcome, &format!("band:{band}"), tag)).sum();
        assert_eq!(bands, portions.opener_paid + portions.own_share.values().sum::<i64>());
    }
}

/// Identity 2: the parts of in-scope money.
fn in_scope_is_its_parts(answer: &Answer<'_>) {
    for (amount, portions) in answer.bill.in_scope.iter().zip(&answer.outcome.tags) {
        let own_share: i64 = portions.own_share.values().sum();
        let parts = [
            portions.account_first,
            portions.opener_paid,
            portions.deductible,
            own_share,
            portions.over_ceiling,
            portions.unopened,
        ];
        assert!(parts.iter().all(|&part| part >= 0));
        assert_eq!(amount.fen(), parts.iter().sum::<i64>());
    }
}

/// Identity 3, and purses are drawn by what they paid.
fn payers_sum_to_the_total(answer: &Answer<'_>) {
    let paid = |payer: Payer| answer.outcome.paid_by(payer);
    let funds: i64 = Payer::ALL.into_iter().filter(|payer| payer.is_fund()).map(paid).sum();
    let burden = answer.bill.total() - funds - paid(Payer::Hospital);
    let own = [Payer::CurrentYear, Payer::CarriedOver, Payer::Relatives, Payer::Cash].map(paid);
    assert_eq!(burden, own.iter().sum::<i64>());
    assert_eq!(answer.before.current_year.fen() - answer.after.current_year.fen(), own[0]);
    assert_eq!(answer.before.carried_over.fen() - answer.after.carried_over.fen(), own[1]);
    let relatives = answer.before.relatives.iter().zip(&answer.after.relatives);
    for (index, (before, after)) in relatives.enumerate() {
        let cells = answer
            .outcome
            .cells
            .iter()
            .filter(|((_, _, payer, _, relative), _)| *payer == Payer::Relatives && *relative == index);
        assert_eq!(before.fen() - after.fen(), cells.map(|(_, fen)| fen).sum::<i64>());
        assert!(!after.is_negative());
    }
    assert!(!answer.after.current_year.is_negative() && !answer.after.carried_over.is_negative());
    let by_layer: i64 = answer.outcome.paid.iter().sum();
    assert_eq!(by_layer + own[3], answer.bill.total());
}

/// After a bill the use of a cap is at most the cap, or what it was; a deductible may be taken without room.
fn caps_hold(answer: &Answer<'_>) {
    for used in &answer.outcome.caps {
        let layer = &answer.case.benefit().layers[used.layer];
        let caps = match &layer.kind {
            LayerKind::Ratio(ratio) => &ratio.caps,
            LayerKind::Purse(purse) => &purse.caps,
            LayerKind::Guarantee(_) | LayerKind::Tally => continue,
        };
        let cap = &caps[used.cap];
        let eligible = matches!(cap.axis, CapAxis::EligibleNet | CapAxis::EligibleGross);
        let Some(amount) = used.amount else { continue };
        if eligible && cap.excess == Excess::OwnShare {
            continue;
        }
        let with_deductible = matches!(cap.axis, CapAxis::EligibleGross | CapAxis::PaidWithDeductible);
        let at_least = used.before + if with_deductible { used.deductible } else { 0 };
        assert!(
            used.before + used.added <= amount.max(at_least),
            "{} cap {}: {used:?}",
            layer.name,
            used.cap
        );
        assert!(used.added >= 0);
    }
    assert!(answer.used.iter().zip(&answer.used_before).all(|(after, before)| after >= before));
}

/// Where no purse comes before a fund, the purses never change what funds pay.
fn purses_do_not_move_funds(answer: &Answer<'_>) {
    let layers = &answer.case.benefit().layers;
    let first_purse = layers.iter().position(|layer| matches!(layer.kind, LayerKind::Purse(_)));
    let last_fund =
        layers.iter().rposition(|layer| matches!(layer.kind, LayerKind::Ratio(_) | LayerKind::Guarantee(_)));
    if first_purse < last_fund {
        return;
    }
    let (case, mut used) = (answer.case, answer.used_before.clone());
    let mut empty = Balances::default();
    let poor = adjudicate(&case.pack, case.scheme(), case.benefit(), answer.bill, &mut used, &mut empty);
    let funds = |outcome: &Outcome| {
        let cells = outcome.cells.clone().into_iter();
        cells.filter(|((_, _, payer, ..), _)| payer.is_fund()).collect::<Vec<_>>()
    };
    assert_eq!(poor.as_ref().map(funds), Ok(funds(&answer.outcome)));
}

/// All of them.
pub fn every_law(answer: &Answer<'_>) {
    rows_sum_to_portions(answer);
    in_scope_is_its_parts(answer);
    payers_sum_to_the_total(answer);
    caps_hold(answer);
    purses_do_not_move_funds(answer);
}
