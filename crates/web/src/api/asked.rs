//! The query of a list: filters, where to go on, how many.

use jiff::civil::Date;

use crate::problem::Problem;

/// The options of an address; an unknown or unreadable one is refused.
pub struct Asked(Vec<(String, String)>);

/// So many entries are given unless asked otherwise, and at most.
const USUAL: usize = 50;
const MOST: usize = 500;

impl Asked {
    /// Reads the query.
    ///
    /// # Errors
    /// An option that is not among `names`; one that is written twice.
    pub fn read(query: Option<&str>, names: &[&str]) -> Result<Asked, Problem> {
        let query = query.unwrap_or_default();
        let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query)
            .map_err(|_| Problem::bad_query("?", query, "百分号编码的“名称=值”"))?;
        for (at, (name, value)) in pairs.iter().enumerate() {
            if !names.contains(&name.as_str()) {
                let expected = if names.is_empty() {
                    "这里没有选项".to_owned()
                } else {
                    format!("这里只有 {}", names.join("、"))
                };
                return Err(Problem::bad_query(name, value, &expected));
            }
            if pairs[..at].iter().any(|(known, _)| known == name) {
                return Err(Problem::bad_query(name, value, "写了两次"));
            }
        }
        Ok(Asked(pairs))
    }

    /// A text; empty counts as absent.
    pub fn text(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    /// A text that must be there.
    ///
    /// # Errors
    /// 400 where it is not.
    pub fn need(&self, name: &str, expected: &str) -> Result<&str, Problem> {
        self.text(name).ok_or_else(|| Problem::bad_query(name, "", expected))
    }

    /// A whole number, `usual` where it is absent.
    ///
    /// # Errors
    /// 400 for anything else.
    pub fn number(&self, name: &str, usual: u64) -> Result<u64, Problem> {
        self.text(name).map_or(Ok(usual), |text| {
            text.parse().map_err(|_| Problem::bad_query(name, text, "应为不小于 0 的整数"))
        })
    }

    /// How many entries at most.
    ///
    /// # Errors
    /// 400 for no number, for nothing and for more than can be given at once.
    pub fn limit(&self) -> Result<usize, Problem> {
        self.limit_to(MOST)
    }

    /// The same where more can be given at once.
    ///
    /// # Errors
    /// As [`Asked::limit`].
    pub fn limit_to(&self, most: usize) -> Result<usize, Problem> {
        let limit = self.number("limit", USUAL as u64)?;
        usize::try_from(limit)
            .ok()
            .filter(|limit| (1..=most).contains(limit))
            .ok_or_else(|| Problem::bad_query("limit", &limit.to_string(), &format!("应为 1 到 {most}")))
    }

    /// A day.
    ///
    /// # Errors
    /// 400 for anything else.
    pub fn day(&self, name: &str) -> Result<Option<Date>, Problem> {
        let read = |text: &str| {
            text.parse().map_err(|_| Problem::bad_query(name, text, "应为日期，写成 2026-01-31 这样"))
        };
        self.text(name).map(read).transpose()
    }
}
