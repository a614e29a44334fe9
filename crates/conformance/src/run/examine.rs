//! What every answer must look like.

use gongji_nhsa::fields::{Direction, FieldKind, Node, transaction};
use gongji_nhsa::wire::Wire;

use super::Run;
use crate::form;
use crate::reply::{Reply, short};

/// What the specification lists.
const KEYS: [&str; 6] = ["infcode", "inf_refmsgid", "refmsg_time", "respond_time", "err_msg", "output"];

/// What is on the wire besides.
const MORE_KEYS: [&str; 3] = ["warn_msg", "cainfo", "signtype"];

/// What only a program's stack says.
const TRACES: [&str; 6] =
    ["\tat ", "\n at ", "panicked at", "Traceback", "NullPointerException", "stack backtrace"];

/// A member as text; empty where it is none.
fn text<'reply>(reply: &'reply Reply, name: &str) -> &'reply str {
    match reply.member(name) {
        Some(Wire::Text(text)) => text,
        _ => "",
    }
}

fn is_nothing(value: Option<&Wire>) -> bool {
    value.is_none_or(Wire::is_absent)
}

impl Run<'_> {
    /// Looks at an answer of the business.
    pub(super) fn examine(&mut self, reply: &Reply) {
        let status = reply.raw.status;
        if status == 200 {
            self.pass("transport.status");
        } else {
            let hint = if status == 401 || status == 403 {
                "；平台要求证明是哪家机构：--token 或 --header"
            } else {
                ""
            };
            self.fail(
                "transport.status",
                "HTTP 200",
                &format!("HTTP {status}：{}{hint}", short(&reply.raw.text)),
                reply,
            );
        }
        if reply.wire.is_none() {
            // What a failed gateway says is told by the status alone.
            if status == 200 {
                self.fail("transport.json", "JSON 对象", &short(&reply.raw.text), reply);
            }
            return;
        }
        if status != 200 {
            return;
        }
        self.pass("transport.json");
        if reply.raw.kind.to_ascii_lowercase().starts_with("application/json") {
            self.pass("transport.kind");
        } else {
            self.fail("transport.kind", "application/json", &short(&reply.raw.kind), reply);
        }
        self.examine_keys(reply);
        self.examine_reference(reply);
        if reply.is_success() {
            self.examine_success(reply);
        } else {
            self.examine_failure(reply);
        }
    }

    fn examine_keys(&mut self, reply: &Reply) {
        for (check, keys) in [("envelope.keys", &KEYS[..]), ("envelope.more_keys", &MORE_KEYS)] {
            let missing: Vec<&str> = keys.iter().filter(|key| reply.member(key).is_none()).copied().collect();
            if missing.is_empty() {
                self.pass(check);
            } else {
                self.fail(check, &keys.join("、"), &format!("没有 {}", missing.join("、")), reply);
            }
        }
        match reply.member("infcode") {
            Some(Wire::Number(code)) if code == "0" || code == "-1" => self.pass("envelope.infcode"),
            found => {
                let found = found.map_or_else(|| "没有".to_owned(), ToString::to_string);
                self.fail("envelope.infcode", "0 或 -1", &found, reply);
            }
        }
        let times = [text(reply, "refmsg_time"), text(reply, "respond_time")];
        let well =
            times.iter().all(|time| form::digits(time, 17) && form::moment(time)) && times[0] <= times[1];
        if well {
            self.pass("envelope.times");
        } else {
            self.fail(
                "envelope.times",
                "yyyyMMddHHmmssSSS，先收后答",
                &format!("{} → {}", short(times[0]), short(times[1])),
                reply,
            );
        }
    }

    fn examine_reference(&mut self, reply: &Reply) {
        let reference = text(reply, "inf_refmsgid").to_owned();
        if reply.is_success() {
            let well = form::digits(&reference, 30) && form::moment(&reference[6..]);
            if well {
                self.pass("envelope.reference");
            } else {
                self.fail("envelope.reference", "30 位数字：区划、时间、顺序号", &short(&reference), reply);
            }
        }
        if !reference.is_empty() {
            if self.references.insert(reference.clone()) {
                self.pass("envelope.unique");
            } else {
                self.fail("envelope.unique", "没有出现过的 inf_refmsgid", &reference, reply);
            }
        }
    }

    fn examine_failure(&mut self, reply: &Reply) {
        if is_nothing(reply.member("output")) && !reply.problem().is_empty() {
            self.pass("envelope.failure");
        } else {
            let found = format!(
                "output {}，err_msg {}",
                if is_nothing(reply.member("output")) { "为空" } else { "有内容" },
                short(reply.problem())
            );
            self.fail("envelope.failure", "output 为 null，err_msg 有话说", &found, reply);
        }
        let problem = text(reply, "err_msg");
        if TRACES.iter().any(|trace| problem.contains(trace)) {
            self.fail("envelope.no_trace", "一句话", &short(problem), reply);
        } else {
            self.pass("envelope.no_trace");
        }
    }

    fn examine_success(&mut self, reply: &Reply) {
        let told = reply.problem();
        if told.is_empty() || told == "success" {
            self.pass("envelope.success");
        } else {
            self.fail("envelope.success", "null、空或 success", &short(told), reply);
        }
        let plain = if reply.number == "2203A" { &reply.number } else { reply.number.trim_end_matches('A') };
        let Some((known, output)) = transaction(plain).zip(reply.output()) else { return };
        for node in known.nodes.iter().filter(|node| node.direction == Direction::Out) {
            if node.name.is_empty() {
                self.examine_entry(reply, node, output);
            } else {
                for entry in reply.entries(node.name) {
                    self.examine_entry(reply, node, entry);
                }
            }
        }
    }

    fn examine_entry(&mut self, reply: &Reply, node: &Node, entry: &Wire) {
        for field in &node.fields {
            let place = || format!("{}.{}（{}）", node.name, field.name, field.meaning);
            let value = entry.get(field.name);
            if field.required && value.is_none() {
                self.fail("output.fields", &place(), "没有这个字段", reply);
            }
            let Some(value) = value.filter(|value| field.kind == FieldKind::Number && !value.is_absent())
            else {
                continue;
            };
            if matches!(value, Wire::Number(_)) {
                self.pass("output.numbers");
            } else {
                self.fail(
                    "output.numbers",
                    &format!("{} 是 JSON 数字", place()),
                    &short(&value.to_string()),
                    reply,
                );
            }
        }
        self.pass("output.fields");
    }
}
