//! Comparisons with institutions, with amounts as people read them.

use gongji_money::Fen;
use jiff::civil::Date;
use serde::Serialize;

use super::clearing::accounted;
use crate::clearing::{Difference, clearing_type_of_code};
use crate::context::Context;
use crate::desk::Desk;
use crate::refusal::Refusal;
use crate::row::{ComparedGroup, Comparison, ComparisonKind, Figures};
use crate::stop::Stop;

/// Count and sums of one side.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct FiguresSeen {
    /// 笔数, cancellations counted as well.
    pub count: i64,
    /// 医疗费总额.
    #[serde(serialize_with = "crate::yuan::serialize")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub total: Fen,
    /// 基金支付总额.
    #[serde(serialize_with = "crate::yuan::serialize")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub fund_paid: Fen,
    /// 个人账户支付, relatives' included.
    #[serde(serialize_with = "crate::yuan::serialize")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub account_paid: Fen,
    /// 现金.
    #[serde(serialize_with = "crate::yuan::serialize")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub cash_paid: Fen,
}

impl FiguresSeen {
    fn of(figures: &Figures) -> FiguresSeen {
        FiguresSeen {
            count: figures.count,
            total: Fen::new(figures.total),
            fund_paid: Fen::new(figures.fund_paid),
            account_paid: Fen::new(figures.account_paid),
            cash_paid: Fen::new(figures.cash_paid),
        }
    }
}

/// Totals that differ.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GroupSeen {
    /// The scheme.
    pub scheme: String,
    /// 清算类别, by its code.
    pub clearing_type: String,
    /// 清算类别 for people.
    pub label: &'static str,
    /// What is booked.
    pub here: FiguresSeen,
    /// What the institution tells.
    pub there: FiguresSeen,
}

impl GroupSeen {
    fn of(group: &ComparedGroup) -> GroupSeen {
        GroupSeen {
            scheme: group.scheme.clone(),
            clearing_type: group.clearing_type.clone(),
            label: clearing_type_of_code(&group.clearing_type).map_or("", |kind| kind.label),
            here: FiguresSeen::of(&group.here),
            there: FiguresSeen::of(&group.there),
        }
    }
}

/// An amount that differs.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AmountSeen {
    /// Which: `total`, `fund_paid`, `account_paid`, `cash_paid`.
    pub field: String,
    /// What is booked.
    #[serde(serialize_with = "crate::yuan::serialize")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub here: Fen,
    /// What the institution tells.
    #[serde(serialize_with = "crate::yuan::serialize")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub there: Fen,
}

/// A bill that differs.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DifferenceSeen {
    /// What is wrong.
    pub kind: crate::clearing::DifferenceKind,
    /// What is wrong, for people.
    pub label: &'static str,
    /// 结算编号.
    pub settlement: String,
    /// Whether it is of the cancellation.
    pub refund: bool,
    /// The business day as booked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub day_here: Option<Date>,
    /// The day that the institution tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub day_there: Option<Date>,
    /// Amounts that differ.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub amounts: Vec<AmountSeen>,
}

impl DifferenceSeen {
    fn of(difference: &Difference) -> DifferenceSeen {
        let amounts = difference.amounts.iter().map(|amount| AmountSeen {
            field: amount.field.clone(),
            here: Fen::new(amount.here),
            there: Fen::new(amount.there),
        });
        DifferenceSeen {
            kind: difference.kind,
            label: difference.kind.label(),
            settlement: difference.settlement.clone(),
            refund: difference.refund,
            day_here: difference.day_here,
            day_there: difference.day_there,
            amounts: amounts.collect(),
        }
    }
}

/// A comparison.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ComparisonSeen {
    /// 对账编号.
    pub comparison: String,
    /// The institution.
    pub institution: String,
    /// `totals` or `details`.
    pub kind: ComparisonKind,
    /// First business day.
    pub from: Date,
    /// Last business day.
    pub to: Date,
    /// When it was made.
    pub on: Date,
    /// By whom.
    pub by: String,
    /// Whether there is no difference.
    pub agrees: bool,
    /// What is booked.
    pub here: FiguresSeen,
    /// What the institution tells.
    pub there: FiguresSeen,
    /// Totals that differ.
    pub groups: Vec<GroupSeen>,
    /// How many bills differ.
    pub found: usize,
    /// Bills that differ.
    pub differences: Vec<DifferenceSeen>,
}

impl ComparisonSeen {
    /// A comparison with its first differences, at most `most`.
    pub fn of(row: &Comparison, most: usize) -> ComparisonSeen {
        ComparisonSeen {
            comparison: row.id.clone(),
            institution: row.institution.clone(),
            kind: row.kind,
            from: row.from,
            to: row.to,
            on: row.on,
            by: row.by.clone(),
            agrees: row.agrees,
            here: FiguresSeen::of(&row.here),
            there: FiguresSeen::of(&row.there),
            groups: row.groups.iter().map(GroupSeen::of).collect(),
            found: row.differences.len(),
            differences: row.differences.iter().take(most).map(DifferenceSeen::of).collect(),
        }
    }
}

/// A comparison with every difference.
///
/// # Errors
/// The refusals `denied` and `no_comparison`.
pub fn comparison(desk: &mut Desk<'_>, context: &Context<'_>, id: &str) -> Result<ComparisonSeen, Stop> {
    let row = desk.get::<Comparison>(id)?;
    let institution = row.as_ref().map_or("", |row| row.institution.as_str());
    let missing = || Refusal::new("no_comparison", "没有这次对账").at("comparison").found(id);
    match accounted(desk, context, institution) {
        // Whoever may see no institution at all learns nothing of numbers.
        Err(Stop::Refused(refusal)) if &*refusal.code == "no_institution" => Err(missing().into()),
        Err(stop) => Err(stop),
        Ok(_) => Ok(ComparisonSeen::of(&*row.ok_or_else(missing)?, usize::MAX)),
    }
}
