//! What the model does when a command is booked, and what its caller is told.

use gongji_agency::command::Command;
use jiff::civil::Date;
use serde_json::{Value, json};

use super::clearing::Moved;
use super::decide::{Reasons, Would, Wrong, number};
use super::state::{Batch, Bill, Cover, Grant, Person, State, Status, Told, Visit};

/// What a caller is told.
pub enum Expected {
    /// Booked: record, kind, whether once more, the bill, what `result` holds.
    Booked { seq: u64, kind: &'static str, replayed: bool, bill: Option<u64>, result: Value },
    /// Refused for one of these reasons.
    Refused(Reasons),
}

fn key_of(actor: &str, key: &str) -> String {
    format!("{actor}/{key}")
}

impl State {
    /// Answers a command and does it.
    pub fn answer(&mut self, actor: &str, key: &str, command: &Command) -> Expected {
        let scoped = key_of(actor, key);
        if let Some((first, told)) = self.keys.get(&scoped) {
            return match told {
                Told::Tombstone => Expected::Refused(vec!["reversed_before".to_owned()]),
                _ if first != command => Expected::Refused(vec!["key_reused".to_owned()]),
                Told::Refused(code) => Expected::Refused(vec![code.clone()]),
                Told::Booked(seq, kind, bill) => {
                    Expected::Booked { seq: *seq, kind, replayed: true, bill: *bill, result: Value::Null }
                }
            };
        }
        match self.book(actor, key, command) {
            Ok((kind, bill, result)) => {
                let told = Told::Booked(self.seq, kind, bill);
                self.keys.insert(scoped, (command.clone(), told));
                Expected::Booked { seq: self.seq, kind, replayed: false, bill, result }
            }
            Err(reasons) => Expected::Refused(reasons),
        }
    }

    /// Remembers the reason that the office told.
    pub fn refused(&mut self, actor: &str, key: &str, command: &Command, code: &str) {
        if code != "denied" {
            let told = (command.clone(), Told::Refused(code.to_owned()));
            self.keys.entry(key_of(actor, key)).or_insert(told);
        }
    }

    pub fn touch(&mut self, person: &str) {
        if let Some(person) = self.people.get_mut(person) {
            person.last = self.seq;
        }
    }

    /// Adds a bill as the record that was just counted.
    fn add(&mut self, bill: Bill) -> u64 {
        let mut whose = vec![bill.person.clone()];
        whose.extend(bill.draws.iter().map(|draw| draw.0.clone()));
        whose.sort();
        whose.dedup();
        for person in whose {
            self.touch(&person);
            self.bills_of.entry(person).or_default().push(self.seq);
        }
        // What takes another's place is a correction of today.
        let day = if bill.place == self.seq { bill.event.date } else { self.today };
        self.clearing.moved.push(Moved { record: self.seq, day, bill: self.seq, negative: false });
        self.bills.insert(self.seq, bill);
        self.seq
    }

    /// Cancels a bill as the record that was just counted. A bill that is adjudicated again leaves its visit alone.
    fn undo(&mut self, seq: u64, goes_on: bool) {
        let Some(bill) = self.bills.get_mut(&seq) else { return };
        bill.live = false;
        let moved = Moved { record: self.seq, day: self.today, bill: seq, negative: true };
        self.clearing.moved.push(moved);
        let (person, visit) = (bill.person.clone(), bill.visit.clone());
        let drawn: Vec<String> = bill.draws.iter().map(|draw| draw.0.clone()).collect();
        drawn.iter().chain([&person]).for_each(|person| self.touch(person));
        let Some((id, visit)) =
            visit.filter(|_| !goes_on).and_then(|id| self.visits.get_mut(&id).map(|visit| (id, visit)))
        else {
            return;
        };
        visit.settlements.retain(|known| *known != seq);
        visit
            .batches
            .iter_mut()
            .filter(|batch| batch.settled == Some(seq))
            .for_each(|batch| batch.settled = None);
        if visit.status == Status::Closed {
            visit.status = Status::Open;
            if visit.is_stay() {
                self.admitted.entry(person).or_insert(id);
            }
        }
    }

    /// Makes the cover of a day another from then on.
    fn change_cover(&mut self, person: &str, from: Date, change: impl FnOnce(&mut Cover)) {
        let Some(known) = self.people.get_mut(person) else { return };
        let Some(mut last) = known.covers.pop() else { return };
        let mut next = Cover {
            area: last.area.clone(),
            scheme: last.scheme.clone(),
            from,
            to: last.to,
            paused: last.paused,
            category: last.category.clone(),
        };
        change(&mut next);
        if last.from != from {
            last.to = Some(from.yesterday().expect("a day"));
            known.covers.push(last);
        }
        known.covers.push(next);
    }

    fn leave(&mut self, id: &str, person: &str) {
        if self.admitted.get(person).is_some_and(|visit| visit == id) {
            self.admitted.remove(person);
        }
    }

    fn book(
        &mut self,
        actor: &str,
        key: &str,
        command: &Command,
    ) -> Result<(&'static str, Option<u64>, Value), Reasons> {
        if let Some(done) = self.clear(actor, command) {
            return done;
        }
        match command {
            Command::Settle(asked) => {
                let bill = match self.would_settle(actor, asked) {
                    Would::Be(bill) => *bill,
                    Would::Refuse(reasons) => return Err(reasons),
                };
                self.seq += 1;
                let (seq, person) = (self.seq, bill.person.clone());
                self.add(bill);
                let Some(visit) = self.visits.get_mut(&asked.visit) else { return Err(Vec::new()) };
                visit.settlements.push(seq);
                let waits =
                    visit.batches.iter_mut().filter(|batch| !batch.cancelled && batch.settled.is_none());
                waits.for_each(|batch| batch.settled = Some(seq));
                if !asked.mid_stay {
                    visit.status = Status::Closed;
                    self.leave(&asked.visit, &person);
                }
                return Ok(("settlement", Some(seq), Value::Null));
            }
            Command::SettleAtOnce(asked) => {
                return match self.would_settle_at_once(actor, asked) {
                    Would::Refuse(reasons) => Err(reasons),
                    Would::Be(bill) => {
                        self.seq += 1;
                        let seq = self.add(*bill);
                        Ok(("settlement", Some(seq), Value::Null))
                    }
                };
            }
            Command::Readjudicate(asked) => return self.adjudicate_again(actor, &asked.settlement),
            Command::Reverse(asked) => return self.reverse(actor, key, &asked.message),
            _ => {}
        }
        let wrong = self.wrong(actor, command);
        if !wrong.is_empty() {
            return Err(wrong);
        }
        self.seq += 1;
        let result = self.change(command);
        let kind = match command {
            Command::CancelSettlement(_) => "cancellation",
            other => other.kind(),
        };
        Ok((kind, None, result))
    }

    fn adjudicate_again(
        &mut self,
        actor: &str,
        id: &str,
    ) -> Result<(&'static str, Option<u64>, Value), Reasons> {
        let mut wrong = Wrong::default();
        let found = self.wrong_correction(actor, id, true, &mut wrong);
        let (true, Some(old)) = (wrong.0.is_empty(), found) else { return Err(wrong.0) };
        let bill = self.again(&self.bills[&old]).map_err(|code| vec![code])?;
        let visit = bill.visit.clone();
        self.seq += 1;
        self.undo(old, true);
        self.seq += 1;
        let new = self.add(bill);
        if let Some(bill) = self.bills.get_mut(&old) {
            bill.replaced = Some(new);
        }
        if let Some(visit) = visit.and_then(|id| self.visits.get_mut(&id)) {
            visit.settlements.iter_mut().filter(|seq| **seq == old).for_each(|seq| *seq = new);
            let of_old = visit.batches.iter_mut().filter(|batch| batch.settled == Some(old));
            of_old.for_each(|batch| batch.settled = Some(new));
        }
        Ok(("settlement", Some(new), Value::Null))
    }

    fn reverse(
        &mut self,
        actor: &str,
        key: &str,
        message: &str,
    ) -> Result<(&'static str, Option<u64>, Value), Reasons> {
        let scoped = key_of(actor, message);
        let told = self.keys.get(&scoped).map(|(_, told)| told.clone());
        let nothing = json!({ "cancelled": null, "found": true });
        let (kind, result) = match told {
            None if key == message => return Err(vec!["reverses_itself".to_owned()]),
            None => ("tombstone", json!({ "found": false })),
            Some(Told::Refused(_) | Told::Tombstone) => ("reversal", nothing),
            Some(Told::Booked(_, _, None)) => return Err(vec!["not_reversible".to_owned()]),
            Some(Told::Booked(_, _, Some(mut seq))) => {
                while let Some(next) = self.bills[&seq].replaced {
                    seq = next;
                }
                match self.bills[&seq].live {
                    false => ("reversal", nothing),
                    true => ("reversal", json!({ "cancelled": format!("S{seq}") })),
                }
            }
        };
        self.seq += 1;
        if kind == "tombstone" {
            let asked = gongji_agency::command::Reverse { message: message.to_owned() };
            self.keys.insert(scoped, (Command::Reverse(asked), Told::Tombstone));
        }
        if let Some(seq) = result["cancelled"].as_str().and_then(|id| number(id).ok()) {
            self.undo(seq, false);
        }
        Ok((kind, None, result))
    }

    /// Does what nothing speaks against.
    fn change(&mut self, command: &Command) -> Value {
        let seq = self.seq;
        match command {
            Command::RegisterPerson(asked) => {
                let id = format!("P{seq}");
                self.passports.insert(asked.certificate.number.clone());
                let person = Person {
                    birth: asked.birth_date,
                    died: None,
                    covers: Vec::new(),
                    account: None,
                    credited: [0, 0],
                    last: seq,
                };
                self.people.insert(id.clone(), person);
                return json!({ "person": id });
            }
            Command::Enrol(asked) => {
                let cover = Cover {
                    area: asked.area.clone(),
                    scheme: asked.scheme.clone(),
                    from: asked.from,
                    to: None,
                    paused: false,
                    category: asked.facts.category.clone().unwrap_or_default(),
                };
                self.touch(&asked.person);
                self.people.get_mut(&asked.person).expect("known").covers.push(cover);
            }
            Command::ChangeCategory(asked) => {
                self.touch(&asked.person);
                let category = asked.facts.category.clone().unwrap_or_default();
                self.change_cover(&asked.person, asked.from, |cover| cover.category = category);
            }
            Command::PauseCover(asked) => {
                self.touch(&asked.person);
                self.change_cover(&asked.person, asked.from, |cover| cover.paused = true);
            }
            Command::ResumeCover(asked) => {
                self.touch(&asked.person);
                self.change_cover(&asked.person, asked.from, |cover| cover.paused = false);
            }
            Command::EndCover(asked) => {
                self.touch(&asked.person);
                let person = self.people.get_mut(&asked.person).expect("known");
                person.covers.last_mut().expect("covered").to = Some(asked.to);
            }
            Command::RecordDeath(asked) => {
                self.touch(&asked.person);
                let (day, person) = (asked.died_on, self.people.get_mut(&asked.person).expect("known"));
                person.died = Some(day);
                person.covers.retain(|cover| cover.from <= day);
                if let Some(last) = person.covers.last_mut().filter(|last| last.to.is_none_or(|to| to > day))
                {
                    last.to = Some(day);
                }
            }
            Command::OpenAccount(asked) => {
                self.touch(&asked.person);
                self.people.get_mut(&asked.person).expect("known").account = Some(asked.area.clone());
            }
            Command::CreditAccount(asked) => {
                self.touch(&asked.person);
                let person = self.people.get_mut(&asked.person).expect("known");
                let fen = asked.amount.fen();
                person.credited[usize::from(asked.sub_account.name() == "carried_over")] += fen;
                let area = person.account.clone().unwrap_or_default();
                *self.credited.entry(format!("{area}/opening")).or_default() -= fen;
            }
            Command::FileAway(asked) => return self.file_away(asked),
            Command::EndFiling(asked) => self.end_filing(&asked.person, &asked.filing, Some(asked.to)),
            Command::CancelFiling(asked) => self.end_filing(&asked.person, &asked.filing, None),
            Command::GrantMutualAid(asked) => {
                self.touch(&asked.grantor);
                self.touch(&asked.beneficiary);
                self.grants.entry(asked.beneficiary.clone()).or_default().push(Grant {
                    id: format!("G{seq}"),
                    grantor: asked.grantor.clone(),
                    relation: asked.relation.clone(),
                    from: asked.from,
                    to: asked.to,
                });
                return json!({ "grant": format!("G{seq}") });
            }
            Command::EndGrant(asked) => {
                let grants = self.grants.get_mut(&asked.beneficiary).expect("granted");
                let grant = grants.iter_mut().find(|grant| grant.id == asked.grant).expect("granted");
                grant.to = Some(asked.to);
                let grantor = grant.grantor.clone();
                self.touch(&grantor);
                self.touch(&asked.beneficiary);
            }
            Command::OpenVisit(asked) => {
                let (id, asked) = (format!("V{seq}"), &asked.visit);
                let from = asked.transfer_from.as_ref().and_then(|from| self.visits.get(from));
                let visit = Visit {
                    person: asked.person.clone(),
                    institution: asked.institution.clone(),
                    care: asked.care_type.clone(),
                    opened: asked.date,
                    filing: asked.filing.clone(),
                    stay: from.map_or_else(|| id.clone(), |from| from.stay.clone()),
                    status: Status::Open,
                    batches: Vec::new(),
                    settlements: Vec::new(),
                };
                if visit.is_stay() {
                    self.admitted.insert(asked.person.clone(), id.clone());
                }
                self.touch(&asked.person);
                self.visits.insert(id.clone(), visit);
                return json!({ "visit": id });
            }
            Command::UploadLines(asked) => {
                let visit = self.visits.get_mut(&asked.visit).expect("known");
                visit.batches.push(Batch { lines: asked.lines.clone(), cancelled: false, settled: None });
                let (no, person) = (visit.batches.len(), visit.person.clone());
                self.touch(&person);
                return json!({ "batch": no });
            }
            Command::CancelLines(asked) => {
                let visit = self.visits.get_mut(&asked.visit).expect("known");
                for (batch, no) in visit.batches.iter_mut().zip(1_u32..) {
                    if asked.batch.is_none_or(|batch| batch == no) && batch.settled.is_none() {
                        batch.cancelled = true;
                    }
                }
                let person = visit.person.clone();
                self.touch(&person);
            }
            Command::CancelVisit(asked) => {
                let visit = self.visits.get_mut(&asked.visit).expect("known");
                visit.status = Status::Cancelled;
                visit
                    .batches
                    .iter_mut()
                    .filter(|batch| batch.settled.is_none())
                    .for_each(|batch| batch.cancelled = true);
                let person = visit.person.clone();
                self.touch(&person);
                self.leave(&asked.visit, &person);
            }
            Command::CancelSettlement(asked) => {
                self.undo(number(&asked.settlement).expect("a number"), false);
                return json!({ "cancelled": asked.settlement });
            }
            other => panic!("the model knows no {}", other.kind()),
        }
        Value::Null
    }
}
