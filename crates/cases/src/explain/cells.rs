//! The cells of the table why × who, and its rows.

use gongji_policy::plan::{Part, Slot, SlotKind, Work};
use gongji_policy::{Payer, PurseKind};

use super::clause::clause;
use super::figures::{exact_yuan, yuan};
use super::formula::{Formula, put};
use super::sheet::Sheet;
use crate::answer::{Cell, Clause, Inputs, TableRow, Yuan};

impl Sheet<'_, '_> {
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
                    let relation = super::words::relation_of(relative, &self.run.scheme.values);
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
