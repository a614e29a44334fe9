//! A person with cover, account, credentials and grants.

use gongji_money::Fen;
use jiff::civil::Date;
use serde::Serialize;

use super::cover::{CoverOn, cover_on};
use super::grant::{GrantSeen, granted_by, granted_to};
use super::sight::{reads_numbers, seen};
use crate::context::Context;
use crate::desk::Desk;
use crate::row::{CertificateKind, Cover, CredentialKind, CredentialStatus, Person, Standing, mask};
use crate::stop::Stop;

/// A certificate; the number in full only for the person and for those who keep people.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CertificateSeen {
    /// Its kind.
    pub kind: CertificateKind,
    /// The kind's name for people.
    pub label: &'static str,
    /// Its number.
    pub number: String,
}

/// A credential; the number likewise.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CredentialSeen {
    /// Its kind.
    pub kind: CredentialKind,
    /// The kind's name for people.
    pub label: &'static str,
    /// Its number.
    pub number: String,
    /// How it stands.
    pub status: CredentialStatus,
    /// The day of the last change.
    pub since: Date,
}

/// A personal account.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AccountSeen {
    /// The area in whose books it stands.
    pub area: String,
    /// 当年账户.
    #[serde(serialize_with = "crate::yuan::serialize")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub current_year: Fen,
    /// 历年账户.
    #[serde(serialize_with = "crate::yuan::serialize")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub carried_over: Fen,
}

/// A person as shown.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PersonSeen {
    /// 人员编号.
    pub id: String,
    /// 姓名.
    pub name: String,
    /// What proves it.
    pub certificate: CertificateSeen,
    /// `female` or `male`.
    pub sex: String,
    /// 出生日期.
    pub birth_date: Date,
    /// 死亡日期.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub died_on: Option<Date>,
    /// The day of registration.
    pub registered_on: Date,
    /// Cover today.
    pub today: CoverOn,
    /// Every cover, in order of time.
    pub covers: Vec<Cover>,
    /// Every credential.
    pub credentials: Vec<CredentialSeen>,
    /// The account; `None` without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountSeen>,
    /// What relatives granted the person.
    pub granted_to: Vec<GrantSeen>,
    /// What the person granted relatives.
    pub granted_by: Vec<GrantSeen>,
}

/// The account of a person.
pub(super) fn account_of(standing: &Standing) -> Option<AccountSeen> {
    standing.account_area.clone().map(|area| AccountSeen {
        area,
        current_year: Fen::new(standing.current_year),
        carried_over: Fen::new(standing.carried_over),
    })
}

pub(super) fn shown(desk: &mut Desk<'_>, context: &Context<'_>, person: &Person) -> Result<PersonSeen, Stop> {
    let full = reads_numbers(context, person);
    let number = |number: &str| if full { number.to_owned() } else { mask(number) };
    let account = desk.get::<Standing>(&person.id)?.and_then(|standing| account_of(&standing));
    let credentials = person.credentials.iter().map(|credential| CredentialSeen {
        kind: credential.kind,
        label: credential.kind.label(),
        number: number(&credential.number),
        status: credential.status,
        since: credential.since,
    });
    Ok(PersonSeen {
        id: person.id.clone(),
        name: person.name.clone(),
        certificate: CertificateSeen {
            kind: person.certificate.kind,
            label: person.certificate.kind.label(),
            number: number(&person.certificate.number),
        },
        sex: person.sex.clone(),
        birth_date: person.birth_date,
        died_on: person.died_on,
        registered_on: person.registered_on,
        today: cover_on(person, context.today),
        covers: person.covers.clone(),
        credentials: credentials.collect(),
        account,
        granted_to: granted_to(desk, context, &person.id)?,
        granted_by: granted_by(desk, context, &person.id)?,
    })
}

/// A person.
///
/// # Errors
/// The refusals `denied` and `no_person`.
pub fn person(desk: &mut Desk<'_>, context: &Context<'_>, id: &str) -> Result<PersonSeen, Stop> {
    let person = seen(desk, context, id)?;
    shown(desk, context, &person)
}
