//! `gongji year close`, `precredit`, `clear`: a year of all accounts of an area.

use gongji_agency::command::{ClearAccounts, CloseAccounts, Command, PrecreditAccounts};
use gongji_agency::desk::Row;
use gongji_agency::long_work::Steps;
use gongji_agency::row::PersonIn;
use jiff::civil::Date;
use serde_json::Value;

use super::contribution::{told, work};
use crate::arguments::{YearClose, YearWork};
use crate::exit::{Outcome, Stop};
use crate::office::Counter;

/// So many are counted at once.
const PAGE: usize = 1_000;

/// How many people an area knows.
fn people(counter: &Counter, area: &str) -> Result<u64, Stop> {
    let prefix = format!("{area}/");
    counter.look(|desk, _| {
        let (mut after, mut count) = (String::new(), 0);
        loop {
            let page = desk.view().page(PersonIn::KIND, &prefix, &after, PAGE)?;
            count += page.len() as u64;
            match page.into_iter().next_back() {
                Some((last, _)) => after = last,
                None => return Ok(count),
            }
        }
    })
}

/// First and last day of the insurance year.
fn year(counter: &Counter, asked: &YearWork) -> (Date, Date) {
    counter.office.rules().book().insurance_year(&asked.area, asked.year)
}

fn run(
    asked: &YearWork,
    (name, what): (&str, &'static str),
    day: impl Fn((Date, Date)) -> Date,
    make: impl Fn(&str) -> Command,
    tell: impl Fn(&Value),
) -> Outcome {
    let counter = Counter::open(&asked.agency)?;
    let day = day(year(&counter, asked));
    let all = people(&counter, &asked.area)?;
    let mut steps = Steps::new(format!("{name}/{}/{day}", asked.area), make).again(asked.again).of(all);
    match work(&counter, &mut steps, what)? {
        Some(answer) => tell(&answer.result),
        None => anstream::println!("先前已经做完；为后来的人再做一遍，加 --again"),
    }
    Ok(())
}

fn count(result: &Value) -> u64 {
    result.get("people").and_then(Value::as_u64).unwrap_or(0)
}

/// Interest and the turn of the year.
pub fn close(asked: &YearClose) -> Outcome {
    let work = &asked.work;
    let make = |after: &str| {
        Command::CloseAccounts(CloseAccounts {
            area: work.area.clone(),
            year: work.year,
            after: after.to_owned(),
            interest: !asked.without_interest,
        })
    };
    run(
        work,
        ("close", "年终结账"),
        |year| year.1,
        make,
        |result| {
            anstream::println!("{} 个账户已结到 {}", count(result), told(result, "closed_to"));
        },
    )
}

/// Credits of a year ahead.
pub fn precredit(asked: &YearWork) -> Outcome {
    let make = |after: &str| {
        Command::PrecreditAccounts(PrecreditAccounts {
            area: asked.area.clone(),
            year: asked.year,
            after: after.to_owned(),
        })
    };
    run(
        asked,
        ("precredit", "预划"),
        |year| year.0,
        make,
        |result| {
            anstream::println!("{} 个账户已预划", count(result));
        },
    )
}

/// The clearing of what was credited ahead.
pub fn clear(asked: &YearWork) -> Outcome {
    let make = |after: &str| {
        Command::ClearAccounts(ClearAccounts {
            area: asked.area.clone(),
            year: asked.year,
            after: after.to_owned(),
        })
    };
    run(
        asked,
        ("clear", "清算"),
        |year| year.0,
        make,
        |result| {
            anstream::println!("{} 个账户已清算", count(result));
        },
    )
}
