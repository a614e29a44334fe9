//! Random bills around the amounts and turns that a pack names.

use gongji_money::Fen;
use gongji_policy::{Dimension, DimensionKind, Facts, day_number};
use jiff::ToSpan;
use jiff::civil::Date;

use super::maker::{CONDITIONS, Maker};
use super::{Balances, BillInput, Event};

impl Maker {
    /// An amount in fen, often at or next to where a rule turns.
    pub fn bill_amount(&mut self, most: i64) -> i64 {
        let near = self.dice.between(-1, 1);
        let fen = match self.dice.weighted(&[8, 40, 14, 24, 8, 6]) {
            0 => 0,
            1 if !self.notable.is_empty() => {
                let mut fen = self.dice.pick(&self.notable) + near;
                if self.dice.chance(35) {
                    fen += self.dice.pick(&self.notable);
                }
                fen
            }
            // What it takes for a payment to reach an amount.
            2 if !self.notable.is_empty() => {
                let paid = self.dice.pick(&self.notable);
                paid.saturating_mul(100) / self.dice.between(30, 100) + near
            }
            3 => self.dice.magnitude(8),
            4 => self.dice.magnitude(12),
            _ => self.dice.between(0, 200),
        };
        fen.clamp(0, most)
    }

    /// Bills of one person in order of time.
    pub fn events(&mut self, tags: usize) -> Vec<Event> {
        let count = 1 + self.dice.weighted(&[20, 25, 25, 15, 10, 5]);
        let mut days: Vec<Date> = (0..count).map(|_| self.day()).collect();
        days.sort_unstable();
        let mut events = Vec::new();
        for (index, day) in days.into_iter().enumerate() {
            let resets = if index == 0 { Vec::new() } else { self.resets() };
            events.push(Event { resets, bill: self.bill(day, tags, index) });
        }
        events
    }

    fn day(&mut self) -> Date {
        let day = if self.dice.chance(35) {
            let turn = self.dice.pick(&self.splits);
            turn.saturating_add(self.dice.between(-1, 1).days())
        } else {
            self.from.saturating_add(self.dice.between(0, 2_500).days())
        };
        day.clamp(self.from, self.to.unwrap_or(Date::MAX))
    }

    /// Counters that start again.
    fn resets(&mut self) -> Vec<usize> {
        (0..self.counters).filter(|_| self.dice.chance(10)).collect()
    }

    fn bill(&mut self, day: Date, tags: usize, earlier: usize) -> BillInput {
        let stay_days = self.number(Dimension::StayDays);
        let mut facts = self.facts(day).with(Dimension::StayDays, stay_days);
        facts.set(Dimension::Ordinal, Some(earlier as i64 + 1 + self.dice.between(0, 1)));
        if self.dice.chance(5) {
            let forgotten = self.dice.pick(&CONDITIONS);
            if forgotten != Dimension::CareType {
                facts.set(forgotten, None);
            }
        }
        let mut left = Fen::LIMIT.fen();
        let mut draw = |maker: &mut Maker, zero: u32| {
            let amount = if maker.dice.chance(zero) { 0 } else { maker.bill_amount(left) };
            left -= amount;
            Fen::new(amount)
        };
        BillInput {
            facts,
            law_date: day,
            in_scope: (0..tags).map(|tag| draw(self, if tag == 0 { 5 } else { 25 })).collect(),
            non_covered: draw(self, 50),
            over_limit_price: draw(self, 60),
            upfront_self_pay: draw(self, 50),
            stay_days,
        }
    }

    /// An answer along every dimension, within the domain.
    fn facts(&mut self, day: Date) -> Facts {
        let mut facts = Facts::default();
        for dimension in CONDITIONS {
            let value = match self.choices(dimension) {
                Some(choices) => self.dice.pick(&choices),
                None if dimension == Dimension::AdmittedOn => day_number(day) - self.dice.between(0, 30),
                None => self.number(dimension),
            };
            facts.set(dimension, Some(value));
        }
        facts
    }

    /// A number or day, often where a condition turns.
    fn number(&mut self, dimension: Dimension) -> i64 {
        let (low, high) = self.range(dimension);
        let turns = self.turns.get(&dimension).cloned().unwrap_or_default();
        let value = if !turns.is_empty() && self.dice.chance(60) {
            self.dice.pick(&turns) + self.dice.between(-1, 1)
        } else if dimension.kind() == DimensionKind::Date {
            self.dice.between(low, high)
        } else {
            self.dice.between(0, 100)
        };
        value.clamp(low, high)
    }

    /// What counters hold before the first bill.
    pub fn used(&mut self, counters: usize) -> Vec<i64> {
        let used = |_| if self.dice.chance(25) { self.bill_amount(10_i64.pow(12)) } else { 0 };
        (0..counters).map(used).collect()
    }

    /// What is in the purses.
    pub fn balances(&mut self) -> Balances {
        let draw = |maker: &mut Maker| {
            let fen = if maker.dice.chance(25) { 0 } else { maker.bill_amount(10_i64.pow(9)) };
            Fen::new(fen)
        };
        Balances {
            current_year: draw(self),
            carried_over: draw(self),
            relatives: (0..self.dice.below(4)).map(|_| draw(self)).collect(),
        }
    }
}
