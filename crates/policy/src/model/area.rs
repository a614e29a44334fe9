//! The pooling area and the whole pack.

use jiff::civil::Date;

use super::{AmountRule, Scheme, Source, Span, Table};

/// The first day of the insurance year (医保年度).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct YearStart {
    /// 1–12.
    pub month: i8,
    /// 1–28.
    pub day: i8,
}

/// Which of a bill's dates decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateRule {
    /// The settlement date.
    Settled,
    /// The day of admission (the settlement date where there is none).
    Admitted,
    /// The day of discharge (the settlement date where there is none).
    Discharged,
}

/// A pooling area (统筹区).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Area {
    /// Administrative code of six digits; `000000` for the national frame.
    pub code: String,
    /// 名称, as people read it.
    pub name: String,
    /// The code of the pack whose rules it may refer to; `None` for the national frame.
    pub parent: Option<String>,
    /// First day of the insurance year.
    pub year_start: YearStart,
    /// Which date picks the law.
    pub law_date: DateRule,
    /// Which date picks the insurance year.
    pub year_date: DateRule,
    /// The day somebody last compared the pack with its sources.
    pub last_checked: Date,
    /// A remark shown with every answer, such as "demonstration values".
    pub notice: Option<String>,
    /// Where the area stands.
    pub span: Span,
}

/// One area's rules, read and resolved: references to other packs are already filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pack {
    /// The area.
    pub area: Area,
    /// Every source that a row of this pack refers to, inherited rows included.
    pub sources: Vec<Source>,
    /// Dated figures by name (average wage, disposable income …).
    pub indices: Vec<Table<AmountRule>>,
    /// The schemes (职工医保, 居民医保).
    pub schemes: Vec<Scheme>,
    /// The names of the texts that spans refer to, relative to the pack root: `410100-zhengzhou/employee.toml`.
    pub files: Vec<String>,
    /// Hex SHA-256 over every text that this pack rests on, its parents' included, in order of name.
    pub content_hash: String,
}

impl Pack {
    /// The scheme of that name (`employee`, `resident`).
    pub fn scheme(&self, name: &str) -> Option<&Scheme> {
        self.schemes.iter().find(|scheme| scheme.name == name)
    }
}
