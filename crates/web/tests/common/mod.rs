//! A server over the invented area of `tests/packs`, called without a socket.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::{Request, Response, header};
use gongji_policy::{SourceText, read_packs};
use gongji_web::{Gongji, Options, router};
use jiff::civil::Date;
use tower::ServiceExt;

/// What came back.
pub struct Reply {
    pub status: u16,
    pub kind: String,
    pub headers: Vec<(String, String)>,
    pub text: String,
}

/// The invented area of bills.
pub const BILLS: &str = "tests/packs/990201-demo";

pub fn texts(folder: &str) -> Vec<SourceText> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut texts: Vec<SourceText> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|kind| kind == "toml"))
        .map(|path| SourceText {
            name: format!(
                "{}/{}",
                path.parent().unwrap().file_name().unwrap().to_str().unwrap(),
                path.file_name().unwrap().to_str().unwrap()
            ),
            text: fs::read_to_string(&path).unwrap(),
        })
        .collect();
    texts.sort_by(|one, other| one.name.cmp(&other.name));
    texts
}

/// A server over one folder of packs.
pub fn over(folder: &str, body_limit: usize) -> Gongji {
    let (packs, findings) = read_packs(&texts(folder));
    assert!(findings.is_empty(), "{findings:?}");
    let today = Some(Date::constant(2026, 3, 5));
    Gongji::new(Arc::new(packs), Options { body_limit, today, ..Options::default() })
}

pub fn state(body_limit: usize) -> Gongji {
    over(BILLS, body_limit)
}

pub async fn send(state: Gongji, request: Request<Body>) -> Reply {
    let response: Response<Body> = router(state).oneshot(request).await.unwrap();
    let status = response.status().as_u16();
    let told = |name: &header::HeaderName| {
        response.headers().get(name).map_or(String::new(), |value| value.to_str().unwrap().to_owned())
    };
    let kind = told(&header::CONTENT_TYPE);
    let headers = response
        .headers()
        .iter()
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
        .collect();
    let bytes = to_bytes(response.into_body(), 64 << 20).await.unwrap();
    Reply { status, kind, headers, text: String::from_utf8_lossy(&bytes).into_owned() }
}

pub async fn get(address: &str) -> Reply {
    send(state(1 << 20), Request::get(address).body(Body::empty()).unwrap()).await
}
