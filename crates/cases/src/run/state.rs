//! What one event leaves to the next: counters, admissions, stays, purses.

use std::collections::{BTreeMap, HashMap};

use gongji_policy::{Area, Counter, Scheme};
use jiff::civil::Date;

use super::period::{PeriodKey, StayKey, period_of};
use crate::error::{CaseError, ErrorCode};
use crate::facts::event_field;
use crate::request::{Case, Event, Purses, Stated};

/// The common keys of the case format for stated history.
const COMMON_KEYS: [&str; 4] = ["admissions", "deductible_paid", "pooled_paid", "in_scope_self_pay"];

/// Where a counter of one person is kept.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct CounterKey {
    counter: usize,
    period: PeriodKey,
    facility: Option<String>,
}

/// What one event leaves to the next.
#[derive(Clone, Debug, Default)]
pub(crate) struct State {
    counters: BTreeMap<CounterKey, i64>,
    /// The ordinal that a stay was given, by counter and period.
    admitted: HashMap<(CounterKey, StayKey), i64>,
    /// For each named stay the first stay of its chain of transfers.
    roots: HashMap<String, StayKey>,
    pub purses: Purses,
    /// Wallet transfers already made, by day.
    pub transfers: BTreeMap<Date, i64>,
}

/// The keys under which an event finds each counter of its scheme, in order.
pub(crate) type Keys = Vec<CounterKey>;

/// Whether a counter counts admissions and not money.
pub(crate) fn counts_times(scheme: &Scheme, counter: usize) -> bool {
    scheme.benefits.iter().any(|benefit| benefit.admissions == Some(counter))
}

impl State {
    /// The state before the first event.
    pub fn new(case: &Case) -> State {
        State { purses: case.purses.clone(), ..State::default() }
    }

    /// The stay that an event belongs to; remembers its chain.
    ///
    /// # Errors
    /// A transfer from a stay that no earlier event told of, unless the history is stated.
    pub fn stay_of(&mut self, case: &Case, index: usize, event: &Event) -> Result<StayKey, CaseError> {
        let from = match &event.transfer_from {
            None => None,
            Some(earlier) => match self.roots.get(earlier) {
                Some(root) => Some(root.clone()),
                None if !case.accumulated.is_empty() => Some(StayKey::Named(earlier.clone())),
                None => {
                    let field = event_field(index, "transfer_from");
                    return Err(CaseError::new(ErrorCode::UnknownValue, field, "前面没有这一次住院")
                        .found(format!("“{earlier}”"))
                        .expected("前面某张账单的 stay，或用 accumulated 说明此前的累计"));
                }
            },
        };
        let Some(name) = &event.stay else { return Ok(from.unwrap_or(StayKey::Alone(index))) };
        let known = self.roots.get(name).cloned();
        let root = known.or(from).unwrap_or_else(|| StayKey::Named(name.clone()));
        self.roots.insert(name.clone(), root.clone());
        Ok(root)
    }

    /// The keys of an event for every counter of its scheme.
    ///
    /// # Errors
    /// Where counters run by institution and the institutions of two events cannot be told apart.
    pub fn keys(
        &self,
        scheme: &Scheme,
        area: &Area,
        index: usize,
        event: &Event,
        day: Date,
        stay: &StayKey,
    ) -> Result<Keys, CaseError> {
        let mut keys = Keys::with_capacity(scheme.counters.len());
        for (number, counter) in scheme.counters.iter().enumerate() {
            let period = period_of(counter, area, day, stay);
            let facility = event.facility.id.clone().filter(|_| counter.per_facility);
            let key = CounterKey { counter: number, period, facility };
            if counter.per_facility {
                self.institutions_told_apart(counter, &key, index)?;
            }
            keys.push(key);
        }
        Ok(keys)
    }

    /// Refuses where one of two institutions of the same period is not named.
    fn institutions_told_apart(
        &self,
        counter: &Counter,
        key: &CounterKey,
        index: usize,
    ) -> Result<(), CaseError> {
        let first = CounterKey { facility: None, ..key.clone() };
        let unclear = self
            .counters
            .range(&first..)
            .take_while(|(known, _)| known.counter == key.counter && known.period == key.period)
            .any(|(known, value)| *value != 0 && (known.facility.is_none() || key.facility.is_none()));
        if !unclear {
            return Ok(());
        }
        Err(CaseError::new(
            ErrorCode::NeedsAnswer,
            event_field(index, "facility.id"),
            format!("“{}”按机构分别累计，需要知道每次就医是哪家机构", counter.label),
        )
        .expected("同一期间内每张账单都写 facility.id"))
    }

    /// The counters of an event, in order of the scheme.
    pub fn read(&self, keys: &Keys) -> Vec<i64> {
        keys.iter().map(|key| self.counters.get(key).copied().unwrap_or(0)).collect()
    }

    /// Keeps the counters of an event.
    pub fn write(&mut self, keys: &Keys, values: &[i64]) {
        for (key, value) in keys.iter().zip(values) {
            if *value != 0 || self.counters.contains_key(key) {
                self.counters.insert(key.clone(), *value);
            }
        }
    }

    /// Which admission a stay is, and whether it is a new one.
    pub fn ordinal(&self, keys: &Keys, counter: usize, stay: &StayKey) -> (i64, bool) {
        let Some(key) = keys.get(counter) else { return (1, true) };
        match self.admitted.get(&(key.clone(), stay.clone())) {
            Some(ordinal) => (*ordinal, false),
            None => (self.counters.get(key).copied().unwrap_or(0) + 1, true),
        }
    }

    /// Remembers that a stay was counted.
    pub fn admit(&mut self, keys: &Keys, counter: usize, stay: &StayKey, ordinal: i64) {
        if let Some(key) = keys.get(counter) {
            self.admitted.insert((key.clone(), stay.clone()), ordinal);
        }
    }

    /// Puts the stated history into the periods of the first event. Gives the keys that no counter takes.
    ///
    /// # Errors
    /// A key that is neither common nor a counter of the scheme; times where money is meant, and the other way round.
    pub fn state(&mut self, case: &Case, scheme: &Scheme, keys: &Keys) -> Result<Vec<String>, CaseError> {
        let mut idle = Vec::new();
        for (name, stated) in &case.accumulated {
            let field = format!("accumulated.{name}");
            let own = scheme.counters.iter().position(|counter| counter.name == *name);
            let common = COMMON_KEYS.contains(&name.as_str());
            let taking: Vec<usize> = match own {
                Some(number) => vec![number],
                None => (0..scheme.counters.len())
                    .filter(|number| {
                        let counter = &scheme.counters[*number];
                        // A counter that the case states by its own name is not stated twice.
                        counter.stated_as.as_deref() == Some(name)
                            && !case.accumulated.contains_key(&counter.name)
                    })
                    .collect(),
            };
            if own.is_none() && !common {
                let names: Vec<&str> = COMMON_KEYS
                    .into_iter()
                    .chain(scheme.counters.iter().map(|counter| counter.name.as_str()))
                    .collect();
                let error = CaseError::new(ErrorCode::UnknownField, field, "没有这个累计数")
                    .expected(names.join("、"));
                return Err(match crate::request::nearest(name, names) {
                    Some(near) => error.hint(format!("是不是想写 {near}？")),
                    None => error,
                });
            }
            if taking.is_empty() {
                idle.push(name.clone());
            }
            for number in taking {
                let value = match (counts_times(scheme, number), stated) {
                    (true, Stated::Times(times)) => *times,
                    (false, Stated::Money(amount)) => amount.fen(),
                    (true, Stated::Money(amount)) => {
                        return Err(CaseError::new(ErrorCode::WrongType, field, "这里是次数，不是金额")
                            .found(format!("“{amount}”"))
                            .expected("整数，如 1"));
                    }
                    (false, Stated::Times(times)) => {
                        return Err(CaseError::new(
                            ErrorCode::AmountAsNumber,
                            field,
                            "金额要写成文字，不能写成数字",
                        )
                        .found(times.to_string())
                        .expected("以元为单位的文字，如 \"1234.50\""));
                    }
                };
                if let Some(key) = keys.get(number) {
                    self.counters.insert(key.clone(), value);
                }
            }
        }
        Ok(idle)
    }
}
