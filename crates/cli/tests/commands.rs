//! Whole runs of `gongji`: what people see on each stream, and the exit code.

#![expect(clippy::expect_used, reason = "a test stops where its premises fail")]

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// What a run left: the exit code and both streams.
struct Run {
    code: i32,
    stdout: String,
    stderr: String,
}

/// Runs the program in the crate's folder and shows code and streams; hashes are cut, as they change with every pack.
fn gongji(arguments: &[&str], input: &str) -> String {
    let Run { code, stdout, stderr } = gongji_raw(arguments, input);
    without_hashes(&format!("exit {code}\n--- stdout\n{stdout}--- stderr\n{stderr}"))
}

fn gongji_raw(arguments: &[&str], input: &str) -> Run {
    let mut child = Command::new(env!("CARGO_BIN_EXE_gongji"))
        .args(arguments)
        .env_remove("GONGJI_POLICIES")
        .env("NO_COLOR", "1")
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    // A program that refuses its arguments never reads its input.
    let _ = child.stdin.take().expect("a pipe").write_all(input.as_bytes());
    let output = child.wait_with_output().expect("the program ends");
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("UTF-8");
    Run {
        code: output.status.code().expect("a code"),
        stdout: text(&output.stdout),
        stderr: text(&output.stderr),
    }
}

/// Cuts every run of 12 or more hexadecimal digits that holds a letter and a digit.
fn without_hashes(text: &str) -> String {
    let mut shown = String::new();
    let mut run = String::new();
    for letter in text.chars().chain(['\0']) {
        if letter.is_ascii_hexdigit() {
            run.push(letter);
            continue;
        }
        let hash = run.len() >= 12 && run.bytes().any(|byte| byte.is_ascii_alphabetic());
        shown.push_str(if hash { "…" } else { &run });
        run.clear();
        if letter != '\0' {
            shown.push(letter);
        }
    }
    shown
}

const CASE: &str = include_str!("cases/second-admission.json");

/// The case with one piece of text replaced.
fn case_with(from: &str, to: &str) -> String {
    assert!(CASE.contains(from), "{from}");
    CASE.replacen(from, to, 1)
}

macro_rules! shows {
    ($($name:ident: $arguments:expr, $input:expr;)*) => {
        $(#[test]
        fn $name() {
            insta::assert_snapshot!(stringify!($name), gongji(&$arguments, &$input));
        })*
    };
}

shows! {
    help: ["--help"], "";
    quote_help: ["quote", "--help"], "";
    five_help: ["five", "--help"], "";
    quote_table: ["quote"], CASE;
    quote_from_file: ["quote", "cases/second-admission.json"], "";
    quote_explain: ["quote", "--explain"], CASE;
    quote_json: ["quote", "--format", "json"], CASE;
    quote_compare: ["quote", "--compare", "2019-06-01"], CASE;
    quote_on: ["quote", "--on", "2019-06-01"], CASE;
    quote_known_on: ["quote", "--known-on", "2022-12-31"], CASE;
    no_such_file: ["quote", "no-such-file.json"], "";
    no_such_date: ["quote", "--on", "2023-02-30"], CASE;
    not_json: ["quote"], "{ \"person\": ";
    unknown_field: ["quote"], case_with("\"pooling_area\"", "\"poling_area\"");
    malformed_amount: ["quote"], case_with("\"28630.93\"", "\"28630.935\"");
    amount_as_number: ["quote"], case_with("\"28630.93\"", "28630.93");
    negative_charge: ["quote"], case_with("\"28630.93\"", "\"-28630.93\"");
    portions_exceed_total: ["quote"], case_with("\"28630.93\"", "\"1000.00\"");
    dates_go_back: ["quote"], case_with("2023-02-10", "2023-08-10");
    no_such_area: ["quote", "--policies", "packs/wrong"], CASE;
    before_any_rule: ["quote"], case_with("2023-02-10", "1990-02-10");
    no_care_type: ["quote"], case_with("\"inpatient\"", "\"inpatiant\"");
    a_wider_relation: ["quote"], case_with("\"spouse\"", "\"parent_in_law\"");
    needs_an_answer: ["quote"], case_with("\"supplements\": []", "\"sex\": \"male\"").replacen("\"sex\": \"male\", \"retired_on\"", "\"retired_on\"", 1);
    policy_show: ["policy", "show", "410100", "--only", "门诊统筹", "--on", "2023-06-01"], "";
    policy_matrix: ["policy", "matrix", "--policies", "packs/graded"], "";
    policy_matrix_on: ["policy", "matrix", "--policies", "packs/graded", "--on", "2019-06-01"], "";
    policy_matrix_json: ["policy", "matrix", "--policies", "packs/graded", "--format", "json"], "";
    policy_show_nothing: ["policy", "show", "410100", "--only", "没有这样的参数"], "";
    policy_no_such_area: ["policy", "show", "某市", "--policies", "packs/wrong"], "";
    policy_diff_dates: ["policy", "diff", "2022-06-30", "2022-07-01", "--area", "410100"], "";
    policy_diff_no_area: ["policy", "diff", "2022-06-30", "2022-07-01"], "";
    policy_diff_mixed: ["policy", "diff", "410100", "2022-07-01"], "";
    policy_check_bad: ["policy", "check", "--policies", "packs/bad", "--today", "2026-11-22"], "";
    policy_test_bad: ["policy", "test", "--policies", "packs/wrong"], "";
    policy_no_folder: ["policy", "check", "--policies", "packs/none"], "";
    policy_empty_folder: ["policy", "check", "--policies", "cases"], "";
}

/// The options that tell of one person at work in the invented area of the five questions.
const AT_WORK: &[&str] = &[
    "five",
    "--policies",
    WHOLE,
    "--area",
    "全例市",
    "--category",
    "在职",
    "--age",
    "45",
    "--wage",
    "8000",
    "--carried",
    "1500",
    "--date",
    "2025-03-05",
];
const WHOLE: &str = "../../cases/tests/packs";

/// [`AT_WORK`] with further options.
fn at_work(more: &[&str]) -> String {
    gongji(&[AT_WORK, more].concat(), "")
}

#[test]
fn five_questions() {
    insta::assert_snapshot!(
        "five",
        at_work(&["--relative", "配偶:3000", "--family", "父母", "--paid-since", "2015-01"])
    );
    insta::assert_snapshot!("five_explain", at_work(&["--explain"]));
    insta::assert_snapshot!("five_json", at_work(&["--format", "json"]));
    insta::assert_snapshot!("five_on", at_work(&["--on", "2022-12-31"]));
    let resident = ["--area", "990301", "--category", "成年居民", "--date", "2025-03-05"];
    insta::assert_snapshot!(
        "five_resident",
        gongji(&[&["five", "--policies", WHOLE], &resident[..]].concat(), "")
    );
}

#[test]
fn five_questions_from_an_answer_of_their_own() {
    let answer = gongji_raw(&[AT_WORK, &["--format", "json"]].concat(), "").stdout;
    let answer: serde_json::Value = serde_json::from_str(&answer).expect("JSON");
    let again =
        gongji_raw(&["five", "--policies", WHOLE, "--format", "json", "-"], &answer["case"].to_string());
    assert_eq!(serde_json::from_str::<serde_json::Value>(&again.stdout).expect("JSON"), answer);
}

#[test]
fn five_questions_refuse_what_they_cannot_read() {
    let runs = [
        gongji(&["five"], ""),
        at_work(&["--sex", "雄"]),
        at_work(&["--supplement", "养老"]),
        at_work(&["--relative", "配偶3000"]),
        at_work(&["--family", "同事"]),
        at_work(&["--current", "一百"]),
        at_work(&["--base", "8000"]),
        gongji(&["five", "--policies", WHOLE, "--area", "某市"], ""),
        gongji(&["five", "--policies", WHOLE, "-"], "{ \"person\": {} }"),
    ];
    insta::assert_snapshot!(runs.join("\n"));
}

/// An answer verifies; the same answer with one fen moved does not, and the place is named.
#[test]
fn verify_finds_a_moved_fen() {
    let quoted = gongji_raw(&["quote", "--format", "json"], CASE);
    let answer = quoted.stdout;
    insta::assert_snapshot!("verify_same", gongji(&["verify"], &answer));
    assert!(answer.contains("\"22819.74\""));
    insta::assert_snapshot!(
        "verify_moved",
        gongji(&["verify"], &answer.replacen("\"22819.74\"", "\"22819.75\"", 1))
    );
    insta::assert_snapshot!("verify_no_answer", gongji(&["verify"], CASE));
}

/// Every pack that ships, and every fixture, proves sound and does what its worked examples say.
#[test]
fn packs_are_sound_and_their_examples_come_out() {
    for root in ["../../../policies", "../../../fixtures/policies"] {
        let checked = gongji(&["policy", "check", "--policies", root, "--today", "2026-11-22"], "");
        assert!(checked.starts_with("exit 0\n"), "{checked}");
        let tested = gongji(&["policy", "test", "--quick", "--policies", root], "");
        assert!(tested.starts_with("exit 0\n"), "{tested}");
        let passed = tested.lines().find_map(|line| line.strip_suffix(" passed, 0 failed"));
        assert!(
            passed.and_then(|count| count.parse::<usize>().ok()).is_some_and(|count| count > 300),
            "{tested}"
        );
    }
}
