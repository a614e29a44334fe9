//! What came and went: a ring that forgets the oldest. Nothing is read of a message before somebody looks at it.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Bytes;
use gongji_agency::settlement::Settlement;
use gongji_nhsa::sandbox::Seen;
use serde::Deserialize;
use serde_json::Value;

/// So many messages are kept at most, and so many bytes of them.
const MOST: usize = 1_000;
const MOST_BYTES: usize = 32 * 1024 * 1024;

/// A message and what became of it.
#[derive(Debug)]
pub struct Entry {
    /// Its number in the log, from 1.
    pub id: u64,
    /// When it came: milliseconds since 1970.
    pub at: i64,
    /// How long it took, in microseconds.
    pub took: u64,
    /// The address that it was posted to.
    pub path: String,
    /// The body.
    pub request: Bytes,
    /// The answer's body; empty where there was none.
    pub answer: String,
    /// The settlement that it only tried out: a pre-settlement.
    pub trial: Option<Settlement>,
    /// Whether the sender got the answer.
    pub answered: bool,
    /// The faults that were at work, as people read them; empty for none.
    pub faults: String,
}

/// What a list shows of a message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// The number of the transaction; empty where it cannot be read.
    pub infno: String,
    /// 报文ID.
    pub msgid: String,
    /// 机构编码.
    pub institution: String,
    /// 0, −1; `None` where there is no answer of the business.
    pub infcode: Option<i64>,
    /// Why it failed.
    pub problem: String,
    /// The settlement that the answer names.
    pub settlement: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Request {
    infno: Value,
    msgid: Value,
    fixmedins_code: Value,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Answer {
    infcode: Value,
    err_msg: Value,
    output: Value,
}

/// A short text of the envelope, which some write as a number.
pub fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(digits) => digits.to_string(),
        _ => String::new(),
    }
}

/// A body without the byte order mark that some put in front.
pub fn without_mark(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body)
}

impl Entry {
    /// The body as text.
    pub fn request_text(&self) -> std::borrow::Cow<'_, str> {
        String::from_utf8_lossy(without_mark(&self.request))
    }

    /// What a list shows.
    pub fn head(&self) -> Head {
        let request: Request = serde_json::from_slice(without_mark(&self.request)).unwrap_or_default();
        let answer: Answer = serde_json::from_str(&self.answer).unwrap_or_default();
        let settlement = answer.output.pointer("/setlinfo/setl_id").and_then(Value::as_str);
        Head {
            infno: text_of(&request.infno),
            msgid: text_of(&request.msgid),
            institution: text_of(&request.fixmedins_code),
            infcode: answer.infcode.as_i64(),
            problem: text_of(&answer.err_msg),
            settlement: settlement.filter(|id| !id.is_empty()).map(str::to_owned),
        }
    }

    /// The message as lessons are learned from it.
    pub fn seen(&self) -> Seen<'_> {
        let request = std::str::from_utf8(without_mark(&self.request)).unwrap_or_default();
        Seen { request, answer: &self.answer }
    }

    fn size(&self) -> usize {
        let trial =
            self.trial.as_ref().map_or(0, |made| 2_000 + made.case.get().len() + 64 * made.cells.len());
        self.request.len() + self.answer.len() + self.path.len() + trial + 200
    }
}

#[derive(Default)]
struct Ring {
    entries: VecDeque<Arc<Entry>>,
    bytes: usize,
    /// How many were ever kept.
    count: u64,
}

/// The log.
#[derive(Default)]
pub struct Log {
    ring: Mutex<Ring>,
}

impl Log {
    fn ring(&self) -> std::sync::MutexGuard<'_, Ring> {
        self.ring.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps a message; its number.
    pub fn keep(&self, mut entry: Entry) -> u64 {
        let mut ring = self.ring();
        ring.count += 1;
        entry.id = ring.count;
        ring.bytes += entry.size();
        ring.entries.push_back(Arc::new(entry));
        while ring.entries.len() > MOST || (ring.bytes > MOST_BYTES && ring.entries.len() > 1) {
            let Some(gone) = ring.entries.pop_front() else { break };
            ring.bytes = ring.bytes.saturating_sub(gone.size());
        }
        ring.count
    }

    /// Everything that is kept, the oldest first.
    pub fn all(&self) -> Vec<Arc<Entry>> {
        self.ring().entries.iter().cloned().collect()
    }

    /// What came after a number, the newest so many, the oldest first.
    pub fn after(&self, id: u64, most: usize) -> Vec<Arc<Entry>> {
        let ring = self.ring();
        let mut found: Vec<Arc<Entry>> =
            ring.entries.iter().rev().take_while(|entry| entry.id > id).take(most).cloned().collect();
        found.reverse();
        found
    }

    /// A message by its number.
    pub fn one(&self, id: u64) -> Option<Arc<Entry>> {
        let ring = self.ring();
        let first = ring.entries.front()?.id;
        ring.entries.get(usize::try_from(id.checked_sub(first)?).ok()?).cloned()
    }

    /// The number of the newest message; 0 for none.
    pub fn last(&self) -> u64 {
        self.ring().count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(size: usize) -> Entry {
        Entry {
            id: 0,
            at: 0,
            took: 1,
            path: "/fsi/api/x".to_owned(),
            request: Bytes::from(vec![b' '; size]),
            answer: String::new(),
            trial: None,
            answered: true,
            faults: String::new(),
        }
    }

    #[test]
    fn the_oldest_is_forgotten_and_numbers_go_on() {
        let log = Log::default();
        for _ in 0..MOST + 5 {
            log.keep(entry(10));
        }
        assert_eq!((log.last(), log.all().len()), (MOST as u64 + 5, MOST));
        assert!(log.one(5).is_none() && log.one(6).is_some_and(|entry| entry.id == 6));
        assert!(log.one(log.last() + 1).is_none());
        let newest: Vec<u64> = log.after(0, 2).iter().map(|entry| entry.id).collect();
        assert_eq!(newest, [log.last() - 1, log.last()]);
        log.keep(entry(MOST_BYTES));
        assert_eq!(log.all().len(), 1, "a large one leaves room for nothing else");
    }

    #[test]
    fn a_message_is_told_by_its_head() {
        let mut entry = entry(0);
        entry.request = Bytes::from(r#"{"infno":"2207","msgid":"M1","fixmedins_code":"H1","input":{"x":1}}"#);
        entry.answer = r#"{"infcode":0,"err_msg":"","output":{"setlinfo":{"setl_id":"S9"}}}"#.to_owned();
        let head = entry.head();
        assert_eq!(
            (head.infno.as_str(), head.infcode, head.settlement.as_deref()),
            ("2207", Some(0), Some("S9"))
        );
        entry.request = Bytes::from("\u{feff}{\"infno\":2207,\"msgid\":1,\"fixmedins_code\":\" H1 \"}");
        let sloppy = entry.head();
        assert_eq!((&*sloppy.infno, &*sloppy.msgid, &*sloppy.institution), ("2207", "1", "H1"));
        entry.request = Bytes::from_static(b"\xff");
        assert_eq!(entry.head().infno, "");
    }
}
