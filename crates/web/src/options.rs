//! What the operator may choose.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};

/// The largest body that the API reads, in bytes: 64 MiB, enough for a bill of some hundred thousand lines.
pub const BODY_LIMIT: usize = 64 * 1024 * 1024;

/// Options of the server.
#[derive(Clone, Debug)]
pub struct Options {
    /// The largest body in bytes; beyond it the answer is 413.
    pub body_limit: usize,
    /// The date that the form proposes; `None` for the day in China at the time of the request. Tests fix it.
    pub today: Option<Date>,
    /// Names under which the server is reached, besides addresses in figures and `localhost`. Whatever changes something is refused under any other
    /// name, so that a page from elsewhere cannot reach a local server by a name of its own.
    pub hosts: Vec<String>,
}

impl Default for Options {
    fn default() -> Options {
        Options { body_limit: BODY_LIMIT, today: None, hosts: Vec::new() }
    }
}

impl Options {
    /// The date that the form proposes.
    pub fn today(&self) -> Date {
        self.today.unwrap_or_else(|| {
            let china = TimeZone::fixed(Offset::constant(8));
            Timestamp::now().to_zoned(china).date()
        })
    }
}
