//! Cover: enrolment, changes of category, pauses, ends.

use gongji_cases::request::SUPPLEMENTS;
use gongji_policy::{Dimension, Pack};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::person::settled_after;
use super::{Decide, check, visit};
use crate::access::{Action, Scope};
use crate::context::Context;
use crate::desk::Desk;
use crate::record::Draft;
use crate::refusal::Refusal;
use crate::row::{Cover, Person, PersonIn, YearsPaid};
use crate::stop::Stop;

/// What a cover says of a person. What is left out is unanswered at enrolment, and stays as it was at a change.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FactsAsked {
    /// 人员类别.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// 岗位.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub post_type: Option<String>,
    /// 统账类型.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account_option: Option<String>,
    /// 缴费档次, by a name of the pack.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub premium_tier: Option<String>,
    /// 救助身份; an empty list for none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assistance: Option<Vec<String>>,
    /// Supplementary lines; an empty list for none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supplements: Option<Vec<String>>,
    /// 退休日期.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retired_on: Option<Date>,
    /// Years of contribution.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub years: Option<YearsPaid>,
    /// The employer's number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub employer: Option<String>,
}

/// 参保登记.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Enrol {
    /// 人员编号.
    pub person: String,
    /// 参保地.
    pub area: String,
    /// `employee` or `resident`.
    pub scheme: String,
    /// First day.
    pub from: Date,
    /// What is known of the person; the category must be.
    pub facts: FactsAsked,
    /// Why: 新参保, 续保 …
    pub reason: String,
}

/// 变更参保信息: retired, flexible, other facts. Ends the stretch the day before and begins the next.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeCategory {
    /// 人员编号.
    pub person: String,
    /// First day on which it holds.
    pub from: Date,
    /// What changes.
    pub facts: FactsAsked,
    /// Why.
    pub reason: String,
}

/// 暂停待遇.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PauseCover {
    /// 人员编号.
    pub person: String,
    /// First day without benefits.
    pub from: Date,
    /// Why.
    pub reason: String,
}

/// 恢复待遇.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResumeCover {
    /// 人员编号.
    pub person: String,
    /// First day with benefits again.
    pub from: Date,
    /// Why.
    pub reason: String,
}

/// 终止参保.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EndCover {
    /// 人员编号.
    pub person: String,
    /// Last day.
    pub to: Date,
    /// Why.
    pub reason: String,
}

/// The code of the national frame, in packs and in the catalogue.
pub(super) const NATIONAL: &str = "000000";

/// The categories of each scheme.
const CATEGORIES: [(&str, &[&str]); 2] = [
    ("employee", &["employed", "retired", "flexible"]),
    ("resident", &["newborn", "child", "student", "adult", "elderly"]),
];

/// The rules of an area that offers a scheme.
pub(super) fn pack_of(context: &Context<'_>, area: &str, scheme: &str) -> Result<&'static Pack, Refusal> {
    check::area("area", area)?;
    // Nobody is insured in the national frame.
    let mut packs = context.rules.packs().iter().filter(|pack| pack.area.code != NATIONAL);
    let pack = packs
        .find(|pack| pack.area.code == area)
        .ok_or_else(|| Refusal::new("unknown_area", "没有这个统筹区的规则").at("area").found(area))?;
    if pack.scheme(scheme).is_none() {
        let names: Vec<&str> = pack.schemes.iter().map(|scheme| scheme.name.as_str()).collect();
        return Err(Refusal::new("unknown_scheme", format!("{}没有这个险种", pack.area.name))
            .at("scheme")
            .found(scheme)
            .expected(names.join("、")));
    }
    Ok(pack)
}

impl FactsAsked {
    /// The cover with these facts in place of its own.
    pub(super) fn over(&self, mut cover: Cover) -> Cover {
        if let Some(category) = &self.category {
            cover.category.clone_from(category);
        }
        for (asked, fact) in [
            (&self.post_type, &mut cover.post_type),
            (&self.account_option, &mut cover.account_option),
            (&self.premium_tier, &mut cover.premium_tier),
            (&self.employer, &mut cover.employer),
        ] {
            if asked.is_some() {
                fact.clone_from(asked);
            }
        }
        for (asked, fact) in
            [(&self.assistance, &mut cover.assistance), (&self.supplements, &mut cover.supplements)]
        {
            if asked.is_some() {
                fact.clone_from(asked);
            }
        }
        cover.retired_on = self.retired_on.or(cover.retired_on);
        if let Some(years) = self.years {
            cover.years = YearsPaid {
                total: years.total.or(cover.years.total),
                local_paid: years.local_paid.or(cover.years.local_paid),
                continuous: years.continuous.or(cover.years.continuous),
                deemed: years.deemed.or(cover.years.deemed),
            };
        }
        // Somebody who works again, or for himself, is not retired any more.
        if cover.category != "retired" && self.retired_on.is_none() {
            cover.retired_on = None;
        }
        cover
    }
}

/// Whether a cover's facts are names that the rules know and agree with each other and with the person.
pub(super) fn consistent(cover: &Cover, person: &Person, pack: &Pack) -> Result<(), Refusal> {
    use Dimension as D;
    check::known("facts.category", D::Category, &cover.category)?;
    let categories = CATEGORIES.iter().find(|(scheme, _)| *scheme == cover.scheme);
    if let Some((_, names)) = categories.filter(|(_, names)| !names.contains(&cover.category.as_str())) {
        return Err(Refusal::new("contradiction", "人员类别与险种不符")
            .at("facts.category")
            .found(&cover.category)
            .expected(names.join("、")));
    }
    check::maybe("facts.post_type", D::PostType, cover.post_type.as_deref())?;
    check::maybe("facts.account_option", D::AccountOption, cover.account_option.as_deref())?;
    if cover.scheme == "resident" && cover.account_option.as_deref() == Some("with_account") {
        return Err(Refusal::new("contradiction", "居民医保没有个人账户").at("facts.account_option"));
    }
    if let Some(tier) = &cover.premium_tier {
        let names = pack.scheme(&cover.scheme).and_then(|scheme| scheme.values.get(&D::PremiumTier));
        let names = names.map(Vec::as_slice).unwrap_or_default();
        if !names.contains(tier) {
            return Err(Refusal::new("unknown_value", format!("{}没有这个取值", D::PremiumTier.label()))
                .at("facts.premium_tier")
                .found(tier)
                .expected(names.join("、")));
        }
    }
    for (at, identity) in cover.assistance.iter().flatten().enumerate() {
        check::known(&format!("facts.assistance[{at}]"), D::Aid, identity)?;
        if identity == "none" {
            return Err(Refusal::new("contradiction", "没有救助身份时请写空列表 []").at("facts.assistance"));
        }
    }
    for (at, line) in cover.supplements.iter().flatten().enumerate() {
        if !SUPPLEMENTS.iter().any(|(known, _)| known == line) {
            return Err(Refusal::new("unknown_value", "补充保险没有这个取值")
                .at(format!("facts.supplements[{at}]"))
                .found(line)
                .expected(SUPPLEMENTS.map(|(known, _)| known).join("、")));
        }
    }
    if let Some(retired) = cover.retired_on {
        check::order("facts.retired_on", person.birth_date, Some(retired))?;
        if cover.category != "retired" {
            return Err(Refusal::new("contradiction", "只有退休人员有退休日期").at("facts.retired_on"));
        }
        check::order("from", retired, Some(cover.from))?;
    }
    let years = cover.years;
    for (field, value) in [
        ("total", years.total),
        ("local_paid", years.local_paid),
        ("continuous", years.continuous),
        ("deemed", years.deemed),
    ] {
        if let Some(value) = value.filter(|value| !(0..=100).contains(value)) {
            return Err(Refusal::new("out_of_range", "年限不对")
                .at(format!("facts.years.{field}"))
                .found(value)
                .expected("0 到 100"));
        }
    }
    if let Some(employer) = &cover.employer {
        check::code("facts.employer", employer)?;
    }
    Ok(())
}

/// Refuses a day on which the person was not born, or did not live any more.
pub(super) fn alive(person: &Person, day: Date) -> Result<(), Refusal> {
    check::order("from", person.birth_date, Some(day))?;
    match person.died_on {
        None => Ok(()),
        Some(died) => Err(Refusal::new("person_died", "参保人已经死亡").at("person").found(died)),
    }
}

impl Decide for Enrol {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        context.allow(
            Action::KeepPeople,
            Scope { area: Some(&self.area), person: Some(&self.person), institution: None },
        )?;
        let reason = check::reason(&self.reason)?;
        let pack = pack_of(context, &self.area, &self.scheme)?;
        let mut person = (*visit::person(desk, &self.person)?).clone();
        alive(&person, self.from)?;
        context.not_far("from", self.from)?;
        let category = self
            .facts
            .category
            .clone()
            .ok_or_else(|| Refusal::new("missing_field", "要写明人员类别").at("facts.category"))?;
        if let Some(last) = person.covers.last().filter(|last| last.to.is_none_or(|to| to >= self.from)) {
            return Err(Refusal::new("cover_overlaps", "与已有的参保重叠")
                .at("from")
                .found(self.from)
                .expected(match last.to {
                    Some(to) => format!("{to} 以后"),
                    None => format!("{} 起在 {} 参保，先终止或转移", last.from, last.area),
                })
                .into());
        }
        let cover = self.facts.over(Cover {
            area: self.area.clone(),
            scheme: self.scheme.clone(),
            from: self.from,
            to: None,
            paused: false,
            reason,
            ended: String::new(),
            category,
            post_type: None,
            account_option: None,
            premium_tier: None,
            assistance: None,
            supplements: None,
            retired_on: None,
            years: YearsPaid::default(),
            employer: None,
        });
        consistent(&cover, &person, pack)?;
        person.covers.push(cover);
        let draft = Draft::new("enrol", context.today)
            .about(&person.id)
            .leaving(&person.id, &person)?
            .leaving(&format!("{}/{}", self.area, person.id), &PersonIn {})?
            .telling(json!({
                "person": person.id, "area": self.area, "scheme": self.scheme, "from": self.from,
            }));
        Ok(vec![draft])
    }
}

/// Makes the cover of a day something else from that day on. The stretch before ends the day before; where the day is its first, it is
/// replaced.
///
/// # Errors
/// The refusals `not_covered`, `cover_ended` and `dates_go_back`.
pub(super) fn from_then_on(
    person: &mut Person,
    from: Date,
    reason: &str,
    change: impl FnOnce(Cover) -> Cover,
) -> Result<Cover, Refusal> {
    alive(person, from)?;
    let last = person
        .covers
        .last()
        .cloned()
        .ok_or_else(|| Refusal::new("not_covered", "没有参保").at("person").found(&person.id))?;
    if from < last.from {
        return Err(Refusal::new("dates_go_back", "早于最近一次变更")
            .at("from")
            .found(from)
            .expected(format!("{} 或以后", last.from)));
    }
    if let Some(to) = last.to.filter(|to| *to < from) {
        return Err(Refusal::new("cover_ended", "参保关系已经终止")
            .at("from")
            .found(from)
            .hint(format!("{to} 终止：{}", last.ended)));
    }
    let next = change(Cover { from, reason: reason.to_owned(), ..last.clone() });
    if next == (Cover { from, reason: reason.to_owned(), ..last.clone() }) {
        return Err(Refusal::new("nothing_changes", "没有变化"));
    }
    if last.from == from {
        person.covers.pop();
    } else if let Some(ends) = person.covers.last_mut() {
        ends.to = Some(check::day_before("from", from)?);
        reason.clone_into(&mut ends.ended);
    }
    person.covers.push(next.clone());
    Ok(next)
}

impl Decide for ChangeCategory {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        let mut person = (*check::kept_person(desk, context, Action::KeepPeople, &self.person)?).clone();
        let reason = check::reason(&self.reason)?;
        context.not_far("from", self.from)?;
        let next = from_then_on(&mut person, self.from, &reason, |cover| self.facts.over(cover))?;
        consistent(&next, &person, pack_of(context, &next.area, &next.scheme)?)?;
        let draft = Draft::new("change_category", context.today)
            .about(&person.id)
            .leaving(&person.id, &person)?
            .telling(json!({
                "person": person.id, "category": next.category, "from": self.from, "reason": reason,
            }));
        Ok(vec![draft])
    }
}

/// Pauses or resumes.
fn paused(
    desk: &mut Desk<'_>,
    context: &Context<'_>,
    (id, from, reason): (&str, Date, &str),
    pause: bool,
) -> Result<Vec<Draft>, Stop> {
    let mut person = (*check::kept_person(desk, context, Action::KeepPeople, id)?).clone();
    let reason = check::reason(reason)?;
    context.not_far("from", from)?;
    from_then_on(&mut person, from, &reason, |cover| Cover { paused: pause, ..cover }).map_err(
        |refusal| match &*refusal.code {
            "nothing_changes" if pause => Refusal::new("already_paused", "待遇已经暂停").at("person"),
            "nothing_changes" => Refusal::new("not_paused", "待遇没有暂停").at("person"),
            _ => refusal,
        },
    )?;
    let later = match pause {
        true => settled_after(desk, id, check::day_before("from", from)?)?,
        false => Vec::new(),
    };
    let draft = Draft::new(if pause { "pause_cover" } else { "resume_cover" }, context.today)
        .about(id)
        .leaving(id, &person)?
        .telling(json!({ "person": id, "from": from, "reason": reason, "settled_later": later }));
    Ok(vec![draft])
}

impl Decide for PauseCover {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        paused(desk, context, (&self.person, self.from, &self.reason), true)
    }
}

impl Decide for ResumeCover {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        paused(desk, context, (&self.person, self.from, &self.reason), false)
    }
}

impl Decide for EndCover {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        let mut person = (*check::kept_person(desk, context, Action::KeepPeople, &self.person)?).clone();
        let reason = check::reason(&self.reason)?;
        context.not_far("to", self.to)?;
        let missing = || Refusal::new("not_covered", "没有参保").at("person").found(&self.person);
        let cover = person.covers.last_mut().ok_or_else(missing)?;
        if let Some(to) = cover.to {
            return Err(Refusal::new("cover_ended", "参保关系已经终止")
                .at("person")
                .found(to)
                .hint(format!("{to} 终止：{}", cover.ended))
                .into());
        }
        check::order("to", cover.from, Some(self.to))?;
        cover.to = Some(self.to);
        cover.ended.clone_from(&reason);
        let later = settled_after(desk, &person.id, self.to)?;
        let draft = Draft::new("end_cover", context.today)
            .about(&person.id)
            .leaving(&person.id, &person)?
            .telling(json!({ "person": person.id, "to": self.to, "reason": reason, "settled_later": later }));
        Ok(vec![draft])
    }
}
