//! The client: posts a body to the address of a transaction, and waits no longer than it should.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use gongji_nhsa::gateway::path::{Place, SERVICES, paths};

/// The largest answer that is read: 16 MiB.
const MOST: u64 = 16 << 20;

/// Where messages are posted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathStyle {
    /// To one address: `infno` decides.
    Single,
    /// To one address for each transaction.
    PerTransaction,
}

/// Whom to talk to, and how.
#[derive(Clone, Debug)]
pub struct Target {
    /// `http://host:port`, with a path in front of those of the interface where there is one.
    pub base: String,
    /// Where messages are posted.
    pub style: PathStyle,
    /// The path of the single address.
    pub single: String,
    /// Headers of every request.
    pub headers: Vec<(String, String)>,
    /// A token for every institution without one of its own.
    pub token: Option<String>,
    /// Tokens by institution.
    pub tokens: BTreeMap<String, String>,
    /// How long an answer may take.
    pub timeout: Duration,
}

impl Target {
    /// The single address that most provinces have, without headers, ten seconds for an answer.
    pub fn new(base: &str) -> Target {
        Target {
            base: base.trim_end_matches('/').to_owned(),
            style: PathStyle::Single,
            single: format!("{SERVICES}rsfComIfsService/callService"),
            headers: Vec::new(),
            token: None,
            tokens: BTreeMap::new(),
            timeout: Duration::from_secs(10),
        }
    }

    /// The path of a transaction.
    pub fn path(&self, number: &str) -> &str {
        match self.style {
            PathStyle::Single => &self.single,
            PathStyle::PerTransaction => own_path(number).unwrap_or(&self.single),
        }
    }
}

/// The path that is a transaction's own; `None` where none is described.
pub fn own_path(number: &str) -> Option<&'static str> {
    paths().find(|(_, place)| matches!(place, Place::Only(only) if *only == number)).map(|(path, _)| path)
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Nothing listens there, or the name leads nowhere.
    Unreachable(String),
    /// No answer in time.
    Late(Duration),
    /// The connection broke, or what came is no HTTP.
    Broken(String),
}

impl fmt::Display for Trouble {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Trouble::Unreachable(problem) => write!(to, "连接不上：{problem}"),
            Trouble::Late(limit) => write!(to, "{} 毫秒内没有应答", limit.as_millis()),
            Trouble::Broken(problem) => write!(to, "应答没有收完整：{problem}"),
        }
    }
}

/// An answer as it came.
#[derive(Clone, Debug)]
pub struct Raw {
    /// The status of HTTP.
    pub status: u16,
    /// `Content-Type`; empty without one.
    pub kind: String,
    /// The body.
    pub bytes: Vec<u8>,
    /// The body as text. What is not UTF-8 is replaced.
    pub text: String,
}

/// The client.
pub struct Client {
    agent: ureq::Agent,
    pub target: Target,
}

impl Client {
    pub fn new(target: Target) -> Client {
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(target.timeout))
            .http_status_as_error(false)
            .max_redirects(0)
            .proxy(None)
            .user_agent(concat!("gongji-conformance/", env!("CARGO_PKG_VERSION")))
            .build();
        Client { agent: config.into(), target }
    }

    fn trouble(&self, error: ureq::Error) -> Trouble {
        match error {
            ureq::Error::Timeout(_) => Trouble::Late(self.target.timeout),
            ureq::Error::HostNotFound => Trouble::Unreachable("找不到这个主机名".to_owned()),
            ureq::Error::ConnectionFailed => Trouble::Unreachable("连接被拒绝".to_owned()),
            ureq::Error::BadUri(problem) => Trouble::Unreachable(format!("地址写法不对：{problem}")),
            ureq::Error::Io(error) => match error.kind() {
                std::io::ErrorKind::ConnectionRefused
                | std::io::ErrorKind::HostUnreachable
                | std::io::ErrorKind::NetworkUnreachable
                | std::io::ErrorKind::AddrNotAvailable => Trouble::Unreachable("连接被拒绝".to_owned()),
                std::io::ErrorKind::TimedOut => Trouble::Late(self.target.timeout),
                _ => Trouble::Broken(error.to_string()),
            },
            other => Trouble::Broken(other.to_string()),
        }
    }

    fn raw(&self, answered: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Result<Raw, Trouble> {
        let mut response = answered.map_err(|error| self.trouble(error))?;
        let status = response.status().as_u16();
        let kind = response.headers().get("content-type").and_then(|kind| kind.to_str().ok());
        let kind = kind.unwrap_or_default().to_owned();
        let bytes = response.body_mut().with_config().limit(MOST).read_to_vec();
        let bytes = bytes.map_err(|error| self.trouble(error))?;
        Ok(Raw { status, kind, text: String::from_utf8_lossy(&bytes).into_owned(), bytes })
    }

    /// Gets a path.
    pub fn get(&self, path: &str) -> Result<Raw, Trouble> {
        let mut request = self.agent.get(format!("{}{path}", self.target.base));
        for (name, value) in &self.target.headers {
            request = request.header(name, value);
        }
        self.raw(request.call())
    }

    /// Posts a body in the name of an institution. Without a `kind` it is said to be JSON.
    pub fn post(
        &self,
        path: &str,
        institution: &str,
        kind: Option<&str>,
        body: &str,
    ) -> Result<Raw, Trouble> {
        let mut request = self.agent.post(format!("{}{path}", self.target.base));
        request = request.header("Content-Type", kind.unwrap_or("application/json;charset=UTF-8"));
        request = request.header("Accept", "application/json, application/octet-stream");
        let token = self.target.tokens.get(institution).or(self.target.token.as_ref());
        if let Some(token) = token {
            request = request.header("Authorization", format!("Bearer {token}"));
        }
        for (name, value) in &self.target.headers {
            request = request.header(name, value);
        }
        self.raw(request.send(body))
    }
}
