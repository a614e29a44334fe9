//! The five questions as people read them in a terminal.

use gongji_cases::answer::Clause;
use gongji_cases::five::{FiveAnswer, Part, QuestionAnswer};
use unicode_width::UnicodeWidthStr;

use crate::terminal::{Side, pad};

/// The clause in one line: 某某办法 第三条（媒体，2022-07-01 起）.
fn clause(clause: &Clause) -> String {
    let article = clause.article.as_deref().map_or_else(String::new, |article| format!(" {article}"));
    let until = clause.in_force.1.map_or_else(|| "起".to_owned(), |to| format!("至 {to}"));
    let address = if clause.address.is_empty() { String::new() } else { format!("，{}", clause.address) };
    format!("{}{article}（{}，{} {until}{address}）", clause.document, clause.grade_label, clause.in_force.0)
}

/// The widest column of labels; a longer label has a line of its own.
const WIDEST: usize = 28;

fn part(part: &Part, width: usize, explain: bool, text: &mut String) {
    let indent = " ".repeat(width + 4);
    let mut lines = if part.label.width() > width {
        vec![format!("  {}", part.label), format!("{indent}{}", part.value)]
    } else {
        vec![format!("  {}  {}", pad(&part.label, width, Side::Left), part.value)]
    };
    if !part.sentence.is_empty() {
        lines.push(format!("{indent}{}", part.sentence));
    }
    if !part.formula.is_empty() && (explain || part.amount.is_some()) {
        lines.push(format!("{indent}算式：{}", part.formula));
    }
    // One line for each figure: the newest clause, which made the rule what it is now.
    let newest = part.clauses.iter().rev().max_by_key(|clause| clause.in_force.0);
    let shown: Vec<&Clause> =
        if explain { part.clauses.iter().collect() } else { newest.into_iter().collect() };
    for found in shown {
        let value = if found.value.is_empty() { String::new() } else { format!(" {}", found.value) };
        let what = if explain { format!("{}{value}，", found.parameter) } else { String::new() };
        lines.push(format!("{indent}依据：{what}{}", clause(found)));
        if let Some(note) = found.note.as_deref().filter(|_| explain) {
            lines.push(format!("{indent}  注：{note}"));
        }
    }
    for line in lines {
        text.push_str(line.trim_end());
        text.push('\n');
    }
}

fn question(number: usize, question: &QuestionAnswer, explain: bool, text: &mut String) {
    text.push_str(&format!("\n{number}. {}\n{}\n", question.title, question.answer));
    let parts = if explain { question.parts.clone() } else { question.grouped() };
    let width = parts.iter().map(|part| part.label.width()).max().unwrap_or_default().min(WIDEST);
    for found in &parts {
        part(found, width, explain, text);
    }
    for gap in &question.gaps {
        text.push_str(&format!("  ？{}：{}\n", gap.label, gap.why));
    }
    for correction in &question.corrections {
        text.push_str(&format!("  ※ {}\n", correction.sentence));
    }
}

/// Every question with its figures, what is missing, and what common sayings get wrong.
pub fn text(answer: &FiveAnswer, explain: bool) -> String {
    let mut who = vec![answer.area.clone(), answer.scheme_label.clone()];
    who.extend(answer.category_label.clone());
    who.extend(answer.age.map(|age| format!("{age} 岁")));
    let mut text = format!("{}（{}）\n", who.join(" · "), answer.date);
    for (number, found) in answer.questions.iter().enumerate() {
        question(number + 1, found, explain, &mut text);
    }
    text.push_str(&format!(
        "\n试算，不是结算，不扣钱。按 {} 的规则；没有依据的不作计算。\n回执 {} · {} · {}\n",
        answer.law_date, answer.receipt.engine, answer.receipt.packs, answer.receipt.case
    ));
    text
}
