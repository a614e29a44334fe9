//! The form: first where and what, then only what those rules ask.

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use gongji_cases::QuoteOptions;
use gongji_policy::{Dimension, Pack, Scheme};
use jiff::civil::Date;

use super::case::Wrong;
use super::inputs::Inputs;
use super::questions::{Choice, Kind, Question, Section, sections};
use super::scope::{Scope, care_types};
use super::{case, placed, render, terms};
use crate::{Gongji, engine};

/// The four keys that pick the rules.
pub const FIRST: [&str; 4] = ["area", "scheme", "care", "date"];

struct Example {
    title: String,
    about: String,
    query: String,
}

#[derive(Template)]
#[template(path = "start.html")]
struct StartPage {
    asked: Vec<Question>,
    wrong: Option<String>,
    /// Answers already given, kept while the place changes.
    hidden: Vec<(String, String)>,
    examples: Vec<Example>,
    big: bool,
}

#[derive(Template)]
#[template(path = "form.html")]
struct FormPage {
    title: String,
    chosen: String,
    back: String,
    wrong: Vec<Wrong>,
    hidden: Vec<(String, String)>,
    sections: Vec<Section>,
    big: bool,
}

/// Areas that people may be insured in: every pack with benefits, so not the frame that others refer to.
pub fn areas(state: &Gongji) -> impl Iterator<Item = &Pack> {
    state.packs().filter(|pack| pack.schemes.iter().any(|scheme| !scheme.benefits.is_empty()))
}

/// A question with one of several answers.
pub fn one(key: &str, label: &str, hint: &str, choices: Vec<(String, String)>, now: &str) -> Question {
    let choices =
        choices.into_iter().map(|(value, label)| Choice { chosen: value == now, value, label }).collect();
    Question {
        key: key.to_owned(),
        label: label.to_owned(),
        hint: hint.to_owned(),
        kind: Kind::One(choices),
        value: now.to_owned(),
        wrong: None,
    }
}

fn first_questions(state: &Gongji, inputs: &Inputs, day: Date) -> Vec<Question> {
    let places: Vec<_> = areas(state).map(|pack| (pack.area.code.clone(), pack.area.name.clone())).collect();
    let mut schemes: Vec<(String, String)> = Vec::new();
    let mut cares: Vec<&str> = Vec::new();
    for scheme in areas(state).flat_map(|pack| &pack.schemes) {
        if !schemes.iter().any(|(name, _)| *name == scheme.name) {
            schemes.push((scheme.name.clone(), scheme.label.clone()));
        }
        for care in care_types(scheme, day) {
            if !cares.contains(&care) {
                cares.push(care);
            }
        }
    }
    schemes.sort();
    let cares: Vec<_> =
        cares.into_iter().map(|care| (care.to_owned(), terms::value(Dimension::CareType, care))).collect();
    let place = inputs.get_or("area", places.first().map_or("", |(code, _)| code)).to_owned();
    let scheme = inputs.get_or("scheme", schemes.first().map_or("", |(name, _)| name)).to_owned();
    let usual = if cares.iter().any(|(care, _)| care == "inpatient") { "inpatient" } else { "" };
    let care = inputs.get_or("care", usual).to_owned();
    let date = Question {
        key: "date".to_owned(),
        label: "哪一天结算的".to_owned(),
        hint: "规则按日期变。住院的，填出院结算那天。默认：今天".to_owned(),
        kind: Kind::Day,
        value: inputs.get_or("date", &day.to_string()).to_owned(),
        wrong: None,
    };
    vec![
        one("area", "在哪里参保", "交医保的地方，不是看病的地方", places, &place),
        one(
            "scheme",
            "参加的是哪一种医保",
            "单位或自己按月交的是职工医保，按年交的是居民医保",
            schemes,
            &scheme,
        ),
        one("care", "看的是什么", "", cares, &care),
        date,
    ]
}

/// How many examples the start page offers.
const MOST_EXAMPLES: usize = 4;

/// Bills of 20,000 yuan in the first areas whose rules have an answer: the first scheme's inpatient care, or whatever it has.
fn examples(state: &Gongji, day: Date) -> Vec<Example> {
    let mut examples = Vec::new();
    for pack in areas(state) {
        if examples.len() == MOST_EXAMPLES {
            break;
        }
        let Some(scheme) = pack.schemes.first() else { continue };
        let cares = care_types(scheme, day);
        let Some(care) = cares.iter().find(|care| **care == "inpatient").or(cares.first()) else { continue };
        let Some(scope) = Scope::of(pack, scheme, care, day) else { continue };
        let mut inputs = Inputs::default()
            .with("area", &pack.area.code)
            .with("scheme", &scheme.name)
            .with("care", care)
            .with("date", &day.to_string());
        for question in sections(&scope, &inputs).iter().flat_map(|section| &section.questions) {
            if let Kind::One(choices) = &question.kind
                && let Some(choice) = choices.iter().find(|choice| choice.chosen)
            {
                inputs = inputs.with(&question.key, &choice.value);
            }
        }
        let inputs = inputs
            .with("age", "45")
            .with("total", "20000.00")
            .with("non", "800.00")
            .with("upfront", "600.00")
            .with("carried", "1500.00")
            .with("q", "1");
        let answered = case::of(&inputs)
            .is_ok_and(|case| engine::answer(state, &case.to_string(), QuoteOptions::default()).is_ok());
        if !answered {
            continue;
        }
        let care = terms::value(Dimension::CareType, care);
        examples.push(Example {
            title: format!("{}{}，{care}", pack.area.name, scheme.label),
            about: "一共 20,000.00 元，其中全自费 800.00、先行自付 600.00；个人账户有 1,500.00".to_owned(),
            query: inputs.query(),
        });
    }
    examples
}

fn first_page(state: &Gongji, inputs: &Inputs, status: StatusCode, wrong: Option<String>) -> Response {
    let day = state.options.today();
    let asked = first_questions(state, inputs, inputs.get("date").parse().unwrap_or(day));
    let examples = if wrong.is_none() { examples(state, day) } else { Vec::new() };
    let hidden = inputs
        .pairs()
        .filter(|(key, _)| !FIRST.contains(key) && *key != "again")
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .collect();
    let examples = if inputs.has("again") { Vec::new() } else { examples };
    render(status, &StartPage { asked, wrong, hidden, examples, big: inputs.has("big") })
}

/// The rules that the first four answers pick, or why there are none.
pub fn scope<'state>(state: &'state Gongji, inputs: &Inputs) -> Result<Scope<'state>, String> {
    let day: Date = inputs
        .get("date")
        .parse()
        .map_err(|_| format!("日期“{}”读不懂，请写成 2026-01-31 这样", inputs.get("date")))?;
    let code = inputs.get("area");
    let pack = areas(state)
        .find(|pack| pack.area.code == code)
        .ok_or_else(|| format!("还没有参保地“{code}”的规则，请选下面列出的地方"))?;
    let name = inputs.get("scheme");
    let scheme = pack
        .schemes
        .iter()
        .find(|scheme| scheme.name == name)
        .ok_or_else(|| format!("{}还没有这一种医保的规则", pack.area.name))?;
    Scope::of(pack, scheme, inputs.get("care"), day).ok_or_else(|| no_benefit(pack, scheme, inputs, day))
}

fn no_benefit(pack: &Pack, scheme: &Scheme, inputs: &Inputs, day: Date) -> String {
    let care = terms::value(Dimension::CareType, inputs.get("care"));
    let known: Vec<_> =
        care_types(scheme, day).iter().map(|care| terms::value(Dimension::CareType, care)).collect();
    let known = if known.is_empty() {
        "这一天没有任何规则，请换一个日期".to_owned()
    } else {
        format!("这一天有：{}", known.join("、"))
    };
    format!("{}{}在 {day} 没有“{care}”的规则，所以不作计算。{known}", pack.area.name, scheme.label)
}

/// `GET /`: the first four questions, or with their answers the others.
pub async fn start(State(state): State<Gongji>, RawQuery(query): RawQuery) -> Response {
    let inputs = Inputs::parse(query.as_deref());
    if FIRST.iter().any(|key| !inputs.has(key)) || inputs.has("again") {
        return first_page(&state, &inputs, StatusCode::OK, None);
    }
    ask(&state, &inputs, StatusCode::OK, Vec::new())
}

/// The form with these answers and these errors.
pub fn ask(state: &Gongji, inputs: &Inputs, status: StatusCode, wrong: Vec<Wrong>) -> Response {
    let scope = match scope(state, inputs) {
        Ok(scope) => scope,
        Err(text) => return first_page(state, inputs, StatusCode::UNPROCESSABLE_ENTITY, Some(text)),
    };
    let mut sections = sections(&scope, inputs);
    let wrong = placed(&mut sections, wrong);
    let hidden = FIRST
        .iter()
        .chain(&["big"])
        .filter(|key| inputs.has(key))
        .map(|key| ((*key).to_owned(), inputs.get(key).to_owned()))
        .collect();
    let page = FormPage {
        title: "这张单子上写了什么".to_owned(),
        chosen: format!(
            "{} · {} · {} · {}",
            scope.pack.area.name,
            scope.scheme.label,
            terms::value(Dimension::CareType, inputs.get("care")),
            inputs.get("date"),
        ),
        back: inputs.with("again", "1").query(),
        wrong,
        hidden,
        sections,
        big: inputs.has("big"),
    };
    render(status, &page)
}
