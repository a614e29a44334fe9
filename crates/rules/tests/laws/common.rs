//! Cases of the oracle's generator, folded by the engine.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use gongji_oracle::generate::{Case, Event};
use gongji_oracle::{Balances, BillInput};
use gongji_packs::PackTexts;
use gongji_policy::plan::{Plan, Refusal, Resolution, SlotKind};
use gongji_policy::{Pack, Payer, read_packs};
use gongji_rules::{Bill, NoTrace, Step, Worksheet, adjudicate};

/// The table why × who: row, tag, payer, layer (`usize::MAX` for cash), relative.
pub type Cells = BTreeMap<(String, usize, Payer, usize, usize), i64>;

/// One answered bill with what was before and after it.
pub struct Answer<'case> {
    pub plan: &'case Plan<'case>,
    pub event: &'case Event,
    pub bill: Bill,
    pub resolution: Resolution<'case>,
    pub sheet: Worksheet,
    pub trace: Vec<Step>,
    pub used_before: Vec<i64>,
    pub used: Vec<i64>,
    pub purses_before: Vec<i64>,
    pub purses: Vec<i64>,
}

/// The oracle's bill as the engine takes it.
pub fn bill(input: &BillInput) -> Bill {
    let mut bill = Bill {
        non_covered: input.non_covered.fen(),
        over_limit_price: input.over_limit_price.fen(),
        upfront_self_pay: input.upfront_self_pay.fen(),
        stay_days: input.stay_days,
        ..Bill::default()
    };
    for (tag, amount) in input.in_scope.iter().enumerate() {
        bill.in_scope[tag] = amount.fen();
    }
    bill
}

/// The oracle's balances as the engine takes them.
pub fn purses(balances: &Balances) -> Vec<i64> {
    let own = [balances.current_year.fen(), balances.carried_over.fen()];
    own.into_iter().chain(balances.relatives.iter().map(|balance| balance.fen())).collect()
}

/// Folds one bill with and without a trace, which must come to the same.
pub fn fold<'case>(
    plan: &'case Plan<'case>,
    event: &'case Event,
    used: &[i64],
    purses: &[i64],
) -> Result<Answer<'case>, Refusal> {
    let resolution = plan.resolve(&event.bill.facts, event.bill.law_date);
    let bill = bill(&event.bill);
    let new_sheet = || Worksheet::new(plan.slots(), plan.benefit().layers.len());
    let (mut sheet, mut used_after, mut purses_after) = (new_sheet(), used.to_vec(), purses.to_vec());
    let mut trace: Vec<Step> = Vec::new();
    let slots = plan.slots();
    adjudicate(slots, &resolution, &bill, &mut used_after, &mut purses_after, &mut sheet, &mut trace);

    let (mut bare, mut used_bare, mut purses_bare) = (new_sheet(), used.to_vec(), purses.to_vec());
    adjudicate(slots, &resolution, &bill, &mut used_bare, &mut purses_bare, &mut bare, &mut NoTrace);
    assert_eq!(bare.refusal(&resolution), sheet.refusal(&resolution), "the trace changes nothing");
    if let Some(refusal) = sheet.refusal(&resolution) {
        return Err(refusal.clone());
    }
    assert_eq!((bare.payments(), bare.cash()), (sheet.payments(), sheet.cash()), "the trace changes nothing");
    assert_eq!((&used_bare, &purses_bare), (&used_after, &purses_after), "the trace changes nothing");
    Ok(Answer {
        plan,
        event,
        bill,
        resolution,
        sheet,
        trace,
        used_before: used.to_vec(),
        used: used_after,
        purses_before: purses.to_vec(),
        purses: purses_after,
    })
}

/// Folds every bill of a case, counters and purses carried on; a refused bill moves nothing. How many were refused.
pub fn each(case: &Case, mut check: impl FnMut(&Answer<'_>)) -> usize {
    let plan = Plan::compile(&case.pack, case.scheme(), case.benefit());
    let (mut used, mut balances) = (case.used.clone(), purses(&case.balances));
    let mut refused = 0;
    for event in &case.events {
        for counter in &event.resets {
            used[*counter] = 0;
        }
        match fold(&plan, event, &used, &balances) {
            Ok(answer) => {
                check(&answer);
                (used, balances) = (answer.used, answer.purses);
            }
            Err(_) => refused += 1,
        }
    }
    refused
}

impl Answer<'_> {
    /// The table why × who, from the trace.
    pub fn cells(&self) -> Cells {
        let layers = &self.plan.benefit().layers;
        let mut cells = Cells::new();
        for step in &self.trace {
            let (slot, payer, layer, account, amount) = match *step {
                Step::Band { layer, slot, paid, .. } if opens(self.plan, layer) => {
                    (slot, layers[usize::from(layer)].payer, usize::from(layer), 0, paid)
                }
                Step::Relief { layer, slot, account, amount } => {
                    (slot, layers[usize::from(layer)].payer, usize::from(layer), usize::from(account), amount)
                }
                Step::Cash { slot, amount } => (slot, Payer::Cash, usize::MAX, 0, amount),
                _ => continue,
            };
            let (name, tag) = row(self.plan.slots().kind(slot));
            if amount != 0 {
                *cells.entry((name, tag, payer, layer, account)).or_default() += amount;
            }
        }
        cells
    }

    /// What funds paid, in fen.
    pub fn funds(&self) -> i64 {
        let layers = &self.plan.benefit().layers;
        let paid = layers.iter().zip(self.sheet.payments());
        paid.filter(|(layer, _)| layer.payer.is_fund()).map(|(_, paid)| paid).sum()
    }
}

fn row(kind: SlotKind) -> (String, usize) {
    match kind {
        SlotKind::NonCovered => ("non_covered".to_owned(), 0),
        SlotKind::OverLimitPrice => ("over_limit_price".to_owned(), 0),
        SlotKind::UpfrontSelfPay => ("upfront_self_pay".to_owned(), 0),
        SlotKind::InScope(tag) => ("account_first".to_owned(), tag),
        SlotKind::Deductible(tag) => ("deductible".to_owned(), tag),
        SlotKind::Band(tag, band) => (format!("band:{band}"), tag),
        SlotKind::OverCeiling(tag) => ("over_ceiling".to_owned(), tag),
    }
}

/// Whether the layer opens in-scope money.
pub fn opens(plan: &Plan<'_>, layer: u8) -> bool {
    let base = plan.slots().base(&plan.benefit().layers[usize::from(layer)].base);
    base.iter().any(|slot| matches!(plan.slots().kind(*slot), SlotKind::InScope(_)))
}

/// The packs that ship, and the fixture packs.
pub fn written_packs() -> Vec<Pack> {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/policies");
    let roots = [PackTexts::shipped(), PackTexts::from_folder(&fixtures).unwrap()];
    roots.iter().flat_map(|texts| read_packs(&texts.rules).0).collect()
}

/// Cases with bills around every benefit of the written packs, so many seeds each.
pub fn written_cases(seeds: u64) -> Vec<Case> {
    let mut cases = Vec::new();
    for pack in written_packs() {
        for (scheme, in_scheme) in pack.schemes.iter().enumerate() {
            for benefit in 0..in_scheme.benefits.len() {
                cases.extend((0..seeds).filter_map(|seed| Case::around(&pack, scheme, benefit, seed)));
            }
        }
    }
    cases
}

/// Runs the work on the numbers below `count`, on all cores, and sums what it returns. A panic names its number.
pub fn on_all_cores(count: usize, work: impl Fn(usize) -> [usize; 2] + Sync) -> [usize; 2] {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        let work = &work;
        let threads: Vec<_> = (0..cores)
            .map(|first| {
                scope.spawn(move || {
                    let mut sums = [0, 0];
                    for number in (first..count).step_by(cores) {
                        let result = catch_unwind(AssertUnwindSafe(|| work(number)));
                        let [one, two] = result.unwrap_or_else(|_| panic!("number {number}"));
                        sums = [sums[0] + one, sums[1] + two];
                    }
                    sums
                })
            })
            .collect();
        let sums = threads.into_iter().map(|thread| thread.join().unwrap());
        sums.fold([0, 0], |[one, two], [more, most]| [one + more, two + most])
    })
}
