//! What never came to the business: answered as gateways do, with a code and a message.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// An answer of the gateway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plain {
    status: StatusCode,
    message: String,
}

impl Plain {
    fn new(status: StatusCode, message: impl Into<String>) -> Plain {
        Plain { status, message: message.into() }
    }

    /// 401: who sends is not proved.
    pub fn unproved(message: impl Into<String>) -> Plain {
        Plain::new(StatusCode::UNAUTHORIZED, message)
    }

    /// 403: whoever sends is no institution.
    pub fn no_institution(who: &str) -> Plain {
        let message = format!(
            "[not_an_institution] 这个令牌是{who}的；本接口只接受定点医药机构的令牌：gongji token issue institution 机构编码"
        );
        Plain::new(StatusCode::FORBIDDEN, message)
    }

    /// 404.
    pub fn no_such_address(path: &str) -> Plain {
        let message = format!(
            "[unknown_path] 本接口没有 {path} 这个地址；单一地址是 /fsi/api/rsfComIfsService/callService，由 infno 决定交易"
        );
        Plain::new(StatusCode::NOT_FOUND, message)
    }

    /// 405.
    pub fn method(method: &str) -> Plain {
        Plain::new(StatusCode::METHOD_NOT_ALLOWED, format!("[method] 本接口只接受 POST，收到的是 {method}"))
    }

    /// 413: the body is larger than `limit` bytes.
    pub fn too_large(limit: usize) -> Plain {
        let message = format!("[too_large] 报文至多 {limit} 个字节；明细请分批上传");
        Plain::new(StatusCode::PAYLOAD_TOO_LARGE, message)
    }

    /// 400: the body did not come whole.
    pub fn broken() -> Plain {
        Plain::new(StatusCode::BAD_REQUEST, "[broken_body] 报文没有收完整，没有办理，请用原报文重发")
    }

    /// 503: no store was opened.
    pub fn no_store() -> Plain {
        let message = "[no_store] 没有打开存储：gongji serve --data 目录";
        Plain::new(StatusCode::SERVICE_UNAVAILABLE, message)
    }

    /// 503: the store does not answer.
    pub fn unavailable() -> Plain {
        Plain::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "[unavailable] 平台暂时不可用，没有办理，请稍后用原报文重发",
        )
    }

    /// 500: the work stopped; whether it was booked is told by the same message once more.
    pub fn stopped() -> Plain {
        let message = "[internal] 平台内部错误，结果不明，请用原报文重发，或用 2601 冲正";
        Plain::new(StatusCode::INTERNAL_SERVER_ERROR, message)
    }
}

impl IntoResponse for Plain {
    fn into_response(self) -> Response {
        let body = json!({ "code": self.status.as_u16(), "message": self.message }).to_string();
        let mut response = (self.status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json;charset=UTF-8"));
        match self.status {
            StatusCode::UNAUTHORIZED => {
                headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"gongji\""));
            }
            StatusCode::SERVICE_UNAVAILABLE => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
            }
            StatusCode::METHOD_NOT_ALLOWED => {
                headers.insert(header::ALLOW, HeaderValue::from_static("POST"));
            }
            _ => {}
        }
        response
    }
}
