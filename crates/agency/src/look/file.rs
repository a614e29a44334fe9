//! One person, one file (一人一档): everything in time order.

use std::collections::BTreeSet;

use gongji_money::Fen;
use jiff::civil::Date;
use serde::Serialize;
use serde_json::Value;

use super::person::{PersonSeen, shown};
use super::sight::seen;
use crate::actor::Role;
use crate::command::COMMANDS;
use crate::context::Context;
use crate::desk::Desk;
use crate::record::Record;
use crate::settlement::{Settlement, file_after};
use crate::stop::Stop;

/// A settlement in a file.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SettlementBrief {
    /// 结算编号.
    pub id: String,
    /// Where.
    pub institution: String,
    /// 医疗类别.
    pub care_type: String,
    /// 医疗费总额.
    #[serde(serialize_with = "crate::yuan::serialize")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub total: Fen,
    /// 基金支付总额.
    #[serde(serialize_with = "crate::yuan::serialize")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub fund_paid: Fen,
    /// 个人账户支付.
    #[serde(serialize_with = "crate::yuan::serialize")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub account_paid: Fen,
    /// 家庭共济支付.
    #[serde(serialize_with = "crate::yuan::serialize")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub mutual_aid_paid: Fen,
    /// 医院负担.
    #[serde(serialize_with = "crate::yuan::serialize")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub hospital_borne: Fen,
    /// 现金支付.
    #[serde(serialize_with = "crate::yuan::serialize")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub cash_paid: Fen,
}

/// One record of a file.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FileEntry {
    /// The record's number.
    pub record: u64,
    /// The business date.
    pub date: Date,
    /// When it was booked: milliseconds since 1970.
    pub booked_at: i64,
    /// The kind of record.
    pub kind: String,
    /// The kind for people.
    pub label: &'static str,
    /// In which role somebody acted.
    pub role: Role,
    /// Who; not told to residents.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
    /// Whom it concerns first: the person, or a relative whose bill drew on the person's account.
    pub about: String,
    /// What it moved on the person's account, where it did.
    #[serde(serialize_with = "crate::yuan::serialize")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub moved: Fen,
    /// The person's own settlement.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settlement: Option<SettlementBrief>,
    /// Whether it was cancelled later.
    pub cancelled: bool,
    /// The record that it cancels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cancels: Option<u64>,
    /// What was decided, in the person's own records.
    #[serde(skip_serializing_if = "Value::is_null")]
    pub result: Value,
}

/// A person's file.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PersonFile {
    /// The person.
    pub person: PersonSeen,
    /// What was recorded, oldest first.
    pub entries: Vec<FileEntry>,
    /// Whether there are older records that are not shown.
    pub more: bool,
}

/// The term for a kind of record.
pub fn label_of(kind: &str) -> &'static str {
    match kind {
        "settlement" => "结算",
        "cancellation" => "撤销结算",
        "reversal" => "冲正",
        "tombstone" => "冲正（消息未到）",
        "change_visit" => "变更就医信息",
        "exchange" => "接口报文",
        "account_interest" => "个人账户计息",
        "premium_subsidy" => "居民缴费的财政补助",
        _ => COMMANDS.iter().find(|(name, _)| *name == kind).map_or("其他", |(_, label)| label),
    }
}

fn brief(made: &Settlement) -> SettlementBrief {
    SettlementBrief {
        id: made.id.clone(),
        institution: made.institution.clone(),
        care_type: made.care_type.clone(),
        total: Fen::new(made.total),
        fund_paid: Fen::new(made.fund_paid),
        account_paid: Fen::new(made.account_paid),
        mutual_aid_paid: Fen::new(made.mutual_aid_paid),
        hospital_borne: Fen::new(made.hospital_borne),
        cash_paid: Fen::new(made.cash_paid),
    }
}

/// What a record moved on a person's account within one area, fen. A transfer between areas leaves it as it was.
pub(super) fn moved(record: &Record, person: &str) -> i64 {
    let of_person = record
        .entry
        .postings()
        .iter()
        .filter(|posting| posting.0.of_person().is_some_and(|(owner, _)| owner == person));
    of_person.map(|posting| posting.1).sum()
}

/// A person's file with the newest `limit` records.
///
/// # Errors
/// The refusals `denied` and `no_person`.
pub fn person_file(
    desk: &mut Desk<'_>,
    context: &Context<'_>,
    id: &str,
    limit: usize,
) -> Result<PersonFile, Stop> {
    let person = seen(desk, context, id)?;
    let mut records = file_after(desk, id, 0, limit.saturating_add(1))?;
    let more = records.len() > limit;
    records.truncate(limit);
    records.reverse();
    let cancelled: BTreeSet<u64> = records.iter().filter_map(|record| record.cancels).collect();
    let resident = context.actor.role == Role::Resident;
    let entries = records.into_iter().map(|record| {
        let moved = Fen::new(moved(&record, id));
        let about = record.people.first().map(|link| link.person.clone()).unwrap_or_default();
        // Of a relative's bill a person sees what it drew and no more.
        let own = about == id;
        // What is told of many people together is nobody's own.
        let of_many = record.bulk.is_some() || record.kind == "clear_accounts";
        let settlement = record.settlement.as_ref().filter(|_| own).map(|made| brief(made));
        FileEntry {
            record: record.seq,
            date: record.date,
            booked_at: record.booked_at,
            label: label_of(&record.kind),
            role: record.actor.role,
            actor: (!resident).then_some(record.actor.name),
            moved,
            settlement,
            cancelled: cancelled.contains(&record.seq),
            cancels: record.cancels,
            result: if (own && !of_many) || shared(&record.kind) { record.result } else { Value::Null },
            kind: record.kind,
            about,
        }
    });
    Ok(PersonFile { entries: entries.collect(), person: shown(desk, context, &person)?, more })
}

/// Kinds of records that concern everybody in whose file they stand.
fn shared(kind: &str) -> bool {
    matches!(
        kind,
        "grant_mutual_aid"
            | "apply_mutual_aid"
            | "review_grant"
            | "pause_grant"
            | "resume_grant"
            | "end_grant"
            | "transfer_to_wallet"
            | "accept_transfer"
            | "decline_transfer"
    )
}
