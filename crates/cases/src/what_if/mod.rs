//! What if: the same bill with one thing changed, by the same engine.

mod compare;
mod curve;
mod signature;
mod threshold;

use gongji_policy::Pack;
use serde::{Deserialize, Serialize};

pub use compare::{filing, lower_level, on_date};
pub use curve::{BurdenCurve, CurvePoint, burden_curve};
pub use threshold::{Threshold, next_threshold};

use crate::answer::Yuan;
use crate::error::CaseError;
use crate::request::Case;
use crate::run::{Outcome, QuoteOptions};

/// What one bill comes to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    /// 医疗费总额.
    pub total_charge: Yuan,
    /// 基金支付总额.
    pub fund_paid_total: Yuan,
    /// 医院负担.
    pub hospital_borne: Yuan,
    /// 个人负担总额.
    pub personal_burden: Yuan,
    /// 现金支付.
    pub cash_paid: Yuan,
}

impl Figures {
    /// The figures of an outcome.
    pub(crate) fn of(outcome: &Outcome<'_>) -> Figures {
        let (mut fund, mut hospital) = (0, 0);
        for (layer, paid) in outcome.plan.benefit().layers.iter().zip(&outcome.payments) {
            if layer.payer.is_fund() {
                fund += paid;
            }
            if layer.payer == gongji_policy::Payer::Hospital {
                hospital += paid;
            }
        }
        let total = outcome.bill.total();
        Figures {
            total_charge: Yuan::of_fen(total),
            fund_paid_total: Yuan::of_fen(fund),
            hospital_borne: Yuan::of_fen(hospital),
            personal_burden: Yuan::of_fen(total - fund - hospital),
            cash_paid: Yuan::of_fen(outcome.cash),
        }
    }
}

/// The bill as it is, beside the bill with one thing changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comparison {
    /// `lower_level`, `filing` or `on_date`.
    pub kind: String,
    /// What was changed, for people: 换成二级医院.
    pub change: String,
    /// The bill as it is.
    pub own: Figures,
    /// The bill with the change; absent where the rules have no answer, then `sentence` says why.
    pub other: Option<Figures>,
    /// Change of the personal burden in yuan: negative where the family pays less.
    pub difference: Option<Yuan>,
    /// One sentence for people.
    pub sentence: String,
}

/// Every what-if about the last event of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WhatIfs {
    /// The next lower level of facility; absent where there is none.
    pub lower_level: Option<Comparison>,
    /// Filed against unfiled; absent at home.
    pub filing: Option<Comparison>,
    /// The next threshold above the bill's own total; absent where none lies within reach.
    pub next_threshold: Option<Threshold>,
    /// How the burden grows with the total.
    pub curve: BurdenCurve,
}

/// Computes every what-if about the last event of a case.
///
/// # Errors
/// As [`crate::quote`], where the case itself has no answer.
pub fn what_ifs(packs: &[Pack], case: &Case, options: QuoteOptions) -> Result<WhatIfs, CaseError> {
    let curve = burden_curve(packs, case, options, None)?;
    Ok(WhatIfs {
        lower_level: lower_level(packs, case, options)?,
        filing: filing(packs, case, options)?,
        next_threshold: threshold::from_curve(&curve),
        curve,
    })
}
