//! The platform that institutions talk to: a body in, a body out.

use std::sync::atomic::{AtomicU64, Ordering};

use gongji_agency::office::Office;
use gongji_agency::settlement::Settlement;

use crate::call::{Call, Trial};
use crate::envelope::{self, Request, Times};
use crate::fault::Fault;
use crate::file::{self, File};
use crate::gateway::path::Place;
use crate::transaction;
use crate::wire::Wire;

/// The platform over an office. Every message is booked in the name of the institution that its envelope names.
pub struct Platform {
    office: Office,
    /// How many messages were answered: the serial number of the next answer.
    answered: AtomicU64,
}

impl Platform {
    /// A platform over an office.
    pub fn new(office: Office) -> Platform {
        Platform { office, answered: AtomicU64::new(0) }
    }

    /// Answers a message, whoever sent it: the envelope's institution is believed. For trying things out, and where a gateway in front has
    /// checked who sends. Never fails: what cannot be done is answered with `infcode` −1 and a sentence that begins with a code in brackets.
    pub fn answer(&self, body: &str) -> String {
        self.answer_at(Place::Any, None, body)
    }

    /// Answers a message of an institution that has proved who it is; an envelope in another's name is refused.
    pub fn answer_as(&self, institution: &str, body: &str) -> String {
        self.answer_at(Place::Any, Some(institution), body)
    }

    /// Answers a message that came to an address, in the name of an institution that has proved who it is where there is one. A transaction that the
    /// address does not take is answered as the front of the real platform does: with three keys and the serial number of the failure.
    pub fn answer_at(&self, place: Place, institution: Option<&str>, body: &str) -> String {
        self.told(place, body, |request| self.done(institution, &request, None))
    }

    /// The same for whoever sent it, with the settlement that the message only tried out: so that it can be explained, although nothing is booked.
    pub fn answer_with_trial(&self, place: Place, body: &str) -> (String, Option<Settlement>) {
        let trial = Trial::default();
        let answer = self.told(place, body, |request| self.done(None, &request, Some(&trial)));
        (answer, trial.into_inner())
    }

    /// Answers 9101 whose file came beside the envelope (`multipart/form-data`), at an address and in a proved name as [`Platform::answer_at`].
    pub fn upload(&self, place: Place, institution: Option<&str>, envelope: &str, file: &[u8]) -> String {
        self.told(place, envelope, |mut request| {
            if request.number != "9101" {
                return Err(Fault::new("unknown_transaction", "附有文件的报文只有 9101（文件上传）"));
            }
            request.attach("fsUploadIn", "in", file::base64_of(file));
            self.done(institution, &request, None)
        })
    }

    /// Answers 9102 with the file itself (`application/octet-stream`), at an address and in a proved name as [`Platform::answer_at`].
    ///
    /// # Errors
    /// The answer with `infcode` −1 that goes in the file's place.
    pub fn download(&self, place: Place, institution: Option<&str>, envelope: &str) -> Result<File, String> {
        let mut found = None;
        let failure = self.told(place, envelope, |request| {
            if request.number != "9102" {
                return Err(Fault::new("unknown_transaction", "答复文件的交易只有 9102（文件下载）"));
            }
            Platform::proved(institution, &request)?;
            found = Some(Call::look_only(&self.office, &request, "9102", transaction::download)?);
            Ok(Wire::Null)
        });
        found.ok_or(failure)
    }

    /// The answer to a body whose request `work` deals with.
    fn told(&self, place: Place, body: &str, work: impl FnOnce(Request) -> Result<Wire, Fault>) -> String {
        let received = self.office.now();
        let serial = self.answered.fetch_add(1, Ordering::Relaxed) + 1;
        let (area, outcome) = match Request::read(body) {
            Ok(request) if !place.takes(&request.number) => {
                return envelope::not_here(&request.number, serial);
            }
            Ok(request) => (request.care_area.clone(), work(request)),
            Err(fault) => (String::new(), Err(fault)),
        };
        let digits = area.len() == 6 && area.bytes().all(|byte| byte.is_ascii_digit());
        let area = if digits { area } else { String::new() };
        envelope::answer(&area, serial, Times { received, answered: self.office.now() }, outcome)
    }

    /// A failure in the shape of every other one, without anything done: for faults that are made on purpose.
    pub fn fail(&self, code: &str, message: &str) -> String {
        let serial = self.answered.fetch_add(1, Ordering::Relaxed) + 1;
        let now = self.office.now();
        envelope::answer("", serial, Times { received: now, answered: now }, Err(Fault::new(code, message)))
    }

    /// The time, in milliseconds since 1970.
    pub fn now(&self) -> i64 {
        self.office.now()
    }

    pub(crate) fn office(&self) -> &Office {
        &self.office
    }

    /// Refuses an envelope in another's name than the proved one.
    fn proved(institution: Option<&str>, request: &Request) -> Result<(), Fault> {
        if institution.is_some_and(|proved| proved != request.institution) {
            let problem = "fixmedins_code（定点医药机构编号）不是发送报文的机构";
            return Err(Fault::new("denied", problem));
        }
        Ok(())
    }

    fn done(
        &self,
        institution: Option<&str>,
        request: &Request,
        trial: Option<&Trial>,
    ) -> Result<Wire, Fault> {
        let (number, handler) = transaction::find(&request.number)?;
        Platform::proved(institution, request)?;
        Call::answer(&self.office, request, number, handler, trial)
    }
}
