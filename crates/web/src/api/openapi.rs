//! The description of the API: OpenAPI 3.1 at `/api/v1/openapi.json`.

use std::sync::LazyLock;

use axum::Router;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{areas, five, health, packs, quotes, verify, what_ifs};
use crate::Gongji;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "共济：一张单子，谁付、为什么",
        description = "试算基本医疗保险的一张或一串账单：每一分钱由谁付，依据哪一条、哪一天起的规定。只试算：不登录，不扣款，不保存。金额是以元为单位、至多两位小数的文本；日期是 YYYY-MM-DD。错误是 application/problem+json（RFC 9457）。",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0")
    ),
    servers((url = "/", description = "本机")),
    tags(
        (name = "试算", description = "问一张或一串单子"),
        (name = "规则", description = "各统筹区的规则和出处"),
        (name = "服务", description = "这个服务本身")
    )
)]
struct Description;

fn described() -> OpenApiRouter<Gongji> {
    OpenApiRouter::with_openapi(Description::openapi())
        .routes(routes!(quotes::create))
        .routes(routes!(what_ifs::create))
        .routes(routes!(five::create))
        .routes(routes!(verify::create))
        .routes(routes!(areas::list))
        .routes(routes!(areas::one))
        .routes(routes!(packs::list))
        .routes(routes!(packs::parameters_of))
        .routes(routes!(health::check))
}

/// The document as text.
pub fn document() -> &'static str {
    static TEXT: LazyLock<String> = LazyLock::new(|| {
        let (_, api) = described().split_for_parts();
        api.to_pretty_json().unwrap_or_default()
    });
    &TEXT
}

/// Every described route, and the description.
pub fn routes() -> Router<Gongji> {
    let (router, _) = described().split_for_parts();
    let kind = [(header::CONTENT_TYPE, "application/json")];
    router.route("/api/v1/openapi.json", get(move || async move { (kind, document()).into_response() }))
}
