//! A message through a configured gateway: proved by its headers, opened, answered, sealed again.

use axum::http::HeaderMap;
use gongji_nhsa::Platform;
use gongji_nhsa::gateway::{Gateway, Headers};

use super::message::{Made, Message};
use super::plain::Plain;

/// The headers of a request as gateways read them.
struct Told<'request>(&'request HeaderMap);

impl Headers for Told<'_> {
    fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.to_str().ok()
    }
}

/// The platform's answer in the name of the institution that the headers prove. Waits for a disk.
///
/// # Errors
/// 401: no proof, or a message that does not open.
pub fn answered(
    gateway: &Gateway,
    platform: &Platform,
    headers: &HeaderMap,
    message: Message,
) -> Result<Made, Plain> {
    let opened = gateway.open(&Told(headers), &message.body, platform.now());
    let opened = opened.map_err(|refusal| Plain::unproved(refusal.text()))?;
    let (institution, seal) = (opened.institution, opened.seal);
    let body = match opened.body {
        std::borrow::Cow::Owned(text) => Some(text.into_bytes().into()),
        std::borrow::Cow::Borrowed(_) => None,
    };
    let message = Message { body: body.unwrap_or_else(|| message.body.clone()), ..message };
    let made = message.answered(platform, Some(&institution));
    Ok(match (made, seal) {
        (Made::Text(answer), Some(seal)) => Made::Text(seal.close(&answer)),
        (made, _) => made,
    })
}
