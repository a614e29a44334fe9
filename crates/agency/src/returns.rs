//! 退回转账 of a whole area as long work: step after step, until nothing that nobody took in time is held any more.

use crate::actor::Actor;
use crate::command::{Command, ReturnTransfers};
use crate::desk::Desk;
use crate::job::{Job, Progress, Step};
use crate::office::{Answer, Failure, Office};
use crate::stop::Stop;

/// The list of transfers by the moment at which they go back.
const LIST: &str = "transfers_due";

/// So many are counted at once.
const PAGE: usize = 1_000;

/// Everything of an area that went untaken goes back.
#[derive(Clone, Debug)]
pub struct Returns {
    area: String,
    done: u64,
    of: Option<u64>,
}

impl Returns {
    /// Of accounts in the books of an area.
    pub fn of(area: impl Into<String>) -> Returns {
        Returns { area: area.into(), done: 0, of: None }
    }
}

/// Ids of the list that come before this one have come due.
fn bound(area: &str, now: i64) -> String {
    format!("{area}/{:020}", now.max(0).saturating_add(1))
}

/// The transfer that came due first.
fn first(desk: &mut Desk<'_>, area: &str, now: i64) -> Result<Option<String>, Stop> {
    let page = desk.view().page(LIST, &format!("{area}/"), "", 1)?;
    let bound = bound(area, now);
    Ok(page.into_iter().next().map(|(id, _)| id).filter(|id| *id < bound))
}

/// How many have come due.
fn count(desk: &mut Desk<'_>, area: &str, now: i64) -> Result<u64, Stop> {
    let (prefix, bound) = (format!("{area}/"), bound(area, now));
    let (mut after, mut count) = (String::new(), 0);
    loop {
        let page = desk.view().page(LIST, &prefix, &after, PAGE)?;
        count += page.iter().filter(|(id, _)| *id < bound).count() as u64;
        match page.into_iter().next_back().filter(|(id, _)| *id < bound) {
            Some((last, _)) => after = last,
            None => return Ok(count),
        }
    }
}

impl Job for Returns {
    fn next(&mut self, office: &Office, actor: &Actor) -> Result<Option<Step>, Failure> {
        let known = self.of;
        let (of, first) = office.look(actor, |desk, context| {
            let of = known.map_or_else(|| count(desk, &self.area, context.now), Ok)?;
            Ok((of, first(desk, &self.area, context.now)?))
        })?;
        self.of = Some(of);
        // Each step sends back the one that came due first, so that no two steps have the same first.
        Ok(first.map(|first| Step {
            key: format!("returns/{first}"),
            command: Command::ReturnTransfers(ReturnTransfers { area: self.area.clone() }),
        }))
    }

    fn took(&mut self, answer: &Answer) -> Progress {
        let returned = answer.result.get("returned").and_then(serde_json::Value::as_array);
        self.done += returned.map_or(0, |returned| returned.len() as u64);
        Progress { done: self.done, of: self.of }
    }
}
