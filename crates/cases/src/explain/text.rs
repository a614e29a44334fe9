//! The explanation as plain text: for terminals and mails.

use std::fmt::Write;

use crate::answer::{Answer, BillAnswer, CalculationAnswer, Cell, Clause};

/// The explanation of every result of an answer, in lines of plain Chinese text.
pub fn explain_text(answer: &Answer) -> String {
    let mut text = String::new();
    let many = answer.results.len() > 1;
    for (index, result) in answer.results.iter().enumerate() {
        if let Some(calculation) = result.calculation() {
            if many {
                let _ = writeln!(text, "【第 {} 件：{} {}】", index + 1, calculation.date, calculation.label);
            }
            explain_calculation(calculation, &mut text);
        }
        let Some(bill) = result.bill() else { continue };
        if many {
            let _ = writeln!(
                text,
                "【第 {} 件：{} {}】",
                index + 1,
                bill.benefit.date,
                bill.benefit.care_type_label
            );
        }
        explain_bill(bill, &mut text);
    }
    text
}

/// Writing to a string does not fail; the results of `writeln!` are dropped on purpose.
fn explain_bill(bill: &BillAnswer, text: &mut String) {
    let words = &bill.words;
    for sentence in [&bill.sentence, &words.purses, &words.why, &words.ratios, &words.penny, &words.year] {
        if !sentence.is_empty() {
            let _ = writeln!(text, "{sentence}");
        }
    }
    let _ = writeln!(text, "\n谁付、为什么");
    for row in &bill.rows {
        let _ = writeln!(text, "- {} {} 元：{}", row.label, row.amount.grouped(), row.reason);
        for cell in bill.cells_of(row) {
            explain_cell(cell, text);
        }
    }
    let _ = writeln!(text, "\n各层");
    for step in &bill.steps {
        let _ = writeln!(text, "- {}", step.reason);
        for band in step.bands.iter().filter(|band| !band.ratio_formula.is_empty()) {
            let _ = writeln!(text, "    第 {} 段比例：{}", band.number, band.ratio_formula);
        }
    }
    let _ = writeln!(text, "\n平衡");
    for identity in &bill.identities {
        let _ = writeln!(text, "- {}：{}", identity.label, identity.figures);
    }
    for notice in &bill.notices {
        let _ = writeln!(text, "注：{}", notice.text);
    }
    let _ = writeln!(text, "{}", words.rules);
    let receipt = &bill.receipt;
    let _ = writeln!(text, "回执：{}；{}；{}\n", receipt.engine, receipt.packs, receipt.case);
}

fn explain_calculation(calculation: &CalculationAnswer, text: &mut String) {
    let _ = writeln!(text, "{}\n", calculation.sentence);
    for step in &calculation.steps {
        let how: Vec<&str> = [step.formula.as_str(), step.reason.as_str()]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect();
        let _ = match how.as_slice() {
            [] => writeln!(text, "- {} {}", step.label, step.value),
            _ => writeln!(text, "- {} {}：{}", step.label, step.value, how.join("；")),
        };
        for clause in &step.clauses {
            let words = clause_words(clause);
            let _ = writeln!(text, "      依据：{} {}，{words}", clause.parameter, clause.value);
        }
    }
    let receipt = &calculation.receipt;
    let _ = writeln!(text, "适用 {} 的规则", calculation.law_date);
    let _ = writeln!(text, "回执：{}；{}；{}\n", receipt.engine, receipt.packs, receipt.case);
}

fn explain_cell(cell: &Cell, text: &mut String) {
    let _ = writeln!(text, "    {} 付 {} 元：{}", cell.payer_label, cell.amount.grouped(), cell.formula);
    if let Some(clause) = &cell.clause {
        let _ = writeln!(text, "      依据：{}", clause_words(clause));
    }
}

/// 某某办法 第三条（媒体，2022-07-01 起）.
pub(crate) fn clause_words(clause: &Clause) -> String {
    let article = clause.article.as_deref().map_or_else(String::new, |article| format!(" {article}"));
    let until = clause.in_force.1.map_or_else(|| "起".to_owned(), |to| format!("至 {to}"));
    let address = if clause.address.is_empty() { String::new() } else { format!("，{}", clause.address) };
    format!("{}{article}（{}，{} {until}{address}）", clause.document, clause.grade_label, clause.in_force.0)
}
