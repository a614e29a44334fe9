//! What each row of the table is, and why it is so much.

use gongji_policy::LayerKind;
use gongji_policy::plan::{Part, Slot, SlotKind};

use super::figures::{grouped, percent};
use super::parts::TakenDeductible;
use super::ratio::amount_formula;
use super::sheet::Sheet;
use crate::request::Charges;

impl Sheet<'_, '_> {
    /// What people read as the row's name.
    pub fn row_label(&self, slot: Slot) -> String {
        let tag = self.tag(slot).map_or_else(String::new, |tag| format!("（{tag}）"));
        let name = match self.outcome.plan.slots().kind(slot) {
            SlotKind::NonCovered => "全自费".to_owned(),
            SlotKind::OverLimitPrice => "超限价自费".to_owned(),
            SlotKind::UpfrontSelfPay => "先行自付".to_owned(),
            SlotKind::InScope(_) if self.paid_first(slot) => "账户先付".to_owned(),
            SlotKind::InScope(_) => "没有基金支付的范围内费用".to_owned(),
            SlotKind::Deductible(_) => "起付".to_owned(),
            SlotKind::Band(_, band) => {
                let range = self.opener_of(slot).map_or_else(String::new, |layer| self.range(layer, band));
                if range.is_empty() {
                    "按比例支付".to_owned()
                } else {
                    format!("第 {band} 段（{range}）")
                }
            }
            SlotKind::OverCeiling(_) => "超限额".to_owned(),
        };
        name + &tag
    }

    /// Whether an account paid of a slot of in-scope money.
    fn paid_first(&self, slot: Slot) -> bool {
        self.parts.layers.iter().flat_map(|layer| &layer.relieved).any(|part| part.slot == slot)
    }

    /// One sentence: what the row is and why it is so much.
    pub fn row_reason(&self, slot: Slot, amount: i64) -> String {
        let by_lines = matches!(self.outcome.event.charges, Some(Charges::Lines(_)));
        let stated = |what: &str, nothing: &str| match (amount, by_lines) {
            (0, _) => nothing.to_owned(),
            (_, true) => format!("{what}，按明细逐条拆分"),
            (_, false) => format!("{what}，按账单所列"),
        };
        match self.outcome.plan.slots().kind(slot) {
            SlotKind::NonCovered => match &self.outcome.excluded {
                Some(cited) => {
                    let reason = cited.reason.unwrap_or("这种情况基金不予支付");
                    format!("整张账单都由个人负担：{reason}")
                }
                None => stated("目录外的费用，医保不付", "没有目录外的费用"),
            },
            SlotKind::OverLimitPrice => stated("单价高出医保限价的部分", "没有超过限价的费用"),
            SlotKind::UpfrontSelfPay => stated("乙类等项目先由个人付的一小部分", "没有要先行自付的项目"),
            SlotKind::InScope(_) if self.paid_first(slot) => {
                "按规则，账户的钱先付，用完再由基金支付".to_owned()
            }
            SlotKind::InScope(_) => self.unopened_reason(slot),
            SlotKind::Deductible(_) => self.deductible_row(slot, amount),
            SlotKind::Band(_, band) => self.band_row(slot, band, amount),
            SlotKind::OverCeiling(_) => self.over_ceiling_row(slot, amount),
        }
    }

    fn unopened_reason(&self, slot: Slot) -> String {
        let layers = &self.outcome.resolution.layers;
        let held = |layer: &usize| layers.get(*layer).is_some_and(|layer| layer.base.contains(&slot));
        let reason = (0..layers.len()).filter(held).find_map(|layer| {
            self.outcome.resolution.cited.get(layer)?.iter().find(|cited| cited.part == Part::Applies)?.reason
        });
        reason.map_or_else(|| "规则没有让基金支付这部分费用".to_owned(), str::to_owned)
    }

    fn deductible_row(&self, slot: Slot, amount: i64) -> String {
        let layer =
            self.opener_of(slot).or_else(|| (0..self.parts.layers.len()).find(|layer| self.opens(*layer)));
        match layer.and_then(|layer| Some((layer, self.parts.layers.get(layer)?.deductible?))) {
            Some((layer, taken)) => self.deductible_reason(layer, taken),
            None if amount == 0 && self.outcome.bill.in_scope_total() == 0 => {
                "没有符合政策范围的费用，不计起付".to_owned()
            }
            None => "这项待遇没有起付标准".to_owned(),
        }
    }

    /// 起付标准 900.00 × 50% = 450.00 元，……本次付 450.00 元.
    pub fn deductible_reason(&self, layer: usize, taken: TakenDeductible) -> String {
        let model = self.outcome.plan.benefit().layers.get(layer).map(|layer| &layer.kind);
        let mut text = String::from("起付标准 ");
        let mut cumulative = false;
        if let Some(LayerKind::Ratio(rule)) = model
            && let Some(deductible) = &rule.deductible
        {
            let cited = self.outcome.resolution.cited.get(layer).map_or(&[][..], Vec::as_slice);
            let formula = amount_formula(
                &deductible.amount,
                &deductible.adjust,
                cited,
                &self.outcome.facts,
                Part::Deductible,
                Part::DeductibleAdjust,
                &self.run.pack.indices,
            );
            if !formula.is_empty() {
                text.push_str(&format!("{formula} = "));
            }
            cumulative = deductible.counter.is_some();
        }
        text.push_str(&format!("{} 元", grouped(taken.standard)));
        if cumulative {
            text.push_str(&format!("，此前已付 {} 元", grouped(taken.used)));
        }
        if taken.limit != i64::MAX && taken.limit < taken.standard - taken.used {
            text.push_str(&format!("，合计限额还剩 {} 元", grouped(taken.limit)));
        }
        text.push_str(&format!("，本次付 {} 元", grouped(taken.taken)));
        text
    }

    fn band_row(&self, slot: Slot, band: usize, amount: i64) -> String {
        let Some(layer) = self.opener_of(slot) else { return String::new() };
        let parts =
            self.parts.layers[layer].bands.iter().filter(|part| part.slot == slot && part.band == band);
        let (mut paid, mut ratio) = (0, String::new());
        for part in parts {
            paid += part.paid;
            ratio = percent(part.numerator, part.denominator);
        }
        let label = &self.outcome.plan.benefit().layers[layer].label;
        format!(
            "{} 元进入计算，{label}按 {ratio} 付 {} 元，余下 {} 元归个人",
            grouped(amount),
            grouped(paid),
            grouped(amount - paid)
        )
    }

    fn over_ceiling_row(&self, slot: Slot, amount: i64) -> String {
        let layer =
            self.opener_of(slot).or_else(|| (0..self.parts.layers.len()).find(|layer| self.opens(*layer)));
        let Some(layer) = layer else { return "没有基金支付，不涉及限额".to_owned() };
        let Some(LayerKind::Ratio(rule)) =
            self.outcome.plan.benefit().layers.get(layer).map(|layer| &layer.kind)
        else {
            return String::new();
        };
        let caps = &self.parts.layers[layer].caps;
        let describe = |found: &super::parts::FoundCap| {
            let label = rule.caps.get(found.cap).map_or("限额", |cap| cap.label.as_str());
            format!("{label} {} 元，此前已用 {} 元", grouped(found.amount), grouped(found.used))
        };
        match caps.iter().find(|cap| cap.binds) {
            Some(binding) if amount > 0 => format!("{}，超出的部分基金不再按比例支付", describe(binding)),
            Some(binding) => describe(binding),
            None => match caps.iter().find(|cap| cap.amount != i64::MAX) {
                Some(cap) => format!("没有超过限额：{}", describe(cap)),
                None => "没有限额".to_owned(),
            },
        }
    }
}
