//! `GET /matrix`: areas × topics, what is known and how well.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use gongji_policy::Grade;
use gongji_policy::view::{MatrixRow, Topic, matrix};

use super::render;
use crate::Gongji;

#[derive(Template)]
#[template(path = "matrix.html")]
struct MatrixPage {
    topics: [Topic; Topic::ALL.len()],
    rows: Vec<MatrixRow>,
    /// Every grade with what it stands for.
    legend: [(Grade, &'static str); 4],
}

/// `GET /matrix`.
pub async fn show(State(state): State<Gongji>) -> Response {
    let legend = [
        (Grade::Official, "政府网站、官方口径，或引用经办机构的报纸"),
        (Grade::Press, "本地媒体、服务网站，或写明文号的转载"),
        (Grade::Web, "来历不明的网页"),
        (Grade::Unverified, "凭记忆，或出自有过错误的汇编"),
    ];
    render(StatusCode::OK, &MatrixPage { topics: Topic::ALL, rows: matrix(&state.packs, None), legend })
}
