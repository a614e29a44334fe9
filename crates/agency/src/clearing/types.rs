//! 清算类别: how kinds of care are cleared together.

use std::sync::OnceLock;

/// A kind of clearing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ClearingType {
    /// 清算类别 as the national tables number it.
    pub code: &'static str,
    /// The term that people read.
    pub label: &'static str,
}

/// What stands in no row of the table.
const OTHER: ClearingType = ClearingType { code: "99", label: "其他" };

const TEXT: &str = include_str!("../../assets/clearing-types.csv");

fn table() -> &'static [(&'static str, ClearingType)] {
    static TABLE: OnceLock<Vec<(&'static str, ClearingType)>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let row = |line: &'static str| {
            let mut cells = line.trim().splitn(3, ',');
            Some((cells.next()?, ClearingType { code: cells.next()?, label: cells.next()? }))
        };
        TEXT.lines().skip(1).filter_map(row).collect()
    })
}

/// The kind of clearing of a kind of care.
pub fn clearing_type(care_type: &str) -> ClearingType {
    table().iter().find(|(care, _)| *care == care_type).map_or(OTHER, |(_, kind)| *kind)
}

/// The term of a kind of clearing by its code.
pub fn clearing_type_of_code(code: &str) -> Option<ClearingType> {
    let mut all = table().iter().map(|(_, kind)| *kind).chain([OTHER]);
    all.find(|kind| kind.code == code)
}

#[cfg(test)]
mod tests {
    use gongji_policy::{Dimension, DimensionKind};

    use super::*;

    #[test]
    fn every_row_is_a_kind_of_care_and_every_kind_of_care_has_a_row() {
        let DimensionKind::Choice(names) = Dimension::CareType.kind() else { panic!("a choice") };
        for (care, kind) in table() {
            assert!(names.contains(care), "{care}");
            assert!(kind.code.parse::<u32>().is_ok() && !kind.label.is_empty(), "{kind:?}");
        }
        // The end of a year is no care.
        let without: Vec<&&str> = names.iter().filter(|name| clearing_type(name) == OTHER).collect();
        assert_eq!(without, [&"year_end"]);
        assert_eq!(clearing_type("home_bed").label, "住院");
        assert_eq!(clearing_type_of_code("41").map(|kind| kind.label), Some("药店购药"));
    }
}
