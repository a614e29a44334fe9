//! The keyed digests of the gateways' headers.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Digest, Sha256};
use sm3::Sm3;

use super::hex;

/// base64 of HMAC-SHA1: 20 bytes.
pub fn hmac_sha1(secret: &[u8], message: &[u8]) -> String {
    // Any length of key will do.
    Hmac::<Sha1>::new_from_slice(secret)
        .map(|mac| BASE64_STANDARD.encode(mac.chain_update(message).finalize().into_bytes()))
        .unwrap_or_default()
}

/// Lower-case digits of HMAC-SM3: 32 bytes.
pub fn hmac_sm3(secret: &[u8], parts: &[&[u8]]) -> String {
    let Ok(mut mac) = Hmac::<Sm3>::new_from_slice(secret) else { return String::new() };
    parts.iter().for_each(|part| mac.update(part));
    hex::write(&mac.finalize().into_bytes())
}

/// Lower-case digits of SHA-256 over parts one after the other.
pub fn sha256(parts: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    parts.iter().for_each(|part| hash.update(part));
    hex::write(&hash.finalize())
}

/// Whether two texts are the same; how long it takes tells nothing of where they differ.
pub fn same(one: &str, other: &str) -> bool {
    !one.is_empty() && Sha256::digest(one.as_bytes()) == Sha256::digest(other.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 2202, test case 2.
    #[test]
    fn hmac_sha1_is_that_of_the_rfc() {
        let mac = hmac_sha1(b"Jefe", b"what do ya want for nothing?");
        assert_eq!(
            hex::write(&BASE64_STANDARD.decode(mac).expect("base64")),
            "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"
        );
    }

    /// GB/T 32905-2016, examples 1 and 2.
    #[test]
    fn sm3_is_that_of_the_standard() {
        let hash = |text: &[u8]| hex::write(&Sm3::digest(text));
        assert_eq!(hash(b"abc"), "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
        let long = b"abcd".repeat(16);
        assert_eq!(hash(&long), "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732");
        // An HMAC is two hashes with the padded key; written out once by hand here.
        let pad = |byte: u8| -> Vec<u8> {
            let mut key = [0_u8; 64];
            key[..6].copy_from_slice(b"secret");
            key.iter().map(|of_key| of_key ^ byte).collect()
        };
        let inner = Sm3::digest([pad(0x36), b"12\nbody".to_vec()].concat());
        let outer = Sm3::digest([pad(0x5c), inner.to_vec()].concat());
        assert_eq!(hmac_sm3(b"secret", &[b"12", b"\n", b"body"]), hex::write(&outer));
    }

    #[test]
    fn sha256_is_that_of_fips() {
        assert_eq!(
            sha256(&[b"a", b"bc"]),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert!(same("abc", "abc") && !same("abc", "abd") && !same("", ""));
    }
}
