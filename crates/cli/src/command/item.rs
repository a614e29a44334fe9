//! `gongji item import`, `export`: the catalogue as CSV.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;

use gongji_agency::Stop as Halt;
use gongji_agency::command::{Command, ItemAsked, PutItems, Yuan};
use gongji_agency::desk::{Desk, Row};
use gongji_agency::port::StoreError;
use gongji_agency::row::{Item, ItemKind};
use gongji_money::Fen;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::arguments::{ItemExport, ItemImport};
use crate::exit::{Outcome, Stop};
use crate::office::Counter;
use crate::shelf::read_input;

/// The largest file that is read.
const LIMIT: u64 = 1 << 30;

/// So many items go into one command at most.
const TOGETHER: usize = 5_000;

/// A version of an item, a line each. Price caps as `3=100.00;*=80.00`, in yuan by level of institution.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    area: String,
    code: String,
    name: String,
    kind: ItemKind,
    unit: String,
    class: String,
    item_class: Option<String>,
    upfront_ratio: Option<String>,
    price_caps: String,
    from: Date,
    to: Option<Date>,
}

impl Line {
    fn asked(&self) -> Result<ItemAsked, String> {
        let mut price_caps = BTreeMap::new();
        for cap in self.price_caps.split(';').filter(|cap| !cap.trim().is_empty()) {
            let malformed = || format!("price_caps 读不懂：“{cap}”；应如 3=100.00;*=80.00");
            let (level, amount) = cap.split_once('=').ok_or_else(malformed)?;
            let amount: Fen = amount.trim().parse().map_err(|_| malformed())?;
            price_caps.insert(level.trim().to_owned(), Yuan(amount));
        }
        let filled = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        Ok(ItemAsked {
            code: self.code.clone(),
            name: self.name.clone(),
            kind: self.kind,
            unit: self.unit.clone(),
            class: self.class.clone(),
            item_class: filled(&self.item_class),
            upfront_ratio: filled(&self.upfront_ratio),
            price_caps,
            from: self.from,
            to: self.to,
        })
    }
}

/// The commands that a file of items asks for; each at most some thousand items of one area.
///
/// # Errors
/// The first line that cannot be read.
pub fn commands(path: &Path) -> Result<Vec<PutItems>, Stop> {
    let text = read_input(path, LIMIT)?;
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let mut by_area: BTreeMap<String, Vec<ItemAsked>> = BTreeMap::new();
    for (at, line) in reader.deserialize::<Line>().enumerate() {
        // The first line holds the names of the columns.
        let problem = |problem: String| {
            Stop::BadInput(format!("{} 第 {} 行：{problem}；什么也没有记账", path.display(), at + 2))
        };
        let line = line.map_err(|error| problem(error.to_string()))?;
        by_area.entry(line.area.clone()).or_default().push(line.asked().map_err(problem)?);
    }
    let mut commands = Vec::new();
    for (area, mut items) in by_area {
        // Versions of one item in order of time.
        items.sort_by(|one, other| (&one.code, one.from).cmp(&(&other.code, other.from)));
        for some in items.chunks(TOGETHER) {
            commands.push(PutItems { area: area.clone(), items: some.to_vec() });
        }
    }
    Ok(commands)
}

/// Puts the items of a file into the catalogue.
pub fn import(import: &ItemImport) -> Outcome {
    let commands = commands(&import.file)?;
    if commands.is_empty() {
        return Err(Stop::bad_input("文件里一个项目也没有"));
    }
    let counter = Counter::open(&import.agency)?;
    let count: usize = commands.iter().map(|command| command.items.len()).sum();
    for command in commands {
        counter.book(Command::PutItems(command))?;
    }
    anstream::println!("已导入 {count} 个项目版本");
    Ok(())
}

/// Every version of every item, in order of area and code.
///
/// # Errors
/// The store's.
pub fn lines(desk: &mut Desk<'_>) -> Result<Vec<Line>, Halt> {
    let (mut lines, mut after) = (Vec::new(), String::new());
    loop {
        let page = desk.view().page(Item::KIND, "", &after, 1_000)?;
        let Some((last, _)) = page.last() else { return Ok(lines) };
        after.clone_from(last);
        for (id, body) in &page {
            let item: Item = serde_json::from_str(body)
                .map_err(|error| StoreError::Corrupt(format!("item/{id}：{error}")))?;
            let area = id.split_once('/').map_or("", |(area, _)| area);
            lines.extend(item.versions.iter().map(|version| {
                let caps: Vec<String> = version
                    .price_caps
                    .iter()
                    .map(|(level, fen)| format!("{level}={}", Fen::new(*fen)))
                    .collect();
                Line {
                    area: area.to_owned(),
                    code: item.code.clone(),
                    name: item.name.clone(),
                    kind: item.kind,
                    unit: item.unit.clone(),
                    class: version.class.clone(),
                    item_class: version.item_class.clone(),
                    upfront_ratio: version.upfront_ratio.clone(),
                    price_caps: caps.join(";"),
                    from: version.from,
                    to: version.to,
                }
            }));
        }
    }
}

/// Writes lines as CSV.
///
/// # Errors
/// A file that cannot be written.
pub fn write<T: Serialize>(to: impl Write, lines: impl IntoIterator<Item = T>) -> Result<usize, Stop> {
    let mut writer = csv::Writer::from_writer(to);
    let mut count = 0;
    for line in lines {
        writer.serialize(line).map_err(Stop::failed)?;
        count += 1;
    }
    writer.flush().map_err(Stop::failed)?;
    Ok(count)
}

/// Writes the catalogue.
pub fn export(export: &ItemExport) -> Outcome {
    let counter = Counter::open(&export.agency)?;
    let lines = counter.look(|desk, _| lines(desk))?;
    if export.file == Path::new("-") {
        write(io::stdout().lock(), lines)?;
        return Ok(());
    }
    let file = std::fs::File::create_new(&export.file)
        .map_err(|error| Stop::BadInput(format!("无法写 {}：{error}", export.file.display())))?;
    let count = write(io::BufWriter::new(file), lines)?;
    anstream::println!("已导出 {count} 个项目版本到 {}", export.file.display());
    Ok(())
}
