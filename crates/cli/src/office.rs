//! The agency's office that a command works with: opened, asked, booked at.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};

use gongji_agency::Stop as Halt;
use gongji_agency::actor::Actor;
use gongji_agency::command::Command;
use gongji_agency::context::Context;
use gongji_agency::desk::Desk;
use gongji_agency::office::{Answer, Failure, Office, Rules};
use gongji_agency::port::{Clock, Store, StoreError, SystemClock};

use gongji_ledger::ChainHash;
use gongji_store::Place;

use crate::arguments::{Agency, Operator};
use crate::exit::Stop;
use crate::shelf::Shelf;

/// An office, and who stands at its counter.
pub struct Counter {
    /// The office.
    pub office: Office,
    /// Who.
    pub actor: Actor,
}

/// What a failure is to somebody at a terminal: refusals are bad input, everything else a failure.
pub fn stop(failure: Failure) -> Stop {
    match failure {
        Failure::Refused(refusal) => Stop::bad_input(refusal),
        Failure::Store(error) => store(error),
    }
}

/// Why looking stopped, likewise.
pub fn halt(halt: Halt) -> Stop {
    match halt {
        Halt::Refused(refusal) => Stop::bad_input(refusal),
        Halt::Store(error) => store(error),
        Halt::NotAtHand(rows) => Stop::failed(format!("没有取到 {} 行", rows.len())),
    }
}

/// A store's error to somebody at a terminal.
pub fn store(error: StoreError) -> Stop {
    Stop::failed(error)
}

impl Counter {
    /// Opens the office that the arguments name.
    ///
    /// # Errors
    /// No place named, packs that do not prove, a store that cannot be opened.
    pub fn open(agency: &Agency) -> Result<Counter, Stop> {
        Counter::open_at(agency, Arc::new(SystemClock))
    }

    /// The same with a clock.
    ///
    /// # Errors
    /// As [`Counter::open`].
    pub fn open_at(agency: &Agency, clock: Arc<dyn Clock>) -> Result<Counter, Stop> {
        let place = agency.records.place()?;
        let shelf = Shelf::sound(&agency.packs)?;
        Counter::over(&place, shelf, &agency.operator, clock)
    }

    /// The office over a place, under the rules of a shelf.
    ///
    /// # Errors
    /// A store that cannot be opened.
    pub fn over(
        place: &Place,
        shelf: Shelf,
        operator: &Operator,
        clock: Arc<dyn Clock>,
    ) -> Result<Counter, Stop> {
        let home = place.open().map_err(store)?;
        let files = shelf.texts.rules.into_iter().map(|text| (text.name, text.text)).collect();
        // The rules live as long as the program.
        let rules = Arc::new(Rules::new(shelf.packs.leak(), files));
        let office = Office::open(home as Arc<dyn Store>, rules, clock).map_err(stop)?;
        Ok(Counter { office, actor: Actor::operator(&operator.name()) })
    }

    /// Looks at the present state.
    ///
    /// # Errors
    /// A refusal (exit code 2), the store's failure (1).
    pub fn look<T>(
        &self,
        look: impl FnMut(&mut Desk<'_>, &Context<'_>) -> Result<T, Halt>,
    ) -> Result<T, Stop> {
        self.office.look(&self.actor, look).map_err(stop)
    }

    /// Books one command under a key that follows from what it says.
    ///
    /// # Errors
    /// As [`Counter::look`].
    pub fn book(&self, command: Command) -> Result<Answer, Stop> {
        let key = key_of(&command)?;
        self.office.book(&self.actor, &key, command).map_err(stop)
    }

    /// Hands in a command without waiting for it.
    pub fn hand_in(&self, key: &str, command: Command) -> Receiver<Result<Answer, Failure>> {
        let (tell, told) = channel();
        let reply = Box::new(move |answer| {
            // Whoever no longer listens knows why.
            let _ = tell.send(answer);
        });
        self.office.submit(&self.actor, key, command, reply);
        told
    }
}

/// The key of a command for which the caller gave none: the hash of what it says, so that the same thing said twice is booked once.
///
/// # Errors
/// A command that cannot be written as JSON, which never happens.
pub fn key_of(command: &Command) -> Result<String, Stop> {
    let text = serde_json::to_vec(command).map_err(Stop::failed)?;
    let hash = ChainHash::START.link(&text).to_string();
    Ok(format!("{}-{}", command.kind(), &hash[..24]))
}
