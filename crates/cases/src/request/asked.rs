//! The questions of events that are no bill, written back: every default filled in, one text for one meaning.

use gongji_money::Fen;
use gongji_policy::Dimension;
use gongji_rules::{PaidMonths, PaidPeriod, Retirees};
use jiff::civil::Date;
use serde_json::Value;

use super::canonical::{Writer, choice_name};
use super::question::{ClearedRun, Other, Question};
use super::{Calculation, Event};

fn month(day: Date) -> String {
    day.strftime("%Y-%m").to_string()
}

fn yes(flag: bool) -> Option<bool> {
    flag.then_some(true)
}

/// A list, left out where it is empty.
fn list<T>(all: &[T], write: impl Fn(&T) -> Value) -> Option<Value> {
    (!all.is_empty()).then(|| Value::Array(all.iter().map(write).collect()))
}

fn some_count(count: i64) -> Option<i64> {
    Some(count).filter(|count| *count != 0)
}

fn paid(writer: &mut Writer, paid: &PaidMonths) {
    writer
        .maybe("paid_months", paid.total)
        .maybe("local_months", paid.local)
        .maybe("province_months", paid.province);
}

fn other(writer: &mut Writer, other: &Other) {
    writer
        .choice("beneficiary", Dimension::Beneficiary, Some(other.beneficiary))
        .maybe("beneficiary_area", other.area.as_deref())
        .maybe("beneficiary_insured", other.insured)
        .maybe("wallet_opened", other.wallet);
}

fn period(period: &PaidPeriod) -> Value {
    Writer::default()
        .put("from", month(period.from))
        .put("to", month(period.to))
        .maybe("repaired", yes(period.repaired))
        .maybe("status_changed", period.status_changed)
        .done()
}

fn cleared(run: &ClearedRun) -> Value {
    Writer::default()
        .put("from", month(run.from))
        .put("to", month(run.to))
        .text("wage", run.wage)
        .text("base", run.base)
        .text("pension", run.pension)
        .done()
}

fn retirees(all: &[Retirees]) -> Option<Value> {
    match all {
        [Retirees { age: None, count }] => Some(Value::from(*count)),
        all => list(all, |some| Writer::default().maybe("age", some.age).put("count", some.count).done()),
    }
}

fn resident_wait(
    writer: &mut Writer,
    coverage_year: i16,
    paid_on: Date,
    (missed_years, repaired_years): (i64, i64),
) {
    writer
        .put("coverage_year", coverage_year)
        .put("paid_on", paid_on.to_string())
        .maybe("missed_years", some_count(missed_years))
        .maybe("repaired_years", some_count(repaired_years));
}

/// The event as JSON; reading it gives an equal event.
#[expect(clippy::too_many_lines, reason = "one arm a kind of question, each a list of its fields")]
pub(super) fn asked(event: &Event, calculation: &Calculation) -> Value {
    let mut writer = Writer::default();
    writer.put("kind", calculation.kind).put("date", event.date.to_string());
    match &calculation.question {
        Question::Contribution { period, wage, funds, contributors, paid_on, due_on, debit_failed, owed } => {
            let names =
                |all: &[i64], dimension| list(all, |index| Value::from(choice_name(dimension, *index)));
            writer
                .put("period", month(*period))
                .text("wage", *wage)
                .maybe("funds", names(funds, Dimension::Fund))
                .maybe("contributors", names(contributors, Dimension::Contributor))
                .text("paid_on", *paid_on)
                .text("due_on", *due_on)
                .maybe("debit_failed", yes(*debit_failed))
                .text("owed", *owed);
        }
        Question::Premium { coverage_year, paid_on, missed_years, repaired_years }
        | Question::WaitingResident { coverage_year, paid_on, missed_years, repaired_years } => {
            resident_wait(&mut writer, *coverage_year, *paid_on, (*missed_years, *repaired_years));
        }
        Question::AccountCredit { period, wage, base, pension, joined_on } => {
            writer
                .put("period", month(*period))
                .text("wage", *wage)
                .text("base", *base)
                .text("pension", *pension)
                .text("joined_on", *joined_on);
        }
        Question::AccountInterest { from, to, opening, movements } => {
            let opening = opening.map(|[current, carried]| {
                Writer::default().amount("current_year", current).amount("carried_over", carried).done()
            });
            let moved = list(movements, |moved| {
                let way = if moved.amount < 0 { "out" } else { "in" };
                Writer::default()
                    .put("date", moved.date.to_string())
                    .choice("sub_account", Dimension::SubAccount, Some(moved.sub_account as i64))
                    .amount(way, Fen::new(moved.amount.saturating_abs()))
                    .done()
            });
            writer
                .put("from", from.to_string())
                .put("to", to.to_string())
                .maybe("opening", opening)
                .maybe("movements", moved);
        }
        Question::AccountClearing { period, precredited, due, months } => {
            writer
                .put("period", month(*period))
                .text("precredited", *precredited)
                .text("due", *due)
                .maybe("months", list(months, cleared));
        }
        Question::YearRoll => {}
        Question::WaitingEmployee { paid_on, missed_months, repaired, status_changed } => {
            writer
                .put("paid_on", paid_on.to_string())
                .put("missed_months", *missed_months)
                .maybe("repaired", yes(*repaired))
                .maybe("status_changed", *status_changed);
        }
        Question::Maternity {
            employers,
            birth,
            babies,
            weeks,
            months_paid,
            months_since,
            for_spouse,
            medical_cost,
        } => {
            match &employers[..] {
                [only] => writer.amount("average_wage", only.average_wage),
                several => writer.maybe(
                    "employers",
                    list(several, |one| {
                        Writer::default()
                            .put("months", one.months)
                            .amount("average_wage", one.average_wage)
                            .done()
                    }),
                ),
            };
            writer
                .choice("birth", Dimension::Birth, Some(*birth))
                .put("babies", *babies)
                .maybe("gestation_weeks", *weeks)
                .maybe("months_paid", *months_paid)
                .maybe("months_since", *months_since)
                .choice("beneficiary", Dimension::Beneficiary, Some(i64::from(*for_spouse)))
                .text("medical_cost", *medical_cost);
        }
        Question::AccountUse { purpose, other: who, amount, circumstance } => {
            writer.choice("purpose", Dimension::Purpose, Some(*purpose));
            other(&mut writer, who);
            writer.text("amount", *amount).maybe("circumstance", *circumstance);
        }
        Question::Cover { periods, years, paid: months } => {
            let years = list(years, |year| {
                let mut of_year = Writer::default();
                let missed = (year.missed_years, year.repaired_years);
                resident_wait(&mut of_year, year.year, year.paid_on, missed);
                of_year.done()
            });
            writer.maybe("periods", list(periods, period)).maybe("coverage_years", years);
            paid(&mut writer, months);
        }
        Question::TopUp { paid: months, base, average_wage, retirees: all } => {
            paid(&mut writer, months);
            writer.text("base", *base).text("average_wage", *average_wage).maybe("retirees", retirees(all));
        }
        Question::RetirementStatus { paid: months } => paid(&mut writer, months),
        Question::Transfer { minute, other: who, amount, taken } => {
            writer.put("time", format!("{:02}:{:02}", minute / 60, minute % 60));
            other(&mut writer, who);
            writer.amount("amount", *amount).maybe("taken", *taken);
        }
        Question::CapReward { history } => {
            let years = list(history, |year| {
                Writer::default()
                    .put("insured", year.insured)
                    .put("claimed", year.claimed)
                    .put("reward_used", year.reward_used)
                    .done()
            });
            writer.maybe("history", years);
        }
    }
    writer.done()
}
