//! The national interface of institutions over HTTP: one address for everything, and one for each transaction.
//!
//! What was done, and what was refused by the business, is told inside an answer of status 200. Only what never came to the business has another status: no
//! proof of who sends, no store, a body too large.

mod plain;
mod sender;

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request, State};
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use axum::{Router, http::HeaderValue};
use gongji_nhsa::gateway::path::{self, Place, SERVICES};

use crate::Gongji;
use crate::agency::Agency;
use plain::Plain;

/// The routes of the interface. They carry none of the pages' headers: nobody reads an answer in a browser.
pub fn routes() -> Router<Gongji> {
    let mut routes = Router::new().route(&format!("{SERVICES}{{*rest}}"), any(take));
    for (path, _) in path::paths().filter(|(path, _)| !path.starts_with(SERVICES)) {
        let path = match path.strip_suffix('*') {
            Some(beginning) => format!("{beginning}{{*rest}}"),
            None => path.to_owned(),
        };
        routes = routes.route(&path, any(take));
    }
    routes
}

/// Takes a message, whatever its type says that it is.
async fn take(State(state): State<Gongji>, request: Request) -> Response {
    match taken(state, request).await {
        Ok(answer) => reply(answer),
        Err(plain) => plain.into_response(),
    }
}

async fn taken(state: Gongji, request: Request) -> Result<String, Plain> {
    if request.method() != Method::POST {
        return Err(Plain::method(request.method().as_str()));
    }
    let path = request.uri().path();
    let place = path::place(path).ok_or_else(|| Plain::no_such_address(path))?;
    let agency = state.agency.clone().ok_or_else(Plain::no_store)?;
    let sender = sender::of(&agency, request.headers()).await?;
    let limit = state.options.body_limit;
    let body = Bytes::from_request(request, &state).await.map_err(|rejection| {
        if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
            Plain::too_large(limit)
        } else {
            Plain::broken()
        }
    })?;
    answered(agency, place, sender, body).await
}

/// The platform's answer, made on a thread that may wait for a disk.
async fn answered(agency: Arc<Agency>, place: Place, sender: String, body: Bytes) -> Result<String, Plain> {
    let work = move || {
        // What is not UTF-8 is read as far as it is, so that the answer has the shape of every other.
        let text = String::from_utf8_lossy(&body);
        agency.platform.answer_at(place, Some(&sender), &text)
    };
    tokio::task::spawn_blocking(work).await.map_err(|_| Plain::stopped())
}

fn reply(answer: String) -> Response {
    let mut response = Response::new(Body::from(answer));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json;charset=UTF-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
