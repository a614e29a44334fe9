//! The form of a calculation: where, who, and the fields of its kind.

use gongji_policy::{Dimension, DimensionKind};

use super::event::default;
use super::kinds::{Field, FieldKind, Kind};
use crate::Gongji;
use crate::page::form::{areas, one};
use crate::page::inputs::Inputs;
use crate::page::questions::{self, Choice, Question, Section, plain, several};
use crate::page::scope::Scope;
use crate::page::terms;

fn names(dimension: Dimension, field: &Field) -> Vec<(String, String)> {
    let DimensionKind::Choice(names) = dimension.kind() else { return Vec::new() };
    let offered = |name: &&&str| field.values.is_empty() || field.values.iter().any(|value| value == **name);
    names.iter().filter(offered).map(|name| ((*name).to_owned(), terms::value(dimension, name))).collect()
}

fn asked(state: &Gongji, inputs: &Inputs, field: &Field) -> Question {
    let key = field.key();
    let (label, hint) = (field.label.as_str(), field.hint.as_str());
    let fresh = !inputs.has("q");
    let now = match inputs.get(&key) {
        "" if fresh => default(field, state.options.today()),
        given => given.to_owned(),
    };
    let given = inputs.with(&key, &now);
    let unit: &'static str =
        ["年", "个月", "周", "个", "人"].into_iter().find(|unit| *unit == field.unit).unwrap_or_default();
    let written = |kind| plain(&given, &key, label, hint, kind);
    match (field.kind, field.dimension()) {
        (FieldKind::Choice, Some(dimension)) => one(&key, label, hint, names(dimension, field), &now),
        (FieldKind::Choices, Some(dimension)) => several(inputs, &key, label, hint, names(dimension, field)),
        (FieldKind::Yes, _) => {
            let choice = |value: &str, label: &str| Choice {
                value: value.to_owned(),
                label: label.to_owned(),
                chosen: value == now,
            };
            let choices = vec![choice("true", "是"), choice("false", "否"), choice("", "不填")];
            written(questions::Kind::One(choices))
        }
        (FieldKind::Money | FieldKind::Signed, _) => written(questions::Kind::Money),
        (FieldKind::Number | FieldKind::Year, _) => written(questions::Kind::Number(unit)),
        (FieldKind::Day, _) => written(questions::Kind::Day),
        (FieldKind::Month, _) => written(questions::Kind::Text("2025-03")),
        (FieldKind::Time, _) => written(questions::Kind::Text("21:59")),
        _ => written(questions::Kind::Rows),
    }
}

/// The scheme asked about: the one given where the kind has it.
pub fn scheme<'kind>(kind: &'kind Kind, inputs: &'kind Inputs) -> &'kind str {
    let given = inputs.get("scheme");
    match kind.schemes.iter().any(|scheme| scheme == given) {
        true => given,
        false => kind.schemes.first().map_or("", String::as_str),
    }
}

/// The sections of the form; the person's questions are those that the area's tables tell apart.
pub fn sections(state: &Gongji, kind: &Kind, inputs: &Inputs) -> Vec<Section> {
    let scheme = scheme(kind, inputs);
    let places: Vec<(String, String)> =
        areas(state).map(|pack| (pack.area.code.clone(), pack.area.name.clone())).collect();
    let place = inputs.get_or("area", places.first().map_or("", |(code, _)| code)).to_owned();
    let mut where_ = vec![one("area", "在哪里参保", "交医保的地方", places, &place)];
    if kind.schemes.len() > 1 {
        let labels = [("employee", "职工医保"), ("resident", "居民医保")];
        let schemes = labels.iter().filter(|(name, _)| kind.schemes.iter().any(|known| known == name));
        let schemes = schemes.map(|(name, label)| ((*name).to_owned(), (*label).to_owned())).collect();
        where_.push(one("scheme", "参加的是哪一种医保", "", schemes, scheme));
    }
    let found = areas(state).find(|pack| pack.area.code == place);
    let found = found.and_then(|pack| Some((pack, pack.schemes.iter().find(|known| known.name == scheme)?)));
    let mut who = found.map_or_else(Vec::new, |(pack, found)| {
        let tables: Vec<&str> = kind.tables.iter().map(String::as_str).collect();
        questions::person(&Scope::of_calculations(pack, found, &tables), inputs)
    });
    if kind.born && !who.iter().any(|question| question.key == "birth") {
        who.retain(|question| question.key != "age");
        let hint = "按出生日期算；不在地址以外保存。不知道可以不填，需要时再问";
        who.push(plain(inputs, "birth", "出生日期", hint, questions::Kind::Day));
    }
    let mut what: Vec<Question> = kind.fields(scheme).map(|field| asked(state, inputs, field)).collect();
    if kind.purses {
        for (key, label) in [("current", "您的个人账户：当年"), ("carried", "您的个人账户：历年结转")]
        {
            what.push(plain(inputs, key, label, "默认：0", questions::Kind::Money));
        }
    }
    let section = |id, title, lead, questions| Section { id, title, lead, questions };
    [
        section("where", "在哪里", "规则按统筹区和日期定。", where_),
        section("who", "您是谁", "只问这里的规则真正用到的。不问姓名和证件号。", who),
        section("what", "算什么", "金额到分，单位是元。", what),
    ]
    .into_iter()
    .filter(|section| !section.questions.is_empty())
    .collect()
}
