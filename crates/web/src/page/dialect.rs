//! What the lines of the table are called on an area's own papers. Data, not code: `assets/dialects.toml`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

type Words = BTreeMap<String, BTreeMap<String, String>>;

static DIALECTS: LazyLock<Words> =
    LazyLock::new(|| toml::from_str(include_str!("../../assets/dialects.toml")).unwrap_or_default());

/// The term for a line on the papers of an area, where it is known and differs.
pub fn term(area: &str, line: &str) -> Option<&'static str> {
    DIALECTS.get(area)?.get(line).map(String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_can_be_read_and_names_lines_of_the_table() {
        let lines = [
            "paper",
            "upfront_self_pay",
            "non_covered",
            "over_limit_price",
            "in_scope",
            "deductible",
            "own_share",
            "over_ceiling",
        ];
        assert!(!DIALECTS.is_empty());
        for (area, words) in DIALECTS.iter() {
            assert!(area.len() == 6, "{area}");
            assert!(words.keys().all(|key| lines.contains(&key.as_str())), "{words:?}");
        }
        assert_eq!(term("990100", "non_covered"), None);
    }
}
