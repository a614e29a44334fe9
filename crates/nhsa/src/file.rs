//! Files that go up and down: rows of UTF-8 text, cells separated by tabs, zipped.

use std::io::{Cursor, Read, Write};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use crate::fault::Fault;
use crate::wire::Wire;

/// So many bytes at most come in one file, and so many it may hold once unpacked.
const MOST_BYTES: usize = 8 << 20;
const MOST_UNPACKED: u64 = 64 << 20;

/// What stands for nothing in a cell.
const NOTHING: &str = "null";

/// A file as it goes down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its name.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// One row of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row<'text> {
    /// Its line, from 1.
    pub line: usize,
    cells: Vec<&'text str>,
}

impl Row<'_> {
    /// A cell; `None` where it stands for nothing.
    pub fn get(&self, at: usize) -> Option<&str> {
        let cell = self.cells.get(at)?.trim();
        (!cell.is_empty() && !cell.eq_ignore_ascii_case(NOTHING)).then_some(cell)
    }
}

/// A cell that cannot break its row.
fn cell(text: &str) -> String {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.is_empty() { NOTHING.to_owned() } else { text }
}

/// Rows as a zipped text of the name `name`.
///
/// # Errors
/// The fault `internal`, which never happens.
pub fn packed(name: &str, rows: &[Vec<String>]) -> Result<Vec<u8>, Fault> {
    let mut text = String::new();
    for row in rows {
        let cells: Vec<String> = row.iter().map(|text| cell(text)).collect();
        text.push_str(&cells.join("\t"));
        text.push('\n');
    }
    let failed = |_| Fault::new("internal", "文件写不成，请联系经办机构");
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    archive.start_file(name, options).map_err(failed)?;
    archive.write_all(text.as_bytes()).map_err(|error| failed(error.into()))?;
    Ok(archive.finish().map_err(failed)?.into_inner())
}

fn malformed(problem: impl Into<String>) -> Fault {
    Fault::new("malformed_file", problem)
}

/// The text of a zipped file, or of one that is not zipped.
///
/// # Errors
/// The fault `malformed_file`.
pub fn unpacked(bytes: &[u8]) -> Result<String, Fault> {
    let text = if bytes.starts_with(b"PK") {
        let broken = || malformed("压缩文件读不懂，应为 zip，里面一个 TXT");
        let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| broken())?;
        if archive.len() != 1 {
            return Err(malformed(format!("压缩文件里应为一个 TXT，装了 {} 个文件", archive.len())));
        }
        let mut text = Vec::new();
        let inside = archive.by_index(0).map_err(|_| broken())?;
        inside.take(MOST_UNPACKED + 1).read_to_end(&mut text).map_err(|_| broken())?;
        if text.len() as u64 > MOST_UNPACKED {
            return Err(malformed("压缩文件展开后过大"));
        }
        text
    } else {
        bytes.to_vec()
    };
    String::from_utf8(text).map_err(|_| malformed("文件应为 UTF-8 的文字；是否存成了 GBK"))
}

/// The rows of a text with so many columns. A first line with the names of the columns is left out.
///
/// # Errors
/// The fault `malformed_file`.
pub fn rows<'text>(text: &'text str, columns: &[&str]) -> Result<Vec<Row<'text>>, Fault> {
    let text = text.trim_start_matches('\u{feff}');
    let lines = text.lines().enumerate().map(|(at, line)| (at + 1, line.trim_end_matches('\r')));
    let mut found = Vec::new();
    for (line, written) in lines.filter(|(_, line)| !line.trim().is_empty()) {
        let cells: Vec<&str> = written.split('\t').collect();
        if cells.len() != columns.len() {
            return Err(malformed(format!(
                "第 {line} 行有 {} 列，应为 {} 列，以制表符分隔：{}",
                cells.len(),
                columns.len(),
                columns.join("、")
            )));
        }
        if line == 1 && cells.first() == columns.first() {
            continue;
        }
        found.push(Row { line, cells });
    }
    Ok(found)
}

/// The bytes of a file in a message: base64, or a list of bytes as some languages write it (−128 to 127, or 0 to 255).
///
/// # Errors
/// The faults `missing_field` and `malformed_file`.
pub fn bytes_of(wire: Option<&Wire>) -> Result<Vec<u8>, Fault> {
    let bytes = match wire.filter(|wire| !wire.is_absent()) {
        None => return Err(Fault::new("missing_field", "fsUploadIn.in（文件数据） 没有填写")),
        Some(Wire::List(entries)) => {
            let byte = |entry: &Wire| {
                let number = match entry {
                    Wire::Number(digits) | Wire::Text(digits) => digits.trim().parse::<i16>().ok()?,
                    _ => return None,
                };
                let number = if (-128..0).contains(&number) { number + 256 } else { number };
                u8::try_from(number).ok()
            };
            let bytes: Option<Vec<u8>> = entries.iter().map(byte).collect();
            bytes.ok_or_else(|| malformed("fsUploadIn.in（文件数据）应为字节的数组，或 base64 文字"))?
        }
        Some(Wire::Text(text)) => {
            let text: String = text.chars().filter(|c| !c.is_ascii_whitespace()).collect();
            let read = STANDARD.decode(&text).or_else(|_| STANDARD_NO_PAD.decode(&text));
            read.map_err(|_| malformed("fsUploadIn.in（文件数据）应为字节的数组，或 base64 文字"))?
        }
        Some(_) => return Err(malformed("fsUploadIn.in（文件数据）应为字节的数组，或 base64 文字")),
    };
    if bytes.len() > MOST_BYTES {
        return Err(malformed(format!("文件至多 {MOST_BYTES} 个字节，有 {} 个", bytes.len())));
    }
    Ok(bytes)
}

/// Bytes as base64.
pub fn base64_of(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// The bytes of a kept file.
pub fn kept(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_unpacks() {
        let told = vec![vec!["S1".to_owned(), "一\t二\n三".to_owned(), String::new()], vec!["S2".into(); 3]];
        let bytes = packed("a.txt", &told).expect("a file");
        assert!(bytes.starts_with(b"PK"));
        assert_eq!(unpacked(&bytes).expect("text"), "S1\t一 二 三\tnull\nS2\tS2\tS2\n");
        assert_eq!(bytes, packed("a.txt", &told).expect("a file"), "the same rows are the same bytes");
    }

    #[test]
    fn rows_are_read_and_counted() {
        let text = "\u{feff}a\tb\r\n1\tNULL\r\n\r\n2\t\r\n";
        let found = rows(text, &["a", "b"]).expect("rows");
        let read: Vec<_> = found.iter().map(|row| (row.line, row.get(0), row.get(1), row.get(2))).collect();
        assert_eq!(read, [(2, Some("1"), None, None), (4, Some("2"), None, None)]);
        let fault = rows("1\t2\n1 2\n", &["a", "b"]).expect_err("one column");
        assert_eq!(fault.text(), "[malformed_file] 第 2 行有 1 列，应为 2 列，以制表符分隔：a、b");
    }

    #[test]
    fn bytes_come_in_several_writings() {
        for text in [r#"[80,75,-1,"0"]"#, r#""UEv/AA==""#, "\"UEv/\\nAA\""] {
            assert_eq!(bytes_of(Some(&Wire::read(text).expect("json"))).expect(text), [80, 75, 255, 0]);
        }
        for text in ["[256]", "[-129]", "[1.5]", "[[1]]", "\"*\"", "{}", "true"] {
            assert_eq!(
                bytes_of(Some(&Wire::read(text).expect("json"))).expect_err(text).code,
                "malformed_file"
            );
        }
        assert_eq!(bytes_of(None).expect_err("nothing").code, "missing_field");
    }

    #[test]
    fn strange_files_are_refused() {
        let two = {
            let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
            for name in ["a", "b"] {
                archive.start_file(name, SimpleFileOptions::default()).expect("a file");
            }
            archive.finish().expect("an archive").into_inner()
        };
        for bytes in [&b"PK\x03\x04broken"[..], &[0xb9, 0xfe], &two] {
            assert_eq!(unpacked(bytes).expect_err("strange").code, "malformed_file");
        }
    }
}
