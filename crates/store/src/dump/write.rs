//! A dump on its way out.

use std::io::Write;

use gongji_agency::port::StoreError;
use sha2::{Digest, Sha256};

use super::{DumpError, FORMAT, Line, PART, RowLine, Summary, VERSION};
use crate::home::{Home, ReadAll};
use gongji_ledger::ChainHash;

/// Writes all of a shard, as it is at this moment; writers go on.
///
/// # Errors
/// [`DumpError`].
pub fn export(home: &dyn Home, to: &mut dyn Write) -> Result<Summary, DumpError> {
    let mut done = None;
    home.read_all(&mut |view| {
        let result = write_all(home.shard(), view, to);
        let stopped = result.is_err();
        done = Some(result);
        if stopped { Err(StoreError::Stopped(String::new())) } else { Ok(()) }
    })
    .or_else(|error| match (error, &done) {
        // The error that counts is in `done`.
        (StoreError::Stopped(_), Some(_)) => Ok(()),
        (error, _) => Err(error),
    })?;
    done.unwrap_or_else(|| Ok(Summary::default()))
}

struct Out<'to> {
    to: &'to mut dyn Write,
    hasher: Sha256,
}

impl Out<'_> {
    fn line(&mut self, line: &Line) -> Result<(), DumpError> {
        let mut text = serde_json::to_string(line).map_err(std::io::Error::from)?;
        text.push('\n');
        self.hasher.update(text.as_bytes());
        Ok(self.to.write_all(text.as_bytes())?)
    }
}

fn write_all(shard: i64, view: &mut dyn ReadAll, to: &mut dyn Write) -> Result<Summary, DumpError> {
    let mut out = Out { to, hasher: Sha256::new() };
    let mut summary = Summary::default();
    out.line(&Line::Start { format: FORMAT.to_owned(), version: VERSION, shard })?;
    let head = view.head()?;
    let mut after = 0;
    loop {
        let part = view.records_after(after, PART)?;
        let Some(last) = part.last() else { break };
        after = last.seq;
        for record in part {
            out.line(&Line::Record(record.into()))?;
            summary.records += 1;
        }
    }
    let mut after = String::new();
    loop {
        let part = view.outcome_page(&after, PART)?;
        let Some((last, _)) = part.last() else { break };
        after.clone_from(last);
        for outcome in part {
            out.line(&Line::Outcome(outcome.into()))?;
            summary.outcomes += 1;
        }
    }
    let mut after = (String::new(), String::new());
    loop {
        let part = view.rows_after(&after.0, &after.1, PART)?;
        let Some(last) = part.last() else { break };
        after = (last.kind.clone(), last.id.clone());
        for row in part {
            out.line(&Line::Row(RowLine { kind: row.kind, id: row.id, body: row.body }))?;
            summary.rows += 1;
        }
    }
    let sha256 = ChainHash(out.hasher.clone().finalize().into()).to_string();
    let Summary { records, outcomes, rows } = summary;
    out.line(&Line::End { records, outcomes, rows, head: head.hash.to_string(), sha256 })?;
    out.to.flush()?;
    Ok(summary)
}
