//! The finest parts of a bill that payments reach.

use gongji_policy::Portion;

/// One part of a bill: a portion, of one tag where it has tags, of one band where it has bands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Slot {
    NonCovered,
    OverLimitPrice,
    UpfrontSelfPay,
    /// Not yet opened in-scope money of a tag.
    InScope(usize),
    /// Of a tag.
    Deductible(usize),
    /// Of a tag and a band (counted from 1).
    OwnShare(usize, usize),
    /// Of a tag.
    OverCeiling(usize),
}

impl Slot {
    pub fn portion(self) -> Portion {
        match self {
            Slot::NonCovered => Portion::NonCovered,
            Slot::OverLimitPrice => Portion::OverLimitPrice,
            Slot::UpfrontSelfPay => Portion::UpfrontSelfPay,
            Slot::InScope(_) => Portion::InScope,
            Slot::Deductible(_) => Portion::Deductible,
            Slot::OwnShare(..) => Portion::OwnShare,
            Slot::OverCeiling(_) => Portion::OverCeiling,
        }
    }

    /// The tag's index; 0 for portions without tags.
    pub fn tag(self) -> usize {
        match self {
            Slot::InScope(tag) | Slot::Deductible(tag) | Slot::OwnShare(tag, _) | Slot::OverCeiling(tag) => {
                tag
            }
            Slot::NonCovered | Slot::OverLimitPrice | Slot::UpfrontSelfPay => 0,
        }
    }

    /// The row of the table in which its payments stand.
    pub fn row(self) -> String {
        match self {
            Slot::OwnShare(_, band) => format!("band:{band}"),
            Slot::InScope(_) => "account_first".to_owned(),
            other => other.portion().name().to_owned(),
        }
    }
}
