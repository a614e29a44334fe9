//! Many bills under one plan: each distinct combination of facts is resolved once.

use std::collections::HashSet;
use std::sync::Arc;

use gongji_policy::plan::{Axis, Cells, Plan, Refusal, Resolution, ResolvedLayer, day_number};
use gongji_policy::{Dimension, Facts};
use jiff::civil::Date;

/// The number of a combination of facts, valid for the [`Bulk`] that gave it.
pub type Combination = u32;

/// How many combinations are kept at most: beyond, a benefit's tables tell too many cases apart for a dense index.
const MOST_COMBINATIONS: usize = 1 << 26;

/// A plan with its resolutions kept.
#[derive(Debug)]
pub struct Bulk<'plan, 'pack> {
    plan: &'plan Plan<'pack>,
    cells: Cells,
    /// By combination: 0 where not yet resolved, otherwise 1 + the position among the resolutions.
    index: Vec<u32>,
    resolutions: Vec<Resolution<'pack>>,
    /// The layers that some resolution has: those that come to the same share them, which keeps them near in memory.
    layers: HashSet<Arc<[ResolvedLayer]>>,
}

impl<'plan, 'pack> Bulk<'plan, 'pack> {
    /// Prepares a plan for bulk work; `None` where its tables tell more combinations apart than memory should hold.
    pub fn new(plan: &'plan Plan<'pack>) -> Option<Bulk<'plan, 'pack>> {
        let cells = Cells::of(plan);
        let count = cells.count().filter(|count| *count <= MOST_COMBINATIONS)?;
        Some(Bulk { plan, cells, index: vec![0; count], resolutions: Vec::new(), layers: HashSet::new() })
    }

    /// The axes along which a combination is found; the law's date comes first.
    pub fn axes(&self) -> &[Axis] {
        self.cells.axes()
    }

    /// The combination of one row's values, given in order of [`Bulk::axes`].
    #[inline]
    pub fn combination(&self, values: impl IntoIterator<Item = i64>) -> Combination {
        let mut number = 0;
        for (axis, value) in self.cells.axes().iter().zip(values) {
            number = number * axis.len() as u32 + axis.cell(value);
        }
        number
    }

    /// The combination of some facts on a day.
    ///
    /// # Errors
    /// [`Refusal::NeedsAnswer`] where a dimension that the tables use is unanswered.
    pub fn combination_of(&self, facts: &Facts, day: Date) -> Result<Combination, Refusal> {
        let mut number = 0;
        for axis in self.cells.axes() {
            let value = match axis.dimension {
                None => day_number(day),
                Some(dimension) => facts.get(dimension).ok_or_else(|| self.needs(dimension))?,
            };
            number = number * axis.len() as u32 + axis.cell(value);
        }
        Ok(number)
    }

    fn needs(&self, dimension: Dimension) -> Refusal {
        Refusal::NeedsAnswer {
            dimension,
            path: format!("{}.benefit.{}", self.plan.scheme().name, self.plan.benefit().name),
        }
    }

    /// Makes sure that the combination of these facts is resolved, and gives its number.
    ///
    /// # Errors
    /// A [`Refusal`] where the benefit does not cover the facts, or a dimension that its tables use is unanswered. What a
    /// layer lacks is kept in the [`Resolution`].
    pub fn prepare(&mut self, facts: &Facts, day: Date) -> Result<Combination, Refusal> {
        self.plan.covers(facts)?;
        let combination = self.combination_of(facts, day)?;
        if self.index[combination as usize] == 0 {
            let mut resolution = self.plan.resolve(facts, day);
            match self.layers.get(&resolution.layers) {
                Some(known) => resolution.layers = Arc::clone(known),
                None => {
                    self.layers.insert(Arc::clone(&resolution.layers));
                }
            }
            self.resolutions.push(resolution);
            self.index[combination as usize] = self.resolutions.len() as u32;
        }
        Ok(combination)
    }

    /// The resolution of a prepared combination.
    #[inline]
    pub fn resolution(&self, combination: Combination) -> Option<&Resolution<'pack>> {
        let position = self.index.get(combination as usize)?.checked_sub(1)?;
        self.resolutions.get(position as usize)
    }
}
