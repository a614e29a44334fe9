//! The files that pages refer to, embedded in the program.

use axum::Router;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;

const STYLE: &str = include_str!("../assets/gongji.css");
const SCRIPT: &str = include_str!("../assets/gongji.js");
const ICON: &str = include_str!("../assets/icon.svg");

fn file(kind: &'static str, body: &'static str) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-cache")], body)
}

/// The routes of the embedded files.
pub fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new()
        .route("/assets/gongji.css", get(|| async { file("text/css; charset=utf-8", STYLE) }))
        .route("/assets/gongji.js", get(|| async { file("text/javascript; charset=utf-8", SCRIPT) }))
        .route("/assets/icon.svg", get(|| async { file("image/svg+xml", ICON) }))
        .route("/favicon.ico", get(|| async { file("image/svg+xml", ICON) }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_asset_refers_to_another_origin() {
        for text in [STYLE, SCRIPT, ICON] {
            let rest = text.replace("http://www.w3.org/2000/svg", "");
            for word in ["http:", "https:", "url(//", "src=\"//", "@import", "\"//", "'//"] {
                assert!(!rest.contains(word), "{word}");
            }
        }
    }
}
