//! An answer as people read it in a terminal.

use gongji_cases::answer::{BillAnswer, CalculationAnswer, Cell};
use gongji_cases::what_if::WhatIfs;
use gongji_cases::{Answer, explain_text};
use jiff::civil::Date;

use crate::terminal::{Side, Table};

fn head(bill: &BillAnswer) -> String {
    let benefit = &bill.benefit;
    format!(
        "{} · {} · {} · {}（{}）\n",
        benefit.area, benefit.scheme_label, benefit.benefit_label, benefit.care_type_label, benefit.date.0
    )
}

/// Sentence, table why × who, what did not trigger, year status.
pub fn bill(bill: &BillAnswer) -> String {
    let mut text = format!("{}\n{}\n", head(bill), bill.sentence);
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
    let notices: Vec<&str> = bill.notices.iter().map(|notice| notice.text.as_str()).collect();
    section(&mut text, "说明", &notices);
    let receipt = &bill.receipt;
    text.push_str(&format!(
        "\n{}\n回执 {} · {} · {}\n",
        bill.words.rules, receipt.engine, receipt.packs, receipt.case
    ));
    text
}

/// Every cell with its formula and clause, every layer, and what would change the last bill.
pub fn explanation(answer: &Answer, what_ifs: Option<&WhatIfs>) -> String {
    let mut text = String::new();
    for bill in answer.bills() {
        text.push_str(&format!("{}\n{}\n", head(bill), why_and_who(bill)));
    }
    text.push_str(&explain_text(answer));
    if let Some(what_ifs) = what_ifs {
        let changes = what_ifs.lower_level.iter().chain(&what_ifs.filing).map(|one| one.sentence.as_str());
        let threshold = what_ifs.next_threshold.iter().map(|one| one.sentence.as_str());
        section(&mut text, "试一试", &changes.chain(threshold).collect::<Vec<_>>());
    }
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

/// A calculation that is no bill: the sentence and every figure with its formula.
pub fn calculation(calculation: &CalculationAnswer) -> String {
    let mut text = format!(
        "{} · {} · {}（{}）\n\n{}\n\n",
        calculation.area,
        calculation.scheme_label,
        calculation.label,
        calculation.date.0,
        calculation.sentence
    );
    let mut table = Table::new(&[Side::Left, Side::Right, Side::Left]);
    for step in &calculation.steps {
        let how = if step.formula.is_empty() { &step.reason } else { &step.formula };
        table.row([step.label.as_str(), step.value.as_str(), how.as_str()]);
    }
    text.push_str(&table.render());
    let receipt = &calculation.receipt;
    text.push_str(&format!(
        "\n适用 {} 的规则\n回执 {} · {} · {}\n",
        calculation.law_date.0, receipt.engine, receipt.packs, receipt.case
    ));
    text
}
