//! What generated bills bring about.

use gongji_policy::{CapAxis, Excess, LayerKind, Portion};

use crate::checks::Answer;

/// What a bill brought about, by name.
pub fn happenings(answer: &Answer<'_>) -> Vec<&'static str> {
    let outcome = &answer.outcome;
    let layers = &answer.case.benefit().layers;
    let mut seen = Vec::new();
    let mut see = |happened: bool, name: &'static str| seen.extend(happened.then_some(name));
    for tag in &outcome.tags {
        see(tag.account_first > 0, "account first");
        see(tag.deductible > 0 && tag.opener_paid > 0, "deductible and payment");
        see(tag.own_share.len() > 1, "several bands");
        see(tag.over_ceiling > 0 && tag.opener_paid > 0, "over a ceiling, partly paid");
        see(tag.unopened > 0, "unopened");
    }
    let opened = outcome.tags.iter().filter(|tag| tag.opener_paid > 0 && tag.deductible > 0).count();
    see(opened > 1, "deductibles of several tags");
    for (index, (layer, &paid)) in layers.iter().zip(&outcome.paid).enumerate() {
        let opens = layer.base.iter().all(|entry| entry.portion == Portion::InScope);
        match &layer.kind {
            LayerKind::Ratio(ratio) if paid > 0 => {
                see(!opens, "supplement");
                see(ratio.round_each_band, "rounded band by band");
                see(paid % 10 != 0 && ratio.rounding.unit.fen() > 1, "coarse unit cut short");
            }
            LayerKind::Guarantee(_) => see(paid > 0, "guarantee"),
            LayerKind::Purse(_) => {
                let relatives = outcome
                    .cells
                    .keys()
                    .filter(|(_, _, _, layer, relative)| *layer == index && *relative > 0);
                see(relatives.count() > 0, "a second relative");
                see(paid > 0, "purse");
            }
            LayerKind::Ratio(_) | LayerKind::Tally => {}
        }
    }
    for used in &outcome.caps {
        let LayerKind::Ratio(ratio) = &layers[used.layer].kind else {
            see(used.amount == Some(used.before + used.added), "purse cap met");
            continue;
        };
        let cap = &ratio.caps[used.cap];
        let met = used.added > 0 && used.amount == Some(used.before + used.added);
        let name = match (cap.axis, cap.excess) {
            (CapAxis::Paid, Excess::OverCeiling) => "paid cap met",
            (CapAxis::Paid, Excess::OwnShare) => "paid cap met, excess own share",
            (CapAxis::EligibleNet, _) => "net cap met",
            (CapAxis::EligibleGross, _) => "gross cap met",
            (CapAxis::PaidWithDeductible, _) => "paid with deductible cap met",
        };
        see(met, name);
        see(met && used.before > 0, "cap met on a later bill");
    }
    seen
}

/// Every name that [`happenings`] knows.
pub const HAPPENINGS: [&str; 19] = [
    "account first",
    "deductible and payment",
    "several bands",
    "over a ceiling, partly paid",
    "unopened",
    "deductibles of several tags",
    "supplement",
    "rounded band by band",
    "coarse unit cut short",
    "guarantee",
    "a second relative",
    "purse",
    "purse cap met",
    "paid cap met",
    "paid cap met, excess own share",
    "net cap met",
    "gross cap met",
    "paid with deductible cap met",
    "cap met on a later bill",
];
