//! `gongji policy matrix`.

use gongji_policy::Grade;
use gongji_policy::view::{MatrixCell, MatrixRow, Topic, matrix};
use serde_json::{Map, Value, json};
use unicode_width::UnicodeWidthStr;

use crate::arguments::{Format, PolicyMatrix};
use crate::exit::{Outcome, Stop};
use crate::shelf::Shelf;
use crate::terminal::{Side, pad};

const GRADES: [Grade; 4] = [Grade::Official, Grade::Press, Grade::Web, Grade::Unverified];

/// The topics that stand side by side in one table, so that it fits a screen: how money comes in, how it is paid out.
const WIDE: usize = 8;

/// A piece of a cell with its colour as terminals number them.
type Piece = (String, u8);

/// Green, blue, yellow, red: from what is well known to what is not.
const fn colour(grade: Grade) -> u8 {
    match grade {
        Grade::Official => 32,
        Grade::Press => 34,
        Grade::Web => 33,
        Grade::Unverified => 31,
    }
}

/// Best and worst grade with their counts, and what is unknown.
fn pieces(cell: &MatrixCell) -> Vec<Piece> {
    let mut grades: Vec<Grade> = cell.best().into_iter().chain(cell.worst()).collect();
    grades.dedup();
    let mut pieces: Vec<Piece> = grades
        .into_iter()
        .map(|grade| {
            let count = cell.grades.get(&grade).copied().unwrap_or_default();
            (format!("{}{count}", grade.letter()), colour(grade))
        })
        .collect();
    if cell.unknown > 0 {
        pieces.push((format!("?{}", cell.unknown), 35));
    }
    if pieces.is_empty() {
        pieces.push(("—".to_owned(), 2));
    }
    pieces
}

fn plain(pieces: &[Piece]) -> String {
    pieces.iter().map(|(text, _)| text.as_str()).collect::<Vec<_>>().join(" ")
}

/// The pieces in colour, padded to a width that the colours do not count in.
fn painted(pieces: &[Piece], width: usize) -> String {
    let text: Vec<String> =
        pieces.iter().map(|(text, colour)| format!("\x1b[{colour}m{text}\x1b[0m")).collect();
    format!("{}{}", text.join(" "), " ".repeat(width.saturating_sub(plain(pieces).width())))
}

/// One table over some of the topics.
fn block(rows: &[MatrixRow], from: usize) -> String {
    let cells = |row: &MatrixRow| -> Vec<Vec<Piece>> {
        row.cells.iter().skip(from).take(WIDE).map(|(_, cell)| pieces(cell)).collect()
    };
    let name = |row: &MatrixRow| format!("{} {}", row.code, row.name);
    let names = rows.iter().map(|row| name(row).width()).max().unwrap_or_default();
    let head: Vec<&str> = Topic::ALL.iter().skip(from).take(WIDE).map(|topic| topic.label()).collect();
    let mut widths: Vec<usize> = head.iter().map(|label| label.width()).collect();
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(cells(row)) {
            *width = (*width).max(plain(&cell).width());
        }
    }
    let line = |first: String, cells: Vec<String>| {
        format!("{}  {}", pad(&first, names, Side::Left), cells.join("  ")).trim_end().to_owned() + "\n"
    };
    let heads = head.iter().zip(&widths).map(|(label, width)| pad(label, *width, Side::Left)).collect();
    let mut text = line("统筹区".to_owned(), heads);
    text.push_str(&"─".repeat(names + widths.iter().map(|width| width + 2).sum::<usize>()));
    text.push('\n');
    for row in rows {
        let cells = cells(row).iter().zip(&widths).map(|(cell, width)| painted(cell, *width)).collect();
        text.push_str(&line(name(row), cells));
    }
    text
}

fn cell_json(cell: &MatrixCell) -> Value {
    let count =
        |grade: &Grade| (grade.name().to_owned(), json!(cell.grades.get(grade).copied().unwrap_or(0)));
    json!({
        "best": cell.best().map(Grade::name),
        "worst": cell.worst().map(Grade::name),
        "grades": GRADES.iter().map(count).collect::<Map<_, _>>(),
        "unknown": cell.unknown,
    })
}

fn answer(rows: &[MatrixRow]) -> Value {
    let topics = Topic::ALL.map(|topic| json!({ "name": topic.name(), "label": topic.label() }));
    let area = |row: &MatrixRow| {
        let cells: Map<String, Value> =
            row.cells.iter().map(|(topic, cell)| (topic.name().to_owned(), cell_json(cell))).collect();
        json!({ "code": row.code, "name": row.name, "cells": cells })
    };
    json!({ "topics": topics, "areas": rows.iter().map(area).collect::<Vec<_>>() })
}

/// Prints areas × topics with the grades of what is known.
pub fn run(asked: &PolicyMatrix) -> Outcome {
    let shelf = Shelf::sound(&asked.packs)?;
    let rows = matrix(&shelf.packs, asked.on);
    if asked.format == Format::Json {
        let text = serde_json::to_string_pretty(&answer(&rows)).map_err(Stop::failed)?;
        anstream::println!("{text}");
        return Ok(());
    }
    for from in (0..Topic::ALL.len()).step_by(WIDE) {
        anstream::println!("{}", block(&rows, from));
    }
    let grades: Vec<String> = GRADES
        .iter()
        .map(|grade| format!("\x1b[{}m{}\x1b[0m {}", colour(*grade), grade.letter(), grade.label()))
        .collect();
    anstream::println!(
        "每格是最好和最差的来源等级及条数：{}；\x1b[35m?\x1b[0m 明写未知的条数；— 没有规则",
        grades.join("，")
    );
    anstream::println!("异地就医：点名统筹区外或非本地备案的条；某地的逐条内容用 gongji policy show 看");
    Ok(())
}
