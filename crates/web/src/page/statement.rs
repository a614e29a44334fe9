//! `GET /settlements/{id}/print`: the A4 statement (结算单) of a booked settlement, explained as it was computed then.
//!
//! A browser asks for the token in its own window (Basic, the token as password); programs send it as elsewhere (Bearer). Only reading is
//! possible that way: commands take no Basic, so that a page from elsewhere cannot use what a browser remembers.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use gongji_agency::Stop;
use gongji_agency::access::{Action, Scope, allowed};
use gongji_agency::context::Context;
use gongji_agency::desk::Desk;
use gongji_agency::port::StoreError;
use gongji_agency::row::Person;
use gongji_agency::settlement::institution_of;
use gongji_cases::answer::BillAnswer;

use super::print::{Booked, statement};
use super::trouble;
use crate::Gongji;
use crate::agency::{Agency, look};
use crate::api::settlements::{cancelled_by, explain};
use crate::caller::{actor_of, password};
use crate::problem::Problem;

/// What is printed.
///
/// # Errors
/// As [`explain`].
pub fn of(
    agency: &Agency,
    desk: &mut Desk<'_>,
    context: &Context<'_>,
    id: &str,
) -> Result<(BillAnswer, Booked), Stop> {
    let (record, told) = explain(agency, desk, context, id)?;
    let Some(made) = record.settlement.as_deref() else {
        return Err(StoreError::Corrupt(format!("{id} 没有结算")).into());
    };
    let person = desk.need::<Person>(&made.person)?;
    let institution = institution_of(desk, made)?;
    let theirs = Scope { area: Some(&made.area), person: Some(&made.person), institution: None };
    let booked = Booked {
        settlement: made.id.clone(),
        institution: format!("{}（{}）", institution.name, institution.id),
        // An institution knows whom it treated; whoever else sees the sheet may see the name.
        person: format!("{}（{}）", person.name, person.id),
        certificate: if allowed(context.actor, Action::KeepPeople, theirs) {
            person.certificate.number.clone()
        } else {
            person.masked_number()
        },
        visit: made.visit.clone(),
        replaces: made.replaces.map(|seq| format!("S{seq}")),
        cancelled_by: cancelled_by(desk, record.seq)?,
        agrees: told.agrees(made),
        table: made.table.clone(),
        edition: made.edition.clone(),
    };
    Ok((told.bill, booked))
}

/// A problem as a page. One for want of a token lets a browser ask for it.
fn page_of(problem: &Problem) -> Response {
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let next = match status {
        StatusCode::UNAUTHORIZED => "重新打开，在浏览器的窗口里把令牌填作密码，用户名随意",
        StatusCode::FORBIDDEN => "换用有权查看这笔结算的令牌",
        _ => "核对结算编号，或稍后再试",
    };
    let mut response = (status, trouble(status, problem.title, &problem.detail, next)).into_response();
    if status == StatusCode::UNAUTHORIZED {
        let ask = HeaderValue::from_static("Basic realm=\"gongji\", charset=\"UTF-8\"");
        response.headers_mut().insert(header::WWW_AUTHENTICATE, ask);
    }
    response
}

/// `GET /settlements/{id}/print`.
pub async fn show(State(state): State<Gongji>, Path(id): Path<String>, headers: HeaderMap) -> Response {
    let printed = async {
        let agency = state.agency.clone().ok_or_else(Problem::no_store)?;
        let token = password(&headers).ok_or_else(Problem::no_token)?;
        let actor = actor_of(&agency, &token).await?;
        let of_look = Arc::clone(&agency);
        look(agency, actor, move |desk, context| of(&of_look, desk, context, &id)).await
    };
    match printed.await {
        Ok((bill, booked)) => statement(&bill, booked, state.options.today().to_string()),
        Err(problem) => page_of(&problem),
    }
}
