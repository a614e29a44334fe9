//! What common sayings get wrong: data, each row with the statements that it corrects and the part of the answer it rests on.

use std::sync::LazyLock;

use serde::Deserialize;

use super::Flags;
use super::answer::{CorrectionAnswer, Part, QuestionAnswer};

/// The sayings as text.
pub(super) const TEXT: &str = include_str!("../../assets/sayings.toml");

/// One saying.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Saying {
    /// The question under which it is set right.
    pub question: String,
    /// The statements of `docs/coverage.md` that it corrects.
    pub rows: Vec<String>,
    /// What is said.
    pub said: String,
    /// What is right; `{question.part}` stands for that part's value.
    pub right: String,
    /// What must hold of the person and the rules for it to be said; all of these.
    #[serde(default)]
    pub when: Vec<String>,
    /// The parts whose rule it rests on, the first that there is; none where arithmetic shows it.
    #[serde(default)]
    pub rests_on: Vec<String>,
}

/// The file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sayings {
    pub saying: Vec<Saying>,
}

/// Every saying. A test reads the file; a program that shipped with a broken one would correct nothing.
pub(super) static SAYINGS: LazyLock<Sayings> = LazyLock::new(|| toml::from_str(TEXT).unwrap_or_default());

/// The part that `question.part` names.
fn part<'a>(questions: &'a [QuestionAnswer], name: &str) -> Option<&'a Part> {
    let (question, part) = name.split_once('.')?;
    questions.iter().find(|known| known.name == question)?.part(part)
}

/// The text with the values of parts; `None` where one is not there.
fn filled(text: &str, questions: &[QuestionAnswer]) -> Option<String> {
    let mut told = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}')?;
        told.push_str(before);
        told.push_str(&part(questions, name)?.value);
        rest = after;
    }
    told.push_str(rest);
    Some(told)
}

/// The rule as a sentence names it: 某某办法第三条，2022-07-01 起. Of several clauses the newest, which changed what people say.
fn rule(part: &Part) -> String {
    match part.clauses.iter().rev().max_by_key(|clause| clause.in_force.0) {
        Some(clause) => {
            let article = clause.article.as_deref().unwrap_or_default();
            format!("〔{}{article}，{} 起〕", clause.document, clause.in_force.0)
        }
        None => "〔这里的规则〕".to_owned(),
    }
}

fn corrected(saying: &Saying, questions: &[QuestionAnswer]) -> Option<CorrectionAnswer> {
    let right = filled(&saying.right, questions)?;
    let (rule, clauses) = if saying.rests_on.is_empty() {
        ("算术".to_owned(), Vec::new())
    } else {
        let rests_on = saying.rests_on.iter().find_map(|name| part(questions, name))?;
        (rule(rests_on), rests_on.clauses.clone())
    };
    Some(CorrectionAnswer {
        sentence: format!("常见说法“{}”，按{rule}，{right}。", saying.said),
        said: saying.said.clone(),
        right,
        rows: saying.rows.clone(),
        clauses,
    })
}

/// Puts to each question what it corrects for this person.
pub(super) fn correct(questions: &mut [QuestionAnswer], flags: &Flags) {
    let applies = |saying: &&Saying| saying.when.iter().all(|condition| flags.has(condition));
    let found: Vec<(String, CorrectionAnswer)> = SAYINGS
        .saying
        .iter()
        .filter(applies)
        .filter_map(|saying| Some((saying.question.clone(), corrected(saying, questions)?)))
        .collect();
    for (name, correction) in found {
        if let Some(question) = questions.iter_mut().find(|question| question.name == name) {
            question.corrections.push(correction);
        }
    }
}
