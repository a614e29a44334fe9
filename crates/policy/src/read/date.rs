//! Dates.

use jiff::civil::Date;

use super::reader::{Reader, Stated, spaced};
use crate::text::{Node, Value};
use crate::{Code, Diagnostic};

impl Reader<'_> {
    /// A day, written `"2022-07-01"`.
    pub fn date(&mut self, node: &Node, what: &str) -> Option<Date> {
        match &node.value {
            Value::Text(text) => {
                let read = read_date(text);
                if read.is_none() {
                    self.bad_date(node, text, what);
                }
                read
            }
            Value::Moment => {
                let message = format!("{}的日期要加引号", spaced(what));
                self.report(
                    Diagnostic::new(Code::BadDate, message, node.span.clone(), "不带引号的日期")
                        .hint("写成文本，如 \"2022-07-01\""),
                );
                None
            }
            _ => {
                self.wrong_type(node, what, "文本（日期，如 \"2022-07-01\"）");
                None
            }
        }
    }

    /// A day that may be left out.
    pub fn stated_date(&mut self, node: Option<&Node>, what: &str) -> Stated<Date> {
        match node {
            None => Stated::Absent,
            Some(node) => match self.date(node, what) {
                Some(date) => Stated::Known(date, node.span.clone()),
                None => Stated::Broken,
            },
        }
    }

    pub(super) fn bad_date(&mut self, node: &Node, text: &str, what: &str) {
        let message = format!("{}的日期 `{text}` 读不懂", spaced(what));
        let mut finding =
            Diagnostic::new(Code::BadDate, message, node.span.clone(), "应为 年-月-日，如 \"2022-07-01\"");
        let numbers: Vec<i64> = text
            .split(|letter: char| !letter.is_ascii_digit())
            .filter_map(|part| part.parse().ok())
            .collect();
        if let [year @ 1000..=9999, month @ 1..=12, day @ 1..=31] = numbers[..] {
            let written = format!("{year:04}-{month:02}-{day:02}");
            finding = match read_date(&written) {
                Some(_) => finding.hint(format!("是否想写 \"{written}\"？")),
                None => finding.note(format!("{year} 年 {month} 月没有 {day} 日")),
            };
        }
        self.report(finding);
    }
}

/// Exactly `2022-07-01`.
pub(super) fn read_date(text: &str) -> Option<Date> {
    let shape = text.len() == 10
        && text.bytes().enumerate().all(|(index, byte)| match index {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    if !shape {
        return None;
    }
    text.parse().ok()
}
