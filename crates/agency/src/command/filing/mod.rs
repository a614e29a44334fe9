//! Filings: what every kind of them has in common.

mod away;
mod change;
mod newborn;
mod registered;

pub use away::FileAway;
pub use change::{CancelFiling, EndFiling, RenewFiling, ReviewFiling};
pub use newborn::RegisterNewborn;
pub use registered::{ChooseInstitution, RegisterChronic, RegisterMaternity};

use std::sync::Arc;

use jiff::civil::Date;
use serde_json::json;

use super::{check, visit};
use crate::access::{Action, Scope, allowed};
use crate::actor::Role;
use crate::context::Context;
use crate::desk::Desk;
use crate::filing::NEEDS;
use crate::record::{After, Draft};
use crate::refusal::Refusal;
use crate::row::{
    Cover, Filing, FilingKind, FilingStatus, Filings, Institution, Person, Proof, Visit, VisitStatus,
};
use crate::settlement::live_before;
use crate::stop::Stop;

/// So many filings of one person at most.
const MOST_FILINGS: usize = 500;

/// The person, where the actor may file for that person: the person, the staff of the area, or the institution `at` which the person shows up.
fn filer(
    desk: &mut Desk<'_>,
    context: &Context<'_>,
    person: &str,
    at: Option<&str>,
) -> Result<Arc<Person>, Stop> {
    context.may(Action::KeepFilings)?;
    let own = at.filter(|at| {
        context.actor.role == Role::Institution
            && allowed(
                context.actor,
                Action::KeepFilings,
                Scope { institution: Some(at), ..Scope::default() },
            )
    });
    let person = match own {
        Some(_) => visit::person(desk, person)?,
        None => {
            // Whoever acts for himself alone learns nothing of others.
            if matches!(context.actor.role, Role::Resident | Role::Institution) {
                context.allow(
                    Action::KeepFilings,
                    Scope { person: Some(person), institution: at, area: None },
                )?;
            }
            check::kept_person(desk, context, Action::KeepFilings, person)?
        }
    };
    if let Some(at) = at {
        visit::institution(desk, "at", at)?;
    }
    Ok(person)
}

/// The cover on the first day of what is filed.
fn insured(person: &Person, from: Date) -> Result<&Cover, Refusal> {
    if let Some(died) = person.died_on {
        return Err(Refusal::new("person_died", "参保人已经死亡").at("person").found(died));
    }
    person
        .cover_on(from)
        .ok_or_else(|| Refusal::new("not_covered", "开始日期没有参保").at("from").found(from))
}

/// Checks a first day that has passed: for a visit that is not yet settled to its end (补办), or by staff who say why.
fn begins(
    desk: &mut Desk<'_>,
    context: &Context<'_>,
    filing: &Filing,
    person: &str,
    reason: &str,
) -> Result<(), Stop> {
    context.not_far("from", filing.from)?;
    if let Some(id) = &filing.visit {
        let visit = desk
            .get::<Visit>(id)?
            .filter(|visit| visit.person == person)
            .ok_or_else(|| Refusal::new("no_visit", "没有这次就医登记").at("visit").found(id))?;
        if visit.status != VisitStatus::Open {
            return Err(Refusal::new("visit_closed", "出院结算以后不能补办")
                .at("visit")
                .found(id)
                .hint("已经自费结算的，请按手工报销办理")
                .into());
        }
        let institution = visit::institution(desk, "visit", &visit.institution)?;
        if !filing.serves(&institution) {
            return Err(Refusal::new("contradiction", "补办的备案不包括这次就医的机构")
                .at("visit")
                .found(format!("{}（{}）", institution.id, institution.area))
                .into());
        }
        return check::order("from", visit.opened_on, Some(filing.from)).map_err(Stop::from);
    }
    let staff = matches!(context.actor.role, Role::Clerk | Role::Operator);
    if filing.from >= context.today || (staff && !reason.trim().is_empty()) {
        return Ok(());
    }
    Err(Refusal::new("needs_make_up", "开始日期已经过去，只能补办")
        .at("from")
        .found(filing.from)
        .expected(format!("{} 或以后", context.today))
        .hint("出院结算前补办请写明就医登记（visit）；经办人员可以写明原因（reason）")
        .into())
}

/// Documents as they are kept, of which one must be of a kind that proves it.
fn proved(kind: FilingKind, proofs: &[Proof]) -> Result<Vec<Proof>, Refusal> {
    let accepted = NEEDS.proofs(kind);
    let terms = |names: &[String]| {
        let named: Vec<String> =
            names.iter().map(|name| format!("{name}（{}）", NEEDS.proof_label(name))).collect();
        named.join("、")
    };
    let mut kept = Vec::with_capacity(proofs.len());
    for (at, proof) in proofs.iter().enumerate() {
        if NEEDS.proof.iter().all(|known| known.kind != proof.kind) {
            let all: Vec<String> = NEEDS.proof.iter().map(|known| known.kind.clone()).collect();
            return Err(Refusal::new("unknown_value", "没有这种材料")
                .at(format!("proofs[{at}].kind"))
                .found(&proof.kind)
                .expected(terms(&all)));
        }
        let number = check::text(&format!("proofs[{at}].number"), &proof.number)?;
        kept.push(Proof { kind: proof.kind.clone(), number });
    }
    if !accepted.is_empty() && !kept.iter().any(|proof| accepted.contains(&proof.kind)) {
        return Err(Refusal::new("needs_proof", format!("{}要有证明材料", kind.label()))
            .at("proofs")
            .expected(terms(accepted)));
    }
    Ok(kept)
}

/// A filing of this kind under which nothing is yet said.
fn blank(context: &Context<'_>, kind: FilingKind, home: &str, (from, to): (Date, Option<Date>)) -> Filing {
    Filing {
        id: format!("F{}", context.seq),
        kind,
        home: home.to_owned(),
        area: None,
        institutions: Vec::new(),
        disease: None,
        care_type: None,
        from,
        to,
        status: if NEEDS.review(kind) { FilingStatus::Pending } else { FilingStatus::Valid },
        filed_on: context.today,
        by: context.actor.name.clone(),
        at: None,
        visit: None,
        proofs: Vec::new(),
        reviewed: None,
        ended: String::new(),
    }
}

/// Live settlements since a day at institutions that a filing serves: what is filed now changes none of them.
fn settled(desk: &mut Desk<'_>, person: &str, filing: &Filing, since: Date) -> Result<Vec<String>, Stop> {
    let live = live_before(desk, person, u64::MAX)?;
    let made =
        live.iter().filter(|record| record.date >= since).filter_map(|record| record.settlement.as_ref());
    let served = made.filter(|made| match filing.kind.is_away() {
        true => made.care_area != filing.home && filing.serves_at(&made.institution, &made.care_area),
        false => filing.serves_at(&made.institution, &made.care_area),
    });
    Ok(served.map(|made| made.id.clone()).collect())
}

/// Whether a filing that holds, or waits, is for the same thing and some of the same days.
fn overlaps(known: &Filing, filing: &Filing) -> bool {
    matches!(known.status, FilingStatus::Valid | FilingStatus::Pending)
        && known.home == filing.home
        && known.same_thing(filing)
        && known.to.is_none_or(|to| filing.from <= to)
        && filing.to.is_none_or(|to| known.from <= to)
}

/// Books a new filing.
fn filed(
    desk: &mut Desk<'_>,
    context: &Context<'_>,
    kind: &'static str,
    person: &Person,
    filing: Filing,
) -> Result<Vec<Draft>, Stop> {
    check::order("to", filing.from, filing.to)?;
    let mut filings = desk.get::<Filings>(&person.id)?.map(|row| (*row).clone()).unwrap_or_default();
    if filings.filings.len() >= MOST_FILINGS {
        return Err(Refusal::new("too_many", "备案太多").at("person").found(&person.id).into());
    }
    if let Some(known) = filings.filings.iter().find(|known| overlaps(known, &filing)) {
        return Err(Refusal::new("already_filed", format!("已经办理{}", filing.kind.label()))
            .at("from")
            .found(&known.id)
            .hint(match known.to {
                Some(to) => format!("{} 至 {to}，{}；可以续期", known.from, known.status.label()),
                None => format!("{} 起，{}；先终止", known.from, known.status.label()),
            })
            .into());
    }
    let settled = settled(desk, &person.id, &filing, filing.from)?;
    let result = json!({
        "filing": filing.id,
        "person": person.id,
        "filed": filing.kind,
        "from": filing.from,
        "to": filing.to,
        "status": filing.status,
        "settled": settled,
    });
    let home = filing.home.clone();
    filings.filings.push(filing);
    let mut draft =
        Draft::new(kind, context.today).about(&person.id).leaving(&person.id, &filings)?.telling(result);
    draft.after.push(After::listed("filings_in", &format!("{home}/{}", person.id))?);
    if !person.files {
        draft = draft.leaving(&person.id, &Person { files: true, ..person.clone() })?;
    }
    Ok(vec![draft])
}

/// Institutions that are named in a field, each known.
fn known_institutions(
    desk: &mut Desk<'_>,
    field: &str,
    ids: &[String],
) -> Result<Vec<Arc<Institution>>, Stop> {
    let mut known = Vec::with_capacity(ids.len());
    for (at, id) in ids.iter().enumerate() {
        if ids[..at].contains(id) {
            return Err(Refusal::new("duplicate", "机构写了两次").at(field).found(id).into());
        }
        known.push(visit::institution(desk, field, id)?);
    }
    Ok(known)
}
