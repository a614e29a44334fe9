//! Amounts and rates as texts.

use gongji_money::{Fen, FenError, Rate};

use super::reader::{Reader, spaced};
use crate::text::{Node, Value};
use crate::{Code, Diagnostic};

impl Reader<'_> {
    /// An amount in yuan, never negative, never a float, at most 10¹² fen.
    pub fn fen(&mut self, node: &Node, what: &str) -> Option<Fen> {
        let read = match &node.value {
            Value::Integer(yuan) => Fen::from_yuan(*yuan).ok_or(FenError::Overflow),
            Value::HugeInteger => Err(FenError::Overflow),
            Value::Text(text) => text.parse(),
            _ => {
                self.wrong_type(node, what, "金额（元：整数，或至多两位小数的文本）");
                return None;
            }
        };
        let place = node.span.clone();
        match read {
            Ok(fen) if fen.is_negative() => {
                let message = format!("{}不能是负数", spaced(what));
                self.report(
                    Diagnostic::new(Code::BadAmount, message, place, "负数")
                        .hint("要减去的金额用 `op = \"minus\"`"),
                );
                None
            }
            Ok(fen) if fen <= Fen::LIMIT => Some(fen),
            Ok(_) | Err(FenError::Overflow) => {
                let message = format!("{}超过金额上限", spaced(what));
                let finding = Diagnostic::new(Code::LimitExceeded, message, place, "金额太大");
                self.report(finding.note("一个金额最多 100 亿元").hint("没有上限时写 \"unlimited\""));
                None
            }
            Err(FenError::Malformed) => {
                let written = node.text().unwrap_or_default();
                let message = format!("{}的金额 `{written}` 读不懂", spaced(what));
                let finding = Diagnostic::new(Code::BadAmount, message, place, "应为元，至多两位小数");
                self.report(match plainly(written) {
                    Some(fen) => finding.hint(format!("是否想写 \"{fen}\"？")),
                    None => finding.hint("例：900、\"900.50\""),
                });
                None
            }
        }
    }

    /// A rate, written `"88%"`, `"0.6"`, `"-3%"`.
    pub fn rate(&mut self, node: &Node, what: &str) -> Option<Rate> {
        let place = node.span.clone();
        match &node.value {
            Value::Text(text) => match text.parse() {
                Ok(rate) => Some(rate),
                Err(_) => {
                    let message = format!("{}的比例 `{text}` 读不懂", spaced(what));
                    let finding = Diagnostic::new(Code::BadRate, message, place, "应为百分数或十进制数");
                    let cleaned: String = text
                        .chars()
                        .map(|c| if c == '％' { '%' } else { c })
                        .filter(|c| !c.is_whitespace())
                        .collect();
                    self.report(match cleaned.parse::<Rate>() {
                        Ok(_) => finding.hint(format!("是否想写 \"{cleaned}\"？")),
                        Err(_) => finding.hint("例：\"88%\"、\"0.6\"、\"-3%\""),
                    });
                    None
                }
            },
            Value::Integer(written) => {
                let message = format!("{}的比例要写成文本", spaced(what));
                let finding = Diagnostic::new(Code::BadRate, message, place, "是百分之几，还是倍数？");
                self.report(
                    finding.hint(format!(
                        "百分之 {written} 写成 \"{written}%\"，{written} 倍写成 \"{written}\""
                    )),
                );
                None
            }
            _ => {
                self.wrong_type(node, what, "文本（比例，如 \"88%\"）");
                None
            }
        }
    }
}

/// The amount somebody meant by `1,500`, `900元`, `2万`.
fn plainly(written: &str) -> Option<Fen> {
    let kept: String =
        written.chars().filter(|letter| !matches!(letter, ',' | '，' | '元' | ' ' | '¥' | '￥')).collect();
    match kept.strip_suffix('万') {
        Some(number) => number.parse::<Fen>().ok()?.fen().checked_mul(10_000).map(Fen::new),
        None => kept.parse().ok(),
    }
}
