//! Plans and resolutions kept between bills.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use gongji_policy::plan::{Cells, Plan, Resolution, day_number};
use gongji_policy::{Benefit, Dimension, Facts, Pack, Scheme};
use jiff::civil::Date;

/// Combinations kept for one benefit at most; beyond, what was kept is forgotten and kept anew.
const MOST_KEPT: usize = 1 << 14;
/// The highest ordinal that the cells of a benefit tell apart.
const HIGHEST_ORDINAL: i64 = 150;

/// Every benefit of some packs, each compiled when it is first asked for.
#[derive(Debug)]
pub(crate) struct Kept {
    /// By the address of the benefit: packs are not moved, and a benefit that is none of theirs is not found.
    benefits: HashMap<usize, Slot>,
}

#[derive(Debug)]
struct Slot {
    of: (&'static Pack, &'static Scheme, &'static Benefit),
    kept: OnceLock<KeptBenefit>,
}

/// A benefit's plan, and its resolutions by combination of facts.
#[derive(Debug)]
pub(crate) struct KeptBenefit {
    pub plan: Arc<Plan<'static>>,
    /// `None` where its tables tell more combinations apart than a number holds: then nothing is kept.
    cells: Option<Cells>,
    resolutions: RwLock<HashMap<u128, Arc<Resolution<'static>>>>,
}

fn address(benefit: &Benefit) -> usize {
    std::ptr::from_ref(benefit).addr()
}

impl Kept {
    /// Room for every benefit of these packs.
    pub fn new(packs: &'static [Pack]) -> Kept {
        let mut benefits = HashMap::new();
        for pack in packs {
            for scheme in &pack.schemes {
                for benefit in &scheme.benefits {
                    let slot = Slot { of: (pack, scheme, benefit), kept: OnceLock::new() };
                    benefits.insert(address(benefit), slot);
                }
            }
        }
        Kept { benefits }
    }

    /// What is kept of a benefit; `None` for one of other packs.
    pub fn benefit(&self, benefit: &Benefit) -> Option<&KeptBenefit> {
        let slot = self.benefits.get(&address(benefit))?;
        Some(slot.kept.get_or_init(|| {
            let (pack, scheme, benefit) = slot.of;
            let plan = Plan::compile(pack, scheme, benefit);
            // One more cell on each axis: unanswered.
            let cells = Cells::of(&plan);
            let countable = cells
                .axes()
                .iter()
                .try_fold(1_u128, |product, axis| product.checked_mul(axis.len() as u128 + 1));
            KeptBenefit {
                plan: Arc::new(plan),
                cells: countable.map(|_| cells),
                resolutions: RwLock::new(HashMap::new()),
            }
        }))
    }
}

impl KeptBenefit {
    /// The number of the combination of these facts; `None` where it cannot be told from others.
    fn combination(&self, facts: &Facts, day: Date) -> Option<u128> {
        if facts.get(Dimension::Ordinal).is_some_and(|ordinal| ordinal > HIGHEST_ORDINAL) {
            return None;
        }
        let axes = self.cells.as_ref()?.axes();
        Some(axes.iter().fold(0, |number, axis| {
            let value = match axis.dimension {
                None => Some(day_number(day)),
                Some(dimension) => facts.get(dimension),
            };
            let cell = value.map_or(axis.len(), |value| axis.cell(value) as usize);
            number * (axis.len() as u128 + 1) + cell as u128
        }))
    }

    /// The resolution of facts that the benefit covers, on a day.
    pub fn resolve(&self, facts: &Facts, day: Date) -> Arc<Resolution<'static>> {
        let Some(combination) = self.combination(facts, day) else {
            return Arc::new(self.plan.resolve(facts, day));
        };
        let known = self.resolutions.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(resolution) = known.get(&combination) {
            return Arc::clone(resolution);
        }
        drop(known);
        let resolution = Arc::new(self.plan.resolve(facts, day));
        let mut known = self.resolutions.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST_KEPT {
            known.clear();
        }
        known.insert(combination, Arc::clone(&resolution));
        resolution
    }
}
