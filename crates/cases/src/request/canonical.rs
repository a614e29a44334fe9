//! The case written back: every default filled in, and one text for one meaning.

use gongji_money::{Fen, Rate};
use gongji_policy::{Dimension, DimensionKind};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::asked::asked;
use super::{Case, Charges, Event, EventKind, Facility, LineInput, Person, Purses, SUPPLEMENTS, Stated};

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

impl Case {
    /// The case as JSON, with every default filled in; reading it gives an equal case.
    pub fn to_json(&self) -> Value {
        let accumulated: Map<String, Value> = self
            .accumulated
            .iter()
            .map(|(name, stated)| {
                let value = match stated {
                    Stated::Times(times) => json!(times),
                    Stated::Money(amount) => json!(amount.to_string()),
                };
                (name.clone(), value)
            })
            .collect();
        let mut writer = Writer::default();
        writer.put("person", person(&self.person)).put("purses", purses(&self.purses));
        if !accumulated.is_empty() {
            writer.put("accumulated", Value::Object(accumulated));
        }
        writer.put("events", self.events.iter().map(event).collect::<Vec<_>>()).done()
    }
}

fn person(person: &Person) -> Value {
    let years = &person.years;
    let mut span = Writer::default();
    span.maybe("total", years.total)
        .maybe("local_paid", years.local_paid)
        .maybe("continuous", years.continuous)
        .maybe("deemed", years.deemed);
    let span = Some(span.done()).filter(|years| years.as_object().is_some_and(|years| !years.is_empty()));
    let supplements = person.supplements.map(|has| {
        let names = SUPPLEMENTS.iter().zip(has).filter(|(_, has)| *has);
        names.map(|((name, _), _)| *name).collect::<Vec<_>>()
    });
    let assistance = person
        .assistance
        .as_ref()
        .map(|list| list.iter().map(|aid| choice_name(Dimension::Aid, *aid)).collect::<Vec<_>>());
    Writer::default()
        .put("pooling_area", person.pooling_area.as_str())
        .put("scheme", person.scheme.as_str())
        .choice("category", Dimension::Category, person.category)
        .text("birth_date", person.birth_date)
        .choice("sex", Dimension::Sex, person.sex)
        .choice("post_type", Dimension::PostType, person.post_type)
        .choice("account_option", Dimension::AccountOption, person.account_option)
        .maybe("premium_tier", person.premium_tier.as_deref())
        .maybe("assistance", assistance)
        .maybe("supplements", supplements)
        .text("retired_on", person.retired_on)
        .maybe("years", span)
        .done()
}

fn purses(purses: &Purses) -> Value {
    let relatives: Vec<Value> = purses
        .mutual_aid
        .iter()
        .map(|relative| {
            Writer::default()
                .choice("relation", Dimension::Relation, Some(relative.relation))
                .put("pooling_area", relative.pooling_area.as_str())
                .amount("current_year", relative.current_year)
                .amount("carried_over", relative.carried_over)
                .done()
        })
        .collect();
    Writer::default()
        .amount("current_year", purses.current_year)
        .amount("carried_over", purses.carried_over)
        .put("mutual_aid", relatives)
        .done()
}

fn facility(facility: &Facility) -> Value {
    Writer::default()
        .choice("level", Dimension::Level, facility.level)
        .choice("grade", Dimension::Grade, facility.grade)
        .choice("admin_level", Dimension::AdminLevel, facility.admin_level)
        .choice("type", Dimension::FacilityType, facility.facility_type)
        .maybe("id", facility.id.as_deref())
        .maybe("group", facility.group.as_deref())
        .done()
}

fn event(event: &Event) -> Value {
    if let Some(calculation) = &event.calculation {
        return asked(event, calculation);
    }
    let kind = match event.kind {
        EventKind::Bill => "bill",
        EventKind::YearEnd => "year_end",
        EventKind::Calculation => "",
    };
    let mut writer = Writer::default();
    writer
        .put("kind", kind)
        .text("date", Some(event.date))
        .choice("care_type", Dimension::CareType, Some(event.care_type))
        .put("facility", facility(&event.facility))
        .put("care_area", event.care_area.as_str())
        .choice("filing", Dimension::Filing, event.filing)
        .text("admitted_on", event.admitted_on)
        .text("discharged_on", event.discharged_on)
        .maybe("stay", event.stay.as_deref())
        .put("mid_stay", event.mid_stay)
        .maybe("transfer_from", event.transfer_from.as_deref())
        .put("from_emergency", event.from_emergency);
    if let Some(issuer) = &event.issued_by {
        writer.put("prescription", json!({ "issued_by": facility(issuer) }));
    }
    writer
        .maybe("family_doctor", event.family_doctor)
        .choice("cause", Dimension::Cause, Some(event.cause))
        .put("condition", event.conditions.clone())
        .maybe("charges", event.charges.as_ref().map(charges))
        .put("use_account", event.use_account)
        .put("use_mutual_aid", event.use_mutual_aid)
        .done()
}

fn charges(charges: &Charges) -> Value {
    match charges {
        Charges::Portions { total, non_covered, over_limit_price, upfront_self_pay, by_tag } => {
            let mut writer = Writer::default();
            writer
                .amount("total", *total)
                .amount("non_covered", *non_covered)
                .amount("over_limit_price", *over_limit_price)
                .amount("upfront_self_pay", *upfront_self_pay);
            if !by_tag.is_empty() {
                let tags: Map<String, Value> =
                    by_tag.iter().map(|(tag, amount)| (tag.clone(), json!(amount.to_string()))).collect();
                writer.put("in_scope_by_tag", Value::Object(tags));
            }
            writer.done()
        }
        Charges::Lines(lines) => json!({ "lines": lines.iter().map(line).collect::<Vec<_>>() }),
    }
}

fn line(line: &LineInput) -> Value {
    Writer::default()
        .maybe("code", line.code.as_deref())
        .maybe("name", line.name.as_deref())
        .choice("class", Dimension::Class, Some(line.class))
        .maybe("item_class", line.item_class.as_deref())
        .put("quantity", decimal(line.quantity))
        .amount("unit_price", line.unit_price)
        .amount("amount", line.amount)
        .maybe("upfront_ratio", line.upfront_ratio.map(decimal))
        .text("price_cap", line.price_cap)
        .done()
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
    use std::fmt::Write;
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(text.as_bytes()) {
        // Writing to a string does not fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}
