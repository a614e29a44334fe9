//! Random ratios whose final value lies between 0 and 1 for every case.

use std::cmp::{max, min};

use gongji_money::Rate;
use gongji_policy::{Dimension, RatioAdjust, RatioChange, Setting, Table};

use super::maker::Maker;
use crate::exact::{Exact, fraction, whole};

/// The smallest and largest value that a ratio can take.
struct Reach {
    low: Exact,
    high: Exact,
}

impl Reach {
    /// Of the known values of a table; `None` where there is none.
    fn of(table: &Table<Rate>) -> Option<Reach> {
        let known = table.rows.iter().filter_map(|row| match &row.value {
            Setting::Known(rate) => Some(fraction(*rate)),
            Setting::Unknown(_) => None,
        });
        let known: Vec<Exact> = known.collect();
        Some(Reach { low: known.iter().min()?.clone(), high: known.iter().max()?.clone() })
    }

    /// Every pair of ends through a function that is monotone in each of its arguments.
    fn through(&self, other: &Reach, apply: impl Fn(&Exact, &Exact) -> Exact) -> Reach {
        let first = apply(&self.low, &other.low);
        let ends =
            [apply(&self.low, &other.high), apply(&self.high, &other.low), apply(&self.high, &other.high)];
        ends.into_iter().fold(Reach { low: first.clone(), high: first }, |reach, end| Reach {
            low: min(reach.low, end.clone()),
            high: max(reach.high, end),
        })
    }
}

impl Maker {
    /// A ratio by band with adjustments.
    pub fn ratio(&mut self, bands: usize) -> (Table<Rate>, Vec<RatioAdjust>) {
        let fine = self.dice.chance(15);
        let ratio = self.table("ratio", bands, |maker| match maker.dice.below(16) {
            0 => Rate::ZERO,
            1 => Rate::ONE,
            _ if fine => Rate::new(maker.dice.between(300, 999), 1_000).unwrap_or(Rate::ONE),
            _ => Rate::percent(maker.dice.between(30, 99) as i32),
        });
        let one = whole(1);
        let mut reach = Reach::of(&ratio).unwrap_or(Reach { low: whole(0), high: whole(1) });
        let mut adjusts = Vec::new();
        let mut factors = 0;
        for index in 0..self.dice.weighted(&[45, 30, 15, 10]) {
            let name = format!("ratio_adjust.{index}");
            let mut kind = self.dice.below(6);
            if (kind == 2 || kind == 3) && factors == 2 {
                // Two factors keep denominators small.
                kind = 0;
            }
            let change = match kind {
                0 => {
                    let points = self.rates(&name, bands, -8, 8, 100);
                    RatioChange::Points { points, per_year_of_age: false }
                }
                1 => {
                    let points = self.rates(&name, bands, -2, 3, 1_000);
                    RatioChange::Points { points, per_year_of_age: true }
                }
                2 => RatioChange::TimesFund(self.rates(&name, bands, 4, 12, 10)),
                3 => RatioChange::TimesOwn(self.rates(&name, bands, 4, 15, 10)),
                4 => RatioChange::Floor(self.rates(&name, bands, 0, 70, 100)),
                _ => RatioChange::Ceiling(self.rates(&name, bands, 50, 100, 100)),
            };
            if matches!(change, RatioChange::TimesFund(_) | RatioChange::TimesOwn(_)) {
                factors += 1;
            }
            reach = self.after(&reach, &change);
            adjusts.push(RatioAdjust { label: name, change });
        }
        if reach.high > one {
            adjusts.push(self.last("ceiling", RatioChange::Ceiling, Rate::ONE));
        }
        if reach.low < whole(0) {
            adjusts.push(self.last("floor", RatioChange::Floor, Rate::ZERO));
        }
        (ratio, adjusts)
    }

    /// A table of fractions of `denominator`.
    fn rates(&mut self, name: &str, bands: usize, low: i64, high: i64, denominator: i64) -> Table<Rate> {
        self.table(name, bands, |maker| {
            Rate::new(maker.dice.between(low, high), denominator).unwrap_or(Rate::ONE)
        })
    }

    fn last(&mut self, name: &str, change: fn(Table<Rate>) -> RatioChange, rate: Rate) -> RatioAdjust {
        let path = format!("{}.ratio_adjust.{name}", self.path);
        RatioAdjust { label: name.to_owned(), change: change(self.dated(&path, |_| rate)) }
    }

    fn after(&self, reach: &Reach, change: &RatioChange) -> Reach {
        let table = match change {
            RatioChange::Points { points, .. } => points,
            RatioChange::TimesFund(table)
            | RatioChange::TimesOwn(table)
            | RatioChange::Floor(table)
            | RatioChange::Ceiling(table) => table,
        };
        let by = Reach::of(table).unwrap_or(Reach { low: whole(0), high: whole(0) });
        match change {
            RatioChange::Points { per_year_of_age: false, .. } => reach.through(&by, |ratio, by| ratio + by),
            RatioChange::Points { per_year_of_age: true, .. } => {
                let (low, high) = self.range(Dimension::Age);
                let ages = Reach { low: whole(low), high: whole(high) };
                let points = by.through(&ages, |by, age| by * age);
                reach.through(&points, |ratio, points| ratio + points)
            }
            RatioChange::TimesFund(_) => reach.through(&by, |ratio, by| ratio * by),
            RatioChange::TimesOwn(_) => reach.through(&by, |ratio, by| whole(1) - (whole(1) - ratio) * by),
            RatioChange::Floor(_) => reach.through(&by, |ratio, by| max(ratio.clone(), by.clone())),
            RatioChange::Ceiling(_) => reach.through(&by, |ratio, by| min(ratio.clone(), by.clone())),
        }
    }
}
