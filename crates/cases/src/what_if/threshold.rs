//! The next threshold above the bill's own total.

use gongji_policy::Pack;
use serde::{Deserialize, Serialize};

use super::curve::{BurdenCurve, CurvePoint, burden_curve};
use crate::answer::Yuan;
use crate::error::CaseError;
use crate::explain::share_percent;
use crate::request::Case;
use crate::run::QuoteOptions;

/// The next threshold: how far it is, and what a yuan more costs the family before and after it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Threshold {
    /// What happens there, for people.
    pub what: String,
    /// The total at which it happens.
    pub total: Yuan,
    /// How much more than the bill's own total.
    pub more: Yuan,
    /// Of one more yuan below it the family pays this share.
    pub share_before: String,
    /// Of one more yuan above it the family pays this share; absent where nothing above was computed.
    pub share_after: Option<String>,
    /// One sentence for people.
    pub sentence: String,
}

/// The family's share of what lies between two points.
fn share(from: &CurvePoint, to: &CurvePoint) -> Option<String> {
    share_percent(to.burden.fen() - from.burden.fen(), to.total.fen() - from.total.fen())
}

/// The next threshold on a curve.
pub(super) fn from_curve(curve: &BurdenCurve) -> Option<Threshold> {
    let own = curve.points.get(curve.own)?;
    let (position, kink) = curve
        .points
        .iter()
        .enumerate()
        .skip(curve.own)
        .find(|(_, point)| point.kink.is_some() && point.total >= own.total)?;
    let what = kink.kink.clone()?;
    let before = if position == curve.own {
        curve.points.get(position.checked_sub(1)?).and_then(|earlier| share(earlier, kink))
    } else {
        curve.points.get(position - 1).and_then(|earlier| share(earlier, kink))
    };
    let after = curve.points.get(position + 1).and_then(|later| share(kink, later));
    let more = Yuan::of_fen(kink.total.fen() - own.total.fen());
    let share_before = before.unwrap_or_else(|| "0%".to_owned());
    let mut sentence = format!("再多 {} 元（总额 {} 元）：{what}。", more.grouped(), kink.total.grouped());
    match &after {
        Some(after) => {
            sentence.push_str(&format!("在那之前每多 1 元您家付 {share_before}，在那以后付 {after}。"))
        }
        None => sentence.push_str(&format!("在那之前每多 1 元您家付 {share_before}。")),
    }
    Some(Threshold { what, total: kink.total, more, share_before, share_after: after, sentence })
}

/// The next threshold above the own total of a case's last bill; `None` where none lies within the curve.
///
/// # Errors
/// As [`burden_curve`].
pub fn next_threshold(
    packs: &[Pack],
    case: &Case,
    options: QuoteOptions,
) -> Result<Option<Threshold>, CaseError> {
    Ok(from_curve(&burden_curve(packs, case, options, None)?))
}
