//! The chain of hashes over a journal.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest, Sha256};

/// SHA-256 over the hash of the record before and the bytes of this one. A record that is changed, dropped or moved breaks every
/// hash after it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ChainHash(pub [u8; 32]);

impl ChainHash {
    /// What stands before the first record.
    pub const START: ChainHash = ChainHash([0; 32]);

    /// The hash of the record with these bytes that follows.
    #[must_use]
    pub fn link(self, bytes: &[u8]) -> ChainHash {
        let mut hasher = Sha256::new();
        hasher.update(self.0);
        hasher.update(bytes);
        ChainHash(hasher.finalize().into())
    }
}

impl fmt::Display for ChainHash {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(to, "{byte:02x}"))
    }
}

impl fmt::Debug for ChainHash {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, to)
    }
}

/// A text that is not 64 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected 64 hexadecimal digits")]
pub struct MalformedHash;

impl FromStr for ChainHash {
    type Err = MalformedHash;

    fn from_str(text: &str) -> Result<ChainHash, MalformedHash> {
        let mut bytes = [0; 32];
        if text.len() != 64 || !text.is_ascii() {
            return Err(MalformedHash);
        }
        for (at, byte) in bytes.iter_mut().enumerate() {
            let digits = text.get(2 * at..2 * at + 2).ok_or(MalformedHash)?;
            *byte = u8::from_str_radix(digits, 16).map_err(|_| MalformedHash)?;
        }
        Ok(ChainHash(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_and_content_matter() {
        let one = ChainHash::START.link(b"a").link(b"b");
        assert_ne!(one, ChainHash::START.link(b"b").link(b"a"));
        assert_ne!(one, ChainHash::START.link(b"ab"));
        assert_eq!(one.to_string().parse(), Ok(one));
        assert_eq!("00".parse::<ChainHash>(), Err(MalformedHash));
    }
}
