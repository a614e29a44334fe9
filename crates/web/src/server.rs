//! Routes, limits, and the loop that serves them.

use std::io;

use axum::extract::{DefaultBodyLimit, Request};
use axum::http::{StatusCode, Uri};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::{Router, http};
use tokio::net::TcpListener;
use tower_http::catch_panic::CatchPanicLayer;

use crate::problem::Problem;
use crate::{Gongji, api, assets, headers, interface, page};

fn is_api(uri: &Uri) -> bool {
    uri.path().starts_with("/api/") || uri.path() == "/healthz"
}

async fn no_such_address(uri: Uri) -> Response {
    if is_api(&uri) {
        return Problem::not_found(&format!(
            "没有 {} 这个地址，可用的地址见 /api/v1/openapi.json",
            uri.path()
        ))
        .into_response();
    }
    page::no_such_page()
}

async fn no_such_method(method: http::Method, uri: Uri) -> Response {
    if is_api(&uri) {
        return Problem::method(method.as_str(), uri.path()).into_response();
    }
    (StatusCode::METHOD_NOT_ALLOWED, page::no_such_method(method.as_str())).into_response()
}

fn stopped(_: Box<dyn std::any::Any + Send + 'static>) -> Response {
    Problem::stopped().into_response()
}

/// Every route, ready to be served or called in a test.
pub fn router(state: Gongji) -> Router {
    let limit = state.options.body_limit;
    api::routes()
        .merge(page::routes())
        .merge(assets::routes())
        .fallback(no_such_address)
        .method_not_allowed_fallback(no_such_method)
        .layer(CatchPanicLayer::custom(stopped))
        .layer(middleware::from_fn(|request: Request, next| headers::secure(request, next)))
        .merge(interface::routes())
        .layer(DefaultBodyLimit::max(limit))
        .with_state(state)
}

/// Serves until the listener fails or `shutdown` ends; requests under way are finished first.
///
/// # Errors
/// What the listener reports.
pub async fn serve(
    listener: TcpListener,
    state: Gongji,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    axum::serve(listener, router(state)).with_graceful_shutdown(shutdown).await
}
