//! What several commands check of their fields.

use std::sync::Arc;

use gongji_cases::request::choice;
use gongji_policy::{Dimension, DimensionKind};
use jiff::civil::Date;

use super::visit;
use crate::access::{Action, Scope, allowed};
use crate::context::Context;
use crate::desk::Desk;
use crate::refusal::Refusal;
use crate::row::{Person, PersonIn};
use crate::stop::Stop;

/// The longest name, note or reason, in characters.
const MOST_CHARACTERS: usize = 200;

/// The longest code of an institution, an item or a payer, in bytes.
const MOST_CODE: usize = 40;

/// A name without blanks at its ends.
///
/// # Errors
/// The refusals `missing_field` and `malformed_text`.
pub(super) fn text(field: &str, value: &str) -> Result<String, Refusal> {
    let value = value.trim();
    if value.is_empty() {
        return Err(Refusal::new("missing_field", "不能为空").at(field));
    }
    if value.chars().count() > MOST_CHARACTERS || value.chars().any(char::is_control) {
        return Err(Refusal::new("malformed_text", "文字写法不对")
            .at(field)
            .found(value.chars().take(40).collect::<String>())
            .expected(format!("至多 {MOST_CHARACTERS} 个字、没有控制字符")));
    }
    Ok(value.to_owned())
}

/// The reason for a change.
///
/// # Errors
/// As [`text`].
pub(super) fn reason(value: &str) -> Result<String, Refusal> {
    text("reason", value).map_err(|refusal| match &*refusal.code {
        "missing_field" => Refusal::new("missing_field", "要写明原因").at("reason"),
        _ => refusal,
    })
}

/// A code that can stand in ids of rows and in accounts.
///
/// # Errors
/// The refusal `malformed_code`.
pub(super) fn code(field: &str, value: &str) -> Result<(), Refusal> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    if !value.is_empty() && value.len() <= MOST_CODE && value.bytes().all(plain) {
        return Ok(());
    }
    Err(Refusal::new("malformed_code", "编码写法不对")
        .at(field)
        .found(value.chars().take(60).collect::<String>())
        .expected(format!("1 到 {MOST_CODE} 个字母、数字、- _ .")))
}

/// An area's code.
///
/// # Errors
/// The refusal `unknown_area`.
pub(super) fn area(field: &str, value: &str) -> Result<(), Refusal> {
    if value.len() == 6 && value.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(());
    }
    Err(Refusal::new("unknown_area", "地区代码写法不对")
        .at(field)
        .found(value.chars().take(40).collect::<String>())
        .expected("六位数字的行政区划代码"))
}

/// Checks that whoever releases something is not the one who submitted it.
///
/// # Errors
/// The refusal `same_person`.
pub(super) fn second_person(context: &Context<'_>, submitter: &str) -> Result<(), Refusal> {
    if context.actor.name != submitter {
        return Ok(());
    }
    Err(Refusal::new("same_person", "经办人不能复核自己经办的业务").found(submitter).hint("请由另一个人复核"))
}

/// A month (`2026-03`) that has begun, as its first day.
///
/// # Errors
/// The refusals `malformed_month` and `future_date`.
pub(super) fn month(context: &Context<'_>, field: &str, period: &str) -> Result<Date, Refusal> {
    let first = (period.len() == 7).then(|| format!("{period}-01").parse::<Date>().ok()).flatten();
    match first {
        Some(first) if first <= context.today => Ok(first),
        Some(_) => Err(Refusal::new("future_date", "月份在将来").at(field).found(period)),
        None => Err(Refusal::new("malformed_month", "月份写法不对")
            .at(field)
            .found(period.chars().take(20).collect::<String>())
            .expected("2026-03 这样的年月")),
    }
}

/// Refuses an amount of nothing.
///
/// # Errors
/// The refusal `no_amount`.
pub(super) fn some_money(field: &str, amount: gongji_money::Fen) -> Result<(), Refusal> {
    if amount > gongji_money::Fen::ZERO {
        return Ok(());
    }
    Err(Refusal::new("no_amount", "金额要大于零").at(field).found(amount))
}

/// A name that the case format gives a dimension.
///
/// # Errors
/// The refusal `unknown_value`.
pub(super) fn known(field: &str, dimension: Dimension, name: &str) -> Result<(), Refusal> {
    if choice(dimension, name).is_some() {
        return Ok(());
    }
    let refusal =
        Refusal::new("unknown_value", format!("{}没有这个取值", dimension.label())).at(field).found(name);
    Err(match dimension.kind() {
        DimensionKind::Choice(names) => refusal.expected(names.join("、")),
        _ => refusal,
    })
}

/// The same where the field may be left out.
///
/// # Errors
/// As [`known`].
pub(super) fn maybe(field: &str, dimension: Dimension, name: Option<&str>) -> Result<(), Refusal> {
    name.map_or(Ok(()), |name| known(field, dimension, name))
}

/// Checks that a stretch of time does not end before it begins.
///
/// # Errors
/// The refusal `dates_go_back`.
pub(super) fn order(field: &str, from: Date, to: Option<Date>) -> Result<(), Refusal> {
    match to.filter(|to| *to < from) {
        None => Ok(()),
        Some(to) => Err(Refusal::new("dates_go_back", "结束日期早于开始日期")
            .at(field)
            .found(to)
            .expected(format!("{from} 或以后"))),
    }
}

/// The day before.
///
/// # Errors
/// The refusal `dates_go_back` before the first day of the calendar.
pub(super) fn day_before(field: &str, day: Date) -> Result<Date, Refusal> {
    day.yesterday().map_err(|_| Refusal::new("dates_go_back", "日期太早").at(field).found(day))
}

/// The person of an id, for an action within the area that keeps the person: that of the last cover, or, before the first, any
/// area that knows the person.
///
/// # Errors
/// The refusals `denied` and `no_person`.
pub(super) fn kept_person(
    desk: &mut Desk<'_>,
    context: &Context<'_>,
    action: Action,
    id: &str,
) -> Result<Arc<Person>, Stop> {
    context.may(action)?;
    let person = visit::person(desk, id)?;
    if let Some(cover) = person.covers.last() {
        context.allow(action, Scope { area: Some(&cover.area), person: Some(id), institution: None })?;
        return Ok(person);
    }
    let anywhere = Scope { person: Some(id), ..Scope::default() };
    if allowed(context.actor, action, anywhere) {
        return Ok(person);
    }
    for area in &context.actor.areas {
        let scope = Scope { area: Some(area), person: Some(id), institution: None };
        if allowed(context.actor, action, scope) && desk.get::<PersonIn>(&format!("{area}/{id}"))?.is_some() {
            return Ok(person);
        }
    }
    context.allow(action, anywhere)?;
    Ok(person)
}
