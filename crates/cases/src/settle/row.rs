//! The rows of the table why × who.

use std::fmt;
use std::str::FromStr;

use gongji_policy::plan::SlotKind;

/// A portion of the bill as the table names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Row {
    /// 全自费.
    NonCovered,
    /// 超限价自费.
    OverLimitPrice,
    /// 先行自付.
    UpfrontSelfPay,
    /// In-scope money that no fund layer opened: an account paid it first, or nobody but the person.
    AccountFirst,
    /// 起付.
    Deductible,
    /// A band, from 1.
    Band(usize),
    /// 超限额.
    OverCeiling,
}

/// A text that names no row.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "“{0}”不是费用表的行：应为 non_covered、over_limit_price、upfront_self_pay、account_first、deductible、band:1 …、over_ceiling"
)]
pub struct NotARow(pub String);

impl From<SlotKind> for Row {
    fn from(kind: SlotKind) -> Row {
        match kind {
            SlotKind::NonCovered => Row::NonCovered,
            SlotKind::OverLimitPrice => Row::OverLimitPrice,
            SlotKind::UpfrontSelfPay => Row::UpfrontSelfPay,
            SlotKind::InScope(_) => Row::AccountFirst,
            SlotKind::Deductible(_) => Row::Deductible,
            SlotKind::Band(_, band) => Row::Band(band),
            SlotKind::OverCeiling(_) => Row::OverCeiling,
        }
    }
}

/// The name in answers: `non_covered` … `band:1` ….
impl fmt::Display for Row {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Row::NonCovered => "non_covered",
            Row::OverLimitPrice => "over_limit_price",
            Row::UpfrontSelfPay => "upfront_self_pay",
            Row::AccountFirst => "account_first",
            Row::Deductible => "deductible",
            Row::Band(band) => return write!(formatter, "band:{band}"),
            Row::OverCeiling => "over_ceiling",
        })
    }
}

impl FromStr for Row {
    type Err = NotARow;

    fn from_str(text: &str) -> Result<Row, NotARow> {
        Ok(match text {
            "non_covered" => Row::NonCovered,
            "over_limit_price" => Row::OverLimitPrice,
            "upfront_self_pay" => Row::UpfrontSelfPay,
            "account_first" => Row::AccountFirst,
            "deductible" => Row::Deductible,
            "over_ceiling" => Row::OverCeiling,
            _ => {
                let band = text.strip_prefix("band:").and_then(|band| band.parse().ok());
                Row::Band(band.ok_or_else(|| NotARow(text.to_owned()))?)
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back() {
        let rows = [
            Row::NonCovered,
            Row::OverLimitPrice,
            Row::UpfrontSelfPay,
            Row::AccountFirst,
            Row::Deductible,
            Row::Band(12),
            Row::OverCeiling,
        ];
        for row in rows {
            assert_eq!(row.to_string().parse(), Ok(row));
        }
        assert!("band".parse::<Row>().is_err());
    }
}
