//! The identities of every answer: rows sum to their portions, payers to the total, purses to what they paid.

use gongji_oracle::generate::Case;
use gongji_policy::Payer;

use crate::common::{Answer, each, on_all_cores, written_cases};

const SEEDS: usize = 3_000;
const SEEDS_EACH: u64 = 3;

pub fn hold(answer: &Answer<'_>) {
    let (bill, cells) = (&answer.bill, answer.cells());
    assert!(cells.values().all(|fen| *fen > 0), "no cell is below nothing");
    assert_eq!(cells.values().sum::<i64>(), bill.total(), "all cells are the bill");

    let row = |name: &str, tag: usize| {
        let of_row = cells.iter().filter(|((row, of, ..), _)| row == name && *of == tag);
        of_row.map(|(_, fen)| fen).sum::<i64>()
    };
    assert_eq!(row("non_covered", 0), bill.non_covered);
    assert_eq!(row("over_limit_price", 0), bill.over_limit_price);
    assert_eq!(row("upfront_self_pay", 0), bill.upfront_self_pay);
    for tag in 0..answer.plan.slots().tags() {
        let bands: i64 = (1..=17).map(|band| row(&format!("band:{band}"), tag)).sum();
        let parts = ["account_first", "deductible", "over_ceiling"].map(|name| row(name, tag));
        assert_eq!(parts.iter().sum::<i64>() + bands, bill.in_scope[tag], "the rows of a tag are its money");
    }

    let column = |payer: Payer| {
        let of_payer = cells.iter().filter(|((_, _, who, ..), _)| *who == payer);
        of_payer.map(|(_, fen)| fen).sum::<i64>()
    };
    let funds: i64 = Payer::ALL.into_iter().filter(|payer| payer.is_fund()).map(column).sum();
    assert_eq!(funds, answer.funds());
    let burden = bill.total() - funds - column(Payer::Hospital);
    let own = [Payer::CurrentYear, Payer::CarriedOver, Payer::Relatives, Payer::Cash].map(column);
    assert_eq!(burden, own.iter().sum::<i64>(), "what no fund pays, the person and the family pay");
    assert_eq!(own[3], answer.sheet.cash());
    for (layer, paid) in answer.sheet.payments().iter().enumerate() {
        let of_layer = cells.iter().filter(|((_, _, _, at, _), _)| *at == layer);
        assert_eq!(of_layer.map(|(_, fen)| fen).sum::<i64>(), *paid, "layer {layer}");
    }

    let drawn: Vec<i64> =
        answer.purses_before.iter().zip(&answer.purses).map(|(before, after)| before - after).collect();
    assert_eq!(drawn[..2], own[..2], "own accounts are drawn by what they paid");
    assert_eq!(drawn[2..].iter().sum::<i64>(), own[2], "relatives' accounts are drawn by what they paid");
    let below =
        answer.purses_before.iter().zip(&answer.purses).any(|(before, after)| *after < (*before).min(0));
    assert!(!below, "no purse is drawn below nothing");
}

#[test]
fn identities_hold_on_generated_cases() {
    let [bills, refused] = on_all_cores(SEEDS, |seed| {
        let case = Case::from_seed(seed as u64);
        [case.events.len(), each(&case, hold)]
    });
    println!("{bills} bills, {refused} refused");
    assert!(refused * 10 < bills);
}

#[test]
fn identities_hold_on_written_packs() {
    let cases = written_cases(SEEDS_EACH);
    let [bills, refused] =
        on_all_cores(cases.len(), |number| [cases[number].events.len(), each(&cases[number], hold)]);
    println!("{} cases, {bills} bills, {refused} refused", cases.len());
    assert!(refused * 2 < bills);
}
