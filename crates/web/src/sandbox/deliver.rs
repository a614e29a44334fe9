//! A message on its way into the sandbox: it meets the faults that are on, and is written down.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::Deserialize;
use serde_json::Value;

use super::Sandbox;
use super::faults::Met;
use super::log::{Entry, text_of, without_mark};
use crate::agency::Agency;
use crate::interface::message::{Made, Message};

/// What comes of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// An answer.
    Answer(Made),
    /// It was done and nobody is told.
    Lost,
    /// The platform is down.
    Down,
}

#[derive(Deserialize)]
struct Head {
    infno: Value,
}

/// The number of the transaction, read only where a fault may be meant for it.
fn number_of(body: &[u8]) -> String {
    let head: Option<Head> = serde_json::from_slice(without_mark(body)).ok();
    head.map(|head| text_of(&head.infno)).unwrap_or_default()
}

/// Delivers a message: whoever it says it is from is believed. `None` where the work stopped.
pub async fn deliver(agency: Arc<Agency>, sandbox: Arc<Sandbox>, message: Message) -> Option<(Outcome, u64)> {
    let started = Instant::now();
    let met =
        if sandbox.faults.are_on() { sandbox.faults.meet(&number_of(&message.body)) } else { Met::default() };
    if met.delay > 0 {
        tokio::time::sleep(Duration::from_millis(met.delay)).await;
    }
    let work = move || {
        let at = agency.platform.now();
        let (made, trial) = if met.down {
            (Made::Text(String::new()), None)
        } else if met.failure {
            let problem = "沙箱里开着“答 -1，没有办”的故障：没有办理";
            (Made::Text(agency.platform.fail("sandbox_fault", problem)), None)
        } else {
            if met.twice {
                message.answered(&agency.platform, None);
            }
            message.answered_with_trial(&agency.platform)
        };
        let answer = match &made {
            Made::Text(text) => text.clone(),
            Made::File(file) => format!("文件 {}，{} 个字节", file.name, file.bytes.len()),
        };
        let entry = Entry {
            id: 0,
            at,
            took: u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX),
            path: message.path,
            request: message.body,
            answer,
            trial,
            answered: !met.lost && !met.down,
            faults: met.labels(),
        };
        let id = sandbox.log.keep(entry);
        let outcome = match (met.down, met.lost) {
            (true, _) => Outcome::Down,
            (_, true) => Outcome::Lost,
            _ => Outcome::Answer(made),
        };
        (outcome, id)
    };
    tokio::task::spawn_blocking(work).await.ok()
}
