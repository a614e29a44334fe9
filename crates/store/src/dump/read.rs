//! A dump on its way in.

use std::io::{BufRead, Read as _};

use gongji_agency::port::{Head, Outcome, StoreError, StoredRecord};
use gongji_ledger::ChainHash;
use sha2::{Digest, Sha256};

use super::{DumpError, FORMAT, Line, PART, RowLine, Summary, VERSION};
use crate::home::{Home, StoredRow, WriteAll};

/// The longest line, in bytes.
const LONGEST: u64 = 256 << 20;

/// Fills an empty store from a dump, in one transaction: each record must follow the one before by number and hash, and the last line
/// must confirm all that came before it.
///
/// # Errors
/// [`DumpError`]; nothing is kept then.
pub fn import(home: &dyn Home, from: &mut dyn BufRead) -> Result<Summary, DumpError> {
    let mut done = None;
    let outcome = home.write_all(&mut |batch| {
        if done.is_some() {
            // The store wants the work again, but the stream is read.
            return Err(StoreError::Unavailable("导入中断，请重新导入".to_owned()));
        }
        let result = In::new(from).read_all(home, batch);
        let stopped = result.is_err();
        done = Some(result);
        if stopped { Err(StoreError::Stopped(String::new())) } else { Ok(()) }
    });
    match (outcome, done) {
        (Ok(()) | Err(StoreError::Stopped(_)), Some(result)) => result,
        (Err(error), _) => Err(error.into()),
        (Ok(()), None) => Ok(Summary::default()),
    }
}

struct In<'from> {
    from: &'from mut dyn BufRead,
    /// The number of the line read last.
    line: u64,
    hasher: Sha256,
    summary: Summary,
    records: Vec<StoredRecord>,
    outcomes: Vec<(String, Outcome)>,
    rows: Vec<StoredRow>,
}

impl<'from> In<'from> {
    fn new(from: &'from mut dyn BufRead) -> In<'from> {
        In {
            from,
            line: 0,
            hasher: Sha256::new(),
            summary: Summary::default(),
            records: Vec::new(),
            outcomes: Vec::new(),
            rows: Vec::new(),
        }
    }

    fn malformed<T>(&self, reason: impl Into<String>) -> Result<T, DumpError> {
        Err(DumpError::Malformed { line: self.line, reason: reason.into() })
    }

    /// The next line with its bytes; `None` at the end.
    fn next(&mut self) -> Result<Option<(Line, Vec<u8>)>, DumpError> {
        let mut bytes = Vec::new();
        let read = (&mut *self.from).take(LONGEST).read_until(b'\n', &mut bytes)?;
        if read == 0 {
            return Ok(None);
        }
        self.line += 1;
        if bytes.last() != Some(&b'\n') {
            return self.malformed("没有写完，或者太长");
        }
        match serde_json::from_slice(&bytes) {
            Ok(line) => Ok(Some((line, bytes))),
            Err(error) => self.malformed(format!("不成形：{error}")),
        }
    }

    fn read_all(mut self, home: &dyn Home, batch: &mut dyn WriteAll) -> Result<Summary, DumpError> {
        let is_empty = batch.head()?.seq == 0
            && batch.outcome_page("", 1)?.is_empty()
            && batch.rows_after("", "", 1)?.is_empty();
        if !is_empty {
            return Err(DumpError::NotEmpty(home.name()));
        }
        match self.next()? {
            Some((Line::Start { format, version: VERSION, .. }, bytes)) if format == FORMAT => {
                self.hasher.update(&bytes);
            }
            Some((Line::Start { format, version, .. }, _)) => {
                return self
                    .malformed(format!("应为 {FORMAT} 第 {VERSION} 版，实为 {format} 第 {version} 版"));
            }
            _ => return self.malformed("应是导出文件的开头"),
        }
        loop {
            let Some((line, bytes)) = self.next()? else {
                return self.malformed("文件断了：没有结尾行");
            };
            if let Line::End { records, outcomes, rows, head, sha256 } = line {
                self.flush(batch)?;
                let said = Summary { records, outcomes, rows };
                self.confirm(batch.head()?, said, &head, &sha256)?;
                if self.next()?.is_some() {
                    return self.malformed("结尾行之后还有内容");
                }
                return Ok(said);
            }
            self.hasher.update(&bytes);
            self.take(line)?;
            if self.records.len() + self.outcomes.len() + self.rows.len() >= PART {
                self.flush(batch)?;
            }
        }
    }

    fn take(&mut self, line: Line) -> Result<(), DumpError> {
        match line {
            Line::Record(record) => match record.read() {
                Some(record) => self.records.push(record),
                None => return self.malformed("hash 应为 64 位十六进制数字"),
            },
            Line::Outcome(outcome) => match outcome.read() {
                Some(outcome) => self.outcomes.push(outcome),
                None => return self.malformed("request 应为 64 位十六进制数字"),
            },
            Line::Row(RowLine { kind, id, body }) => self.rows.push(StoredRow { kind, id, body }),
            Line::Start { .. } | Line::End { .. } => return self.malformed("开头行只能在第 1 行"),
        }
        Ok(())
    }

    fn flush(&mut self, batch: &mut dyn WriteAll) -> Result<(), DumpError> {
        self.summary.records += self.records.len() as u64;
        self.summary.outcomes += self.outcomes.len() as u64;
        self.summary.rows += self.rows.len() as u64;
        batch.append(&std::mem::take(&mut self.records))?;
        batch.remember(&std::mem::take(&mut self.outcomes))?;
        batch.put_all(&std::mem::take(&mut self.rows))?;
        Ok(())
    }

    fn confirm(&self, end: Head, said: Summary, head: &str, sha256: &str) -> Result<(), DumpError> {
        if self.summary != said {
            return self.malformed(format!("应有 {said:?}，实有 {:?}", self.summary));
        }
        let found = ChainHash(self.hasher.clone().finalize().into()).to_string();
        if found != sha256 {
            return self.malformed(format!("sha256 应为 {sha256}，实为 {found}：内容被改动或损坏"));
        }
        if end.hash.to_string() != head {
            return self.malformed(format!("最后一条记录的散列应为 {head}，实为 {}", end.hash));
        }
        Ok(())
    }
}
