//! Why a gateway lets a message not through.

/// A stable code and a Chinese sentence. Says nothing that helps to guess a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The code: `unknown_app`, `expired`, `wrong_signature` …
    pub code: &'static str,
    /// The sentence.
    pub message: String,
}

impl Refusal {
    /// A refusal.
    pub fn new(code: &'static str, message: impl Into<String>) -> Refusal {
        Refusal { code, message: message.into() }
    }

    /// As answers say it.
    pub fn text(&self) -> String {
        format!("[{}] {}", self.code, self.message)
    }
}
