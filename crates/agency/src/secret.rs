//! Secrets of tokens: made here, known to their holders alone, found again by their hash.

use sha2::{Digest, Sha256};

use crate::actor::Actor;
use crate::desk::Desk;
use crate::refusal::Refusal;
use crate::row::TokenRow;
use crate::stop::Stop;

/// What every secret begins with, so that one that was published by mistake is recognised.
const PREFIX: &str = "gongji_";

/// A new secret and its hash. The secret is shown once and kept nowhere.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret {
    /// What the holder sends with every request.
    pub secret: String,
    /// Hexadecimal SHA-256, for [`crate::command::IssueToken`].
    pub hash: String,
}

// Never the secret itself.
impl std::fmt::Debug for Secret {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        to.debug_struct("Secret").field("hash", &self.hash).finish_non_exhaustive()
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The hash of a secret, as tokens are kept by.
pub fn hash_of(secret: &str) -> String {
    hexadecimal(&Sha256::digest(secret.as_bytes()))
}

/// A secret of 256 bits from the system's source of randomness.
///
/// # Errors
/// The refusal `no_randomness` where the system has none.
pub fn new_secret() -> Result<Secret, Refusal> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes)
        .map_err(|error| Refusal::new("no_randomness", "系统没有可用的随机数").found(error))?;
    let secret = format!("{PREFIX}{}", hexadecimal(&bytes));
    let hash = hash_of(&secret);
    Ok(Secret { secret, hash })
}

/// Who acts with a secret at a moment (milliseconds since 1970).
///
/// # Errors
/// The refusal `not_authenticated`, in the same words for a secret that is wrong, expired or revoked; those of the store.
pub fn actor_of_token(desk: &mut Desk<'_>, secret: &str, now: i64) -> Result<Actor, Stop> {
    let token = desk.get::<TokenRow>(&hash_of(secret))?;
    let good = token
        .filter(|token| token.revoked_at.is_none() && token.expires_at.is_none_or(|expires| now < expires));
    good.map(|token| token.actor.clone()).ok_or_else(|| {
        Refusal::new("not_authenticated", "令牌无效").hint("请向系统管理员索取有效的访问令牌").into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_random_and_stays_out_of_logs() {
        let (one, other) = (new_secret().expect("a secret"), new_secret().expect("a secret"));
        assert_ne!(one.secret, other.secret);
        assert_eq!(one.hash, hash_of(&one.secret));
        assert_eq!((one.secret.len(), one.hash.len()), (PREFIX.len() + 64, 64));
        let shown = format!("{one:?}");
        assert!(!shown.contains(&one.secret) && shown.contains(&one.hash));
    }

    #[test]
    fn hashes_are_those_that_others_compute() {
        assert_eq!(hash_of("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
