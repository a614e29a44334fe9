//! Employers: registered, renamed, closed; and the wages, bases and pensions that are declared.

use std::sync::Arc;

use gongji_money::Fen;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::collection::{flexible_in, many, month_of, working_in};
use super::cover::pack_of;
use super::{Decide, check, visit};
use crate::access::{Action, Scope};
use crate::context::Context;
use crate::desk::Desk;
use crate::record::{After, Draft};
use crate::refusal::Refusal;
use crate::row::{Declared, Employer, Payer, Person, flexible_payer, pension_payer};
use crate::stop::Stop;

/// 参保单位登记.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegisterEmployer {
    /// 单位编号.
    pub id: String,
    /// 单位名称.
    pub name: String,
    /// The area that collects from it.
    pub area: String,
    /// First day.
    pub from: Date,
}

/// 变更单位信息.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeEmployer {
    /// 单位编号.
    pub employer: String,
    /// 单位名称.
    pub name: String,
    /// Why.
    pub reason: String,
}

/// 单位注销. What it owes must be paid first.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CloseEmployer {
    /// 单位编号.
    pub employer: String,
    /// Last day.
    pub to: Date,
    /// Why.
    pub reason: String,
}

/// One person's wage.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WageAsked {
    /// 人员编号.
    pub person: String,
    /// The monthly wage.
    #[serde(with = "crate::yuan")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "8000.00"))]
    pub wage: Fen,
}

/// 工资申报: of many people of one employer, from a month on. Their cover must name the employer.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeclareWages {
    /// 单位编号.
    pub employer: String,
    /// From which month on (`2026-03`).
    pub from: String,
    /// At most 500 people.
    pub people: Vec<WageAsked>,
}

/// 选择缴费基数, of somebody who pays for himself.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChooseBase {
    /// 人员编号.
    pub person: String,
    /// From which month on (`2026-03`).
    pub from: String,
    /// The monthly base; its bounds hold it.
    #[serde(with = "crate::yuan")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "5000.00"))]
    pub base: Fen,
}

/// One person's pension.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PensionAsked {
    /// 人员编号.
    pub person: String,
    /// The monthly pension.
    #[serde(with = "crate::yuan")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "3500.00"))]
    pub pension: Fen,
}

/// 养老金申报, of retired people whose accounts are credited by it.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeclarePensions {
    /// 参保地.
    pub area: String,
    /// From which month on (`2026-03`).
    pub from: String,
    /// At most 500 people.
    pub people: Vec<PensionAsked>,
}

/// The employer of an id, for an action in its area.
pub(super) fn employer(desk: &mut Desk<'_>, context: &Context<'_>, id: &str) -> Result<Arc<Employer>, Stop> {
    context.may(Action::Collect)?;
    let found = desk
        .get::<Employer>(id)?
        .ok_or_else(|| Refusal::new("no_employer", "没有这个参保单位").at("employer").found(id))?;
    context.allow(Action::Collect, Scope { area: Some(&found.area), ..Scope::default() })?;
    Ok(found)
}

/// Numbers that people have, and that no employer may have: the payer of a bill is the one or the other.
fn like_a_person(id: &str) -> bool {
    id.strip_prefix('P')
        .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()))
}

impl Decide for RegisterEmployer {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        context.allow(Action::Collect, Scope { area: Some(&self.area), ..Scope::default() })?;
        check::code("id", &self.id)?;
        if like_a_person(&self.id) {
            return Err(Refusal::new("malformed_code", "单位编号不能写成人员编号的样子")
                .at("id")
                .found(&self.id)
                .expected("P 加数字以外的编号")
                .into());
        }
        let name = check::text("name", &self.name)?;
        pack_of(context, &self.area, "employee")?;
        context.not_far("from", self.from)?;
        if desk.get::<Employer>(&self.id)?.is_some() {
            return Err(Refusal::new("employer_exists", "这个单位编号已经登记")
                .at("id")
                .found(&self.id)
                .into());
        }
        let row =
            Employer { id: self.id.clone(), name, area: self.area.clone(), from: self.from, closed_on: None };
        let mut draft = Draft::new("register_employer", context.today).leaving(&self.id, &row)?;
        draft.after.push(After::listed("employer_in", &format!("{}/{}", self.area, self.id))?);
        Ok(vec![draft.telling(json!({ "employer": self.id, "name": row.name, "area": self.area }))])
    }
}

impl Decide for ChangeEmployer {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        let mut row = (*employer(desk, context, &self.employer)?).clone();
        let reason = check::reason(&self.reason)?;
        let name = check::text("name", &self.name)?;
        if row.name == name {
            return Err(Refusal::new("nothing_changes", "没有变化").at("name").found(name).into());
        }
        row.name = name;
        let draft = Draft::new("change_employer", context.today).leaving(&row.id, &row)?;
        Ok(vec![draft.telling(json!({ "employer": row.id, "name": row.name, "reason": reason }))])
    }
}

impl Decide for CloseEmployer {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        let mut row = (*employer(desk, context, &self.employer)?).clone();
        let reason = check::reason(&self.reason)?;
        context.not_far("to", self.to)?;
        check::order("to", row.from, Some(self.to))?;
        if let Some(closed) = row.closed_on {
            return Err(Refusal::new("employer_closed", "单位已经注销").at("employer").found(closed).into());
        }
        let payer = desk.get::<Payer>(&self.employer)?;
        if let Some(bill) = payer.as_ref().and_then(|payer| payer.open.first()) {
            return Err(Refusal::new("bill_open", "还有没有缴清的费用")
                .at("employer")
                .found(bill)
                .hint("先缴清或作废，再注销")
                .into());
        }
        if let Some(advance) = payer.map(|payer| payer.advance).filter(|advance| *advance != 0) {
            return Err(Refusal::new("advance_left", "还有多缴的钱")
                .at("employer")
                .found(Fen::new(advance))
                .hint("先退还（return_advance），再注销")
                .into());
        }
        row.closed_on = Some(self.to);
        let draft = Draft::new("close_employer", context.today).leaving(&row.id, &row)?;
        Ok(vec![draft.telling(json!({ "employer": row.id, "to": self.to, "reason": reason }))])
    }
}

/// The rows of a declaration; `fits` checks each person.
fn declared(
    desk: &mut Desk<'_>,
    (payer, from): (&str, &str),
    people: &[(&str, Fen)],
    fits: impl Fn(&Person) -> Result<(), Refusal>,
) -> Result<Vec<After>, Stop> {
    many("people", people.len())?;
    desk.bring::<Person>(people.iter().map(|(person, _)| (*person).to_owned()))?;
    desk.bring::<Declared>(people.iter().map(|(person, _)| format!("{payer}/{person}")))?;
    let mut after: Vec<After> = Vec::with_capacity(people.len());
    for (at, (id, amount)) in people.iter().enumerate() {
        let place = || format!("people[{at}]");
        let person = visit::person(desk, id)?;
        fits(&person).map_err(|refusal| refusal.at(format!("{}.person", place())))?;
        check::some_money(&format!("{}.amount", place()), *amount)?;
        let row_id = format!("{payer}/{id}");
        if after.iter().any(|known| known.id == row_id) {
            return Err(Refusal::new("stands_twice", "同一个人写了两次").at(place()).found(*id).into());
        }
        let mut row = desk.get::<Declared>(&row_id)?.map(|row| (*row).clone()).unwrap_or_default();
        row.declare(from, amount.fen());
        after.push(After::of(&row_id, &row)?);
    }
    Ok(after)
}

impl Decide for DeclareWages {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        let row = employer(desk, context, &self.employer)?;
        let month = month_of("from", &self.from)?;
        context.not_far("from", month.0)?;
        if let Some(closed) = row.closed_on.filter(|closed| *closed < month.0) {
            return Err(Refusal::new("employer_closed", "单位已经注销").at("employer").found(closed).into());
        }
        let people: Vec<(&str, Fen)> =
            self.people.iter().map(|one| (one.person.as_str(), one.wage)).collect();
        let after = declared(desk, (&self.employer, &self.from), &people, |person| {
            match working_in(person, month, &row) {
                Some(_) => Ok(()),
                None => Err(Refusal::new("not_employed", format!("{} 不在这个单位参保", self.from))
                    .found(&person.id)
                    .expected(format!("职工医保、在职、单位编号为 {}", row.id))
                    .hint("先办参保登记或变更参保信息，写明单位")),
            }
        })?;
        let mut draft = Draft::new("declare_wages", context.today);
        draft.after = after;
        Ok(vec![draft.telling(json!({ "employer": row.id, "from": self.from, "people": self.people.len() }))])
    }
}

impl Decide for ChooseBase {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        let person = check::kept_person(desk, context, Action::Collect, &self.person)?;
        let month = month_of("from", &self.from)?;
        context.not_far("from", month.0)?;
        let cover = flexible_in(&person, month).ok_or_else(|| {
            Refusal::new("not_flexible", format!("{} 不是灵活就业参保", self.from))
                .at("person")
                .found(&person.id)
        })?;
        let payer = flexible_payer(&cover.area);
        let after = declared(desk, (&payer, &self.from), &[(&self.person, self.base)], |_| Ok(()))?;
        let mut draft = Draft::new("choose_base", context.today).about(&self.person);
        draft.after = after;
        Ok(vec![draft.telling(json!({
            "person": self.person, "from": self.from, "base": self.base.to_string(),
        }))])
    }
}

impl Decide for DeclarePensions {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        context.allow(Action::Collect, Scope { area: Some(&self.area), ..Scope::default() })?;
        let (first, last) = month_of("from", &self.from)?;
        context.not_far("from", first)?;
        let people: Vec<(&str, Fen)> =
            self.people.iter().map(|one| (one.person.as_str(), one.pension)).collect();
        let after = declared(desk, (&pension_payer(&self.area), &self.from), &people, |person| {
            let retired = person.cover_on(last).filter(|cover| {
                cover.area == self.area && cover.scheme == "employee" && cover.category == "retired"
            });
            retired.map(drop).ok_or_else(|| {
                Refusal::new("not_retired", format!("{} 不是本区的退休人员", self.from)).found(&person.id)
            })
        })?;
        let mut draft = Draft::new("declare_pensions", context.today);
        draft.after = after;
        Ok(vec![draft.telling(json!({ "area": self.area, "from": self.from, "people": self.people.len() }))])
    }
}
