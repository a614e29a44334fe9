//! The statement of an area's funds as a picture: for each fund what came in by source and what went out by kind, as two aligned bars, and what it
//! held month by month.

use askama::Template;
use gongji_agency::look::{FundLineSeen, FundSeen, FundStatement};
use gongji_money::Fen;

use crate::page::view::spoken;

/// Patterns of segments, in order of size: those of the page of a bill, unlike without their colours.
const PATTERNS: [&str; 12] = [
    "pooled",
    "extra",
    "aid",
    "account",
    "hospital",
    "kin",
    "upfront",
    "price",
    "deductible",
    "own",
    "ceiling",
    "outside",
];

/// How wide a whole bar is, and the line of months.
const WIDE: i64 = 848;
/// How wide the picture is.
const ACROSS: i64 = 880;
/// Where bars begin.
const LEFT: i64 = 16;
/// Below the title of the picture.
const TOP: i64 = 64;
/// A line of text.
const ROW: i64 = 24;
/// A bar with its heading.
const BAR: i64 = 60;
/// The line of months with its headings.
const CURVE: i64 = 128;
/// How high the line of months itself is.
const RISE: i64 = 72;

/// A part of a bar and its entry in the key.
struct Part {
    pattern: &'static str,
    label: &'static str,
    amount: String,
    share: String,
    x: String,
    width: String,
    key_x: i64,
    key_y: i64,
}

/// Income or expenditure.
struct Side {
    heading: String,
    y: i64,
    parts: Vec<Part>,
}

/// A month's end.
struct Dot {
    x: i64,
    y: i64,
    label: String,
    spoken: String,
}

/// A fund.
struct Block {
    y: i64,
    title: String,
    told: String,
    sides: [Side; 2],
    curve_y: i64,
    zero_y: i64,
    line: String,
    dots: Vec<Dot>,
}

#[derive(Template)]
#[template(path = "fund_picture.svg", escape = "html")]
struct Picture {
    across: i64,
    height: i64,
    title: String,
    blocks: Vec<Block>,
}

/// A part of the width of a bar, in pixels with one decimal.
fn along(part: i64, whole: i64) -> String {
    let tenths = i128::from(part) * i128::from(WIDE) * 10 / i128::from(whole.max(1));
    format!("{}.{}", tenths / 10, tenths % 10)
}

fn shifted(tenths: &str, by: i64) -> String {
    let (pixels, rest) = tenths.split_once('.').unwrap_or((tenths, "0"));
    format!("{}.{rest}", pixels.parse::<i64>().unwrap_or(0) + by)
}

/// What was there when the books began is income of no year: beside it everything else would be too thin to see.
const BEGAN: &str = "opening";

/// Lines that are above nothing, as they count for a bar.
fn drawn(lines: &[FundLineSeen]) -> i64 {
    let drawn = lines.iter().filter(|line| line.line != BEGAN);
    drawn.map(|line| line.amount.fen().max(0)).fold(0, i64::saturating_add)
}

fn side(name: &str, sum: Fen, lines: &[FundLineSeen], (y, whole): (i64, i64)) -> Side {
    let began: Option<Fen> = lines.iter().find(|line| line.line == BEGAN).map(|line| line.amount);
    let mut lines: Vec<&FundLineSeen> = lines.iter().filter(|line| line.line != BEGAN).collect();
    lines.sort_by_key(|line| (-line.amount.fen(), &line.line));
    let all = sum.fen().saturating_sub(began.map_or(0, Fen::fen));
    let mut start = 0_i64;
    let mut parts = Vec::with_capacity(lines.len());
    for (at, line) in lines.into_iter().enumerate() {
        let fen = line.amount.fen().max(0);
        let place = i64::try_from(at).unwrap_or(0);
        parts.push(Part {
            pattern: PATTERNS.get(at).copied().unwrap_or("cash"),
            label: line.label,
            amount: line.amount.grouped(),
            share: spoken(fen, all),
            x: shifted(&along(start, whole), LEFT),
            width: along(fen, whole),
            key_x: LEFT + place % 2 * (WIDE / 2),
            key_y: y + BAR + place / 2 * ROW,
        });
        start = start.saturating_add(fen);
    }
    let apart = began.map(|fen| format!("，其中建账时的期初余额 {}，图中不画", fen.grouped()));
    Side { heading: format!("{name} {}{}", sum.grouped(), apart.unwrap_or_default()), y, parts }
}

/// How high a side is with its key.
fn high(lines: &[FundLineSeen]) -> i64 {
    let lines = lines.iter().filter(|line| line.line != BEGAN).count();
    BAR + i64::try_from(lines.div_ceil(2)).unwrap_or(0) * ROW + 8
}

fn block(fund: &FundSeen, y: i64, months: i8) -> (Block, i64) {
    let whole = drawn(&fund.income_lines).max(drawn(&fund.expenditure_lines));
    let in_y = y + 44;
    let out_y = in_y + high(&fund.income_lines);
    let curve_y = out_y + high(&fund.expenditure_lines);
    let income = side("收入", fund.income, &fund.income_lines, (in_y, whole));
    let expenditure = side("支出", fund.expenditure, &fund.expenditure_lines, (out_y, whole));
    let begun = usize::try_from(months).unwrap_or(0);
    let held: Vec<(String, Fen)> = std::iter::once(("年初".to_owned(), fund.opening))
        .chain(fund.months.iter().take(begun).map(|month| (format!("{} 月", month.month), month.balance)))
        .collect();
    let most = held.iter().map(|(_, fen)| fen.fen()).max().unwrap_or(0).max(0);
    let least = held.iter().map(|(_, fen)| fen.fen()).min().unwrap_or(0).min(0);
    let range = (i128::from(most) - i128::from(least)).max(1);
    let top = curve_y + 32;
    let down = |fen: i64| {
        let part = (i128::from(most) - i128::from(fen)) * i128::from(RISE) / range;
        top + i64::try_from(part).unwrap_or(0)
    };
    let dots: Vec<Dot> = (0_i64..)
        .zip(&held)
        .map(|(at, (label, fen))| Dot {
            x: LEFT + 16 + at * (WIDE - 32) / 12,
            y: down(fen.fen()),
            label: label.clone(),
            spoken: fen.grouped(),
        })
        .collect();
    let line: Vec<String> = dots.iter().map(|dot| format!("{},{}", dot.x, dot.y)).collect();
    let reserve = match &fund.months_of_reserve {
        Some(months) => format!("，可支付 {months} 个月"),
        None => String::new(),
    };
    let unbalanced = if fund.balanced { "" } else { "，收支与账户余额不符" };
    let block = Block {
        y,
        title: fund.label.clone(),
        told: format!("结余 {}{reserve}{unbalanced}", fund.closing.grouped()),
        sides: [income, expenditure],
        curve_y,
        zero_y: down(0),
        line: line.join(" "),
        dots,
    };
    (block, curve_y + CURVE + 24)
}

/// The picture (SVG) of the statement of an area's funds. `name` is the area as people call it. Amounts are yuan.
///
/// # Errors
/// A template that does not write, which never happens.
pub fn fund_picture(seen: &FundStatement, name: &str) -> Result<String, std::fmt::Error> {
    let mut y = TOP;
    let mut blocks = Vec::with_capacity(seen.funds.len());
    for fund in &seen.funds {
        let (block, next) = block(fund, y, seen.months);
        blocks.push(block);
        y = next;
    }
    let state = match seen.closed_on {
        Some(on) => format!("{on} 结账"),
        None => "未结账".to_owned(),
    };
    let title = format!("{name} {} 年基金收支（元，{state}）", seen.year);
    Picture { across: ACROSS, height: y, title, blocks }.render().map_err(|_| std::fmt::Error)
}
