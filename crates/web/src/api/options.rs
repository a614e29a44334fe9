//! The options of a question: `on`, `known_on`, and for what-ifs `compare_on`.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use gongji_cases::QuoteOptions;
use jiff::civil::Date;

use crate::problem::Problem;

/// The options of a quote, read from the query; an unknown or unreadable one is refused.
pub struct Options(pub QuoteOptions);

/// The options of what-ifs: those of a quote, and the day whose law is tried too.
pub struct WhatIfOptions(pub QuoteOptions, pub Option<Date>);

fn read(parts: &Parts, names: &[&str]) -> Result<WhatIfOptions, Problem> {
    let query = parts.uri.query().unwrap_or_default();
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query)
        .map_err(|_| Problem::bad_query("?", query, "百分号编码的“名称=值”"))?;
    let mut read = WhatIfOptions(QuoteOptions::default(), None);
    for (name, value) in pairs {
        if !names.contains(&name.as_str()) {
            return Err(Problem::bad_query(&name, &value, &format!("这里只有 {}", names.join("、"))));
        }
        let day =
            value.parse().map_err(|_| Problem::bad_query(&name, &value, "应为日期，写成 2026-01-31 这样"))?;
        match name.as_str() {
            "on" => read.0.on = Some(day),
            "known_on" => read.0.known_on = Some(day),
            _ => read.1 = Some(day),
        }
    }
    Ok(read)
}

impl<S: Send + Sync> FromRequestParts<S> for Options {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Options, Problem> {
        read(parts, &["on", "known_on"]).map(|read| Options(read.0))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for WhatIfOptions {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<WhatIfOptions, Problem> {
        read(parts, &["on", "known_on", "compare_on"])
    }
}
