//! The national interface of institutions over HTTP: one address for everything, and one for each transaction.
//!
//! What was done, and what was refused by the business, is told inside an answer of status 200. Only what never came to the business has another status: no
//! proof of who sends, no store, a body too large.

mod gated;
mod lost;
pub mod message;
mod plain;
mod sender;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{Method, header};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use axum::{Router, http::HeaderValue};
use gongji_nhsa::File;
use gongji_nhsa::gateway::path::{self, SERVICES};

use crate::Gongji;
use crate::caller;
use crate::sandbox::deliver::{Outcome, deliver};
use message::{Made, Message};
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
        Ok(Outcome::Answer(Made::Text(answer))) => reply(answer),
        Ok(Outcome::Answer(Made::File(file))) => download(file),
        Ok(Outcome::Lost) => lost::response(),
        Ok(Outcome::Down) => Plain::unavailable().into_response(),
        Err(plain) => plain.into_response(),
    }
}

async fn taken(state: Gongji, request: Request) -> Result<Outcome, Plain> {
    if request.method() != Method::POST {
        return Err(Plain::method(request.method().as_str()));
    }
    let path = request.uri().path();
    let place = path::place(path).ok_or_else(|| Plain::no_such_address(path))?;
    let agency = state.agency.clone().ok_or_else(Plain::no_store)?;
    if let Some(sandbox) = state.sandbox.clone() {
        let message = Message::read(place, request, &state).await?;
        return deliver(agency, sandbox, message)
            .await
            .map(|(outcome, _)| outcome)
            .ok_or_else(Plain::stopped);
    }
    let token = caller::bearer(request.headers()).is_some();
    if let Some(gateway) = state.gateway.clone().filter(|_| !token) {
        let headers = request.headers().clone();
        let message = Message::read(place, request, &state).await?;
        let work = move || gated::answered(&gateway, &agency.platform, &headers, message);
        let made = tokio::task::spawn_blocking(work).await.map_err(|_| Plain::stopped())??;
        return Ok(Outcome::Answer(made));
    }
    let sender = sender::of(&agency, request.headers()).await?;
    let message = Message::read(place, request, &state).await?;
    let work = move || message.answered(&agency.platform, Some(&sender));
    let made = tokio::task::spawn_blocking(work).await.map_err(|_| Plain::stopped())?;
    Ok(Outcome::Answer(made))
}

fn reply(answer: String) -> Response {
    let mut response = Response::new(Body::from(answer));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json;charset=UTF-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn download(file: File) -> Response {
    let mut response = Response::new(Body::from(file.bytes));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let plain: String =
        file.name.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_')).collect();
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{plain}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    response
}
