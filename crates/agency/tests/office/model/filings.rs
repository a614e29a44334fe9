//! Filings for care away from home, as the model remembers them.

use gongji_agency::command::{CancelFiling, Command, EndFiling, FileAway};
use gongji_agency::row::{FilingKind, Proof};
use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::{Value, json};

use super::deal::Dealer;
use super::decide::Wrong;
use super::state::{State, institution};

pub struct Filing {
    pub id: String,
    pub kind: FilingKind,
    pub home: String,
    pub area: String,
    pub from: Date,
    pub to: Option<Date>,
    pub cancelled: bool,
}

const AWAY: [FilingKind; 4] =
    [FilingKind::LongStay, FilingKind::Referral, FilingKind::Emergency, FilingKind::Temporary];

impl State {
    fn filings_of(&self, person: &str) -> &[Filing] {
        self.filings.get(person).map(Vec::as_slice).unwrap_or_default()
    }

    /// What holds on a day for care in an area, best first.
    fn held(&self, person: &str, home: &str, area: &str, day: Date) -> Vec<&'static str> {
        let holds = |filing: &&Filing| {
            !filing.cancelled
                && filing.home == home
                && filing.area == area
                && filing.from <= day
                && filing.to.is_none_or(|to| day <= to)
        };
        let mut held: Vec<FilingKind> =
            self.filings_of(person).iter().filter(holds).map(|known| known.kind).collect();
        held.sort();
        held.into_iter().map(FilingKind::name).collect()
    }

    /// The filing of a bill; `Err` where another is stated than holds.
    pub fn filing(
        &self,
        person: &str,
        at: &str,
        day: Date,
        home: &str,
        stated: Option<&str>,
    ) -> Result<Option<String>, ()> {
        let area = institution(at).expect("an institution").1;
        if area == home {
            return Ok(stated.map(str::to_owned));
        }
        let held = self.held(person, home, area, day);
        match stated {
            None => Ok(Some((*held.first().unwrap_or(&"none")).to_owned())),
            Some("emergency") => Ok(Some("emergency".to_owned())),
            Some("none") if held.is_empty() => Ok(Some("none".to_owned())),
            Some(stated) if held.contains(&stated) => Ok(Some(stated.to_owned())),
            Some(_) => Err(()),
        }
    }

    fn wrong_filing(&self, person: &str, id: &str, wrong: &mut Wrong) -> Option<&Filing> {
        wrong.when(!self.people.contains_key(person), "no_person");
        let filing = self.filings_of(person).iter().find(|known| known.id == id);
        wrong.when(filing.is_none(), "no_filing");
        wrong.when(filing.is_some_and(|known| known.cancelled), "filing_not_valid");
        filing
    }

    pub fn wrong_away(&self, asked: &FileAway, wrong: &mut Wrong) {
        let Some(known) = self.people.get(&asked.person) else { return wrong.when(true, "no_person") };
        wrong.when(known.died.is_some(), "person_died");
        let Some(cover) = self.cover(&asked.person, asked.from) else {
            return wrong.when(true, "not_covered");
        };
        let area = asked.area.as_deref().expect("dealt with an area");
        wrong.when(area == cover.area, "contradiction");
        wrong.when(asked.to.is_some_and(|to| to < asked.from), "dates_go_back");
        let most =
            if asked.filing == FilingKind::LongStay { None } else { Some(asked.from + 6.months() - 1.day()) };
        let to = asked.to.or(most);
        let overlaps = |known: &Filing| {
            !known.cancelled
                && known.home == cover.area
                && known.kind == asked.filing
                && (known.kind == FilingKind::LongStay || known.area == area)
                && known.to.is_none_or(|to| asked.from <= to)
                && to.is_none_or(|to| known.from <= to)
        };
        wrong.when(self.filings_of(&asked.person).iter().any(overlaps), "already_filed");
    }

    pub fn wrong_end(&self, asked: &EndFiling, wrong: &mut Wrong) {
        let Some(filing) = self.wrong_filing(&asked.person, &asked.filing, wrong) else { return };
        wrong.when(asked.to < filing.from, "dates_go_back");
        wrong.when(filing.to.is_some_and(|to| to <= asked.to), "filing_ended");
        let early = filing.kind == FilingKind::LongStay && asked.to < filing.from + 6.months();
        wrong.when(early, "too_early");
    }

    pub fn wrong_cancel(&self, asked: &CancelFiling, wrong: &mut Wrong) {
        self.wrong_filing(&asked.person, &asked.filing, wrong);
    }

    pub fn file_away(&mut self, asked: &FileAway) -> Value {
        let home = self.cover(&asked.person, asked.from).expect("insured").area.clone();
        let id = format!("F{}", self.seq);
        let most = asked.from + 6.months() - 1.day();
        let filing = Filing {
            id: id.clone(),
            kind: asked.filing,
            home,
            area: asked.area.clone().expect("dealt with an area"),
            from: asked.from,
            to: asked.to.or((asked.filing != FilingKind::LongStay).then_some(most)),
            cancelled: false,
        };
        self.filings.entry(asked.person.clone()).or_default().push(filing);
        self.touch(&asked.person);
        json!({ "filing": id })
    }

    /// Ends one, or cancels it where no last day is given.
    pub fn end_filing(&mut self, person: &str, id: &str, to: Option<Date>) {
        let filings = self.filings.get_mut(person).expect("filed");
        let filing = filings.iter_mut().find(|known| known.id == id).expect("filed");
        match to {
            Some(to) => filing.to = Some(to),
            None => filing.cancelled = true,
        }
        self.touch(person);
    }
}

impl Dealer<'_> {
    /// Files, ends or cancels.
    pub fn file(&mut self) -> Command {
        let state = self.state;
        let known: Vec<(&String, &Filing)> = state
            .filings
            .iter()
            .flat_map(|(person, filings)| filings.iter().map(move |one| (person, one)))
            .collect();
        if !known.is_empty() && self.dice.chance(35) {
            let (person, filing) = known[self.dice.at(known.len())];
            let (person, filing) = (person.clone(), filing.id.clone());
            let reason = "有误".to_owned();
            if self.dice.chance(50) {
                return Command::CancelFiling(CancelFiling { person, filing, reason });
            }
            let to = self.day(10);
            return Command::EndFiling(EndFiling { person, filing, to, reason });
        }
        let from = self.day(15);
        let filing = *self.dice.of(&AWAY);
        let proof = |kind: &str| Proof { kind: kind.to_owned(), number: "1".to_owned() };
        Command::FileAway(FileAway {
            person: self.person(),
            filing,
            area: Some((*self.dice.of(&["990301", "980302", "980302", "990303"])).to_owned()),
            institution: None,
            from,
            to: self.dice.chance(30).then(|| from + 20.days()),
            proofs: vec![proof("promise"), proof("referral_letter")],
            at: None,
            visit: None,
            reason: "补办".to_owned(),
        })
    }
}
