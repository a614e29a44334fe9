//! Random packs that are valid by construction, with bills around every amount they name.
//!
//! Every table is complete and free of conflicts over the benefit's domain, every ratio stays within 0 and 1, and within
//! a layer all that name one counter take the same measure. The same seed gives the same case.

mod amounts;
mod around;
mod bills;
mod dice;
mod layers;
mod maker;
mod operators;
mod ratios;
mod stack;

use gongji_policy::{Benefit, Pack, Scheme};
use proptest::prelude::{Strategy, any};

use crate::{Balances, BillInput};

pub use operators::{Operator, all_operators, operators};

/// A pack and the bills of one person under it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// The pack.
    pub pack: Pack,
    /// Index of the scheme in the pack.
    pub scheme: usize,
    /// Index of the benefit in the scheme.
    pub benefit: usize,
    /// What each counter holds before the first bill, in fen.
    pub used: Vec<i64>,
    /// What is in the purses before the first bill.
    pub balances: Balances,
    /// The bills in order of time; counters and purses carry from one to the next.
    pub events: Vec<Event>,
}

/// One bill, and which counters start again from zero before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Indices of counters.
    pub resets: Vec<usize>,
    /// The bill.
    pub bill: BillInput,
}

impl Case {
    /// The case of a seed.
    pub fn from_seed(seed: u64) -> Case {
        let (pack, maker) = stack::pack(dice::Dice::new(seed));
        Case::with_bills(pack, 0, 0, maker)
    }

    /// Bills of a seed for one benefit of a pack that is already there, around the amounts, days and numbers that it
    /// names. `None` where the pack has no such benefit.
    pub fn around(pack: &Pack, scheme: usize, benefit: usize, seed: u64) -> Option<Case> {
        let maker = maker::Maker::around(pack, scheme, benefit, dice::Dice::new(seed))?;
        Some(Case::with_bills(pack.clone(), scheme, benefit, maker))
    }

    fn with_bills(pack: Pack, scheme: usize, benefit: usize, mut maker: maker::Maker) -> Case {
        let counters = pack.schemes[scheme].counters.len();
        let tags = pack.schemes[scheme].benefits[benefit].tags.len();
        let used = maker.used(counters);
        let balances = maker.balances();
        let events = maker.events(tags);
        Case { pack, scheme, benefit, used, balances, events }
    }

    /// The scheme.
    pub fn scheme(&self) -> &Scheme {
        &self.pack.schemes[self.scheme]
    }

    /// The benefit.
    pub fn benefit(&self) -> &Benefit {
        &self.scheme().benefits[self.benefit]
    }
}

/// Cases by seed. They do not shrink: a smaller seed is not a smaller case.
pub fn cases() -> impl Strategy<Value = Case> {
    any::<u64>().no_shrink().prop_map(Case::from_seed)
}
