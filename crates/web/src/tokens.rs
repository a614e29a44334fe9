//! Whom a token acts for.
//!
//! Looking a token up costs a read of the store. What was found is kept for a second at most, and forgotten at once when this process books anything about
//! tokens, so that a revoked token ends with the answer to its revocation here, and a second later in any other process.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use gongji_agency::actor::Actor;

/// How long a token is believed without looking.
const BELIEVED: Duration = Duration::from_secs(1);

/// So many tokens are kept at most.
const MOST: usize = 10_000;

/// A secret's SHA-256.
pub type Hash = [u8; 32];

/// Tokens that were looked up lately. Holds hashes, never a secret.
#[derive(Default)]
pub struct Tokens {
    known: Mutex<HashMap<Hash, (Actor, Instant)>>,
    /// Counts how often everything was forgotten: what was looked up before is not kept after.
    age: AtomicU64,
}

impl Tokens {
    /// Whom a token acts for, where that was looked up within the last second.
    pub fn known(&self, hash: &Hash) -> Option<Actor> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let (actor, until) = known.get(hash)?;
        (Instant::now() < *until).then(|| actor.clone())
    }

    /// To be asked before looking, and handed to [`Tokens::keep`] after.
    pub fn age(&self) -> u64 {
        self.age.load(Ordering::Acquire)
    }

    /// Keeps what was found, unless everything was forgotten meanwhile.
    pub fn keep(&self, hash: Hash, actor: Actor, age: u64) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if self.age.load(Ordering::Acquire) != age {
            return;
        }
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(hash, (actor, Instant::now() + BELIEVED));
    }

    /// Forgets everything.
    pub fn forget(&self) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        self.age.fetch_add(1, Ordering::AcqRel);
        known.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_looked_up_before_a_revocation_is_not_kept_after_it() {
        let (tokens, actor) = (Tokens::default(), Actor::operator("test"));
        tokens.keep([1; 32], actor.clone(), tokens.age());
        assert_eq!(tokens.known(&[1; 32]), Some(actor.clone()));
        let before = tokens.age();
        tokens.forget();
        assert_eq!(tokens.known(&[1; 32]), None);
        tokens.keep([1; 32], actor, before);
        assert_eq!(tokens.known(&[1; 32]), None);
    }
}
