//! 基金年终结账: a year of an area's funds is closed; no money is booked for its days any more.

use std::collections::BTreeMap;
use std::sync::Arc;

use gongji_money::Fen;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{Decide, check};
use crate::access::{Action, Scope};
use crate::clearing::fund_books;
use crate::context::Context;
use crate::desk::Desk;
use crate::port::StoreError;
use crate::record::Draft;
use crate::refusal::Refusal;
use crate::row::{FundYear, fund_year_id};
use crate::stop::Stop;

/// 基金年终结账申请: what each fund held at the year's end is written down.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CloseFundYear {
    /// The area.
    pub area: String,
    /// The calendar year.
    pub year: i16,
}

/// 基金年终结账复核, by somebody who did not submit it: the year is closed.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReleaseFundYear {
    /// The area.
    pub area: String,
    /// The calendar year.
    pub year: i16,
}

fn closed(row: Option<&Arc<FundYear>>) -> bool {
    row.is_some_and(|row| row.closed_on.is_some())
}

/// What each fund held at the end of a year that may be closed.
fn closing(
    desk: &mut Desk<'_>,
    context: &Context<'_>,
    area: &str,
    year: i16,
) -> Result<BTreeMap<String, i64>, Stop> {
    if year >= context.today.year() {
        return Err(Refusal::new("year_runs", "这一年还没有结束")
            .at("year")
            .found(year)
            .expected(format!("至多 {}", context.today.year() - 1))
            .into());
    }
    let row = desk.get::<FundYear>(&fund_year_id(area, year))?;
    if closed(row.as_ref()) {
        return Err(Refusal::new("year_closed", "这一年已经结账").at("year").found(year).into());
    }
    let books = fund_books(desk, area, year)?;
    if books.is_empty() {
        return Err(Refusal::new("nothing_changes", "这个统筹区没有基金的账").at("area").found(area).into());
    }
    let before = desk.get::<FundYear>(&fund_year_id(area, year - 1))?;
    if !closed(before.as_ref()) && books.iter().any(|book| book.opening != 0) {
        return Err(Refusal::new("year_open", "上一年还没有结账")
            .at("year")
            .found(year)
            .expected(format!("先结 {} 年", year - 1))
            .into());
    }
    for book in &books {
        if !book.balanced() {
            let found = book.balance.unwrap_or_default();
            return Err(
                StoreError::Corrupt(format!("{area} {} 的收支与余额 {found} 分不符", book.name)).into()
            );
        }
    }
    Ok(books.into_iter().map(|book| (book.name, book.closing)).collect())
}

fn told(area: &str, year: i16, closing: &BTreeMap<String, i64>) -> Value {
    let yuan = closing.iter().map(|(fund, fen)| (fund.clone(), Value::from(Fen::new(*fen).to_string())));
    json!({ "area": area, "year": year, "closing": yuan.collect::<Map<_, _>>() })
}

impl Decide for CloseFundYear {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        context.allow(Action::CloseYear, Scope { area: Some(&self.area), ..Scope::default() })?;
        check::area("area", &self.area)?;
        let closing = closing(desk, context, &self.area, self.year)?;
        let told = told(&self.area, self.year, &closing);
        let row = FundYear { by: context.actor.name.clone(), released_by: None, closed_on: None, closing };
        let draft = Draft::new("close_fund_year", context.today);
        Ok(vec![draft.leaving(&fund_year_id(&self.area, self.year), &row)?.telling(told)])
    }
}

impl Decide for ReleaseFundYear {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        context.allow(Action::Approve, Scope { area: Some(&self.area), ..Scope::default() })?;
        check::area("area", &self.area)?;
        let id = fund_year_id(&self.area, self.year);
        let submitted = desk.get::<FundYear>(&id)?.ok_or_else(|| {
            Refusal::new("not_submitted", "还没有申请这一年的结账").at("year").found(self.year)
        })?;
        let closing = closing(desk, context, &self.area, self.year)?;
        check::second_person(context, &submitted.by)?;
        if !submitted.is_still(&closing) {
            return Err(Refusal::new("changed_since", "申请以后这一年又记了账")
                .at("year")
                .found(self.year)
                .hint("请重新申请结账")
                .into());
        }
        let told = told(&self.area, self.year, &closing);
        let row = FundYear {
            released_by: Some(context.actor.name.clone()),
            closed_on: Some(context.today),
            ..(*submitted).clone()
        };
        let draft = Draft::new("release_fund_year", context.today);
        Ok(vec![draft.leaving(&id, &row)?.telling(told)])
    }
}
