//! What a bill comes to, asked of the rules with the model's own history and purses.

use std::collections::{BTreeMap, BTreeSet};

use gongji_agency::command::{LineAsked, PortionsAsked};
use gongji_cases::request::Relative as Owner;
use gongji_cases::request::{Charges, Event, Facility, LineInput, Person as Insured, Purses, Years, choice};
use gongji_cases::settle::{CountedStay, CounterId, CounterPeriod, History, Settled};
use gongji_money::Fen;
use gongji_policy::{Dimension as D, Payer};
use jiff::civil::Date;

use super::state::{Bill, Cover, Relative, State, institution};
use crate::world::rules;

/// The catalogue: code, class, last day.
pub const ITEMS: [(&str, &str, Option<Date>); 4] = [
    ("A1", "A", None),
    ("B1", "B", None),
    ("C1", "C", None),
    ("OLD", "A", Some(Date::constant(2026, 6, 30))),
];

/// A bill as it is asked.
#[derive(Clone)]
pub struct Asked<'text> {
    pub person: &'text str,
    pub institution: &'text str,
    pub visit: Option<&'text str>,
    pub care: &'text str,
    pub date: Date,
    pub admitted: Date,
    pub discharged: Date,
    pub filing: Option<&'text str>,
    pub stay: String,
    pub mid_stay: bool,
    pub charges: Charges,
    pub use_account: bool,
    pub use_mutual_aid: bool,
}

fn named(dimension: D, name: &str) -> i64 {
    choice(dimension, name).expect("a name of the case format")
}

pub fn portions(asked: &PortionsAsked) -> Charges {
    Charges::Portions {
        total: asked.total,
        non_covered: asked.non_covered,
        over_limit_price: asked.over_limit_price,
        upfront_self_pay: asked.upfront_self_pay,
        by_tag: BTreeMap::new(),
    }
}

pub fn lines<'line>(lines: impl Iterator<Item = &'line LineAsked>) -> Charges {
    let input = |line: &LineAsked| LineInput {
        code: Some(line.code.clone()),
        name: Some(line.name.clone()),
        class: named(D::Class, ITEMS.iter().find(|item| item.0 == line.code).expect("an item").1),
        item_class: None,
        quantity: line.quantity.parse().expect("a quantity"),
        unit_price: line.unit_price,
        amount: line.amount,
        upfront_ratio: None,
        price_cap: None,
    };
    Charges::Lines(lines.map(input).collect())
}

impl State {
    fn insured(&self, person: &str, cover: &Cover) -> Insured {
        Insured {
            pooling_area: cover.area.clone(),
            scheme: cover.scheme.clone(),
            category: Some(named(D::Category, &cover.category)),
            birth_date: Some(self.people[person].birth),
            sex: Some(named(D::Sex, "female")),
            post_type: None,
            account_option: (cover.scheme == "employee").then(|| named(D::AccountOption, "with_account")),
            premium_tier: None,
            assistance: None,
            supplements: None,
            retired_on: None,
            years: Years::default(),
        }
    }

    fn event(asked: &Asked<'_>, home: &str) -> Event {
        let (id, area, level, _) = institution(asked.institution).expect("an institution");
        let mut event = Event::bill(asked.date, named(D::CareType, asked.care), area);
        event.facility = Facility {
            level: Some(named(D::Level, level)),
            facility_type: Some(named(D::FacilityType, "hospital")),
            id: Some((*id).to_owned()),
            ..Facility::default()
        };
        event.filing = asked.filing.or((*area == home).then_some("local")).map(|name| named(D::Filing, name));
        event.admitted_on = Some(asked.admitted);
        event.discharged_on = Some(asked.discharged);
        event.stay = Some(asked.stay.clone());
        event.mid_stay = asked.mid_stay;
        event.charges = Some(asked.charges.clone());
        event.use_account = asked.use_account;
        event.use_mutual_aid = asked.use_mutual_aid;
        event
    }

    /// Whether somebody is alive and insured, and not paused.
    fn takes_part(&self, person: &str, day: Date) -> bool {
        self.people.get(person).is_some_and(|known| known.died.is_none())
            && self.cover(person, day).is_some_and(|cover| !cover.paused)
    }

    /// Who may be drawn on for somebody on a day.
    fn relatives(&self, asked: &Asked<'_>) -> Vec<Relative> {
        let grants = self.grants.get(asked.person).map(Vec::as_slice).unwrap_or_default();
        let on = |from: Date, to: Option<Date>| from <= asked.date && to.is_none_or(|to| asked.date <= to);
        let of = grants.iter().filter(|grant| asked.use_mutual_aid && on(grant.from, grant.to));
        of.filter(|grant| self.takes_part(&grant.grantor, asked.date))
            .filter_map(|grant| {
                let area = self.people.get(&grant.grantor)?.account.clone()?;
                Some((grant.grantor.clone(), named(D::Relation, &grant.relation), area))
            })
            .collect()
    }

    fn purses(&self, person: &str, relatives: &[Relative], given_back: Option<&Bill>) -> Purses {
        let purse = |person: &str| {
            let mut purse = self.purse(person);
            for (owner, sub, fen) in given_back.iter().flat_map(|bill| &bill.draws) {
                if owner == person {
                    purse[*sub] += fen;
                }
            }
            purse.map(Fen::new)
        };
        let [current_year, carried_over] = purse(person);
        let mutual_aid = relatives.iter().map(|(person, relation, area)| {
            let [current_year, carried_over] = purse(person);
            Owner {
                relation: *relation,
                pooling_area: area.clone(),
                current_year,
                carried_over,
                limit: None,
                wallet: false,
            }
        });
        Purses { current_year, carried_over, mutual_aid: mutual_aid.collect() }
    }

    /// What live bills before a place left.
    fn history(&self, person: &str, area: &str, scheme: &str, place: u64) -> History {
        let mut history = History::default();
        let mut stays: BTreeMap<(String, String), (CounterId, i64)> = BTreeMap::new();
        for bill in self.before(person, place) {
            if bill.insured.pooling_area != area || bill.insured.scheme != scheme {
                continue;
            }
            for (_, counter, by) in &bill.counted {
                *history.counters.entry(counter.clone()).or_default() += by;
            }
            if let Some((_, counter, stay, ordinal)) = &bill.admission {
                let known =
                    stays.entry((counter.to_string(), stay.clone())).or_insert((counter.clone(), *ordinal));
                known.1 = known.1.min(*ordinal);
            }
        }
        for ((_, stay), (counter, ordinal)) in stays {
            *history.counters.entry(counter.clone()).or_default() += 1;
            history.stays.push(CountedStay { counter, stay, ordinal });
        }
        history
    }

    /// A new bill, or the code for which the rules refuse it.
    pub fn settle(&self, asked: &Asked<'_>, cover: &Cover, place: u64) -> Result<Bill, String> {
        let relatives = self.relatives(asked);
        let (insured, event) = (self.insured(asked.person, cover), State::event(asked, &cover.area));
        let purses = self.purses(asked.person, &relatives, None);
        let history = self.history(asked.person, &cover.area, &cover.scheme, place);
        let settled = rules().book().settle(&insured, &purses, &event, &history);
        let settled = settled.map_err(|error| error.code.name().to_owned())?;
        let whose = (asked.person, asked.institution, asked.visit);
        Ok(self.bill(whose, insured, event, relatives, place, &settled))
    }

    /// A bill once more, from its own question with what earlier live ones left.
    pub fn again(&self, bill: &Bill) -> Result<Bill, String> {
        let (insured, event) = (bill.insured.clone(), bill.event.clone());
        let purses = self.purses(&bill.person, &bill.relatives, Some(bill));
        let history = self.history(&bill.person, &insured.pooling_area, &insured.scheme, bill.place);
        let settled = rules().book().settle(&insured, &purses, &event, &history);
        let settled = settled.map_err(|error| error.code.name().to_owned())?;
        let whose = (bill.person.as_str(), bill.institution.as_str(), bill.visit.as_deref());
        Ok(self.bill(whose, insured, event, bill.relatives.clone(), bill.place, &settled))
    }

    fn bill(
        &self,
        (person, institution, visit): (&str, &str, Option<&str>),
        insured: Insured,
        event: Event,
        relatives: Vec<Relative>,
        place: u64,
        settled: &Settled,
    ) -> Bill {
        let (home, scheme, care_area) = (&insured.pooling_area, &insured.scheme, &event.care_area);
        let paid = |payers: &[Payer]| payers.iter().map(|payer| settled.paid_by(*payer).fen()).sum::<i64>();
        let mut posted = Vec::new();
        let mut owe = |area: &str, fen: i64, purse: &str| {
            posted.push((format!("{care_area}/payable/{institution}"), fen));
            if area != care_area {
                posted.push((format!("{area}/clearing/{care_area}{purse}"), fen));
                posted.push((format!("{care_area}/clearing/{area}"), -fen));
            }
        };
        let funds = [
            (Payer::PooledFund, "pooled"),
            (Payer::LargeSumFund, "large_sum"),
            (Payer::CriticalIllnessFund, "critical_illness"),
            (Payer::OtherFund, "other"),
        ];
        let mut draws = Vec::new();
        // The account stands where it was opened, wherever the person is insured now.
        let account = self.people[person].account.as_deref().unwrap_or_default();
        let own = std::iter::once((person, account, &settled.drawn));
        let others = relatives.iter().zip(&settled.drawn_relatives);
        for (owner, area, drawn) in
            own.chain(others.map(|((owner, _, area), drawn)| (owner.as_str(), area.as_str(), drawn)))
        {
            for (sub, fen) in [drawn.current_year.fen(), drawn.carried_over.fen()].into_iter().enumerate() {
                if fen != 0 {
                    draws.push((owner.to_owned(), sub, fen));
                    owe(area, fen, "/account");
                }
            }
        }
        for (payer, _) in funds {
            owe(home, paid(&[payer]), "");
        }
        for (payer, fund) in funds {
            posted.push((format!("{home}/fund/{scheme}/{fund}"), -paid(&[payer])));
        }
        let row = |period: &CounterPeriod| match period {
            CounterPeriod::Stay(stay) => format!("{person}/{home}/{scheme}/stay/{stay}"),
            _ => format!("{person}/{home}/{scheme}/{}", settled.year.0),
        };
        let admission = settled.admission.as_ref().map(|admission| {
            let stay = &admission.stay;
            (row(&stay.counter.period), stay.counter.clone(), stay.stay.clone(), stay.ordinal)
        });
        let times: BTreeSet<&CounterId> = admission.iter().map(|admission| &admission.1).collect();
        let counted = settled.counted.iter().filter(|counted| !times.contains(&counted.id));
        let counted = counted
            .map(|counted| (row(&counted.id.period), counted.id.clone(), counted.after - counted.before))
            .collect();
        let fund_payers: Vec<Payer> = funds.iter().map(|fund| fund.0).collect();
        let sums = [
            settled.total.fen(),
            paid(&fund_payers),
            paid(&[Payer::CurrentYear, Payer::CarriedOver]),
            paid(&[Payer::Relatives]),
            paid(&[Payer::Hospital]),
            paid(&[Payer::Cash]),
        ];
        Bill {
            place,
            person: person.to_owned(),
            institution: institution.to_owned(),
            visit: visit.map(str::to_owned),
            relatives,
            draws,
            posted,
            counted,
            admission,
            sums,
            table: settled.table_hash(),
            live: true,
            replaced: None,
            insured,
            event,
        }
    }

    /// A person's tallies: rows as they should stand, by id.
    pub fn tallies(&self, person: &str) -> BTreeMap<String, serde_json::Value> {
        type Tally = (BTreeMap<String, i64>, BTreeMap<(String, String, i64), u32>);
        let mut rows: BTreeMap<String, Tally> = BTreeMap::new();
        for bill in self.before(person, u64::MAX) {
            for (row, counter, by) in &bill.counted {
                *rows.entry(row.clone()).or_default().0.entry(counter.to_string()).or_default() += by;
            }
            if let Some((row, counter, stay, ordinal)) = &bill.admission {
                let key = (counter.to_string(), stay.clone(), *ordinal);
                *rows.entry(row.clone()).or_default().1.entry(key).or_default() += 1;
            }
        }
        let json = |(mut counters, stays): Tally| {
            let different: BTreeSet<(&String, &String)> =
                stays.keys().map(|(counter, stay, _)| (counter, stay)).collect();
            for (counter, _) in different {
                *counters.entry(counter.clone()).or_default() += 1;
            }
            counters.retain(|_, value| *value != 0);
            let stays: Vec<_> = stays
                .into_iter()
                .map(|((counter, stay, ordinal), live)| serde_json::json!({ "counter": counter, "stay": stay, "ordinal": ordinal, "live": live }))
                .collect();
            match stays.is_empty() {
                true => serde_json::json!({ "counters": counters }),
                false => serde_json::json!({ "counters": counters, "stays": stays }),
            }
        };
        rows.into_iter().map(|(id, tally)| (id, json(tally))).collect()
    }
}
