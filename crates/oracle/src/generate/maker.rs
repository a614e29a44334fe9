//! What a pack under construction has so far, and its decision tables.

use std::collections::BTreeMap;

use gongji_policy::{
    Constraint, Dimension, DimensionKind, Domain, OpenValues, Row, Setting, Span, Table, day_number,
};
use jiff::ToSpan;
use jiff::civil::{Date, date};

use super::dice::Dice;

/// A pack under construction.
pub(crate) struct Maker {
    pub dice: Dice,
    /// The benefit's interval.
    pub from: Date,
    pub to: Option<Date>,
    /// Days on which tables may change.
    pub splits: Vec<Date>,
    pub values: OpenValues,
    pub domain: Domain,
    pub care_types: Vec<i64>,
    /// How many counters there are for money.
    pub counters: usize,
    /// How many indices there are.
    pub indices: usize,
    /// Whether a value may be unknown.
    pub unknowns: bool,
    /// The path of the layer under construction.
    pub path: String,
    /// Amounts in fen that rules name: bills are drawn around them.
    pub notable: Vec<i64>,
    /// Numbers and days at which conditions turn.
    pub turns: BTreeMap<Dimension, Vec<i64>>,
}

/// The dimensions that conditions of layers may name.
pub(crate) const CONDITIONS: [Dimension; 34] = [
    Dimension::Category,
    Dimension::Sex,
    Dimension::PostType,
    Dimension::AccountOption,
    Dimension::PremiumTier,
    Dimension::Aid,
    Dimension::LargeSum,
    Dimension::Commercial,
    Dimension::CivilServant,
    Dimension::Enterprise,
    Dimension::Level,
    Dimension::Grade,
    Dimension::AdminLevel,
    Dimension::FacilityType,
    Dimension::FacilityGroup,
    Dimension::CareType,
    Dimension::Filing,
    Dimension::Place,
    Dimension::IssuedByLevel,
    Dimension::FamilyDoctor,
    Dimension::FromEmergency,
    Dimension::MidStay,
    Dimension::Cause,
    Dimension::Condition,
    Dimension::Age,
    Dimension::Ordinal,
    Dimension::YearsTotal,
    Dimension::YearsLocalPaid,
    Dimension::YearsContinuous,
    Dimension::ConditionCount,
    Dimension::StayDays,
    Dimension::RetiredOn,
    Dimension::BirthDate,
    Dimension::AdmittedOn,
];

impl Maker {
    /// The choices of a dimension that the domain allows; `None` for numbers and days.
    pub fn choices(&self, dimension: Dimension) -> Option<Vec<i64>> {
        if dimension == Dimension::CareType {
            return Some(self.care_types.clone());
        }
        let count = match dimension.kind() {
            DimensionKind::Choice(names) => names.len(),
            DimensionKind::Open => self.values.get(&dimension).map_or(1, Vec::len),
            DimensionKind::Flag => 2,
            DimensionKind::Integer { .. } | DimensionKind::Date => return None,
        };
        let allowed = |value: &i64| self.domain.get(&dimension).is_none_or(|domain| domain.allows(*value));
        Some((0..count as i64).filter(allowed).collect())
    }

    /// The smallest and largest number (or day) of a dimension that the domain allows.
    pub fn range(&self, dimension: Dimension) -> (i64, i64) {
        let (low, high) = match dimension.kind() {
            DimensionKind::Integer { low, high } => (low, high),
            _ => (day_number(date(1930, 1, 1)), day_number(date(2030, 12, 31))),
        };
        match self.domain.get(&dimension) {
            Some(Constraint::Between { low: from, high: to }) => (low.max(*from), high.min(*to)),
            _ => (low, high),
        }
    }

    /// A domain of one dimension: some of its values.
    pub fn narrow(&mut self, dimension: Dimension) {
        let constraint = match self.choices(dimension) {
            Some(choices) => {
                let choices = self.dice.shuffled(choices);
                let count = 1 + self.dice.below(choices.len());
                mask(&choices[..count])
            }
            None => {
                let (low, high) = self.plausible(dimension);
                let from = self.dice.between(low, high);
                Constraint::Between { low: from, high: self.dice.between(from, high) }
            }
        };
        self.domain.insert(dimension, constraint);
    }

    /// Where conditions on numbers and days turn.
    fn plausible(&self, dimension: Dimension) -> (i64, i64) {
        let (low, high) = match dimension {
            Dimension::Age => (6, 90),
            Dimension::Ordinal | Dimension::ConditionCount => (2, 5),
            Dimension::StayDays => (1, 200),
            Dimension::BirthDate => (day_number(date(1950, 1, 1)), day_number(date(2015, 12, 31))),
            Dimension::RetiredOn => (day_number(date(1990, 1, 1)), day_number(date(2025, 12, 31))),
            Dimension::AdmittedOn => (day_number(date(2020, 1, 1)), day_number(date(2026, 12, 31))),
            _ => (5, 40),
        };
        let (from, to) = self.range(dimension);
        (low.clamp(from, to), high.clamp(from, to))
    }

    /// Cuts the allowed values of a dimension into disjoint parts that cover them.
    fn partition(&mut self, dimension: Dimension) -> Vec<Constraint> {
        let Some(choices) = self.choices(dimension) else {
            let (low, high) = self.plausible(dimension);
            let (first, last) = self.range(dimension);
            let mut cuts: Vec<i64> =
                (0..1 + self.dice.below(2)).map(|_| self.dice.between(low, high)).collect();
            cuts.retain(|&cut| first < cut && cut <= last);
            cuts.sort_unstable();
            cuts.dedup();
            self.turns.entry(dimension).or_default().extend(&cuts);
            // Days have no first and no last.
            let ends =
                if dimension.kind() == DimensionKind::Date { (i64::MIN, i64::MAX) } else { (first, last) };
            return self.intervals(&cuts, ends.0, ends.1);
        };
        let choices = self.dice.shuffled(choices);
        let groups = 1 + self.dice.below(choices.len().min(3));
        // Every group gets one value first, so that none is empty.
        let mut members: Vec<Vec<i64>> = choices[..groups].iter().map(|&choice| vec![choice]).collect();
        for &choice in &choices[groups..] {
            let group = self.dice.below(groups);
            members[group].push(choice);
        }
        members.iter().map(|group| mask(group)).collect()
    }

    /// Intervals that start at `first` and at each cut; the outer ends may be left open.
    fn intervals(&mut self, cuts: &[i64], first: i64, last: i64) -> Vec<Constraint> {
        let mut intervals = Vec::new();
        let mut low = if self.dice.chance(50) { i64::MIN } else { first };
        for &cut in cuts {
            intervals.push(Constraint::Between { low, high: cut - 1 });
            low = cut;
        }
        let high = if self.dice.chance(50) { i64::MAX } else { last };
        intervals.push(Constraint::Between { low, high });
        intervals
    }

    /// A table over up to three dimensions (and the bands from 1 to `bands`, if more than 1), complete and without conflict.
    pub fn table<V: Clone>(
        &mut self,
        name: &str,
        bands: usize,
        mut draw: impl FnMut(&mut Maker) -> V,
    ) -> Table<V> {
        let mut rows = Vec::new();
        for (from, to) in self.pieces_of_time() {
            rows.extend(self.rows(from, to, bands, &mut draw));
        }
        let rows = self.dice.shuffled(rows);
        Table { path: format!("{}.{name}", self.path), label: name.to_owned(), rows, span: Span::default() }
    }

    /// A table without conditions, for what may only change with time.
    pub fn dated<V>(&mut self, path: &str, mut draw: impl FnMut(&mut Maker) -> V) -> Table<V> {
        let pieces = self.pieces_of_time();
        let rows = pieces.into_iter().map(|(from, to)| row(Vec::new(), from, to, Setting::Known(draw(self))));
        let rows = rows.collect();
        Table { path: path.to_owned(), label: path.to_owned(), rows, span: Span::default() }
    }

    fn pieces_of_time(&mut self) -> Vec<(Date, Option<Date>)> {
        let mut starts = vec![self.from];
        for split in self.splits.clone() {
            if self.dice.chance(15) {
                starts.push(split);
            }
        }
        let ends = starts[1..].iter().map(|start| start.yesterday().ok()).chain([self.to]);
        starts.clone().into_iter().zip(ends).collect()
    }

    fn rows<V: Clone>(
        &mut self,
        from: Date,
        to: Option<Date>,
        bands: usize,
        draw: &mut impl FnMut(&mut Maker) -> V,
    ) -> Vec<Row<V>> {
        let count = self.dice.weighted(&[35, 35, 20, 10]);
        let mut dimensions = self.dice.shuffled(CONDITIONS.to_vec());
        dimensions.truncate(count);
        let mut parts: Vec<(Dimension, Vec<Constraint>)> = Vec::new();
        for dimension in dimensions {
            let partition = self.partition(dimension);
            parts.push((dimension, partition));
        }
        if bands > 1 && self.dice.chance(85) {
            let cuts: Vec<i64> = (2..=bands as i64).filter(|_| self.dice.chance(80)).collect();
            let intervals = self.intervals(&cuts, 1, bands as i64);
            parts.push((Dimension::Band, intervals));
        }
        parts.sort_by_key(|(dimension, _)| *dimension);
        let mut cells: Vec<Vec<(Dimension, Constraint)>> = vec![Vec::new()];
        for (dimension, partition) in &parts {
            let extended = cells.iter().flat_map(|cell| {
                partition.iter().map(move |part| {
                    let mut cell = cell.clone();
                    cell.push((*dimension, part.clone()));
                    cell
                })
            });
            cells = extended.collect();
        }
        let mut rows = Vec::new();
        let leave_to_others = cells.len() > 1 && self.dice.chance(40);
        let mut left_out = Vec::new();
        for cell in cells {
            if leave_to_others && self.dice.chance(40) {
                left_out.push(cell);
                continue;
            }
            let value = self.setting(draw);
            rows.push(row(cell, from, to, value));
        }
        rows.extend(self.others(from, to, &left_out, draw));
        if self.dice.chance(10) {
            self.say_twice(&mut rows);
        }
        rows
    }

    /// `otherwise` rows for the cells that no ordinary row serves: one for all, or one for each part of the first dimension.
    fn others<V: Clone>(
        &mut self,
        from: Date,
        to: Option<Date>,
        left_out: &[Vec<(Dimension, Constraint)>],
        draw: &mut impl FnMut(&mut Maker) -> V,
    ) -> Vec<Row<V>> {
        let mut heads: Vec<Vec<(Dimension, Constraint)>> = Vec::new();
        let by_part = self.dice.chance(30);
        for cell in left_out {
            let head = if by_part { cell[..1].to_vec() } else { Vec::new() };
            if !heads.contains(&head) {
                heads.push(head);
            }
        }
        let mut rows = Vec::new();
        for head in heads {
            let value = self.setting(draw);
            rows.push(Row { otherwise: true, ..row(head, from, to, value) });
        }
        rows
    }

    /// Two rows may serve one case if they say the same.
    fn say_twice<V: Clone>(&mut self, rows: &mut Vec<Row<V>>) {
        let mut again = self.dice.pick(rows);
        let later = again.from.saturating_add(self.dice.between(0, 40).days());
        if again.to.is_none_or(|to| later <= to) {
            again.from = later;
        }
        rows.push(again);
    }

    fn setting<V>(&mut self, draw: &mut impl FnMut(&mut Maker) -> V) -> Setting<V> {
        if self.unknowns && self.dice.chance(2) {
            Setting::Unknown("未查到依据".to_owned())
        } else {
            Setting::Known(draw(self))
        }
    }
}

fn mask(choices: &[i64]) -> Constraint {
    Constraint::OneOf(choices.iter().fold(0, |mask, choice| mask | 1 << choice))
}

fn row<V>(when: Vec<(Dimension, Constraint)>, from: Date, to: Option<Date>, value: Setting<V>) -> Row<V> {
    Row {
        when,
        otherwise: false,
        from,
        to,
        value,
        source: 0,
        article: None,
        note: None,
        reason: None,
        span: Span::default(),
    }
}
