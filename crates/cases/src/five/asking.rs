//! The engine as the five questions ask it: one event at a time, about the same person on the same day.

use gongji_policy::view::value_label;
use gongji_policy::{Dimension, DimensionKind, Pack, Scheme};
use jiff::civil::Date;
use serde_json::{Value, json};

use super::answer::{Gap, Part};
use crate::answer::{BillAnswer, CalculationAnswer, CalculationStep, Yuan};
use crate::error::{CaseError, ErrorCode};
use crate::quote::quote;
use crate::request::{Case, FiveCase};
use crate::run::QuoteOptions;

/// Everything a question may ask of.
pub(super) struct Asking<'a> {
    /// Every pack.
    pub packs: &'a [Pack],
    /// Who asks, and when.
    pub case: &'a FiveCase,
    /// Under which law.
    pub options: QuoteOptions,
    /// The pack under which the person is insured, as it was known on the day of the options.
    pub pack: &'a Pack,
    /// The scheme.
    pub scheme: &'a Scheme,
    /// The question as JSON, for the events that are asked.
    pub json: &'a Value,
}

/// Names and terms of a choice, in order.
pub(super) fn values(dimension: Dimension) -> impl Iterator<Item = (&'static str, &'static str)> {
    let names: &[&str] = match dimension.kind() {
        DimensionKind::Choice(names) => names,
        _ => &[],
    };
    names.iter().map(move |name| (*name, value_label(dimension, name)))
}

/// The step of that name.
pub(super) fn step<'a>(answer: &'a CalculationAnswer, name: &str) -> Option<&'a CalculationStep> {
    answer.steps.iter().find(|step| step.name == name)
}

/// The amount of that name.
pub(super) fn amount(answer: &CalculationAnswer, name: &str) -> Option<Yuan> {
    answer.figures.get(name).and_then(Value::as_str).and_then(|text| text.parse().ok()).map(Yuan)
}

/// The figure of that name as a part of its own name.
pub(super) fn part(answer: &CalculationAnswer, name: &str) -> Option<Part> {
    step(answer, name).map(|step| Part::of_step(name, step, amount(answer, name)))
}

impl<'a> Asking<'a> {
    /// The day whose law holds.
    pub fn law_day(&self) -> Date {
        self.options.on.unwrap_or(self.case.date)
    }

    /// The month asked about, as the case format writes it.
    pub fn month(&self) -> String {
        self.case.date.strftime("%Y-%m").to_string()
    }

    /// Whether the person is insured as an employee.
    pub fn is_employee(&self) -> bool {
        self.case.person.scheme == "employee"
    }

    /// Whether the person has an account of their own.
    pub fn has_account(&self) -> bool {
        self.is_employee() && self.case.person.account_option != Some(1)
    }

    /// Whether the person is of that category.
    pub fn is(&self, category: &str) -> bool {
        let named = self.case.person.category.and_then(|index| usize::try_from(index).ok());
        named
            .and_then(|index| values(Dimension::Category).nth(index))
            .is_some_and(|(name, _)| name == category)
    }

    fn ask(&self, event: &Value, purses: &Value, options: QuoteOptions) -> Result<crate::Answer, CaseError> {
        let text = json!({ "person": self.json["person"], "purses": purses, "events": [event] }).to_string();
        quote(self.packs, &Case::read(&text)?, options)
    }

    /// A calculation under the law of the day.
    ///
    /// # Errors
    /// As [`quote`].
    pub fn calculation(&self, event: &Value) -> Result<CalculationAnswer, CaseError> {
        self.calculation_on(event, self.options)
    }

    /// A calculation under another law.
    ///
    /// # Errors
    /// As [`quote`].
    pub fn calculation_on(
        &self,
        event: &Value,
        options: QuoteOptions,
    ) -> Result<CalculationAnswer, CaseError> {
        let answer = self.ask(event, &self.json["purses"], options)?;
        let first = answer.results.first().and_then(|result| result.calculation());
        first.cloned().ok_or_else(|| CaseError::new(ErrorCode::Internal, "", "不是一种计算"))
    }

    /// A bill with these purses.
    ///
    /// # Errors
    /// As [`quote`].
    pub fn bill(&self, event: &Value, purses: &Value) -> Result<BillAnswer, CaseError> {
        let answer = self.ask(event, purses, self.options)?;
        answer.last().cloned().ok_or_else(|| CaseError::new(ErrorCode::Internal, "", "不是一张账单"))
    }
}

/// Why something could not be said.
pub(super) fn gap(label: &str, error: &CaseError) -> Gap {
    let asks = matches!(error.code, ErrorCode::NeedsAnswer | ErrorCode::MissingField);
    let problem = match error.code {
        ErrorCode::MissingField => format!("还要知道：{}", error.expected),
        ErrorCode::NeedsAnswer => format!("{}（{}）", error.problem, error.expected),
        ErrorCode::OutsideDomain => format!("{}：{}", error.problem, error.found),
        _ => error.problem.clone(),
    };
    let hint = error.hint.as_deref().unwrap_or_default();
    let mut why = problem.trim_end_matches('。').to_owned();
    if !asks && !hint.is_empty() {
        why.push_str(&format!("；{hint}"));
    }
    if !why.contains("不作计算") {
        why.push_str(if asks { "，不知道就不作计算" } else { "，暂无依据，不作计算" });
    }
    let field = if asks { error.field.replace("events[0].", "") } else { String::new() };
    Gap { label: label.to_owned(), why, code: error.code.name().to_owned(), field }
}

/// Adds a gap unless the same is there; of the same reason the labels are joined.
pub(super) fn miss(gaps: &mut Vec<Gap>, gap: Gap) {
    match gaps.iter_mut().find(|known| known.why == gap.why) {
        Some(known) => {
            if !known.label.split('、').any(|label| label == gap.label) {
                known.label = format!("{}、{}", known.label, gap.label);
            }
        }
        None => gaps.push(gap),
    }
}
