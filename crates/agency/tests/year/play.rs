//! A small book beside the office: both are given the same random commands, and must agree on every answer and every balance. What each book says of
//! itself stands in a file of its own; none shares code with the agency.
//!
//! `GONGJI_SEED` repeats a run, `GONGJI_STEPS` says how many steps it takes at most.

use std::collections::BTreeMap;
use std::rc::Rc;

use gongji_agency::actor::{Actor, Role};
use gongji_agency::command::Command;
use gongji_agency::office::{Answer, Failure, Office};
use serde_json::Value;

use crate::dice::{Dice, setting};
use crate::kit::assert_books;
use crate::world::{CLOUD, World};

/// A random command: what it is, and by which codes it may be refused; nothing in the list means that it is booked.
pub struct Step {
    /// Another office over the same store; the world's own unless given.
    pub under: Option<Rc<Office>>,
    pub actor: Actor,
    pub kind: &'static str,
    pub body: Value,
    pub refused: Vec<&'static str>,
}

impl Step {
    /// By the operator.
    pub fn new(kind: &'static str, body: Value) -> Step {
        Step { under: None, actor: crate::world::operator(), kind, body, refused: Vec::new() }
    }

    /// In another office.
    pub fn under(mut self, office: &Rc<Office>) -> Step {
        self.under = Some(Rc::clone(office));
        self
    }

    fn book(&self, world: &World) -> Result<Answer, Failure> {
        let Some(office) = &self.under else {
            return world.by(self.actor.clone()).book(&world.fresh_key(), self.kind, &self.body);
        };
        let command = Command::read(self.kind, &self.body.to_string()).map_err(Failure::Refused)?;
        office.book(&self.actor, &world.fresh_key(), command)
    }

    /// By somebody else.
    pub fn by(mut self, actor: Actor) -> Step {
        self.actor = actor;
        self
    }

    /// Refused by this code where something is wrong. Which of several reasons is told is the office's choice.
    pub fn no(mut self, wrong: bool, code: &'static str) -> Step {
        if wrong {
            self.refused.push(code);
        }
        self
    }
}

/// A book: plain lists, added up anew.
pub trait Book {
    /// The commands that it deals, each of which must be booked at least once in a run.
    const DEALT: &'static [&'static str];

    /// The next command, and what becomes of it.
    fn deal(&mut self, dice: &mut Dice, world: &World) -> Step;

    /// What a booked command changes.
    fn take_in(&mut self, step: &Step, answer: &Answer);

    /// Everything that it knows against what is kept.
    fn compare(&self, world: &World);
}

/// Staff of the first area.
pub fn reviewer(name: &str) -> Actor {
    Actor { role: Role::Reviewer, name: name.to_owned(), areas: vec![CLOUD.to_owned()] }
}

/// Yuan as text.
pub fn yuan(fen: i64) -> String {
    gongji_money::Fen::new(fen).to_string()
}

/// So many fen as JSON tells them.
pub fn fen(value: &Value) -> i64 {
    let text = value.as_str().unwrap_or_else(|| panic!("{value} is no amount"));
    text.parse::<gongji_money::Fen>().expect("an amount").fen()
}

/// A number below so many.
pub fn below(dice: &mut Dice, end: i64) -> i64 {
    i64::try_from(dice.below(end.unsigned_abs())).expect("small")
}

/// Plays so many steps of a book.
pub fn play<B: Book>(world: &World, name: &str, steps: u64, book: &mut B) {
    let mut dice = Dice::new(name);
    let mut counts: BTreeMap<&str, [u64; 2]> = BTreeMap::new();
    let steps = setting("GONGJI_STEPS", steps).min(3 * steps);
    for at in 0..steps {
        let step = book.deal(&mut dice, world);
        let found = step.book(world);
        let words = || format!("step {at}: {} {} by {}", step.kind, step.body, step.actor.name);
        let booked = match &found {
            Ok(answer) => {
                assert!(step.refused.is_empty(), "{}: booked, the book says {:?}", words(), step.refused);
                book.take_in(&step, answer);
                true
            }
            Err(Failure::Refused(refusal)) => {
                assert!(
                    step.refused.contains(&&*refusal.code),
                    "{}: {refusal}, the book says {:?}",
                    words(),
                    step.refused
                );
                false
            }
            Err(other) => panic!("{}: {other}", words()),
        };
        counts.entry(step.kind).or_default()[usize::from(booked)] += 1;
        if at % 25 == 24 {
            book.compare(world);
        }
    }
    book.compare(world);
    assert_books(world);
    eprintln!("{counts:?}");
    let dealt: Vec<&str> = counts.keys().copied().collect();
    let mut promised = B::DEALT.to_vec();
    promised.sort_unstable();
    assert_eq!(dealt, promised, "{name} deals what it says");
    for (kind, [not, booked]) in counts {
        assert!(booked > 0, "{kind} is never booked, {not} times refused");
    }
}
