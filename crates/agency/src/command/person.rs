//! People: registration, corrections, certificates, death.

use gongji_policy::Dimension;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Decide, check};
use crate::access::{Action, Scope};
use crate::certificate::{Bearer, checked};
use crate::context::Context;
use crate::desk::Desk;
use crate::record::{After, Draft};
use crate::refusal::Refusal;
use crate::row::{Certificate, CertificateHolder, Person, PersonIn};
use crate::settlement::live_before;
use crate::stop::Stop;

/// 人员登记.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegisterPerson {
    /// 登记的统筹区: its staff keep the person until the first cover.
    pub area: String,
    /// 姓名.
    pub name: String,
    /// What proves it.
    pub certificate: Certificate,
    /// `female` or `male`.
    pub sex: String,
    /// 出生日期.
    pub birth_date: Date,
}

/// 更正人员信息: what was written wrongly. A certificate that is corrected frees the wrong number.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CorrectPerson {
    /// 人员编号.
    pub person: String,
    /// 姓名.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What proves it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate: Option<Certificate>,
    /// `female` or `male`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sex: Option<String>,
    /// 出生日期.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<Date>,
    /// Why.
    pub reason: String,
}

/// 更换证件, as when a newborn gets an id card. The old number stays the person's.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReplaceCertificate {
    /// 人员编号.
    pub person: String,
    /// The new certificate.
    pub certificate: Certificate,
}

/// 死亡登记: ends the cover on the day of death and closes nothing else.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordDeath {
    /// 人员编号.
    pub person: String,
    /// 死亡日期.
    pub died_on: Date,
}

/// Refuses a certificate that somebody else holds.
pub(super) fn free(desk: &mut Desk<'_>, certificate: &Certificate, person: Option<&str>) -> Result<(), Stop> {
    match desk.get::<CertificateHolder>(&certificate.id())? {
        Some(holder) if Some(holder.person.as_str()) != person => {
            Err(Refusal::new("certificate_taken", "这个证件已经登记在另一个人名下")
                .at("certificate.number")
                .found(crate::row::mask(&certificate.number))
                .hint(format!("已登记的人员编号为 {}", holder.person))
                .into())
        }
        _ => Ok(()),
    }
}

/// Checks a birth date: not in the future, and within a long life.
pub(super) fn born(context: &Context<'_>, birth_date: Date) -> Result<(), Stop> {
    context.not_future("birth_date", birth_date)?;
    let first = context.today.checked_sub(jiff::Span::new().years(150)).unwrap_or(Date::MIN);
    if birth_date < first {
        return Err(Refusal::new("birth_date", "出生日期太早")
            .at("birth_date")
            .found(birth_date)
            .expected(format!("{first} 或以后"))
            .into());
    }
    Ok(())
}

/// The live settlements of a person after a day: what a change that reaches back leaves without cover.
///
/// # Errors
/// Those of the store.
pub(super) fn settled_after(desk: &mut Desk<'_>, person: &str, day: Date) -> Result<Vec<String>, Stop> {
    let live = live_before(desk, person, u64::MAX)?;
    let later = live.iter().filter(|record| record.date > day);
    Ok(later.filter_map(|record| record.settlement.as_ref().map(|made| made.id.clone())).collect())
}

impl Decide for RegisterPerson {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        context.allow(Action::KeepPeople, Scope { area: Some(&self.area), ..Scope::default() })?;
        check::area("area", &self.area)?;
        let name = check::text("name", &self.name)?;
        check::known("sex", Dimension::Sex, &self.sex)?;
        born(context, self.birth_date)?;
        let bearer = Bearer { sex: &self.sex, birth_date: self.birth_date };
        let certificate = checked(&self.certificate, bearer)?;
        free(desk, &certificate, None)?;
        let id = format!("P{}", context.seq);
        let person = Person {
            id: id.clone(),
            name,
            certificate,
            sex: self.sex.clone(),
            birth_date: self.birth_date,
            died_on: None,
            registered_on: context.today,
            covers: Vec::new(),
            credentials: Vec::new(),
            files: false,
            wallet: false,
            mother: None,
        };
        let draft = Draft::new("register_person", context.today)
            .about(&id)
            .leaving(&id, &person)?
            .leaving(&person.certificate.id(), &CertificateHolder { person: id.clone() })?
            .leaving(&format!("{}/{id}", self.area), &PersonIn {})?
            .telling(json!({ "person": id }));
        Ok(vec![draft])
    }
}

impl Decide for CorrectPerson {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        let before = check::kept_person(desk, context, Action::KeepPeople, &self.person)?;
        let reason = check::reason(&self.reason)?;
        let mut person = (*before).clone();
        if let Some(name) = &self.name {
            person.name = check::text("name", name)?;
        }
        if let Some(sex) = &self.sex {
            check::known("sex", Dimension::Sex, sex)?;
            person.sex.clone_from(sex);
        }
        if let Some(birth_date) = self.birth_date {
            born(context, birth_date)?;
            if let Some(died) = person.died_on {
                check::order("birth_date", birth_date, Some(died))?;
            }
            if let Some(retired) = person.covers.iter().find_map(|cover| cover.retired_on) {
                check::order("birth_date", birth_date, Some(retired))?;
            }
            person.birth_date = birth_date;
        }
        let bearer = Bearer { sex: &person.sex, birth_date: person.birth_date };
        person.certificate = checked(self.certificate.as_ref().unwrap_or(&person.certificate), bearer)?;
        if person == *before {
            return Err(Refusal::new("nothing_changes", "没有要更正的内容").into());
        }
        let mut changed = Vec::new();
        for (field, differs) in [
            ("name", person.name != before.name),
            ("certificate", person.certificate != before.certificate),
            ("sex", person.sex != before.sex),
            ("birth_date", person.birth_date != before.birth_date),
        ] {
            if differs {
                changed.push(field);
            }
        }
        let mut draft = Draft::new("correct_person", context.today).about(&person.id);
        if person.certificate != before.certificate {
            free(desk, &person.certificate, Some(&person.id))?;
            draft.after.push(After::gone("certificate", &before.certificate.id()));
            draft =
                draft.leaving(&person.certificate.id(), &CertificateHolder { person: person.id.clone() })?;
        }
        let result = json!({ "person": person.id, "changed": changed, "reason": reason });
        Ok(vec![draft.leaving(&person.id, &person)?.telling(result)])
    }
}

impl Decide for ReplaceCertificate {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        let before = check::kept_person(desk, context, Action::KeepPeople, &self.person)?;
        let bearer = Bearer { sex: &before.sex, birth_date: before.birth_date };
        let certificate = checked(&self.certificate, bearer)?;
        if certificate == before.certificate {
            return Err(Refusal::new("nothing_changes", "与现在的证件相同").at("certificate.number").into());
        }
        free(desk, &certificate, Some(&before.id))?;
        let result = json!({
            "person": before.id,
            "before": { "kind": before.certificate.kind, "number": before.masked_number() },
            "after": { "kind": certificate.kind, "number": crate::row::mask(&certificate.number) },
        });
        let person = Person { certificate, ..(*before).clone() };
        let draft = Draft::new("replace_certificate", context.today)
            .about(&person.id)
            .leaving(&person.id, &person)?
            .leaving(&person.certificate.id(), &CertificateHolder { person: person.id.clone() })?
            .telling(result);
        Ok(vec![draft])
    }
}

impl Decide for RecordDeath {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        let mut person = (*check::kept_person(desk, context, Action::KeepPeople, &self.person)?).clone();
        context.not_future("died_on", self.died_on)?;
        check::order("died_on", person.birth_date, Some(self.died_on))?;
        if let Some(died) = person.died_on {
            return Err(Refusal::new("person_died", "已经登记死亡").at("person").found(died).into());
        }
        person.died_on = Some(self.died_on);
        // What would begin after the death never was.
        person.covers.retain(|cover| cover.from <= self.died_on);
        if let Some(cover) =
            person.covers.last_mut().filter(|cover| cover.to.is_none_or(|to| to > self.died_on))
        {
            cover.to = Some(self.died_on);
            "死亡".clone_into(&mut cover.ended);
        }
        let later = settled_after(desk, &person.id, self.died_on)?;
        let draft = Draft::new("record_death", self.died_on)
            .about(&person.id)
            .leaving(&person.id, &person)?
            .telling(json!({ "person": person.id, "died_on": self.died_on, "settled_later": later }));
        Ok(vec![draft])
    }
}
