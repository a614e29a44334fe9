//! The year of personal accounts closes: interest, and what is left of the current year moves to the carried-over part.

use gongji_cases::request::Question;
use gongji_ledger::{Fund, SubAccount};
use gongji_money::Fen;
use gongji_policy::{day_number, day_of_number};
use gongji_rules::Movement;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::account_credit::Batch;
use super::bill::named;
use super::collection::{Flow, about_all, plus, yuan};
use super::{Decide, check};
use crate::access::{Action, Scope};
use crate::bulk::{Bulk, BulkLine};
use crate::calculation::Sum;
use crate::context::Context;
use crate::desk::Desk;
use crate::record::Draft;
use crate::refusal::Refusal;
use crate::row::{Cover, Moved, Person, Standing};
use crate::stop::Stop;

/// 个人账户年度结息与结转, at most 500 people of an area a command: interest of the insurance year that ends, then the turn of the year.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CloseAccounts {
    /// 参保地.
    pub area: String,
    /// A day of the insurance year that ends.
    pub year: Date,
    /// After whom it goes on: `after` of the answer before; nothing at the start.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub after: String,
    /// Whether interest is reckoned; yes unless stated.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub interest: bool,
}

fn yes() -> bool {
    true
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "asked by the serializer")]
fn is_yes(value: &bool) -> bool {
    *value
}

/// The interest of an account from one day to another, as the rules are asked. `moves` are those not yet in any interest, `balances` what
/// stands now.
pub(crate) fn interest(
    person: &Person,
    cover: &Cover,
    (from, to): (Date, Date),
    balances: [i64; 2],
    moves: &[Moved],
) -> Result<Sum, Stop> {
    let (first, last) = (day_number(from), day_number(to));
    let mut opening = balances;
    let mut movements = Vec::new();
    for Moved(day, part, fen) in moves.iter().filter(|moved| moved.0 >= first) {
        opening[*part] = opening[*part].checked_sub(*fen).ok_or_else(super::collection::too_large)?;
        if let Some(date) = day_of_number(*day).filter(|_| *day <= last) {
            movements.push(Movement { date, sub_account: *part, amount: *fen });
        }
    }
    let question = Question::AccountInterest { from, to, opening: Some(opening.map(Fen::new)), movements };
    Sum::of(person, cover, None, to, question)
}

/// The turn of the year, as the rules are asked.
pub(crate) fn roll(person: &Person, cover: &Cover, day: Date, balances: [i64; 2]) -> Result<Sum, Stop> {
    let mut sum = Sum::of(person, cover, None, day, Question::YearRoll)?;
    sum.purses.current_year = Fen::new(balances[0]);
    sum.purses.carried_over = Fen::new(balances[1]);
    Ok(sum)
}

/// The cover under whose rules an account is kept on a day: that of the day, or the last before it.
pub(super) fn cover_of_account<'person>(
    person: &'person Person,
    area: &str,
    day: Date,
) -> Option<&'person Cover> {
    let here = |cover: &&Cover| cover.area == area && cover.scheme == "employee" && cover.from <= day;
    person.covers.iter().rev().find(here)
}

impl Decide for CloseAccounts {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        context.allow(Action::CloseYear, Scope { area: Some(&self.area), ..Scope::default() })?;
        check::area("area", &self.area)?;
        let (first, last) = context.rules.insurance_year(&self.area, self.year);
        let turn = last.tomorrow().map_err(|_| Refusal::new("future_date", "日期太远").at("year"))?;
        context.not_future("year", turn)?;
        let batch = Batch::of(desk, format!("close/{}/{last}", self.area), &self.area, &self.after)?;
        let count = batch.ids.len();
        let mut earned = Bulk::new(context.edition, &["current_interest", "carried_over_interest"]);
        let mut rolled = Bulk::new(context.edition, &["current_year", "carried_over", "rolled"]);
        let mut flow = Flow::new(&self.area, "employee");
        let mut turned = Flow::new(&self.area, "employee");
        let mut moved = 0;
        earned.lines.reserve(count);
        rolled.lines.reserve(count);
        for id in &batch.ids {
            let Some(standing) = desk.get::<Standing>(id)? else { continue };
            if standing.account_area.as_deref() != Some(self.area.as_str())
                || standing.closed.is_some_and(|closed| closed >= last)
            {
                continue;
            }
            let person = desk.need::<Person>(id)?;
            let Some(cover) = cover_of_account(&person, &self.area, last) else { continue };
            let mut balances = standing.at_end_of(last);
            let mut interests = [0; 2];
            if self.interest {
                let now = [standing.current_year, standing.carried_over];
                let sum = interest(&person, cover, (standing.open_from(first), last), now, &standing.moves)?;
                let worked = sum.worked(context.rules).map_err(|stop| named(stop, id))?;
                let current = worked.amount("current_interest").fen();
                interests = [current, worked.amount("interest").fen() - current];
                flow.person(id, SubAccount::CurrentYear, interests[0])?;
                flow.person(id, SubAccount::CarriedOver, interests[1])?;
                plus(&mut balances[0], interests[0])?;
                plus(&mut balances[1], interests[1])?;
            }
            if balances[0] > 0 {
                // What was spent after the turn, before it was booked, is not there to move.
                let mut left = standing.current_year;
                plus(&mut left, interests[0])?;
                balances[0] = balances[0].min(left).max(0);
            }
            earned.lines.push(BulkLine(id.clone(), interests.to_vec()));
            let sum = roll(&person, cover, turn, balances)?;
            let worked = sum.worked(context.rules).map_err(|stop| named(stop, id))?;
            if worked.flag("applied") == Some(true) {
                let change = worked.amount("carried_over_change").fen();
                turned.person(id, SubAccount::CurrentYear, worked.amount("current_year_change").fen())?;
                turned.person(id, SubAccount::CarriedOver, change)?;
                plus(&mut moved, change)?;
                rolled.lines.push(BulkLine(id.clone(), vec![balances[0], balances[1], change]));
            }
        }
        let interest = flow.to_accounts;
        flow.fund(Fund::Pooled, -interest)?;
        let people = |bulk: &Bulk| bulk.lines.iter().map(|line| line.0.clone()).collect::<Vec<_>>();
        let done = earned.lines.len();
        let (run, told) = batch.taken(done)?;
        let mut drafts = Vec::with_capacity(2);
        let mut draft = about_all("account_interest", last, people(&earned)).on_line("account_interest");
        draft.closes = Some(last);
        draft.overdraft = true;
        draft.entry = flow.entry()?;
        draft.bulk = Some(Box::new(earned));
        drafts.push(draft);
        let mut draft = about_all("close_accounts", turn, people(&rolled)).on_line("account_roll");
        // A debt of the current year may stay where the rules keep it.
        draft.overdraft = true;
        draft.entry = turned.entry()?;
        draft.bulk = Some(Box::new(rolled));
        draft.after.push(run);
        drafts.push(draft.telling(json!({
            "area": self.area, "year": first, "closed_to": last, "people": told.people, "interest": yuan(interest),
            "rolled": yuan(moved), "after": told.after, "done": told.done,
        })));
        Ok(drafts)
    }
}
