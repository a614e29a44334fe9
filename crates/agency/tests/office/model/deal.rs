//! Random commands: mostly sensible, some not.

use gongji_agency::command::{
    CancelLines, CancelSettlement, CancelVisit, ChangeCategory, Command, CreditAccount, CreditSource,
    EndCover, EndGrant, Enrol, FactsAsked, GrantMutualAid, LineAsked, OpenAccount, OpenVisit, PauseCover,
    PortionsAsked, Readjudicate, RecordDeath, RegisterPerson, ResumeCover, Reverse, Settle, SettleAtOnce,
    UploadLines, VisitAsked,
};
use gongji_agency::row::{Certificate, CertificateKind};
use gongji_ledger::SubAccount;
use gongji_money::Fen;
use jiff::ToSpan;
use jiff::civil::Date;

use super::state::{INSTITUTIONS, State, Status, institution};
use crate::dice::Dice;

/// A message: who (the operator is the empty text), key, command.
pub type Message = (String, String, Command);

const MOST_PEOPLE: usize = 40;

pub struct Dealer<'dice> {
    pub dice: &'dice mut Dice,
    pub state: &'dice State,
    /// The number of the step.
    pub step: u64,
    /// Who used which key, in order.
    pub used: &'dice [(String, String)],
}

impl Dealer<'_> {
    fn some<'list, T>(
        &mut self,
        list: impl DoubleEndedIterator<Item = &'list T>,
        most: usize,
    ) -> Option<&'list T> {
        let list: Vec<&T> = list.rev().take(most).collect();
        if list.is_empty() { None } else { Some(list[self.dice.at(list.len())]) }
    }

    pub fn person(&mut self) -> String {
        if self.dice.chance(1) {
            return "P999999".to_owned();
        }
        let state = self.state;
        self.some(state.people.keys(), usize::MAX).cloned().unwrap_or_else(|| "P1".to_owned())
    }

    /// Some days ago; seldom tomorrow.
    pub fn day(&mut self, most: u64) -> Date {
        let back = i64::try_from(self.dice.below(most)).expect("small");
        if self.dice.chance(2) { self.state.today + 1.day() } else { self.state.today - back.days() }
    }

    pub fn fen(&mut self, most_yuan: u64) -> Fen {
        Fen::new(i64::try_from(1 + self.dice.below(most_yuan * 100)).expect("small"))
    }

    fn reason(&mut self) -> String {
        if self.dice.chance(2) { " ".to_owned() } else { "原因".to_owned() }
    }

    /// The institution itself, seldom another or the operator.
    pub fn actor(&mut self, institution: &str) -> String {
        match self.dice.below(100) {
            0..3 => INSTITUTIONS[self.dice.at(INSTITUTIONS.len())].0.to_owned(),
            3..10 => String::new(),
            _ => institution.to_owned(),
        }
    }

    fn category(&mut self, scheme: &str) -> String {
        let employee = (scheme == "employee") != self.dice.chance(3);
        let names: &[&str] =
            if employee { &["employed", "retired", "flexible"] } else { &["adult", "student", "elderly"] };
        (*self.dice.of(names)).to_owned()
    }

    fn facts(&mut self, scheme: &str) -> FactsAsked {
        FactsAsked { category: Some(self.category(scheme)), ..FactsAsked::default() }
    }

    fn visit_asked(&mut self) -> VisitAsked {
        let person = self.person();
        let home = self
            .state
            .people
            .get(&person)
            .and_then(|known| known.covers.last())
            .map(|cover| cover.area.clone());
        let near: Vec<&str> = INSTITUTIONS
            .iter()
            .filter(|known| Some(known.1) == home.as_deref())
            .map(|known| known.0)
            .collect();
        let institution = match near.is_empty() || self.dice.chance(15) {
            true => INSTITUTIONS[self.dice.at(INSTITUTIONS.len())].0,
            false => near[self.dice.at(near.len())],
        };
        let away = !near.contains(&institution);
        let filing = match self.dice.below(20) {
            0 => Some("local"),
            1 => Some("none"),
            2..5 if away => Some("temporary"),
            5 if away => Some("emergency"),
            _ => None,
        };
        let care = ["outpatient", "outpatient", "inpatient", "pharmacy", "emergency"];
        let care_type = (*self.dice.of(&care)).to_owned();
        let state = self.state;
        let transfer_from = match care_type.as_str() {
            "inpatient" if self.dice.chance(15) => {
                let own = state.visits.iter().filter(|(_, visit)| visit.person == person).map(|(id, _)| id);
                self.some(own, 4).cloned()
            }
            _ => None,
        };
        VisitAsked {
            person,
            institution: institution.to_owned(),
            care_type,
            date: self.day(20),
            filing: filing.map(str::to_owned),
            transfer_from,
            from_emergency: false,
            family_doctor: None,
            cause: None,
            conditions: Vec::new(),
            prescribed_by: None,
        }
    }

    fn lines(&mut self) -> Vec<LineAsked> {
        let count = if self.dice.chance(2) { 0 } else { 1 + self.dice.below(3) };
        (0..count)
            .map(|_| {
                let code = match self.dice.below(50) {
                    0 => "Z9",
                    1..4 => "OLD",
                    4..14 => "C1",
                    14..28 => "B1",
                    _ => "A1",
                };
                let (quantity, price) = (1 + self.dice.below(9), self.fen(300));
                let amount = price.fen() * i64::try_from(quantity).expect("small");
                LineAsked {
                    code: code.to_owned(),
                    name: String::new(),
                    on: None,
                    quantity: quantity.to_string(),
                    unit_price: price,
                    amount: Fen::new(amount),
                    returns: None,
                }
            })
            .collect()
    }

    fn portions(&mut self) -> PortionsAsked {
        let most = if self.dice.chance(5) { 150_000 } else { 2_500 };
        let total = self.fen(most);
        let part = |dice: &mut Dice| {
            let share = if dice.chance(25) { dice.below(30) } else { 0 };
            Fen::new(total.fen() * i64::try_from(share).expect("small") / 100)
        };
        PortionsAsked {
            total,
            non_covered: part(self.dice),
            over_limit_price: part(self.dice),
            upfront_self_pay: part(self.dice),
        }
    }

    fn wrong_table(&mut self) -> Option<String> {
        self.dice.chance(3).then(|| "0".repeat(64))
    }

    /// Lines, or portions, seldom both or neither.
    fn charges(&mut self) -> (Vec<LineAsked>, Option<PortionsAsked>) {
        let both = self.dice.chance(2);
        let by_lines = self.dice.chance(50);
        let lines = if by_lines || both { self.lines() } else { Vec::new() };
        let portions = (!by_lines || both).then(|| self.portions());
        (lines, portions)
    }

    /// A visit, mostly one that is open.
    fn visit(&mut self) -> (String, String) {
        let state = self.state;
        let any = self.dice.chance(8);
        let mut visits: Vec<_> =
            state.visits.iter().filter(|(_, visit)| any || visit.status == Status::Open).collect();
        visits.sort_by_key(|(id, _)| id[1..].parse::<u64>().unwrap_or(0));
        let from = visits.len().saturating_sub(25);
        match visits.get(from..).filter(|recent| !recent.is_empty()) {
            Some(recent) if !self.dice.chance(1) => {
                let (id, visit) = recent[self.dice.at(recent.len())];
                (id.clone(), visit.institution.clone())
            }
            _ => ("V999999".to_owned(), "H1".to_owned()),
        }
    }

    /// A settlement, mostly a live one.
    fn settlement(&mut self) -> (String, String) {
        let state = self.state;
        let any = self.dice.chance(15);
        let bills = state.bills.iter().filter(|(_, bill)| any || bill.live);
        let recent: Vec<_> = bills.rev().take(40).collect();
        if recent.is_empty() || self.dice.chance(2) {
            let wrong = ["S1", "S999999", "S0", "7"];
            return ((*self.dice.of(&wrong)).to_owned(), "H1".to_owned());
        }
        let (seq, bill) = recent[self.dice.at(recent.len())];
        (format!("S{seq}"), bill.institution.clone())
    }

    fn key(&self) -> String {
        format!("k{}", self.step)
    }

    pub fn deal(&mut self) -> Message {
        if !self.used.is_empty() && self.dice.chance(6) {
            let recent = &self.used[self.used.len().saturating_sub(60)..];
            let (actor, key) = recent[self.dice.at(recent.len())].clone();
            if let Some((command, _)) =
                self.state.keys.get(&format!("{actor}/{key}")).filter(|_| self.dice.chance(75))
            {
                return (actor, key, command.clone());
            }
            if actor != super::clearing::REVIEWER {
                return (actor, key, self.fresh().1);
            }
        }
        let (actor, command) = self.fresh();
        (actor, self.key(), command)
    }

    fn fresh(&mut self) -> (String, Command) {
        let staff = String::new();
        // People first: bills of nobody are refused one like the other.
        let begins = self.state.people.len() < 15;
        if !begins && self.dice.chance(22) {
            return self.clear();
        }
        match self.dice.below(if begins { 30 } else { 100 }) {
            0..5 => (staff, self.keep_person()),
            5..16 => (staff, self.keep_cover()),
            16..26 => (staff, self.keep_account()),
            26..31 => (staff, self.share()),
            31 | 32 => (staff, self.file()),
            33..44 => {
                let visit = self.visit_asked();
                (self.actor(&visit.institution), Command::OpenVisit(OpenVisit { visit }))
            }
            44..60 => {
                let (visit, at) = self.visit();
                let lines = self.lines();
                let reason = self.reason();
                let batch = if self.dice.chance(50) { Some(1 + self.dice.below(3) as u32) } else { None };
                let command = match self.dice.below(20) {
                    0..3 => Command::CancelLines(CancelLines { visit, batch, lines: Vec::new() }),
                    3 => Command::CancelVisit(CancelVisit { visit, reason }),
                    _ => Command::UploadLines(UploadLines { visit, lines }),
                };
                (self.actor(&at), command)
            }
            60..72 => self.settle(),
            72..85 => self.at_once(),
            85..89 => {
                let (settlement, at) = self.settlement();
                let reason = self.reason();
                (self.actor(&at), Command::CancelSettlement(CancelSettlement { settlement, reason }))
            }
            89..96 => {
                let (settlement, at) = self.settlement();
                let actor = if self.dice.chance(5) { at } else { staff };
                (actor, Command::Readjudicate(Readjudicate { settlement, reason: "重算".to_owned() }))
            }
            _ => self.reverse(),
        }
    }

    fn settle(&mut self) -> (String, Command) {
        let (visit, at) = self.visit();
        let waits = self.state.visits.get(&visit).is_some_and(|visit| visit.waiting().next().is_some());
        let charges = (waits == self.dice.chance(4)).then(|| self.portions());
        let opened = self.state.visits.get(&visit).map_or(self.state.today, |visit| visit.opened);
        let date = if self.dice.chance(80) { opened.max(self.day(6)) } else { self.day(30) };
        let settle = Settle {
            visit,
            date,
            discharged_on: self.dice.chance(10).then_some(opened),
            mid_stay: self.dice.chance(30),
            use_account: self.dice.chance(85),
            use_mutual_aid: self.dice.chance(85),
            charges,
            expect: self.wrong_table(),
        };
        (self.actor(&at), Command::Settle(settle))
    }

    fn at_once(&mut self) -> (String, Command) {
        let mut visit = self.visit_asked();
        visit.transfer_from = visit.transfer_from.filter(|_| self.dice.chance(20));
        let (lines, charges) = self.charges();
        let at = visit.institution.clone();
        let settle = SettleAtOnce {
            visit,
            lines,
            charges,
            use_account: self.dice.chance(85),
            use_mutual_aid: self.dice.chance(85),
            expect: self.wrong_table(),
        };
        (self.actor(&at), Command::SettleAtOnce(settle))
    }

    fn reverse(&mut self) -> (String, Command) {
        let of_institutions: Vec<&(String, String)> =
            self.used.iter().rev().take(80).filter(|used| institution(&used.0).is_some()).collect();
        if of_institutions.is_empty() || self.dice.chance(25) {
            let at = INSTITUTIONS[self.dice.at(INSTITUTIONS.len())].0.to_owned();
            let message = format!("k{}", self.step + self.dice.below(4));
            return (at, Command::Reverse(Reverse { message }));
        }
        let (actor, message) = of_institutions[self.dice.at(of_institutions.len())].clone();
        (actor, Command::Reverse(Reverse { message }))
    }

    fn keep_person(&mut self) -> Command {
        let person = self.person();
        if self.state.people.len() > 10 && self.dice.chance(1) {
            return Command::RecordDeath(RecordDeath { person, died_on: self.day(10) });
        }
        let twice = self.dice.chance(5) || self.state.people.len() >= MOST_PEOPLE;
        let known = self.state.passports.first().filter(|_| twice).cloned();
        let number = known.unwrap_or_else(|| format!("PA{:06}", self.step));
        Command::RegisterPerson(RegisterPerson {
            area: "990301".to_owned(),
            name: "某人".to_owned(),
            certificate: Certificate { kind: CertificateKind::Passport, number },
            sex: "female".to_owned(),
            birth_date: Date::constant(1970, 1, 1)
                + i64::try_from(self.dice.below(10_000)).expect("small").days(),
        })
    }

    fn keep_cover(&mut self) -> Command {
        let state = self.state;
        // Whoever has no cover that goes on is enrolled sooner or later.
        let without = state.people.iter().filter(|(_, known)| {
            known.died.is_none() && known.covers.last().is_none_or(|last| last.to.is_some())
        });
        let without: Vec<&String> = without.map(|(id, _)| id).collect();
        let (person, reason, from) = (self.person(), "办理".to_owned(), self.day(15));
        let scheme = state
            .people
            .get(&person)
            .and_then(|known| known.covers.last())
            .map_or("employee", |last| &last.scheme);
        match self.dice.below(20) {
            0..4 => {
                Command::ChangeCategory(ChangeCategory { person, from, facts: self.facts(scheme), reason })
            }
            4..6 => Command::PauseCover(PauseCover { person, from, reason }),
            6..12 => Command::ResumeCover(ResumeCover { person, from, reason }),
            12 => Command::EndCover(EndCover { person, to: self.day(10), reason }),
            _ => {
                let person =
                    if without.is_empty() { person } else { without[self.dice.at(without.len())].clone() };
                let area = *self.dice.of(&["990301", "990301", "990301", "980302", "990303"]);
                let area = if self.dice.chance(2) { "999999" } else { area };
                let resident = area == "990301" && self.dice.chance(25) || self.dice.chance(2);
                let scheme = if resident { "resident" } else { "employee" };
                let ended =
                    state.people.get(&person).and_then(|known| known.covers.last()).and_then(|last| last.to);
                let from = match ended {
                    Some(to) if !self.dice.chance(10) => to + 1.day(),
                    Some(_) => self.day(40),
                    None => Date::constant(2025, 6, 1),
                };
                let (area, facts, scheme) = (area.to_owned(), self.facts(scheme), scheme.to_owned());
                Command::Enrol(Enrol { person, area, scheme, from, facts, reason })
            }
        }
    }

    fn keep_account(&mut self) -> Command {
        let person = self.person();
        if self.dice.chance(35) {
            let area = self.state.cover(&person, self.state.today).map_or("990301", |cover| &cover.area);
            let area = if self.dice.chance(5) { "980302" } else { area };
            return Command::OpenAccount(OpenAccount { area: area.to_owned(), person });
        }
        let sub_account = *self.dice.of(&[SubAccount::CurrentYear, SubAccount::CarriedOver]);
        Command::CreditAccount(CreditAccount {
            person,
            sub_account,
            amount: if self.dice.chance(3) { Fen::ZERO } else { self.fen(900) },
            period: "2026-01".to_owned(),
            date: None,
            source: CreditSource::Opening,
            payer: None,
            reason: "期初余额".to_owned(),
        })
    }

    fn share(&mut self) -> Command {
        let state = self.state;
        if self.dice.chance(25) {
            let grants = state
                .grants
                .iter()
                .flat_map(|(person, grants)| grants.iter().map(move |grant| (person, grant)));
            let grants: Vec<_> = grants.collect();
            if !grants.is_empty() && !self.dice.chance(5) {
                let (person, grant) = grants[self.dice.at(grants.len())];
                return Command::EndGrant(EndGrant {
                    beneficiary: person.clone(),
                    grant: grant.id.clone(),
                    to: self.day(10),
                });
            }
            return Command::EndGrant(EndGrant {
                beneficiary: self.person(),
                grant: "G1".to_owned(),
                to: self.day(10),
            });
        }
        let from = self.day(10);
        Command::GrantMutualAid(GrantMutualAid {
            grantor: self.person(),
            beneficiary: self.person(),
            relation: (*self.dice.of(&["spouse", "parent", "child"])).to_owned(),
            from,
            to: self.dice.chance(20).then(|| from + 60.days()),
            purposes: Vec::new(),
            limits: None,
        })
    }
}
