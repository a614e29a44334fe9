//! Problems of the addresses over stored data: no token, a refusal, a store that does not answer.

use axum::http::StatusCode;
use gongji_agency::office::Failure;
use gongji_agency::port::StoreError;
use gongji_agency::refusal::Refusal;

use super::{FieldProblem, Problem};

impl Problem {
    /// 503: the server runs without a store.
    pub fn no_store() -> Problem {
        let base = Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "/problems/no-store",
            "没有打开存储",
            "没有打开存储：gongji serve --data 目录".to_owned(),
        );
        Problem { hint: Some("试算不需要存储，照常可用".into()), ..base }
    }

    /// 401: no token.
    pub fn no_token() -> Problem {
        let detail = "这个地址要有访问令牌：Authorization: Bearer 令牌。令牌由 gongji token 发放".to_owned();
        Problem::new(StatusCode::UNAUTHORIZED, "/problems/no-token", "没有访问令牌", detail)
    }

    /// 403: a page from elsewhere sent it, or it came by a name that is not ours.
    pub fn stranger(header: &str) -> Problem {
        let base = Problem::new(
            StatusCode::FORBIDDEN,
            "/problems/foreign-origin",
            "请求来自别的网站",
            format!("{header} 头不是这个服务自己的，没有办理"),
        );
        Problem { hint: Some("以域名访问时，启动服务要写明这个域名".into()), ..base }
    }

    /// 400: no key.
    pub fn no_key() -> Problem {
        let detail =
            "要有 Idempotency-Key 头：每一笔业务一个自己的键；不知道结果时用同一个键再问一次，不会办两次"
                .to_owned();
        Problem::new(StatusCode::BAD_REQUEST, "/problems/no-key", "没有幂等键", detail)
    }

    /// What a refusal is: 403, 409, 400, 404 for a command that there is none of, otherwise 422.
    pub fn of_refusal(refusal: &Refusal) -> Problem {
        let (status, kind, title) = match &*refusal.code {
            "denied" => (StatusCode::FORBIDDEN, "/problems/denied", "没有权限"),
            "not_authenticated" => {
                // Whether it is unknown, revoked or past its end is not told.
                (StatusCode::UNAUTHORIZED, "/problems/unknown-token", "访问令牌无效")
            }
            "key_reused" => (StatusCode::CONFLICT, "/problems/key-reused", "幂等键已经用过"),
            "malformed_key" => (StatusCode::BAD_REQUEST, "/problems/malformed-key", "幂等键写法不对"),
            "malformed_json" => (StatusCode::BAD_REQUEST, "/problems/not-json", "正文不是完整的 JSON"),
            "unknown_command" => (StatusCode::NOT_FOUND, "/problems/unknown-command", "没有这种业务"),
            _ => (StatusCode::UNPROCESSABLE_ENTITY, "/problems/refused", "没有办理"),
        };
        let mut problem = Problem::new(status, kind, title, refusal.to_string());
        problem.code = Some(refusal.code.clone());
        problem.hint = (!refusal.hint.is_empty()).then(|| refusal.hint.clone());
        if !refusal.field.is_empty() {
            problem.errors.push(FieldProblem {
                field: refusal.field.to_string(),
                found: refusal.found.to_string(),
                expected: refusal.expected.to_string(),
            });
        }
        problem
    }

    /// What a store's failure is: 503, with what the caller can do, or 500 where what is kept contradicts itself.
    pub fn of_store(error: &StoreError) -> Problem {
        let (status, kind, title, hint) = match error {
            StoreError::Unavailable(_) | StoreError::Stopped(_) => (
                StatusCode::SERVICE_UNAVAILABLE,
                "/problems/store-unavailable",
                "存储暂时不可用",
                "什么也没有记入；稍后用同一个幂等键再问一次",
            ),
            StoreError::Unknown(_) => (
                StatusCode::SERVICE_UNAVAILABLE,
                "/problems/outcome-unknown",
                "结果不明",
                "可能已经记入，也可能没有；用同一个幂等键再问一次，答复会是那一笔的结果，不会办两次",
            ),
            StoreError::Refused(_) => (
                StatusCode::SERVICE_UNAVAILABLE,
                "/problems/store-refused",
                "存储不可写",
                "什么也没有记入；请系统管理员检查存储，之后用同一个幂等键再问一次",
            ),
            StoreError::Corrupt(_) => (
                StatusCode::INTERNAL_SERVER_ERROR,
                "/problems/store-corrupt",
                "存储的内容不对",
                "什么也没有记入；请系统管理员运行 gongji audit",
            ),
        };
        // The details of a failure are for whoever runs the server, not for callers.
        let base = Problem::new(status, kind, title, format!("{title}。{hint}"));
        Problem { hint: Some(hint.into()), ..base }
    }

    /// What the failure of a command is.
    pub fn of_failure(failure: &Failure) -> Problem {
        match failure {
            Failure::Refused(refusal) => Problem::of_refusal(refusal),
            Failure::Store(error) => Problem::of_store(error),
        }
    }

    /// What the failure of a look is: as of a command, but 404 for a thing that is not there.
    pub fn of_look(failure: &Failure) -> Problem {
        match failure {
            Failure::Refused(refusal) if refusal.code.starts_with("no_") => {
                let base = Problem::not_found(&refusal.to_string());
                Problem { code: Some(refusal.code.clone()), ..base }
            }
            other => Problem::of_failure(other),
        }
    }
}
