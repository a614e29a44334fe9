//! Code tables: what a code means, and how the codes of an area map to the names of the case format.

use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

use serde_json::Value;

/// A table of codes with their meaning.
#[derive(Clone, Debug)]
pub struct Table {
    /// The table's name: that of the field.
    pub name: &'static str,
    /// Its meaning in Chinese.
    pub meaning: &'static str,
    /// Code and meaning, in order.
    pub codes: Vec<(&'static str, &'static str)>,
}

impl Table {
    /// The meaning of a code: its own, or that of the longest known beginning of it.
    pub fn meaning_of(&self, code: &str) -> Option<&'static str> {
        let known = self.codes.iter().filter(|(known, _)| code.starts_with(known));
        known.max_by_key(|(known, _)| known.len()).map(|(_, meaning)| *meaning)
    }
}

const TEXT: &str = include_str!("../assets/tables.tsv");

const CODES: &str = include_str!("../assets/codes.json");

/// Every table by name.
pub fn tables() -> &'static BTreeMap<&'static str, Table> {
    static ALL: OnceLock<BTreeMap<&'static str, Table>> = OnceLock::new();
    ALL.get_or_init(|| {
        let mut all: BTreeMap<&'static str, Table> = BTreeMap::new();
        let mut current = "";
        for line in TEXT.lines().filter(|line| !line.starts_with('#')) {
            let mut cells = line.split('\t');
            let (first, second, third) =
                (cells.next().unwrap_or_default(), cells.next().unwrap_or_default(), cells.next());
            let third = third.unwrap_or_default();
            if first == "D" {
                current = second;
                all.insert(current, Table { name: current, meaning: third, codes: Vec::new() });
            } else if let Some(table) = all.get_mut(current) {
                table.codes.push((second, third));
            }
        }
        all
    })
}

/// The mappings of every area: area prefix → map → key → value.
fn codes() -> &'static Value {
    static ALL: OnceLock<Value> = OnceLock::new();
    // A test reads the asset; a broken one maps nothing.
    ALL.get_or_init(|| serde_json::from_str(CODES).unwrap_or_default())
}

/// The maps of an area by name: key → value.
type Maps = HashMap<&'static str, HashMap<&'static str, &'static str>>;

/// The maps of every area by the prefix of its code, longest first.
fn areas() -> &'static [(&'static str, Maps)] {
    static ALL: OnceLock<Vec<(&'static str, Maps)>> = OnceLock::new();
    ALL.get_or_init(|| {
        let values = |map: &'static Value| -> HashMap<&'static str, &'static str> {
            let members = map.as_object().into_iter().flatten();
            members.filter_map(|(key, value)| Some((key.as_str(), value.as_str()?))).collect()
        };
        let maps = |area: &'static Value| -> Maps {
            area.as_object().into_iter().flatten().map(|(name, map)| (name.as_str(), values(map))).collect()
        };
        let all = codes().as_object().into_iter().flatten();
        let mut all: Vec<_> = all.map(|(prefix, area)| (prefix.as_str(), maps(area))).collect();
        all.sort_by_key(|(prefix, _)| std::cmp::Reverse(prefix.len()));
        all
    })
}

/// The mappings of one area: its own first, then those of shorter prefixes of its code, then the national ones.
#[derive(Clone, Copy, Debug)]
pub struct Codes<'text> {
    area: &'text str,
}

impl<'text> Codes<'text> {
    /// The mappings of an area by its six digits.
    pub fn of(area: &'text str) -> Codes<'text> {
        Codes { area }
    }

    /// The value of a key, exactly.
    pub fn exact(self, map: &str, key: &str) -> Option<&'static str> {
        let of_area = areas().iter().filter(|(prefix, _)| self.area.starts_with(prefix));
        of_area.into_iter().find_map(|(_, maps)| maps.get(map)?.get(key).copied())
    }

    /// The value of the longest known beginning of a code. An area's own codes come before longer ones of wider areas only where they are as long.
    pub fn longest(self, map: &str, code: &str) -> Option<&'static str> {
        let ends = (1..=code.len()).rev().filter(|end| code.is_char_boundary(*end));
        ends.into_iter().find_map(|end| self.exact(map, &code[..end]))
    }

    /// Whether an option is on.
    pub fn is_on(self, option: &str) -> bool {
        self.exact("option", option) == Some("1")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_whole() {
        assert!(tables().len() > 200);
        assert!(tables()["gend"].meaning_of("1").is_some_and(|meaning| meaning.contains('男')));
        assert!(codes().get("").is_some(), "the mappings read");
        for layer in codes().as_object().expect("areas").values() {
            for (name, map) in layer.as_object().expect("maps") {
                assert!(name == "remark" || map.is_object(), "{name}");
            }
        }
    }

    #[test]
    fn the_longest_beginning_decides() {
        let national = Codes::of("990301");
        assert_eq!(national.longest("care_type", "2101"), Some("inpatient"));
        assert_eq!(national.longest("care_type", "140104"), Some("chronic_outpatient"));
        assert_eq!(national.longest("care_type", "9"), None);
        assert_eq!(national.longest("care_type", "一"), None);
        assert!(!national.is_on("fund_sum_includes_account"));
    }

    #[test]
    fn areas_have_their_own() {
        let own = Codes::of("980302");
        assert!(own.is_on("fund_sum_includes_account"));
        assert_eq!(own.longest("care_type", "11"), Some("outpatient"));
        assert_eq!(Codes::of("").longest("care_type", "41"), Some("pharmacy"));
    }
}
