//! Institutions: hospitals and pharmacies.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::desk::Row;

/// A stretch of time during which an institution is designated (定点).
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Designation {
    /// First day.
    pub from: Date,
    /// Last day; `None` while it goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Date>,
}

/// An institution. Names of level, grade … are those of the case format.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Institution {
    /// 机构编码.
    pub id: String,
    /// 名称.
    pub name: String,
    /// The area that settles with it.
    pub area: String,
    /// 机构级别; `None` is unanswered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    /// 等次.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grade: Option<String>,
    /// 行政级别.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub admin_level: Option<String>,
    /// 机构类型.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub facility_type: Option<String>,
    /// The pack's group of institutions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// When it is designated.
    pub designated: Vec<Designation>,
}

impl Row for Institution {
    const KIND: &'static str = "institution";
}

impl Institution {
    /// Whether it is designated on a day.
    pub fn is_designated(&self, day: Date) -> bool {
        self.designated.iter().any(|when| when.from <= day && when.to.is_none_or(|to| day <= to))
    }
}
