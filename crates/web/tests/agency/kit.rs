//! A server with a store of its own in a temporary folder, at a clock that stands.

use std::sync::Arc;

use axum::body::Body;
use axum::http::Request;
use gongji_agency::actor::{Actor, Role};
use gongji_agency::command::{Command, IssueToken};
use gongji_agency::office::{Answer, Office, Rules};
use gongji_agency::port::{FixedClock, Store};
use gongji_agency::secret::hash_of;
use gongji_policy::read_packs;
use gongji_store::testing::{Ground, TemporarySqlite, temporary_sqlite};
use gongji_web::Gongji;
use serde_json::Value;

use crate::common::{self, BILLS, Reply, send, texts};

/// Noon of 2026-03-05 in Beijing.
pub const NOON: i64 = 1_772_683_200_000;

/// A server with its store.
pub struct Agency {
    pub state: Gongji,
    pub office: Office,
    ground: TemporarySqlite,
}

/// Rules over the area of `tests/packs`, with one text changed.
pub fn rules(change: impl Fn(&str) -> String) -> Rules {
    let mut texts = texts(BILLS);
    for text in &mut texts {
        text.text = change(&text.text);
    }
    let (packs, findings) = read_packs(&texts);
    assert!(findings.is_empty(), "{findings:?}");
    let files = texts.into_iter().map(|text| (text.name, text.text)).collect();
    Rules::new(Vec::leak(packs), files)
}

impl Agency {
    /// A server over an empty store.
    pub fn new() -> Agency {
        Agency::at(temporary_sqlite().unwrap(), rules(str::to_owned))
    }

    fn at(ground: TemporarySqlite, rules: Rules) -> Agency {
        let store: Arc<dyn Store> = ground.open().unwrap();
        let clock = Arc::new(FixedClock::at(NOON));
        let office = Office::open(store, Arc::new(rules), clock).unwrap();
        let state = common::state(1 << 20).with_office(office.clone());
        Agency { state, office, ground }
    }

    /// The same store under other rules, as after an update of the program.
    pub fn under(self, rules: Rules) -> Agency {
        let Agency { state, office, ground } = self;
        drop((state, office));
        Agency::at(ground, rules)
    }

    /// A token whose secret is its text.
    pub fn token(&self, secret: &str, role: Role, name: &str, areas: &[&str]) {
        let command = Command::IssueToken(IssueToken {
            hash: hash_of(secret),
            role,
            name: name.to_owned(),
            areas: areas.iter().map(|area| (*area).to_owned()).collect(),
            note: String::new(),
            expires_on: None,
        });
        self.operate(&format!("token-{secret}"), command);
    }

    /// Books a command in the name of whoever runs the program.
    pub fn operate(&self, key: &str, command: Command) -> Answer {
        self.office.book(&Actor::operator("test"), key, command).unwrap()
    }

    /// A request with a token and a key where they are not empty.
    pub async fn ask(
        &self,
        method: &str,
        address: &str,
        token: &str,
        key: &str,
        body: Option<&Value>,
    ) -> Reply {
        let mut request = Request::builder().method(method).uri(address);
        if !token.is_empty() {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        if !key.is_empty() {
            request = request.header("idempotency-key", key);
        }
        let body = match body {
            Some(body) => {
                request = request.header("content-type", "application/json");
                Body::from(body.to_string())
            }
            None => Body::empty(),
        };
        send(self.state.clone(), request.body(body).unwrap()).await
    }

    /// Reads.
    pub async fn get(&self, token: &str, address: &str) -> Reply {
        self.ask("GET", address, token, "", None).await
    }

    /// Gives a command.
    pub async fn give(&self, token: &str, kind: &str, key: &str, body: Value) -> Reply {
        self.ask("POST", &format!("/api/v1/commands/{kind}"), token, key, Some(&body)).await
    }

    /// Gives a command that must be booked.
    pub async fn book(&self, token: &str, kind: &str, key: &str, body: Value) -> Value {
        let reply = self.give(token, kind, key, body).await;
        assert_eq!(reply.status, 201, "{kind}: {}", reply.text);
        serde_json::from_str(&reply.text).unwrap()
    }
}

/// What came back, without what changes with every edit of the test pack.
pub fn told(reply: &Reply) -> String {
    let mut body: Value = serde_json::from_str(&reply.text).unwrap_or(Value::String(reply.text.clone()));
    strip(&mut body);
    let text = serde_json::to_string_pretty(&body).unwrap();
    format!("{} {}\n{}", reply.status, reply.kind, without_hashes(&text))
}

/// A text with every run of 64 hexadecimal digits left out.
fn without_hashes(text: &str) -> String {
    let mut kept = String::new();
    let mut run = String::new();
    for letter in text.chars().chain(['\n']) {
        if letter.is_ascii_hexdigit() {
            run.push(letter);
            continue;
        }
        kept.push_str(if run.len() == 64 { "…" } else { &run });
        kept.push(letter);
        run.clear();
    }
    kept.trim_end().to_owned()
}

fn strip(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                let hashes = ["engine", "packs", "case", "edition", "table", "expect", "hash"];
                if hashes.contains(&name.as_str()) && member.is_string() {
                    *member = Value::from("…");
                } else {
                    strip(member);
                }
            }
        }
        Value::Array(entries) => entries.iter_mut().for_each(strip),
        _ => {}
    }
}
