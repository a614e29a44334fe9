//! A lane: some families on their way through the office, round by round.
//!
//! What a round hands in follows from the answers of the rounds before and from nothing else, so that the journal is the same whatever the timing.

use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, Sender, channel};

use gongji_agency::actor::{Actor, Role};
use gongji_agency::command::{CancelSettlement, Command, FileAway, Reverse, UploadLines, VisitAsked};
use gongji_agency::filing::NEEDS;
use gongji_agency::office::{Answer, Failure, Office};
use gongji_agency::row::{FilingKind, Proof};
use jiff::civil::Date;

use crate::bill::{self, Bill, Care, Fate, Maker, Stay};
use crate::family::{self, Family};
use crate::ground::Area;
use crate::home::Home;
use crate::random::Random;
use crate::{DemoError, Report};

/// What an answer is waited for.
#[derive(Clone, Copy, Debug)]
enum Purpose {
    /// The member's id.
    Register,
    /// The stay's id.
    Open,
    /// The settlement's id, to cancel it.
    ToCancel,
    /// A settlement.
    Settle,
    /// Nothing but that it was booked.
    Other,
}

/// Which member of which family asked.
#[derive(Clone, Copy, Debug)]
struct Asker {
    family: usize,
    member: usize,
    purpose: Purpose,
}

/// What the office said.
enum Told {
    Booked(String),
    Refused(String),
    Failed(Failure),
}

/// A member on the way.
#[derive(Default)]
struct Way {
    id: String,
    keys: u32,
    bills: VecDeque<Bill>,
    /// The stay that was opened, until its id is known.
    stay: Option<(Box<Stay>, Fate)>,
    /// Its id.
    visit: Option<String>,
    cancel: Vec<(Actor, String)>,
    /// The institution of the settlement whose id is waited for.
    cancelling: Option<Actor>,
}

/// Families on their way.
pub(crate) struct Lane {
    families: Vec<(Family, Vec<Way>)>,
    round: u32,
    tell: Sender<(Asker, Told)>,
    told: Receiver<(Asker, Told)>,
    waiting: usize,
    homes: Vec<Home>,
}

/// What every lane works with.
pub(crate) struct Yard<'run> {
    pub office: &'run Office,
    pub maker: Maker<'run>,
    pub areas: &'run [Area],
    pub seed: u64,
    pub clerk: Actor,
}

fn institution(id: &str) -> Actor {
    Actor { role: Role::Institution, name: id.to_owned(), areas: Vec::new() }
}

impl Lane {
    pub fn new() -> Lane {
        let (tell, told) = channel();
        Lane { families: Vec::new(), round: 0, tell, told, waiting: 0, homes: Vec::new() }
    }

    /// Whether every family is through.
    pub fn is_done(&self) -> bool {
        self.waiting == 0 && self.families.is_empty()
    }

    /// The families that are here; told once everybody is registered.
    pub fn homes(&mut self) -> Vec<Home> {
        std::mem::take(&mut self.homes)
    }

    /// Lets families in.
    pub fn take(&mut self, families: Vec<Family>) {
        self.round = 0;
        self.families = families
            .into_iter()
            .map(|family| {
                let ways = family.members.iter().map(|_| Way::default()).collect();
                (family, ways)
            })
            .collect();
    }

    /// Waits for every answer of the round before.
    pub fn hear(&mut self, report: &mut Report) -> Result<(), DemoError> {
        while self.waiting > 0 {
            let (asker, told) = self.told.recv().map_err(|_| DemoError::Silent)?;
            self.waiting -= 1;
            let way = self.families.get_mut(asker.family).and_then(|(_, ways)| ways.get_mut(asker.member));
            let Some(way) = way else { continue };
            match (told, asker.purpose) {
                (Told::Failed(failure), _) => return Err(DemoError::Office(failure)),
                (Told::Refused(why), purpose) => {
                    *report.refused.entry(why).or_default() += 1;
                    if matches!(purpose, Purpose::Register) {
                        way.bills.clear();
                    }
                }
                (Told::Booked(id), purpose) => {
                    report.booked += 1;
                    match purpose {
                        Purpose::Register => {
                            report.people += 1;
                            way.id = id;
                        }
                        Purpose::Open => way.visit = Some(id),
                        Purpose::ToCancel => {
                            report.settlements += 1;
                            way.cancel.extend(way.cancelling.take().map(|actor| (actor, id)));
                        }
                        Purpose::Settle => report.settlements += 1,
                        Purpose::Other => {}
                    }
                }
            }
        }
        Ok(())
    }

    /// Hands in the next round. Families that have nothing more to hand in are through.
    pub fn hand_in(&mut self, yard: &Yard<'_>) {
        let mut families = std::mem::take(&mut self.families);
        for (at, (family, ways)) in families.iter_mut().enumerate() {
            match self.round {
                0 => self.register(yard, at, family, ways),
                1 => {
                    self.enrol(yard, at, family, ways);
                    self.bills(yard, at, family, ways);
                }
                _ => self.bills(yard, at, family, ways),
            }
        }
        self.round += 1;
        if self.waiting > 0 {
            self.families = families;
        }
    }

    fn ask(&mut self, yard: &Yard<'_>, (actor, key): (&Actor, &str), asker: Asker, command: Command) {
        let tell = self.tell.clone();
        let reply = Box::new(move |answer: Result<Answer, Failure>| {
            let told = match answer {
                Ok(answer) => Told::Booked(id_of(&answer, asker.purpose)),
                Err(Failure::Refused(refusal)) => Told::Refused(refusal.code.into()),
                Err(failure) => Told::Failed(failure),
            };
            // A lane that no longer listens has stopped with an error.
            let _ = tell.send((asker, told));
        });
        self.waiting += 1;
        yard.office.submit(actor, key, command, reply);
    }

    fn register(&mut self, yard: &Yard<'_>, at: usize, family: &Family, ways: &mut [Way]) {
        let Some(area) = yard.areas.get(family.area) else { return };
        for (member, way) in ways.iter_mut().enumerate() {
            if let Some(command) = family::registration(family, member, area) {
                let key = next_key(family, member, way);
                let asker = Asker { family: at, member, purpose: Purpose::Register };
                self.ask(yard, (&yard.clerk, &key), asker, command);
            }
        }
    }

    fn enrol(&mut self, yard: &Yard<'_>, at: usize, family: &Family, ways: &mut [Way]) {
        let Some(area) = yard.areas.get(family.area) else { return };
        for (member, (who, way)) in family.members.iter().zip(ways.iter_mut()).enumerate() {
            if way.id.is_empty() {
                continue;
            }
            let asker = Asker { family: at, member, purpose: Purpose::Other };
            for command in family::cover_and_account(who, &way.id, yard.maker.mix) {
                let key = next_key(family, member, way);
                self.ask(yard, (&yard.clerk, &key), asker, command);
            }
            let mut random = Random::of(yard.seed ^ 0xB111, who.number);
            way.bills = yard.maker.bills(who, area, &way.id, &mut random).into();
        }
        let ids: Vec<String> = ways.iter().map(|way| way.id.clone()).collect();
        self.homes.push(Home::of(family, &ids));
        if ids.iter().any(String::is_empty) {
            return;
        }
        // From the first day on which everybody is insured.
        let Some(since) = family.members.iter().map(|member| member.cover.from).max() else { return };
        let Some(first) = ways.first_mut() else { return };
        for command in family::grant_commands(family, &ids, since) {
            let key = next_key(family, 0, first);
            let asker = Asker { family: at, member: 0, purpose: Purpose::Other };
            self.ask(yard, (&yard.clerk, &key), asker, command);
        }
    }

    /// Every member's bills up to the next one that waits for an id.
    fn bills(&mut self, yard: &Yard<'_>, at: usize, family: &Family, ways: &mut [Way]) {
        for (member, way) in ways.iter_mut().enumerate() {
            let asker = |purpose| Asker { family: at, member, purpose };
            for (actor, settlement) in std::mem::take(&mut way.cancel) {
                let key = next_key(family, member, way);
                let cancel = CancelSettlement { settlement, reason: "收费有误".to_owned() };
                let command = Command::CancelSettlement(cancel);
                self.ask(yard, (&actor, &key), asker(Purpose::Other), command);
            }
            if let Some((stay, fate)) = way.stay.take()
                && let Some(visit) = way.visit.take()
            {
                let actor = institution(&stay.visit.institution);
                let upload = UploadLines { visit: visit.clone(), lines: stay.lines };
                let key = next_key(family, member, way);
                self.ask(yard, (&actor, &key), asker(Purpose::Other), Command::UploadLines(upload));
                let settle = Command::Settle(bill::settle(visit, stay.discharged_on));
                if self.settle(yard, (family, asker(Purpose::Settle)), way, &actor, settle, fate) {
                    continue;
                }
            }
            while let Some(bill) = way.bills.pop_front() {
                match bill.care {
                    Care::AtOnce(command) => {
                        if let Some(filing) = filing_of(&command.visit, bill.date) {
                            let key = next_key(family, member, way);
                            self.ask(yard, (&yard.clerk, &key), asker(Purpose::Other), filing);
                        }
                        let actor = institution(&command.visit.institution);
                        let command = Command::SettleAtOnce(*command);
                        let asker = asker(Purpose::Settle);
                        if self.settle(yard, (family, asker), way, &actor, command, bill.fate) {
                            break;
                        }
                    }
                    Care::Stay(stay) => {
                        if let Some(filing) = filing_of(&stay.visit, bill.date) {
                            let key = next_key(family, member, way);
                            self.ask(yard, (&yard.clerk, &key), asker(Purpose::Other), filing);
                        }
                        let actor = institution(&stay.visit.institution);
                        let open = gongji_agency::command::OpenVisit { visit: stay.visit.clone() };
                        let key = next_key(family, member, way);
                        self.ask(yard, (&actor, &key), asker(Purpose::Open), Command::OpenVisit(open));
                        way.stay = Some((stay, bill.fate));
                        break;
                    }
                }
            }
        }
    }

    /// Hands in a settlement, and its reversal. Whether the member now waits for its id.
    fn settle(
        &mut self,
        yard: &Yard<'_>,
        (family, asker): (&Family, Asker),
        way: &mut Way,
        actor: &Actor,
        command: Command,
        fate: Fate,
    ) -> bool {
        let key = next_key(family, asker.member, way);
        let purpose = if fate == Fate::Cancelled { Purpose::ToCancel } else { Purpose::Settle };
        self.ask(yard, (actor, &key), Asker { purpose, ..asker }, command);
        match fate {
            Fate::Kept => false,
            Fate::Cancelled => {
                way.cancelling = Some(actor.clone());
                true
            }
            Fate::Reversed => {
                let reverse = Command::Reverse(Reverse { message: key });
                let key = next_key(family, asker.member, way);
                self.ask(yard, (actor, &key), Asker { purpose: Purpose::Other, ..asker }, reverse);
                false
            }
        }
    }
}

/// The filing of a bill away from home, for the days of its care.
fn filing_of(visit: &VisitAsked, to: Date) -> Option<Command> {
    let name = visit.filing.as_deref()?;
    let filing = FilingKind::ALL.into_iter().find(|kind| kind.is_away() && kind.name() == name)?;
    let proof = |kind: &String| Proof { kind: kind.clone(), number: "演示".to_owned() };
    Some(Command::FileAway(FileAway {
        person: visit.person.clone(),
        filing,
        area: None,
        institution: Some(visit.institution.clone()),
        from: visit.date,
        to: Some(to),
        proofs: NEEDS.proofs(filing).first().map(proof).into_iter().collect(),
        at: None,
        visit: None,
        reason: "演示".to_owned(),
    }))
}

/// Keys name the member and count: the same population has the same keys.
fn next_key(family: &Family, member: usize, way: &mut Way) -> String {
    way.keys += 1;
    format!("demo-{}-{member}-{}", family.number, way.keys)
}

/// The id that an answer gave.
fn id_of(answer: &Answer, purpose: Purpose) -> String {
    let named =
        |name: &str| answer.result.get(name).and_then(|id| id.as_str()).unwrap_or_default().to_owned();
    match purpose {
        Purpose::Register => named("person"),
        Purpose::Open => named("visit"),
        Purpose::ToCancel => answer.settlement.as_ref().map(|made| made.id.clone()).unwrap_or_default(),
        Purpose::Settle | Purpose::Other => String::new(),
    }
}
