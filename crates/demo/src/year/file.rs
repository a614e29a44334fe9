//! Filings of every kind: away from home, chronic diseases, chosen institutions, maternity, the newborn; renewed, ended, cancelled, made up.

use gongji_agency::command::{
    CancelFiling, ChooseInstitution, Command, EndFiling, FactsAsked, FileAway, OpenVisit, PayPremium,
    PremiumPayer, RegisterChronic, RegisterMaternity, RegisterNewborn, RenewFiling, ReviewFiling,
    UploadLines,
};
use gongji_agency::filing::NEEDS;
use gongji_agency::row::{FilingKind, Proof, Standing};
use gongji_policy::Dimension;
use jiff::ToSpan;
use jiff::civil::Date;

use super::Place;
use super::work::{Turn, Work, institution, text};
use crate::ground::{Area, institution_id};
use crate::home::{Home, Kin};
use crate::random::Random;
use crate::{DemoError, bill};

/// What proves what is filed: one document of a kind that is accepted.
fn proofs(kind: FilingKind) -> Vec<Proof> {
    let proof = |kind: &String| Proof { kind: kind.clone(), number: "演示".to_owned() };
    NEEDS.proofs(kind).first().map(proof).into_iter().collect()
}

fn later(day: Date, months: i32) -> Date {
    day.checked_add(months.months()).unwrap_or(day)
}

impl Work<'_> {
    /// Another area, in another province where there is one.
    fn elsewhere(&self, area: &Area) -> Option<&Area> {
        let far = |other: &&Area| other.code.get(..2) != area.code.get(..2);
        let others = || self.areas.iter().filter(|other| other.code != area.code);
        others().find(far).or_else(|| others().next())
    }

    /// A disease that the rules tell apart, or any.
    fn disease(&self, area: &Area, kin: &Kin) -> String {
        let pack = self.office.rules().book().packs().iter().find(|pack| pack.area.code == area.code);
        let scheme = kin.is(self.mix).and_then(|profile| pack?.scheme(&profile.scheme));
        let known = scheme.and_then(|scheme| scheme.values.get(&Dimension::Condition));
        let mut names = known.into_iter().flatten().filter(|name| *name != "none");
        names.next().cloned().unwrap_or_else(|| "hypertension".to_owned())
    }

    fn away(
        &mut self,
        kin: &Kin,
        filing: FilingKind,
        (area, institution): (&Area, Option<String>),
        from: Date,
    ) -> Result<Option<String>, DemoError> {
        let file = FileAway {
            person: kin.id.clone(),
            filing,
            area: Some(area.code.clone()),
            institution,
            from,
            to: None,
            proofs: proofs(filing),
            at: None,
            visit: None,
            reason: String::new(),
        };
        let told = self.book(Command::FileAway(file))?;
        Ok(told.map(|told| text(&told, "filing").to_owned()))
    }

    /// Filings of members whose turn it is.
    pub fn file(&mut self, place: &Place<'_>, homes: &[&Home], today: Date) -> Result<(), DemoError> {
        let area = place.area;
        let there = self.elsewhere(area).cloned();
        let (mut chronic, mut chosen, mut gone) = (Turn::of(3), Turn::of(2), Turn::of(5));
        let share = self.mix.year.filings;
        for kin in homes.iter().flat_map(|home| &home.members) {
            let mut random = Random::of(self.seed ^ 0xF11E, kin.number);
            if kin.of(self.mix, "retired")
                && let Some(thing) = chronic.next(share, &mut random)
            {
                self.chronic(area, kin, today, thing)?;
            } else if kin.of(self.mix, "elderly")
                && let Some(thing) = chosen.next(share, &mut random)
            {
                self.choose(area, kin, today, thing)?;
            } else if !kin.of(self.mix, "retired")
                && let Some(there) = &there
                && let Some(thing) = gone.next(share, &mut random)
            {
                self.go(area, there, kin, today, thing)?;
            }
        }
        Ok(())
    }

    fn chronic(&mut self, area: &Area, kin: &Kin, today: Date, thing: u64) -> Result<(), DemoError> {
        let register = RegisterChronic {
            person: kin.id.clone(),
            disease: self.disease(area, kin),
            care_type: "chronic_outpatient".to_owned(),
            institutions: Vec::new(),
            from: today,
            to: Some(later(today, 6)),
            proofs: proofs(FilingKind::Chronic),
            at: None,
            visit: None,
            reason: String::new(),
        };
        let Some(told) = self.book(Command::RegisterChronic(register))? else { return Ok(()) };
        let (person, filing) = (kin.id.clone(), text(&told, "filing").to_owned());
        let approve = thing != 1;
        let reason = (!approve).then(|| "not_eligible".to_owned());
        let note = String::new();
        let review = ReviewFiling { person: person.clone(), filing: filing.clone(), approve, reason, note };
        self.review(Command::ReviewFiling(review))?;
        if thing == 2 {
            let renew = RenewFiling { person, filing, to: later(today, 11) };
            self.book(Command::RenewFiling(renew))?;
        }
        Ok(())
    }

    fn choose(&mut self, area: &Area, kin: &Kin, today: Date, thing: u64) -> Result<(), DemoError> {
        let kinds = [FilingKind::FamilyDoctor, FilingKind::ChosenHospital];
        let filing = kinds[usize::from(thing == 1)];
        let Some(chosen) = self.place(area, &kin.profile, "outpatient") else { return Ok(()) };
        let choose = ChooseInstitution {
            person: kin.id.clone(),
            filing,
            institution: chosen,
            from: today,
            to: None,
            at: None,
            reason: String::new(),
        };
        self.book(Command::ChooseInstitution(choose)).map(drop)
    }

    fn go(&mut self, area: &Area, there: &Area, kin: &Kin, today: Date, thing: u64) -> Result<(), DemoError> {
        let person = kin.id.clone();
        let tomorrow = today.tomorrow().unwrap_or(today);
        let hospital = self.mix.institution.first().map(|kind| institution_id(&there.code, kind));
        match thing {
            0 => {
                let filed = self.away(kin, FilingKind::LongStay, (there, None), tomorrow)?;
                let Some(filing) = filed else { return Ok(()) };
                let reason = "办错就医地".to_owned();
                self.book(Command::CancelFiling(CancelFiling { person, filing, reason }))?;
                self.away(kin, FilingKind::LongStay, (there, None), tomorrow).map(drop)
            }
            1 => {
                let filed = self.away(kin, FilingKind::Referral, (there, hospital), today)?;
                let Some(filing) = filed else { return Ok(()) };
                self.book(Command::RenewFiling(RenewFiling { person, filing, to: later(today, 11) }))
                    .map(drop)
            }
            2 => self.away(kin, FilingKind::Emergency, (there, None), today).map(drop),
            3 => {
                let filed = self.away(kin, FilingKind::Temporary, (there, None), today)?;
                let Some(filing) = filed else { return Ok(()) };
                let (to, reason) = (later(today, 1), "提前返回参保地".to_owned());
                self.book(Command::EndFiling(EndFiling { person, filing, to, reason })).map(drop)
            }
            _ => self.make_up(area, there, kin, today),
        }
    }

    /// A stay away from home for which the filing is made up before the discharge.
    fn make_up(&mut self, area: &Area, there: &Area, kin: &Kin, today: Date) -> Result<(), DemoError> {
        let Some(name) = area.away.get(&(kin.profile.clone(), "inpatient".to_owned())) else { return Ok(()) };
        let kind = FilingKind::ALL.into_iter().find(|kind| kind.name() == *name);
        let hospital = self.mix.institution.first().map(|kind| institution_id(&there.code, kind));
        let (Some(filing), Some(hospital)) = (kind, hospital) else { return Ok(()) };
        let admitted = today.checked_sub(4.days()).unwrap_or(today);
        let at = institution(&hospital);
        let open = OpenVisit { visit: bill::visit(&kin.id, hospital.clone(), "inpatient", admitted) };
        let Some(opened) = self.book_as(&at, Command::OpenVisit(open))? else { return Ok(()) };
        let visit = text(&opened.result, "visit").to_owned();
        let file = FileAway {
            person: kin.id.clone(),
            filing,
            area: None,
            institution: Some(hospital.clone()),
            from: admitted,
            to: None,
            proofs: proofs(filing),
            at: Some(hospital),
            visit: Some(visit.clone()),
            reason: String::new(),
        };
        self.book_as(&at, Command::FileAway(file))?;
        let mut random = Random::of(self.seed ^ 0x3A4E, kin.number);
        let lines = bill::lines(self.mix, 600_000, 4, &mut random);
        self.book_as(&at, Command::UploadLines(UploadLines { visit: visit.clone(), lines }))?;
        self.book_as(&at, Command::Settle(bill::settle(visit, today))).map(drop)
    }

    /// A child is born: the mother is registered, the child too, its premium is paid by somebody else, and that of the next year from its father's
    /// account, once a second person has approved that it may use it.
    pub fn newborn(&mut self, place: &mut Place<'_>, homes: &[&Home], today: Date) -> Result<(), DemoError> {
        let mut turn = Turn::of(1);
        let area = place.area;
        for home in homes {
            let mother = home
                .members
                .iter()
                .find(|kin| kin.sex == "female" && kin.account && (22..=42).contains(&kin.age(today)));
            let Some(mother) = mother else { continue };
            let mut random = Random::of(self.seed ^ 0xBAB1, home.number);
            if turn.next(self.mix.year.births, &mut random).is_none() {
                continue;
            }
            let birth = today.checked_sub(random.between(3, 20).days()).unwrap_or(today);
            let register = RegisterMaternity {
                person: mother.id.clone(),
                from: birth.checked_sub(200.days()).unwrap_or(birth),
                to: later(birth, 3),
                institutions: Vec::new(),
                proofs: proofs(FilingKind::Maternity),
                at: None,
                visit: None,
                reason: "演示：补登".to_owned(),
            };
            self.book(Command::RegisterMaternity(register))?;
            let child = RegisterNewborn {
                mother: mother.id.clone(),
                name: format!("演示{}家新生儿", home.number + 1),
                birth_certificate: format!("M{:09}", home.number + 1),
                sex: "female".to_owned(),
                birth_date: birth,
                paid_on: None,
                premium_tier: None,
                at: None,
            };
            let Some(told) = self.book(Command::RegisterNewborn(child))? else { continue };
            let child = Kin {
                id: text(&told, "person").to_owned(),
                number: mother.number,
                name: String::new(),
                profile: "infant".to_owned(),
                sex: "female",
                born: birth,
                employer: None,
                account: false,
            };
            let by = |category: &str, premium: PayPremium| {
                let facts = FactsAsked { category: Some(category.to_owned()), ..FactsAsked::default() };
                Command::PayPremium(PayPremium { facts, ..premium })
            };
            let payer = PremiumPayer::Third { name: "演示外祖母".to_owned() };
            let first = Self::premium(&child, area, (birth.year(), today), payer);
            let Some(told) = self.book(by("newborn", first))? else { continue };
            self.paid(place, &told);
            self.next_premium(place, (mother, &child), today, by)?;
        }
        Ok(())
    }

    fn next_premium(
        &mut self,
        place: &mut Place<'_>,
        (mother, child): (&Kin, &Kin),
        today: Date,
        by: impl Fn(&str, PayPremium) -> Command,
    ) -> Result<(), DemoError> {
        let holds = self.look(|desk, _| Ok(desk.get::<Standing>(&mother.id)?.map(|row| row.carried_over)))?;
        if holds.is_none_or(|fen| fen < 200_000) {
            return Ok(());
        }
        let known = (mother, child, "parent");
        let Some(grant) = self.apply(known, "birth_certificate", today)? else { return Ok(()) };
        if !self.judge(child, grant, true)? {
            return Ok(());
        }
        let payer = PremiumPayer::Account { owner: mother.id.clone() };
        let next = Self::premium(child, place.area, (today.year() + 1, today), payer);
        if let Some(told) = self.book(by("child", next))? {
            self.paid(place, &told);
        }
        Ok(())
    }
}
