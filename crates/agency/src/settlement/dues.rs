//! What the agency owes a person and what a person owes the agency: one position in each area, kept in two accounts of which one is empty.

use std::collections::BTreeMap;

use gongji_ledger::{Account, AccountKind, EntryError, Posting};

use crate::desk::Desk;
use crate::row::Balance;
use crate::stop::Stop;

/// Positions as the records of one command leave them, one after the other.
#[derive(Clone, Debug, Default)]
pub(crate) struct Dues {
    known: BTreeMap<Account, i64>,
}

impl Dues {
    fn balance(&mut self, desk: &mut Desk<'_>, account: &Account) -> Result<i64, Stop> {
        if let Some(fen) = self.known.get(account) {
            return Ok(*fen);
        }
        let fen = desk.get::<Balance>(&account.to_string())?.map_or(0, |row| row.fen);
        self.known.insert(account.clone(), fen);
        Ok(fen)
    }

    /// The postings that move a person's position by so many fen: what is owed to the person first makes good what the person owes, and the
    /// other way round. The opposite move therefore restores both accounts, unless money was paid in between; then the rest becomes a debt.
    ///
    /// # Errors
    /// Those of the store; amounts beyond `i64`.
    pub fn moved(
        &mut self,
        desk: &mut Desk<'_>,
        (area, person): (&str, &str),
        fen: i64,
    ) -> Result<Vec<Posting>, Stop> {
        let (payable, receivable) =
            (Account::payable_person(area, person), Account::receivable_person(area, person));
        // Credits make good a debt before they are owed; debits take from what is owed before they become a debt.
        let (first, second) = if fen > 0 { (&receivable, &payable) } else { (&payable, &receivable) };
        let there = self.balance(desk, first)?;
        let part = if fen > 0 {
            fen.min(there.saturating_neg().max(0))
        } else {
            fen.max(there.max(0).saturating_neg())
        };
        let mut postings = Vec::with_capacity(2);
        for (account, by) in [(first, part), (second, fen - part)] {
            if by != 0 {
                let before = self.balance(desk, account)?;
                let after = before.checked_add(by).ok_or(EntryError::Overflow)?;
                self.known.insert(account.clone(), after);
                postings.push(Posting(account.clone(), by));
            }
        }
        Ok(postings)
    }

    /// The same entry with what it moves between the agency and people posted to where it belongs now.
    ///
    /// # Errors
    /// As [`Dues::moved`].
    pub fn placed(
        &mut self,
        desk: &mut Desk<'_>,
        postings: impl IntoIterator<Item = Posting>,
    ) -> Result<Vec<Posting>, Stop> {
        let mut placed = Vec::with_capacity(8);
        let mut positions: BTreeMap<(String, String), i64> = BTreeMap::new();
        for Posting(account, fen) in postings {
            match account.kind {
                AccountKind::PayablePerson { person } | AccountKind::ReceivablePerson { person } => {
                    let position = positions.entry((account.area, person)).or_default();
                    *position = position.checked_add(fen).ok_or(EntryError::Overflow)?;
                }
                _ => placed.push(Posting(account, fen)),
            }
        }
        for ((area, person), fen) in positions {
            placed.extend(self.moved(desk, (&area, &person), fen)?);
        }
        Ok(placed)
    }
}
