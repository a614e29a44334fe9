//! A sandbox over the shipped packs, at a clock that stands.

use std::sync::{Arc, OnceLock};

use axum::body::Body;
use axum::http::Request;
use gongji_agency::office::{Office, Rules};
use gongji_agency::port::{FixedClock, Store};
use gongji_demo::sandbox::stage;
use gongji_policy::{Pack, read_packs};
use gongji_store::testing::{Ground, TemporarySqlite, temporary_sqlite};
use gongji_web::{Gongji, Options};
use serde_json::{Value, json};

use crate::common::{Reply, send};

/// Noon of 2026-03-05 in Beijing.
const NOON: i64 = 1_772_683_200_000;

type Texts = (&'static [Pack], Vec<(String, String)>);

fn packs() -> &'static Texts {
    static PACKS: OnceLock<Texts> = OnceLock::new();
    PACKS.get_or_init(|| {
        let texts = gongji_packs::PackTexts::shipped().rules;
        let (packs, _) = read_packs(&texts);
        (&*Vec::leak(packs), texts.into_iter().map(|text| (text.name, text.text)).collect())
    })
}

pub struct Sandbox {
    pub state: Gongji,
    _ground: TemporarySqlite,
}

impl Sandbox {
    pub fn new() -> Sandbox {
        let ground = temporary_sqlite().unwrap();
        let store: Arc<dyn Store> = ground.open().unwrap();
        let (packs, files) = packs();
        let rules = Arc::new(Rules::new(packs, files.clone()));
        let office = Office::open(store, rules, Arc::new(FixedClock::at(NOON))).unwrap();
        let made = stage(&office, None, 4, 6).unwrap();
        assert_eq!(stage(&office, None, 4, 6).unwrap(), made, "opened again it is the same");
        let state = Gongji::new(Arc::new(packs.to_vec()), Options::default());
        Sandbox { state: state.with_office(office).as_sandbox(made), _ground: ground }
    }

    pub async fn ask(&self, method: &str, address: &str, body: Option<String>) -> Reply {
        let request =
            Request::builder().method(method).uri(address).header("content-type", "application/json");
        let body = body.map_or_else(Body::empty, Body::from);
        send(self.state.clone(), request.body(body).unwrap()).await
    }

    /// What an address of the API tells.
    pub async fn told(&self, address: &str) -> Value {
        let reply = self.ask("GET", address, None).await;
        assert_eq!(reply.status, 200, "{address}: {}", reply.text);
        serde_json::from_str(&reply.text).unwrap()
    }

    /// The request of a transaction, and where it goes.
    pub async fn request(&self, sequence: &str, number: &str) -> (String, Value) {
        let made = self.told(&format!("/api/v1/sandbox/requests/{number}?sequence={sequence}")).await;
        assert_eq!(made["missing"], json!([]), "{sequence} {number}");
        (made["path"].as_str().unwrap().to_owned(), made["body"].clone())
    }

    /// Sends the request of a transaction.
    pub async fn post(&self, sequence: &str, number: &str) -> Reply {
        let (path, body) = self.request(sequence, number).await;
        self.ask("POST", &path, Some(body.to_string())).await
    }

    /// Sends it and demands success; what was answered.
    pub async fn fine(&self, sequence: &str, number: &str) -> Value {
        let reply = self.post(sequence, number).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        let answer: Value = serde_json::from_str(&reply.text).unwrap();
        assert_eq!(answer["infcode"], 0, "{sequence} {number}: {}", reply.text);
        answer["output"].clone()
    }
}
