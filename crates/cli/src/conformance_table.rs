//! A report of `gongji conformance` as people read it in a terminal.

use gongji_conformance::{Checked, Outcome, Report};

use crate::terminal::{Side, Table};

fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Passed => "相符",
        Outcome::Failed => "不符",
        Outcome::Noted => "提示",
        Outcome::Skipped => "未查",
    }
}

/// What stands under the line of a check: what was expected, what was found; why it was not looked at.
fn under(check: &Checked) -> Vec<String> {
    match check.outcome {
        Outcome::Passed => Vec::new(),
        Outcome::Skipped => vec![format!("      {}", check.found)],
        Outcome::Failed | Outcome::Noted => {
            let times =
                if check.failures > 1 { format!("，共 {} 次", check.failures) } else { String::new() };
            vec![
                format!("      应为：{}", check.expected),
                format!("      实为：{}", check.found),
                format!("      交易 {}，报文 {}{times}", check.number, check.message),
            ]
        }
    }
}

/// The report: a line a check, with what was found under those that are otherwise; the sums at the end.
pub fn table(report: &Report) -> String {
    let mut table = Table::new(&[Side::Left, Side::Left, Side::Left, Side::Left]);
    table.row(["结果", "项目", "检查", "编号"]);
    table.rule();
    for check in &report.checks {
        table.row([word(check.outcome), check.group, check.title, check.id]);
    }
    let rendered = table.render();
    let mut lines = rendered.lines();
    let mut text = format!("{}\n\n", report.base);
    for head in lines.by_ref().take(2) {
        text.push_str(&format!("{head}\n"));
    }
    for (line, check) in lines.zip(&report.checks) {
        text.push_str(&format!("{line}\n"));
        for line in under(check) {
            text.push_str(&format!("{line}\n"));
        }
    }
    let Report { messages, passed, failed, noted, skipped, .. } = report;
    text.push_str(&format!(
        "\n发了 {messages} 条报文：相符 {passed} 项，不符 {failed} 项，提示 {noted} 项，未查 {skipped} 项\n"
    ));
    text
}
