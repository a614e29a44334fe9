//! The cast of a sandbox: `assets/cast.toml`.

use jiff::civil::Date;
use serde::Deserialize;

use crate::DemoError;

const SHIPPED: &str = include_str!("../../assets/cast.toml");

/// The whole cast.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cast {
    /// Areas that are tried first for where the sandbox lies.
    pub homes: Vec<String>,
    /// Since when everybody is insured and institutions are designated, unless born or retired later.
    pub since: Date,
    /// When accounts were opened.
    pub opened_on: Date,
    /// The people.
    pub character: Vec<Role>,
    /// Who may draw on whose account.
    pub grant: Vec<Grant>,
    /// The institutions.
    pub institution: Vec<Place>,
}

/// A person of the cast.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// Short name.
    pub key: String,
    /// What the person is there for.
    pub title: String,
    /// What can be tried.
    pub remark: String,
    /// 姓名.
    pub name: String,
    /// A profile of the mix.
    pub profile: String,
    /// `male` or `female`.
    pub sex: String,
    /// 出生日期.
    pub born: Date,
    /// 当年 and 历年, yuan.
    #[serde(default)]
    pub account: Option<[i64; 2]>,
    /// Whether insured elsewhere.
    #[serde(default)]
    pub away: bool,
    /// Whether a disease is looked for under which care of chronic diseases can be settled, and registered.
    #[serde(default)]
    pub chronic: bool,
    /// Whether there is a disease that can be registered, and is not yet.
    #[serde(default)]
    pub applies: bool,
}

/// A grant of the cast.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    /// Whose account.
    pub grantor: String,
    /// Who may draw on it.
    pub beneficiary: String,
    /// What the grantor is to the beneficiary.
    pub relation: String,
}

/// An institution of the cast.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// Short name.
    pub key: String,
    /// The end of its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// 机构级别.
    pub level: String,
    /// 等次.
    pub grade: String,
    /// 行政级别.
    pub admin_level: String,
    /// 机构类型.
    pub facility_type: String,
}

impl Cast {
    /// The cast that ships.
    ///
    /// # Errors
    /// A cast that cannot be read.
    pub fn shipped() -> Result<Cast, DemoError> {
        toml::from_str(SHIPPED).map_err(|error| DemoError::Mix(error.to_string()))
    }
}
