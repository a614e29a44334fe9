//! The question behind the five questions: one person, what is in the purses, and on which day, read strictly.

use gongji_money::Fen;
use gongji_policy::Dimension;
use jiff::civil::Date;
use serde_json::{Map, Value as Json};

use super::canonical::choice_name;
use super::event::{Event, EventKind};
use super::limits::MOST_CONDITIONS;
use super::node;
use super::object::{Object, Path, Value};
use super::{Case, Person, Purses};
use crate::error::{CaseError, ErrorCode};

/// Who asks the five questions, and when. Amounts in fen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FiveCase {
    /// Who.
    pub person: Person,
    /// The own account, and relatives whose accounts the person may use.
    pub purses: Purses,
    /// The day asked about.
    pub date: Date,
    /// Monthly wage; the bounds of the base hold it.
    pub wage: Option<Fen>,
    /// The base of contributions, where it is known instead of the wage.
    pub base: Option<Fen>,
    /// Monthly pension.
    pub pension: Option<Fen>,
    /// First day of the first month of unbroken payment.
    pub paid_since: Option<Date>,
    /// Relatives to whom the own account might be opened: indices of [`Dimension::Relation`]; empty asks for all.
    pub family: Vec<i64>,
    /// A bill to explain the questions by, instead of samples.
    pub bill: Option<Event>,
}

const NAMES: &[&str] =
    &["person", "purses", "date", "age", "wage", "base", "pension", "paid_since", "family", "bill"];

impl FiveCase {
    /// Reads a question.
    ///
    /// # Errors
    /// A [`CaseError`] that names the field, what was found and what would be accepted.
    pub fn read(json: &str) -> Result<FiveCase, CaseError> {
        let node = node::read(json)?;
        FiveCase::of(&Value { node: &node, path: Path::ROOT })
    }

    fn of(value: &Value<'_>) -> Result<FiveCase, CaseError> {
        let object = value.object(NAMES)?;
        let mut person = Person::of(&object.require("person", "参保人的信息")?)?;
        let date = object.require("date", "哪一天，如 \"2026-03-05\"")?.date()?;
        born(&object, &mut person, date)?;
        let amount = |name: &'static str| object.get(name).map(|value| value.amount()).transpose();
        let (wage, base) = (amount("wage")?, amount("base")?);
        if wage.is_some() && base.is_some() {
            return Err(CaseError::new(
                ErrorCode::Contradiction,
                "base",
                "工资（wage）与缴费基数（base）只写一个",
            ));
        }
        let mut family = Vec::new();
        if let Some(list) = object.get("family") {
            for (index, node) in list.list(MOST_CONDITIONS)?.iter().enumerate() {
                let entry = Value { node, path: list.path.index(index) };
                let relation = entry.choice(Dimension::Relation)?;
                if !family.contains(&relation) {
                    family.push(relation);
                }
            }
        }
        let bill = object.get("bill").map(|value| Event::of(&value, &person)).transpose()?;
        if bill.as_ref().is_some_and(|bill| bill.kind != EventKind::Bill) {
            return Err(
                CaseError::new(ErrorCode::Contradiction, "bill.kind", "这里只能写一张账单").expected("bill")
            );
        }
        Ok(FiveCase {
            purses: object
                .get("purses")
                .map_or_else(|| Ok(Purses::default()), |purses| Purses::of(&purses))?,
            paid_since: object.get("paid_since").map(|value| month(&value)).transpose()?,
            pension: amount("pension")?,
            person,
            date,
            wage,
            base,
            family,
            bill,
        })
    }

    /// The question as JSON, with every default filled in; reading it gives an equal one.
    pub fn to_json(&self) -> Json {
        let case = Case {
            person: self.person.clone(),
            purses: self.purses.clone(),
            accumulated: std::collections::BTreeMap::new(),
            events: self.bill.iter().cloned().collect(),
        };
        let mut case = case.to_json();
        let mut written = Map::new();
        for name in ["person", "purses"] {
            written.insert(name.to_owned(), case[name].take());
        }
        written.insert("date".to_owned(), self.date.to_string().into());
        for (name, amount) in [("wage", self.wage), ("base", self.base), ("pension", self.pension)] {
            if let Some(amount) = amount {
                written.insert(name.to_owned(), amount.to_string().into());
            }
        }
        if let Some(since) = self.paid_since {
            written.insert("paid_since".to_owned(), since.strftime("%Y-%m").to_string().into());
        }
        if !self.family.is_empty() {
            let names = self.family.iter().map(|relation| choice_name(Dimension::Relation, *relation));
            written.insert("family".to_owned(), names.collect());
        }
        if self.bill.is_some() {
            written.insert("bill".to_owned(), case["events"][0].take());
        }
        Json::Object(written)
    }
}

/// Puts a birth date for an age: any that gives the age on the day asked about serves, and 1 January of its year gives it on
/// the first day of the month and of the year, too, where rules count it.
fn born(object: &Object<'_>, person: &mut Person, date: Date) -> Result<(), CaseError> {
    let Some(age) = object.get("age") else { return Ok(()) };
    if person.birth_date.is_some() {
        return Err(CaseError::new(
            ErrorCode::Contradiction,
            "age",
            "年龄（age）与出生日期（person.birth_date）只写一个",
        ));
    }
    let years = age.integer(0, 150)?;
    let year = i64::from(date.year()) - years;
    person.birth_date = i16::try_from(year).ok().and_then(|year| Date::new(year, 1, 1).ok());
    Ok(())
}

/// A month, `YYYY-MM`; its first day.
fn month(value: &Value<'_>) -> Result<Date, CaseError> {
    let text = value.text()?;
    let parts = text.split_once('-').filter(|(year, month)| year.len() == 4 && month.len() == 2);
    let read = parts.and_then(|(year, month)| Date::new(year.parse().ok()?, month.parse().ok()?, 1).ok());
    read.filter(|date| (1900..2200).contains(&date.year())).ok_or_else(|| {
        value.error(ErrorCode::MalformedDate, "月份写法不对").expected("YYYY-MM，如 \"2024-07\"")
    })
}
