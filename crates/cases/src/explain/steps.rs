//! What each layer did, or why it did nothing.

use gongji_policy::plan::{Part, Work};
use gongji_policy::{Cap, CapAxis, LayerKind, Portion, PurseKind};
use gongji_rules::Idle;

use super::figures::{exact_yuan, grouped, percent};
use super::sheet::Sheet;
use crate::answer::{BandStep, CapStep, DeductibleStep, StepAnswer, Yuan};

fn axis_words(axis: CapAxis) -> &'static str {
    match axis {
        CapAxis::Paid => "基金支付额",
        CapAxis::EligibleNet => "起付以上的计入金额",
        CapAxis::EligibleGross => "含起付的计入金额",
        CapAxis::PaidWithDeductible => "基金支付额加起付",
    }
}

impl Sheet<'_, '_> {
    /// Every layer, in order of the stack.
    pub fn steps(&self) -> Vec<StepAnswer> {
        (0..self.parts.layers.len()).map(|layer| self.step(layer)).collect()
    }

    fn caps_of(&self, layer: usize) -> &[Cap] {
        match self.outcome.plan.benefit().layers.get(layer).map(|layer| &layer.kind) {
            Some(LayerKind::Ratio(rule)) => &rule.caps,
            Some(LayerKind::Purse(rule)) => &rule.caps,
            _ => &[],
        }
    }

    fn step(&self, layer: usize) -> StepAnswer {
        let model = &self.outcome.plan.benefit().layers[layer];
        let parts = &self.parts.layers[layer];
        let work = &self.outcome.resolution.layers[layer].work;
        let paid = self.outcome.payments.get(layer).copied().unwrap_or(0);
        let (kind, rounding) = match work {
            Work::Open(rule) | Work::Relieve(rule) => ("ratio", Some(rule.rounding.name())),
            Work::Guarantee(rule) => ("guarantee", Some(rule.rounding.name())),
            _ => match &model.kind {
                LayerKind::Ratio(_) => ("ratio", None),
                LayerKind::Guarantee(_) => ("guarantee", None),
                LayerKind::Purse(_) => ("purse", None),
                LayerKind::Tally => ("tally", None),
            },
        };
        let triggered = match work {
            Work::Tally => parts.eligible > 0,
            _ => paid > 0,
        };
        let formula = self.layer_formula(layer);
        StepAnswer {
            layer: model.name.clone(),
            label: model.label.clone(),
            payer: model.payer.name().to_owned(),
            kind: kind.to_owned(),
            triggered,
            reason: self.step_reason(layer, paid),
            eligible: Yuan::of_fen(parts.eligible),
            paid: Yuan::of_fen(paid),
            deductible: parts.deductible.map(|taken| DeductibleStep {
                standard: Yuan::of_fen(taken.standard),
                used: Yuan::of_fen(taken.used),
                limit: Some(taken.limit).filter(|limit| *limit != i64::MAX).map(Yuan::of_fen),
                taken: Yuan::of_fen(taken.taken),
                reason: self.deductible_reason(layer, taken),
            }),
            bands: self.bands(layer),
            caps: parts
                .caps
                .iter()
                .filter_map(|found| {
                    let cap = self.caps_of(layer).get(found.cap)?;
                    let limited =
                        |amount: i64| Some(amount).filter(|amount| *amount != i64::MAX).map(Yuan::of_fen);
                    Some(CapStep {
                        label: cap.label.clone(),
                        axis: axis_words(cap.axis).to_owned(),
                        limit: limited(found.amount),
                        used: Yuan::of_fen(found.used),
                        room: limited(found.room),
                        binds: found.binds,
                    })
                })
                .collect(),
            over_ceiling: Yuan::of_fen(parts.over_ceiling.iter().map(|(_, amount)| *amount).sum()),
            formula: if paid > 0 { formula.text } else { String::new() },
            exact: match rounding {
                Some(_) if paid > 0 => exact_yuan(formula.exact.0, formula.exact.1),
                _ => String::new(),
            },
            rounding: rounding.unwrap_or("none").to_owned(),
            clauses: self.clauses(layer),
        }
    }

    fn bands(&self, layer: usize) -> Vec<BandStep> {
        let parts = &self.parts.layers[layer];
        let opens = self.opens(layer);
        parts
            .bands
            .iter()
            .map(|part| {
                let (ratio, ratio_formula) = self.ratio(layer, part);
                BandStep {
                    number: part.band as u32,
                    tag: if opens { self.tag(part.slot) } else { None },
                    range: self.range(layer, part.band),
                    entered: Yuan::of_fen(part.entered),
                    ratio,
                    ratio_formula,
                    paid: Yuan::of_fen(part.paid),
                    own_share: Yuan::of_fen(part.entered - part.paid),
                }
            })
            .collect()
    }

    /// What a layer looks at, where nothing of it is left.
    fn nothing_left(&self, layer: usize) -> &'static str {
        let model = &self.outcome.plan.benefit().layers[layer];
        let looks_at = |portion: Portion| model.base.iter().any(|entry| entry.portion == portion);
        if looks_at(Portion::InScope) {
            "没有符合政策范围的费用"
        } else if model.base.iter().all(|entry| entry.portion == Portion::OverCeiling) {
            "没有超过限额的费用，累计未到最高支付限额"
        } else if looks_at(Portion::OwnShare) || looks_at(Portion::Deductible) {
            "没有剩下要个人负担的范围内费用"
        } else {
            "没有它要付的费用"
        }
    }

    fn step_reason(&self, layer: usize, paid: i64) -> String {
        let model = &self.outcome.plan.benefit().layers[layer];
        let parts = &self.parts.layers[layer];
        let work = &self.outcome.resolution.layers[layer].work;
        let label = &model.label;
        let not_triggered = |why: &str| format!("{label}，本次未触发：{why}。");
        match parts.idle {
            Some(Idle::NotApplied) => {
                let cited = self.outcome.resolution.cited.get(layer).map_or(&[][..], Vec::as_slice);
                let reason =
                    cited.iter().find(|cited| cited.part == Part::Applies).and_then(|cited| cited.reason);
                return not_triggered(reason.unwrap_or("按规则，这种情况不适用"));
            }
            Some(Idle::NothingLeft) => return not_triggered(self.nothing_left(layer)),
            Some(Idle::EmptyPurse) => return not_triggered(&self.empty_purse(layer)),
            None => {}
        }
        match work {
            Work::Tally => format!("{label}：记入 {} 元，不付钱。", grouped(parts.eligible)),
            Work::Purse(_) => {
                format!("{label}：在个人负担的 {} 元中付了 {} 元。", grouped(parts.eligible), grouped(paid))
            }
            Work::Guarantee(_) => {
                let (target, already) = parts.guarantee.unwrap_or_default();
                if paid > 0 {
                    format!(
                        "{label}：保底 {} 元，基金已付 {} 元，补足 {} 元。",
                        grouped(target),
                        grouped(already),
                        grouped(paid)
                    )
                } else {
                    not_triggered(&format!(
                        "保底 {} 元，基金已付 {} 元，不用补",
                        grouped(target),
                        grouped(already)
                    ))
                }
            }
            _ if paid > 0 => {
                let deductible = match parts.deductible.filter(|taken| taken.taken > 0) {
                    Some(taken) => format!("，扣除起付 {} 元", grouped(taken.taken)),
                    None => String::new(),
                };
                let mut ratios: Vec<String> = Vec::new();
                for part in &parts.bands {
                    let ratio = percent(part.numerator, part.denominator);
                    if !ratios.contains(&ratio) {
                        ratios.push(ratio);
                    }
                }
                let bound = parts.caps.iter().any(|cap| cap.binds);
                let limited = if bound { "（受限额所限）" } else { "" };
                format!(
                    "{label}：计入 {} 元{deductible}，按 {} 付了 {} 元{limited}。",
                    grouped(parts.eligible),
                    ratios.join("、"),
                    grouped(paid)
                )
            }
            _ => not_triggered(&self.paid_nothing(layer)),
        }
    }

    /// Why a ratio layer with something to look at paid nothing.
    fn paid_nothing(&self, layer: usize) -> String {
        let parts = &self.parts.layers[layer];
        if let Some(taken) = parts.deductible.filter(|taken| taken.taken >= parts.eligible) {
            return format!(
                "计入的 {} 元没有超过起付标准（{} 元，此前已付 {} 元）",
                grouped(parts.eligible),
                grouped(taken.standard),
                grouped(taken.used)
            );
        }
        if let Some(cap) = parts.caps.iter().find(|cap| cap.room == 0) {
            let label = self.caps_of(layer).get(cap.cap).map_or("限额", |cap| cap.label.as_str());
            return format!("{label} {} 元已经用完", grouped(cap.amount));
        }
        "按规则支付比例为 0".to_owned()
    }

    fn empty_purse(&self, layer: usize) -> String {
        let event = self.outcome.event;
        let purse = match &self.outcome.plan.benefit().layers[layer].kind {
            LayerKind::Purse(rule) => rule.purse,
            _ => return "余额为 0".to_owned(),
        };
        match purse {
            PurseKind::CurrentYear | PurseKind::CarriedOver if !event.use_account => {
                "本人选择不用个人账户".to_owned()
            }
            PurseKind::CurrentYear | PurseKind::CarriedOver => "账户余额为 0".to_owned(),
            PurseKind::Relatives if !event.use_mutual_aid => "本人选择不用家庭共济".to_owned(),
            PurseKind::Relatives if self.outcome.shared.is_empty() => "没有填写共济亲属".to_owned(),
            PurseKind::Relatives => "共济亲属的账户没有可用余额，或关系不在可共济的范围内".to_owned(),
        }
    }
}
