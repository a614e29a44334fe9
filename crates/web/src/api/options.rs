//! The options of a question: `on`, `known_on`.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use jiff::civil::Date;

use crate::problem::Problem;
use gongji_cases::QuoteOptions;

/// The options, read from the query; an unknown or unreadable one is refused.
pub struct Options(pub QuoteOptions);

impl<S: Send + Sync> FromRequestParts<S> for Options {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Options, Problem> {
        let query = parts.uri.query().unwrap_or_default();
        let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query)
            .map_err(|_| Problem::bad_query("?", query, "百分号编码的“名称=值”"))?;
        let mut asked = QuoteOptions::default();
        for (name, value) in pairs {
            let day = |text: &str| -> Result<Date, Problem> {
                text.parse().map_err(|_| Problem::bad_query(&name, text, "日期，写成 2026-01-31 这样"))
            };
            match name.as_str() {
                "on" => asked.on = Some(day(&value)?),
                "known_on" => asked.known_on = Some(day(&value)?),
                _ => return Err(Problem::bad_query(&name, &value, " on 或 known_on")),
            }
        }
        Ok(Options(asked))
    }
}
