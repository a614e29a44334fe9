//! Why a transaction is answered with -1.

use gongji_agency::office::Failure;
use gongji_agency::port::StoreError;
use gongji_agency::refusal::Refusal;

/// A stable code for machines and a Chinese sentence for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The code: `unknown_transaction`, `no_person` …
    pub code: String,
    /// The sentence.
    pub message: String,
}

impl Fault {
    /// A fault of a code and a sentence.
    pub fn new(code: &str, message: impl Into<String>) -> Fault {
        Fault { code: code.to_owned(), message: message.into() }
    }

    /// What `err_msg` says.
    pub fn text(&self) -> String {
        format!("[{}] {}", self.code, self.message)
    }
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Fault {
        Fault { code: refusal.code.to_string(), message: refusal.to_string() }
    }
}

impl From<Failure> for Fault {
    fn from(failure: Failure) -> Fault {
        match failure {
            Failure::Refused(refusal) => refusal.into(),
            // What the store says of itself stays inside; the institution learns whether to ask again.
            Failure::Store(StoreError::Unknown(_)) => {
                Fault::new("unknown_outcome", "提交的结果不明，请用原报文重发，或用 2601 冲正")
            }
            Failure::Store(StoreError::Unavailable(_)) => {
                Fault::new("unavailable", "平台暂时不可用，没有办理，请稍后用原报文重发")
            }
            Failure::Store(_) => Fault::new("internal", "平台内部错误，没有办理，请联系经办机构"),
        }
    }
}
