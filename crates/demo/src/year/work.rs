//! What every part of the year works with: the office, who books, and what became of it.

use gongji_agency::Stop;
use gongji_agency::actor::{Actor, Role};
use gongji_agency::command::{Command, PortionsAsked, SettleAtOnce};
use gongji_agency::context::Context;
use gongji_agency::desk::Desk;
use gongji_agency::office::{Answer, Failure, Office};
use gongji_money::Fen;
use jiff::civil::Date;
use serde_json::Value;

use super::Year;
use super::round::{Asked, Line};
use crate::ground::{Area, institution_id};
use crate::home::Kin;
use crate::mix::Mix;
use crate::{DemoError, bill};

/// So many commands are handed in together.
const TOGETHER: usize = 500;

/// The year being worked through.
pub(super) struct Work<'run> {
    pub office: &'run Office,
    /// Who submits.
    pub clerk: Actor,
    /// Who reviews what the clerk submitted.
    pub reviewer: Actor,
    pub mix: &'run Mix,
    pub areas: &'run [Area],
    pub seed: u64,
    /// How keys begin.
    pub prefix: String,
    pub keys: u64,
    pub line: Line,
    pub made: Year,
}

/// A text of an answer.
pub(super) fn text<'answer>(answer: &'answer Value, name: &str) -> &'answer str {
    answer.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// An amount of an answer.
pub(super) fn fen(answer: &Value, name: &str) -> Fen {
    text(answer, name).parse().unwrap_or(Fen::ZERO)
}

pub(super) fn is_done(answer: &Value) -> bool {
    answer.get("done").and_then(Value::as_bool) != Some(false)
}

/// An institution in its own name.
pub(super) fn institution(id: &str) -> Actor {
    Actor { role: Role::Institution, name: id.to_owned(), areas: Vec::new() }
}

impl Work<'_> {
    /// A command of the round, under a key of its own.
    fn asked(&mut self, actor: &Actor, command: Command) -> Asked {
        self.keys += 1;
        (actor.clone(), format!("{}-{}", self.prefix, self.keys), command)
    }

    fn one(
        &mut self,
        actor: &Actor,
        command: Command,
        nothing: &[&str],
    ) -> Result<Option<Answer>, DemoError> {
        let kind = command.kind();
        let asked = self.asked(actor, command);
        let heard = self.line.ask(vec![asked])?.pop().ok_or(DemoError::Silent)?;
        self.heard(kind, heard, nothing)
    }

    /// What became of a command; `None` where it is refused, which is counted unless the refusal only says that there is nothing to do.
    fn heard(
        &mut self,
        kind: &'static str,
        answer: Result<Answer, Failure>,
        nothing: &[&str],
    ) -> Result<Option<Answer>, DemoError> {
        match answer {
            Ok(answer) => {
                self.made.booked += 1;
                *self.made.kinds.entry(kind).or_default() += 1;
                Ok(Some(answer))
            }
            Err(Failure::Refused(refusal)) => {
                if !nothing.contains(&&*refusal.code) {
                    *self.made.refused.entry(format!("{kind} {}", refusal.code)).or_default() += 1;
                }
                Ok(None)
            }
            Err(failure) => Err(failure.into()),
        }
    }

    /// Books a command in somebody's name.
    pub fn book_as(&mut self, actor: &Actor, command: Command) -> Result<Option<Answer>, DemoError> {
        self.one(actor, command, &[])
    }

    /// Books a command of the clerk's.
    pub fn book(&mut self, command: Command) -> Result<Option<Value>, DemoError> {
        self.book_unless(command, &[])
    }

    /// The same; a refusal of one of these codes says that there is nothing to do, and is not counted.
    pub fn book_unless(&mut self, command: Command, nothing: &[&str]) -> Result<Option<Value>, DemoError> {
        let clerk = self.clerk.clone();
        Ok(self.one(&clerk, command, nothing)?.map(|answer| answer.result))
    }

    /// Books a command of the reviewer's.
    pub fn review(&mut self, command: Command) -> Result<Option<Value>, DemoError> {
        let reviewer = self.reviewer.clone();
        Ok(self.book_as(&reviewer, command)?.map(|answer| answer.result))
    }

    /// Books commands of the clerk's that do not wait for each other; the answers in their order.
    pub fn many(&mut self, commands: Vec<Command>) -> Result<Vec<Option<Value>>, DemoError> {
        let mut told = Vec::with_capacity(commands.len());
        let clerk = self.clerk.clone();
        let mut commands = commands.into_iter().peekable();
        while commands.peek().is_some() {
            let next: Vec<Command> = commands.by_ref().take(TOGETHER).collect();
            let kinds: Vec<&'static str> = next.iter().map(Command::kind).collect();
            let asked = next.into_iter().map(|command| self.asked(&clerk, command)).collect();
            for (kind, answer) in kinds.into_iter().zip(self.line.ask(asked)?) {
                told.push(self.heard(kind, answer, &[])?.map(|answer| answer.result));
            }
        }
        Ok(told)
    }

    /// Looks at what is booked.
    pub fn look<T>(
        &self,
        look: impl FnMut(&mut Desk<'_>, &Context<'_>) -> Result<T, Stop>,
    ) -> Result<T, DemoError> {
        Ok(self.office.look(&self.clerk, look)?)
    }

    /// An institution of an area that settles such bills of a profile in the last year.
    pub fn place(&self, area: &Area, profile: &str, care: &str) -> Option<String> {
        let year = self.mix.booked_on.year();
        let places = area.settles.get(profile)?.get(&(care.to_owned(), year))?;
        Some(institution_id(&area.code, self.mix.institution.get(*places.first()?)?))
    }

    /// A visit of a member that is settled at once; nothing where the area's rules know no such bill of such people.
    pub fn visit(
        &mut self,
        area: &Area,
        kin: &Kin,
        (date, total): (Date, i64),
    ) -> Result<Option<Answer>, DemoError> {
        let Some(place) = self.place(area, &kin.profile, "outpatient") else { return Ok(None) };
        let settle = SettleAtOnce {
            visit: bill::visit(&kin.id, place.clone(), "outpatient", date),
            lines: Vec::new(),
            charges: Some(PortionsAsked {
                total: Fen::new(total),
                non_covered: Fen::ZERO,
                over_limit_price: Fen::ZERO,
                upfront_self_pay: Fen::ZERO,
            }),
            use_account: true,
            use_mutual_aid: true,
            expect: None,
        };
        self.book_as(&institution(&place), Command::SettleAtOnce(settle))
    }
}

/// What is done with one of many: each thing once, then now and then.
pub(super) struct Turn {
    seen: u64,
    things: u64,
}

impl Turn {
    /// So many things to be done.
    pub fn of(things: u64) -> Turn {
        Turn { seen: 0, things }
    }

    /// What is done with the next, by number from 0; after a round of all things with `share` in a thousand.
    pub fn next(&mut self, share: u64, random: &mut crate::random::Random) -> Option<u64> {
        let at = self.seen;
        self.seen += 1;
        (at < self.things || random.in_thousand(share)).then_some(at % self.things)
    }
}
