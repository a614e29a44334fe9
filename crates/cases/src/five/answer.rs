//! The answer to the five questions: for each a conclusion, figures with their clauses, what is not known, and what common
//! sayings get wrong.

use serde::{Deserialize, Serialize};

use crate::answer::{AnsweredOptions, CalculationStep, Clause, Day, Receipt, Yuan};

/// Five questions, answered for one person on one day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FiveAnswer {
    /// Code of the insured area (参保地).
    pub pooling_area: String,
    /// Its name.
    pub area: String,
    /// 险种, as people read it.
    pub scheme_label: String,
    /// 人员类别, as people read it, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category_label: Option<String>,
    /// Age in whole years on the day, where the birth date is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub age: Option<i64>,
    /// The day asked about.
    pub date: Day,
    /// The day whose law was applied.
    pub law_date: Day,
    /// The questions in order.
    pub questions: Vec<QuestionAnswer>,
    /// Under which options.
    pub options: AnsweredOptions,
    /// What it was computed with.
    pub receipt: Receipt,
    /// The question as it was understood; asking it again gives this answer.
    pub case: serde_json::Value,
}

/// One question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuestionAnswer {
    /// `pool`, `mutual_aid`, `balance`, `account` or `relief`.
    pub name: String,
    /// The question as people search for it.
    pub title: String,
    /// The answer, in few sentences.
    pub answer: String,
    /// The figures behind it.
    pub parts: Vec<Part>,
    /// What could not be said, and what is missing for it.
    pub gaps: Vec<Gap>,
    /// What common sayings get wrong.
    pub corrections: Vec<CorrectionAnswer>,
}

/// One figure or rule with its clauses.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// A stable name within the question.
    pub name: String,
    /// What people read: 个人缴费.
    pub label: String,
    /// The value, as people read it: `160.00 元`, `配偶、父母、子女`.
    pub value: String,
    /// The amount, where the value is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Yuan>,
    /// What it means, in one sentence; may be empty.
    pub sentence: String,
    /// The formula with the numbers in it; empty where there is none.
    pub formula: String,
    /// The exact value in yuan before rounding; empty where nothing was rounded.
    pub exact: String,
    /// The rounding's name; `none` where nothing was rounded.
    pub rounding: String,
    /// The clauses that decided it.
    pub clauses: Vec<Clause>,
}

/// Something that could not be said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// What: 划入金额.
    pub label: String,
    /// Why not, and what is missing, in one sentence.
    pub why: String,
    /// What went wrong, as a stable code: `needs_answer`, `unknown_in_pack`, `no_rule` ….
    pub code: String,
    /// The field that would answer it, where the person can; empty where the rules are missing.
    pub field: String,
}

/// A common saying set right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CorrectionAnswer {
    /// What is said.
    pub said: String,
    /// What is right, after the rule that it rests on.
    pub right: String,
    /// The whole as a sentence: 常见说法…，按〔规则〕….
    pub sentence: String,
    /// The statements of `docs/coverage.md` that it corrects.
    pub rows: Vec<String>,
    /// The clauses that it rests on; empty where arithmetic shows it.
    pub clauses: Vec<Clause>,
}

impl Part {
    /// A figure in words.
    pub fn told(
        name: impl Into<String>,
        label: impl Into<String>,
        value: impl Into<String>,
        sentence: impl Into<String>,
    ) -> Part {
        Part {
            name: name.into(),
            label: label.into(),
            value: value.into(),
            sentence: sentence.into(),
            rounding: "none".to_owned(),
            ..Part::default()
        }
    }

    /// An amount in words.
    pub fn money(
        name: impl Into<String>,
        label: impl Into<String>,
        amount: Yuan,
        sentence: impl Into<String>,
    ) -> Part {
        Part {
            amount: Some(amount), ..Part::told(name, label, format!("{} 元", amount.grouped()), sentence)
        }
    }

    /// A figure of a calculation, whole.
    pub fn of_step(name: &str, step: &CalculationStep, amount: Option<Yuan>) -> Part {
        Part {
            name: name.to_owned(),
            label: step.label.clone(),
            value: step.value.clone(),
            amount,
            sentence: step.reason.clone(),
            formula: step.formula.clone(),
            exact: step.exact.clone(),
            rounding: step.rounding.clone(),
            clauses: step.clauses.clone(),
        }
    }

    /// The same with these clauses besides, each row once.
    #[must_use]
    pub fn cite<'a>(mut self, clauses: impl IntoIterator<Item = &'a Clause>) -> Part {
        for clause in clauses {
            let known =
                |other: &Clause| other.rule_id == clause.rule_id && other.parameter == clause.parameter;
            if !self.clauses.iter().any(known) {
                self.clauses.push(clause.clone());
            }
        }
        self
    }
}

impl QuestionAnswer {
    /// The parts as people read them: neighbours that say the same by the same clauses become one, under all their labels.
    pub fn grouped(&self) -> Vec<Part> {
        let mut grouped: Vec<Part> = Vec::new();
        let rows = |part: &Part| part.clauses.iter().map(|clause| clause.rule_id.clone()).collect::<Vec<_>>();
        for part in &self.parts {
            let same = |known: &&mut Part| {
                known.amount.is_none()
                    && part.amount.is_none()
                    && !part.clauses.is_empty()
                    && known.value == part.value
                    && known.sentence == part.sentence
                    && rows(known) == rows(part)
            };
            match grouped.last_mut().filter(same) {
                Some(known) => known.label = format!("{}、{}", known.label, part.label),
                None => grouped.push(part.clone()),
            }
        }
        grouped
    }

    /// The part of that name.
    pub fn part(&self, name: &str) -> Option<&Part> {
        self.parts.iter().find(|part| part.name == name)
    }
}

impl FiveAnswer {
    /// The question of that name.
    pub fn question(&self, name: &str) -> Option<&QuestionAnswer> {
        self.questions.iter().find(|question| question.name == name)
    }
}
