//! The office: takes commands from many callers, decides them one after the other, and answers each after it is on disk.
//!
//! One thread writes. While it commits, further commands gather; they become the next batch and share one commit. Readers never wait for it.

mod answer;
mod batch;
mod rules;

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

pub use answer::{Answer, Failure};
pub use rules::Rules;

use crate::actor::Actor;
use crate::command::Command;
use crate::context::{Context, day_of};
use crate::desk::{Cache, Desk};
use crate::port::{Clock, Read, Store, StoreError};
use crate::recent_rows::RecentRows;
use crate::refusal::Refusal;
use crate::stop::Stop;
use batch::{Job, MOST_TOGETHER};

/// How a caller is told.
pub type Reply = Box<dyn FnOnce(Result<Answer, Failure>) + Send>;

/// The longest key of a caller.
const LONGEST_KEY: usize = 200;

/// The office. Clones share it; it closes with the last one.
#[derive(Clone)]
pub struct Office {
    shared: Arc<Shared>,
}

struct Shared {
    store: Arc<dyn Store>,
    rules: Arc<Rules>,
    clock: Arc<dyn Clock>,
    recent: Arc<RecentRows>,
    jobs: Mutex<Option<Sender<Job>>>,
    writer: Mutex<Option<JoinHandle<()>>>,
}

impl Drop for Shared {
    fn drop(&mut self) {
        // The writer ends when nobody can send any more; what was taken is answered first.
        drop(self.jobs.get_mut().unwrap_or_else(PoisonError::into_inner).take());
        if let Some(writer) = self.writer.get_mut().unwrap_or_else(PoisonError::into_inner).take() {
            let _ = writer.join();
        }
    }
}

impl Office {
    /// Opens the office over a store. The texts of the rules are recorded, unless they are already.
    ///
    /// # Errors
    /// The store's, and where no thread can be started.
    pub fn open(store: Arc<dyn Store>, rules: Arc<Rules>, clock: Arc<dyn Clock>) -> Result<Office, Failure> {
        let (jobs, waiting) = channel();
        let (of_store, of_rules, of_clock) = (Arc::clone(&store), Arc::clone(&rules), Arc::clone(&clock));
        let recent = Arc::<RecentRows>::default();
        let of_recent = Arc::clone(&recent);
        let writer = std::thread::Builder::new()
            .name("office".to_owned())
            .spawn(move || write(&*of_store, &of_rules, &*of_clock, &of_recent, &waiting))
            .map_err(|error| Failure::Store(StoreError::Unavailable(error.to_string())))?;
        let (jobs, writer) = (Mutex::new(Some(jobs)), Mutex::new(Some(writer)));
        let shared = Shared { store, rules, clock, recent, jobs, writer };
        let office = Office { shared: Arc::new(shared) };
        office.keep_edition()?;
        Ok(office)
    }

    fn keep_edition(&self) -> Result<(), Failure> {
        let rules = &self.shared.rules;
        let mut known = false;
        self.shared.store.read(&mut |view: &mut dyn Read| {
            let id = crate::port::RowId { kind: "edition", id: rules.edition().to_owned() };
            known = view.rows(&[id])?.iter().any(Option::is_some);
            Ok(())
        })?;
        if known {
            return Ok(());
        }
        let command = crate::command::KeepEdition {
            edition: rules.edition().to_owned(),
            files: rules.files().to_vec(),
        };
        let key = format!("edition-{}", rules.edition());
        self.book(&Actor::operator("gongji"), &key, Command::KeepEdition(command)).map(drop)
    }

    /// Books a command and waits until it is on disk.
    ///
    /// # Errors
    /// A refusal, in which nothing was booked; the store's failure.
    pub fn book(&self, actor: &Actor, key: &str, command: Command) -> Result<Answer, Failure> {
        let (tell, told) = channel();
        let reply = Box::new(move |answer| {
            let _ = tell.send(answer);
        });
        self.submit(actor, key, command, reply);
        told.recv().unwrap_or_else(|_| Err(closed()))
    }

    /// Books a command; the reply is called on the writer's thread once it is on disk, or refused.
    pub fn submit(&self, actor: &Actor, key: &str, command: Command, reply: Reply) {
        if key.is_empty() || key.len() > LONGEST_KEY || key.chars().any(char::is_control) {
            let refusal = Refusal::new("malformed_key", "幂等键写法不对")
                .found(key.chars().take(40).collect::<String>())
                .expected(format!("1 到 {LONGEST_KEY} 个字节、没有控制字符的文字"));
            return reply(Err(Failure::Refused(refusal)));
        }
        let job = Job::new(actor.clone(), key, command, reply);
        let jobs = self.shared.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        let unsent = match jobs.as_ref() {
            Some(jobs) => jobs.send(job).err().map(|unsent| unsent.0),
            None => Some(job),
        };
        if let Some(job) = unsent {
            job.answer(Err(closed()));
        }
    }

    /// Looks at a consistent view. `look` may be called again from the start.
    ///
    /// # Errors
    /// A refusal of `look`; the store's failure.
    pub fn look<T>(
        &self,
        actor: &Actor,
        mut look: impl FnMut(&mut Desk<'_>, &Context<'_>) -> Result<T, Stop>,
    ) -> Result<T, Failure> {
        let mut seen = None;
        self.shared.store.read(&mut |view: &mut dyn Read| {
            let head = view.head()?;
            let now = self.shared.clock.now().max(head.booked_at);
            let context = Context {
                rules: self.shared.rules.book(),
                edition: self.shared.rules.edition(),
                actor,
                now,
                today: day_of(now),
                seq: head.seq + 1,
            };
            let mut cache = Cache::default();
            let mut desk = Desk::new(view, &mut cache).with_recent(&self.shared.recent, head.seq);
            seen = Some(match look(&mut desk, &context) {
                Ok(value) => Ok(value),
                Err(Stop::Refused(refusal)) => Err(*refusal),
                Err(Stop::Store(error)) => return Err(error),
                Err(Stop::NotAtHand(rows)) => {
                    return Err(StoreError::Corrupt(format!("没有取到 {} 行", rows.len())));
                }
            });
            Ok(())
        })?;
        match seen {
            Some(Ok(value)) => Ok(value),
            Some(Err(refusal)) => Err(Failure::Refused(refusal)),
            None => Err(closed()),
        }
    }

    /// The rules.
    pub fn rules(&self) -> &Rules {
        &self.shared.rules
    }

    /// The store.
    pub fn store(&self) -> &dyn Store {
        &*self.shared.store
    }

    /// The time.
    pub fn now(&self) -> i64 {
        self.shared.clock.now()
    }
}

fn closed() -> Failure {
    Failure::Store(StoreError::Unavailable("服务正在停止".to_owned()))
}

/// The writer: batch after batch, until nobody can send any more.
fn write(store: &dyn Store, rules: &Rules, clock: &dyn Clock, recent: &RecentRows, waiting: &Receiver<Job>) {
    let mut cache = Cache::default();
    let mut last = 0;
    while let Ok(first) = waiting.recv() {
        let mut jobs = vec![first];
        gather(waiting, &mut jobs, last);
        last = jobs.len();
        batch::run(store, rules, clock, (&mut cache, recent), jobs);
    }
}

/// The longest that a batch waits for callers who were answered together and ask again.
const PATIENCE: Duration = Duration::from_micros(500);

/// Takes what waits. Callers who were answered at once ask again almost at once: without a moment's patience the first of them would get a
/// commit of its own, and all the others would wait for it. A caller alone never waits.
fn gather(waiting: &Receiver<Job>, jobs: &mut Vec<Job>, last: usize) {
    jobs.extend(waiting.try_iter().take(MOST_TOGETHER - jobs.len()));
    let until = Instant::now() + PATIENCE;
    while jobs.len() < last {
        let Ok(job) = waiting.recv_timeout(until.saturating_duration_since(Instant::now())) else { return };
        jobs.push(job);
    }
}
