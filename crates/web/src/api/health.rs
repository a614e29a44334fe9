//! `GET /healthz`.

/// 服务在不在。
#[utoipa::path(get, path = "/healthz", tag = "服务", responses((status = 200, description = "在", body = String, content_type = "text/plain")))]
pub async fn check() -> &'static str {
    "ok\n"
}
