//! The five questions that people search for, answered for somebody in the books with what the books know.

use gongji_cases::five::FiveAnswer;
use gongji_cases::settle::CounterId;
use gongji_cases::{FiveCase, QuoteOptions, five_questions};
use gongji_money::Fen;
use jiff::civil::Date;
use serde::Serialize;

use super::file::{SettlementBrief, person_file};
use super::sight::seen;
use crate::context::Context;
use crate::desk::Desk;
use crate::refusal::Refusal;
use crate::row::{Cover, Declared, Person, Tally, flexible_payer, pension_payer, year_id};
use crate::settlement::{person_of, purses_on};
use crate::stop::Stop;

/// So many records of a file are looked through for the last bill.
const MOST_RECORDS: usize = 200;

/// What somebody used of a limit in the insurance year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Used {
    /// The counter's name in the pack.
    pub name: String,
    /// What people read.
    pub label: String,
    /// How much, in yuan; of admissions, how many.
    pub amount: String,
    /// The institution, for limits of one institution.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub institution: Option<String>,
}

/// What only the books know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Known {
    /// First and last day of the insurance year.
    pub year: (Date, Date),
    /// What was used of limits in it.
    pub used: Vec<Used>,
    /// The last bill that lives.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_bill: Option<SettlementBrief>,
}

/// The five questions with their answers.
#[derive(Clone, Debug, Serialize)]
pub struct FiveOfPerson {
    /// 人员编号.
    pub person: String,
    /// The answers.
    #[serde(flatten)]
    pub answer: FiveAnswer,
    /// What only the books know.
    pub books: Known,
}

/// What was declared for a month by a payer, in fen.
fn declared(desk: &mut Desk<'_>, payer: &str, person: &str, month: &str) -> Result<Option<Fen>, Stop> {
    let row = desk.get::<Declared>(&format!("{payer}/{person}"))?;
    Ok(row.and_then(|row| row.in_month(month)).map(Fen::new))
}

/// The question: cover, accounts and declared wage, base or pension of a day.
fn question(desk: &mut Desk<'_>, person: &Person, cover: &Cover, day: Date) -> Result<FiveCase, Stop> {
    let month = day.strftime("%Y-%m").to_string();
    let wage = match &cover.employer {
        Some(employer) => declared(desk, employer, &person.id, &month)?,
        None => None,
    };
    let (purses, _) = purses_on(desk, person, (day, "outpatient"), true)?;
    Ok(FiveCase {
        person: person_of(person, cover)?,
        purses,
        date: day,
        wage,
        base: declared(desk, &flexible_payer(&cover.area), &person.id, &month)?.filter(|_| wage.is_none()),
        pension: declared(desk, &pension_payer(&cover.area), &person.id, &month)?,
        paid_since: None,
        family: Vec::new(),
        bill: None,
    })
}

/// What was used of limits in the insurance year of a day.
fn used(
    desk: &mut Desk<'_>,
    context: &Context<'_>,
    person: &str,
    cover: &Cover,
    year: Date,
) -> Result<Vec<Used>, Stop> {
    let Some(tally) = desk.get::<Tally>(&year_id(person, &cover.area, &cover.scheme, year))? else {
        return Ok(Vec::new());
    };
    let pack = context.rules.packs().iter().find(|pack| pack.area.code == cover.area);
    let Some(scheme) = pack.and_then(|pack| pack.scheme(&cover.scheme)) else { return Ok(Vec::new()) };
    let mut used = Vec::with_capacity(tally.counters.len());
    for (id, value) in &tally.counters {
        let Ok(id) = id.parse::<CounterId>() else { continue };
        let Some(at) = scheme.counters.iter().position(|counter| counter.name == id.name) else { continue };
        let times = scheme.benefits.iter().any(|benefit| benefit.admissions == Some(at));
        used.push(Used {
            label: scheme.counters[at].label.clone(),
            name: id.name,
            amount: if times { value.to_string() } else { Fen::new(*value).to_string() },
            institution: id.facility,
        });
    }
    Ok(used)
}

/// The five questions of somebody who is insured on a day.
///
/// # Errors
/// The refusals `denied`, `no_person` and `not_covered`; an area without rules.
pub fn five(desk: &mut Desk<'_>, context: &Context<'_>, id: &str, day: Date) -> Result<FiveOfPerson, Stop> {
    let person = seen(desk, context, id)?;
    let cover = person.cover_on(day).ok_or_else(|| {
        Refusal::new("not_covered", "这一天没有参保").at("on").found(day).hint("参保的日子才有规则可以回答")
    })?;
    let question = question(desk, &person, cover, day)?;
    let answer = five_questions(context.rules.packs(), &question, QuoteOptions::default())?;
    let year = context.rules.insurance_year(&cover.area, day);
    let used = used(desk, context, &person.id, cover, year.0)?;
    let file = person_file(desk, context, &person.id, MOST_RECORDS)?;
    let mut live = file.entries.into_iter().rev().filter(|entry| !entry.cancelled);
    let last_bill = live.find_map(|entry| entry.settlement);
    Ok(FiveOfPerson { person: person.id.clone(), answer, books: Known { year, used, last_bill } })
}
