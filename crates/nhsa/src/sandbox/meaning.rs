//! What a message says: every field with its label, its form and what its code stands for.

use serde::Serialize;
use serde_json::Value;

use crate::fields::{Direction, Field, FieldKind, Transaction, transaction};
use crate::tables::{Table, tables};
use crate::transaction::plain;

/// A line of a decoded message: a field, or a node that holds others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// How deep it lies, from 0.
    pub depth: usize,
    /// Its name on the wire; `[0]` for an entry of a list.
    pub name: String,
    /// What it holds, as it is on the wire; empty for a node.
    pub value: String,
    /// Whether it holds others.
    pub is_node: bool,
    /// 标签; empty where no description has the field.
    pub label: String,
    /// 类型和长度: `数值 16,2`.
    pub form: String,
    /// Whether the described edition wants it.
    pub required: bool,
    /// What the code stands for; empty where there is no table or no such code.
    pub meaning: String,
    /// The name of the code table; empty where the field has none.
    pub table: String,
}

/// Fields of the envelope with their labels. Not among the transactions' fields.
const ENVELOPE: &[(&str, &str, &str)] = &[
    ("infno", "交易编号", "文字 4"),
    ("msgid", "发送方报文ID", "文字 30"),
    ("mdtrtarea_admvs", "就医地医保区划", "文字 6"),
    ("insuplc_admdvs", "参保地医保区划", "文字 6"),
    ("recer_sys_code", "接收方系统代码", "文字 10"),
    ("dev_no", "设备编号", "文字 100"),
    ("dev_safe_info", "设备安全信息", "文字 2000"),
    ("cainfo", "数字签名信息", "文字 1024"),
    ("signtype", "签名类型", "文字 10"),
    ("infver", "接口版本号", "文字 6"),
    ("opter_type", "经办人类别", "文字 3"),
    ("opter", "经办人", "文字 30"),
    ("opter_name", "经办人姓名", "文字 50"),
    ("inf_time", "交易时间", "日期时间 19"),
    ("fixmedins_code", "定点医药机构编号", "文字 12"),
    ("fixmedins_name", "定点医药机构名称", "文字 20"),
    ("sign_no", "交易签到流水号", "文字 30"),
    ("input", "交易输入", "对象"),
    ("infcode", "交易状态码：0 成功，-1 失败", "数值 4"),
    ("inf_refmsgid", "接收方报文ID", "文字 30"),
    ("refmsg_time", "接收报文时间", "文字 17"),
    ("respond_time", "响应报文时间", "文字 17"),
    ("err_msg", "错误信息", "文字 200"),
    ("output", "交易输出", "对象"),
    ("warn_msg", "警告信息", "文字"),
    ("enctype", "加密方式", "文字"),
    ("enc_type", "加密方式", "文字"),
    ("type", "前置的错误类别", "文字"),
];

/// The form of a field: 类型和长度.
pub fn form(field: &Field) -> String {
    let kind = match field.kind {
        FieldKind::Text => "文字",
        FieldKind::Number => "数值",
        FieldKind::Date => "日期",
        FieldKind::DateTime => "日期时间",
        FieldKind::Bytes => "字节",
        FieldKind::Flag => "真假",
        FieldKind::Group => "对象",
    };
    if field.length.is_empty() { kind.to_owned() } else { format!("{kind} {}", field.length) }
}

/// The code table of a field: that of its name, or of the longest name that it ends in (`psn_cert_type` for `cert_type` is one that ends otherwise).
pub fn table_of(name: &str) -> Option<&'static Table> {
    if let Some(table) = tables().get(name) {
        return Some(table);
    }
    let ends = |known: &&&str| name.ends_with(**known) && name[..name.len() - known.len()].ends_with('_');
    tables().keys().filter(ends).max_by_key(|known| known.len()).and_then(|known| tables().get(*known))
}

/// The content that stands as a text in `input`; `None` where it does not.
fn unpacked(name: &str, value: &Value) -> Option<Value> {
    let text = value.as_str().filter(|text| name == "input" && text.trim_start().starts_with('{'))?;
    serde_json::from_str(text).ok()
}

/// A message, line by line. `direction` says whether it is a request's or an answer's.
pub fn lines(number: &str, direction: Direction, message: &Value) -> Vec<Line> {
    let mut reader = Reader {
        transaction: transaction(number)
            .filter(|known| !known.nodes.is_empty())
            .or_else(|| transaction(plain(number))),
        direction,
        lines: Vec::new(),
    };
    let Value::Object(members) = message else { return reader.lines };
    for (name, value) in members {
        let inside = unpacked(name, value);
        let value = inside.as_ref().unwrap_or(value);
        let known = ENVELOPE.iter().find(|(known, _, _)| known == name);
        let (label, form) = known.map_or(("", ""), |(_, label, form)| (*label, *form));
        match (name.as_str(), value) {
            ("input" | "output", Value::Object(_) | Value::Array(_)) => {
                reader.node(0, name, label);
                reader.content(value);
            }
            _ => {
                let meaning = table_of(name).and_then(|table| table.meaning_of(value.as_str()?));
                reader.lines.push(Line {
                    depth: 0,
                    name: name.clone(),
                    value: value.to_string(),
                    is_node: false,
                    label: label.to_owned(),
                    form: form.to_owned(),
                    required: false,
                    meaning: meaning.unwrap_or_default().to_owned(),
                    table: table_of(name).map_or("", |table| table.name).to_owned(),
                });
            }
        }
    }
    reader.lines
}

struct Reader {
    transaction: Option<&'static Transaction>,
    direction: Direction,
    lines: Vec<Line>,
}

impl Reader {
    fn node(&mut self, depth: usize, name: &str, label: &str) {
        self.lines.push(Line {
            depth,
            name: name.to_owned(),
            value: String::new(),
            is_node: true,
            label: label.to_owned(),
            form: String::new(),
            required: false,
            meaning: String::new(),
            table: String::new(),
        });
    }

    /// Input or output: nodes, or fields that lie directly in it.
    fn content(&mut self, value: &Value) {
        let Value::Object(members) = value else { return self.value(1, "", "[0]", value) };
        for (name, member) in members {
            match member {
                Value::Object(_) | Value::Array(_) => self.value(1, name, name, member),
                _ => self.field(1, "", name, member),
            }
        }
    }

    /// A node's object, or its list.
    fn value(&mut self, depth: usize, node: &str, name: &str, value: &Value) {
        match value {
            Value::Object(members) => {
                self.node(depth, name, "");
                for (name, member) in members {
                    match member {
                        Value::Object(_) | Value::Array(_) => self.value(depth + 1, name, name, member),
                        _ => self.field(depth + 1, node, name, member),
                    }
                }
            }
            Value::Array(entries) => {
                self.node(depth, name, &format!("{} 条", entries.len()));
                for (at, entry) in entries.iter().enumerate() {
                    self.value(depth + 1, node, &format!("[{at}]"), entry);
                }
            }
            _ => self.field(depth, node, name, value),
        }
    }

    fn field(&mut self, depth: usize, node: &str, name: &str, value: &Value) {
        let nodes = || self.transaction.into_iter().flat_map(|known| &known.nodes);
        let near = nodes().find(|known| known.direction == self.direction && known.name == node);
        let found =
            near.and_then(|node| node.field(name)).or_else(|| nodes().find_map(|node| node.field(name)));
        let table =
            table_of(name).filter(|_| found.is_none_or(|field| field.coded || tables().contains_key(name)));
        let text = match value {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            _ => String::new(),
        };
        let meaning = table.filter(|_| !text.is_empty()).and_then(|table| table.meaning_of(&text));
        self.lines.push(Line {
            depth,
            name: name.to_owned(),
            value: value.to_string(),
            is_node: false,
            label: found.map_or("", |field| field.meaning).to_owned(),
            form: found.map(form).unwrap_or_default(),
            required: found.is_some_and(|field| field.required),
            meaning: meaning.unwrap_or_default().to_owned(),
            table: table.map_or("", |table| table.name).to_owned(),
        });
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn line<'lines>(lines: &'lines [Line], name: &str) -> &'lines Line {
        lines.iter().find(|line| line.name == name).expect(name)
    }

    #[test]
    fn a_field_has_its_label_and_its_code_a_meaning() {
        let message = json!({ "infno": "2206A", "input": { "data": { "psn_no": "P1", "med_type": "11", "medfee_sumamt": 12.5,
            "psn_cert_type": "01", "own": "x" } } });
        let lines = lines("2206A", Direction::In, &message);
        let kind = line(&lines, "med_type");
        assert_eq!((kind.label.as_str(), kind.depth, kind.value.as_str()), ("医疗类别", 2, "\"11\""));
        assert!(kind.meaning.contains("门诊"), "{kind:?}");
        assert_eq!(line(&lines, "medfee_sumamt").form, "数值 16,2");
        assert!(line(&lines, "psn_cert_type").meaning.contains("身份证"));
        assert_eq!(line(&lines, "own").label, "", "provincial");
        assert_eq!(line(&lines, "infno").label, "交易编号");
        assert!(line(&lines, "data").is_node);
    }

    #[test]
    fn lists_are_read_entry_by_entry() {
        let message = json!({ "infcode": 0, "output": { "setlinfo": { "clr_type": "11" }, "setldetail": [{ "fund_pay_type": "310100" }] } });
        let lines = lines("2207", Direction::Out, &message);
        assert_eq!(line(&lines, "setldetail").label, "1 条");
        assert_eq!(line(&lines, "[0]").depth, 2);
        assert!(!line(&lines, "fund_pay_type").meaning.is_empty());
    }
}
