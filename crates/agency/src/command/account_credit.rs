//! Credits of personal accounts that no bill brings: month by month for retired people, a year ahead, and the clearing of what was credited ahead.

use gongji_cases::request::{ClearedRun, Question};
use gongji_ledger::{Fund, SubAccount};
use gongji_money::Fen;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::bill::named;
use super::collection::{
    Flow, about_all, account_here, employee_in, month_of, next_ids, plus, step, with_account, yuan,
};
use super::{Decide, check};
use crate::access::{Action, Scope};
use crate::bulk::{Bulk, BulkLine};
use crate::calculation::Sum;
use crate::context::Context;
use crate::desk::{Desk, Row};
use crate::record::{After, Draft};
use crate::refusal::Refusal;
use crate::row::{
    AccountYear, Cover, Declared, Person, PersonIn, Run, Standing, flexible_payer, pension_payer,
};
use crate::stop::Stop;

/// 退休人员按月划入, at most 500 people of an area a command.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreditAccounts {
    /// 参保地.
    pub area: String,
    /// The month (`2026-03`).
    pub period: String,
    /// After whom it goes on: `after` of the answer before; nothing at the start.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub after: String,
}

/// 年度预划, at most 500 people of an area a command, where the rules credit a year ahead.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PrecreditAccounts {
    /// 参保地.
    pub area: String,
    /// A day of the insurance year that is credited.
    pub year: Date,
    /// After whom it goes on: `after` of the answer before; nothing at the start.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub after: String,
}

/// 预划清算（多退少补）, at most 500 people of an area a command.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClearAccounts {
    /// 参保地.
    pub area: String,
    /// A day of the insurance year that is cleared.
    pub year: Date,
    /// After whom it goes on: `after` of the answer before; nothing at the start.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub after: String,
}

/// The people of a step over an area.
pub(super) struct Batch {
    pub run_id: String,
    pub run: Run,
    pub ids: Vec<String>,
    pub last: bool,
}

impl Batch {
    /// The next people of an area, with their rows at hand.
    pub fn of(desk: &mut Desk<'_>, run_id: String, area: &str, after: &str) -> Result<Batch, Stop> {
        let run = step(desk, &run_id, after)?;
        let (ids, last) = next_ids(desk, PersonIn::KIND, &format!("{area}/"), after)?;
        desk.bring::<Person>(ids.iter().cloned())?;
        desk.bring::<Standing>(ids.iter().cloned())?;
        Ok(Batch { run_id, run, ids, last })
    }

    /// The run after this step, and what the caller is told of it.
    pub fn taken(mut self, people: usize) -> Result<(After, Run), Stop> {
        self.run.after = self.ids.last().cloned().unwrap_or_default();
        self.run.people += people as u64;
        self.run.done = self.last;
        Ok((After::of(&self.run_id, &self.run)?, self.run))
    }
}

/// What a person's credit rests on: the wage or base, or the pension, in fen.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Grounds {
    pub wage: Option<i64>,
    pub pension: Option<i64>,
}

/// A credit, as the rules are asked.
pub(crate) fn credit(
    person: &Person,
    cover: &Cover,
    (period, joined_on): (Date, Option<Date>),
    grounds: Grounds,
) -> Result<Sum, Stop> {
    let question = Question::AccountCredit {
        period,
        wage: grounds.wage.map(Fen::new),
        base: None,
        pension: grounds.pension.map(Fen::new),
        joined_on,
    };
    Sum::of(person, cover, None, period, question)
}

/// What was declared for a person.
fn grounds(desk: &mut Desk<'_>, id: &str, cover: &Cover, period: &str) -> Result<Grounds, Stop> {
    let payer = match (cover.category.as_str(), &cover.employer) {
        ("retired", _) => pension_payer(&cover.area),
        ("flexible", _) => flexible_payer(&cover.area),
        (_, Some(employer)) => employer.clone(),
        (_, None) => return Ok(Grounds::default()),
    };
    let declared = desk.get::<Declared>(&format!("{payer}/{id}"))?;
    let amount = declared.and_then(|declared| declared.in_month(period));
    Ok(match cover.category.as_str() {
        "retired" => Grounds { wage: None, pension: amount },
        _ => Grounds { wage: amount, pension: None },
    })
}

/// Whether the person's account is one of this area's that takes credits.
fn takes(standing: Option<&Standing>, person: &Person, cover: &Cover) -> bool {
    with_account(cover) && person.died_on.is_none() && account_here(standing, &cover.area)
}

impl Decide for CreditAccounts {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        context.allow(Action::KeepAccounts, Scope { area: Some(&self.area), ..Scope::default() })?;
        check::area("area", &self.area)?;
        check::month(context, "period", &self.period)?;
        let month = month_of("period", &self.period)?;
        let batch =
            Batch::of(desk, format!("credit/{}/{}", self.area, self.period), &self.area, &self.after)?;
        let first = context.rules.insurance_year(&self.area, month.0).0;
        let mut bulk = Bulk::new(context.edition, &["pension", "credit"]);
        let mut flow = Flow::new(&self.area, "employee");
        let mut after = Vec::new();
        for id in &batch.ids {
            let person = desk.need::<Person>(id)?;
            let cover = employee_in(&person, month, &self.area).filter(|cover| cover.category == "retired");
            let Some(cover) = cover else { continue };
            let standing = desk.get::<Standing>(id)?;
            if !takes(standing.as_deref(), &person, cover) {
                continue;
            }
            let row_id = format!("{id}/{first}");
            let mut year = desk.get::<AccountYear>(&row_id)?.map(|row| (*row).clone()).unwrap_or_default();
            if year.credited.contains(&self.period) {
                continue;
            }
            let grounds = grounds(desk, id, cover, &self.period)?;
            let sum = credit(&person, cover, (month.0, None), grounds)?;
            let worked = sum.worked(context.rules).map_err(|stop| named(stop, id))?;
            if worked.day("credited_on").is_some() {
                return Err(Refusal::new("credited_ahead", "这个统筹区按年预划，不按月划入")
                    .at("area")
                    .found(&self.area)
                    .hint("请用 precredit_accounts")
                    .into());
            }
            let credited = worked.amount("credit").fen();
            flow.person(id, SubAccount::CurrentYear, credited)?;
            year.credited.push(self.period.clone());
            after.push(After::of(&row_id, &year)?);
            bulk.lines.push(BulkLine(id.clone(), vec![grounds.pension.unwrap_or(-1), credited]));
        }
        let credited = flow.to_accounts;
        flow.fund(Fund::Pooled, -credited)?;
        let (run, told) = batch.taken(bulk.lines.len())?;
        after.push(run);
        let people = bulk.lines.iter().map(|line| line.0.clone()).collect();
        let mut draft = about_all("credit_accounts", context.today, people).on_line("account_credit");
        draft.entry = flow.entry()?;
        draft.after = after;
        draft.bulk = Some(Box::new(bulk));
        Ok(vec![draft.telling(json!({
            "area": self.area, "period": self.period, "credited": yuan(credited), "people": told.people,
            "after": told.after, "done": told.done,
        }))])
    }
}

impl Decide for PrecreditAccounts {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        context.allow(Action::KeepAccounts, Scope { area: Some(&self.area), ..Scope::default() })?;
        check::area("area", &self.area)?;
        let (first, last) = context.rules.insurance_year(&self.area, self.year);
        context.not_future("year", first)?;
        let period = first.strftime("%Y-%m").to_string();
        let batch = Batch::of(desk, format!("precredit/{}/{first}", self.area), &self.area, &self.after)?;
        let mut bulk = Bulk::new(context.edition, &["wage", "pension", "joined", "credit"]);
        let mut flow = Flow::new(&self.area, "employee");
        let mut after = Vec::new();
        for id in &batch.ids {
            let person = desk.need::<Person>(id)?;
            let until = last.min(context.today);
            let Some(cover) =
                person.cover_on(until).filter(|cover| cover.area == self.area && cover.scheme == "employee")
            else {
                continue;
            };
            let standing = desk.get::<Standing>(id)?;
            let row_id = format!("{id}/{first}");
            let mut year = desk.get::<AccountYear>(&row_id)?.map(|row| (*row).clone()).unwrap_or_default();
            if !takes(standing.as_deref(), &person, cover) || year.precredited.is_some() {
                continue;
            }
            // Whoever joined within the year is credited for the months left of it.
            let here =
                person.covers.iter().filter(|known| known.area == self.area && known.scheme == "employee");
            let joined = here.map(|known| known.from).min().filter(|joined| *joined > first);
            let month = joined.map_or(period.clone(), |joined| joined.strftime("%Y-%m").to_string());
            let grounds = grounds(desk, id, cover, &month)?;
            if cover.category != "retired" && grounds.wage.is_none() {
                // Nothing is declared: nothing can be said of what is due.
                continue;
            }
            let sum = credit(&person, cover, (first, joined), grounds)?;
            let worked = sum.worked(context.rules).map_err(|stop| named(stop, id))?;
            if worked.day("credited_on").is_none() {
                return Err(Refusal::new("credited_monthly", "这个统筹区按月划入，不预划")
                    .at("area")
                    .found(&self.area)
                    .into());
            }
            let credited = worked.amount("credit").fen();
            flow.person(id, SubAccount::CurrentYear, credited)?;
            year.precredited = Some(credited);
            after.push(After::of(&row_id, &year)?);
            let joined = joined.map_or(-1, gongji_policy::day_number);
            let line = vec![grounds.wage.unwrap_or(-1), grounds.pension.unwrap_or(-1), joined, credited];
            bulk.lines.push(BulkLine(id.clone(), line));
        }
        let credited = flow.to_accounts;
        flow.fund(Fund::Pooled, -credited)?;
        let (run, told) = batch.taken(bulk.lines.len())?;
        after.push(run);
        let people = bulk.lines.iter().map(|line| line.0.clone()).collect();
        let mut draft = about_all("precredit_accounts", context.today, people).on_line("account_credit");
        draft.entry = flow.entry()?;
        draft.after = after;
        draft.bulk = Some(Box::new(bulk));
        Ok(vec![draft.telling(json!({
            "area": self.area, "year": first, "credited": yuan(credited), "people": told.people, "after": told.after,
            "done": told.done,
        }))])
    }
}

/// Months at one base, in order.
fn runs(year: &AccountYear) -> Vec<ClearedRun> {
    let mut runs: Vec<ClearedRun> = Vec::new();
    for (period, base) in &year.paid {
        let Ok((first, _)) = month_of("paid", period) else { continue };
        let base = Some(Fen::new(*base));
        match runs.last_mut().filter(|run| {
            run.base == base && run.to.last_of_month().tomorrow().is_ok_and(|next| next == first)
        }) {
            Some(run) => run.to = first,
            None => runs.push(ClearedRun { from: first, to: first, wage: None, base, pension: None }),
        }
    }
    runs
}

/// A clearing, as the rules are asked.
pub(crate) fn clearing(
    person: &Person,
    cover: &Cover,
    (first, last): (Date, Date),
    standing: &Standing,
    year: &AccountYear,
    pension: Option<i64>,
) -> Result<Sum, Stop> {
    let mut months = runs(year);
    if cover.category == "retired" {
        // Retired people pay nothing: every month counts in which they lived and were insured.
        let until = cover.to.into_iter().chain(person.died_on).min().unwrap_or(last).min(last);
        let from = cover.from.max(first);
        if from <= until {
            months = vec![ClearedRun {
                from: from.first_of_month(),
                to: until.first_of_month(),
                wage: None,
                base: None,
                pension: pension.map(Fen::new),
            }];
        }
    }
    let question = Question::AccountClearing {
        period: first,
        precredited: year.precredited.map(Fen::new),
        due: None,
        months,
    };
    Sum::of(person, cover, Some(standing), last, question)
}

impl Decide for ClearAccounts {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        context.allow(Action::KeepAccounts, Scope { area: Some(&self.area), ..Scope::default() })?;
        check::area("area", &self.area)?;
        let (first, last) = context.rules.insurance_year(&self.area, self.year);
        context.not_future("year", last)?;
        let batch = Batch::of(desk, format!("clear/{}/{first}", self.area), &self.area, &self.after)?;
        desk.bring::<AccountYear>(batch.ids.iter().map(|id| format!("{id}/{first}")))?;
        let mut draft = Draft::new("clear_accounts", last).on_line("account_clearing");
        let mut flow = Flow::new(&self.area, "employee");
        let mut cleared = 0;
        for id in &batch.ids {
            let row_id = format!("{id}/{first}");
            let year = desk.get::<AccountYear>(&row_id)?;
            let Some(year) = year.filter(|year| year.precredited.is_some() && !year.cleared) else {
                continue;
            };
            let person = desk.need::<Person>(id)?;
            let month = (last.first_of_month(), last);
            let cover = employee_in(&person, month, &self.area).or_else(|| {
                person.covers.iter().rev().find(|cover| cover.area == self.area && cover.from <= last)
            });
            let (Some(cover), Some(standing)) = (cover, desk.get::<Standing>(id)?) else { continue };
            if standing.account_area.as_deref() != Some(self.area.as_str()) {
                continue;
            }
            let pension = grounds(desk, id, cover, &last.strftime("%Y-%m").to_string())?.pension;
            let sum = clearing(&person, cover, (first, last), &standing, &year, pension)?;
            let worked = sum.worked(context.rules).map_err(|stop| named(stop, id))?;
            if worked.flag("applied") == Some(false) {
                return Err(Refusal::new("not_cleared_here", "规则不清算")
                    .at("area")
                    .found(&self.area)
                    .into());
            }
            flow.person(id, SubAccount::CurrentYear, worked.amount("current_year_change").fen())?;
            flow.person(id, SubAccount::CarriedOver, worked.amount("carried_over_change").fen())?;
            plus(&mut cleared, worked.amount("difference").fen())?;
            let row = AccountYear { cleared: true, ..(*year).clone() };
            draft.after.push(After::of(&row_id, &row)?);
            draft.calculations.push(sum.kept(context)?);
            draft.people.push(id.clone());
        }
        let change = flow.to_accounts;
        flow.fund(Fund::Pooled, -change)?;
        let (run, told) = batch.taken(draft.people.len())?;
        draft.after.push(run);
        draft.entry = flow.entry()?;
        // As far as the rules let the current year stand below nothing.
        draft.overdraft = true;
        Ok(vec![draft.telling(json!({
            "area": self.area, "year": first, "difference": yuan(cleared), "people": told.people, "after": told.after,
            "done": told.done,
        }))])
    }
}
