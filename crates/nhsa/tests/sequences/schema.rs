//! Every answer against the field data: all keys, each of its type.

use gongji_nhsa::fields::{Direction, FieldKind, Node, transaction};
use serde_json::Value;

/// Members that are sent besides the described ones.
const ALSO: [&str; 3] = ["setl_id", "psn_cash_pay", "hosp_part_amt"];

/// Checks an answer.
pub fn check(number: &str, answer: &str) {
    let answer: Value = serde_json::from_str(answer).expect("JSON");
    let keys: Vec<&str> = answer.as_object().expect("an object").keys().map(String::as_str).collect();
    let expected = [
        "infcode",
        "inf_refmsgid",
        "refmsg_time",
        "respond_time",
        "err_msg",
        "output",
        "warn_msg",
        "cainfo",
        "signtype",
        "enctype",
    ];
    assert_eq!(keys, expected);
    for time in ["refmsg_time", "respond_time"] {
        let time = answer[time].as_str().expect("a time");
        assert!(time.len() == 17 && time.bytes().all(|byte| byte.is_ascii_digit()), "{time}");
    }
    assert!(answer["infcode"].is_i64());
    if answer["infcode"] == -1 {
        assert!(answer["output"].is_null() && answer["inf_refmsgid"].is_null());
        return;
    }
    let reference = answer["inf_refmsgid"].as_str().expect("an id");
    assert!(reference.len() == 30 && reference.bytes().all(|byte| byte.is_ascii_digit()), "{reference}");
    let plain = if number == "2203A" { number } else { number.trim_end_matches('A') };
    let known = transaction(plain).expect("a known number");
    let nodes: Vec<&Node> = known.nodes.iter().filter(|node| node.direction == Direction::Out).collect();
    if let [node] = nodes.as_slice()
        && node.name.is_empty()
    {
        check_direct(number, node, &answer["output"]);
        return;
    }
    // A file that has to come in a message: described as a raw stream.
    if number == "9102" {
        assert!(answer["output"]["fsDownloadOut"]["in"].is_string());
        return;
    }
    let Some(output) = answer["output"].as_object() else {
        assert!(nodes.is_empty(), "{number} has an output");
        return;
    };
    assert_eq!(output.len(), nodes.len(), "{number}");
    for node in nodes {
        let found = output.get(node.name).unwrap_or_else(|| panic!("{number} has no {}", node.name));
        let entries = found.as_array().map_or_else(|| vec![found], |list| list.iter().collect());
        entries.into_iter().for_each(|entry| check_node(number, node, entry));
    }
}

/// Fields that lie directly in the output: one object, a list of them, or a page of a list.
fn check_direct(number: &str, node: &Node, output: &Value) {
    let counts = ["pageNum", "pageSize", "pages", "size", "startRow", "endRow", "recordCounts"];
    match (output, output.get("data")) {
        (Value::Array(entries), _) => entries.iter().for_each(|entry| check_node(number, node, entry)),
        (_, Some(Value::Array(entries))) => {
            assert!(counts.iter().all(|count| output[*count].is_u64()), "{number}: {output}");
            assert!(output["firstPage"].is_boolean() && output["lastPage"].is_boolean());
            entries.iter().for_each(|entry| check_node(number, node, entry));
        }
        _ => check_node(number, node, output),
    }
}

fn check_node(number: &str, node: &Node, entry: &Value) {
    let entry = entry.as_object().unwrap_or_else(|| panic!("{number} {}: {entry}", node.name));
    for field in &node.fields {
        let place = format!("{number} {}.{}", node.name, field.name);
        let value = entry.get(field.name).unwrap_or_else(|| panic!("{place} is missing"));
        let fits = match field.kind {
            FieldKind::Number => value.is_number(),
            FieldKind::Text => value.is_string() || value.is_null(),
            FieldKind::Date => {
                value.is_null() || value.as_str().is_some_and(|text| text.len() == 10 || text.len() == 19)
            }
            FieldKind::DateTime => value.is_null() || value.as_str().is_some_and(|text| text.len() == 19),
            FieldKind::Flag => value.is_boolean(),
            FieldKind::Bytes | FieldKind::Group => false,
        };
        assert!(fits, "{place}: {value}");
    }
    for key in entry.keys() {
        assert!(
            node.field(key).is_some() || ALSO.contains(&key.as_str()),
            "{number} {}.{key} is not described",
            node.name
        );
    }
}
