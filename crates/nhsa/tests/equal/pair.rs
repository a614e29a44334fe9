//! Both sides, and what is done on them.

use std::cell::RefCell;
use std::collections::VecDeque;

use gongji_agency::command::Command;
use gongji_agency::context::day_of;
use gongji_agency::office::{Answer as Booked, Failure};
use gongji_agency::row::{Standing, Visit as VisitRow};
use gongji_nhsa::Platform;
use jiff::civil::Date;
use serde_json::Value;

use crate::business::{Count, Deed, Settled, Visit};
use crate::dice::Dice;
use crate::message::{Answer, Message};
use crate::side::{NOON, PHARMACY, PLACES, Side};

/// So many pieces of business are told when something differs.
const TOLD: usize = 60;

/// Two offices: one is sent messages, the other commands.
pub struct Pair {
    pub wire: Side,
    pub agency: Side,
    pub platform: Platform,
    pub visits: Vec<Visit>,
    pub settled: Vec<Settled>,
    pub now: i64,
    pub sent: u64,
    pub count: RefCell<Count>,
    past: VecDeque<String>,
}

/// Why a piece of business shows a difference.
pub type Done = Result<(), String>;

impl Pair {
    pub fn open() -> Pair {
        let (wire, agency) = (Side::open(), Side::open());
        assert_eq!(wire.people, agency.people, "both sides number alike");
        let platform = Platform::new(wire.office().clone());
        Pair {
            wire,
            agency,
            platform,
            visits: Vec::new(),
            settled: Vec::new(),
            now: NOON,
            sent: 0,
            count: RefCell::default(),
            past: VecDeque::new(),
        }
    }

    pub fn people(&self) -> usize {
        self.wire.people.len()
    }

    pub fn remember(&mut self, told: String) {
        self.past.push_back(told);
        if self.past.len() > TOLD {
            self.past.pop_front();
        }
    }

    /// What was done last.
    pub fn past(&self) -> String {
        self.past.iter().map(|told| format!("  {told}\n")).collect()
    }

    pub fn booked(&self) -> Count {
        *self.count.borrow()
    }

    pub fn today(&self) -> Date {
        day_of(self.now)
    }

    pub fn message(&mut self, place: usize, number: &str, input: &Value) -> Message {
        self.sent += 1;
        Message::new(place, self.sent, number, input)
    }

    /// Sends a message as messages are sent: once, again after an answer that was lost, or twice at the same moment. All answers must say the same, and
    /// another content under the id of one that was accepted is refused.
    pub fn deliver(&self, dice: &mut Dice, message: &Message) -> Result<Answer, String> {
        let answers: Vec<Answer> = match dice.below(10) {
            0..2 => {
                self.count.borrow_mut().repeated += 1;
                vec![message.send(&self.platform), message.send(&self.platform)]
            }
            2..4 => {
                self.count.borrow_mut().repeated += 1;
                let platform = &self.platform;
                std::thread::scope(|scope| {
                    let other = scope.spawn(|| message.send(platform));
                    vec![message.send(platform), other.join().expect("answered")]
                })
            }
            _ => vec![message.send(&self.platform)],
        };
        let first = &answers[0];
        for again in &answers[1..] {
            if (first.output(), &first.code) != (again.output(), &again.code) {
                return Err(format!(
                    "sent twice\n{}\nfirst  {}\nsecond {}",
                    message.body, first.text, again.text
                ));
            }
        }
        if message.books && first.code.is_none() && dice.chance(10) {
            let other = message.body.replacen("\"input\":{", "\"input\":{\"zz\":\"1\",", 1);
            let refused = Message { body: other, ..message.clone() }.send(&self.platform);
            if refused.code.as_deref() != Some("message_reused") {
                return Err(format!("another content under the same id\n{}", refused.text));
            }
        }
        if first.code.is_some() {
            self.count.borrow_mut().refused += 1;
        }
        Ok(first.clone())
    }

    /// Gives the other side a command as the JSON API reads it.
    pub fn command(&self, place: usize, key: &str, kind: &str, fields: &Value) -> Result<Booked, Failure> {
        let command = Command::read(kind, &fields.to_string()).map_err(Failure::Refused)?;
        self.agency.office().book(&Side::actor(place), key, command)
    }

    /// Both accepted it, or neither.
    pub fn agree(message: &Message, answer: &Answer, booked: &Result<Booked, Failure>) -> Done {
        match (&answer.code, booked) {
            (None, Ok(_)) | (Some(_), Err(Failure::Refused(_))) => Ok(()),
            _ => Err(format!("{}\nmessage: {}\ncommand: {booked:?}", message.body, answer.text)),
        }
    }

    pub fn row(&self, visit: usize) -> VisitRow {
        let id = self.visits[visit].agency.clone();
        let place = self.visits[visit].place;
        let seen = self
            .agency
            .office()
            .look(&Side::actor(place), |desk, _| Ok((*desk.need::<VisitRow>(&id)?).clone()));
        seen.expect("a visit")
    }

    /// What the person's account holds in the other books, fen.
    pub fn held(&self, person: usize) -> i64 {
        let id = self.agency.people[person].clone();
        let seen = self.agency.office().look(&Side::actor(0), |desk, _| {
            Ok(desk.get::<Standing>(&id)?.map_or(0, |standing| standing.current_year + standing.carried_over))
        });
        seen.expect("a standing")
    }

    /// Does a piece of business on both sides.
    ///
    /// # Errors
    /// What differs.
    pub fn does(&mut self, dice: &mut Dice, deed: &Deed) -> Done {
        match deed {
            Deed::Register { person, place, back, care } => {
                self.open_visit(dice, (*person, *place), *back, care, false)
            }
            Deed::Admit { person, place, back } => {
                self.open_visit(dice, (*person, *place), *back, "21", true)
            }
            Deed::Upload { visit, charge, lines, slip } => self.upload(dice, *visit, *charge, lines, *slip),
            Deed::CancelLines { visit, upload } => self.cancel_lines(dice, *visit, *upload),
            Deed::Discharge { visit } => self.discharge(dice, *visit, true),
            Deed::Undischarge { visit } => self.discharge(dice, *visit, false),
            Deed::Settle { visit, charge, accounts, mid, slip } => {
                self.settle(dice, *visit, *charge, (*accounts, *mid), *slip)
            }
            Deed::Purchase { person, accounts, lines, slip } => {
                self.sent += 1;
                let id = format!("{}20260615{:010}", PLACES[PHARMACY].0, self.sent);
                self.purchase(dice, &id, *person, *accounts, lines, *slip, false)
            }
            Deed::CancelSettlement { settled } => self.cancel_settlement(dice, *settled),
            Deed::CancelVisit { visit } => self.cancel_visit(dice, *visit),
            Deed::Reverse { target } => self.reverse(dice, *target),
            Deed::Late { person, lines } => self.late(dice, *person, lines),
            Deed::Credit { person, yuan } => {
                self.sent += 1;
                for side in [&self.wire, &self.agency] {
                    side.credit(
                        &format!("credit-{}", self.sent),
                        &side.people[*person],
                        &format!("{yuan}.00"),
                    );
                }
                Ok(())
            }
            Deed::Later { days } => {
                self.now += days * 86_400_000;
                self.wire.clock.set(self.now);
                self.agency.clock.set(self.now);
                Ok(())
            }
        }
    }
}
