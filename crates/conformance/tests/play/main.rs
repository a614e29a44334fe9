//! The sequences against a platform that answers as it should, and against platforms each of which does one thing wrong.

#![expect(clippy::expect_used, reason = "a test stops where its premises fail")]

mod broken;
mod kit;
mod right;
mod server;
