//! The case written back: every default filled in, and one text for one meaning.

use std::collections::BTreeMap;
use std::fmt::Display;

use gongji_money::{Fen, Rate};
use gongji_policy::{Dimension, DimensionKind};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::asked::asked;
use super::{
    Case, Charges, Event, EventKind, Facility, LineInput, Person, Purses, Relative, SUPPLEMENTS, Stated,
    Years,
};

/// An object under construction; what is unanswered is left out.
#[derive(Default)]
pub(super) struct Writer(Map<String, Value>);

impl Writer {
    pub(super) fn put(&mut self, name: &str, value: impl Into<Value>) -> &mut Writer {
        self.0.insert(name.to_owned(), value.into());
        self
    }

    pub(super) fn maybe(&mut self, name: &str, value: Option<impl Into<Value>>) -> &mut Writer {
        match value {
            Some(value) => self.put(name, value),
            None => self,
        }
    }

    pub(super) fn text(&mut self, name: &str, value: Option<impl ToString>) -> &mut Writer {
        self.maybe(name, value.map(|value| value.to_string()))
    }

    pub(super) fn choice(&mut self, name: &str, dimension: Dimension, index: Option<i64>) -> &mut Writer {
        self.maybe(name, index.map(|index| choice_name(dimension, index)))
    }

    pub(super) fn amount(&mut self, name: &str, amount: Fen) -> &mut Writer {
        self.put(name, amount.to_string())
    }

    pub(super) fn done(&mut self) -> Value {
        Value::Object(std::mem::take(&mut self.0))
    }
}

/// The name of a dimension's fixed value, as the case format writes it; empty where there is none.
pub fn choice_name(dimension: Dimension, index: i64) -> &'static str {
    match dimension.kind() {
        DimensionKind::Choice(names) => {
            usize::try_from(index).ok().and_then(|index| names.get(index)).copied().unwrap_or("")
        }
        _ => "",
    }
}

/// A rate that reads back as the same fraction: decimal where it ends, which every rate read from decimal text does.
fn decimal(rate: Rate) -> String {
    let (mut rest, denominator) = (i128::from(rate.numerator()), i128::from(rate.denominator()));
    let mut text = format!("{}", rest / denominator);
    rest %= denominator;
    if rest != 0 {
        text.push('.');
    }
    while rest != 0 && text.len() < 40 {
        rest *= 10;
        text.push_str(&(rest / denominator).to_string());
        rest %= denominator;
    }
    text
}

/// What the members of an object have in common: what is unanswered is left out.
trait Members: SerializeMap {
    fn maybe<T: Serialize>(&mut self, name: &'static str, value: Option<T>) -> Result<(), Self::Error> {
        match value {
            Some(value) => self.serialize_entry(name, &value),
            None => Ok(()),
        }
    }

    fn shown<T: Display>(&mut self, name: &'static str, value: Option<T>) -> Result<(), Self::Error> {
        self.maybe(name, value.map(Shown))
    }

    fn choice(
        &mut self,
        name: &'static str,
        dimension: Dimension,
        index: Option<i64>,
    ) -> Result<(), Self::Error> {
        self.maybe(name, index.map(|index| choice_name(dimension, index)))
    }
}

impl<M: SerializeMap> Members for M {}

/// A value as the text that it is shown as.
struct Shown<T>(T);

impl<T: Display> Serialize for Shown<T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(&self.0)
    }
}

impl Case {
    /// The case as JSON, with every default filled in; reading it gives an equal case.
    pub fn to_json(&self) -> Value {
        // Names are texts and no member fails, so there is always a value.
        serde_json::to_value(self).unwrap_or_default()
    }
}

/// The case format, with every default filled in; reading it gives an equal case.
impl Serialize for Case {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        struct Accumulated<'case>(&'case BTreeMap<String, Stated>);
        impl Serialize for Accumulated<'_> {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                let mut to = to.serialize_map(Some(self.0.len()))?;
                for (name, stated) in self.0 {
                    match stated {
                        Stated::Times(times) => to.serialize_entry(name, times)?,
                        Stated::Money(amount) => to.serialize_entry(name, &Shown(amount))?,
                    }
                }
                to.end()
            }
        }
        let mut to = to.serialize_map(None)?;
        to.serialize_entry("person", &self.person)?;
        to.serialize_entry("purses", &self.purses)?;
        if !self.accumulated.is_empty() {
            to.serialize_entry("accumulated", &Accumulated(&self.accumulated))?;
        }
        to.serialize_entry("events", &self.events)?;
        to.end()
    }
}

/// The text of a case of one event and no stated history, as [`Case`] gives it, without one being put together.
#[derive(Debug, Serialize)]
pub struct OneEvent<'case> {
    /// Who.
    pub person: &'case Person,
    /// What is in the purses.
    pub purses: &'case Purses,
    /// What happens.
    pub events: [&'case Event; 1],
}

impl Serialize for Years {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut to = to.serialize_map(None)?;
        to.maybe("total", self.total)?;
        to.maybe("local_paid", self.local_paid)?;
        to.maybe("continuous", self.continuous)?;
        to.maybe("deemed", self.deemed)?;
        to.end()
    }
}

impl Serialize for Person {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let years = &self.years;
        let answered = [years.total, years.local_paid, years.continuous, years.deemed];
        let names = |list: &Vec<i64>| -> Vec<&str> {
            list.iter().map(|aid| choice_name(Dimension::Aid, *aid)).collect()
        };
        let supplements = self.supplements.map(|has| {
            let names = SUPPLEMENTS.iter().zip(has).filter(|(_, has)| *has);
            names.map(|((name, _), _)| *name).collect::<Vec<_>>()
        });
        let mut to = to.serialize_map(None)?;
        to.serialize_entry("pooling_area", &self.pooling_area)?;
        to.serialize_entry("scheme", &self.scheme)?;
        to.choice("category", Dimension::Category, self.category)?;
        to.shown("birth_date", self.birth_date)?;
        to.choice("sex", Dimension::Sex, self.sex)?;
        to.choice("post_type", Dimension::PostType, self.post_type)?;
        to.choice("account_option", Dimension::AccountOption, self.account_option)?;
        to.maybe("premium_tier", self.premium_tier.as_deref())?;
        to.maybe("assistance", self.assistance.as_ref().map(names))?;
        to.maybe("supplements", supplements)?;
        to.shown("retired_on", self.retired_on)?;
        to.maybe("years", Some(years).filter(|_| answered.iter().any(Option::is_some)))?;
        to.end()
    }
}

impl Serialize for Relative {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut to = to.serialize_map(None)?;
        to.choice("relation", Dimension::Relation, Some(self.relation))?;
        to.serialize_entry("pooling_area", &self.pooling_area)?;
        to.shown("current_year", Some(self.current_year))?;
        to.shown("carried_over", Some(self.carried_over))?;
        to.shown("limit", self.limit)?;
        if self.wallet {
            to.serialize_entry("wallet", &true)?;
        }
        to.end()
    }
}

impl Serialize for Purses {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut to = to.serialize_map(None)?;
        to.shown("current_year", Some(self.current_year))?;
        to.shown("carried_over", Some(self.carried_over))?;
        to.serialize_entry("mutual_aid", &self.mutual_aid)?;
        to.end()
    }
}

impl Serialize for Facility {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut to = to.serialize_map(None)?;
        to.choice("level", Dimension::Level, self.level)?;
        to.choice("grade", Dimension::Grade, self.grade)?;
        to.choice("admin_level", Dimension::AdminLevel, self.admin_level)?;
        to.choice("type", Dimension::FacilityType, self.facility_type)?;
        to.maybe("id", self.id.as_deref())?;
        to.maybe("group", self.group.as_deref())?;
        to.end()
    }
}

impl Serialize for Event {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Prescription<'case> {
            issued_by: &'case Facility,
        }
        if let Some(calculation) = &self.calculation {
            return asked(self, calculation).serialize(to);
        }
        let kind = match self.kind {
            EventKind::Bill => "bill",
            EventKind::YearEnd => "year_end",
            EventKind::Calculation => "",
        };
        let mut to = to.serialize_map(None)?;
        to.serialize_entry("kind", kind)?;
        to.shown("date", Some(self.date))?;
        to.choice("care_type", Dimension::CareType, Some(self.care_type))?;
        to.serialize_entry("facility", &self.facility)?;
        to.serialize_entry("care_area", &self.care_area)?;
        to.choice("filing", Dimension::Filing, self.filing)?;
        to.shown("admitted_on", self.admitted_on)?;
        to.shown("discharged_on", self.discharged_on)?;
        to.maybe("stay", self.stay.as_deref())?;
        to.serialize_entry("mid_stay", &self.mid_stay)?;
        to.maybe("transfer_from", self.transfer_from.as_deref())?;
        to.serialize_entry("from_emergency", &self.from_emergency)?;
        to.maybe("prescription", self.issued_by.as_ref().map(|issued_by| Prescription { issued_by }))?;
        to.maybe("family_doctor", self.family_doctor)?;
        to.choice("cause", Dimension::Cause, Some(self.cause))?;
        to.serialize_entry("condition", &self.conditions)?;
        to.maybe("charges", self.charges.as_ref())?;
        to.serialize_entry("use_account", &self.use_account)?;
        to.serialize_entry("use_mutual_aid", &self.use_mutual_aid)?;
        to.end()
    }
}

impl Serialize for Charges {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        struct Tags<'case>(&'case BTreeMap<String, Fen>);
        impl Serialize for Tags<'_> {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.collect_map(self.0.iter().map(|(tag, amount)| (tag, Shown(amount))))
            }
        }
        let mut to = to.serialize_map(None)?;
        match self {
            Charges::Portions { total, non_covered, over_limit_price, upfront_self_pay, by_tag } => {
                to.shown("total", Some(total))?;
                to.shown("non_covered", Some(non_covered))?;
                to.shown("over_limit_price", Some(over_limit_price))?;
                to.shown("upfront_self_pay", Some(upfront_self_pay))?;
                to.maybe("in_scope_by_tag", Some(Tags(by_tag)).filter(|_| !by_tag.is_empty()))?;
            }
            Charges::Lines(lines) => to.serialize_entry("lines", lines)?,
        }
        to.end()
    }
}

impl Serialize for LineInput {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut to = to.serialize_map(None)?;
        to.maybe("code", self.code.as_deref())?;
        to.maybe("name", self.name.as_deref())?;
        to.choice("class", Dimension::Class, Some(self.class))?;
        to.maybe("item_class", self.item_class.as_deref())?;
        to.serialize_entry("quantity", &decimal(self.quantity))?;
        to.shown("unit_price", Some(self.unit_price))?;
        to.shown("amount", Some(self.amount))?;
        to.maybe("upfront_ratio", self.upfront_ratio.map(decimal))?;
        to.shown("price_cap", self.price_cap)?;
        to.end()
    }
}

/// The value with every object's names sorted, without white space.
pub(crate) fn canonical(value: &Value) -> String {
    fn write(value: &Value, into: &mut String) {
        match value {
            Value::Object(members) => {
                let mut names: Vec<_> = members.iter().collect();
                names.sort_by_key(|(name, _)| *name);
                into.push('{');
                for (position, (name, member)) in names.into_iter().enumerate() {
                    if position > 0 {
                        into.push(',');
                    }
                    into.push_str(&Value::from(name.as_str()).to_string());
                    into.push(':');
                    write(member, into);
                }
                into.push('}');
            }
            Value::Array(entries) => {
                into.push('[');
                for (position, entry) in entries.iter().enumerate() {
                    if position > 0 {
                        into.push(',');
                    }
                    write(entry, into);
                }
                into.push(']');
            }
            plain => into.push_str(&plain.to_string()),
        }
    }
    let mut text = String::new();
    write(value, &mut text);
    text
}

/// `sha256:` and the hex digest of the value's canonical text.
pub(crate) fn hash(value: &Value) -> String {
    format!("sha256:{}", sha256(&canonical(value)))
}

/// The hex SHA-256 of a text.
pub(crate) fn sha256(text: &str) -> String {
    let digits = Sha256::digest(text.as_bytes()).into_iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.filter_map(|digit| char::from_digit(u32::from(digit), 16)).collect()
}
