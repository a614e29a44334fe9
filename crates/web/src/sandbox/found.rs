//! The sandbox of a request; without one these addresses are not there.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use super::Sandbox;
use crate::Gongji;
use crate::agency::Agency;
use crate::problem::Problem;

/// The sandbox and the agency behind it.
pub struct InSandbox {
    /// The agency.
    pub agency: Arc<Agency>,
    /// The sandbox.
    pub sandbox: Arc<Sandbox>,
}

impl FromRequestParts<Gongji> for InSandbox {
    type Rejection = Problem;

    async fn from_request_parts(_: &mut Parts, state: &Gongji) -> Result<InSandbox, Problem> {
        let none = || Problem::not_found("这里不是沙箱；沙箱用 gongji serve --sandbox 启动");
        let sandbox = state.sandbox.clone().ok_or_else(none)?;
        let agency = state.agency.clone().ok_or_else(Problem::no_store)?;
        Ok(InSandbox { agency, sandbox })
    }
}
