//! A run: what is sent, what is known by now, what was found.

mod examine;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::{Offset, TimeZone};
use serde_json::Value;

use crate::catalogue::CHECKS;
use crate::client::{Client, Trouble};
use crate::form::yuan;
use crate::message::{Areas, Message};
use crate::reply::Reply;
use crate::report::{Found, Report};
use crate::subjects::{Institution, Subjects};

/// So many messages in a row without an answer end the run.
const MOST_SILENT: u32 = 3;

/// What is played next.
#[derive(Clone, Copy, Debug)]
pub struct Step<'step> {
    /// The sequence: 门诊.
    pub sequence: &'step str,
    /// The transaction.
    pub number: &'step str,
    /// How many messages were sent before.
    pub sent: u32,
}

/// A run.
pub struct Run<'run> {
    client: Client,
    pub subjects: &'run Subjects,
    without: &'run [String],
    step: &'run mut dyn FnMut(Step<'_>),
    found: BTreeMap<&'static str, Found>,
    references: BTreeSet<String>,
    started: DateTime,
    serial: u32,
    sent: u32,
    silent: u32,
    sequence: &'static str,
    /// Where care is given and where the person of the sequence is insured.
    pub areas: Areas,
}

fn now() -> DateTime {
    Timestamp::now().to_zoned(TimeZone::fixed(Offset::constant(8))).datetime()
}

impl<'run> Run<'run> {
    pub fn new(
        client: Client,
        subjects: &'run Subjects,
        without: &'run [String],
        step: &'run mut dyn FnMut(Step<'_>),
    ) -> Run<'run> {
        let started = now();
        // Two runs within one second still differ.
        let serial = u32::from(started.millisecond().unsigned_abs()) / 100 * 1_000;
        let areas = Areas { care: subjects.area.clone(), insured: String::new() };
        Run {
            client,
            subjects,
            without,
            step,
            found: BTreeMap::new(),
            references: BTreeSet::new(),
            started,
            serial,
            sent: 0,
            silent: 0,
            sequence: "",
            areas,
        }
    }

    /// The day on which the run began, in Beijing.
    pub fn today(&self) -> Date {
        self.started.date()
    }

    /// The institution of a short name.
    pub fn institution(&self, key: &str) -> Option<&'run Institution> {
        self.subjects.institution(key)
    }

    /// A sequence begins; nobody is named in its envelopes yet.
    pub fn begin(&mut self, sequence: &'static str) {
        self.sequence = sequence;
        self.areas.insured.clear();
    }

    /// A new message of an institution.
    pub fn message(&mut self, institution: &Institution, number: &str, input: &Value) -> Message {
        self.serial += 1;
        let stamp: String = self.started.strftime("%Y%m%d%H%M%S").to_string();
        let id = format!("{}{stamp}{:04}", institution.id, self.serial % 10_000);
        let time = self.started.strftime("%Y-%m-%d %H:%M:%S").to_string();
        Message::new(institution, &self.areas, number, &id, &time, input)
    }

    /// Sends a message; `None` without an answer.
    pub fn send(&mut self, message: &Message) -> Option<Reply> {
        let reply = self.post(message, None, &message.text(), None)?;
        self.examine(&reply);
        Some(reply)
    }

    /// Sends a text as a message's body, with a content type, to a path of one's own choice; not examined.
    pub fn post(
        &mut self,
        message: &Message,
        kind: Option<&str>,
        text: &str,
        path: Option<&str>,
    ) -> Option<Reply> {
        if self.silent >= MOST_SILENT {
            return None;
        }
        (self.step)(Step { sequence: self.sequence, number: &message.number, sent: self.sent });
        self.sent += 1;
        let path = path.unwrap_or_else(|| self.client.target.path(&message.number)).to_owned();
        match self.client.post(&path, &message.institution, kind, text) {
            Ok(raw) => {
                self.silent = 0;
                self.pass("transport.answered");
                Some(Reply::new(&message.number, &message.id, raw))
            }
            Err(trouble) => {
                self.silent += 1;
                let found = if self.silent >= MOST_SILENT {
                    format!("{trouble}；接连 {MOST_SILENT} 条没有应答，没有再发")
                } else {
                    trouble.to_string()
                };
                self.fail_at("transport.answered", "时限内的应答", &found, &message.number, &message.id);
                None
            }
        }
    }

    /// Whether anything answers at the address at all.
    ///
    /// # Errors
    /// [`Trouble::Unreachable`].
    pub fn reach(&mut self) -> Result<(), Trouble> {
        match self.client.get("/") {
            Err(trouble @ Trouble::Unreachable(_)) => Err(trouble),
            _ => Ok(()),
        }
    }

    /// How many messages were written.
    pub fn serial(&self) -> u32 {
        self.serial
    }

    /// The client.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Whether a transaction is not to be asked for; the check is then left out.
    pub fn leaves_out(&mut self, check: &'static str, number: &str) -> bool {
        let left = self.without.iter().any(|without| without == number);
        if left {
            self.skip(check, &format!("按要求没有检查 {number}"));
        }
        left
    }

    /// A new message that must succeed; `None` where it did not.
    pub fn ok(
        &mut self,
        check: &'static str,
        institution: &Institution,
        number: &str,
        input: &Value,
    ) -> Option<Reply> {
        self.ok_message(check, institution, number, input).map(|(_, reply)| reply)
    }

    /// The same with the message itself.
    pub fn ok_message(
        &mut self,
        check: &'static str,
        institution: &Institution,
        number: &str,
        input: &Value,
    ) -> Option<(Message, Reply)> {
        if self.leaves_out(check, number) {
            return None;
        }
        let message = self.message(institution, number, input);
        let Some(reply) = self.send(&message) else {
            self.fail_at(check, "infcode 0", "没有应答", number, &message.id);
            return None;
        };
        self.expect(check, reply.is_success(), "infcode 0", &reply);
        reply.is_success().then_some((message, reply))
    }

    /// A new message that must be refused.
    pub fn refused(&mut self, check: &'static str, institution: &Institution, number: &str, input: &Value) {
        if self.leaves_out(check, number) {
            return;
        }
        let message = self.message(institution, number, input);
        if let Some(reply) = self.send(&message) {
            self.expect(check, reply.is_failure(), "infcode -1", &reply);
        }
    }

    /// A check that holds or not; what was found is the reply.
    pub fn expect(&mut self, check: &'static str, holds: bool, expected: &str, reply: &Reply) {
        if holds {
            self.pass(check);
        } else {
            self.fail(check, expected, &reply.told(), reply);
        }
    }

    /// As it should be.
    pub fn pass(&mut self, check: &'static str) {
        self.found.entry(check).or_default().passes += 1;
    }

    /// Otherwise, in an answer.
    pub fn fail(&mut self, check: &'static str, expected: &str, found: &str, reply: &Reply) {
        self.fail_at(check, expected, found, &reply.number, &reply.message);
    }

    /// Otherwise, because there was no answer.
    pub fn fail_without_answer(&mut self, check: &'static str, expected: &str, message: &Message) {
        self.fail_at(check, expected, "没有应答", &message.number, &message.id);
    }

    /// Otherwise, in what was answered to a message.
    pub fn fail_of(&mut self, check: &'static str, expected: &str, found: &str, message: &Message) {
        self.fail_at(check, expected, found, &message.number, &message.id);
    }

    /// That an account holds again, or still, what it held.
    pub fn returned(&mut self, check: &'static str, before: i64, now: i64, reply: &Reply) {
        if before == now {
            self.pass(check);
        } else {
            self.fail(check, &format!("1101 的余额 {}", yuan(before)), &yuan(now), reply);
        }
    }

    fn fail_at(&mut self, check: &'static str, expected: &str, found: &str, number: &str, message: &str) {
        let entry = self.found.entry(check).or_default();
        if entry.failures == 0 {
            entry.expected = expected.to_owned();
            entry.found = found.to_owned();
            entry.number = number.to_owned();
            entry.message = message.to_owned();
        }
        entry.failures += 1;
    }

    /// Not looked at.
    pub fn skip(&mut self, check: &'static str, why: &str) {
        self.found.entry(check).or_default().skipped = Some(why.to_owned());
    }

    /// Not looked at, all of a group that have not been.
    pub fn skip_group(&mut self, group: &str, why: &str) {
        for check in CHECKS.iter().filter(|check| check.group() == group) {
            self.found.entry(check.id).or_default().skipped.get_or_insert_with(|| why.to_owned());
        }
    }

    /// The report.
    pub fn report(mut self, base: String) -> Report {
        let unreached = if self.silent >= MOST_SILENT {
            "平台不再应答，没有走到"
        } else {
            "前面的步骤没有成功，没有走到"
        };
        let checks = CHECKS
            .iter()
            .map(|check| self.found.remove(check.id).unwrap_or_default().checked(check, unreached))
            .collect();
        Report::new(base, self.sent, checks)
    }
}
