//! Accounts that end: interest of a part of a year, inheritance, paying out, closing.

use gongji_cases::request::{Other, Question, choice};
use gongji_ledger::{Account, Entry, Fund, Posting, SubAccount};
use gongji_money::Fen;
use gongji_policy::Dimension;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::account_year::{cover_of_account, interest};
use super::collection::{Flow, plus, yuan};
use super::{Decide, check, visit};
use crate::access::{Action, Scope};
use crate::calculation::Sum;
use crate::context::Context;
use crate::desk::Desk;
use crate::record::{AccountAt, Draft};
use crate::refusal::Refusal;
use crate::row::{Person, Standing};
use crate::stop::Stop;

/// 个人账户结息, of one person up to a day: before the account is paid out.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PayInterest {
    /// 人员编号.
    pub person: String,
    /// The last day that counts.
    pub to: Date,
}

/// Somebody who inherits.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Heir {
    /// 人员编号, where it goes to an account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// 姓名.
    pub name: String,
    /// How much; the whole of it where there is one heir.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "crate::yuan::optional")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, example = "500.00"))]
    pub amount: Option<Fen>,
}

/// 个人账户继承, after a death was registered. The account is closed.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InheritAccount {
    /// Who died.
    pub person: String,
    /// Who inherits.
    pub heirs: Vec<Heir>,
    /// What proves it.
    pub reason: String,
}

/// Why an account is paid out.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PayOutCause {
    /// 参保关系转出, to an area that keeps its own books elsewhere.
    RelationMoved,
    /// 出境定居.
    SettledAbroad,
}

/// 个人账户转出或一次性支付. The account is closed. Between areas of these books `transfer_relationship` moves the account.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PayOutAccount {
    /// 人员编号.
    pub person: String,
    /// Why.
    pub cause: PayOutCause,
    /// To whom: the agency of the new area, the person's bank account.
    pub payee: String,
    /// What proves it.
    pub reason: String,
}

/// 个人账户销户, of an account that holds nothing.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CloseAccount {
    /// 人员编号.
    pub person: String,
    /// Why.
    pub reason: String,
}

/// A person's account, for an action in its area.
fn account(
    desk: &mut Desk<'_>,
    context: &Context<'_>,
    id: &str,
) -> Result<(std::sync::Arc<Person>, Standing, String), Stop> {
    context.may(Action::KeepAccounts)?;
    let person = visit::person(desk, id)?;
    let standing = desk.get::<Standing>(id)?.map(|row| (*row).clone()).unwrap_or_default();
    let Some(area) = standing.account_area.clone() else {
        check::kept_person(desk, context, Action::KeepAccounts, id)?;
        return Err(Refusal::new("no_account", "没有个人账户").at("person").found(id).into());
    };
    context.allow(Action::KeepAccounts, Scope { area: Some(&area), person: Some(id), institution: None })?;
    Ok((person, standing, area))
}

fn no_cover(id: &str) -> Refusal {
    Refusal::new("not_covered", "没有这个账户的参保").at("person").found(id)
}

impl Decide for PayInterest {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        let (person, standing, area) = account(desk, context, &self.person)?;
        context.not_future("to", self.to)?;
        let year = context.rules.insurance_year(&area, self.to).0;
        let from = standing.open_from(year);
        if from > self.to {
            return Err(Refusal::new("interest_paid", "这一天以前的利息已经结过")
                .at("to")
                .found(self.to)
                .expected(format!("{from} 或以后"))
                .into());
        }
        let cover = cover_of_account(&person, &area, self.to).ok_or_else(|| no_cover(&self.person))?;
        let now = [standing.current_year, standing.carried_over];
        let sum = interest(&person, cover, (from, self.to), now, &standing.moves)?;
        let worked = sum.worked(context.rules)?;
        let current = worked.amount("current_interest").fen();
        let carried = worked.amount("interest").fen() - current;
        let mut flow = Flow::new(&area, "employee");
        flow.person(&self.person, SubAccount::CurrentYear, current)?;
        flow.person(&self.person, SubAccount::CarriedOver, carried)?;
        let paid = flow.to_accounts;
        flow.fund(Fund::Pooled, -paid)?;
        let mut draft = Draft::new("pay_interest", self.to).about(&self.person).on_line("account_interest");
        draft.entry = flow.entry()?;
        draft.closes = Some(self.to);
        draft.calculations.push(sum.kept(context)?);
        Ok(vec![draft.telling(json!({
            "person": self.person, "from": from, "to": self.to, "interest": yuan(paid),
        }))])
    }
}

/// What the rules say of the whole account being handed on; what of it is paid, fen.
fn whole(
    context: &Context<'_>,
    (person, standing, area): (&Person, &Standing, &str),
    purpose: &str,
    circumstance: &'static str,
) -> Result<(Sum, i64, Option<&'static str>), Stop> {
    let day = context.today;
    let cover = cover_of_account(person, area, day).ok_or_else(|| no_cover(&person.id))?;
    let question = Question::AccountUse {
        purpose: choice(Dimension::Purpose, purpose).unwrap_or_default(),
        other: Other::default(),
        amount: None,
        circumstance: Some(circumstance),
    };
    let sum = Sum::of(person, cover, Some(standing), day, question)?;
    let worked = sum.worked(context.rules)?;
    if worked.flag("allowed") != Some(true) {
        return Err(Refusal::new("not_allowed", "规则不允许这样使用个人账户")
            .at("person")
            .found(worked.reason("allowed"))
            .into());
    }
    let (paid, paid_to) = (worked.amount("account_paid").fen(), worked.name("paid_to"));
    drop(worked);
    Ok((sum, paid, paid_to))
}

/// Empties an account; what the current year owed and nobody pays is the pool's.
fn emptied(flow: &mut Flow<'_>, id: &str, standing: &Standing, paid: i64) -> Result<(), Stop> {
    flow.person(id, SubAccount::CurrentYear, -standing.current_year)?;
    flow.person(id, SubAccount::CarriedOver, -standing.carried_over)?;
    let mut lost = standing.current_year;
    plus(&mut lost, standing.carried_over)?;
    plus(&mut lost, -paid)?;
    flow.fund(Fund::Pooled, lost)
}

impl Decide for InheritAccount {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        let (person, standing, area) = account(desk, context, &self.person)?;
        let reason = check::reason(&self.reason)?;
        if person.died_on.is_none() {
            return Err(Refusal::new("person_lives", "没有登记死亡")
                .at("person")
                .found(&self.person)
                .hint("先办死亡登记")
                .into());
        }
        let (sum, paid, paid_to) = whole(context, (&person, &standing, &area), "inheritance", "death")?;
        let mut flow = Flow::new(&area, "employee");
        emptied(&mut flow, &self.person, &standing, paid)?;
        let mut left = paid;
        let mut told = Vec::with_capacity(self.heirs.len());
        let mut draft =
            Draft::new("inherit_account", context.today).about(&self.person).on_line("inheritance");
        let mut elsewhere = Vec::new();
        if self.heirs.is_empty() {
            return Err(Refusal::new("missing_field", "要写明继承人").at("heirs").into());
        }
        for (at, heir) in self.heirs.iter().enumerate() {
            let field = |name: &str| format!("heirs[{at}].{name}");
            let name = check::text(&field("name"), &heir.name)?;
            let amount = match (heir.amount, self.heirs.len()) {
                (Some(amount), _) => amount.fen(),
                (None, 1) => paid,
                (None, _) => {
                    return Err(Refusal::new("missing_field", "几个人继承时要写明各得多少")
                        .at(field("amount"))
                        .into());
                }
            };
            plus(&mut left, -amount)?;
            let goes_to = match (&heir.person, paid_to) {
                (Some(id), _) => {
                    if *id == self.person {
                        return Err(Refusal::new("oneself", "继承人不能是本人").at(field("person")).into());
                    }
                    visit::person(desk, id)?;
                    let place = desk.get::<Standing>(id)?.and_then(|standing| standing.account_area.clone());
                    let Some(place) = place else {
                        return Err(Refusal::new("no_account", "继承人没有个人账户")
                            .at(field("person"))
                            .found(id)
                            .into());
                    };
                    draft = draft.about(id);
                    match place == area {
                        true => flow.person(id, SubAccount::CarriedOver, amount)?,
                        false => {
                            flow.other(Account::bank(&area, "pool"), amount);
                            elsewhere.push((place.clone(), id.clone(), amount));
                        }
                    }
                    "account"
                }
                (None, Some("heir_account")) => {
                    return Err(Refusal::new(
                        "missing_field",
                        "规则要求转入继承人的个人账户，写明继承人的人员编号",
                    )
                    .at(field("person"))
                    .into());
                }
                (None, _) => {
                    flow.other(Account::bank(&area, "pool"), amount);
                    "bank"
                }
            };
            told.push(json!({ "name": name, "person": heir.person, "amount": yuan(amount), "to": goes_to }));
        }
        if left != 0 {
            return Err(Refusal::new("does_not_sum", "各人所得之和不是账户的全部")
                .at("heirs")
                .found(yuan(paid - left))
                .expected(yuan(paid))
                .into());
        }
        let mut postings: Vec<Posting> = flow.entry()?.postings().to_vec();
        for (place, id, amount) in elsewhere {
            postings.push(Posting(Account::bank(&place, "account"), -amount));
            postings.push(Posting(Account::personal(&place, &id, SubAccount::CarriedOver), amount));
        }
        draft.entry = Entry::new(postings)?;
        draft.overdraft = true;
        draft.calculations.push(sum.kept(context)?);
        draft.account_at = Some(AccountAt { person: self.person.clone(), area: String::new() });
        Ok(vec![draft.telling(json!({
            "person": self.person, "amount": yuan(paid), "heirs": told, "reason": reason,
        }))])
    }
}

impl Decide for PayOutAccount {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        let (person, standing, area) = account(desk, context, &self.person)?;
        let reason = check::reason(&self.reason)?;
        let payee = check::text("payee", &self.payee)?;
        if let Some(cover) = person.cover_on(context.today).filter(|cover| cover.area == area) {
            return Err(Refusal::new("still_covered", "参保关系还在，先终止参保")
                .at("person")
                .found(cover.from)
                .into());
        }
        let (purpose, circumstance) = match self.cause {
            PayOutCause::RelationMoved => ("transfer_out", "relation_moved"),
            PayOutCause::SettledAbroad => ("cash", "settled_abroad"),
        };
        let (sum, paid, _) = whole(context, (&person, &standing, &area), purpose, circumstance)?;
        let mut flow = Flow::new(&area, "employee");
        emptied(&mut flow, &self.person, &standing, paid)?;
        // Flow gave the money back to the pool's bank; from there it leaves.
        flow.other(Account::bank(&area, "pool"), paid);
        let mut draft = Draft::new("pay_out_account", context.today).about(&self.person).on_line("paid_out");
        draft.entry = flow.entry()?;
        draft.overdraft = true;
        draft.calculations.push(sum.kept(context)?);
        draft.account_at = Some(AccountAt { person: self.person.clone(), area: String::new() });
        Ok(vec![draft.telling(json!({
            "person": self.person, "amount": yuan(paid), "payee": payee, "cause": self.cause, "reason": reason,
        }))])
    }
}

impl Decide for CloseAccount {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        let (_, standing, area) = account(desk, context, &self.person)?;
        let reason = check::reason(&self.reason)?;
        if standing.current_year != 0 || standing.carried_over != 0 {
            return Err(Refusal::new("account_not_empty", "账户还有余额，不能销户")
                .at("person")
                .found(format!("当年 {}，历年 {}", yuan(standing.current_year), yuan(standing.carried_over)))
                .expected("余额为零")
                .hint("先转出、继承或用完")
                .into());
        }
        let mut draft = Draft::new("close_account", context.today).about(&self.person);
        draft.account_at = Some(AccountAt { person: self.person.clone(), area: String::new() });
        Ok(vec![draft.telling(json!({ "person": self.person, "area": area, "reason": reason }))])
    }
}
