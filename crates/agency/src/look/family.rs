//! Families: who drew what, when and where; transfers to wallets; what is unusual.

use gongji_money::Fen;
use jiff::civil::Date;
use serde::Serialize;

use super::sight::{masked_name, seen};
use super::{Page, rows, walk};
use crate::access::{Action, Scope};
use crate::actor::Role;
use crate::context::Context;
use crate::desk::Desk;
use crate::family::FAMILY;
use crate::row::{
    Balance, Flag, FlagKind, FlagStatus, Person, Reviewed, Transfer, TransferStatus, Wallet, wallet_owner,
};
use crate::settlement::file_after;
use crate::stop::Stop;

/// So many records of a file are looked through.
const MOST_RECORDS: usize = 10_000;

/// What one bill drew on somebody else's account, or on the wallet.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DrawSeen {
    /// The record's number.
    pub record: u64,
    /// The settlement.
    pub settlement: String,
    /// The business date.
    pub date: Date,
    /// When it was booked: milliseconds since 1970.
    pub booked_at: i64,
    /// Where.
    pub institution: String,
    /// 医疗类别.
    pub care_type: String,
    /// Whose account.
    pub grantor: String,
    /// The grantor's name; residents see the first character of others.
    pub grantor_name: String,
    /// Whose bill.
    pub beneficiary: String,
    /// The beneficiary's name.
    pub beneficiary_name: String,
    /// Under which grant; `None` for the wallet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grant: Option<String>,
    /// How much.
    #[serde(serialize_with = "crate::yuan::serialize")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub amount: Fen,
    /// Whether the settlement was cancelled, and the money given back.
    pub cancelled: bool,
}

/// Draws on shared money, by both sides.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DrawsSeen {
    /// Whose.
    pub person: String,
    /// What others drew on the person's account, oldest first.
    pub given: Vec<DrawSeen>,
    /// What the person's bills drew on others' accounts and the own wallet, oldest first.
    pub taken: Vec<DrawSeen>,
}

fn names(desk: &mut Desk<'_>, context: &Context<'_>, seen: &mut [DrawSeen], own: &str) -> Result<(), Stop> {
    let mut ids: Vec<String> =
        seen.iter().flat_map(|draw| [draw.grantor.clone(), draw.beneficiary.clone()]).collect();
    ids.sort();
    ids.dedup();
    let people = rows::<Person>(desk, &ids)?;
    let resident = context.actor.role == Role::Resident;
    let name = |id: &str| {
        let at = ids.iter().position(|known| known == id);
        let name = at.and_then(|at| people[at].as_ref()).map_or("", |person| &person.name);
        if resident && id != own { masked_name(name) } else { name.to_owned() }
    };
    for draw in seen {
        draw.grantor_name = name(&draw.grantor);
        draw.beneficiary_name = name(&draw.beneficiary);
    }
    Ok(())
}

/// Who drew what, when and where: of a person's account, and for a person's bills.
///
/// # Errors
/// The refusals `denied` and `no_person`.
pub fn draws(desk: &mut Desk<'_>, context: &Context<'_>, person: &str) -> Result<DrawsSeen, Stop> {
    seen(desk, context, person)?;
    let mut records = file_after(desk, person, 0, MOST_RECORDS)?;
    records.reverse();
    let cancelled: std::collections::BTreeSet<u64> =
        records.iter().filter_map(|record| record.cancels).collect();
    let (mut given, mut taken) = (Vec::new(), Vec::new());
    for record in &records {
        let Some(made) = record.settlement.as_deref() else { continue };
        for (at, owner) in made.relatives.iter().enumerate() {
            let wallet = owner.contains('/');
            let own = |posting: &&gongji_ledger::Posting| match posting.0.of_person() {
                Some((of, _)) => of == owner,
                None => wallet && posting.0.to_string() == *owner,
            };
            let postings = record.entry.postings().iter();
            let fen = postings.filter(own).map(|posting| posting.1).fold(0_i64, i64::saturating_add);
            let mine = made.person == person;
            if fen == 0 || !(mine || owner == person) {
                continue;
            }
            let draw = DrawSeen {
                record: record.seq,
                settlement: made.id.clone(),
                date: record.date,
                booked_at: record.booked_at,
                institution: made.institution.clone(),
                care_type: made.care_type.clone(),
                grantor: if wallet { made.person.clone() } else { owner.clone() },
                grantor_name: String::new(),
                beneficiary: made.person.clone(),
                beneficiary_name: String::new(),
                grant: made.grants.get(at).filter(|grant| !grant.is_empty()).cloned(),
                amount: Fen::new(fen.saturating_neg()),
                cancelled: cancelled.contains(&record.seq),
            };
            if mine { taken.push(draw) } else { given.push(draw) }
        }
    }
    names(desk, context, &mut given, person)?;
    names(desk, context, &mut taken, person)?;
    Ok(DrawsSeen { person: person.to_owned(), given, taken })
}

/// A transfer to a wallet as one of the two sees it.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TransferSeen {
    /// Its number.
    pub id: String,
    /// Whose account it was taken from.
    pub grantor: String,
    /// Whose wallet it is for.
    pub beneficiary: String,
    /// What the beneficiary is to the grantor.
    pub relation: String,
    /// How much.
    #[serde(serialize_with = "crate::yuan::serialize")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "200.00"))]
    pub amount: Fen,
    /// When: milliseconds since 1970.
    pub sent_at: i64,
    /// When it goes back unless it was taken: milliseconds since 1970.
    pub returns_at: i64,
    /// How it stands.
    pub status: TransferStatus,
    /// The term that people read.
    pub status_label: &'static str,
    /// When that was decided: milliseconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settled_at: Option<i64>,
}

/// A person's wallet and transfers.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TransfersSeen {
    /// Whose.
    pub person: String,
    /// What is in the wallet; `None` where none was opened.
    #[serde(serialize_with = "crate::yuan::optional::serialize", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, example = "200.00"))]
    pub wallet: Option<Fen>,
    /// Transfers from and to the person, by number.
    pub transfers: Vec<TransferSeen>,
}

/// A person's wallet and transfers, from and to.
///
/// # Errors
/// The refusals `denied` and `no_person`.
pub fn transfers(desk: &mut Desk<'_>, context: &Context<'_>, person: &str) -> Result<TransfersSeen, Stop> {
    seen(desk, context, person)?;
    let wallet = match desk.get::<Wallet>(person)? {
        Some(wallet) => {
            let held = desk.get::<Balance>(&wallet_owner(&wallet.area, person))?;
            Some(Fen::new(held.map_or(0, |row| row.fen)))
        }
        None => None,
    };
    let prefix = format!("{person}/");
    let listed = desk.view().page("transfers_of", &prefix, "", super::MOST_ON_A_PAGE)?;
    let mut ids: Vec<String> =
        listed.iter().filter_map(|(id, _)| id.strip_prefix(&prefix).map(str::to_owned)).collect();
    ids.sort_by_key(|id| id.get(1..).and_then(|digits| digits.parse::<u64>().ok()));
    let known = rows::<Transfer>(desk, &ids)?;
    let transfers = ids.into_iter().zip(known).filter_map(|(id, transfer)| {
        let transfer = transfer?;
        Some(TransferSeen {
            id,
            amount: Fen::new(transfer.amount()),
            grantor: transfer.grantor,
            beneficiary: transfer.beneficiary,
            relation: transfer.relation,
            sent_at: transfer.sent_at,
            returns_at: transfer.returns_at,
            status: transfer.status,
            status_label: transfer.status.label(),
            settled_at: transfer.settled_at,
        })
    });
    Ok(TransfersSeen { person: person.to_owned(), wallet, transfers: transfers.collect() })
}

/// Something unusual.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FlagSeen {
    /// Its id: person, month, kind.
    pub id: String,
    /// Whose account.
    pub person: String,
    /// What.
    pub kind: FlagKind,
    /// The term that people read.
    pub label: String,
    /// Why somebody should look.
    pub reason: String,
    /// When it was found.
    pub found_on: Date,
    /// How often; for sums so many fen.
    pub measured: i64,
    /// From where on it is flagged.
    pub threshold: i64,
    /// The records behind it.
    pub records: Vec<u64>,
    /// How it stands.
    pub status: FlagStatus,
    /// The term that people read.
    pub status_label: &'static str,
    /// What was said about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reviewed: Option<Reviewed>,
}

/// What is unusual in an area, by person and month; all of it, or what stands so.
///
/// # Errors
/// The refusal `denied`.
pub fn flags(
    desk: &mut Desk<'_>,
    context: &Context<'_>,
    (area, status): (&str, Option<FlagStatus>),
    after: &str,
    limit: usize,
) -> Result<Page<FlagSeen>, Stop> {
    context.allow(Action::SeeArea, Scope { area: Some(area), ..Scope::default() })?;
    let prefix = format!("{area}/");
    let after = if after.is_empty() { String::new() } else { format!("{prefix}{after}") };
    let mut page = walk(desk, ("flags_in", &prefix, &after), limit, |desk, part| {
        let ids: Vec<String> =
            part.iter().filter_map(|(id, _)| id.strip_prefix(&prefix).map(str::to_owned)).collect();
        let flags = rows::<Flag>(desk, &ids)?;
        let entries = ids.into_iter().zip(flags).map(|(id, flag)| {
            let flag = flag.filter(|flag| status.is_none_or(|status| status == flag.status))?;
            let threshold = FAMILY.threshold(flag.kind);
            Some(FlagSeen {
                id,
                label: threshold.map(|known| known.label.clone()).unwrap_or_default(),
                reason: threshold.map(|known| known.reason.clone()).unwrap_or_default(),
                person: flag.person,
                kind: flag.kind,
                found_on: flag.found_on,
                measured: flag.measured,
                threshold: flag.threshold,
                records: flag.records,
                status: flag.status,
                status_label: flag.status.label(),
                reviewed: flag.reviewed,
            })
        });
        Ok(entries.collect())
    })?;
    page.next = page.next.map(|next| next.strip_prefix(&prefix).map(str::to_owned).unwrap_or(next));
    Ok(page)
}
