//! `gongji book`: commands as JSON.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::mpsc::Receiver;

use gongji_agency::command::Command;
use gongji_agency::office::{Answer, Failure};
use gongji_agency::refusal::Refusal;
use serde_json::{Map, Value, json};

use crate::arguments::Book;
use crate::exit::{Outcome, Stop};
use crate::office::{Counter, key_of, stop};
use crate::progress;
use crate::shelf::read_input;

/// The largest file that is read.
const LIMIT: u64 = 1 << 30;

/// So many commands are under way at once at most.
const UNDER_WAY: usize = 2_048;

/// Books one command, or a file of them.
pub fn run(book: &Book) -> Outcome {
    match (&book.kind, &book.lines) {
        (Some(kind), _) => one(book, kind),
        (None, Some(lines)) => many(book, lines),
        // The arguments need one of the two.
        (None, None) => Err(Stop::bad_input("要写业务名称，或 --lines 文件")),
    }
}

fn one(book: &Book, kind: &str) -> Outcome {
    let text = read_input(&book.file, LIMIT)?;
    let command = Command::read(kind, &text).map_err(Stop::bad_input)?;
    let counter = Counter::open(&book.agency)?;
    let key = match &book.key {
        Some(key) => key.clone(),
        None => key_of(&command)?,
    };
    let answer = counter.office.book(&counter.actor, &key, command).map_err(stop)?;
    let text = serde_json::to_string_pretty(&told(&key, &answer)?).map_err(Stop::failed)?;
    anstream::println!("{text}");
    if answer.replayed {
        anstream::eprintln!("这个键先前已经记过账，以上是那一次的答复");
    }
    Ok(())
}

fn told(key: &str, answer: &Answer) -> Result<Value, Stop> {
    let mut line = object(json!({ "key": key }));
    line.extend(object(serde_json::to_value(answer).map_err(Stop::failed)?));
    Ok(Value::Object(line))
}

/// A command under way: its line, its key, and where the answer will come.
type Asked = (usize, String, Receiver<Result<Answer, Failure>>);

/// One command of a file.
struct Line {
    number: usize,
    key: String,
    command: Command,
}

/// Every line is read before the first is booked, so that a file with a mistake changes nothing.
fn many(book: &Book, file: &Path) -> Outcome {
    let text = read_input(file, LIMIT)?;
    let mut lines = Vec::new();
    for (at, text) in text.lines().enumerate().filter(|(_, text)| !text.trim().is_empty()) {
        let line = read(at + 1, text)
            .map_err(|problem| Stop::BadInput(format!("第 {} 行：{problem}；什么也没有记账", at + 1)))?;
        lines.push(line);
    }
    if lines.is_empty() {
        return Err(Stop::bad_input("文件里一笔业务也没有"));
    }
    let counter = Counter::open(&book.agency)?;
    let bar = progress::bar(lines.len() as u64, "记账");
    let mut waiting: VecDeque<Asked> = VecDeque::new();
    let mut counts = Counts::default();
    for line in lines {
        if waiting.len() >= UNDER_WAY {
            take(&mut waiting, &mut counts)?;
            bar.inc(1);
        }
        let told = counter.hand_in(&line.key, line.command);
        waiting.push_back((line.number, line.key, told));
    }
    while !waiting.is_empty() {
        take(&mut waiting, &mut counts)?;
        bar.inc(1);
    }
    bar.finish_and_clear();
    anstream::eprintln!(
        "记账 {} 笔，先前已记 {} 笔，拒绝 {} 笔",
        counts.booked,
        counts.replayed,
        counts.refused
    );
    if counts.refused > 0 { Err(Stop::Said) } else { Ok(()) }
}

#[derive(Default)]
struct Counts {
    booked: usize,
    replayed: usize,
    refused: usize,
}

/// Waits for the eldest command under way and prints its answer, a line each.
fn take(waiting: &mut VecDeque<Asked>, counts: &mut Counts) -> Outcome {
    let Some((number, key, told)) = waiting.pop_front() else { return Ok(()) };
    let answer = told.recv().map_err(|_| Stop::failed("服务没有答复"))?;
    let line = match answer {
        Ok(answer) => {
            *(if answer.replayed { &mut counts.replayed } else { &mut counts.booked }) += 1;
            let mut line = told_line(number);
            line.extend(object(self::told(&key, &answer)?));
            line
        }
        Err(Failure::Refused(refusal)) => {
            counts.refused += 1;
            anstream::eprintln!("第 {number} 行：{refusal}");
            let mut line = told_line(number);
            line.extend(object(json!({ "key": key, "refused": refusal })));
            line
        }
        Err(failure @ Failure::Store(_)) => return Err(stop(failure)),
    };
    anstream::println!("{}", Value::Object(line));
    Ok(())
}

fn told_line(number: usize) -> Map<String, Value> {
    object(json!({ "line": number }))
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

/// A line: the command's fields, its kind and its key side by side.
fn read(number: usize, text: &str) -> Result<Line, Refusal> {
    let malformed = |problem: &str| Refusal::new("malformed", problem);
    let value: Value = serde_json::from_str(text).map_err(|error| malformed("不是 JSON").found(error))?;
    let Value::Object(mut members) = value else {
        return Err(malformed("应为一个 JSON 对象").expected("{\"kind\":\"…\",\"key\":\"…\",…}"));
    };
    let mut word = |name: &str| match members.shift_remove(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(other) => Err(malformed("应为文字").at(name).found(other)),
    };
    let kind = word("kind")?.ok_or_else(|| {
        Refusal::new("missing_field", "缺少字段").at("kind").hint("业务名称见 gongji commands")
    })?;
    let key = word("key")?;
    let command = Command::read(&kind, &Value::Object(members).to_string())?;
    let key = match key {
        Some(key) => key,
        None => key_of(&command).map_err(|_| malformed("写不成 JSON"))?,
    };
    Ok(Line { number, key, command })
}
