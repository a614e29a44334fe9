//! The cases for which a table must decide: the values of every dimension, and the days in force.

use jiff::civil::Date;

use crate::model::{
    Benefit, Constraint, Dimension, DimensionKind, Domain, OpenValues, Scheme, day_number, day_of_number,
};

/// An axis of the space of cases: the law's date, or a dimension.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Axis {
    /// The law's date, as a day number.
    Day,
    /// A dimension.
    Of(Dimension),
}

/// A set of cases.
#[derive(Clone, Debug)]
pub(super) struct Region<'a> {
    /// Restrictions of dimensions; a dimension not named takes all values of its kind.
    domains: Vec<(Dimension, Constraint)>,
    /// First day.
    pub(super) from: Date,
    /// Last day; `None` for an open end.
    pub(super) to: Option<Date>,
    /// Names of the open dimensions.
    pub(super) values: &'a OpenValues,
}

/// Days outside this are no birthday, retirement or admission that a table must answer for.
const CALENDAR: (Date, Date) = (Date::constant(1900, 1, 1), Date::constant(2100, 12, 31));

impl<'a> Region<'a> {
    /// The cases within a domain over an interval.
    pub(super) fn new(domain: &Domain, from: Date, to: Option<Date>, values: &'a OpenValues) -> Region<'a> {
        let domains = domain.iter().map(|(dimension, constraint)| (*dimension, constraint.clone())).collect();
        Region { domains, from, to, values }
    }

    /// The cases that a benefit serves.
    pub(super) fn of_benefit(scheme: &'a Scheme, benefit: &Benefit) -> Region<'a> {
        let mut region = Region::new(&scheme.domain, benefit.from, benefit.to, &scheme.values);
        let narrowed = benefit.domain.iter().map(|(dimension, constraint)| (*dimension, constraint.clone()));
        region.domains.extend(narrowed);
        let care_types = benefit
            .care_types
            .iter()
            .filter(|care| (0..64).contains(*care))
            .fold(0, |mask, care| mask | 1 << care);
        region.domains.push((Dimension::CareType, Constraint::OneOf(care_types)));
        region
    }

    /// The part of it in which a row's conditions and interval hold, the row `otherwise` or not.
    pub(super) fn within(
        &self,
        when: &[(Dimension, Constraint)],
        from: Date,
        to: Option<Date>,
    ) -> Region<'a> {
        let mut region = self.clone();
        region.domains.extend_from_slice(when);
        region.from = region.from.max(from);
        region.to = match (region.to, to) {
            (Some(left), Some(right)) => Some(left.min(right)),
            (left, right) => left.or(right),
        };
        region
    }

    /// Whether the value is one for which a table must decide.
    pub(super) fn allows(&self, axis: Axis, value: i64) -> bool {
        let (low, high) = self.range(axis);
        let restricted = |dimension| self.domains.iter().filter(move |(other, _)| *other == dimension);
        let allowed = match axis {
            Axis::Day => true,
            Axis::Of(dimension) => restricted(dimension).all(|(_, constraint)| constraint.allows(value)),
        };
        low <= value && value <= high && allowed
    }

    /// The smallest and the largest value of the axis, before restrictions of dimensions.
    fn range(&self, axis: Axis) -> (i64, i64) {
        let dimension = match axis {
            Axis::Day => return (day_number(self.from), day_number(self.to.unwrap_or(Date::MAX))),
            Axis::Of(dimension) => dimension,
        };
        match dimension.kind() {
            DimensionKind::Choice(names) => (0, names.len() as i64 - 1),
            DimensionKind::Open => (0, self.values.get(&dimension).map_or(1, Vec::len).max(1) as i64 - 1),
            DimensionKind::Flag => (0, 1),
            DimensionKind::Integer { low, high } => (low, high),
            DimensionKind::Date => (day_number(CALENDAR.0), day_number(CALENDAR.1)),
        }
    }

    /// One value for each stretch of the axis along which none of the constraints changes its mind, ascending.
    pub(super) fn representatives<'c>(
        &self,
        axis: Axis,
        constraints: impl Iterator<Item = &'c Constraint>,
    ) -> Vec<i64> {
        let mut starts = vec![self.range(axis).0];
        for constraint in constraints {
            push_starts(constraint, &mut starts);
        }
        for (dimension, constraint) in &self.domains {
            if axis == Axis::Of(*dimension) {
                push_starts(constraint, &mut starts);
            }
        }
        starts.sort_unstable();
        starts.dedup();
        starts.retain(|value| self.allows(axis, *value));
        starts
    }

    /// The day of a day number on the axis [`Axis::Day`].
    pub(super) fn day(&self, number: i64) -> Date {
        day_of_number(number).unwrap_or(self.from)
    }
}

/// The values at which a constraint may change its mind.
fn push_starts(constraint: &Constraint, starts: &mut Vec<i64>) {
    match *constraint {
        Constraint::OneOf(mask) => {
            let edges = (0..64).filter(|bit| mask >> bit & 1 == 1).flat_map(|bit| [bit, bit + 1]);
            starts.extend(edges);
        }
        Constraint::Between { low, high } => starts.extend([low, high.saturating_add(1)]),
    }
}
