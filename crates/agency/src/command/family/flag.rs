//! Unusual use of accounts that are shared: looked for, listed, looked at by somebody. Nothing is blocked.

use std::collections::{BTreeMap, BTreeSet};

use gongji_cases::Case;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::access::{Action, Scope};
use crate::command::{Decide, check};
use crate::context::Context;
use crate::desk::Desk;
use crate::family::FAMILY;
use crate::record::{After, Draft, Record};
use crate::refusal::Refusal;
use crate::row::{Flag, FlagKind, FlagStatus, Grants, Reviewed, Standing};
use crate::settlement::file_after;
use crate::stop::Stop;

/// 查找共济异常, among those in an area who let others draw; so many at most as stand in one step.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FindUnusualUse {
    /// The area in whose books the accounts stand.
    pub area: String,
    /// After which person to go on: `next` of the step before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

/// 核查共济异常.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReviewFlag {
    /// The flag: `P12/2026-06/night_draws`.
    pub flag: String,
    /// Whether it is what it looks like.
    pub confirmed: bool,
    /// What was found.
    pub note: String,
}

/// So many rows of grants are looked at in a step.
const A_STEP: usize = 200;

/// So many records of one file are looked at.
const MOST_RECORDS: usize = 2_000;

/// The hour of a moment in Beijing.
fn hour_of(now: i64) -> i64 {
    const HOUR: i64 = 3_600_000;
    now.saturating_add(8 * HOUR).rem_euclid(24 * HOUR) / HOUR
}

/// What others drew of somebody's account by one record: how much, and the limit that it was held against.
struct Use {
    record: u64,
    date: Date,
    hour: i64,
    fen: i64,
    institution: Option<String>,
    limit: Option<i64>,
    transfer: bool,
}

fn limit_of(record: &Record, person: &str) -> Option<i64> {
    let made = record.settlement.as_ref()?;
    let at = made.relatives.iter().position(|owner| owner == person)?;
    let case = Case::read(made.case.get()).ok()?;
    case.purses.mutual_aid.get(at)?.limit.map(gongji_money::Fen::fen)
}

/// The uses of a person's account by others since a day.
fn uses(desk: &mut Desk<'_>, person: &str, since: Date) -> Result<Vec<Use>, Stop> {
    let records = file_after(desk, person, 0, MOST_RECORDS)?;
    let cancelled: BTreeSet<u64> = records.iter().filter_map(|record| record.cancels).collect();
    let live = records.into_iter().filter(|record| record.date >= since && !cancelled.contains(&record.seq));
    let taken = |record: &Record| {
        let own = record.entry.postings().iter();
        own.filter(|posting| posting.0.of_person().is_some_and(|(owner, _)| owner == person))
            .map(|posting| posting.1.saturating_neg())
            .fold(0_i64, i64::saturating_add)
    };
    let uses = live.filter_map(|record| {
        let fen = taken(&record);
        let others = record.settlement.as_ref().is_some_and(|made| made.person != person);
        let transfer = record.kind == "transfer_to_wallet";
        let each = record.result["each"].as_str().and_then(|text| text.parse::<gongji_money::Fen>().ok());
        ((others || transfer) && fen > 0).then(|| Use {
            record: record.seq,
            date: record.date,
            hour: hour_of(record.booked_at),
            fen,
            institution: record.settlement.as_ref().map(|made| made.institution.clone()),
            limit: if transfer { each.map(gongji_money::Fen::fen) } else { limit_of(&record, person) },
            transfer,
        })
    });
    Ok(uses.collect())
}

/// Whether an amount is just under the limit that it was held against. A bill that takes all that a grant allows is not.
fn just_under(one: &Use) -> bool {
    let Some(limit) = one.limit else { return false };
    let floor = i128::from(limit) * i128::from(FAMILY.unusual.just_under_percent);
    let near = i128::from(one.fen) * 100 >= floor;
    near && (one.fen < limit || (one.transfer && one.fen == limit))
}

/// What is measured of somebody's account: how much, and the records behind it.
fn measured(
    desk: &mut Desk<'_>,
    context: &Context<'_>,
    person: &str,
) -> Result<Vec<(FlagKind, i64, Vec<u64>)>, Stop> {
    let unusual = FAMILY.unusual;
    let since =
        context.today.checked_sub(jiff::Span::new().days(unusual.window_days)).unwrap_or(context.today);
    let uses = uses(desk, person, since)?;
    let listed = desk.view().page("granted", &format!("{person}/"), "", A_STEP)?;
    let mut beneficiaries = 0;
    for (id, _) in listed {
        let Some((_, beneficiary)) = id.split_once('/') else { continue };
        let grants = desk.get::<Grants>(beneficiary)?;
        let held = |grants: &Grants| {
            grants.grants.iter().any(|grant| grant.grantor == person && grant.holds(context.today))
        };
        beneficiaries += i64::from(grants.is_some_and(|grants| held(&grants)));
    }
    let count = |of: &dyn Fn(&Use) -> bool| -> (i64, Vec<u64>) {
        let records: Vec<u64> = uses.iter().filter(|one| of(one)).map(|one| one.record).collect();
        (i64::try_from(records.len()).unwrap_or(i64::MAX), records)
    };
    let night = |one: &Use| one.hour >= unusual.night_from_hour || one.hour < unusual.night_to_hour;
    let mut places: BTreeMap<Date, (BTreeSet<&str>, Vec<u64>)> = BTreeMap::new();
    for one in &uses {
        let Some(institution) = &one.institution else { continue };
        let day = places.entry(one.date).or_default();
        day.0.insert(institution);
        day.1.push(one.record);
    }
    let busiest = places.into_values().max_by_key(|(places, _)| places.len()).unwrap_or_default();
    let sum = uses.iter().map(|one| one.fen).fold(0_i64, i64::saturating_add);
    let (nights, of_nights) = count(&night);
    let (near, of_near) = count(&just_under);
    Ok(vec![
        (FlagKind::ManyBeneficiaries, beneficiaries, Vec::new()),
        (FlagKind::NightDraws, nights, of_nights),
        (FlagKind::JustUnderLimit, near, of_near),
        (FlagKind::ManyPlaces, i64::try_from(busiest.0.len()).unwrap_or(i64::MAX), busiest.1),
        (FlagKind::LargeSum, sum, uses.iter().map(|one| one.record).collect()),
    ])
}

impl Decide for FindUnusualUse {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        context.allow(Action::Share, Scope { area: Some(&self.area), ..Scope::default() })?;
        check::area("area", &self.area)?;
        // `0` is the byte after `/`: all rows of that person lie before it.
        let after = self.after.as_ref().map(|person| format!("{person}0")).unwrap_or_default();
        let listed = desk.view().page("granted", "", &after, A_STEP)?;
        let full = listed.len() == A_STEP;
        let mut people: Vec<String> =
            listed.iter().filter_map(|(id, _)| id.split('/').next().map(str::to_owned)).collect();
        people.dedup();
        let month = format!("{:04}-{:02}", context.today.year(), context.today.month());
        let mut draft = Draft::new("find_unusual_use", context.today);
        let mut found = Vec::new();
        for person in &people {
            let standing = desk.get::<Standing>(person)?;
            let area = standing.and_then(|standing| standing.account_area.clone());
            if area.as_deref() != Some(self.area.as_str()) {
                continue;
            }
            for (kind, measured, records) in measured(desk, context, person)? {
                let Some(threshold) = FAMILY.threshold(kind) else { continue };
                let id = format!("{person}/{month}/{}", kind.name());
                if measured < threshold.at_least || desk.get::<Flag>(&id)?.is_some() {
                    continue;
                }
                let flag = Flag {
                    person: person.clone(),
                    area: self.area.clone(),
                    kind,
                    found_on: context.today,
                    measured,
                    threshold: threshold.at_least,
                    records,
                    status: FlagStatus::Open,
                    reviewed: None,
                };
                draft = draft.leaving(&id, &flag)?;
                draft.after.push(After::listed("flags_in", &format!("{}/{id}", self.area))?);
                found.push(id);
            }
        }
        let next = people.last().filter(|_| full);
        Ok(vec![draft.telling(json!({ "area": self.area, "found": found, "next": next }))])
    }
}

impl Decide for ReviewFlag {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        context.may(Action::Approve)?;
        let flag = desk
            .get::<Flag>(&self.flag)?
            .ok_or_else(|| Refusal::new("no_flag", "没有这条异常").at("flag").found(&self.flag))?;
        context.allow(Action::Approve, Scope { area: Some(&flag.area), ..Scope::default() })?;
        let note = check::text("note", &self.note)?;
        if flag.status != FlagStatus::Open {
            return Err(Refusal::new("already_reviewed", "这条异常已经核查")
                .at("flag")
                .found(flag.status.label())
                .into());
        }
        let status = if self.confirmed { FlagStatus::Confirmed } else { FlagStatus::Cleared };
        let reviewed = Reviewed {
            by: context.actor.name.clone(),
            on: context.today,
            reason: String::new(),
            note: note.clone(),
        };
        let after = Flag { status, reviewed: Some(reviewed), ..(*flag).clone() };
        let draft = Draft::new("review_flag", context.today)
            .leaving(&self.flag, &after)?
            .telling(json!({ "flag": self.flag, "status": status, "note": note }));
        Ok(vec![draft])
    }
}
