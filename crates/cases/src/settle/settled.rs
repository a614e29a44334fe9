//! What one bill comes to and what it moves, in fen.

use std::fmt::Write;

use gongji_money::Fen;
use gongji_policy::{AnswerField, Payer};
use jiff::civil::Date;

use super::cells::cells;
use super::{CountedStay, CounterId, CounterPeriod, Row};
use crate::request::{Purses, sha256};
use crate::run::{Outcome, Run, Totals};

/// One bill, every fen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settled {
    /// The scheme (险种) that settled it: `employee`, `resident`.
    pub scheme: String,
    /// The benefit's name in the pack.
    pub benefit: String,
    /// The day whose law was applied.
    pub law_day: Date,
    /// First and last day of the insurance year in which it counts.
    pub year: (Date, Date),
    /// Which admission of the year it is, where the benefit counts them.
    pub ordinal: Option<i64>,
    /// 医疗费总额.
    pub total: Fen,
    /// 全自费.
    pub non_covered: Fen,
    /// 超限价自费.
    pub over_limit_price: Fen,
    /// 先行自付.
    pub upfront_self_pay: Fen,
    /// 符合政策范围金额.
    pub in_scope: Fen,
    /// Who pays how much of which row: every cell that is not zero. They sum to the total.
    pub cells: Vec<SettledCell>,
    /// The amounts of the answer.
    pub fields: Fields,
    /// What was taken from the own account.
    pub drawn: Drawn,
    /// What was taken from each relative's account, in order of the purses.
    pub drawn_relatives: Vec<Drawn>,
    /// The running totals that moved, in order of the scheme.
    pub counted: Vec<Counted>,
    /// The admission that the bill belongs to, where it counts as one and its stay has an id.
    pub admission: Option<Admission>,
    /// The packs used with the hashes of their texts, as in receipts: `410100@sha256:…`, comma separated.
    pub packs: String,
}

/// One cell of the table why × who.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettledCell {
    /// The portion of the bill.
    pub row: Row,
    /// The tag of the in-scope money where it is not `general`.
    pub tag: Option<String>,
    /// The layer's name in the pack; none for what remains as cash.
    pub layer: Option<String>,
    /// Whose money.
    pub payer: Payer,
    /// For relatives' accounts the position among the purses.
    pub relative: Option<usize>,
    /// How much; never zero.
    pub amount: Fen,
}

/// The amounts of the answer, as its fields name them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fields {
    by_field: [Fen; AnswerField::ALL.len()],
    /// 基金支付总额; never includes the accounts.
    pub fund_paid_total: Fen,
    /// 个人负担总额.
    pub personal_burden: Fen,
    /// Of what the funds pay, what guarantee layers (保底) paid.
    pub guarantee_paid: Fen,
    /// In-scope money that an account paid before a fund layer opened it, or that no fund layer opened.
    pub account_first: Fen,
    /// 本次起付.
    pub deductible_applied: Fen,
    /// 按比例自付, as the opening layers left it.
    pub proportional_self_pay: Fen,
    /// 超限额金额, as the opening layers left it.
    pub over_ceiling_amount: Fen,
    /// What the layers that opened the in-scope money paid.
    pub opening_paid: Fen,
}

impl Fields {
    /// What is reported under a field: `pooled_paid`, `hospital_borne`, `cash_paid` ….
    pub fn of(&self, field: AnswerField) -> Fen {
        self.by_field[field as usize]
    }
}

/// What was taken from an account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Drawn {
    /// Of the current year.
    pub current_year: Fen,
    /// Of what was carried over.
    pub carried_over: Fen,
}

/// A running total that a bill moved: fen, or times for admissions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// Which.
    pub id: CounterId,
    /// As the bill found it.
    pub before: i64,
    /// As the bill left it.
    pub after: i64,
}

/// The admission that a bill belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Admission {
    /// The counter, the stay and its ordinal.
    pub stay: CountedStay,
    /// Whether this bill is the first of it, so that it is to be kept.
    pub new: bool,
}

impl Settled {
    pub(super) fn of(run: &Run<'_>, outcome: &Outcome<'_>) -> Settled {
        let bill = &outcome.bill;
        let totals = Totals::of(outcome);
        let (drawn, drawn_relatives) = drawn(&outcome.purses.0, &outcome.purses.1);
        let areas = [run.pack.area.code.as_str(), outcome.event.care_area.as_str()];
        let settled = Settled {
            scheme: run.scheme.name.clone(),
            benefit: outcome.plan.benefit().name.clone(),
            law_day: outcome.law_day,
            year: outcome.year,
            ordinal: outcome.ordinal(),
            total: Fen::new(bill.total()),
            non_covered: Fen::new(bill.non_covered),
            over_limit_price: Fen::new(bill.over_limit_price),
            upfront_self_pay: Fen::new(bill.upfront_self_pay),
            in_scope: Fen::new(bill.in_scope_total()),
            cells: cells(outcome),
            fields: Fields {
                by_field: totals.fields.map(Fen::new),
                fund_paid_total: Fen::new(totals.fund),
                personal_burden: Fen::new(bill.total() - totals.fund - totals.hospital),
                guarantee_paid: Fen::new(totals.guarantee),
                account_first: Fen::new(totals.account_first),
                deductible_applied: Fen::new(totals.deductible),
                proportional_self_pay: Fen::new(totals.own_share),
                over_ceiling_amount: Fen::new(totals.over_ceiling),
                opening_paid: Fen::new(totals.opening),
            },
            drawn,
            drawn_relatives,
            counted: counted(outcome),
            admission: admission(outcome),
            packs: run.packs.named(areas.into_iter()),
        };
        debug_assert_eq!(
            settled.cells.iter().map(|cell| cell.amount).sum::<Fen>(),
            settled.total,
            "cells sum to the bill"
        );
        settled
    }

    /// What one payer pays of the whole bill.
    pub fn paid_by(&self, payer: Payer) -> Fen {
        self.cells.iter().filter(|cell| cell.payer == payer).map(|cell| cell.amount).sum()
    }

    /// Hex SHA-256 over a canonical text of portions, cells, accounts drawn on and packs: equal for a quote and for the
    /// settlement that books exactly what was quoted.
    pub fn table_hash(&self) -> String {
        self.table_hash_under(&self.packs)
    }

    /// The same as if it had been settled under other packs, named as in [`Settled::packs`]: whether two editions of the rules come to the same table.
    pub fn table_hash_under(&self, packs: &str) -> String {
        let mut text = String::with_capacity(512);
        // Writing to a string does not fail.
        let portions = [self.non_covered, self.over_limit_price, self.upfront_self_pay, self.in_scope];
        let _ = write!(text, "bill|{}", self.total.fen());
        for portion in portions {
            let _ = write!(text, "|{}", portion.fen());
        }
        for cell in &self.cells {
            let (tag, layer) = (cell.tag.as_deref().unwrap_or(""), cell.layer.as_deref().unwrap_or(""));
            let _ = write!(text, "\ncell|{}|{tag}|{layer}|{}|", cell.row, cell.payer.name());
            if let Some(relative) = cell.relative {
                let _ = write!(text, "{relative}");
            }
            let _ = write!(text, "|{}", cell.amount.fen());
        }
        for drawn in std::iter::once(&self.drawn).chain(&self.drawn_relatives) {
            let _ = write!(text, "\ndrawn|{}|{}", drawn.current_year.fen(), drawn.carried_over.fen());
        }
        let _ = write!(text, "\npacks|{packs}");
        sha256(&text)
    }
}

fn drawn(before: &Purses, after: &Purses) -> (Drawn, Vec<Drawn>) {
    let less = |before: Fen, after: Fen| Fen::new(before.fen() - after.fen());
    let own = Drawn {
        current_year: less(before.current_year, after.current_year),
        carried_over: less(before.carried_over, after.carried_over),
    };
    let relatives = before.mutual_aid.iter().zip(&after.mutual_aid).map(|(before, after)| Drawn {
        current_year: less(before.current_year, after.current_year),
        carried_over: less(before.carried_over, after.carried_over),
    });
    (own, relatives.collect())
}

/// What moved, but for counters by stay of a bill without a stay, to which no later bill comes back.
fn counted(outcome: &Outcome<'_>) -> Vec<Counted> {
    let values = outcome.used.0.iter().zip(&outcome.used.1);
    let moved = outcome
        .keys
        .iter()
        .zip(values)
        .filter(|(id, (before, after))| before != after && !matches!(id.period, CounterPeriod::Alone(_)));
    moved.map(|(id, (before, after))| Counted { id: id.clone(), before: *before, after: *after }).collect()
}

fn admission(outcome: &Outcome<'_>) -> Option<Admission> {
    let admission = outcome.admission.filter(|_| outcome.is_admission)?;
    let CounterPeriod::Stay(stay) = &outcome.stay else { return None };
    let counter = outcome.keys.get(admission.counter)?.clone();
    let stay = CountedStay { counter, stay: stay.clone(), ordinal: admission.ordinal };
    Some(Admission { stay, new: admission.new })
}
