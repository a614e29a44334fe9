//! The rows once more, from the journal alone.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

use super::each_page;
use super::journal::Known;
use crate::apply::{add_to, move_tally, statement_moves};
use crate::clearing::day_move;
use crate::desk::Row;
use crate::port::{Read, StoreError};
use crate::record::Record;
use crate::row::{Balance, ClearingDay, FundMonth, Standing, Tally};
use crate::stop::Stop;

/// Rows of one pass.
pub(super) struct Derived {
    /// Which share of all rows this pass follows.
    pass: u64,
    passes: u64,
    hasher: RandomState,
    pub standings: HashMap<String, Standing>,
    pub tallies: HashMap<String, Tally>,
    pub balances: HashMap<String, Balance>,
    pub fund_months: HashMap<String, FundMonth>,
    pub clearing_days: HashMap<String, ClearingDay>,
    /// Of rows that records leave whole: the hash of kind and id, and of the text (`None` once removed).
    pub others: HashMap<(u64, u64), Option<u64>>,
}

impl Derived {
    pub fn new(pass: u64, passes: u64) -> Derived {
        Derived {
            pass,
            passes,
            hasher: RandomState::new(),
            standings: HashMap::new(),
            tallies: HashMap::new(),
            balances: HashMap::new(),
            fund_months: HashMap::new(),
            clearing_days: HashMap::new(),
            others: HashMap::new(),
        }
    }

    /// Whether this pass follows a row.
    pub fn follows(&self, kind: &str, id: &str) -> bool {
        self.passes == 1 || self.hasher.hash_one((kind, id)) % self.passes == self.pass
    }

    /// By what a row is known here.
    pub fn key(&self, kind: &str, id: &str) -> (u64, u64) {
        (self.hasher.hash_one((kind, id)), self.hasher.hash_one((id, kind)))
    }

    /// By what a text is compared here.
    pub fn text(&self, text: &str) -> u64 {
        self.hasher.hash_one(text)
    }

    pub fn read(
        &mut self,
        view: &mut dyn Read,
        known: &Known,
        step: &mut dyn FnMut(u64),
    ) -> Result<(), StoreError> {
        each_page(view, known.head, &mut |_, page| {
            for stored in page {
                // What cannot be read was found before.
                if let Ok(record) = Record::read(stored.seq, &stored.body) {
                    self.take(&record, known)?;
                }
            }
            step(page.last().map_or(0, |last| last.seq));
            Ok(())
        })
    }

    fn take(&mut self, record: &Record, known: &Known) -> Result<(), StoreError> {
        let overflow = |_: Stop| StoreError::Corrupt(format!("第 {} 条记录使累计超出范围", record.seq));
        for posting in record.entry.postings() {
            let (account, fen) = (&posting.0, posting.1);
            match account.of_person() {
                Some((person, sub)) if self.follows(Standing::KIND, person) => {
                    let standing = self.standings.entry(person.to_owned()).or_default();
                    standing.account_area.get_or_insert_with(|| account.area.clone());
                    standing.moved(record.date, sub, fen);
                    match sub {
                        gongji_ledger::SubAccount::CurrentYear => standing.current_year += fen,
                        gongji_ledger::SubAccount::CarriedOver => standing.carried_over += fen,
                    }
                }
                Some(_) => {}
                None => {
                    let id = account.to_string();
                    if self.follows(Balance::KIND, &id) {
                        let balance = self.balances.entry(id).or_default();
                        *balance = Balance { fen: balance.fen + fen, seq: record.seq };
                    }
                }
            }
        }
        let settlement = record.settlement.as_deref();
        let moves = statement_moves(&record.kind, &record.line, settlement, record.date, &record.entry);
        for moved in moves.map_err(overflow)? {
            if self.follows(FundMonth::KIND, &moved.id) {
                let month = self.fund_months.entry(moved.id).or_default();
                add_to(&mut month.lines, &moved.line, moved.fen).map_err(overflow)?;
            }
        }
        let day =
            day_move(settlement, record.back.as_deref(), record.date, &record.entry).map_err(overflow)?;
        if let Some(by) = day.filter(|by| self.follows(ClearingDay::KIND, &by.id)) {
            let before = self.clearing_days.entry(by.id).or_default();
            let too_large = || StoreError::Corrupt(format!("第 {} 条记录使合计超出范围", record.seq));
            let sums = before.sums.plus(by.sums).ok_or_else(too_large)?;
            *before = ClearingDay { sums, last: record.seq };
        }
        if let Some(at) = record.account_at.as_ref().filter(|at| self.follows(Standing::KIND, &at.person)) {
            self.standings.entry(at.person.clone()).or_default().account_area = at.place();
        }
        for link in &record.people {
            if self.follows(Standing::KIND, &link.person) {
                let standing = self.standings.entry(link.person.clone()).or_default();
                standing.last = record.seq;
                if let Some(day) = record.closes {
                    standing.close(day);
                }
            }
        }
        // Only what lives counts: a cancelled settlement and its cancellation are left out together.
        let lives = record.cancels.is_none() && !known.cancelled.contains(&record.seq);
        for by in record.tallies.iter().filter(|_| lives) {
            if self.follows(Tally::KIND, &by.id) {
                move_tally(self.tallies.entry(by.id.clone()).or_default(), by).map_err(overflow)?;
            }
        }
        for after in &record.after {
            if self.follows(&after.kind, &after.id) {
                let text = after.body.as_ref().map(|body| self.text(body.get()));
                self.others.insert(self.key(&after.kind, &after.id), text);
            }
        }
        Ok(())
    }
}
