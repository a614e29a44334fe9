//! `GET /api/v1/records/{seq}`: a record of the journal, with what identifies people masked.

use axum::Json;
use axum::extract::{Path, State};
use gongji_agency::Stop;
use gongji_agency::access::{Action, Scope, allowed, check_any};
use gongji_agency::context::Context;
use gongji_agency::desk::Desk;
use gongji_agency::port::StoreError;
use gongji_agency::record::Record;
use gongji_agency::refusal::Refusal;
use gongji_agency::row::{Person, mask};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::Gongji;
use crate::agency::look;
use crate::caller::Caller;
use crate::problem::Problem;

/// A record as the journal keeps it.
#[derive(Serialize, ToSchema)]
pub struct RecordView {
    /// 记录号.
    seq: u64,
    /// The hash that chains it to the one before.
    hash: String,
    /// Whether anything is masked here, so that the hash does not cover what is shown.
    masked: bool,
    /// The record. Amounts in fen, as the journal keeps them.
    #[schema(value_type = Object)]
    record: Value,
}

/// The area whose record it is: that of the settlement, of the first posting, of the first person's last cover.
fn area_of(desk: &mut Desk<'_>, record: &Record) -> Result<Option<String>, Stop> {
    if let Some(settlement) = &record.settlement {
        return Ok(Some(settlement.area.clone()));
    }
    if let Some(posting) = record.entry.postings().first() {
        return Ok(Some(posting.0.area.clone()));
    }
    let Some(link) = record.people.first() else { return Ok(None) };
    let person = desk.get::<Person>(&link.person)?;
    Ok(person.and_then(|person| person.covers.last().map(|cover| cover.area.clone())))
}

/// Masks numbers of certificates and credentials wherever they stand, and leaves out the texts of rules.
fn conceal(value: &mut Value, masked: &mut bool) {
    match value {
        Value::Object(members) => {
            let listed = members.get("kind").and_then(Value::as_str).map(str::to_owned);
            match listed.as_deref() {
                Some("certificate") => {
                    if let Some(Value::String(id)) = members.get_mut("id")
                        && let Some((kind, number)) = id.split_once('/')
                    {
                        *id = format!("{kind}/{}", mask(number));
                        *masked = true;
                    }
                }
                Some("edition") if members.contains_key("body") => {
                    members.insert("body".to_owned(), Value::from("…"));
                    *masked = true;
                }
                _ => {}
            }
            for (name, member) in members.iter_mut() {
                match member {
                    Value::String(number) if name == "number" => {
                        *number = mask(number);
                        *masked = true;
                    }
                    other => conceal(other, masked),
                }
            }
        }
        Value::Array(entries) => entries.iter_mut().for_each(|entry| conceal(entry, masked)),
        _ => {}
    }
}

fn show(desk: &mut Desk<'_>, context: &Context<'_>, seq: u64) -> Result<RecordView, Stop> {
    let missing = || Refusal::new("no_record", "没有这条记录").at("seq").found(seq);
    let stored = desk.view().records(&[seq])?.pop().flatten().ok_or_else(missing)?;
    let record = Record::read(seq, &stored.body)?;
    let area = area_of(desk, &record)?;
    let scope = Scope { area: area.as_deref(), ..Scope::default() };
    check_any(context.actor, &[(Action::Audit, scope), (Action::SeeArea, scope)])?;
    let mut value: Value = serde_json::from_str(&stored.body)
        .map_err(|error| StoreError::Corrupt(format!("第 {seq} 条记录读不懂：{error}")))?;
    let mut masked = false;
    if !allowed(context.actor, Action::KeepPeople, scope) {
        conceal(&mut value, &mut masked);
    }
    Ok(RecordView { seq, hash: stored.hash.to_string(), masked, record: value })
}

/// 流水中的一条记录：谁、什么时候、办了什么、动了哪些钱。
#[utoipa::path(
    get,
    path = "/api/v1/records/{seq}",
    tag = "账务",
    security(("token" = [])),
    params(("seq" = u64, Path, description = "记录号", example = 12)),
    responses(
        (status = 200, description = "记录", body = RecordView),
        (status = 401, description = "没有有效的令牌", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "没有权限", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "没有这条记录", body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn one(
    State(_): State<Gongji>,
    Path(seq): Path<String>,
    Caller { actor, agency }: Caller,
) -> Result<Json<RecordView>, Problem> {
    let seq = seq.parse().map_err(|_| Problem::not_found(&format!("没有记录 {seq}：记录号是整数")))?;
    look(agency, actor, move |desk, context| show(desk, context, seq)).await.map(Json)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_are_masked_wherever_they_stand() {
        let mut record = json!({
            "kind": "register_person",
            "after": [
                { "kind": "person", "id": "P1", "body": { "certificate": { "kind": "id_card", "number": "990101199001011234" } } },
                { "kind": "certificate", "id": "id_card/990101199001011234", "body": { "person": "P1" } },
                { "kind": "edition", "id": "ab", "body": { "files": [["a", "b"]] } },
            ],
        });
        let mut masked = false;
        conceal(&mut record, &mut masked);
        let text = record.to_string();
        assert!(masked && !text.contains("19900101"), "{text}");
        assert!(text.contains("id_card/990***********1234") && text.contains("\"…\""), "{text}");
    }
}
