//! One batch: decided one after the other, written together, answered after the commit.

use sha2::{Digest, Sha256};

use super::Reply;
use super::answer::{Answer, Failure};
use super::rules::Rules;
use crate::actor::Actor;
use crate::apply::{apply, statement_moves};
use crate::clearing::day_move;
use crate::command::{Command, Decide};
use crate::context::{Context, day_of};
use crate::desk::{Cache, Desk};
use crate::port::{Clock, Head, Outcome, Read, Store, StoreError, StoredRecord, Write};
use crate::recent_rows::RecentRows;
use crate::record::{Draft, Link, Record};
use crate::refusal::Refusal;
use crate::row::{ClearingDay, FundMonth, Standing};
use crate::stop::Stop;

/// So many commands at most share a commit.
pub(super) const MOST_TOGETHER: usize = 512;

/// How often a batch fetches rows together before the rest is fetched one by one.
const MOST_ROUNDS: usize = 6;

/// The request of a key that was reversed before its message arrived: it stands for whatever comes.
const TOMBSTONE: [u8; 32] = [0; 32];

/// A command on its way.
pub(super) struct Job {
    actor: Actor,
    /// The key in the actor's scope.
    key: String,
    command: Command,
    request: [u8; 32],
    reply: Reply,
}

impl Job {
    pub fn new(actor: Actor, key: &str, command: Command, reply: Reply) -> Job {
        // A command of plain data always becomes JSON; nothing else stands for it.
        let text = serde_json::to_vec(&command).unwrap_or_default();
        let request = Sha256::digest(&text).into();
        let key = format!("{}/{key}", actor.scope());
        Job { actor, key, command, request, reply }
    }

    /// Whether an outcome of its key is that of what it asks.
    fn asked(&self, outcome: &Outcome) -> bool {
        outcome.request == self.request || outcome.request == TOMBSTONE
    }

    pub fn answer(self, answer: Result<Answer, Failure>) {
        (self.reply)(answer);
    }
}

/// Decides, writes and answers a batch.
pub(super) fn run(
    store: &dyn Store,
    rules: &Rules,
    clock: &dyn Clock,
    (cache, recent): (&mut Cache, &RecentRows),
    jobs: Vec<Job>,
) {
    let mut answers = Vec::new();
    let mut moved = None;
    let mut tries = 0;
    let written = store.write(&mut |view: &mut dyn Write| {
        if tries > 0 {
            cache.forget();
        }
        tries += 1;
        answers.clear();
        let head = view.head()?;
        cache.settle_to(head);
        let batch = Batch { rules, now: clock.now().max(head.booked_at), start: head, recent };
        let (records, changes, outcomes, end) =
            batch.decide(view, cache, &jobs, store.is_remote(), &mut answers)?;
        view.append(&records)?;
        view.put(&changes)?;
        view.remember(&outcomes)?;
        moved = Some((head, end, cache.written(end)));
        Ok(())
    });
    match written {
        Ok(()) => {
            // Before anybody is answered, so that whoever looks next finds it.
            if let Some((start, end, changed)) = moved {
                recent.publish(start, end, changed);
            }
            for (job, answer) in jobs.into_iter().zip(answers) {
                job.answer(answer);
            }
        }
        Err(error) => {
            cache.forget();
            recent.forget();
            after_failure(store, jobs, &error);
        }
    }
}

/// Answers after a failed commit: what the keys say was booked is answered, the rest is told that it failed.
fn after_failure(store: &dyn Store, jobs: Vec<Job>, error: &StoreError) {
    let mut found = Vec::new();
    if matches!(error, StoreError::Unknown(_)) {
        let keys: Vec<String> = jobs.iter().map(|job| job.key.clone()).collect();
        // Where this fails too, every caller is told that the outcome is unknown.
        let _ = store.read(&mut |view: &mut dyn Read| {
            found.clear();
            for (job, outcome) in jobs.iter().zip(view.outcomes(&keys)?) {
                found.push(match outcome {
                    Some(outcome) if job.asked(&outcome) => Some(replay(view, &outcome)?),
                    Some(_) => Some(Err(reused())),
                    None => None,
                });
            }
            Ok(())
        });
    }
    found.resize_with(jobs.len(), || None);
    for (job, found) in jobs.into_iter().zip(found) {
        job.answer(found.unwrap_or_else(|| Err(Failure::Store(error.clone()))));
    }
}

/// The first answer again.
fn replay(view: &mut dyn Read, outcome: &Outcome) -> Result<Result<Answer, Failure>, StoreError> {
    let mut cache = Cache::default();
    replay_at(&mut Desk::new(view, &mut cache), outcome)
}

fn replay_at(desk: &mut Desk<'_>, outcome: &Outcome) -> Result<Result<Answer, Failure>, StoreError> {
    match outcome.seq {
        Some(seq) => {
            let record =
                desk.record(seq)?.ok_or_else(|| StoreError::Corrupt(format!("缺第 {seq} 条记录")))?;
            Ok(Ok(Answer::of(record, true)))
        }
        None => {
            let refusal: Refusal = serde_json::from_str(&outcome.refusal)
                .map_err(|error| StoreError::Corrupt(format!("拒绝理由读不懂：{error}")))?;
            Ok(Err(Failure::Refused(refusal)))
        }
    }
}

struct Batch<'office> {
    rules: &'office Rules,
    now: i64,
    start: Head,
    recent: &'office RecentRows,
}

type Rows = Vec<(crate::port::RowId, Option<String>)>;
type Written = (Vec<StoredRecord>, Rows, Vec<(String, Outcome)>, Head);

impl Batch<'_> {
    fn context<'job>(&'job self, job: &'job Job, seq: u64) -> Context<'job> {
        Context {
            rules: self.rules.book(),
            edition: self.rules.edition(),
            actor: &job.actor,
            now: self.now,
            today: day_of(self.now),
            seq,
        }
    }

    fn decide(
        &self,
        view: &mut dyn Write,
        cache: &mut Cache,
        jobs: &[Job],
        is_remote: bool,
        answers: &mut Vec<Result<Answer, Failure>>,
    ) -> Result<Written, StoreError> {
        let mut desk = Desk::new(view, cache).with_recent(self.recent, self.start.seq);
        let keys: Vec<String> = jobs.iter().map(|job| job.key.clone()).collect();
        desk.look_up(&keys)?;
        if is_remote {
            self.fetch_together(&mut desk, jobs)?;
        }
        let mut head = self.start;
        let mut outcomes: Vec<(String, Outcome)> = Vec::with_capacity(jobs.len());
        for job in jobs {
            let known = desk.outcome(&job.key)?;
            if let Some(known) = known {
                answers.push(if job.asked(&known) { replay_at(&mut desk, &known)? } else { Err(reused()) });
                continue;
            }
            desk.mark();
            let mut next = head;
            let (outcome, answer) = match self.book(&mut desk, job, &mut next, &mut outcomes) {
                Ok(record) => {
                    head = next;
                    let outcome =
                        Outcome { request: job.request, seq: Some(head.seq), refusal: String::new() };
                    (outcome, Answer::of(record, false))
                }
                Err(Stop::Refused(refusal)) => {
                    desk.take_back();
                    if &*refusal.code != "denied" {
                        let text = serde_json::to_string(&refusal)
                            .map_err(|error| StoreError::Corrupt(error.to_string()))?;
                        let outcome = Outcome { request: job.request, seq: None, refusal: text };
                        desk.remember(&job.key, outcome.clone());
                        outcomes.push((job.key.clone(), outcome));
                    }
                    answers.push(Err(Failure::Refused(*refusal)));
                    continue;
                }
                Err(Stop::Store(error)) => return Err(error),
                Err(Stop::NotAtHand(rows)) => {
                    return Err(StoreError::Corrupt(format!("没有取到 {} 行", rows.len())));
                }
            };
            desk.remember(&job.key, outcome.clone());
            outcomes.push((job.key.clone(), outcome));
            answers.push(Ok(answer));
        }
        let records = desk.take_records();
        Ok((records, desk.changes()?, outcomes, head))
    }

    /// Fetches the rows of all commands together, round by round, as far as they can be told from the state before the batch.
    fn fetch_together(&self, desk: &mut Desk<'_>, jobs: &[Job]) -> Result<(), StoreError> {
        desk.gather(true);
        for _ in 0..MOST_ROUNDS {
            for job in jobs {
                let context = self.context(job, self.start.seq + 1);
                match job.command.decide(desk, &context) {
                    Ok(drafts) => {
                        for person in drafts.iter().flat_map(|draft| &draft.people) {
                            let _ = desk.get::<Standing>(person);
                        }
                        for posting in drafts.iter().flat_map(|draft| draft.entry.postings()) {
                            if posting.0.of_person().is_none() {
                                let _ = desk.get::<crate::row::Balance>(&posting.0.to_string());
                            }
                        }
                        for draft in &drafts {
                            let settlement = draft.settlement.as_deref();
                            let moves = statement_moves(
                                draft.kind,
                                &draft.line,
                                settlement,
                                draft.date,
                                &draft.entry,
                            );
                            for moved in moves.into_iter().flatten() {
                                let _ = desk.get::<FundMonth>(&moved.id);
                            }
                            let day = day_move(settlement, draft.back.as_deref(), draft.date, &draft.entry);
                            if let Ok(Some(day)) = day {
                                let _ = desk.get::<ClearingDay>(&day.id);
                            }
                        }
                        for tally in drafts.iter().flat_map(|draft| &draft.tallies) {
                            let _ = desk.get::<crate::row::Tally>(&tally.id);
                        }
                    }
                    Err(Stop::Store(error)) => return Err(error),
                    // Refusals are decided later, in order; what is missing is noted.
                    Err(Stop::Refused(_) | Stop::NotAtHand(_)) => {}
                }
            }
            if !desk.fetch()? {
                break;
            }
        }
        desk.gather(false);
        Ok(())
    }

    /// Decides a command and books its records. The last record is the answer.
    fn book(
        &self,
        desk: &mut Desk<'_>,
        job: &Job,
        head: &mut Head,
        outcomes: &mut Vec<(String, Outcome)>,
    ) -> Result<Record, Stop> {
        let context = self.context(job, head.seq + 1);
        let drafts = job.command.decide(desk, &context)?;
        let mut last = None;
        let mut made = Vec::with_capacity(drafts.len());
        let mut tombstones = Vec::new();
        for draft in drafts {
            if draft.tombstone.as_ref() == Some(&job.key) {
                return Err(Refusal::new("reverses_itself", "冲正的是这条消息自己").at("message").into());
            }
            tombstones.extend(draft.tombstone.clone());
            let record = self.record(desk, job, draft, head.seq + 1)?;
            apply(&record, desk)?;
            let body = written(&record)?;
            let hash = head.hash.link(body.as_bytes());
            made.push(StoredRecord {
                seq: record.seq,
                hash,
                kind: record.kind.clone(),
                person: record.people.first().map(|link| link.person.clone()).unwrap_or_default(),
                business_date: record.date.to_string(),
                booked_at: record.booked_at,
                body,
            });
            *head = Head { seq: record.seq, hash, booked_at: record.booked_at };
            last = Some(record);
        }
        let last = last.ok_or_else(|| StoreError::Corrupt(format!("{} 没有留下记录", job.command.kind())))?;
        made.into_iter().for_each(|record| desk.add(record));
        for key in tombstones {
            let refusal = Refusal::new("reversed_before", "这条消息在到达之前已经冲正，没有办理")
                .hint("请用新的消息重新办理");
            let text =
                serde_json::to_string(&refusal).map_err(|error| StoreError::Corrupt(error.to_string()))?;
            let outcome = Outcome { request: TOMBSTONE, seq: None, refusal: text };
            desk.remember(&key, outcome.clone());
            outcomes.push((key, outcome));
        }
        Ok(last)
    }

    fn record(&self, desk: &mut Desk<'_>, job: &Job, draft: Draft, seq: u64) -> Result<Record, Stop> {
        let mut people = Vec::with_capacity(draft.people.len());
        for person in draft.people {
            let prev = desk.get::<Standing>(&person)?.map_or(0, |standing| standing.last);
            people.push(Link { person, prev });
        }
        let day = day_move(draft.settlement.as_deref(), draft.back.as_deref(), draft.date, &draft.entry)?;
        let day_prev = match day {
            Some(day) => desk.get::<ClearingDay>(&day.id)?.map_or(0, |row| row.last),
            None => 0,
        };
        Ok(Record {
            seq,
            kind: draft.kind.to_owned(),
            date: draft.date,
            booked_at: self.now,
            actor: job.actor.clone(),
            key: job.key.clone(),
            people,
            entry: draft.entry,
            line: draft.line,
            calculations: draft.calculations,
            bulk: draft.bulk,
            closes: draft.closes,
            tallies: draft.tallies,
            settlement: draft.settlement,
            cancels: draft.cancels,
            back: draft.back,
            day_prev,
            overdraft: draft.overdraft,
            account_at: draft.account_at,
            after: draft.after,
            result: draft.result,
            tombstone: draft.tombstone,
        })
    }
}

/// The room that most records take, in bytes.
const MOST_BODIES: usize = 4_096;

/// A record as the journal keeps it.
fn written(record: &Record) -> Result<String, StoreError> {
    let unwritten = |error: String| StoreError::Corrupt(format!("记录写不成文字：{error}"));
    let mut body = Vec::with_capacity(MOST_BODIES);
    serde_json::to_writer(&mut body, record).map_err(|error| unwritten(error.to_string()))?;
    String::from_utf8(body).map_err(|error| unwritten(error.to_string()))
}

fn reused() -> Failure {
    let refusal = Refusal::new("key_reused", "这个幂等键已经用于另一项业务，没有办理")
        .hint("重试时内容必须与第一次完全相同；新的业务请用新的键");
    Failure::Refused(refusal)
}
