//! The sentences about a bill, for people.

use std::collections::BTreeMap;

use gongji_policy::view::value_words;
use gongji_policy::{Dimension, LayerKind};

use super::figures::{exact_yuan, grouped, places, rounding_words, share_percent};
use super::sheet::{Sheet, ratio_work};
use crate::answer::{BillAnswer, CounterStatus, Ratios, StepAnswer, TableRow, Words, Yuan};
use crate::request::Relative;

/// What people call a relative whose account pays.
fn relative_words(relation: &str) -> String {
    match relation {
        WALLET => WALLET.to_owned(),
        "配偶" => "爱人共济".to_owned(),
        other => format!("{other}共济"),
    }
}

/// What people read for a wallet that relatives filled.
const WALLET: &str = "医保钱包";

/// What a relative is to the person, or that it is the person's wallet.
pub(super) fn relation_of(relative: &Relative, values: &BTreeMap<Dimension, Vec<String>>) -> String {
    match relative.wallet {
        true => WALLET.to_owned(),
        false => value_words(Dimension::Relation, relative.relation, values),
    }
}

impl Sheet<'_, '_> {
    /// 这次一共 …，医保基金付 …，您家付 ….
    pub fn sentence(&self, bill: &BillAnswer) -> String {
        let care = if bill.total_charge.is_zero() { "这次没有费用。" } else { "" };
        if !care.is_empty() {
            return care.to_owned();
        }
        let hospital = if bill.hospital_borne.is_zero() {
            String::new()
        } else {
            format!("，医院负担 {} 元", bill.hospital_borne.grouped())
        };
        let subject = if self.outcome.event.charges.is_none() {
            "全年符合政策范围的个人负担"
        } else {
            "这次"
        };
        format!(
            "{subject}一共 {} 元。医保基金付 {} 元{hospital}，您家付 {} 元。",
            bill.total_charge.grouped(),
            bill.fund_paid_total.grouped(),
            bill.personal_burden.grouped()
        )
    }

    /// Every other sentence.
    pub fn words(&self, bill: &BillAnswer) -> Words {
        Words {
            purses: self.purses_sentence(bill),
            why: self.why_sentence(bill),
            ratios: self.ratios_sentence(bill),
            year: self.year_sentence(bill),
            penny: self.penny_sentence(),
            untriggered: untriggered(&bill.steps),
            rules: self.rules_sentence(),
        }
    }

    fn purses_sentence(&self, bill: &BillAnswer) -> String {
        let burden = bill.personal_burden;
        if burden.is_zero() {
            return String::new();
        }
        let mut parts: Vec<(String, Yuan)> = Vec::new();
        if !bill.personal_account_paid.is_zero() {
            parts.push(("个人账户".to_owned(), bill.personal_account_paid));
        }
        for (position, relative) in self.outcome.purses.0.mutual_aid.iter().enumerate() {
            let cells = bill.cells.iter().filter(|cell| cell.relative == Some(position));
            let paid = Yuan(cells.map(|cell| cell.amount.0).sum());
            if !paid.is_zero() {
                let relation = relation_of(relative, &self.run.scheme.values);
                parts.push((relative_words(&relation), paid));
            }
        }
        if !bill.cash_paid.is_zero() {
            parts.push(("现金".to_owned(), bill.cash_paid));
        }
        match parts.as_slice() {
            [(name, _)] => format!("您家的钱都从一处出：{name} {} 元。", burden.grouped()),
            _ => {
                let listed: Vec<String> =
                    parts.iter().map(|(name, amount)| format!("{name} {}", amount.grouped())).collect();
                format!("您家的钱从{}出：{}。", places(parts.len()), listed.join("，"))
            }
        }
    }

    /// What the family pays of each portion, largest first; bands are one portion.
    fn burdens(&self, bill: &BillAnswer) -> Vec<(&'static str, i64)> {
        let portion = |row: &TableRow| match row.row.as_str() {
            "non_covered" => "全自费",
            "over_limit_price" => "超限价自费",
            "upfront_self_pay" => "先行自付",
            "account_first" => "账户先付",
            "deductible" => "起付",
            "over_ceiling" => "超限额",
            _ => "按比例自付",
        };
        let mut burdens: Vec<(&'static str, i64)> = Vec::new();
        for row in &bill.rows {
            let personal = ["current_year", "carried_over", "relatives", "cash"];
            let paid: i64 = bill
                .cells_of(row)
                .filter(|cell| personal.contains(&cell.payer.as_str()))
                .map(|cell| cell.amount.fen())
                .sum();
            let name = portion(row);
            match burdens.iter_mut().find(|(known, _)| *known == name) {
                Some((_, sum)) => *sum += paid,
                None => burdens.push((name, paid)),
            }
        }
        burdens.retain(|(_, paid)| *paid > 0);
        burdens.sort_by_key(|(_, paid)| std::cmp::Reverse(*paid));
        burdens
    }

    fn why_sentence(&self, bill: &BillAnswer) -> String {
        let burdens = self.burdens(bill);
        let Some((name, amount)) = burdens.first() else {
            return if bill.total_charge.is_zero() {
                String::new()
            } else {
                "这次的费用都由基金付了。".to_owned()
            };
        };
        let reason = match *name {
            "按比例自付" => {
                let (mut entered, mut paid) = (0, 0);
                for parts in self.opening() {
                    entered += parts.bands.iter().map(|part| part.entered).sum::<i64>();
                    paid += parts.bands.iter().map(|part| part.paid).sum::<i64>();
                }
                format!(
                    "{} 元进入分段计算，基金按 {} 付了 {} 元，余下归个人。",
                    grouped(entered),
                    bill.ratios.in_bands.join("、"),
                    grouped(paid)
                )
            }
            other => {
                let row = match other {
                    "全自费" => "non_covered",
                    "超限价自费" => "over_limit_price",
                    "先行自付" => "upfront_self_pay",
                    "账户先付" => "account_first",
                    "起付" => "deductible",
                    _ => "over_ceiling",
                };
                let found = bill.rows.iter().find(|known| known.row == row);
                found.map_or_else(String::new, |row| format!("{}。", row.reason))
            }
        };
        format!("您家付的钱里，最多的是“{name}” {} 元：{reason}", grouped(*amount))
    }

    fn opening(&self) -> impl Iterator<Item = &super::parts::LayerParts> {
        self.parts.layers.iter().enumerate().filter(|(layer, _)| self.opens(*layer)).map(|(_, parts)| parts)
    }

    /// The three ratios side by side.
    pub fn ratios(&self, bill: &BillAnswer) -> Ratios {
        let mut in_bands: Vec<String> = Vec::new();
        for (layer, parts) in self.parts.layers.iter().enumerate().filter(|(layer, _)| self.opens(*layer)) {
            for part in &parts.bands {
                let (ratio, _) = self.ratio(layer, part);
                if !in_bands.contains(&ratio) {
                    in_bands.push(ratio);
                }
            }
        }
        let fund = bill.fund_paid_total.fen();
        // A guarantee may pay portions outside the scope: those do not raise what the scope was paid.
        let outside = ["non_covered", "over_limit_price", "upfront_self_pay"];
        let is_fund =
            |payer: &str| gongji_policy::Payer::from_name(payer).is_some_and(|payer| payer.is_fund());
        let beyond =
            bill.cells.iter().filter(|cell| outside.contains(&cell.row.as_str()) && is_fund(&cell.payer));
        let within = fund - beyond.map(|cell| cell.amount.fen()).sum::<i64>();
        Ratios {
            in_bands,
            in_scope: share_percent(within, bill.in_scope_amount.fen()),
            of_total: share_percent(fund, bill.total_charge.fen()),
        }
    }

    fn ratios_sentence(&self, bill: &BillAnswer) -> String {
        let ratios = &bill.ratios;
        let (Some(in_scope), Some(of_total)) = (&ratios.in_scope, &ratios.of_total) else {
            return String::new();
        };
        let stated = if ratios.in_bands.is_empty() {
            "规定比例没有用上".to_owned()
        } else {
            format!("规定比例 {}（只算起付以上的钱）", ratios.in_bands.join("、"))
        };
        let mut between = Vec::new();
        let outside = bill.total_charge.fen() - bill.in_scope_amount.fen();
        for (label, amount) in [
            ("起付", bill.deductible_applied.fen()),
            ("超限额", bill.over_ceiling_amount.fen()),
            ("目录外等", outside),
        ] {
            if amount > 0 {
                between.push(format!("{label} {}", grouped(amount)));
            }
        }
        let between =
            if between.is_empty() { String::new() } else { format!("差在：{}。", between.join("、")) };
        format!("三个比例：{stated}→ 政策范围内 {in_scope} → 全部花费 {of_total}。{between}")
    }

    fn year_sentence(&self, bill: &BillAnswer) -> String {
        let mut sentences: Vec<String> = Vec::new();
        for (layer, parts) in self.parts.layers.iter().enumerate() {
            let kind = self.outcome.plan.benefit().layers.get(layer).map(|layer| &layer.kind);
            let Some(LayerKind::Ratio(rule)) = kind else { continue };
            let (Some(model), Some(taken)) = (&rule.deductible, parts.deductible) else { continue };
            if !self.opens(layer) {
                continue;
            }
            sentences.push(match model.counter {
                Some(_) => format!(
                    "{}本次付 {} 元，本期还差 {} 元。",
                    model.label,
                    grouped(taken.taken),
                    grouped((taken.standard - taken.used - taken.taken).max(0))
                ),
                None => format!("{}本次付 {} 元，按次计算，下次另算。", model.label, grouped(taken.taken)),
            });
        }
        let told = |status: &&CounterStatus| status.limit.is_some() || status.counts_times;
        for status in bill.year_status.iter().filter(told) {
            if !sentences.iter().any(|known| {
                status.limit_label.as_ref().is_some_and(|label| known.starts_with(label.as_str()))
            }) {
                sentences.push(status.sentence.clone());
            }
        }
        sentences.concat()
    }

    /// 那一分钱: where rounding moved less than a unit.
    fn penny_sentence(&self) -> String {
        for (layer, parts) in self.parts.layers.iter().enumerate() {
            let Some((numerator, denominator, paid)) = parts.rounded else { continue };
            let off = i128::from(paid) * i128::from(denominator) - i128::from(numerator);
            let Some(resolved) = self.outcome.resolution.layers.get(layer) else { continue };
            let Some(rule) = ratio_work(&resolved.work) else { continue };
            if off == 0 {
                continue;
            }
            let label = &self.outcome.plan.benefit().layers[layer].label;
            let exact = exact_yuan(i128::from(numerator), i128::from(denominator));
            let pieces = if parts.bands.len() > 1 { "各段合计" } else { "" };
            let more = if off > 0 { "多付" } else { "少付" };
            return format!(
                "那一分钱：{label}{pieces}应付 {exact} 元，{}为 {} 元，基金{more} {} 元。",
                rounding_words(rule.rounding),
                grouped(paid),
                exact_yuan(off.abs(), i128::from(denominator))
            );
        }
        String::new()
    }

    fn rules_sentence(&self) -> String {
        let area = &self.run.pack.area;
        let benefit = self.outcome.plan.benefit();
        format!(
            "试算，不是结算，不扣钱。按{}{}“{}” {} 起的规则，法律日期 {}，政策包 {}。",
            area.name,
            self.run.scheme.label,
            benefit.label,
            benefit.from,
            self.outcome.law_day,
            self.run.pack.content_hash.get(..12).unwrap_or(&self.run.pack.content_hash)
        )
    }
}

/// One sentence for each layer that did not trigger.
fn untriggered(steps: &[StepAnswer]) -> Vec<String> {
    steps.iter().filter(|step| !step.triggered).map(|step| step.reason.clone()).collect()
}
