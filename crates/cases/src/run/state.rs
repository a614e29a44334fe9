//! What one event leaves to the next: counters, admissions, stays, purses.

use std::borrow::Cow;
use std::collections::BTreeMap;

use gongji_money::Fen;
use gongji_policy::{Area, Counter, Scheme};
use jiff::civil::Date;

use super::period::period_of;
use crate::error::{CaseError, ErrorCode};
use crate::facts::event_field;
use crate::request::{Case, Event, Purses, Stated};
use crate::settle::{CountedStay, CounterId, CounterPeriod, History};

/// The common keys of the case format for stated history.
const COMMON_KEYS: [&str; 4] = ["admissions", "deductible_paid", "pooled_paid", "in_scope_self_pay"];

/// What one event leaves to the next.
#[derive(Clone, Debug)]
pub(crate) struct State<'case> {
    history: Cow<'case, History>,
    /// The history that the case states, which the first bill puts into its periods.
    stated: Option<&'case BTreeMap<String, Stated>>,
    begun: bool,
    /// For each named stay the first stay of its chain of transfers.
    roots: BTreeMap<String, String>,
    pub purses: Purses,
    /// Wallet transfers already made, by day: how many and how much.
    pub transfers: BTreeMap<Date, (i64, Fen)>,
    /// What was credited beforehand, by the first day of the insurance year.
    pub precredits: BTreeMap<Date, Fen>,
}

/// An admission that an event belongs to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Admission {
    /// The counter of admissions.
    pub counter: usize,
    /// Which admission it is, from 1.
    pub ordinal: i64,
    /// Whether no earlier bill was of it.
    pub new: bool,
}

/// The keys under which an event finds each counter of its scheme, in order.
pub(crate) type Keys = Vec<CounterId>;

/// Whether a counter counts admissions and not money.
pub(crate) fn counts_times(scheme: &Scheme, counter: usize) -> bool {
    scheme.benefits.iter().any(|benefit| benefit.admissions == Some(counter))
}

impl<'case> State<'case> {
    /// The state before the first event of a case.
    pub fn new(case: &'case Case) -> State<'case> {
        State {
            history: Cow::Owned(History::default()),
            stated: Some(&case.accumulated).filter(|stated| !stated.is_empty()),
            begun: false,
            roots: BTreeMap::new(),
            purses: case.purses.clone(),
            transfers: BTreeMap::new(),
            precredits: BTreeMap::new(),
        }
    }

    /// The state that a store keeps.
    pub fn kept(purses: &Purses, history: &'case History) -> State<'case> {
        State {
            history: Cow::Borrowed(history),
            stated: None,
            begun: true,
            roots: BTreeMap::new(),
            purses: purses.clone(),
            transfers: BTreeMap::new(),
            precredits: BTreeMap::new(),
        }
    }

    /// The stay that an event belongs to; remembers its chain.
    ///
    /// # Errors
    /// A transfer from a stay that no earlier event told of, unless the history is stated.
    pub fn stay_of(&mut self, index: usize, event: &Event) -> Result<CounterPeriod, CaseError> {
        let from = match &event.transfer_from {
            None => None,
            Some(earlier) => match self.roots.get(earlier) {
                Some(root) => Some(root.clone()),
                None if self.stated.is_some() => Some(earlier.clone()),
                None => {
                    let field = event_field(index, "transfer_from");
                    return Err(CaseError::new(ErrorCode::UnknownValue, field, "前面没有这一次住院")
                        .found(format!("“{earlier}”"))
                        .expected("前面某张账单的 stay，或用 accumulated 说明此前的累计"));
                }
            },
        };
        let Some(name) = &event.stay else {
            return Ok(from.map_or(CounterPeriod::Alone(index), CounterPeriod::Stay));
        };
        let known = self.roots.get(name).cloned();
        let root = known.or(from).unwrap_or_else(|| name.clone());
        self.roots.insert(name.clone(), root.clone());
        Ok(CounterPeriod::Stay(root))
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
        stay: &CounterPeriod,
    ) -> Result<Keys, CaseError> {
        let mut keys = Keys::with_capacity(scheme.counters.len());
        for counter in &scheme.counters {
            let period = period_of(counter, area, day, stay);
            let facility = event.facility.id.clone().filter(|_| counter.per_facility);
            let key = CounterId { name: counter.name.clone(), period, facility };
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
        key: &CounterId,
        index: usize,
    ) -> Result<(), CaseError> {
        let first = CounterId { facility: None, ..key.clone() };
        let unclear = self
            .history
            .counters
            .range(&first..)
            .take_while(|(known, _)| known.name == key.name && known.period == key.period)
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
        keys.iter().map(|key| self.history.value(key)).collect()
    }

    /// Which admission a stay is.
    pub fn admission(&self, keys: &Keys, counter: usize, stay: &CounterPeriod) -> Admission {
        let Some(key) = keys.get(counter) else { return Admission { counter, ordinal: 1, new: true } };
        let known = match stay {
            CounterPeriod::Stay(id) => self.history.ordinal(key, id),
            _ => None,
        };
        let ordinal = known.unwrap_or_else(|| self.history.value(key) + 1);
        Admission { counter, ordinal, new: known.is_none() }
    }

    /// Keeps what an event left.
    pub fn keep(&mut self, outcome: &super::Outcome<'_>) {
        let history = self.history.to_mut();
        for (key, value) in outcome.keys.iter().zip(&outcome.used.1) {
            if *value != 0 || history.counters.contains_key(key) {
                history.counters.insert(key.clone(), *value);
            }
        }
        if let Some(admission) = &outcome.admission
            && outcome.is_admission
            && admission.new
            && let Some(key) = outcome.keys.get(admission.counter)
            && let CounterPeriod::Stay(stay) = &outcome.stay
        {
            history.stays.push(CountedStay {
                counter: key.clone(),
                stay: stay.clone(),
                ordinal: admission.ordinal,
            });
        }
        self.purses = outcome.purses.1.clone();
    }

    /// Puts the stated history into the periods of the first bill. Gives the keys that no counter takes.
    ///
    /// # Errors
    /// A key that is neither common nor a counter of the scheme; times where money is meant, and the other way round.
    pub fn state(&mut self, scheme: &Scheme, keys: &Keys) -> Result<Vec<String>, CaseError> {
        let mut idle = Vec::new();
        let first = !std::mem::replace(&mut self.begun, true);
        let Some(accumulated) = self.stated.filter(|_| first) else { return Ok(idle) };
        for (name, stated) in accumulated {
            let field = format!("accumulated.{name}");
            let own = scheme.counters.iter().position(|counter| counter.name == *name);
            let common = COMMON_KEYS.contains(&name.as_str());
            let taking: Vec<usize> = match own {
                Some(number) => vec![number],
                None => (0..scheme.counters.len())
                    .filter(|number| {
                        let counter = &scheme.counters[*number];
                        // A counter that the case states by its own name is not stated twice.
                        counter.stated_as.as_deref() == Some(name) && !accumulated.contains_key(&counter.name)
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
                    self.history.to_mut().counters.insert(key.clone(), value);
                }
            }
        }
        Ok(idle)
    }
}
