//! What both homes check alike before they keep something.

use gongji_agency::port::{Head, StoreError, StoredRecord};
use gongji_ledger::ChainHash;

/// How many characters of a text an error quotes.
const QUOTED: usize = 60;

/// A number as databases keep it.
pub fn number(value: u64) -> Result<i64, StoreError> {
    i64::try_from(value).map_err(|_| StoreError::Corrupt(format!("编号 {value} 超出范围")))
}

/// A number as it came from a database.
pub fn counted(value: i64) -> Result<u64, StoreError> {
    u64::try_from(value).map_err(|_| StoreError::Corrupt(format!("编号应不小于 0，实为 {value}")))
}

/// A hash as it came from a database.
pub fn hash(bytes: &[u8]) -> Result<[u8; 32], StoreError> {
    bytes.try_into().map_err(|_| StoreError::Corrupt(format!("散列应为 32 字节，实为 {} 字节", bytes.len())))
}

/// How many rows to ask for.
pub fn limit(value: usize) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// A text that PostgreSQL can keep as well as SQLite: without the character NUL.
pub fn plain(text: &str) -> Result<(), StoreError> {
    if text.contains('\0') {
        return Err(StoreError::Refused(format!("文字中不能有字符 NUL：{}", quoted(text))));
    }
    Ok(())
}

/// The longest id or key, in bytes: what an index of PostgreSQL certainly holds.
const LONGEST: usize = 1_000;

/// An id or key: not empty (pages start after the empty text), not too long, without NUL.
pub fn identifier(text: &str) -> Result<(), StoreError> {
    if text.is_empty() || text.len() > LONGEST {
        let length = text.len();
        return Err(StoreError::Refused(format!("编号和键应为 1 到 {LONGEST} 字节，实为 {length} 字节")));
    }
    plain(text)
}

fn quoted(text: &str) -> String {
    text.chars().take(QUOTED).map(|letter| if letter == '\0' { '␀' } else { letter }).collect()
}

/// The error for a key that was used before.
pub fn used(key: &str) -> StoreError {
    StoreError::Corrupt(format!("键已经用过，不能再记：{}", quoted(key)))
}

/// The least text above every text that starts with `prefix`, in byte order; `None` where there is none.
pub fn above(prefix: &str) -> Option<String> {
    let mut letters: Vec<char> = prefix.chars().collect();
    while let Some(last) = letters.pop() {
        // Ranges of characters step over the surrogates, and bytes of UTF-8 sort as code points.
        if let Some(next) = (last..=char::MAX).nth(1) {
            letters.push(next);
            return Some(letters.into_iter().collect());
        }
    }
    None
}

/// The head after these records, which must follow `head` in number, chain and time.
pub fn follow(head: Head, records: &[StoredRecord]) -> Result<Head, StoreError> {
    records.iter().try_fold(head, |head, record| {
        let expected = head.seq.checked_add(1).ok_or_else(|| StoreError::Corrupt("编号用尽".to_owned()))?;
        if record.seq != expected {
            return Err(StoreError::Corrupt(format!(
                "记录应接在第 {} 号之后，应为第 {expected} 号，实为第 {} 号",
                head.seq, record.seq
            )));
        }
        if head.hash.link(record.body.as_bytes()) != record.hash {
            return Err(StoreError::Corrupt(format!("第 {expected} 号记录的散列与前一号和内容不符")));
        }
        if record.booked_at < head.booked_at {
            return Err(StoreError::Corrupt(format!(
                "第 {expected} 号记录的记账时间 {} 早于前一号的 {}",
                record.booked_at, head.booked_at
            )));
        }
        Ok(Head { seq: record.seq, hash: record.hash, booked_at: record.booked_at })
    })
}

/// Checks that the head is the journal's `end`, and that the last record hangs on the hash `before` it.
pub fn end(head: Head, end: Head, before: Option<&[u8]>, body: Option<&str>) -> Result<(), StoreError> {
    if head != end {
        return Err(StoreError::Corrupt(format!(
            "head 应是流水的末尾：head 是第 {} 号 {}，流水的末尾是第 {} 号 {}",
            head.seq, head.hash, end.seq, end.hash
        )));
    }
    let before = match before {
        Some(bytes) => ChainHash(hash(bytes)?),
        None if end.seq > 1 => return Err(StoreError::Corrupt(format!("流水缺第 {} 号", end.seq - 1))),
        None => ChainHash::START,
    };
    match body {
        Some(body) if before.link(body.as_bytes()) != end.hash => {
            Err(StoreError::Corrupt(format!("第 {} 号记录的散列与前一号和内容不符", end.seq)))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn above_a_prefix_is_the_next_text_in_byte_order() {
        assert_eq!(above("ab").as_deref(), Some("ac"));
        assert_eq!(above("中").as_deref(), Some("丮"));
        assert_eq!(above("a\u{D7FF}").as_deref(), Some("a\u{E000}"));
        assert_eq!(above("a\u{10FFFF}").as_deref(), Some("b"));
        assert_eq!(above("\u{10FFFF}"), None);
        assert_eq!(above(""), None);
    }
}
