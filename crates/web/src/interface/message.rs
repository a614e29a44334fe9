//! A message as it came: the envelope, a file beside it for 9101, whether the sender takes a file for an answer (9102).

use axum::body::Bytes;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::{HeaderMap, StatusCode, header};
use gongji_agency::settlement::Settlement;
use gongji_nhsa::gateway::path::Place;
use gongji_nhsa::{File, Platform};

use super::plain::Plain;
use crate::Gongji;

/// A message.
#[derive(Clone, Debug)]
pub struct Message {
    /// What its address takes.
    pub place: Place,
    /// The address.
    pub path: String,
    /// The envelope.
    pub body: Bytes,
    /// The file that came beside it.
    pub file: Option<Bytes>,
    /// Whether the answer may be a file.
    pub takes_file: bool,
}

/// What is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Made {
    /// A message.
    Text(String),
    /// A file.
    File(File),
}

/// The part of a form that holds the envelope.
const ENVELOPE: &str = "jsonStr";

fn says(headers: &HeaderMap, name: header::HeaderName, kind: &str) -> bool {
    let value = headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    value.to_ascii_lowercase().contains(kind)
}

impl Message {
    /// Reads a request, whatever type it declares; a form holds the envelope and a file.
    ///
    /// # Errors
    /// A body that is too large, or did not come whole.
    pub async fn read(place: Place, request: Request, state: &Gongji) -> Result<Message, Plain> {
        let limit = state.options.body_limit;
        let path = request.uri().path().to_owned();
        let takes_file = place == Place::Only("9102")
            || says(request.headers(), header::ACCEPT, "application/octet-stream");
        let failed = |status: StatusCode| {
            if status == StatusCode::PAYLOAD_TOO_LARGE { Plain::too_large(limit) } else { Plain::broken() }
        };
        if says(request.headers(), header::CONTENT_TYPE, "multipart/form-data") {
            let form = Multipart::from_request(request, state).await;
            let mut form = form.map_err(|rejection| failed(rejection.status()))?;
            let (mut body, mut file) = (Bytes::new(), None);
            while let Some(part) = form.next_field().await.map_err(|error| failed(error.status()))? {
                let is_envelope = part.name().is_some_and(|name| name.eq_ignore_ascii_case(ENVELOPE));
                let bytes = part.bytes().await.map_err(|error| failed(error.status()))?;
                if is_envelope {
                    body = bytes;
                } else {
                    file = Some(bytes);
                }
            }
            return Ok(Message { place, path, body, file, takes_file });
        }
        let body =
            Bytes::from_request(request, state).await.map_err(|rejection| failed(rejection.status()))?;
        Ok(Message { place, path, body, file: None, takes_file })
    }

    /// The platform's answer in the name of an institution, or of the one that the envelope names. Waits for a disk.
    pub fn answered(&self, platform: &Platform, sender: Option<&str>) -> Made {
        match self.text(platform) {
            Ok(text) => self
                .with_file(platform, sender, text)
                .unwrap_or_else(|| Made::Text(platform.answer_at(self.place, sender, text))),
            Err(made) => made,
        }
    }

    /// The same in the name of the institution that the envelope names, with the settlement that was only tried out.
    pub fn answered_with_trial(&self, platform: &Platform) -> (Made, Option<Settlement>) {
        let text = match self.text(platform) {
            Ok(text) => text,
            Err(made) => return (made, None),
        };
        if let Some(made) = self.with_file(platform, None, text) {
            return (made, None);
        }
        let (answer, trial) = platform.answer_with_trial(self.place, text);
        (Made::Text(answer), trial)
    }

    /// The envelope; a failure in the shape of every other where it is not UTF-8: read as far as it goes it would be booked with names that nobody wrote.
    fn text(&self, platform: &Platform) -> Result<&str, Made> {
        std::str::from_utf8(&self.body).map_err(|error| {
            let at = error.valid_up_to() + 1;
            let problem = format!("报文不是 UTF-8：第 {at} 个字节起读不懂。GBK 等编码的报文要先转成 UTF-8");
            Made::Text(platform.fail("not_utf8", &problem))
        })
    }

    /// The answer where a file goes beside a message, there or back.
    fn with_file(&self, platform: &Platform, sender: Option<&str>, text: &str) -> Option<Made> {
        if let Some(file) = &self.file {
            return Some(Made::Text(platform.upload(self.place, sender, text, file)));
        }
        // Only 9102 is answered with a file; whatever else came to such an address or with such a header is answered as always.
        if self.takes_file && (self.place == Place::Only("9102") || text.contains("\"9102\"")) {
            return Some(match platform.download(self.place, sender, text) {
                Ok(file) => Made::File(file),
                Err(answer) => Made::Text(answer),
            });
        }
        None
    }
}
