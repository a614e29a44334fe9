//! What was asked, as a list that can be changed.

use crate::page::inputs::Inputs;
use crate::page::questions::{Kind, Section};

/// One answer of the form.
pub struct Item {
    /// The question.
    pub label: String,
    /// The answer, as people read it.
    pub value: String,
    /// The fragment of the form's address.
    pub fragment: String,
}

/// The answers that were given, section by section.
pub fn summary(sections: &[Section], inputs: &Inputs) -> Vec<(&'static str, Vec<Item>)> {
    sections
        .iter()
        .map(|section| {
            let items = section
                .questions
                .iter()
                .filter_map(|question| {
                    let value = match &question.kind {
                        Kind::One(choices) => choices
                            .iter()
                            .find(|choice| choice.chosen && !choice.value.is_empty())
                            .map(|choice| choice.label.clone())?,
                        Kind::Any(choices) => {
                            let chosen: Vec<&str> = choices
                                .iter()
                                .filter(|choice| choice.chosen)
                                .map(|choice| choice.label.as_str())
                                .collect();
                            if chosen.is_empty() { "没有".to_owned() } else { chosen.join("、") }
                        }
                        Kind::Number(unit) => {
                            let value = inputs.get(&question.key);
                            (!value.is_empty()).then(|| format!("{value} {unit}"))?
                        }
                        Kind::Rows => {
                            let rows = question.value.lines().filter(|line| !line.trim().is_empty()).count();
                            (rows > 0).then(|| format!("{rows} 行"))?
                        }
                        Kind::Day | Kind::Money | Kind::Text(_) => {
                            (!question.value.is_empty()).then(|| question.value.clone())?
                        }
                    };
                    let label = question.label.trim_end_matches('？').to_owned();
                    Some(Item { label, value, fragment: format!("q-{}", question.key) })
                })
                .collect();
            (section.title, items)
        })
        .filter(|(_, items): &(_, Vec<Item>)| !items.is_empty())
        .collect()
}
