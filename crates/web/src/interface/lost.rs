//! An answer that never comes: the connection closes without a byte.

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use axum::response::Response;
use http_body::Frame;

/// A body that breaks before its first byte. The server then gives up the connection before it has written the head of the answer.
struct Broken;

impl HttpBody for Broken {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        Poll::Ready(Some(Err(std::io::Error::other("答复丢失"))))
    }
}

/// Nothing.
pub fn response() -> Response {
    Response::new(Body::new(Broken))
}
