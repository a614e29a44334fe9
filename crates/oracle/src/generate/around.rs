//! Bills around the amounts and turns of a pack that is already there.

use gongji_money::{Fen, Rate};
use gongji_policy::view::{AnyTable, Role, visit_tables};
use gongji_policy::{AmountRule, Constraint, Dimension, DimensionKind, Pack, Row, Setting};
use jiff::civil::Date;
use num_traits::ToPrimitive;

use super::dice::Dice;
use super::maker::Maker;
use crate::exact::{fraction, whole};

impl Maker {
    /// A maker of bills for one benefit. `None` where there is no such benefit.
    pub fn around(pack: &Pack, scheme: usize, benefit: usize, dice: Dice) -> Option<Maker> {
        let in_scheme = pack.schemes.get(scheme)?;
        let in_force = in_scheme.benefits.get(benefit)?;
        let mut maker = Maker {
            dice,
            from: in_force.from,
            to: in_force.to,
            splits: vec![in_force.from],
            values: in_scheme.values.clone(),
            domain: in_force.domain.clone(),
            care_types: in_force.care_types.clone(),
            counters: in_scheme.counters.len(),
            indices: pack.indices.len(),
            unknowns: false,
            path: String::new(),
            notable: Vec::new(),
            turns: std::collections::BTreeMap::new(),
        };
        let mut rates = Vec::new();
        visit_tables(pack, |place, table| {
            let here = place.scheme == Some(scheme) && place.benefit == Some(benefit);
            if !here && place.role != Role::Index {
                return;
            }
            match table {
                AnyTable::Amount(table) => {
                    table.rows.iter().for_each(|row| maker.turns_of(row));
                    known(&table.rows).for_each(|rule| maker.amounts_of(rule, &mut rates));
                }
                AnyTable::Rate(table) => table.rows.iter().for_each(|row| maker.turns_of(row)),
                AnyTable::Flag(table) => table.rows.iter().for_each(|row| maker.turns_of(row)),
                AnyTable::Bounds(table) => {
                    table.rows.iter().for_each(|row| maker.turns_of(row));
                    maker.notable.extend(known(&table.rows).flatten().map(|bound| bound.fen()));
                }
                AnyTable::Share(_) | AnyTable::Tag(_) | AnyTable::Count(_) | AnyTable::Choice(_) => {}
            }
        });
        // Multiples of indices, to the fen below: bills around them are drawn a fen up and down.
        for (index, rate) in rates {
            for rule in pack.indices.get(index).into_iter().flat_map(|table| known(&table.rows)) {
                if let AmountRule::Fixed(figure) = rule {
                    let product = (whole(figure.fen()) * fraction(rate)).to_integer();
                    maker.notable.extend(product.to_i64());
                }
            }
        }
        maker.notable.sort_unstable();
        maker.notable.dedup();
        maker.splits.sort_unstable();
        maker.splits.dedup();
        Some(maker)
    }

    /// The days and numbers at which a row begins or ends to serve.
    fn turns_of<V>(&mut self, row: &Row<V>) {
        let within = |day: &Date| self.from <= *day && self.to.is_none_or(|to| *day <= to);
        let days = [Some(row.from), row.to.and_then(|day| day.tomorrow().ok())];
        let days: Vec<Date> = days.into_iter().flatten().filter(within).collect();
        self.splits.extend(days);
        for (dimension, constraint) in &row.when {
            if let Constraint::Between { low, high } = constraint
                && *dimension != Dimension::Band
                && matches!(dimension.kind(), DimensionKind::Integer { .. } | DimensionKind::Date)
            {
                let ends = [*low, *high].into_iter().filter(|end| *end != i64::MIN && *end != i64::MAX);
                self.turns.entry(*dimension).or_default().extend(ends);
            }
        }
    }

    fn amounts_of(&mut self, rule: &AmountRule, rates: &mut Vec<(usize, Rate)>) {
        match rule {
            AmountRule::Fixed(amount) => self.notable.push(amount.fen()),
            AmountRule::Unlimited | AmountRule::NotApplied => {}
            AmountRule::PercentOf { low, high, .. } => {
                self.notable.extend([low, high].into_iter().flatten().map(|amount| amount.fen()));
            }
            AmountRule::OfIndex { index, rate, .. } => rates.push((*index, *rate)),
            AmountRule::Steps { steps, .. } => {
                let bounds = steps.iter().filter_map(|step| step.upto);
                let amounts = steps.iter().map(|step| step.amount);
                self.notable.extend(bounds.chain(amounts).map(Fen::fen));
            }
        }
    }
}

fn known<V>(rows: &[Row<V>]) -> impl Iterator<Item = &V> {
    rows.iter().filter_map(|row| match &row.value {
        Setting::Known(value) => Some(value),
        Setting::Unknown(_) => None,
    })
}
