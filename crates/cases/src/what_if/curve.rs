//! The burden curve: what the family pays of each total.

use gongji_money::Fen;
use gongji_policy::Pack;
use serde::{Deserialize, Serialize};

use super::Figures;
use super::signature::{Signature, change_words, signature};
use crate::answer::Yuan;
use crate::error::{CaseError, ErrorCode};
use crate::quote::Standing;
use crate::request::{Case, Charges, Event};
use crate::run::{Packs, QuoteOptions};

/// How many equal steps the range is first cut into.
const STEPS: i64 = 48;
/// How many bills one curve computes at most.
const MOST_BILLS: usize = 4_000;

/// What the family pays of each total. Only the in-scope amount varies: the other portions stay as the bill has them.
/// Between two points the burden is linear to the fen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BurdenCurve {
    /// Points in order of total: both ends, every kink, and the bill's own point.
    pub points: Vec<CurvePoint>,
    /// The position of the bill's own point.
    pub own: usize,
    /// The remark on what varies, for people.
    pub note: String,
}

/// One point, computed by the same call as the bill itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CurvePoint {
    /// 医疗费总额.
    pub total: Yuan,
    /// 个人负担总额.
    pub burden: Yuan,
    /// 基金支付总额.
    pub fund: Yuan,
    /// What changes here, for people; absent at the ends and at the own point.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kink: Option<String>,
}

/// A computed total.
#[derive(Clone, Debug)]
struct Sample {
    total: i64,
    figures: Figures,
    signature: Signature,
}

/// The same event with another in-scope amount behind the same other portions.
struct Varied<'packs, 'standing> {
    standing: &'standing Standing<'packs>,
    /// 全自费, 超限价, 先行自付, and tagged money, which stay.
    fixed: (Fen, Fen, Fen, std::collections::BTreeMap<String, Fen>),
    least: i64,
    computed: usize,
}

impl Varied<'_, '_> {
    fn at(&mut self, total: i64) -> Result<Sample, CaseError> {
        self.computed += 1;
        let (non_covered, over_limit_price, upfront_self_pay, by_tag) = self.fixed.clone();
        let charges = Charges::Portions {
            total: Fen::new(total),
            non_covered,
            over_limit_price,
            upfront_self_pay,
            by_tag,
        };
        let event = Event { charges: Some(charges), ..self.standing.last.clone() };
        let mut state = self.standing.state.clone();
        let outcome = self.standing.run.event(self.standing.index, &event, &mut state)?;
        Ok(Sample {
            total,
            figures: Figures::of(&outcome),
            signature: signature(&self.standing.run, &outcome),
        })
    }

    /// Every first fen of a new regime between two samples.
    fn kinks(
        &mut self,
        low: &Sample,
        high: &Sample,
        into: &mut Vec<(Sample, Sample)>,
    ) -> Result<(), CaseError> {
        if low.signature == high.signature || self.computed >= MOST_BILLS {
            return Ok(());
        }
        if high.total - low.total <= 1 {
            into.push((low.clone(), high.clone()));
            return Ok(());
        }
        let middle = self.at(low.total + (high.total - low.total) / 2)?;
        self.kinks(low, &middle, into)?;
        self.kinks(&middle, high, into)
    }
}

/// A round total at least twice the given one: 1, 2 or 5 times a power of ten, in fen.
fn round_end(total: i64) -> i64 {
    let wanted = total.saturating_mul(2).clamp(1_000_000, Fen::LIMIT.fen());
    let mut unit = 1_000_000;
    loop {
        for multiple in [1, 2, 5] {
            if unit * multiple >= wanted {
                return (unit * multiple).min(Fen::LIMIT.fen());
            }
        }
        unit *= 10;
    }
}

/// The burden curve of the last event, up to `end` (otherwise a round total of about twice its own).
///
/// # Errors
/// As [`crate::quote`], where the case itself has no answer; an event at the end of a year has no curve.
pub fn burden_curve(
    packs: &[Pack],
    case: &Case,
    options: QuoteOptions,
    end: Option<Fen>,
) -> Result<BurdenCurve, CaseError> {
    let known = Packs::for_case(packs, case, &options);
    let standing = Standing::new(&known, packs, case, options)?;
    let mut state = standing.state.clone();
    let outcome = standing.run.event(standing.index, standing.last, &mut state)?;
    if standing.last.charges.is_none() {
        return Err(CaseError::new(
            ErrorCode::NotOffered,
            format!("events[{}]", standing.index),
            "年度结算没有费用可变，画不出负担曲线",
        ));
    }
    let tags = &outcome.plan.benefit().tags;
    let tagged = |position: usize, name: &String| {
        let amount = outcome.bill.in_scope.get(position).copied().unwrap_or(0);
        (position > 0 && amount > 0).then(|| (name.clone(), Fen::new(amount)))
    };
    let by_tag: std::collections::BTreeMap<String, Fen> =
        tags.iter().enumerate().filter_map(|(position, name)| tagged(position, name)).collect();
    let bill = &outcome.bill;
    // An excluded bill varies as what it is: all of it outside the scope, whatever the portions say.
    let excluded = outcome.excluded.is_some();
    let portion = |amount: i64| Fen::new(if excluded { 0 } else { amount });
    let fixed =
        (portion(bill.non_covered), portion(bill.over_limit_price), portion(bill.upfront_self_pay), by_tag);
    let least = fixed.0.fen()
        + fixed.1.fen()
        + fixed.2.fen()
        + fixed.3.values().map(|amount| amount.fen()).sum::<i64>();
    let own_total = bill.total();
    let end =
        end.map_or_else(|| round_end(own_total), Fen::fen).clamp(own_total.max(least), Fen::LIMIT.fen());
    let mut varied = Varied { standing: &standing, fixed, least, computed: 0 };

    let mut totals: Vec<i64> =
        (0..=STEPS).map(|step| varied.least + (end - varied.least) / STEPS * step).collect();
    totals.extend([end, own_total]);
    totals.sort_unstable();
    totals.dedup();
    let mut samples = Vec::with_capacity(totals.len());
    for total in totals {
        samples.push(varied.at(total)?);
    }
    let mut kinks = Vec::new();
    for pair in samples.windows(2) {
        if let [low, high] = pair {
            varied.kinks(low, high, &mut kinks)?;
        }
    }
    Ok(curve(&samples, &kinks, own_total, least))
}

fn point(sample: &Sample, kink: Option<String>) -> CurvePoint {
    CurvePoint {
        total: sample.figures.total_charge,
        burden: sample.figures.personal_burden,
        fund: sample.figures.fund_paid_total,
        kink,
    }
}

fn curve(samples: &[Sample], kinks: &[(Sample, Sample)], own_total: i64, least: i64) -> BurdenCurve {
    let mut points: Vec<CurvePoint> = Vec::new();
    points.extend(samples.first().map(|first| point(first, None)));
    for (before, after) in kinks {
        let step = after.figures.personal_burden.fen() - before.figures.personal_burden.fen();
        let words = change_words(&before.signature, &after.signature);
        // One more fen moves the burden by at most one and a rounding; more is a jump, which has two ends.
        if !(-2..=2).contains(&step) {
            points.push(point(before, None));
            points.push(point(after, words));
        } else {
            points.push(point(before, words));
        }
    }
    points.extend(samples.last().map(|last| point(last, None)));
    if let Some(own) = samples.iter().find(|sample| sample.total == own_total) {
        points.push(point(own, None));
    }
    points.sort_by_key(|point| (point.total, point.kink.is_none()));
    points.dedup_by(|next, kept| next.total == kept.total && next.burden == kept.burden);
    let own = points.iter().position(|point| point.total.fen() == own_total).unwrap_or(0);
    let note = if least > 0 {
        "全自费、超限价自费、先行自付和带标签的费用不变，只变其余符合政策范围的金额。"
    } else {
        "只变符合政策范围的金额。"
    };
    BurdenCurve { points, own, note: note.to_owned() }
}
