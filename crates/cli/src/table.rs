//! An answer as people read it in a terminal.

use gongji_cases::Answer;
use gongji_cases::answer::{BillAnswer, Cell, Clause};
use jiff::civil::Date;

use crate::terminal::{Side, Table};

/// Sentence, table why × who, what did not trigger, year status; with `explain` every cell's formula and clause.
pub fn bill(bill: &BillAnswer, explain: bool) -> String {
    let benefit = &bill.benefit;
    let mut text = format!(
        "{} · {} · {} · {}（{}）\n\n{}\n",
        benefit.area,
        benefit.scheme_label,
        benefit.benefit_label,
        benefit.care_type_label,
        benefit.date.0,
        bill.sentence
    );
    for words in [&bill.words.purses, &bill.words.why, &bill.words.ratios, &bill.words.penny] {
        if !words.is_empty() {
            text.push_str(words);
            text.push('\n');
        }
    }
    text.push('\n');
    text.push_str(&why_and_who(bill));
    let idle: Vec<&str> = bill.words.untriggered.iter().map(String::as_str).collect();
    section(&mut text, "没有触发的", &idle);
    let status: Vec<&str> = bill.year_status.iter().map(|counter| counter.sentence.as_str()).collect();
    section(&mut text, "今年", &status);
    if explain {
        text.push_str("\n依据\n");
        for cell in bill.cells.iter().filter(|cell| !cell.amount.is_zero()) {
            text.push_str(&cell_words(bill, cell));
        }
        for step in bill.steps.iter().filter(|step| !step.triggered) {
            text.push_str(&format!("  {}：{}\n", step.label, step.reason));
            for clause in &step.clauses {
                text.push_str(&clause_words(clause));
            }
        }
    }
    let notices: Vec<&str> = bill.notices.iter().map(|notice| notice.text.as_str()).collect();
    section(&mut text, "说明", &notices);
    text.push_str(&format!(
        "\n{}\n回执 {} · {} · {}\n",
        bill.words.rules, bill.receipt.engine, bill.receipt.packs, bill.receipt.case
    ));
    text
}

fn section(text: &mut String, head: &str, lines: &[&str]) {
    let lines: Vec<&&str> = lines.iter().filter(|line| !line.is_empty()).collect();
    if !lines.is_empty() {
        text.push_str(&format!("\n{head}\n"));
        for line in lines {
            text.push_str(&format!("  {line}\n"));
        }
    }
}

/// The table: a row a portion, a column for each purse that pays anything.
fn why_and_who(bill: &BillAnswer) -> String {
    let mut payers: Vec<(&str, &str)> = Vec::new();
    for cell in &bill.cells {
        if !payers.iter().any(|(payer, _)| *payer == cell.payer) {
            payers.push((&cell.payer, &cell.payer_label));
        }
    }
    let order = |payer: &str| gongji_policy::Payer::ALL.iter().position(|known| known.name() == payer);
    payers.sort_by_key(|(payer, _)| order(payer));
    let mut table = Table::new(&[&[Side::Left], vec![Side::Right; payers.len() + 1].as_slice()].concat());
    table.row(["为什么"].into_iter().chain(payers.iter().map(|(_, label)| *label)).chain(["合计"]));
    table.rule();
    let nothing = "·".to_owned();
    for row in &bill.rows {
        let cells: Vec<&Cell> = bill.cells_of(row).collect();
        let paid = |payer: &str| {
            let fen: i64 =
                cells.iter().filter(|cell| cell.payer == payer).map(|cell| cell.amount.fen()).sum();
            if fen == 0 { nothing.clone() } else { gongji_money::Fen::new(fen).grouped() }
        };
        let amounts = payers.iter().map(|(payer, _)| paid(payer));
        table.row([row.label.clone()].into_iter().chain(amounts).chain([row.amount.grouped()]));
    }
    table.rule();
    let totals = payers.iter().map(|(payer, _)| bill.paid_by(payer).grouped());
    table.row(["合计".to_owned()].into_iter().chain(totals).chain([bill.total_charge.grouped()]));
    table.render()
}

fn cell_words(bill: &BillAnswer, cell: &Cell) -> String {
    let mut text = format!("  {} ← {}  {}\n", cell.row, cell.payer_label, cell.amount.grouped());
    if !cell.formula.is_empty() {
        text.push_str(&format!("    {}", cell.formula));
        if cell.rounding != "none" {
            text.push_str(&format!("  （精确值 {}，{}）", cell.exact, cell.rounding));
        }
        text.push('\n');
    }
    for clause in cell.clause.iter().chain(bill.further(cell)) {
        text.push_str(&clause_words(clause));
    }
    text
}

fn clause_words(clause: &Clause) -> String {
    let (from, to) = &clause.in_force;
    let until = to.as_ref().map_or_else(|| "起".to_owned(), |to| format!("至 {}", to.0));
    let article = clause.article.as_deref().unwrap_or_default();
    let mut text = format!(
        "    〔{}〕{} {} — {}{article}，{} {until}，{}\n",
        clause.grade_label, clause.parameter, clause.value, clause.document, from.0, clause.address
    );
    if let Some(note) = &clause.note {
        text.push_str(&format!("      注：{note}\n"));
    }
    text
}

/// The same case under the law of another day, side by side.
pub fn comparison(answer: &Answer, other: &Answer, day: Date) -> String {
    let mut table = Table::new(&[Side::Left, Side::Right, Side::Right, Side::Right]);
    table.row(["与另一天的规则比较".to_owned(), "本单".to_owned(), format!("按 {day}"), "差额".to_owned()]);
    table.rule();
    for (number, (one, two)) in answer.bills().zip(other.bills()).enumerate() {
        let amounts = [
            ("基金支付总额", one.fund_paid_total, two.fund_paid_total),
            ("个人负担总额", one.personal_burden, two.personal_burden),
            ("个人账户", one.personal_account_paid, two.personal_account_paid),
            ("家庭共济", one.mutual_aid_paid, two.mutual_aid_paid),
            ("现金", one.cash_paid, two.cash_paid),
        ];
        for (label, before, after) in amounts {
            let difference = gongji_money::Fen::new(after.fen() - before.fen());
            let sign = if difference.fen() > 0 { "+" } else { "" };
            let label = if answer.results.len() > 1 {
                format!("第 {} 笔 {label}", number + 1)
            } else {
                label.to_owned()
            };
            table.row([label, before.grouped(), after.grouped(), format!("{sign}{}", difference.grouped())]);
        }
    }
    table.render()
}
