//! A seeded population's claims, column by column.

use std::ops::Range;

use gongji_policy::plan::Plan;
use gongji_policy::{Constraint, Dimension, DimensionKind, Facts};
use gongji_rules::{Bill, Bulk};
use jiff::civil::Date;

/// A small generator with a seed: the same claims on every machine.
pub struct Seeded(u64);

impl Seeded {
    pub fn new(seed: u64) -> Seeded {
        Seeded(seed)
    }

    /// A number below `limit`.
    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % limit
    }
}

/// Claims in order of person and time.
pub struct Columns {
    pub person: Vec<u32>,
    pub carried_over: Vec<i64>,
    pub non_covered: Vec<i64>,
    pub upfront_self_pay: Vec<i64>,
    pub in_scope: Vec<i64>,
    /// For each axis of the plan its value, row by row.
    axes: Vec<Vec<i32>>,
}

/// A value of a dimension that the benefit's domain allows.
fn draw(dimension: Dimension, allowed: Option<&Constraint>, random: &mut Seeded) -> i64 {
    let (low, high) = match dimension.kind() {
        DimensionKind::Choice(names) => (0, names.len() as i64 - 1),
        DimensionKind::Open => (0, 0),
        DimensionKind::Flag => (0, 1),
        DimensionKind::Integer { .. } if dimension == Dimension::Age => (18, 90),
        DimensionKind::Integer { .. } => (0, 30),
        DimensionKind::Date => (0, 18_000),
    };
    loop {
        let value = low + random.below((high - low + 1) as u64) as i64;
        if allowed.is_none_or(|allowed| allowed.allows(value)) {
            return value;
        }
    }
}

impl Columns {
    /// Claims of people with one to four bills a year, each under facts for which the plan has a rule.
    pub fn synthetic(plan: &Plan<'_>, bulk: &mut Bulk<'_, '_>, claims: usize, seed: u64) -> Columns {
        let mut random = Seeded::new(seed);
        let axes = bulk.axes().to_vec();
        let mut columns = Columns {
            person: Vec::new(),
            carried_over: Vec::new(),
            non_covered: Vec::new(),
            upfront_self_pay: Vec::new(),
            in_scope: Vec::new(),
            axes: vec![Vec::new(); axes.len()],
        };
        let start = plan.benefit().from.max(Date::constant(2023, 7, 1));
        let mut person = 0;
        while columns.person.len() < claims {
            person += 1;
            let mut facts = Facts::default();
            let domain = &plan.benefit().domain;
            for dimension in Dimension::ALL {
                facts.set(dimension, Some(draw(dimension, domain.get(&dimension), &mut random)));
            }
            facts.set(Dimension::Cause, Some(0));
            let balance = random.below(1_000_000) as i64;
            for ordinal in 1..=1 + random.below(4) as i64 {
                facts.set(Dimension::Ordinal, Some(ordinal));
                let level = draw(Dimension::Level, domain.get(&Dimension::Level), &mut random);
                facts.set(Dimension::Level, Some(level));
                let day = start.saturating_add(jiff::Span::new().days(random.below(300) as i64));
                // Facts that the pack has no rule for are no claims.
                let Ok(combination) = bulk.prepare(&facts, day) else { continue };
                if bulk.resolution(combination).is_none_or(|found| found.refuses()) {
                    continue;
                }
                for (axis, column) in axes.iter().zip(&mut columns.axes) {
                    let value = match axis.dimension {
                        None => gongji_policy::plan::day_number(day),
                        Some(dimension) => facts.get(dimension).unwrap_or_default(),
                    };
                    column.push(value as i32);
                }
                // Mostly small bills, a few very large ones.
                let scale = [50_000, 500_000, 2_000_000, 20_000_000, 80_000_000][random.below(5) as usize];
                columns.person.push(person);
                columns.carried_over.push(balance);
                columns.non_covered.push(random.below(scale / 10) as i64);
                columns.upfront_self_pay.push(random.below(scale / 10) as i64);
                columns.in_scope.push(random.below(scale) as i64);
            }
        }
        columns
    }

    pub fn rows(&self) -> usize {
        self.person.len()
    }

    /// Everything that was billed, in fen.
    pub fn total(&self) -> i64 {
        (0..self.rows()).map(|row| self.bill(row).total()).sum()
    }

    #[inline]
    pub fn bill(&self, row: usize) -> Bill {
        let mut bill = Bill {
            non_covered: self.non_covered[row],
            upfront_self_pay: self.upfront_self_pay[row],
            ..Bill::default()
        };
        bill.in_scope[0] = self.in_scope[row];
        bill
    }

    /// The combinations of a block of rows, axis by axis.
    pub fn combinations(&self, bulk: &Bulk<'_, '_>, rows: Range<usize>, into: &mut [u32]) {
        let into = &mut into[..rows.len()];
        into.fill(0);
        for (axis, column) in bulk.axes().iter().zip(&self.axes) {
            axis.number(&column[rows.clone()], into);
        }
    }
}
