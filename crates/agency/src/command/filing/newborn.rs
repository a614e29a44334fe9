//! 新生儿登记: a child with its mother, insured from birth where the premium is paid in time.

use gongji_cases::request::Question;
use gongji_policy::Dimension;
use gongji_rules::Figure;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{filer, insured};
use crate::calculation::Sum;
use crate::certificate::{Bearer, checked};
use crate::command::person::{born, free};
use crate::command::{Decide, check, cover};
use crate::context::Context;
use crate::desk::Desk;
use crate::record::Draft;
use crate::refusal::Refusal;
use crate::row::{Certificate, CertificateHolder, CertificateKind, Cover, Person, PersonIn, YearsPaid};
use crate::stop::Stop;

/// 新生儿登记.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegisterNewborn {
    /// 人员编号 of the mother.
    pub mother: String,
    /// 姓名.
    pub name: String,
    /// 出生医学证明编号.
    pub birth_certificate: String,
    /// `female` or `male`.
    pub sex: String,
    /// 出生日期.
    pub birth_date: Date,
    /// The day on which the resident premium was paid. Left out, the child is registered and not yet insured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paid_on: Option<Date>,
    /// 缴费档次, by a name of the pack.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub premium_tier: Option<String>,
    /// The institution of the birth, where it registers the child.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
}

/// The cover of a child of residents, before its first day is known.
fn newborn_cover(area: &str, birth_date: Date, tier: Option<&str>) -> Cover {
    Cover {
        area: area.to_owned(),
        scheme: "resident".to_owned(),
        from: birth_date,
        to: None,
        paused: false,
        reason: "新生儿参保".to_owned(),
        ended: String::new(),
        category: "newborn".to_owned(),
        post_type: None,
        account_option: None,
        premium_tier: tier.map(str::to_owned),
        assistance: Some(Vec::new()),
        supplements: Some(Vec::new()),
        retired_on: None,
        years: YearsPaid::default(),
        employer: None,
    }
}

impl Decide for RegisterNewborn {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        let mother = filer(desk, context, &self.mother, self.at.as_deref()).map_err(|stop| match stop {
            Stop::Refused(refusal) if &*refusal.field == "person" => refusal.at("mother").into(),
            other => other,
        })?;
        let name = check::text("name", &self.name)?;
        check::known("sex", Dimension::Sex, &self.sex)?;
        born(context, self.birth_date)?;
        if mother.sex != "female" || mother.birth_date >= self.birth_date {
            return Err(Refusal::new("contradiction", "不是产妇").at("mother").found(&self.mother).into());
        }
        let area = insured(&mother, self.birth_date)
            .map_err(|refusal| refusal.at("mother").hint("母亲没有参保的，按人员登记办理"))?
            .area
            .clone();
        let bearer = Bearer { sex: &self.sex, birth_date: self.birth_date };
        let shown =
            Certificate { kind: CertificateKind::BirthCertificate, number: self.birth_certificate.clone() };
        let certificate = checked(&shown, bearer)?;
        free(desk, &certificate, None)?;
        let id = format!("P{}", context.seq);
        let mut child = Person {
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
            mother: Some(self.mother.clone()),
        };
        let mut draft = Draft::new("register_newborn", context.today).about(&id).about(&self.mother);
        if let Some(paid_on) = self.paid_on {
            context.not_future("paid_on", paid_on)?;
            check::order("paid_on", self.birth_date, Some(paid_on))?;
            cover::pack_of(context, &area, "resident")?;
            let asked = newborn_cover(&area, self.birth_date, self.premium_tier.as_deref());
            let coverage_year = self.birth_date.year();
            let question = Question::Premium { coverage_year, paid_on, missed_years: 0, repaired_years: 0 };
            let sum = Sum::of(&child, &asked, None, paid_on, question)?;
            let worked = sum.worked(context.rules)?;
            let Some(Figure::Day(from)) = worked.sheet.figure("cover_from") else {
                return Err(Refusal::new("unknown_rule", "规则没有给出待遇开始的日期").at("paid_on").into());
            };
            draft.calculations.push(sum.kept(context)?);
            child.covers.push(Cover { from: *from, ..asked.clone() });
        }
        let from = child.covers.first().map(|cover| cover.from);
        Ok(vec![
            draft
                .leaving(&id, &child)?
                .leaving(&child.certificate.id(), &CertificateHolder { person: id.clone() })?
                .leaving(&format!("{area}/{id}"), &PersonIn {})?
                .telling(json!({
                    "person": id, "mother": self.mother, "area": area, "cover_from": from,
                })),
        ])
    }
}
