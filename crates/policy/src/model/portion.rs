//! The portions of a bill, and how a layer names those it looks at.

/// A portion of a bill. The last three exist once a layer has opened `in_scope`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Portion {
    /// 全自费.
    NonCovered,
    /// 超限价自费.
    OverLimitPrice,
    /// 先行自付.
    UpfrontSelfPay,
    /// 符合政策范围金额.
    InScope,
    /// 起付.
    Deductible,
    /// 按比例自付, of every band.
    OwnShare,
    /// 超限额.
    OverCeiling,
}

impl Portion {
    /// The name in packs.
    pub const fn name(self) -> &'static str {
        match self {
            Portion::NonCovered => "non_covered",
            Portion::OverLimitPrice => "over_limit_price",
            Portion::UpfrontSelfPay => "upfront_self_pay",
            Portion::InScope => "in_scope",
            Portion::Deductible => "deductible",
            Portion::OwnShare => "own_share",
            Portion::OverCeiling => "over_ceiling",
        }
    }

    /// Every portion.
    pub const ALL: [Portion; 7] = [
        Portion::NonCovered,
        Portion::OverLimitPrice,
        Portion::UpfrontSelfPay,
        Portion::InScope,
        Portion::Deductible,
        Portion::OwnShare,
        Portion::OverCeiling,
    ];

    /// The portion of that name.
    pub fn from_name(name: &str) -> Option<Portion> {
        Portion::ALL.into_iter().find(|portion| portion.name() == name)
    }

    /// Whether the portion exists once for each tag of in-scope money.
    pub const fn is_tagged(self) -> bool {
        matches!(self, Portion::InScope | Portion::Deductible | Portion::OwnShare | Portion::OverCeiling)
    }
}

/// Which tags of a tagged portion a layer looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TagSelector {
    /// Every tag of the benefit, in order.
    All,
    /// The tag at this index of [`super::Benefit::tags`].
    Only(usize),
}

/// One entry of a layer's base: `own_share`, or `in_scope:special_drug`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PortionSelector {
    /// The portion.
    pub portion: Portion,
    /// Which tags of it (`All` for portions without tags).
    pub tag: TagSelector,
}
