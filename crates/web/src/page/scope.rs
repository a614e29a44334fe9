//! What a place, a scheme, a kind of care and a day leave to ask: read off the pack's tables, never listed by hand.

use std::collections::BTreeSet;

use gongji_policy::plan::{Cells, Plan};
use gongji_policy::view::{AnyTable, visit_benefit_tables};
use gongji_policy::{
    Benefit, Constraint, DateRule, Dimension, DimensionKind, LayerKind, Pack, ParameterTable, Row, Scheme,
    StatedParameter,
};
use jiff::civil::Date;

/// A benefit found for a question, with everything its tables look at.
pub struct Scope<'pack> {
    /// The area's rules.
    pub pack: &'pack Pack,
    /// The scheme.
    pub scheme: &'pack Scheme,
    /// The benefit in force; none where the question is no bill.
    pub benefit: Option<&'pack Benefit>,
    /// The dimensions that decide anything.
    pub dimensions: BTreeSet<Dimension>,
}

fn care_index(name: &str) -> Option<i64> {
    index(Dimension::CareType, name)
}

/// The choice's index of that name.
fn index(dimension: Dimension, name: &str) -> Option<i64> {
    match dimension.kind() {
        DimensionKind::Choice(names) => {
            names.iter().position(|known| *known == name).and_then(|position| i64::try_from(position).ok())
        }
        _ => None,
    }
}

/// The kinds of care that a scheme has rules for on a day, in the order of the case format. 年终结算 is not a bill to ask about.
pub fn care_types(scheme: &Scheme, day: Date) -> Vec<&'static str> {
    let DimensionKind::Choice(names) = Dimension::CareType.kind() else { return Vec::new() };
    names
        .iter()
        .filter(|name| **name != "year_end" && benefit_of(scheme, name, day).is_some())
        .copied()
        .collect()
}

/// The benefit for a kind of care on a day.
pub fn benefit_of<'pack>(scheme: &'pack Scheme, care: &str, day: Date) -> Option<&'pack Benefit> {
    let care = care_index(care)?;
    scheme.benefits.iter().find(|benefit| {
        benefit.care_types.contains(&care) && benefit.from <= day && benefit.to.is_none_or(|to| day <= to)
    })
}

fn collect<V>(rows: &[Row<V>], into: &mut BTreeSet<Dimension>) {
    into.extend(rows.iter().flat_map(|row| row.when.iter().map(|(dimension, _)| *dimension)));
}

impl<'pack> Scope<'pack> {
    /// The scope of a question; `None` where no benefit is in force.
    pub fn of(pack: &'pack Pack, scheme: &'pack Scheme, care: &str, day: Date) -> Option<Scope<'pack>> {
        Some(Scope::over(pack, scheme, benefit_of(scheme, care, day)?))
    }

    /// The scope of a benefit.
    pub fn over(pack: &'pack Pack, scheme: &'pack Scheme, benefit: &'pack Benefit) -> Scope<'pack> {
        let plan = Plan::compile(pack, scheme, benefit);
        let mut dimensions: BTreeSet<Dimension> =
            Cells::of(&plan).axes().iter().filter_map(|axis| axis.dimension).collect();
        dimensions.extend(scheme.domain.keys().chain(benefit.domain.keys()).copied());
        if let Some(exclusion) = &scheme.exclusion {
            collect(&exclusion.rows, &mut dimensions);
        }
        if let Some(sharing) = &scheme.sharing {
            collect(&sharing.rows, &mut dimensions);
        }
        let by_stay = benefit.layers.iter().any(|layer| match &layer.kind {
            LayerKind::Ratio(ratio) => {
                ratio.deductible.as_ref().is_some_and(|deductible| deductible.due_every_days.is_some())
            }
            _ => false,
        });
        if by_stay || pack.area.law_date == DateRule::Admitted || pack.area.year_date == DateRule::Admitted {
            dimensions.insert(Dimension::AdmittedOn);
        }
        Scope { pack, scheme, benefit: Some(benefit), dimensions }
    }

    /// The scope of calculations: everything that their parameters look at.
    pub fn of_calculations(pack: &'pack Pack, scheme: &'pack Scheme, calculations: &[&str]) -> Scope<'pack> {
        let mut dimensions: BTreeSet<Dimension> = scheme.domain.keys().copied().collect();
        let asked = |stated: &&StatedParameter| calculations.contains(&stated.parameter.calculation);
        for stated in scheme.parameters.iter().filter(asked) {
            match &stated.table {
                ParameterTable::Amount(table) => collect(&table.rows, &mut dimensions),
                ParameterTable::Rate(table) => collect(&table.rows, &mut dimensions),
                ParameterTable::Flag(table) => collect(&table.rows, &mut dimensions),
                ParameterTable::Count(table) => collect(&table.rows, &mut dimensions),
                ParameterTable::Choice(table) => collect(&table.rows, &mut dimensions),
            }
        }
        Scope { pack, scheme, benefit: None, dimensions }
    }

    /// The last day before the newest change of the rules that is in force on `day`: of the benefit or of one of its tables.
    /// `None` where no rule for the same care is known of that day.
    pub fn day_before_change(&self, day: Date) -> Option<Date> {
        let own = self.benefit?;
        let mut changes = vec![own.from];
        visit_benefit_tables(own, |_, table| {
            let mut rows = |from: Date| changes.push(from);
            match table {
                AnyTable::Amount(table) => table.rows.iter().for_each(|row| rows(row.from)),
                AnyTable::Rate(table) => table.rows.iter().for_each(|row| rows(row.from)),
                AnyTable::Flag(table) => table.rows.iter().for_each(|row| rows(row.from)),
                AnyTable::Bounds(table) => table.rows.iter().for_each(|row| rows(row.from)),
                AnyTable::Share(table) => table.rows.iter().for_each(|row| rows(row.from)),
                AnyTable::Tag(table) => table.rows.iter().for_each(|row| rows(row.from)),
                AnyTable::Count(table) => table.rows.iter().for_each(|row| rows(row.from)),
                AnyTable::Choice(table) => table.rows.iter().for_each(|row| rows(row.from)),
            }
        });
        let change = changes.into_iter().filter(|change| *change <= day).max()?;
        let before = change.yesterday().ok()?;
        let serves = |benefit: &Benefit| {
            benefit.care_types.iter().any(|care| own.care_types.contains(care))
                && benefit.from <= before
                && benefit.to.is_none_or(|to| before <= to)
        };
        self.scheme.benefits.iter().any(serves).then_some(before)
    }

    /// Whether anything depends on the dimension.
    pub fn asks(&self, dimension: Dimension) -> bool {
        self.dimensions.contains(&dimension)
    }

    fn admits(&self, dimension: Dimension, value: i64) -> bool {
        std::iter::once(&self.scheme.domain)
            .chain(self.benefit.map(|benefit| &benefit.domain))
            .filter_map(|domain| domain.get(&dimension))
            .all(|constraint: &Constraint| constraint.allows(value))
    }

    /// The names of the dimension's values for which there are rules.
    pub fn values(&self, dimension: Dimension) -> Vec<String> {
        let names: Vec<String> = match dimension.kind() {
            DimensionKind::Choice(names) => names.iter().map(|name| (*name).to_owned()).collect(),
            DimensionKind::Open => match self.scheme.values.get(&dimension) {
                Some(names) => names.clone(),
                None => vec!["none".to_owned()],
            },
            DimensionKind::Flag => vec!["false".to_owned(), "true".to_owned()],
            DimensionKind::Integer { .. } | DimensionKind::Date => Vec::new(),
        };
        names
            .into_iter()
            .enumerate()
            .filter(|(position, _)| self.admits(dimension, i64::try_from(*position).unwrap_or(i64::MAX)))
            .map(|(_, name)| name)
            .collect()
    }
}
