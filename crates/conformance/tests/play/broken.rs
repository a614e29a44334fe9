//! Platforms each of which does one thing wrong: the checks of that thing fail, and no others.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use gongji_conformance::{Outcome, PathStyle, Report};
use gongji_nhsa::wire::Wire;

use crate::kit::{World, ids, play};
use crate::server::{Asked, Does, Server};

/// Plays some sequences against a platform that does `wrong` instead of what is right. `None` from it means that it does what is right.
fn against(
    only: &[&str],
    wrong: impl Fn(&World, &Asked, &str) -> Option<Does> + Send + Sync + 'static,
) -> Report {
    let world = Arc::new(World::open());
    let server = Server::start(move |asked| {
        let number = Wire::read(&asked.body).ok().and_then(|body| match body.get("infno") {
            Some(Wire::Text(number)) => Some(number.clone()),
            _ => None,
        });
        let wrong = number.and_then(|number| wrong(&world, asked, &number));
        wrong.unwrap_or_else(|| world.answers(asked))
    });
    play(&server, PathStyle::Single, only)
}

/// The same where every answer is changed.
fn changed(only: &[&str], change: impl Fn(Wire, &str) -> Wire + Send + Sync + 'static) -> Report {
    against(only, move |world, asked, number| {
        let answer = Wire::read(&world.answer(&asked.body)).expect("JSON");
        Some(Does::Answers(200, change(answer, number).to_string()))
    })
}

fn with(wire: Wire, name: &str, change: &dyn Fn(Wire) -> Wire) -> Wire {
    match wire {
        Wire::Object(members) => {
            let change =
                |(key, value): (String, Wire)| if key == name { (key, change(value)) } else { (key, value) };
            Wire::Object(members.into_iter().map(change).collect())
        }
        other => other,
    }
}

fn texts(wire: Wire) -> Wire {
    match wire {
        Wire::Number(digits) => Wire::Text(digits),
        Wire::List(entries) => Wire::List(entries.into_iter().map(texts).collect()),
        Wire::Object(members) => {
            Wire::Object(members.into_iter().map(|(key, value)| (key, texts(value))).collect())
        }
        other => other,
    }
}

const NOTHING: [&str; 0] = [];

#[test]
fn numbers_as_text() {
    let report = changed(&["outpatient"], |answer, _| with(answer, "output", &texts));
    assert_eq!(ids(&report, Outcome::Failed), ["output.numbers"]);
    assert_eq!(ids(&report, Outcome::Noted), NOTHING);
    let check = report.checks.iter().find(|check| check.id == "output.numbers").expect("there");
    assert!(
        check.failures > 50 && check.expected.contains("JSON 数字") && check.found.starts_with('"'),
        "{check:?}"
    );
}

#[test]
fn a_sum_that_is_wrong_by_one_fen() {
    let report = changed(&["outpatient"], |answer, _| {
        let more = |cash: Wire| match cash {
            Wire::Number(digits) => Wire::Number(digits.replacen(".", "9.", 1)),
            other => other,
        };
        with(answer, "output", &|output| with(output, "setlinfo", &|info| with(info, "psn_cash_pay", &more)))
    });
    assert_eq!(ids(&report, Outcome::Failed), ["outpatient.query", "identity.own"]);
}

#[test]
fn a_fund_total_that_includes_the_account_is_another_edition() {
    let report = changed(&["outpatient"], |answer, _| {
        let fen = |info: &Wire, field: &str| match info.get(field) {
            Some(Wire::Number(digits)) => digits.replace('.', "").parse::<i64>().expect("fen"),
            _ => 0,
        };
        let sum = |info: Wire| {
            let sum = fen(&info, "fund_pay_sumamt") + fen(&info, "acct_pay");
            with(info, "fund_pay_sumamt", &|_| Wire::fen(sum))
        };
        with(answer, "output", &|output| with(output, "setlinfo", &sum))
    });
    assert_eq!(ids(&report, Outcome::Failed), NOTHING);
}

#[test]
fn an_envelope_without_its_form() {
    let report = changed(&["outpatient", "refusal"], |answer, number| {
        let Wire::Object(mut members) = answer else { return answer };
        members.retain(|(key, _)| key != "warn_msg");
        for (key, value) in &mut members {
            match key.as_str() {
                "infcode" if number == "1201" => *value = Wire::text("0"),
                "inf_refmsgid" if !value.is_absent() => *value = Wire::text("990301202606151200000000000001"),
                "refmsg_time" => *value = Wire::text("20260615120000"),
                "err_msg" if !value.is_absent() => {
                    *value = Wire::text("失败\n at com.example.Service(Service.java:12)")
                }
                _ => {}
            }
        }
        Wire::Object(members)
    });
    let expected = ["envelope.infcode", "envelope.times", "envelope.unique", "envelope.no_trace"];
    assert_eq!(ids(&report, Outcome::Failed), expected);
    assert_eq!(ids(&report, Outcome::Noted), ["envelope.more_keys"]);
}

#[test]
fn a_message_that_comes_again_is_forgotten() {
    let seen: Mutex<HashMap<String, u32>> = Mutex::default();
    let report = against(&["repeat"], move |world, asked, _| {
        let body = Wire::read(&asked.body).ok()?;
        let Some(Wire::Text(id)) = body.get("msgid") else { return None };
        let mut seen = seen.lock().expect("whole");
        let times = seen.entry(id.clone()).or_default();
        *times += 1;
        let body = asked.body.replace(id, &format!("{id}R{times}"));
        Some(Does::Answers(200, world.answer(&body)))
    });
    // The settlement carries the id that it was booked under, which is not asked here.
    assert_eq!(ids(&report, Outcome::Failed), ["repeat.same_answer"]);
}

#[test]
fn whatever_comes_under_an_id_gets_the_first_answer() {
    let seen: Mutex<HashMap<String, String>> = Mutex::default();
    let report = against(&["repeat"], move |world, asked, _| {
        let body = Wire::read(&asked.body).ok()?;
        let Some(Wire::Text(id)) = body.get("msgid") else { return None };
        let mut seen = seen.lock().expect("whole");
        let answer = seen.entry(id.clone()).or_insert_with(|| world.answer(&asked.body)).clone();
        Some(Does::Answers(200, answer))
    });
    // Answers that are copies carry the same reference.
    assert_eq!(ids(&report, Outcome::Failed), ["envelope.unique", "repeat.other_content"]);
}

#[test]
fn a_reversal_that_does_nothing() {
    let report = against(&["unknown"], |world, asked, number| {
        let body = if number == "2601" {
            // Something that succeeds and has no output.
            asked.body.replace("\"2601\"", "\"3401\"")
        } else {
            return None;
        };
        let answer = world.answer(&body);
        let answer = Wire::read(&answer).expect("JSON");
        let answer = with(answer, "infcode", &|_| Wire::Number("0".to_owned()));
        let answer = with(answer, "err_msg", &|_| Wire::text(""));
        let answer = with(answer, "inf_refmsgid", &|_| {
            Wire::text(format!("990301{}", "20260615120000") + &asked.body.len().to_string().repeat(10)[..10])
        });
        Some(Does::Answers(200, answer.to_string()))
    });
    let failed = ids(&report, Outcome::Failed);
    for check in ["unknown.money_back", "unknown.again", "unknown.late"] {
        assert!(failed.contains(&check), "{failed:?}");
    }
    assert!(failed.iter().all(|id| id.starts_with("unknown.") || *id == "envelope.unique"), "{failed:?}");
}

#[test]
fn one_transaction_that_fails_inside() {
    let report = against(&["outpatient"], |_, _, number| {
        (number == "5206").then(|| Does::Answers(500, "<html>Internal Server Error</html>".to_owned()))
    });
    assert_eq!(ids(&report, Outcome::Failed), ["transport.status", "outpatient.accumulators"]);
}

#[test]
fn one_transaction_that_answers_no_json() {
    let report = against(&["outpatient"], |_, _, number| {
        (number == "1201").then(|| Does::Answers(200, "<html>系统维护</html>".to_owned()))
    });
    assert_eq!(ids(&report, Outcome::Failed), ["transport.json", "outpatient.institution"]);
}

#[test]
fn one_transaction_that_hangs_and_one_that_breaks() {
    let report = against(&["outpatient"], |_, _, number| match number {
        "5206" => Some(Does::Hangs),
        "1201" => Some(Does::Closes),
        _ => None,
    });
    let expected = ["transport.answered", "outpatient.institution", "outpatient.accumulators"];
    assert_eq!(ids(&report, Outcome::Failed), expected);
}

#[test]
fn a_platform_that_dies_is_not_asked_for_ever() {
    let report = against(&[], |_, _, number| (number != "9001").then_some(Does::Hangs));
    assert_eq!(report.messages, 4, "one that is answered, three that are not");
    let failed = ids(&report, Outcome::Failed);
    assert!(failed.starts_with(&["transport.answered"]), "{failed:?}");
    assert!(report.checks.iter().any(|check| check.found.contains("不再应答")), "{report:?}");
}

#[test]
fn lists_that_must_be_lists() {
    let report = against(&["tolerance"], |world, asked, _| {
        let body = Wire::read(&asked.body).ok()?;
        let input = body.get("input")?;
        let one =
            ["diseinfo", "feedetail"].iter().any(|node| matches!(input.get(node), Some(Wire::Object(_))));
        let refused = asked.body.replace("\"2203A\"", "\"0000\"").replace("\"2204\"", "\"0000\"");
        one.then(|| Does::Answers(200, world.answer(&refused)))
    });
    assert_eq!(ids(&report, Outcome::Failed), ["tolerance.single_object"]);
}

#[test]
fn texts_that_must_be_objects() {
    let report = against(&["tolerance"], |world, asked, _| {
        let body = Wire::read(&asked.body).ok()?;
        let refused = asked.body.replace("\"1101\"", "\"0000\"");
        matches!(body.get("input"), Some(Wire::Text(_))).then(|| Does::Answers(200, world.answer(&refused)))
    });
    assert_eq!(ids(&report, Outcome::Failed), ["tolerance.input_text"]);
}
