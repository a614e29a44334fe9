//! What lies between the wire and a transaction: addresses, proof of who sends, sealed contents. Transport itself is somebody else's.

mod config;
mod digest;
mod header;
mod hex;
pub mod path;
mod refusal;
mod replay;
mod seal;

use std::borrow::Cow;
use std::collections::HashMap;

pub use config::ConfigError;
pub use header::Headers;
pub use refusal::Refusal;
use replay::Replays;
pub use seal::Seal;

/// How an institution proves itself in the headers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Deserialize)]
pub enum Variant {
    /// `_api_access_key` and HMAC-SHA1 over name, version, time and key; the body is not covered.
    #[serde(rename = "csb")]
    Csb,
    /// `x-tif-paasid` and SHA-256 over time, secret, nonce, time; the body is not covered, a nonce serves once.
    #[serde(rename = "x-tif")]
    Tif,
    /// `x-ca-key` and HMAC-SM3 over time and body.
    #[serde(rename = "x-ca")]
    Ca,
}

/// An institution that may send.
#[derive(Clone)]
struct Sender {
    institution: String,
    secret: Vec<u8>,
    seal: Option<Seal>,
}

/// The gateway: who may send, and how they prove it.
pub struct Gateway {
    senders: HashMap<(Variant, String), Sender>,
    /// So many milliseconds at most may lie between the sender's time and ours; `None` for that of each variant.
    window: Option<i64>,
    replays: Replays,
}

/// A message that was let through.
pub struct Opened<'body> {
    /// The institution that sent it.
    pub institution: String,
    /// The body with its input in the clear.
    pub body: Cow<'body, str>,
    /// How the answer is to be sealed.
    pub seal: Option<Seal>,
}

impl Gateway {
    /// Lets a message through: proves who sends from the headers, opens what is sealed. `now` in milliseconds since 1970.
    ///
    /// # Errors
    /// [`Refusal`]: no proof, an unknown application, a time too far away, a wrong signature, a nonce that was used, an input that does not open.
    pub fn open<'body>(
        &self,
        headers: &dyn Headers,
        body: &'body [u8],
        now: i64,
    ) -> Result<Opened<'body>, Refusal> {
        let sender = header::prove(self, headers, body, now)?;
        let text = std::str::from_utf8(body)
            .map_err(|_| Refusal::new("not_utf8", "报文应为 UTF-8；是否存成了 GBK"))?;
        let body = match &sender.seal {
            Some(seal) => Cow::Owned(seal.open(text)?),
            None => Cow::Borrowed(text),
        };
        Ok(Opened { institution: sender.institution.clone(), body, seal: sender.seal.clone() })
    }
}
