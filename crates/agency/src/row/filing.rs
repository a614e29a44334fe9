//! Filings (备案与登记): care away from home, chronic diseases, chosen institutions, births.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Institution;
use crate::desk::Row;

/// What is filed. The order is that in which filings away from home are preferred.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FilingKind {
    /// 异地长期居住.
    LongStay,
    /// 异地转诊.
    Referral,
    /// 异地急诊抢救.
    Emergency,
    /// 其他临时外出.
    Temporary,
    /// 门诊慢特病.
    Chronic,
    /// 定点医院.
    ChosenHospital,
    /// 家庭医生签约.
    FamilyDoctor,
    /// 生育登记.
    Maternity,
}

impl FilingKind {
    /// Every kind.
    pub const ALL: [FilingKind; 8] = [
        FilingKind::LongStay,
        FilingKind::Referral,
        FilingKind::Emergency,
        FilingKind::Temporary,
        FilingKind::Chronic,
        FilingKind::ChosenHospital,
        FilingKind::FamilyDoctor,
        FilingKind::Maternity,
    ];

    /// The name in commands; for care away from home that of the case format.
    pub const fn name(self) -> &'static str {
        match self {
            FilingKind::LongStay => "long_stay",
            FilingKind::Referral => "referral",
            FilingKind::Emergency => "emergency",
            FilingKind::Temporary => "temporary",
            FilingKind::Chronic => "chronic",
            FilingKind::ChosenHospital => "chosen_hospital",
            FilingKind::FamilyDoctor => "family_doctor",
            FilingKind::Maternity => "maternity",
        }
    }

    /// The term that people read.
    pub const fn label(self) -> &'static str {
        match self {
            FilingKind::LongStay => "异地长期居住",
            FilingKind::Referral => "异地转诊",
            FilingKind::Emergency => "异地急诊抢救",
            FilingKind::Temporary => "其他临时外出",
            FilingKind::Chronic => "门诊慢特病",
            FilingKind::ChosenHospital => "定点医院",
            FilingKind::FamilyDoctor => "家庭医生签约",
            FilingKind::Maternity => "生育登记",
        }
    }

    /// Whether it is for care away from home.
    pub const fn is_away(self) -> bool {
        matches!(
            self,
            FilingKind::LongStay | FilingKind::Referral | FilingKind::Emergency | FilingKind::Temporary
        )
    }
}

/// How a filing stands.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FilingStatus {
    /// 待复核: it does not hold yet.
    Pending,
    /// 有效, within its days.
    Valid,
    /// 不予备案.
    Refused,
    /// 已撤销: it never held.
    Cancelled,
}

impl FilingStatus {
    /// The term that people read.
    pub const fn label(self) -> &'static str {
        match self {
            FilingStatus::Pending => "待复核",
            FilingStatus::Valid => "有效",
            FilingStatus::Refused => "不予备案",
            FilingStatus::Cancelled => "已撤销",
        }
    }
}

/// A document that was shown.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    /// Which, by a name of `filings.toml` or `family.toml`.
    pub kind: String,
    /// Its number.
    pub number: String,
}

/// What a second person said.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reviewed {
    /// Who.
    pub by: String,
    /// When.
    pub on: Date,
    /// The code of the reason; empty for an approval.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// In words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// One filing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filing {
    /// Its number: `F` and the record that made it.
    pub id: String,
    /// What is filed.
    pub kind: FilingKind,
    /// 参保地: after a transfer it holds no more.
    pub home: String,
    /// Away from home: where to; a whole city or province where its code ends in noughts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<String>,
    /// At which institutions; any where empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub institutions: Vec<String>,
    /// The disease, by a name of the pack.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disease: Option<String>,
    /// The kind of care that it opens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub care_type: Option<String>,
    /// First day.
    pub from: Date,
    /// Last day; `None` while it goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Date>,
    /// How it stands.
    pub status: FilingStatus,
    /// When it was filed.
    pub filed_on: Date,
    /// Who filed it.
    pub by: String,
    /// The institution that filed it on the person's behalf.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// 补办: the visit for which it was made up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visit: Option<String>,
    /// What was shown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub proofs: Vec<Proof>,
    /// What a second person said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reviewed: Option<Reviewed>,
    /// Why it was ended or cancelled.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub ended: String,
}

impl Filing {
    /// Whether it holds on a day for somebody insured in an area.
    pub fn holds(&self, home: &str, day: Date) -> bool {
        self.status == FilingStatus::Valid
            && self.home == home
            && self.from <= day
            && self.to.is_none_or(|to| day <= to)
    }

    /// Whether it is for care at an institution.
    pub fn serves(&self, institution: &Institution) -> bool {
        self.serves_at(&institution.id, &institution.area)
    }

    /// The same by the institution's id and area.
    pub fn serves_at(&self, institution: &str, area: &str) -> bool {
        let here = self.institutions.is_empty() || self.institutions.iter().any(|known| known == institution);
        here && self.area.as_deref().is_none_or(|filed| within(area, filed))
    }

    /// Whether two are of the same thing.
    pub fn same_thing(&self, other: &Filing) -> bool {
        let place = |filing: &Filing| (filing.area.clone(), filing.institutions.clone());
        self.kind == other.kind
            && self.disease == other.disease
            && self.care_type == other.care_type
            && (!self.kind.is_away() || self.kind == FilingKind::LongStay || place(self) == place(other))
    }
}

/// Whether an area lies within another: codes that end in noughts are cities and provinces (GB/T 2260).
pub fn within(area: &str, wider: &str) -> bool {
    let significant = match (wider.ends_with("0000"), wider.ends_with("00")) {
        (true, _) => 2,
        (_, true) => 4,
        _ => 6,
    };
    area.get(..significant).is_some_and(|start| wider.get(..significant) == Some(start))
}

/// Everything that was filed for a person, in order. The row's id is the person's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filings {
    /// In order of filing.
    pub filings: Vec<Filing>,
}

impl Row for Filings {
    const KIND: &'static str = "filings";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_with_noughts_are_wider() {
        assert!(within("990303", "990303") && !within("990303", "990301"));
        assert!(within("990303", "990300") && !within("990403", "990300"));
        assert!(within("990403", "990000") && !within("980302", "990000"));
    }
}
