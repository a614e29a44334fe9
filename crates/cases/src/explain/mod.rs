//! From what the fold did to what people read: every cell with its formula and clause, every layer, every sentence.

mod calculation;
mod cells;
mod clause;
mod figures;
mod formula;
mod identities;
mod notices;
mod parts;
mod ratio;
mod rows;
mod sheet;
mod status;
mod steps;
mod text;
mod words;

use gongji_money::Fen;
use gongji_policy::view::value_words;
use gongji_policy::{AnswerField, Dimension};

use crate::answer::{
    Benefit, BillAnswer, Day, LineAnswer, PursesAnswer, PursesChange, Receipt, RelativeAccount, Words, Yuan,
};
use crate::error::CaseError;
use crate::request::{Purses, choice_name};
use crate::run::{Outcome, Run, Totals};
use clause::catalogue_value;

pub(crate) use calculation::calculation_answer;
pub(crate) use clause::clause;
pub(crate) use figures::share_percent;
pub(crate) use parts::LayerParts;
pub(crate) use sheet::Sheet;
pub use text::explain_text;

/// The purses in the answer's words.
pub(crate) fn purses_answer(purses: &Purses, run: &Run<'_>) -> PursesAnswer {
    PursesAnswer {
        current_year: purses.current_year.into(),
        carried_over: purses.carried_over.into(),
        mutual_aid: purses
            .mutual_aid
            .iter()
            .map(|relative| RelativeAccount {
                relation: choice_name(Dimension::Relation, relative.relation).to_owned(),
                relation_label: words::relation_of(relative, &run.scheme.values),
                pooling_area: relative.pooling_area.clone(),
                current_year: relative.current_year.into(),
                carried_over: relative.carried_over.into(),
            })
            .collect(),
    }
}

/// The whole answer to one event.
///
/// # Errors
/// An internal error where an identity does not hold; never a wrong answer.
pub(crate) fn bill_answer(
    run: &Run<'_>,
    outcome: &Outcome<'_>,
    receipt: Receipt,
) -> Result<BillAnswer, CaseError> {
    let sheet = Sheet::of(run, outcome);
    let totals = Totals::of(outcome);
    let field = |field: AnswerField| Yuan::of_fen(totals.fields[field as usize]);
    let bill = &outcome.bill;
    let total = bill.total();
    let (rows, cells) = sheet.table();
    let shown = |amount: i64| Some(Yuan::of_fen(amount)).filter(|amount| !amount.is_zero());
    let mut answer = BillAnswer {
        total_charge: Yuan::of_fen(total),
        non_covered: Yuan::of_fen(bill.non_covered),
        over_limit_price: Yuan::of_fen(bill.over_limit_price),
        upfront_self_pay: Yuan::of_fen(bill.upfront_self_pay),
        in_scope_amount: Yuan::of_fen(bill.in_scope_total()),
        account_first: shown(totals.account_first),
        deductible_applied: Yuan::of_fen(totals.deductible),
        pooled_paid: field(AnswerField::PooledPaid),
        employee_large_sum_aid: field(AnswerField::EmployeeLargeSumAid),
        resident_critical_illness: field(AnswerField::ResidentCriticalIllness),
        enterprise_supplement: field(AnswerField::EnterpriseSupplement),
        civil_servant_aid: field(AnswerField::CivilServantAid),
        medical_assistance: field(AnswerField::MedicalAssistance),
        other_fund_paid: field(AnswerField::OtherFundPaid),
        guarantee_paid: shown(totals.guarantee),
        fund_paid_total: Yuan::of_fen(totals.fund),
        hospital_borne: field(AnswerField::HospitalBorne),
        personal_burden: Yuan::of_fen(total - totals.fund - totals.hospital),
        personal_account_paid: field(AnswerField::PersonalAccountPaid),
        mutual_aid_paid: field(AnswerField::MutualAidPaid),
        cash_paid: field(AnswerField::CashPaid),
        proportional_self_pay: Yuan::of_fen(totals.own_share),
        over_ceiling_amount: Yuan::of_fen(totals.over_ceiling),
        opening_paid: Yuan::of_fen(totals.opening),
        sentence: String::new(),
        words: Words::default(),
        ratios: crate::answer::Ratios { in_bands: Vec::new(), in_scope: None, of_total: None },
        rows,
        cells,
        steps: sheet.steps(),
        year_status: sheet.year_status(),
        purses: PursesChange {
            before: purses_answer(&outcome.purses.0, run),
            after: purses_answer(&outcome.purses.1, run),
        },
        identities: Vec::new(),
        lines: lines(run, outcome),
        benefit: benefit(run, outcome),
        notices: Vec::new(),
        accumulated: sheet.accumulated(),
        receipt,
    };
    answer.identities = identities::check(&answer)?;
    answer.ratios = sheet.ratios(&answer);
    answer.sentence = sheet.sentence(&answer);
    answer.words = sheet.words(&answer);
    answer.notices = notices::notices(&sheet, &answer);
    Ok(answer)
}

fn benefit(run: &Run<'_>, outcome: &Outcome<'_>) -> Benefit {
    let benefit = outcome.plan.benefit();
    let place = outcome.facts.get(Dimension::Place).unwrap_or(0);
    Benefit {
        pooling_area: run.pack.area.code.clone(),
        area: run.pack.area.name.clone(),
        scheme: run.scheme.name.clone(),
        scheme_label: run.scheme.label.clone(),
        benefit: benefit.name.clone(),
        benefit_label: benefit.label.clone(),
        care_type: choice_name(Dimension::CareType, outcome.event.care_type).to_owned(),
        care_type_label: value_words(Dimension::CareType, outcome.event.care_type, &run.scheme.values),
        date: Day(outcome.event.date),
        law_date: Day(outcome.law_day),
        insurance_year: (Day(outcome.year.0), Day(outcome.year.1)),
        in_force: (Day(benefit.from), benefit.to.map(Day)),
        ordinal: outcome.ordinal().and_then(|ordinal| u32::try_from(ordinal).ok()),
        age: outcome.facts.get(Dimension::Age),
        place: choice_name(Dimension::Place, place).to_owned(),
    }
}

/// How the first thousand lines were split.
fn lines(run: &Run<'_>, outcome: &Outcome<'_>) -> Vec<LineAnswer> {
    if outcome.lines.is_empty() {
        return Vec::new();
    }
    let (pack, catalogue) = run.catalogue_of(outcome.event);
    outcome
        .lines
        .iter()
        .map(|line| {
            let split = &line.split;
            let clauses = split.cited.iter().map(|cited| {
                let value = catalogue
                    .map_or_else(String::new, |catalogue| catalogue_value(catalogue, cited, &pack.indices));
                clause(pack, cited, value)
            });
            let yuan = |amount: Fen| Yuan(amount);
            LineAnswer {
                code: line.input.code.clone(),
                name: line.input.name.clone(),
                class: choice_name(Dimension::Class, line.input.class).to_owned(),
                amount: yuan(line.input.amount),
                non_covered: yuan(split.non_covered),
                over_limit_price: yuan(split.over_limit_price),
                upfront_self_pay: yuan(split.upfront_self_pay),
                in_scope: yuan(split.in_scope),
                tag: split.tag.unwrap_or("general").to_owned(),
                clauses: clauses.collect(),
            }
        })
        .collect()
}
