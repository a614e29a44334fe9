//! The table: a waterfall lying on its side. Each line starts where the last ended.

use gongji_cases::answer::{BillAnswer, LineAnswer, StepAnswer, Yuan};
use gongji_money::Fen;

use super::basis::Basis;
use super::share;

/// One line of the table.
pub struct TableLine {
    /// The line's name, unique on the page.
    pub id: String,
    /// `−`, `=` or nothing.
    pub sign: &'static str,
    /// What people read.
    pub label: String,
    /// What it means, in few words.
    pub meaning: String,
    /// What it is called on papers of the area, where that differs.
    pub dialect: Option<String>,
    /// How much, grouped.
    pub amount: String,
    /// Whether it is a subtotal.
    pub total: bool,
    /// Whether it is nothing.
    pub zero: bool,
    /// The colour and pattern of its bar.
    pub class: &'static str,
    /// Where its bar starts.
    pub x: String,
    /// How wide its bar is.
    pub width: String,
    /// What opens under it.
    pub basis: Option<Basis>,
}

struct Writer<'a> {
    bill: &'a BillAnswer,
    /// Where the last line ended, in fen.
    at: i64,
    lines: Vec<TableLine>,
}

impl Writer<'_> {
    /// A line of so many fen whose bar starts at `from`.
    fn push(
        &mut self,
        id: &str,
        sign: &'static str,
        (label, meaning): (&str, &str),
        class: &'static str,
        (from, amount): (i64, i64),
        basis: Basis,
    ) {
        let total = self.bill.total_charge.fen();
        self.lines.push(TableLine {
            id: id.to_owned(),
            sign,
            label: label.to_owned(),
            meaning: meaning.to_owned(),
            dialect: None,
            amount: Fen::new(amount).grouped(),
            total: sign != "−",
            zero: amount == 0,
            class,
            x: share(from, total),
            width: share(amount, total),
            basis: (!basis.is_empty()).then_some(basis),
        });
    }

    /// A line that takes away.
    fn less(&mut self, id: &str, words: (&str, &str), class: &'static str, amount: i64, basis: Basis) {
        self.at -= amount;
        self.push(id, "−", words, class, (self.at, amount), basis);
    }

    /// A subtotal.
    fn leaves(&mut self, id: &str, words: (&str, &str), class: &'static str, amount: i64, basis: Basis) {
        self.at = amount;
        self.push(id, "=", words, class, (0, amount), basis);
    }

    /// The basis of a portion: its rows' sentences, who pays it, which clauses took part.
    fn portion(&self, is_row: impl Fn(&str) -> bool) -> Basis {
        self.part(is_row, |_| true)
    }

    /// The same of the cells that some payers pay.
    fn part(&self, is_row: impl Fn(&str) -> bool, is_payer: impl Fn(&str) -> bool) -> Basis {
        let mut basis = Basis::default();
        let mut payers: Vec<(&str, i64)> = Vec::new();
        for row in self.bill.rows.iter().filter(|row| is_row(&row.row)) {
            basis.say(&row.reason);
            let cells =
                self.bill.cells_of(row).filter(|cell| !cell.amount.is_zero() && is_payer(&cell.payer));
            for cell in cells {
                match payers.iter_mut().find(|(known, _)| *known == cell.payer_label) {
                    Some((_, sum)) => *sum += cell.amount.fen(),
                    None => payers.push((&cell.payer_label, cell.amount.fen())),
                }
                basis.cite(&cell.clause);
                basis.cite(self.bill.further(cell));
            }
        }
        basis.payers =
            payers.into_iter().map(|(label, sum)| (label.to_owned(), Fen::new(sum).grouped())).collect();
        basis
    }

    /// A portion that never enters the bands; `of` reads it off the bill's own lines.
    fn split(&mut self, id: &str, words: (&str, &str), class: &'static str, of: fn(&LineAnswer) -> Yuan) {
        let amount = match id {
            "non_covered" => self.bill.non_covered,
            "over_limit_price" => self.bill.over_limit_price,
            _ => self.bill.upfront_self_pay,
        };
        let mut basis = self.portion(|row| row == id);
        basis.lines(&self.bill.lines, |line| of(line).fen());
        self.less(id, words, class, amount.fen(), basis);
    }
}

/// The layers that opened the in-scope money: in order of the stack, until they account for what the opening layers paid.
fn openers(bill: &BillAnswer) -> usize {
    let mut paid = 0;
    let mut count = 0;
    for (index, step) in bill.steps.iter().enumerate() {
        let fits = paid + step.paid.fen() <= bill.opening_paid.fen();
        if step.kind == "ratio"
            && step.eligible.fen() > 0
            && fits
            && (count == 0 || paid < bill.opening_paid.fen())
        {
            paid += step.paid.fen();
            count = index + 1;
        }
    }
    count
}

fn class_of(payer: &str) -> &'static str {
    match payer {
        "pooled_fund" => "pooled",
        "medical_assistance" => "aid",
        "hospital" => "hospital",
        "current_year" | "carried_over" => "account",
        "relatives" => "kin",
        "cash" => "cash",
        _ => "extra",
    }
}

fn is_fund(step: &StepAnswer) -> bool {
    matches!(step.kind.as_str(), "ratio" | "guarantee")
}

fn rates(step: &StepAnswer) -> String {
    let mut rates: Vec<&str> = Vec::new();
    for band in &step.bands {
        if !rates.contains(&band.ratio.as_str()) {
            rates.push(&band.ratio);
        }
    }
    rates.join("、")
}

/// The lines of the table for a bill.
pub fn table(bill: &BillAnswer) -> Vec<TableLine> {
    let mut writer = Writer { bill, at: bill.total_charge.fen(), lines: Vec::new() };
    let opened = openers(bill);
    writer.push("total", "", ("医疗费总额", "这次一共花了多少"), "total", (0, writer.at), Basis::default());
    writer
        .split("non_covered", ("全自费", "目录外，医保不管"), "outside", |line| line.non_covered);
    writer.split("over_limit_price", ("超限价自费", "单价高出限价的部分"), "price", |line| {
        line.over_limit_price
    });
    writer.split("upfront_self_pay", ("先行自付", "乙类等先付一部分"), "upfront", |line| {
        line.upfront_self_pay
    });
    let scope = bill.in_scope_amount.fen();
    writer.leaves("in_scope", ("符合政策范围金额", "进入报销计算的钱"), "scope", scope, Basis::default());
    opening(&mut writer, &bill.steps[..opened]);
    later(&mut writer, &bill.steps[opened..]);
    purses(&mut writer);
    writer.lines
}

/// What an account pays first, the deductible, what the opening layers pay, what lies over the ceiling, and what remains.
fn opening(writer: &mut Writer<'_>, steps: &[StepAnswer]) {
    let bill = writer.bill;
    if let Some(first) = bill.account_first {
        let mut basis = writer.portion(|row| row == "account_first");
        for step in bill.steps.iter().filter(|step| step.kind == "purse" && step.triggered) {
            basis.say(&step.reason);
            basis.cite(&step.clauses);
        }
        writer.less("account_first", ("账户先付", "这里当年账户先付"), "account", first.fen(), basis);
    }
    let mut basis = writer.portion(|row| row == "deductible");
    basis.clauses.clear();
    for step in steps {
        if let Some(deductible) = &step.deductible {
            basis.say(&deductible.reason);
        }
        basis.cite(step.clauses.iter().filter(|clause| clause.rule_id.contains(".deductible")));
    }
    let taken = bill.deductible_applied.fen();
    writer.less("deductible", ("起付", "报销前先由您付的门槛"), "deductible", taken, basis);
    for step in steps.iter().filter(|step| is_fund(step)) {
        let mut basis = Basis::of_step(step);
        basis.clauses.retain(|clause| !clause.rule_id.contains(".deductible"));
        layer(writer, step, &rates(step), basis);
    }
    if !bill.over_ceiling_amount.is_zero() {
        let basis = writer.portion(|row| row == "over_ceiling");
        let over = bill.over_ceiling_amount.fen();
        writer.less("over_ceiling", ("超限额金额", "超过最高支付限额的部分"), "ceiling", over, basis);
    }
    // What the fund pays of the bands, and by which clause, stands in the line above.
    let is_personal = |payer: &str| matches!(class_of(payer), "account" | "kin" | "cash");
    let basis = writer.part(|row| row.starts_with("band:"), is_personal);
    let own = bill.proportional_self_pay.fen();
    writer.leaves("own_share", ("按比例自付", "报销后剩下归个人的那几成"), "own", own, basis);
}

fn layer(writer: &mut Writer<'_>, step: &StepAnswer, meaning: &str, basis: Basis) {
    let id = format!("layer-{}", step.layer);
    writer.less(&id, (&step.label, meaning), class_of(&step.payer), step.paid.fen(), basis);
}

/// The person's whole part before the later funds, then what these take off it.
fn later(writer: &mut Writer<'_>, steps: &[StepAnswer]) {
    let paying: Vec<&StepAnswer> =
        steps.iter().filter(|step| is_fund(step) && !step.paid.is_zero()).collect();
    let burden = writer.bill.personal_burden.fen();
    writer.at = burden + paying.iter().map(|step| step.paid.fen()).sum::<i64>();
    for step in paying {
        let meaning = if step.kind == "guarantee" { "保底".to_owned() } else { rates(step) };
        layer(writer, step, &meaning, Basis::of_step(step));
    }
    let mut basis = Basis::default();
    basis.say(&writer.bill.words.why);
    writer.leaves("burden", ("个人负担总额", "您家要出的钱"), "burden", burden, basis);
}

/// Which purses pay the person's part.
fn purses(writer: &mut Writer<'_>) {
    let bill = writer.bill;
    for step in bill.steps.iter().filter(|step| step.kind == "purse" && !step.paid.is_zero()) {
        layer(writer, step, "", Basis::of_step(step));
    }
    let mut basis = Basis::default();
    basis.say("前面各处都付过之后余下的，就是现金支付：现场付的，含微信、支付宝、银行卡");
    writer.less("cash", ("现金支付", "您现场付的"), "cash", bill.cash_paid.fen(), basis);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn demo() -> BillAnswer {
        let text = include_str!("../../../tests/fixtures/demo-answer.json");
        let answer: gongji_cases::Answer = serde_json::from_str(text).unwrap();
        answer.last().unwrap().clone()
    }

    #[test]
    fn each_line_starts_where_the_last_ended() {
        let told: Vec<_> = table(&demo())
            .into_iter()
            .map(|line| format!("{}{} {} {}+{}", line.sign, line.label, line.amount, line.x, line.width))
            .collect();
        assert_eq!(
            told,
            [
                "医疗费总额 28,630.93 0%+100.00%",
                "−全自费 1,236.50 95.68%+4.32%",
                "−超限价自费 480.00 94.00%+1.68%",
                "−先行自付 1,927.07 87.27%+6.73%",
                "=符合政策范围金额 24,987.36 0%+87.27%",
                "−起付 1,200.00 83.08%+4.19%",
                "−统筹基金 20,632.88 11.02%+72.07%",
                "=按比例自付 3,154.48 0%+11.02%",
                "=个人负担总额 7,998.05 0%+27.93%",
                "−个人账户（历年） 2,156.30 20.40%+7.53%",
                "−家庭共济 3,000.00 9.93%+10.48%",
                "−现金支付 2,841.75 0%+9.93%",
            ]
        );
    }
}
