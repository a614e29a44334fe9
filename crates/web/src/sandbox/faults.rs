//! Faults that developers switch on: so many times, for one transaction or all.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The answer comes late.
    Delay,
    /// It is done, and the connection closes without an answer.
    LostAnswer,
    /// It is answered −1 and not done.
    Failure,
    /// The message is delivered twice; the second answer is given.
    Duplicate,
    /// HTTP 503 without anything done.
    Down,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Kind; 5] = [Kind::Delay, Kind::LostAnswer, Kind::Failure, Kind::Duplicate, Kind::Down];

    /// The name in requests.
    pub const fn name(self) -> &'static str {
        match self {
            Kind::Delay => "delay",
            Kind::LostAnswer => "lost_answer",
            Kind::Failure => "failure",
            Kind::Duplicate => "duplicate",
            Kind::Down => "down",
        }
    }

    /// The term that people read.
    pub const fn label(self) -> &'static str {
        match self {
            Kind::Delay => "答复迟到",
            Kind::LostAnswer => "办了但丢答复",
            Kind::Failure => "答 -1，没有办",
            Kind::Duplicate => "报文送到两次",
            Kind::Down => "平台停机（503）",
        }
    }
}

/// A fault that is switched on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Fault {
    /// Its number.
    pub id: u64,
    /// What goes wrong.
    pub kind: Kind,
    /// 交易编号; empty for every transaction.
    #[schema(example = "2207")]
    pub infno: String,
    /// How many messages it still meets.
    pub times: u32,
    /// For a late answer: how late, in milliseconds.
    pub milliseconds: u64,
}

/// The faults that one message meets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Met {
    /// How late the answer comes, in milliseconds; 0 for in time.
    pub delay: u64,
    /// Whether the answer is lost.
    pub lost: bool,
    /// Whether it fails.
    pub failure: bool,
    /// Whether it is delivered twice.
    pub twice: bool,
    /// Whether the platform is down.
    pub down: bool,
}

impl Met {
    /// The terms that people read.
    pub fn labels(self) -> String {
        let on = [
            (self.delay > 0, Kind::Delay),
            (self.lost, Kind::LostAnswer),
            (self.failure, Kind::Failure),
            (self.twice, Kind::Duplicate),
            (self.down, Kind::Down),
        ];
        let labels = on.into_iter().filter(|(on, _)| *on).map(|(_, kind)| kind.label());
        labels.collect::<Vec<_>>().join("、")
    }
}

/// So many faults may be on at a time, and so late an answer may come.
const MOST: usize = 50;
/// The latest that an answer may come, in milliseconds.
pub const LATEST: u64 = 120_000;
/// So many messages a fault may meet.
pub const MOST_TIMES: u32 = 1_000;

#[derive(Default)]
struct List {
    faults: Vec<Fault>,
    count: u64,
}

/// The switches.
#[derive(Default)]
pub struct Faults {
    list: Mutex<List>,
    /// How many are on: where none is, a message costs no lock.
    on: AtomicUsize,
}

impl Faults {
    fn list(&self) -> std::sync::MutexGuard<'_, List> {
        self.list.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether any is on.
    pub fn are_on(&self) -> bool {
        self.on.load(Ordering::Relaxed) > 0
    }

    /// Those that are on.
    pub fn all(&self) -> Vec<Fault> {
        self.list().faults.clone()
    }

    /// Switches one on; what it became. `None` where too many are on.
    pub fn switch_on(&self, kind: Kind, infno: &str, times: u32, milliseconds: u64) -> Option<Fault> {
        let mut list = self.list();
        if list.faults.len() >= MOST {
            return None;
        }
        list.count += 1;
        let fault = Fault {
            id: list.count,
            kind,
            infno: infno.trim().to_ascii_uppercase(),
            times: times.clamp(1, MOST_TIMES),
            milliseconds: if kind == Kind::Delay { milliseconds.clamp(1, LATEST) } else { 0 },
        };
        list.faults.push(fault.clone());
        self.on.store(list.faults.len(), Ordering::Relaxed);
        Some(fault)
    }

    /// Switches one off, or all; whether there was one.
    pub fn switch_off(&self, id: Option<u64>) -> bool {
        let mut list = self.list();
        let before = list.faults.len();
        list.faults.retain(|fault| id.is_some_and(|id| fault.id != id));
        self.on.store(list.faults.len(), Ordering::Relaxed);
        list.faults.len() < before
    }

    /// What a message of a transaction meets: of each kind the first fault that is on, once less from now on.
    pub fn meet(&self, infno: &str) -> Met {
        let mut met = Met::default();
        if !self.are_on() {
            return met;
        }
        let mut list = self.list();
        let mut seen = Vec::new();
        for fault in &mut list.faults {
            let meant = fault.infno.is_empty() || fault.infno == infno;
            if !meant || seen.contains(&fault.kind) {
                continue;
            }
            seen.push(fault.kind);
            fault.times -= 1;
            match fault.kind {
                Kind::Delay => met.delay = fault.milliseconds,
                Kind::LostAnswer => met.lost = true,
                Kind::Failure => met.failure = true,
                Kind::Duplicate => met.twice = true,
                Kind::Down => met.down = true,
            }
        }
        list.faults.retain(|fault| fault.times > 0);
        self.on.store(list.faults.len(), Ordering::Relaxed);
        met
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_meets_so_many_messages_of_its_transaction() {
        let faults = Faults::default();
        assert_eq!(faults.meet("2207"), Met::default());
        faults.switch_on(Kind::LostAnswer, " 2207 ", 2, 5).expect("room");
        let late = faults.switch_on(Kind::Delay, "", 1, 0).expect("room");
        assert_eq!((late.milliseconds, late.times), (1, 1));
        assert_eq!(faults.meet("2206"), Met { delay: 1, ..Met::default() });
        assert_eq!(faults.meet("2206"), Met::default());
        assert!(faults.meet("2207").lost && faults.meet("2207").lost && !faults.meet("2207").lost);
        assert!(!faults.are_on());
    }

    #[test]
    fn switches_go_off() {
        let faults = Faults::default();
        let one = faults.switch_on(Kind::Down, "", 9, 0).expect("room").id;
        faults.switch_on(Kind::Failure, "", 9, 0);
        assert!(faults.switch_off(Some(one)) && !faults.switch_off(Some(one)));
        assert!(faults.switch_off(None) && faults.all().is_empty());
        while faults.switch_on(Kind::Down, "", 1, 0).is_some() {}
        assert_eq!(faults.all().len(), MOST);
    }
}
