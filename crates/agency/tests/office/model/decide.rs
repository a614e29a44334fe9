//! How the model answers a command: every reason why it may be refused, or what it does.

use gongji_agency::command::{Command, Settle, SettleAtOnce, VisitAsked};
use jiff::civil::Date;

use super::bill::{Asked, ITEMS, lines, portions};
use super::state::{Bill, Cover, State, Status, Visit, institution};

/// Reasons for a refusal. Which of several is told, is the office's choice.
pub type Reasons = Vec<String>;

/// What a settlement would be, with the day of the law and the visit.
pub enum Would {
    Be(Box<Bill>),
    Refuse(Reasons),
}

/// A list of reasons that grows where something is wrong.
#[derive(Default)]
pub struct Wrong(pub Reasons);

impl Wrong {
    pub fn when(&mut self, wrong: bool, code: &str) {
        if wrong {
            self.0.push(code.to_owned());
        }
    }
}

/// Who acts: an institution, or the operator.
pub fn may_treat(actor: &str, at: &str) -> bool {
    actor.is_empty() || actor == at
}

fn designated(id: &str, day: Date) -> bool {
    institution(id).is_some_and(|known| known.3.is_none_or(|to| day <= to))
}

pub fn is_stay(care: &str) -> bool {
    care == "inpatient"
}

/// The number in an id such as `S12`; `Err` where it is none.
pub fn number(id: &str) -> Result<u64, ()> {
    let digits = id.strip_prefix('S').ok_or(())?;
    let number: u64 = digits.parse().map_err(drop)?;
    if number > 0 && number.to_string() == digits { Ok(number) } else { Err(()) }
}

impl State {
    /// What is wrong with a cover for a bill, by the day of discharge.
    fn cover_problem(&self, person: &str, admitted: Date, day: Date, wrong: &mut Wrong) -> Option<&Cover> {
        let Some(known) = self.people.get(person) else {
            wrong.when(true, "no_person");
            return None;
        };
        wrong.when(known.died.is_some_and(|died| died < admitted), "person_died");
        let cover = self.cover(person, day);
        match cover {
            None => {
                let before = known.covers.iter().any(|cover| cover.from <= day);
                wrong.when(true, if before { "cover_ended" } else { "not_covered" });
            }
            Some(cover) => wrong.when(cover.paused, "cover_paused"),
        }
        cover
    }

    pub fn lines_problem(&self, asked: &[gongji_agency::command::LineAsked], day: Date, wrong: &mut Wrong) {
        for line in asked {
            match ITEMS.iter().find(|item| item.0 == line.code) {
                None => wrong.when(true, "unknown_item"),
                Some(item) => {
                    let on = line.on.unwrap_or(day);
                    wrong.when(item.2.is_some_and(|to| on > to), "item_not_in_force");
                }
            }
        }
    }

    /// The visit of an id that is open and the actor's.
    pub fn open_visit(&self, actor: &str, id: &str, wrong: &mut Wrong) -> Option<&Visit> {
        let visit = self.visits.get(id);
        wrong.when(visit.is_none(), "no_visit");
        let visit = visit?;
        wrong.when(!may_treat(actor, &visit.institution), "denied");
        wrong.when(visit.status == Status::Closed, "visit_closed");
        wrong.when(visit.status == Status::Cancelled, "visit_cancelled");
        Some(visit)
    }

    fn settled(
        &self,
        wrong: Wrong,
        cover: Option<&Cover>,
        asked: &Asked<'_>,
        expect: Option<&String>,
    ) -> Would {
        let (true, Some(cover)) = (wrong.0.is_empty(), cover) else { return Would::Refuse(wrong.0) };
        let day = asked.discharged;
        let filing = self.filing(asked.person, asked.institution, day, &cover.area, asked.filing);
        let Ok(filing) = filing else { return Would::Refuse(vec!["filing_differs".to_owned()]) };
        let asked = &Asked { filing: filing.as_deref(), ..asked.clone() };
        match self.settle(asked, cover, self.seq + 1) {
            Ok(bill) if expect.is_some_and(|expect| *expect != bill.table) => {
                Would::Refuse(vec!["quote_differs".to_owned()])
            }
            Ok(bill) => Would::Be(Box::new(bill)),
            Err(code) => Would::Refuse(vec![code]),
        }
    }

    /// What settling a visit would come to.
    pub fn would_settle(&self, actor: &str, asked: &Settle) -> Would {
        let mut wrong = Wrong::default();
        let Some(visit) = self.open_visit(actor, &asked.visit, &mut wrong) else {
            return Would::Refuse(wrong.0);
        };
        let discharged = asked.discharged_on.unwrap_or(asked.date);
        wrong.when(asked.date > self.today, "future_date");
        wrong.when(discharged < visit.opened || discharged > asked.date, "dates_go_back");
        let waits = visit.waiting().next().is_some();
        wrong.when(waits && asked.charges.is_some(), "portions_and_lines");
        wrong.when(!waits && asked.charges.is_none(), "no_lines");
        wrong.when(!designated(&visit.institution, visit.opened), "not_designated");
        let cover = self.cover_problem(&visit.person, visit.opened, discharged, &mut wrong);
        let charges = match &asked.charges {
            Some(asked) => portions(asked),
            None => lines(visit.waiting().flat_map(|batch| &batch.lines)),
        };
        let bill = Asked {
            person: &visit.person,
            institution: &visit.institution,
            visit: Some(&asked.visit),
            care: &visit.care,
            date: asked.date,
            admitted: visit.opened,
            discharged,
            filing: visit.filing.as_deref(),
            stay: visit.stay.clone(),
            mid_stay: asked.mid_stay,
            charges,
            use_account: asked.use_account,
            use_mutual_aid: asked.use_mutual_aid,
        };
        self.settled(wrong, cover, &bill, asked.expect.as_ref())
    }

    /// What settling at once would come to.
    pub fn would_settle_at_once(&self, actor: &str, asked: &SettleAtOnce) -> Would {
        let (mut wrong, visit) = (Wrong::default(), &asked.visit);
        wrong.when(!may_treat(actor, &visit.institution), "denied");
        wrong.when(visit.date > self.today, "future_date");
        wrong.when(visit.transfer_from.is_some(), "contradiction");
        wrong.when(asked.charges.is_some() && !asked.lines.is_empty(), "portions_and_lines");
        wrong.when(asked.charges.is_none() && asked.lines.is_empty(), "missing_field");
        self.lines_problem(&asked.lines, visit.date, &mut wrong);
        wrong.when(!designated(&visit.institution, visit.date), "not_designated");
        let cover = self.cover_problem(&visit.person, visit.date, visit.date, &mut wrong);
        if !wrong.0.is_empty() {
            return Would::Refuse(wrong.0);
        }
        let charges = match &asked.charges {
            Some(asked) => portions(asked),
            None => lines(asked.lines.iter()),
        };
        let bill = Asked {
            person: &visit.person,
            institution: &visit.institution,
            visit: None,
            care: &visit.care_type,
            date: visit.date,
            admitted: visit.date,
            discharged: visit.date,
            filing: visit.filing.as_deref(),
            stay: format!("S{}", self.seq + 1),
            mid_stay: false,
            charges,
            use_account: asked.use_account,
            use_mutual_aid: asked.use_mutual_aid,
        };
        self.settled(wrong, cover, &bill, asked.expect.as_ref())
    }

    fn wrong_opening(&self, actor: &str, asked: &VisitAsked, wrong: &mut Wrong) {
        wrong.when(!may_treat(actor, &asked.institution), "denied");
        wrong.when(asked.date > self.today, "future_date");
        wrong.when(!designated(&asked.institution, asked.date), "not_designated");
        wrong.when(!self.people.contains_key(&asked.person), "no_person");
        let cover = self.cover(&asked.person, asked.date);
        wrong.when(cover.is_none(), "not_covered");
        if let (Some(cover), Some(stated)) = (cover, asked.filing.as_deref()) {
            let filing =
                self.filing(&asked.person, &asked.institution, asked.date, &cover.area, Some(stated));
            wrong.when(filing.is_err(), "filing_differs");
        }
        wrong
            .when(is_stay(&asked.care_type) && self.admitted.contains_key(&asked.person), "already_admitted");
        if let Some(from) = &asked.transfer_from {
            let from = self.visits.get(from);
            let stays = |from: &Visit| {
                from.person == asked.person && from.is_stay() && from.status != Status::Cancelled
            };
            wrong.when(!from.is_some_and(stays), "no_visit");
        }
    }

    /// Why a correction is refused; the bill that is corrected.
    pub fn wrong_correction(&self, actor: &str, id: &str, staff: bool, wrong: &mut Wrong) -> Option<u64> {
        let Ok(seq) = number(id) else {
            wrong.when(true, "malformed_id");
            return None;
        };
        let Some(bill) = self.bills.get(&seq) else {
            wrong.when(true, "no_settlement");
            return None;
        };
        wrong.when(!bill.live, "already_cancelled");
        wrong.when(if staff { !actor.is_empty() } else { !may_treat(actor, &bill.institution) }, "denied");
        Some(seq)
    }

    /// What is wrong with a change of the cover from a day on.
    fn wrong_change(
        &self,
        person: &str,
        from: Date,
        same: impl Fn(&Cover) -> bool,
        code: &str,
        wrong: &mut Wrong,
    ) {
        let Some(known) = self.people.get(person) else { return wrong.when(true, "no_person") };
        wrong.when(known.died.is_some(), "person_died");
        wrong.when(known.birth > from, "dates_go_back");
        let Some(last) = known.covers.last() else { return wrong.when(true, "not_covered") };
        wrong.when(from < last.from, "dates_go_back");
        wrong.when(last.to.is_some_and(|to| to < from), "cover_ended");
        wrong.when(same(last), code);
    }

    /// Why a command that settles nothing is refused. The operator's actor is the empty text.
    pub fn wrong(&self, actor: &str, command: &Command) -> Reasons {
        let mut wrong = Wrong::default();
        let of_institutions = matches!(
            command,
            Command::OpenVisit(_)
                | Command::UploadLines(_)
                | Command::CancelLines(_)
                | Command::CancelVisit(_)
                | Command::CancelSettlement(_)
        );
        wrong.when(!of_institutions && !actor.is_empty(), "denied");
        match command {
            Command::RegisterPerson(asked) => {
                wrong.when(asked.birth_date > self.today, "future_date");
                wrong.when(self.passports.contains(&asked.certificate.number), "certificate_taken");
            }
            Command::Enrol(asked) => {
                let known = self.people.get(&asked.person);
                wrong.when(known.is_none(), "no_person");
                wrong.when(!["990301", "980302", "990303"].contains(&asked.area.as_str()), "unknown_area");
                wrong.when(asked.scheme == "resident" && asked.area != "990301", "unknown_scheme");
                wrong.when(category_problem(&asked.scheme, asked.facts.category.as_deref()), "contradiction");
                if let Some(known) = known {
                    wrong.when(known.died.is_some(), "person_died");
                    wrong.when(known.birth > asked.from, "dates_go_back");
                    let last = known.covers.last();
                    wrong.when(
                        last.is_some_and(|last| last.to.is_none_or(|to| to >= asked.from)),
                        "cover_overlaps",
                    );
                }
            }
            Command::ChangeCategory(asked) => {
                let category = asked.facts.category.as_deref();
                let same = |last: &Cover| category.is_none_or(|category| category == last.category);
                self.wrong_change(&asked.person, asked.from, same, "nothing_changes", &mut wrong);
                let scheme = self.people.get(&asked.person).and_then(|known| known.covers.last());
                wrong.when(
                    scheme.is_some_and(|last| category_problem(&last.scheme, category)),
                    "contradiction",
                );
            }
            Command::PauseCover(asked) => {
                self.wrong_change(
                    &asked.person,
                    asked.from,
                    |last| last.paused,
                    "already_paused",
                    &mut wrong,
                );
            }
            Command::ResumeCover(asked) => {
                self.wrong_change(&asked.person, asked.from, |last| !last.paused, "not_paused", &mut wrong);
            }
            Command::EndCover(asked) => {
                let last = self.people.get(&asked.person).map(|known| known.covers.last());
                wrong.when(last.is_none(), "no_person");
                if let Some(last) = last {
                    wrong.when(last.is_none(), "not_covered");
                    wrong.when(last.is_some_and(|last| last.to.is_some()), "cover_ended");
                    wrong.when(last.is_some_and(|last| asked.to < last.from), "dates_go_back");
                }
            }
            Command::RecordDeath(asked) => {
                let known = self.people.get(&asked.person);
                wrong.when(known.is_none(), "no_person");
                wrong.when(asked.died_on > self.today, "future_date");
                wrong.when(known.is_some_and(|known| asked.died_on < known.birth), "dates_go_back");
                wrong.when(known.is_some_and(|known| known.died.is_some()), "person_died");
            }
            Command::OpenAccount(asked) => {
                let known = self.people.get(&asked.person);
                wrong.when(known.is_none(), "no_person");
                wrong.when(known.is_some_and(|known| known.account.is_some()), "account_exists");
                let cover = self.cover(&asked.person, self.today);
                wrong.when(cover.is_none(), "not_covered");
                wrong.when(cover.is_some_and(|cover| cover.area != asked.area), "other_area");
                wrong.when(cover.is_some_and(|cover| cover.scheme != "employee"), "no_account_scheme");
            }
            Command::CreditAccount(asked) => {
                let known = self.people.get(&asked.person);
                wrong.when(known.is_none(), "no_person");
                wrong.when(known.is_some_and(|known| known.account.is_none()), "no_account");
                wrong.when(asked.amount.is_zero(), "no_amount");
            }
            Command::FileAway(asked) => self.wrong_away(asked, &mut wrong),
            Command::EndFiling(asked) => self.wrong_end(asked, &mut wrong),
            Command::CancelFiling(asked) => self.wrong_cancel(asked, &mut wrong),
            Command::GrantMutualAid(asked) => {
                wrong.when(asked.to.is_some_and(|to| to < asked.from), "dates_go_back");
                wrong.when(asked.grantor == asked.beneficiary, "oneself");
                for person in [&asked.grantor, &asked.beneficiary] {
                    let known = self.people.get(person);
                    wrong.when(known.is_none(), "no_person");
                    wrong.when(known.is_some_and(|known| known.died.is_some()), "person_died");
                    wrong.when(self.cover(person, asked.from).is_none(), "not_covered");
                }
                let grantor = self.people.get(&asked.grantor);
                wrong.when(grantor.is_none_or(|known| known.account.is_none()), "no_account");
                let grants = self.grants.get(&asked.beneficiary).map(Vec::as_slice).unwrap_or_default();
                let overlaps = grants.iter().any(|grant| {
                    grant.grantor == asked.grantor
                        && grant.to.is_none_or(|to| asked.from <= to)
                        && asked.to.is_none_or(|to| grant.from <= to)
                });
                wrong.when(overlaps, "already_granted");
            }
            Command::EndGrant(asked) => {
                let grants = self.grants.get(&asked.beneficiary).map(Vec::as_slice).unwrap_or_default();
                match grants.iter().find(|grant| grant.id == asked.grant) {
                    None => wrong.when(true, "no_grant"),
                    Some(grant) => {
                        wrong.when(grant.to.is_some_and(|to| to <= asked.to), "grant_ended");
                        wrong.when(asked.to < grant.from, "dates_go_back");
                    }
                }
            }
            Command::OpenVisit(asked) => self.wrong_opening(actor, &asked.visit, &mut wrong),
            Command::UploadLines(asked) => {
                if let Some(visit) = self.open_visit(actor, &asked.visit, &mut wrong) {
                    wrong.when(asked.lines.is_empty(), "line_count");
                    for line in &asked.lines {
                        let on = line.on.unwrap_or(visit.opened);
                        wrong.when(on > self.today, "future_date");
                        wrong.when(on < visit.opened, "dates_go_back");
                    }
                    self.lines_problem(&asked.lines, visit.opened, &mut wrong);
                }
            }
            Command::CancelLines(asked) => {
                if let Some(visit) = self.open_visit(actor, &asked.visit, &mut wrong) {
                    let batches = visit.batches.iter().zip(1_u32..);
                    let mut waits = batches.filter(|(batch, _)| !batch.cancelled && batch.settled.is_none());
                    wrong.when(!waits.any(|(_, no)| asked.batch.is_none_or(|batch| batch == no)), "no_lines");
                }
            }
            Command::CancelVisit(asked) => {
                if let Some(visit) = self.open_visit(actor, &asked.visit, &mut wrong) {
                    wrong.when(!visit.settlements.is_empty(), "visit_settled");
                    wrong.when(asked.reason.trim().is_empty(), "missing_field");
                }
            }
            Command::CancelSettlement(asked) => {
                wrong.when(asked.reason.trim().is_empty(), "missing_field");
                self.wrong_correction(actor, &asked.settlement, false, &mut wrong);
            }
            _ => {}
        }
        wrong.0
    }
}

/// Whether a category does not belong to a scheme.
fn category_problem(scheme: &str, category: Option<&str>) -> bool {
    let employee = ["employed", "retired", "flexible"];
    category.is_some_and(|category| employee.contains(&category) != (scheme == "employee"))
}
