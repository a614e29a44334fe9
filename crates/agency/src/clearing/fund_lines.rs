//! The lines of a fund statement: what people read, and on which side each stands.

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

/// A side of a fund statement.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// 收入.
    Income,
    /// 支出.
    Expenditure,
}

impl Side {
    /// The term that people read.
    pub const fn label(self) -> &'static str {
        match self {
            Side::Income => "收入",
            Side::Expenditure => "支出",
        }
    }
}

const TEXT: &str = include_str!("../../assets/fund-lines.csv");

fn table() -> &'static [(&'static str, &'static str, Side)] {
    static TABLE: OnceLock<Vec<(&'static str, &'static str, Side)>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let row = |line: &'static str| {
            let mut cells = line.trim().splitn(3, ',');
            let (name, label) = (cells.next()?, cells.next()?);
            let sides = [Side::Income, Side::Expenditure];
            let side = cells.next()?;
            Some((name, label, sides.into_iter().find(|known| known.label() == side)?))
        };
        TEXT.lines().skip(1).filter_map(row).collect()
    })
}

/// What a line is called and where it stands. A line that the table does not have is 其他, on the side of its sum (in fen).
pub fn fund_line(line: &str, fen: i64) -> (&'static str, Side) {
    match table().iter().find(|(name, ..)| *name == line) {
        Some((_, label, side)) => (label, *side),
        None if fen < 0 => ("其他支出", Side::Expenditure),
        None => ("其他收入", Side::Income),
    }
}

#[cfg(test)]
mod tests {
    use gongji_policy::{Dimension, DimensionKind};

    use super::*;

    #[test]
    fn every_row_of_the_table_is_read_and_stands_once() {
        assert_eq!(table().len(), TEXT.lines().count() - 1);
        for (at, (name, ..)) in table().iter().enumerate() {
            assert!(!table()[..at].iter().any(|(known, ..)| known == name), "{name} stands twice");
        }
    }

    #[test]
    fn every_kind_of_care_is_an_expenditure_with_a_name() {
        let DimensionKind::Choice(names) = Dimension::CareType.kind() else { panic!("a choice") };
        for name in names.iter().filter(|name| **name != "year_end") {
            let (label, side) = fund_line(&format!("care/{name}"), -1);
            assert!(label != "其他支出" && side == Side::Expenditure, "{name}");
        }
    }

    #[test]
    fn an_unknown_line_stands_on_the_side_of_its_sum() {
        assert_eq!(fund_line("x", 5), ("其他收入", Side::Income));
        assert_eq!(fund_line("x", -5), ("其他支出", Side::Expenditure));
        assert_eq!(fund_line("subsidy", -5), ("财政补助", Side::Income));
    }
}
