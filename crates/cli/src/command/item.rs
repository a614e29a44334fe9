//! `gongji item import`, `export`: the catalogue as a table.

use std::fs;
use std::path::Path;

use gongji_agency::catalogue::{items_from_csv, items_to_csv};
use gongji_agency::command::Command;
use gongji_agency::look::every_item;

use crate::arguments::{ItemExport, ItemImport};
use crate::exit::{Outcome, Stop};
use crate::office::Counter;
use crate::shelf::read_input;

/// The largest file that is read.
const LIMIT: u64 = 1 << 30;

/// Puts the items of a file into the catalogue of an area.
pub fn import(import: &ItemImport) -> Outcome {
    let text = read_input(&import.file, LIMIT)?;
    let put = items_from_csv(&import.area, &text).map_err(Stop::bad_input)?;
    let counter = Counter::open(&import.agency)?;
    let count = put.items.len();
    let answer = counter.book(Command::PutItems(put))?;
    let again = if answer.replayed { "先前已" } else { "已" };
    let changed = answer.result.get("items").and_then(serde_json::Value::as_u64).unwrap_or_default();
    anstream::println!("{again}导入 {count} 个项目版本，其中 {changed} 个项目有变化");
    Ok(())
}

/// Writes the catalogue of an area.
pub fn export(export: &ItemExport) -> Outcome {
    let counter = Counter::open(&export.agency)?;
    let items = counter.look(|desk, context| every_item(desk, context, &export.area))?;
    if items.is_empty() {
        return Err(Stop::BadInput(format!("统筹区 {} 没有目录项目", export.area)));
    }
    let text = items_to_csv(&items).map_err(Stop::failed)?;
    if export.file == Path::new("-") {
        anstream::print!("{text}");
        return Ok(());
    }
    if export.file.exists() {
        return Err(Stop::BadInput(format!("{} 已经存在，不覆盖；换一个文件名", export.file.display())));
    }
    fs::write(&export.file, text)
        .map_err(|error| Stop::Failed(format!("无法写 {}：{error}", export.file.display())))?;
    anstream::println!("已导出 {} 个项目到 {}", items.len(), export.file.display());
    Ok(())
}
