//! Nonces that were used: a nonce serves once as long as its time is believed.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use sha2::{Digest, Sha256};

use super::refusal::Refusal;

/// So many nonces are remembered in a window at most.
const MOST: usize = 4_000_000;

#[derive(Default)]
struct Two {
    /// Those of this window and of the one before.
    now: HashSet<u128>,
    before: HashSet<u128>,
    /// When this window began.
    since: i64,
}

/// The memory. Two windows of it, so that nothing is forgotten before its time is over.
#[derive(Default)]
pub struct Replays(Mutex<Two>);

impl Replays {
    /// Remembers a nonce of an application for at least `window` milliseconds.
    ///
    /// # Errors
    /// The refusals `replayed` and `too_many`.
    pub fn once(&self, application: &str, nonce: &str, now: i64, window: i64) -> Result<(), Refusal> {
        let hash = Sha256::new().chain_update(application).chain_update([0]).chain_update(nonce).finalize();
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&hash[..16]);
        let mark = u128::from_be_bytes(bytes);
        let mut two = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if now - two.since >= window {
            let stale = now - two.since >= 2 * window;
            let last = std::mem::take(&mut two.now);
            two.before = if stale { HashSet::new() } else { last };
            two.since = now;
        }
        if two.before.contains(&mark) || two.now.contains(&mark) {
            return Err(Refusal::new("replayed", "x-tif-nonce 已经用过：每次请求要用新的随机串"));
        }
        if two.now.len() >= MOST {
            return Err(Refusal::new("too_many", "请求太多，平台暂时记不下更多的随机串，请稍后再发"));
        }
        two.now.insert(mark);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nonce_serves_once_in_its_window() {
        let replays = Replays::default();
        let once =
            |nonce: &str, now: i64| replays.once("app", nonce, now, 100).map_err(|refusal| refusal.code);
        assert_eq!((once("a", 1_000), once("a", 1_000), once("b", 1_050)), (Ok(()), Err("replayed"), Ok(())));
        assert_eq!(once("a", 1_099), Err("replayed"));
        assert_eq!(once("c", 1_120), Ok(()));
        assert_eq!(once("b", 1_149), Err("replayed"), "the window before is remembered");
        assert_eq!(once("a", 1_400), Ok(()), "long over");
        assert_eq!(replays.once("other", "a", 1_400, 100), Ok(()));
    }
}
