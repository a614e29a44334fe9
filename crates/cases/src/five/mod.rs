//! Five questions that people search for, answered for one person with that person's own numbers, clauses and dates.
//!
//! Nothing is computed here: every figure comes from an event that is asked of the engine, or from a row of the pack. What
//! the pack does not know becomes a gap that says what is missing.

mod account;
mod answer;
mod asking;
mod balance;
mod corrections;
mod mutual_aid;
mod pool;
mod relief;
mod sample;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use gongji_policy::{Dimension, Pack};

pub use answer::{CorrectionAnswer, FiveAnswer, Gap, Part, QuestionAnswer};

use crate::answer::{AnsweredOptions, Day, Receipt};
use crate::error::CaseError;
use crate::facts::age;
use crate::quote::ENGINE;
use crate::request::{Case, FiveCase, hash};
use crate::run::{Packs, QuoteOptions};
use asking::{Asking, values};
use sample::Samples;

/// The questions by name, as people search for them.
pub const TITLES: [(&str, &str); 5] = [
    ("pool", "医保卡个人统筹是什么意思"),
    ("mutual_aid", "城乡医保个人共济是什么意思"),
    ("balance", "医保统筹跟余额有关系吗"),
    ("account", "医保个人账户划入标准和使用标准是怎样的"),
    ("relief", "医保减免扣的是哪里的钱"),
];

/// What holds of a person and the rules, by name: a saying is set right only where all that it names hold.
const FLAGS: [&str; 22] = [
    "employee",
    "resident",
    "with_account",
    "no_account",
    "employed",
    "retired",
    "flexible",
    "fund_first",
    "account_first",
    "credit_own_only",
    "credit_flat",
    "credit_yearly",
    "shares_all",
    "shares_carried_over",
    "shares_above",
    "near_relatives",
    "only_three",
    "premium_for_family",
    "health_food_refused",
    "outpatient_pool",
    "inpatient_pool",
    "reduction_known",
];

/// What holds.
#[derive(Debug, Default)]
struct Flags(BTreeSet<&'static str>);

impl Flags {
    /// Says that something holds; a name that is none says nothing.
    fn set(&mut self, flag: &str) {
        self.0.extend(FLAGS.iter().find(|known| **known == flag));
    }

    fn has(&self, flag: &str) -> bool {
        self.0.contains(flag)
    }
}

fn question(name: &str, answer: String, parts: Vec<Part>, gaps: Vec<Gap>) -> QuestionAnswer {
    let title = TITLES.iter().find(|(known, _)| *known == name).map_or("", |(_, title)| title);
    QuestionAnswer {
        name: name.to_owned(),
        title: title.to_owned(),
        answer,
        parts,
        gaps,
        corrections: Vec::new(),
    }
}

/// Answers the five questions for one person.
///
/// # Errors
/// A [`CaseError`] where the area or the scheme has no rules. What single figures miss is a [`Gap`] of the answer.
pub fn five_questions(
    packs: &[Pack],
    case: &FiveCase,
    options: QuoteOptions,
) -> Result<FiveAnswer, CaseError> {
    let insured = Case {
        person: case.person.clone(),
        purses: case.purses.clone(),
        accumulated: std::collections::BTreeMap::new(),
        events: Vec::new(),
    };
    let known = Packs::for_case(packs, &insured, &options);
    let (pack, scheme) = known.insured(&insured.person, packs)?;
    let json = case.to_json();
    let asking = Asking { packs, case, options, pack, scheme, json: &json };
    let mut flags = Flags::default();
    flags.set(if asking.is_employee() { "employee" } else { "resident" });
    flags.set(if asking.has_account() { "with_account" } else { "no_account" });
    for category in ["employed", "retired", "flexible"] {
        if asking.is(category) {
            flags.set(category);
        }
    }
    let samples = Samples::of(&asking);
    for sample in samples.all.iter().filter(|sample| !sample.empty.pooled_paid.is_zero()) {
        flags.set(&format!("{}_pool", sample.care));
    }
    let mut questions = vec![
        pool::answer(&asking, &samples, &flags),
        mutual_aid::answer(&asking, &samples, &mut flags),
        balance::answer(&asking, &samples, &mut flags),
        account::answer(&asking, &mut flags),
        relief::answer(&asking, &samples, &mut flags),
    ];
    corrections::correct(&mut questions, &flags);
    let category = case.person.category.and_then(|index| usize::try_from(index).ok());
    let answered = AnsweredOptions { on: options.on.map(Day), known_on: options.known_on.map(Day) };
    let asked = serde_json::json!({ "case": json, "options": answered });
    Ok(FiveAnswer {
        pooling_area: pack.area.code.clone(),
        area: pack.area.name.clone(),
        scheme_label: scheme.label.clone(),
        category_label: category
            .and_then(|index| values(Dimension::Category).nth(index))
            .map(|(_, label)| label.to_owned()),
        age: case.person.birth_date.map(|born| age(born, case.date)),
        date: Day(case.date),
        law_date: Day(asking.law_day()),
        questions,
        options: answered,
        receipt: Receipt {
            engine: ENGINE.to_owned(),
            packs: format!("{}@sha256:{}", pack.area.code, pack.content_hash),
            case: hash(&asked),
        },
        case: json.clone(),
    })
}
