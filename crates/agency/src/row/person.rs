//! One person, one file (一人一档).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::desk::Row;

/// What proves who somebody is.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CertificateKind {
    /// 居民身份证.
    IdCard,
    /// 出生医学证明: a newborn without an id card.
    BirthCertificate,
    /// 港澳居民来往内地通行证.
    HongKongMacaoPermit,
    /// 台湾居民来往大陆通行证.
    TaiwanPermit,
    /// 港澳台居民居住证.
    ResidencePermit,
    /// 护照.
    Passport,
    /// 外国人永久居留身份证.
    ForeignerPermit,
}

impl CertificateKind {
    /// The name in commands and in ids of rows.
    pub const fn name(self) -> &'static str {
        match self {
            CertificateKind::IdCard => "id_card",
            CertificateKind::BirthCertificate => "birth_certificate",
            CertificateKind::HongKongMacaoPermit => "hong_kong_macao_permit",
            CertificateKind::TaiwanPermit => "taiwan_permit",
            CertificateKind::ResidencePermit => "residence_permit",
            CertificateKind::Passport => "passport",
            CertificateKind::ForeignerPermit => "foreigner_permit",
        }
    }

    /// The term that people read.
    pub const fn label(self) -> &'static str {
        match self {
            CertificateKind::IdCard => "居民身份证",
            CertificateKind::BirthCertificate => "出生医学证明",
            CertificateKind::HongKongMacaoPermit => "港澳居民来往内地通行证",
            CertificateKind::TaiwanPermit => "台湾居民来往大陆通行证",
            CertificateKind::ResidencePermit => "港澳台居民居住证",
            CertificateKind::Passport => "护照",
            CertificateKind::ForeignerPermit => "外国人永久居留身份证",
        }
    }
}

/// A certificate.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Certificate {
    /// Its kind.
    pub kind: CertificateKind,
    /// Its number, capital letters.
    pub number: String,
}

/// Years of contribution.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct YearsPaid {
    /// 累计缴费年限.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<i64>,
    /// 本地实缴年限.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub local_paid: Option<i64>,
    /// 连续参保年限.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub continuous: Option<i64>,
    /// 视同缴费年限.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deemed: Option<i64>,
}

/// A stretch of insurance under one area, scheme and set of facts. Names are those of the case format. Stretches of one person follow each other
/// and never overlap; a change of category ends one and begins the next.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cover {
    /// 参保地.
    pub area: String,
    /// `employee` or `resident`.
    pub scheme: String,
    /// First day.
    pub from: Date,
    /// Last day; `None` while it goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Date>,
    /// Whether benefits are paused (待遇暂停): insured, and nothing is paid.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub paused: bool,
    /// Why it began, and why it ended where it did.
    pub reason: String,
    /// Why it ended; empty while it goes on.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub ended: String,
    /// 人员类别.
    pub category: String,
    /// 岗位.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub post_type: Option<String>,
    /// 统账类型.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account_option: Option<String>,
    /// 缴费档次.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub premium_tier: Option<String>,
    /// 救助身份; `None` is unanswered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assistance: Option<Vec<String>>,
    /// Supplementary lines; `None` is unanswered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supplements: Option<Vec<String>>,
    /// 退休日期.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retired_on: Option<Date>,
    /// Years of contribution when it began.
    #[serde(default)]
    pub years: YearsPaid,
    /// The employer's number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub employer: Option<String>,
}

impl Cover {
    /// Whether the day lies in it.
    pub fn covers(&self, day: Date) -> bool {
        self.from <= day && self.to.is_none_or(|to| day <= to)
    }
}

/// What a person shows at a counter.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CredentialKind {
    /// 社会保障卡.
    SocialSecurityCard,
    /// 医保电子凭证.
    ElectronicCredential,
}

impl CredentialKind {
    /// The name in commands and in ids of rows.
    pub const fn name(self) -> &'static str {
        match self {
            CredentialKind::SocialSecurityCard => "social_security_card",
            CredentialKind::ElectronicCredential => "electronic_credential",
        }
    }

    /// The term that people read.
    pub const fn label(self) -> &'static str {
        match self {
            CredentialKind::SocialSecurityCard => "社会保障卡",
            CredentialKind::ElectronicCredential => "医保电子凭证",
        }
    }
}

/// How a credential stands.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CredentialStatus {
    /// Issued and not yet activated.
    Issued,
    /// In use.
    Active,
    /// 挂失.
    Lost,
    /// 注销.
    Cancelled,
}

/// A credential.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credential {
    /// Its kind.
    pub kind: CredentialKind,
    /// Its number.
    pub number: String,
    /// How it stands.
    pub status: CredentialStatus,
    /// The day of the last change.
    pub since: Date,
}

/// A person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// 人员编号, given by the agency.
    pub id: String,
    /// 姓名.
    pub name: String,
    /// What proves it.
    pub certificate: Certificate,
    /// `female` or `male`.
    pub sex: String,
    /// 出生日期.
    pub birth_date: Date,
    /// 死亡日期.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub died_on: Option<Date>,
    /// The day of registration.
    pub registered_on: Date,
    /// Every stretch of insurance, in order of time.
    #[serde(default)]
    pub covers: Vec<Cover>,
    /// Every credential.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub credentials: Vec<Credential>,
    /// Whether anything was ever filed: only then a bill looks for it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub files: bool,
    /// Whether a wallet was opened: only then a bill looks for it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub wallet: bool,
    /// The mother, where the child was registered with her.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mother: Option<String>,
}

impl Row for Person {
    const KIND: &'static str = "person";
}

impl Person {
    /// The stretch of insurance in which a day lies.
    pub fn cover_on(&self, day: Date) -> Option<&Cover> {
        self.covers.iter().rev().find(|cover| cover.covers(day))
    }

    /// The certificate's number as lists and logs show it: first and last digits only.
    pub fn masked_number(&self) -> String {
        mask(&self.certificate.number)
    }
}

/// A certificate number with its middle hidden.
pub fn mask(number: &str) -> String {
    let characters: Vec<char> = number.chars().collect();
    if characters.len() < 8 {
        return "*".repeat(characters.len());
    }
    let shown = |range: std::ops::Range<usize>| characters[range].iter().collect::<String>();
    let hidden = "*".repeat(characters.len() - 7);
    format!("{}{hidden}{}", shown(0..3), shown(characters.len() - 4..characters.len()))
}

/// Who holds a certificate, or a credential; the row's id is `kind/number`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertificateHolder {
    /// The person's id.
    pub person: String,
}

impl Row for CertificateHolder {
    const KIND: &'static str = "certificate";
}

impl Certificate {
    /// The id of the row that says who holds it.
    pub fn id(&self) -> String {
        format!("{}/{}", self.kind.name(), self.number)
    }
}

/// An empty row: an area knows this person. The row's id is `area/person`, so that people can be listed by area.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonIn {}

impl Row for PersonIn {
    const KIND: &'static str = "person_in";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_masked() {
        assert_eq!(mask("990101199001011234"), "990***********1234");
        assert_eq!(mask("H1234567"), "H12*4567");
        assert_eq!(mask("1234567"), "*******");
    }
}
