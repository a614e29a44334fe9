//! Moving somebody's insurance to another area: cover, years and account.

use gongji_ledger::{Account, Entry, Posting, SubAccount};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::cover::{alive, consistent, from_then_on, pack_of};
use super::{Decide, FactsAsked, check, visit};
use crate::access::{Action, Scope};
use crate::context::Context;
use crate::desk::Desk;
use crate::record::{AccountAt, Draft};
use crate::refusal::Refusal;
use crate::row::{Cover, PersonIn, Standing, YearsPaid};
use crate::stop::Stop;

/// 关系转移: ends the cover in one area and begins it in another, with the years and the money of the account. Somebody who is already insured in
/// the new area brings years and account after.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TransferRelationship {
    /// 人员编号.
    pub person: String,
    /// 转入的统筹区.
    pub area: String,
    /// First day of the cover there; the day of the change of years, where the person is insured there already.
    pub from: Date,
    /// What is different there. Unless years are given, all but those paid locally go along.
    #[serde(default)]
    pub facts: FactsAsked,
    /// Why.
    pub reason: String,
}

/// The entry that moves an account's money between the books of two areas.
fn moved_money(person: &str, from: &str, to: &str, standing: &Standing) -> Result<Entry, Stop> {
    let parts =
        [(SubAccount::CurrentYear, standing.current_year), (SubAccount::CarriedOver, standing.carried_over)];
    let mut postings = Vec::with_capacity(6);
    // Everything leaves first: an account stands in the books of one area at a time.
    for (sub, fen) in parts {
        postings.push(Posting(Account::personal(from, person, sub), -fen));
        postings.push(Posting(Account::clearing_of_accounts(from, to), fen));
    }
    for (sub, fen) in parts {
        postings.push(Posting(Account::clearing_of_accounts(to, from), -fen));
        postings.push(Posting(Account::personal(to, person, sub), fen));
    }
    Ok(Entry::new(postings)?)
}

impl Decide for TransferRelationship {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        let scope = Scope { area: Some(&self.area), person: Some(&self.person), institution: None };
        context.allow(Action::KeepPeople, scope)?;
        let reason = check::reason(&self.reason)?;
        check::area("area", &self.area)?;
        context.not_far("from", self.from)?;
        let mut person = (*visit::person(desk, &self.person)?).clone();
        alive(&person, self.from)?;
        let last = person.covers.last().cloned().ok_or_else(|| {
            Refusal::new("not_covered", "没有可以转移的参保关系").at("person").found(&self.person)
        })?;
        let standing = desk.get::<Standing>(&self.person)?.map(|row| (*row).clone()).unwrap_or_default();
        let account = standing.account_area.as_deref().filter(|area| *area != self.area);
        if last.area == self.area && account.is_none() {
            return Err(Refusal::new("nothing_changes", "参保关系和个人账户已经在这个统筹区")
                .at("area")
                .found(&self.area)
                .into());
        }
        let pack = pack_of(context, &self.area, &last.scheme)?;
        if last.area == self.area {
            // Insured here already: years and account come after.
            if self.facts != FactsAsked::default() {
                let next = from_then_on(&mut person, self.from, &reason, |cover| self.facts.over(cover))?;
                consistent(&next, &person, pack)?;
            }
        } else {
            if let Some(to) = last.to.filter(|to| *to >= self.from) {
                return Err(Refusal::new("cover_overlaps", "与已有的参保重叠")
                    .at("from")
                    .found(self.from)
                    .expected(format!("{to} 以后"))
                    .into());
            }
            if self.from <= last.from {
                return Err(Refusal::new("dates_go_back", "早于最近一次变更")
                    .at("from")
                    .found(self.from)
                    .expected(format!("{} 以后", last.from))
                    .into());
            }
            let been_here = person.covers.iter().any(|cover| cover.area == self.area);
            let years = YearsPaid { local_paid: (!been_here).then_some(0), ..last.years };
            let begun = Cover {
                area: self.area.clone(),
                from: self.from,
                to: None,
                reason: reason.clone(),
                ended: String::new(),
                // Tiers are names of the area's own pack.
                premium_tier: None,
                years,
                ..last.clone()
            };
            let next = self.facts.over(begun);
            consistent(&next, &person, pack)?;
            if let Some(ends) = person.covers.last_mut().filter(|ends| ends.to.is_none()) {
                ends.to = Some(check::day_before("from", self.from)?);
                ends.ended.clone_from(&reason);
            }
            person.covers.push(next);
        }
        let mut draft = Draft::new("transfer_relationship", context.today)
            .about(&person.id)
            .leaving(&person.id, &person)?
            .leaving(&format!("{}/{}", self.area, person.id), &PersonIn {})?;
        let mut money = gongji_money::Fen::ZERO;
        if let Some(from) = account {
            for (sub, fen) in [
                (SubAccount::CurrentYear, standing.current_year),
                (SubAccount::CarriedOver, standing.carried_over),
            ] {
                if fen < 0 {
                    return Err(Refusal::new(
                        "account_overdrawn",
                        format!("{}为负，先清偿再转移", sub.label()),
                    )
                    .at("person")
                    .found(gongji_money::Fen::new(fen))
                    .into());
                }
                let fen = gongji_money::Fen::new(fen);
                money = money.checked_add(fen).ok_or_else(|| Refusal::new("too_large", "金额超出范围"))?;
            }
            draft.entry = moved_money(&person.id, from, &self.area, &standing)?;
            draft.account_at = Some(AccountAt { person: person.id.clone(), area: self.area.clone() });
        }
        Ok(vec![draft.telling(json!({
            "person": person.id,
            "from_area": account.unwrap_or(&last.area),
            "area": self.area,
            "from": self.from,
            "money": money.to_string(),
            "reason": reason,
        }))])
    }
}
