//! The year of three families as `docs/year.md` tells it: every step is booked as it stands there, every table of figures compared to the fen.
//!
//! A step is a line of JSON in a fence ```` ```json 2026-07-01 经办 ````: `do` names the command, `as` what its result is called from then on
//! (`@李建国`), `refused` the code of the refusal that is expected; all else is the command's body. A fence of months
//! (```` ```json 2026-07..2026-12 day 10 经办 ````) is done once a month, with the month for `@month`. A table is a fence
//! ```` ```text books ````, `used`, `fund` or `all books`: what is measured, then yuan.

use std::collections::BTreeMap;
use std::path::Path;

use gongji_agency::actor::{Actor, Role};
use gongji_agency::command::Command;
use gongji_agency::office::Failure;
use jiff::civil::Date;
use serde_json::Value;

use crate::kit::{assert_books, books};
use crate::world::{World, on_sqlite};

/// Noon in Beijing.
fn noon(day: Date) -> i64 {
    let days = Date::constant(1970, 1, 1).until(day).expect("a span").get_days();
    i64::from(days) * 86_400_000 + 4 * 3_600_000
}

/// Yuan with two digits, as fen.
fn fen(text: &str) -> i64 {
    let plain = text.replace(',', "");
    let (yuan, fen) = plain.split_once('.').unwrap_or_else(|| panic!("{text} is no amount"));
    assert_eq!(fen.len(), 2, "{text}");
    format!("{yuan}{fen}").parse().unwrap_or_else(|_| panic!("{text} is no amount"))
}

/// The story as it goes on.
struct Story<'world> {
    world: &'world World,
    names: BTreeMap<String, String>,
    steps: usize,
    tables: usize,
}

impl Story<'_> {
    /// The text with ids in the place of names.
    fn named(&self, text: &str) -> String {
        let mut told = text.to_owned();
        let mut names: Vec<_> = self.names.iter().collect();
        // The longer name first, so that none is taken for the beginning of another.
        names.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
        for (name, id) in names {
            told = told.replace(&format!("@{name}"), id);
        }
        assert!(!told.contains('@'), "nobody is called so: {told}");
        told
    }

    /// Whose id a word names: a clerk, a reviewer, an institution, or somebody of the story.
    fn actor(&self, who: &str) -> Actor {
        let (role, name) = match who {
            "经办" => (Role::Clerk, who.to_owned()),
            "复核" => (Role::Reviewer, who.to_owned()),
            _ if self.names.values().any(|id| id == who) => (Role::Resident, who.to_owned()),
            _ => (Role::Institution, who.to_owned()),
        };
        Actor { role, name, areas: Vec::new() }
    }

    fn step(&mut self, line: &str, who: &str) {
        let mut body: Value =
            serde_json::from_str(&self.named(line)).unwrap_or_else(|error| panic!("{error}: {line}"));
        let fields = body.as_object_mut().expect("an object");
        let text = |value: Option<Value>| value.map(|value| value.as_str().expect("a text").to_owned());
        let kind = text(fields.shift_remove("do")).expect("what to do");
        let name = text(fields.shift_remove("as"));
        let refused = text(fields.shift_remove("refused"));
        let who = text(fields.shift_remove("by")).unwrap_or_else(|| who.to_owned());
        self.steps += 1;
        let command =
            Command::read(&kind, &body.to_string()).unwrap_or_else(|error| panic!("{line}: {error:?}"));
        let key = format!("step-{}", self.steps);
        match (self.world.office.book(&self.actor(&who), &key, command), refused) {
            (Err(Failure::Refused(refusal)), Some(code)) => assert_eq!(&*refusal.code, code, "{line}"),
            (Ok(answer), None) => {
                let Some(name) = name else { return };
                let made = answer.settlement.as_ref().map(|made| made.id.clone());
                let (name, field) = name.split_once('=').unwrap_or((&name, ""));
                let id = if field.is_empty() {
                    made.or_else(|| {
                        text(answer.result.as_object().and_then(|told| told.values().next().cloned()))
                    })
                } else {
                    let told = answer.result.pointer(&format!("/{}", field.replace('.', "/")));
                    text(told.cloned())
                };
                let id = id.unwrap_or_else(|| panic!("{line} told no id: {}", answer.result));
                self.names.insert(name.to_owned(), id);
            }
            (answer, refused) => panic!("{line}: {answer:?}, expected {refused:?}"),
        }
    }

    /// The steps of a fence.
    fn steps(&mut self, info: &[&str], text: &str) {
        let (when, rest) = info.split_first().expect("a day");
        if let Some((from, to)) = when.split_once("..") {
            let ["day", day, who] = rest else { panic!("{info:?}") };
            let first: Date = format!("{from}-{day}").parse().expect("a day");
            let last: Date = format!("{to}-{day}").parse().expect("a day");
            let mut at = first;
            while at <= last {
                self.world.clock.set(noon(at));
                let month = at.strftime("%Y-%m").to_string();
                for line in text.lines() {
                    self.step(&line.replace("@month", &month).replace("@day", &at.to_string()), who);
                }
                at = at.checked_add(jiff::Span::new().months(1)).expect("a day");
            }
            return;
        }
        let [who] = rest else { panic!("{info:?}") };
        self.world.clock.set(noon(when.parse().expect("a day")));
        for line in text.lines() {
            self.step(line, who);
        }
    }

    /// The counters of a tally by name, without their periods.
    fn used(&self, id: &str) -> BTreeMap<String, i64> {
        let row = self.world.row("tally", id).unwrap_or_else(|| panic!("no tally {id}"));
        let counters = row["counters"].as_object().expect("counters").iter();
        counters
            .map(|(name, value)| {
                let name = name.split('|').next().unwrap_or(name).to_owned();
                (name, value.as_i64().expect("a number"))
            })
            .collect()
    }

    /// The lines of a fund in a year, the months together.
    fn fund(&self, id: &str, year: &str) -> BTreeMap<String, i64> {
        let mut lines = BTreeMap::new();
        for month in 1..=12 {
            let Some(row) = self.world.row("fund_month", &format!("{id}/{year}-{month:02}")) else {
                continue;
            };
            for (line, fen) in row["lines"].as_object().expect("lines") {
                *lines.entry(line.clone()).or_default() += fen.as_i64().expect("fen");
            }
        }
        lines.retain(|_, fen| *fen != 0);
        lines
    }

    fn table(&mut self, info: &[&str], text: &str) {
        self.tables += 1;
        let text = self.named(text);
        let told: BTreeMap<String, i64> = text
            .lines()
            .map(|line| {
                let (what, amount) = line.rsplit_once(' ').unwrap_or_else(|| panic!("{line}"));
                let amount =
                    if amount.contains('.') { fen(amount) } else { amount.parse().expect("a count") };
                (what.trim().to_owned(), amount)
            })
            .collect();
        let all: BTreeMap<String, i64> = match info {
            ["books"] => {
                let all = books(self.world);
                told.keys().map(|account| (account.clone(), all.get(account).copied().unwrap_or(0))).collect()
            }
            ["all", "books"] => books(self.world).into_iter().filter(|(_, fen)| *fen != 0).collect(),
            ["used", id] => self.used(&self.named(id)),
            ["fund", id, year] => self.fund(id, year),
            _ => panic!("{info:?} is no table"),
        };
        assert_eq!(told, all, "{info:?} after step {}", self.steps);
    }
}

#[test]
fn the_year_of_three_families_is_as_it_is_told() {
    on_sqlite(|world| {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/year.md");
        let text = std::fs::read_to_string(file).expect("the story");
        let mut story = Story { world, names: BTreeMap::new(), steps: 0, tables: 0 };
        let mut lines = text.lines();
        while let Some(line) = lines.next() {
            let Some(info) = line.strip_prefix("```") else { continue };
            let fence: Vec<&str> = lines.by_ref().take_while(|line| !line.starts_with("```")).collect();
            let (info, fence) = (info.split(' ').collect::<Vec<_>>(), fence.join("\n"));
            match info.split_first() {
                Some((&"json", rest)) => story.steps(rest, &fence),
                Some((&"text", rest)) => story.table(rest, &fence),
                _ => {}
            }
        }
        assert!(story.steps > 100 && story.tables > 10, "{} steps, {} tables", story.steps, story.tables);
        assert_books(world);
    });
}
