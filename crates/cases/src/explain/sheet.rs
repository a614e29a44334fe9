//! The table why × who: its rows and cells from the trace.

use std::cell::OnceCell;

use gongji_policy::plan::{Cited, Part, ResolvedRatio, Slot, SlotKind, Work};
use gongji_policy::view::value_words;
use gongji_policy::{Dimension, LayerKind, Payer, PurseKind};

use super::clause::{benefit_clause, clause, value_of};
use super::figures::{exact_yuan, percent, yuan};
use super::parts::{BandPart, LayerParts, Parts, Relieved};
use super::ratio::{band_range, ratio_formula};
use crate::answer::{Cell, Clause, Inputs, TableRow, Yuan};
use crate::run::{Outcome, Run};

/// One bill about to be explained.
pub(crate) struct Sheet<'packs, 'bill> {
    pub run: &'bill Run<'packs>,
    pub outcome: &'bill Outcome<'packs>,
    pub parts: Parts,
    decided: OnceCell<Vec<Vec<(Part, Clause)>>>,
}

/// The formula of a payment, its exact value as a fraction of fen, and the figures in it.
pub(crate) struct Formula {
    pub text: String,
    pub exact: (i128, i128),
    pub inputs: Inputs,
}

fn put(inputs: &mut Inputs, name: impl Into<String>, value: impl Into<String>) {
    inputs.insert(name.into(), serde_json::Value::String(value.into()));
}

/// The ratio part of a layer's work.
pub(crate) fn ratio_work(work: &Work) -> Option<&ResolvedRatio> {
    match work {
        Work::Open(rule) | Work::Relieve(rule) => Some(rule),
        _ => None,
    }
}

impl<'packs, 'bill> Sheet<'packs, 'bill> {
    pub fn of(run: &'bill Run<'packs>, outcome: &'bill Outcome<'packs>) -> Sheet<'packs, 'bill> {
        let slots = outcome.plan.slots();
        let mut unpaid = vec![0; slots.len()];
        let bill = &outcome.bill;
        for (slot, amount) in
            [bill.non_covered, bill.over_limit_price, bill.upfront_self_pay].into_iter().enumerate()
        {
            if let Some(held) = unpaid.get_mut(slot) {
                *held = amount;
            }
        }
        for tag in 0..slots.tags() {
            if let Some(held) = unpaid.get_mut(usize::from(slots.in_scope(tag))) {
                *held = bill.in_scope.get(tag).copied().unwrap_or(0);
            }
        }
        let layers = &outcome.resolution.layers;
        let opens = |layer: usize| matches!(layers.get(layer).map(|layer| &layer.work), Some(Work::Open(_)));
        let parts = Parts::of(&outcome.trace, layers.len(), unpaid, opens);
        Sheet { run, outcome, parts, decided: OnceCell::new() }
    }

    pub fn opens(&self, layer: usize) -> bool {
        matches!(self.outcome.resolution.layers.get(layer).map(|layer| &layer.work), Some(Work::Open(_)))
    }

    fn kind(&self, slot: Slot) -> SlotKind {
        self.outcome.plan.slots().kind(slot)
    }

    /// The tag of a slot where it is not `general`.
    pub fn tag(&self, slot: Slot) -> Option<String> {
        let tag = match self.kind(slot) {
            SlotKind::InScope(tag)
            | SlotKind::Deductible(tag)
            | SlotKind::Band(tag, _)
            | SlotKind::OverCeiling(tag) => tag,
            _ => 0,
        };
        if tag == 0 { None } else { self.outcome.plan.benefit().tags.get(tag).cloned() }
    }

    /// The name of a slot's row.
    pub fn row(&self, slot: Slot) -> String {
        match self.kind(slot) {
            SlotKind::NonCovered => "non_covered".to_owned(),
            SlotKind::OverLimitPrice => "over_limit_price".to_owned(),
            SlotKind::UpfrontSelfPay => "upfront_self_pay".to_owned(),
            SlotKind::InScope(_) => "account_first".to_owned(),
            SlotKind::Deductible(_) => "deductible".to_owned(),
            SlotKind::Band(_, band) => format!("band:{band}"),
            SlotKind::OverCeiling(_) => "over_ceiling".to_owned(),
        }
    }

    /// The layer that gave a slot its amount by opening the in-scope money.
    pub fn opener_of(&self, slot: Slot) -> Option<usize> {
        self.parts.layers.iter().enumerate().position(|(index, parts)| {
            self.opens(index)
                && (parts.deductible_left.iter().any(|(left, _)| *left == slot)
                    || parts.bands.iter().any(|part| part.slot == slot)
                    || parts.over_ceiling.iter().any(|(left, _)| *left == slot))
        })
    }

    /// The amount of a slot's row.
    pub fn amount(&self, slot: Slot) -> i64 {
        let bill = &self.outcome.bill;
        match self.kind(slot) {
            SlotKind::NonCovered => bill.non_covered,
            SlotKind::OverLimitPrice => bill.over_limit_price,
            SlotKind::UpfrontSelfPay => bill.upfront_self_pay,
            SlotKind::InScope(_) => {
                let relieved = self.parts.layers.iter().flat_map(|layer| &layer.relieved);
                let paid: i64 = relieved.filter(|part| part.slot == slot).map(|part| part.amount).sum();
                paid + self.cash(slot)
            }
            _ => self
                .parts
                .layers
                .iter()
                .enumerate()
                .filter(|(index, _)| self.opens(*index))
                .map(|(_, parts)| {
                    let deductible = parts.deductible_left.iter().filter(|(left, _)| *left == slot);
                    let over = parts.over_ceiling.iter().filter(|(left, _)| *left == slot);
                    let bands = parts.bands.iter().filter(|part| part.slot == slot);
                    deductible.map(|(_, amount)| amount).sum::<i64>()
                        + over.map(|(_, amount)| amount).sum::<i64>()
                        + bands.map(|part| part.entered).sum::<i64>()
                })
                .sum(),
        }
    }

    fn cash(&self, slot: Slot) -> i64 {
        self.parts.cash.iter().filter(|(left, _)| *left == slot).map(|(_, amount)| *amount).sum()
    }

    /// The clauses that decided each layer, with their values, in order of use; those of bands that the bill did not reach
    /// are left out. Made once, when first asked for.
    fn decided(&self) -> &[Vec<(Part, Clause)>] {
        self.decided.get_or_init(|| {
            self.outcome
                .resolution
                .cited
                .iter()
                .enumerate()
                .map(|(layer, cited)| self.decided_by(layer, cited))
                .collect()
        })
    }

    fn decided_by(&self, layer: usize, cited: &[Cited<'_>]) -> Vec<(Part, Clause)> {
        let pack = self.run.pack;
        let reached = self.parts.layers.get(layer).map_or(&[][..], |parts| parts.bands.as_slice());
        let Some(model) = self.outcome.plan.benefit().layers.get(layer) else { return Vec::new() };
        let mut decided: Vec<(Part, Clause)> = Vec::with_capacity(cited.len());
        for cited in cited.iter().filter(|cited| match cited.part {
            Part::Ratio(of) | Part::RatioAdjust(of, _) => reached.iter().any(|part| part.band == of),
            _ => true,
        }) {
            decided.push((cited.part, clause(pack, cited, value_of(model, cited, &pack.indices))));
        }
        decided
    }

    /// The clauses that decided a layer, each row once for each parameter.
    pub fn clauses(&self, layer: usize) -> Vec<Clause> {
        let mut clauses: Vec<Clause> = Vec::new();
        for (_, clause) in self.decided().get(layer).map_or(&[][..], Vec::as_slice) {
            if !clauses
                .iter()
                .any(|known| known.rule_id == clause.rule_id && known.parameter == clause.parameter)
            {
                clauses.push(clause.clone());
            }
        }
        clauses
    }

    /// The rule ids of the clauses that decided a layer (one band of it), but for the deciding one.
    fn further(&self, layer: usize, band: Option<usize>, deciding: Option<&Clause>) -> Vec<String> {
        let mut further: Vec<String> = Vec::new();
        for (part, clause) in self.decided().get(layer).map_or(&[][..], Vec::as_slice) {
            let other_band = match (part, band) {
                (Part::Ratio(of) | Part::RatioAdjust(of, _), Some(band)) => *of != band,
                _ => false,
            };
            let known = deciding.is_some_and(|deciding| deciding.rule_id == clause.rule_id)
                || further.contains(&clause.rule_id);
            if !other_band && !known {
                further.push(clause.rule_id.clone());
            }
        }
        further
    }

    fn cited(&self, layer: usize, part: Part) -> Option<Clause> {
        let decided = self.decided().get(layer)?;
        decided.iter().find(|(of, _)| *of == part).map(|(_, clause)| clause.clone())
    }

    /// The benefit's own clause.
    pub fn of_benefit(&self, parameter: &str) -> Clause {
        benefit_clause(self.run.pack, &self.run.scheme.name, self.outcome.plan.benefit(), parameter)
    }

    /// The clause that gave a slot its amount.
    pub fn row_clause(&self, slot: Slot) -> Option<Clause> {
        if let SlotKind::NonCovered = self.kind(slot) {
            let excluded = self.outcome.excluded.as_ref()?;
            return Some(clause(self.run.pack, excluded, String::new()));
        }
        if let SlotKind::InScope(tag) = self.kind(slot) {
            let held = |layer: &usize| {
                let layer = self.outcome.resolution.layers.get(*layer);
                layer.is_some_and(|layer| layer.base.contains(&self.outcome.plan.slots().in_scope(tag)))
            };
            return (0..self.parts.layers.len())
                .filter(held)
                .find_map(|layer| self.cited(layer, Part::Applies));
        }
        let layer = self.opener_of(slot)?;
        match self.kind(slot) {
            SlotKind::Deductible(_) => self.cited(layer, Part::Deductible),
            SlotKind::Band(_, band) => self.cited(layer, Part::Ratio(band)),
            SlotKind::OverCeiling(_) => {
                let caps = &self.parts.layers.get(layer)?.caps;
                let binding = caps.iter().find(|cap| cap.binds).or(caps.first())?;
                self.cited(layer, Part::Cap(binding.cap))
            }
            _ => None,
        }
    }

    /// The ratio of a band part in words, and how it came about.
    pub fn ratio(&self, layer: usize, part: &BandPart) -> (String, String) {
        let ratio = percent(part.numerator, part.denominator);
        let kind = self.outcome.plan.benefit().layers.get(layer).map(|layer| &layer.kind);
        let Some(LayerKind::Ratio(rule)) = kind else { return (ratio, String::new()) };
        let cited = self.outcome.resolution.cited.get(layer).map_or(&[][..], Vec::as_slice);
        let formula = ratio_formula(rule, cited, &self.outcome.facts, part.band, &ratio);
        (ratio, formula)
    }

    /// The range of a band as people read it.
    pub fn range(&self, layer: usize, band: usize) -> String {
        let work = self.outcome.resolution.layers.get(layer).map(|layer| &layer.work);
        let Some(rule) = work.and_then(ratio_work) else { return String::new() };
        let included = match self.outcome.plan.benefit().layers.get(layer).map(|layer| &layer.kind) {
            Some(LayerKind::Ratio(rule)) => rule.bands.as_ref().is_none_or(|bands| bands.bound_included),
            _ => true,
        };
        band_range(&rule.bands.bounds, band, included)
    }

    /// `(20000.00 − 900.00)` for the first part after a deductible, `(40000.00 − 30000.00)` between bounds, or the amount.
    fn entered(&self, layer: usize, parts: &LayerParts, position: usize) -> String {
        let Some(part) = parts.bands.get(position) else { return String::new() };
        let taken = parts.deductible.map_or(0, |deductible| deductible.taken);
        if position == 0 && taken > 0 {
            return format!("({} − {})", yuan(part.entered + taken), yuan(taken));
        }
        let rule = self.outcome.resolution.layers.get(layer).and_then(|layer| ratio_work(&layer.work));
        let alone = parts.bands.iter().filter(|other| other.band == part.band).count() == 1;
        match rule {
            Some(rule) if alone && rule.bands.start.is_none() && part.band >= 2 && position > 0 => {
                let lower = rule.bands.bounds.get(part.band - 2).copied().unwrap_or(0);
                format!("({} − {})", yuan(lower.saturating_add(part.entered)), yuan(lower))
            }
            _ => yuan(part.entered),
        }
    }

    /// What a ratio layer pays of one part of a band.
    pub fn band_formula(&self, layer: usize, position: usize) -> Formula {
        let parts = &self.parts.layers[layer];
        let part = parts.bands[position];
        let exact = (i128::from(part.entered) * i128::from(part.numerator), i128::from(part.denominator));
        let (ratio, ratio_formula) = self.ratio(layer, &part);
        let mut inputs = Inputs::new();
        if let Some(deductible) = parts.deductible.filter(|_| position == 0) {
            put(&mut inputs, "起付标准", yuan(deductible.standard));
            put(&mut inputs, "本次起付", yuan(deductible.taken));
        }
        put(&mut inputs, "进入本段", yuan(part.entered));
        put(&mut inputs, "支付比例", ratio.clone());
        if !ratio_formula.is_empty() {
            put(&mut inputs, "比例算式", ratio_formula);
        }
        let range = self.range(layer, part.band);
        if !range.is_empty() {
            put(&mut inputs, "费用段", range);
        }
        self.caps_into(layer, parts, &mut inputs);
        let text =
            format!("{} × {ratio} = {}", self.entered(layer, parts, position), reached(exact, part.paid));
        Formula { text, exact, inputs }
    }

    fn caps_into(&self, layer: usize, parts: &LayerParts, inputs: &mut Inputs) {
        let kind = self.outcome.plan.benefit().layers.get(layer).map(|layer| &layer.kind);
        let caps = match kind {
            Some(LayerKind::Ratio(rule)) => rule.caps.as_slice(),
            _ => &[],
        };
        for found in parts.caps.iter().filter(|cap| cap.binds) {
            if let Some(cap) = caps.get(found.cap) {
                put(inputs, cap.label.clone(), yuan(found.amount));
                put(inputs, format!("{}本次可用", cap.label), yuan(found.room));
            }
        }
    }

    /// What a whole layer pays.
    pub fn layer_formula(&self, layer: usize) -> Formula {
        let parts = &self.parts.layers[layer];
        let paid = self.outcome.payments.get(layer).copied().unwrap_or(0);
        let mut inputs = Inputs::new();
        put(&mut inputs, "计入金额", yuan(parts.eligible));
        let work = self.outcome.resolution.layers.get(layer).map(|layer| &layer.work);
        match work {
            Some(Work::Open(_) | Work::Relieve(_)) => {
                let mut terms = Vec::new();
                let (mut sum, mut below) = (0_i128, 1_i128);
                for (position, part) in parts.bands.iter().enumerate() {
                    terms.push(format!(
                        "{} × {}",
                        self.entered(layer, parts, position),
                        percent(part.numerator, part.denominator)
                    ));
                    sum += i128::from(part.entered) * i128::from(part.numerator);
                    below = i128::from(part.denominator);
                }
                if let Some(deductible) = parts.deductible {
                    put(&mut inputs, "起付标准", yuan(deductible.standard));
                    put(&mut inputs, "本次起付", yuan(deductible.taken));
                }
                self.caps_into(layer, parts, &mut inputs);
                let text = if terms.is_empty() {
                    String::new()
                } else {
                    format!("{} = {}", terms.join(" + "), reached((sum, below), paid))
                };
                Formula { text, exact: (sum, below), inputs }
            }
            Some(Work::Guarantee(rule)) => {
                let (target, already) = parts.guarantee.unwrap_or_default();
                let rate = percent(rule.numerator, rule.denominator);
                put(&mut inputs, "保底比例", rate.clone());
                put(&mut inputs, "保底金额", yuan(target));
                put(&mut inputs, "已由基金支付", yuan(already));
                let limited = if target - already > paid {
                    format!("，至多付到未付的 {}", yuan(paid))
                } else {
                    String::new()
                };
                let text = format!(
                    "保底 {}（按 {rate}）− 已付 {} = {}{limited}",
                    yuan(target),
                    yuan(already),
                    yuan((target - already).max(0))
                );
                Formula { text, exact: (i128::from(paid), 1), inputs }
            }
            _ => {
                let text = format!("{} 中付 {}", yuan(parts.eligible), yuan(paid));
                Formula { text, exact: (i128::from(paid), 1), inputs }
            }
        }
    }

    /// What a layer pays of one slot that it relieves.
    fn relief_formula(&self, layer: usize, relieved: &Relieved, balance: Option<i64>) -> Formula {
        if let Some(balance) = balance {
            let mut inputs = Inputs::new();
            put(&mut inputs, "未付", yuan(relieved.unpaid_before));
            put(&mut inputs, "余额", yuan(balance));
            let text = if relieved.amount == relieved.unpaid_before.min(balance) {
                format!(
                    "min({}, {}) = {}",
                    yuan(relieved.unpaid_before),
                    yuan(balance),
                    yuan(relieved.amount)
                )
            } else {
                format!(
                    "min({}, {})，限额内付 {}",
                    yuan(relieved.unpaid_before),
                    yuan(balance),
                    yuan(relieved.amount)
                )
            };
            return Formula { text, exact: (i128::from(relieved.amount), 1), inputs };
        }
        let whole = self.layer_formula(layer);
        let parts = &self.parts.layers[layer];
        if relieved.unpaid_before == parts.eligible {
            return whole;
        }
        let paid = self.outcome.payments.get(layer).copied().unwrap_or(0);
        let mut inputs = whole.inputs;
        put(&mut inputs, "本层合计", whole.text.clone());
        put(&mut inputs, "本行未付", yuan(relieved.unpaid_before));
        let exact =
            (i128::from(paid) * i128::from(relieved.unpaid_before), i128::from(parts.eligible.max(1)));
        let text = format!(
            "{} × {} ÷ {} = {}（按未付金额分摊；本层 {}）",
            yuan(paid),
            yuan(relieved.unpaid_before),
            yuan(parts.eligible),
            reached(exact, relieved.amount),
            whole.text
        );
        Formula { text, exact, inputs }
    }

    /// Every cell, in order of rows and payers, and the rows.
    pub fn table(&self) -> (Vec<TableRow>, Vec<Cell>) {
        let slots = self.outcome.plan.slots();
        let mut found: Vec<(Slot, Cell)> = Vec::new();
        let purses = &self.outcome.purses.0;
        let mut balances = vec![purses.current_year.fen(), purses.carried_over.fen()];
        balances.extend(self.outcome.shared.iter().map(|shared| shared.usable));
        for (index, parts) in self.parts.layers.iter().enumerate() {
            if self.opens(index) {
                for (position, part) in parts.bands.iter().enumerate().filter(|(_, part)| part.paid != 0) {
                    let formula = self.band_formula(index, position);
                    let decided = self.cited(index, Part::Ratio(part.band));
                    found.push((part.slot, self.cell(index, part.slot, part.paid, formula, decided, None)));
                }
            }
            for relieved in &parts.relieved {
                let purse = match self.outcome.resolution.layers.get(index).map(|layer| &layer.work) {
                    Some(Work::Purse(purse)) => Some(purse.purse),
                    _ => None,
                };
                let account = purse.map(|purse| match purse {
                    PurseKind::CurrentYear => 0,
                    PurseKind::CarriedOver => 1,
                    PurseKind::Relatives => 2 + relieved.account,
                });
                let balance = account.and_then(|account| balances.get(account).copied());
                let formula = self.relief_formula(index, relieved, balance);
                if let Some(left) = account.and_then(|account| balances.get_mut(account)) {
                    *left -= relieved.amount;
                }
                let relative = purse.filter(|purse| *purse == PurseKind::Relatives).map(|_| relieved.account);
                let decided = self.relief_clause(index, relative);
                found.push((
                    relieved.slot,
                    self.cell(index, relieved.slot, relieved.amount, formula, decided, relative),
                ));
            }
        }
        for (slot, amount) in self.parts.cash.iter().filter(|(_, amount)| *amount != 0) {
            let cell = self.cash_cell(*slot, *amount, &found);
            found.push((*slot, cell));
        }

        let mut rows = Vec::new();
        let mut cells: Vec<Cell> = Vec::new();
        for slot in (0..slots.len()).map(|slot| slot as Slot) {
            let amount = self.amount(slot);
            let always = match self.kind(slot) {
                SlotKind::NonCovered | SlotKind::OverLimitPrice | SlotKind::UpfrontSelfPay => true,
                SlotKind::Deductible(tag) | SlotKind::OverCeiling(tag) => tag == 0,
                SlotKind::InScope(_) | SlotKind::Band(..) => false,
            };
            if amount == 0 && !always {
                continue;
            }
            let mut of_row = Vec::new();
            for (_, cell) in found.iter().filter(|(of, _)| *of == slot) {
                // Bills of several parts of one band by one layer are one cell.
                match of_row
                    .iter()
                    .copied()
                    .find(|at: &usize| cells[*at].layer == cell.layer && cells[*at].relative == cell.relative)
                {
                    Some(at) => {
                        let sum = cells[at].amount.fen() + cell.amount.fen();
                        cells[at].amount = Yuan::of_fen(sum);
                        cells[at].formula = format!("{}；{}", cells[at].formula, cell.formula);
                    }
                    None => {
                        of_row.push(cells.len());
                        cells.push(cell.clone());
                    }
                }
            }
            rows.push(TableRow {
                row: self.row(slot),
                tag: self.tag(slot),
                label: self.row_label(slot),
                amount: Yuan::of_fen(amount),
                cells: of_row,
                reason: self.row_reason(slot, amount),
            });
        }
        (rows, cells)
    }

    fn relief_clause(&self, layer: usize, relative: Option<usize>) -> Option<Clause> {
        if let Some(shared) = relative.and_then(|relative| self.outcome.shared.get(relative))
            && let Some(cited) = &shared.cited
        {
            return Some(clause(self.run.pack, cited, String::new()));
        }
        let first_band =
            self.parts.layers.get(layer).and_then(|parts| parts.bands.first()).map(|part| part.band);
        let decided = first_band
            .and_then(|band| self.cited(layer, Part::Ratio(band)))
            .or_else(|| self.cited(layer, Part::Guarantee))
            .or_else(|| self.cited(layer, Part::Applies));
        decided.or_else(|| {
            let label =
                self.outcome.plan.benefit().layers.get(layer).map_or("", |layer| layer.label.as_str());
            Some(self.of_benefit(label))
        })
    }

    fn cell(
        &self,
        layer: usize,
        slot: Slot,
        amount: i64,
        formula: Formula,
        decided: Option<Clause>,
        relative: Option<usize>,
    ) -> Cell {
        let model = &self.outcome.plan.benefit().layers[layer];
        let band = match self.kind(slot) {
            SlotKind::Band(_, band) if self.opens(layer) => Some(band),
            _ => None,
        };
        let further = self.further(layer, band, decided.as_ref());
        let rule_id = decided.as_ref().map_or_else(String::new, |clause| clause.rule_id.clone());
        let rounding = self
            .outcome
            .resolution
            .layers
            .get(layer)
            .and_then(|layer| match &layer.work {
                Work::Open(rule) | Work::Relieve(rule) => Some(rule.rounding.name()),
                Work::Guarantee(rule) => Some(rule.rounding.name()),
                _ => None,
            })
            .unwrap_or("none");
        Cell {
            row: self.row(slot),
            tag: self.tag(slot),
            layer: model.name.clone(),
            layer_label: model.label.clone(),
            payer: model.payer.name().to_owned(),
            payer_label: match relative.and_then(|relative| self.outcome.purses.0.mutual_aid.get(relative)) {
                Some(relative) => {
                    let relation =
                        value_words(Dimension::Relation, relative.relation, &self.run.scheme.values);
                    format!("{}（{relation}）", model.payer.label())
                }
                None => model.payer.label().to_owned(),
            },
            relative,
            amount: Yuan::of_fen(amount),
            rule_id,
            inputs: formula.inputs,
            formula: formula.text,
            exact: exact_yuan(formula.exact.0, formula.exact.1),
            rounding: rounding.to_owned(),
            clause: decided,
            further,
        }
    }

    fn cash_cell(&self, slot: Slot, amount: i64, earlier: &[(Slot, Cell)]) -> Cell {
        let row_amount = self.amount(slot);
        let mut inputs = Inputs::new();
        put(&mut inputs, self.row_label(slot), yuan(row_amount));
        let mut text = yuan(row_amount);
        for (_, cell) in earlier.iter().filter(|(of, _)| *of == slot) {
            put(&mut inputs, cell.layer_label.clone(), cell.amount.to_string());
            text.push_str(&format!(" − {}", cell.amount));
        }
        let clause = self.row_clause(slot);
        Cell {
            row: self.row(slot),
            tag: self.tag(slot),
            layer: "cash".to_owned(),
            layer_label: "其余由本人现金支付".to_owned(),
            payer: Payer::Cash.name().to_owned(),
            payer_label: Payer::Cash.label().to_owned(),
            relative: None,
            amount: Yuan::of_fen(amount),
            rule_id: clause.as_ref().map_or_else(String::new, |clause| clause.rule_id.clone()),
            inputs,
            formula: if text.contains(' ') { format!("{text} = {}", yuan(amount)) } else { text },
            exact: yuan(amount),
            rounding: "none".to_owned(),
            clause,
            further: Vec::new(),
        }
    }
}

/// `16808.00`, or `12132.8768 → 12132.88` where a rounding lies between, or what a limit left.
pub(crate) fn reached(exact: (i128, i128), paid: i64) -> String {
    let (numerator, denominator) = exact;
    if numerator == i128::from(paid) * denominator {
        return yuan(paid);
    }
    let exact = exact_yuan(numerator, denominator);
    let off = (numerator - i128::from(paid) * denominator).abs();
    if off <= denominator * 100 {
        format!("{exact} → {}", yuan(paid))
    } else {
        format!("{exact}，限额内付 {}", yuan(paid))
    }
}
