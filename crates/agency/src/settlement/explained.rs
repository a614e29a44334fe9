//! A booked settlement explained as it was computed then, and compared with what was booked.

use std::collections::BTreeMap;

use gongji_cases::Case;
use gongji_cases::answer::BillAnswer;
use gongji_cases::settle::Rulebook;
use serde::Serialize;

use super::{Cell, Settlement};
use crate::port::StoreError;
use crate::stop::Stop;

/// A cell that was booked otherwise than it comes out today. Amounts in fen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Deviation {
    /// The portion.
    pub row: String,
    /// The layer; empty for what remains as cash.
    pub layer: String,
    /// Whose money.
    pub payer: String,
    /// For relatives' money the place in the list of relatives.
    pub relative: Option<u8>,
    /// What was booked.
    pub booked: i64,
    /// What comes out.
    pub computed: i64,
}

/// A booked settlement with every word.
#[derive(Clone, Debug)]
pub struct Explained {
    /// The bill, computed from the question, the history and the rules of the settlement.
    pub bill: BillAnswer,
    /// The hash of the table that comes out.
    pub table: String,
    /// Every cell that differs from what was booked; empty where they agree to the fen.
    pub deviations: Vec<Deviation>,
}

impl Explained {
    /// Whether the same table comes out, to the fen.
    pub fn agrees(&self, settlement: &Settlement) -> bool {
        self.deviations.is_empty() && self.table == settlement.table
    }
}

/// Explains a settlement under `rules`, which must be those of its edition.
///
/// # Errors
/// A stored question that cannot be read; what the rules refuse, which they did not when it was booked.
pub fn explained(rules: &Rulebook, settlement: &Settlement) -> Result<Explained, Stop> {
    let damaged = |error: String| StoreError::Corrupt(format!("{} 的案例{error}", settlement.id));
    let mut case = Case::read(settlement.case.get()).map_err(|error| damaged(format!("读不懂：{error}")))?;
    let event = case.events.pop().ok_or_else(|| damaged("没有账单".to_owned()))?;
    let settled = rules.settle(&case.person, &case.purses, &event, &settlement.history)?;
    let bill = rules.explain(&case.person, &case.purses, &event, &settlement.history)?;
    let computed = bill.cells.iter().map(|cell| Cell {
        row: cell.row.clone(),
        layer: if cell.payer == "cash" { String::new() } else { cell.layer.clone() },
        payer: cell.payer.clone(),
        relative: cell.relative.and_then(|place| u8::try_from(place).ok()),
        fen: cell.amount.fen(),
    });
    // Row, layer, payer and relative tell a cell from all others; booked and computed fen are compared.
    type Which = (String, String, String, Option<u8>);
    let mut both: BTreeMap<Which, (i64, i64)> = BTreeMap::new();
    for cell in &settlement.cells {
        let place = (cell.row.clone(), cell.layer.clone(), cell.payer.clone(), cell.relative);
        both.entry(place).or_default().0 += cell.fen;
    }
    for cell in computed {
        both.entry((cell.row, cell.layer, cell.payer, cell.relative)).or_default().1 += cell.fen;
    }
    let deviations = both.into_iter().filter(|(_, (booked, computed))| booked != computed).map(
        |((row, layer, payer, relative), (booked, computed))| Deviation {
            row,
            layer,
            payer,
            relative,
            booked,
            computed,
        },
    );
    Ok(Explained { bill, table: settled.table_hash(), deviations: deviations.collect() })
}
