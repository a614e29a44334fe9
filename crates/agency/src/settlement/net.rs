//! 退费: lines that take others back, set against them before a bill is settled.

use std::collections::BTreeMap;

use gongji_money::{Fen, Rate};

use crate::refusal::Refusal;
use crate::row::{Line, LineAt, Lines};

/// A line as it is settled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NetLine {
    /// Where it was uploaded.
    pub at: LineAt,
    /// The line, less what was taken back of it.
    pub line: Line,
}

/// Millionths of a unit: the finest that a quantity has.
const FINEST: i128 = 1_000_000;

fn millionths(line: &Line) -> Option<i128> {
    let quantity: Rate = line.quantity.parse().ok()?;
    let scaled = i128::from(quantity.numerator()) * FINEST;
    (scaled % i128::from(quantity.denominator()) == 0).then(|| scaled / i128::from(quantity.denominator()))
}

/// A quantity of so many millionths as text.
fn text(millionths: i128) -> String {
    let digits = format!("{:07}", millionths);
    let (whole, fraction) = digits.split_at(digits.len() - 6);
    match fraction.trim_end_matches('0') {
        "" => whole.to_owned(),
        fraction => format!("{whole}.{fraction}"),
    }
}

/// The lines of some batches as they are settled: without those that were cancelled or taken back whole, less what was taken back of others.
///
/// # Errors
/// The refusals `return_unmatched` for a line that takes back what is not among them, and `return_exceeds` for more than there was.
pub fn net<'rows>(batches: impl IntoIterator<Item = (u32, &'rows Lines)>) -> Result<Vec<NetLine>, Refusal> {
    let (mut kept, mut returns) = (Vec::new(), Vec::new());
    for (batch, rows) in batches {
        for (number, line) in (1..).zip(&rows.lines) {
            let at = LineAt { batch, line: number };
            match line.returns {
                _ if line.cancelled => {}
                None => kept.push(NetLine { at, line: line.clone() }),
                Some(of) => returns.push((at, of, line)),
            }
        }
    }
    if returns.is_empty() {
        return Ok(kept);
    }
    let places: BTreeMap<LineAt, usize> = kept.iter().enumerate().map(|(at, line)| (line.at, at)).collect();
    for (at, of, back) in returns {
        let refusal = |code: &'static str, problem: &'static str| {
            Refusal::new(code, problem).at(format!("第 {} 批第 {} 条", at.batch, at.line)).found(format!(
                "退第 {} 批第 {} 条，数量 {}，金额 {}",
                of.batch,
                of.line,
                back.quantity,
                Fen::new(back.amount)
            ))
        };
        let unmatched = || {
            refusal("return_unmatched", "要退的明细不在这次待结算的明细里")
                .hint("已经结算的先撤销结算；撤销明细时连同它的退费一起撤销")
        };
        let line = &mut kept[*places.get(&of).ok_or_else(unmatched)?].line;
        if line.code != back.code || line.unit_price != back.unit_price {
            return Err(refusal("return_unmatched", "退费的项目或单价与要退的明细不同"));
        }
        let exceeds = || refusal("return_exceeds", "退的比剩下的多");
        let left = millionths(line).zip(millionths(back)).map(|(has, back)| has - back);
        let left = left.filter(|left| *left >= 0).ok_or_else(exceeds)?;
        let amount =
            line.amount.checked_add(back.amount).filter(|amount| *amount >= 0).ok_or_else(exceeds)?;
        if left == 0 && amount != 0 {
            return Err(refusal("line_amount", "数量退完了，金额没有退完")
                .expected(format!("金额 {}", Fen::new(-line.amount))));
        }
        (line.quantity, line.amount) = (text(left), amount);
    }
    kept.retain(|line| line.line.quantity != "0");
    Ok(kept)
}

#[cfg(test)]
mod tests {
    use jiff::civil::Date;

    use super::*;

    fn line(quantity: &str, amount: i64, returns: Option<(u32, u32)>) -> Line {
        Line {
            code: "D1".to_owned(),
            name: String::new(),
            on: Date::constant(2026, 6, 1),
            quantity: quantity.to_owned(),
            unit_price: 100,
            amount,
            returns: returns.map(|(batch, line)| LineAt { batch, line }),
            cancelled: false,
        }
    }

    fn netted(lines: &[Line]) -> Result<Vec<(u32, String, i64)>, String> {
        let rows = Lines { lines: lines.to_vec() };
        match net([(1, &rows)]) {
            Ok(net) => Ok(net.into_iter().map(|n| (n.at.line, n.line.quantity, n.line.amount)).collect()),
            Err(refusal) => Err(refusal.code.to_string()),
        }
    }

    #[test]
    fn what_was_taken_back_is_not_settled() {
        let back = |quantity: &str, amount: i64| line(quantity, amount, Some((1, 1)));
        let whole = [line("3", 300, None), back("1", -100), back("0.5", -50), line("2", 200, None)];
        assert_eq!(netted(&whole), Ok(vec![(1, "1.5".to_owned(), 150), (4, "2".to_owned(), 200)]));
        assert_eq!(netted(&[line("1", 100, None), back("1", -100)]), Ok(vec![]));
        for (lines, code) in [
            (vec![line("1", 100, None), back("2", -200)], "return_exceeds"),
            (vec![line("2", 200, None), back("1", -201)], "return_exceeds"),
            (vec![line("1", 100, None), back("1", -99)], "line_amount"),
            (vec![line("1", 100, None), line("1", -100, Some((1, 9)))], "return_unmatched"),
            (vec![Line { cancelled: true, ..line("1", 100, None) }, back("1", -100)], "return_unmatched"),
            (
                vec![line("2", 200, None), Line { code: "D2".to_owned(), ..back("1", -100) }],
                "return_unmatched",
            ),
        ] {
            assert_eq!(netted(&lines), Err(code.to_owned()));
        }
        let cancelled = [line("1", 100, None), Line { cancelled: true, ..back("1", -100) }];
        assert_eq!(netted(&cancelled), Ok(vec![(1, "1".to_owned(), 100)]));
    }

    #[test]
    fn quantities_are_written_short() {
        for (millionths, expected) in [(0, "0"), (1_500_000, "1.5"), (1, "0.000001"), (12_000_000, "12")] {
            assert_eq!(text(millionths), expected);
        }
    }
}
