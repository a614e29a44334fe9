//! Errors of the API: problem details (RFC 9457), worded in Chinese.

mod refused;

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

/// One field at fault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldProblem {
    /// Where it stands in the body: `events[0].charges.total`.
    #[schema(example = "events[0].charges.total")]
    pub field: String,
    /// What was found there.
    #[schema(example = "\"12.345\"")]
    pub found: String,
    /// What would be accepted.
    #[schema(example = "以元为单位、至多两位小数的文本，如 \"1234.50\"")]
    pub expected: String,
}

/// Why a request has no answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Problem {
    /// The kind of problem, a stable relative address.
    #[serde(rename = "type")]
    #[schema(example = "/problems/bad-case")]
    pub kind: &'static str,
    /// 名称.
    pub title: &'static str,
    /// The status, as in the first line of the answer.
    #[schema(example = 422)]
    pub status: u16,
    /// What happened and what to do.
    pub detail: String,
    /// For a case without an answer and for a refused command, what went wrong as a stable code: `needs_answer`, `no_person` ….
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub code: Option<Box<str>>,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub hint: Option<Box<str>>,
    /// The fields at fault; empty where no field is.
    pub errors: Vec<FieldProblem>,
}

impl Problem {
    pub(crate) fn new(
        status: StatusCode,
        kind: &'static str,
        title: &'static str,
        detail: String,
    ) -> Problem {
        Problem { kind, title, status: status.as_u16(), detail, code: None, hint: None, errors: Vec::new() }
    }

    /// 422: the case cannot be answered.
    pub fn bad_case(code: &'static str, detail: String, errors: Vec<FieldProblem>) -> Problem {
        let base =
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "/problems/bad-case", "这个问题没有答案", detail);
        Problem { errors, code: Some(code.into()), ..base }
    }

    /// 400: not JSON.
    pub fn not_json(detail: String) -> Problem {
        Problem::new(StatusCode::BAD_REQUEST, "/problems/not-json", "正文不是完整的 JSON", detail)
    }

    /// 400: the query cannot be read.
    pub fn bad_query(field: &str, found: &str, expected: &str) -> Problem {
        let base = Problem::new(
            StatusCode::BAD_REQUEST,
            "/problems/bad-query",
            "地址里的选项读不懂",
            format!("选项“{field}”写的是“{found}”：{expected}"),
        );
        let error =
            FieldProblem { field: field.to_owned(), found: found.to_owned(), expected: expected.to_owned() };
        Problem { errors: vec![error], ..base }
    }

    /// 404: no such thing.
    pub fn not_found(what: &str) -> Problem {
        Problem::new(StatusCode::NOT_FOUND, "/problems/not-found", "没有这一项", what.to_owned())
    }

    /// 405: the address exists, the method does not.
    pub fn method(method: &str, path: &str) -> Problem {
        let detail = format!("地址 {path} 不接受 {method}，可用的方法见 Allow 头和 /api/v1/openapi.json");
        Problem::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "/problems/method-not-allowed",
            "方法不适用于这个地址",
            detail,
        )
    }

    /// 413: the body is larger than `limit` bytes.
    pub fn too_large(limit: usize) -> Problem {
        let detail = format!(
            "正文至多 {} MiB。更大的单子请用命令行 gongji quote，或按日期拆成几个事件分次提问",
            limit / (1024 * 1024)
        );
        Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "/problems/too-large", "正文太大", detail)
    }

    /// 415: the body is not declared as JSON.
    pub fn not_declared_json(found: &str) -> Problem {
        let detail =
            format!("请把正文写成 JSON，并以 Content-Type: application/json 提交；收到的是“{found}”");
        Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "/problems/not-json-type", "正文类型不对", detail)
    }

    /// 500: the engine stopped. Nothing was booked: a quote books nothing.
    pub fn stopped() -> Problem {
        let detail = "试算在服务器上中断了，没有扣款，也没有留下记录。请把问题的 JSON 用命令行 gongji quote 再算一次，并把结果报告给维护者";
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "/problems/stopped", "试算中断", detail.to_owned())
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(self)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"gongji\""));
        }
        if status == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}
