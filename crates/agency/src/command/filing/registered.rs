//! What is registered at home: 门诊慢特病, 定点医院与家庭医生, 生育.

use gongji_policy::Dimension;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{begins, blank, filed, filer, insured, known_institutions, proved};
use crate::command::{Decide, check, cover};
use crate::context::Context;
use crate::desk::Desk;
use crate::filing::NEEDS;
use crate::record::Draft;
use crate::refusal::Refusal;
use crate::row::{FilingKind, Proof};
use crate::stop::Stop;

fn chronic_care() -> String {
    "chronic_outpatient".to_owned()
}

/// 门诊慢特病登记. It holds once a second person approved it.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegisterChronic {
    /// 人员编号.
    pub person: String,
    /// The disease, by a name of the pack.
    pub disease: String,
    /// The kind of care that it opens: `chronic_outpatient`, `outpatient_major`, `special_drug`.
    #[serde(default = "chronic_care")]
    pub care_type: String,
    /// Where; at any institution where empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub institutions: Vec<String>,
    /// First day.
    pub from: Date,
    /// Last day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Date>,
    /// What is shown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub proofs: Vec<Proof>,
    /// The institution that registers on the person's behalf.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// 补办: the visit, not yet settled to its end, for which it is made up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visit: Option<String>,
    /// Why it begins in the past, where staff say so.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

/// 定点签约: a chosen hospital, or a family doctor.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChooseInstitution {
    /// 人员编号.
    pub person: String,
    /// `chosen_hospital` or `family_doctor`.
    pub filing: FilingKind,
    /// Which.
    pub institution: String,
    /// First day.
    pub from: Date,
    /// Last day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Date>,
    /// The institution that files on the person's behalf.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// Why it begins in the past, where staff say so.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

/// 生育登记, which care at a birth asks for.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegisterMaternity {
    /// 人员编号 of the mother.
    pub person: String,
    /// First day.
    pub from: Date,
    /// 预产期 and what may follow it: the last day.
    pub to: Date,
    /// Where; at any institution where empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub institutions: Vec<String>,
    /// What is shown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub proofs: Vec<Proof>,
    /// The institution that registers on the person's behalf.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// 补办: the visit, not yet settled to its end, for which it is made up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visit: Option<String>,
    /// Why it begins in the past, where staff say so.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

impl Decide for RegisterChronic {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        let person = filer(desk, context, &self.person, self.at.as_deref())?;
        check::known("care_type", Dimension::CareType, &self.care_type)?;
        if NEEDS.of_care(&self.care_type) != Some(FilingKind::Chronic) {
            return Err(Refusal::new("unknown_value", "这种医疗类别不用登记病种")
                .at("care_type")
                .found(&self.care_type)
                .into());
        }
        let cover = insured(&person, self.from)?;
        let pack = cover::pack_of(context, &cover.area, &cover.scheme)?;
        let declared = pack.scheme(&cover.scheme).and_then(|scheme| scheme.values.get(&Dimension::Condition));
        let known: Vec<&str> = declared.into_iter().flatten().map(String::as_str).collect();
        let known: Vec<&str> = known.into_iter().filter(|name| *name != "none").collect();
        if known.is_empty() {
            // The rules of the area tell no diseases apart: the agency's own code is kept.
            check::code("disease", &self.disease)?;
        } else if !known.contains(&self.disease.as_str()) {
            return Err(Refusal::new("unknown_disease", "规则里没有这个病种")
                .at("disease")
                .found(&self.disease)
                .expected(known.join("、"))
                .into());
        }
        known_institutions(desk, "institutions", &self.institutions)?;
        let mut filing = blank(context, FilingKind::Chronic, &cover.area, (self.from, self.to));
        filing.institutions.clone_from(&self.institutions);
        filing.disease = Some(self.disease.clone());
        filing.care_type = Some(self.care_type.clone());
        filing.proofs = proved(FilingKind::Chronic, &self.proofs)?;
        filing.at.clone_from(&self.at);
        filing.visit.clone_from(&self.visit);
        begins(desk, context, &filing, &self.person, &self.reason)?;
        filed(desk, context, "register_chronic", &person, filing)
    }
}

impl Decide for ChooseInstitution {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        let person = filer(desk, context, &self.person, self.at.as_deref())?;
        if !matches!(self.filing, FilingKind::ChosenHospital | FilingKind::FamilyDoctor) {
            return Err(Refusal::new("unknown_value", "不是定点签约")
                .at("filing")
                .found(self.filing.name())
                .expected("chosen_hospital、family_doctor")
                .into());
        }
        let cover = insured(&person, self.from)?;
        let chosen = [self.institution.clone()];
        for institution in known_institutions(desk, "institution", &chosen)? {
            if !institution.is_designated(self.from) {
                return Err(Refusal::new("not_designated", "这一天不是定点机构")
                    .at("institution")
                    .found(format!("{}，{}", institution.name, self.from))
                    .into());
            }
        }
        let mut filing = blank(context, self.filing, &cover.area, (self.from, self.to));
        filing.institutions = chosen.to_vec();
        filing.at.clone_from(&self.at);
        begins(desk, context, &filing, &self.person, &self.reason)?;
        filed(desk, context, "choose_institution", &person, filing)
    }
}

impl Decide for RegisterMaternity {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        let person = filer(desk, context, &self.person, self.at.as_deref())?;
        if person.sex != "female" {
            return Err(Refusal::new("contradiction", "生育登记在产妇名下办理")
                .at("person")
                .found(&self.person)
                .into());
        }
        let cover = insured(&person, self.from)?;
        known_institutions(desk, "institutions", &self.institutions)?;
        let mut filing = blank(context, FilingKind::Maternity, &cover.area, (self.from, Some(self.to)));
        filing.institutions.clone_from(&self.institutions);
        filing.proofs = proved(FilingKind::Maternity, &self.proofs)?;
        filing.at.clone_from(&self.at);
        filing.visit.clone_from(&self.visit);
        begins(desk, context, &filing, &self.person, &self.reason)?;
        filed(desk, context, "register_maternity", &person, filing)
    }
}
