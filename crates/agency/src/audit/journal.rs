//! The journal on its own: chain, books, tables, files, keys.

use std::collections::{BTreeMap, HashMap, HashSet};

use gongji_ledger::{Account, AccountKind, ChainHash, Posting};

use super::{Findings, each_page};
use crate::clearing::day_move;
use crate::port::{Head, Read, StoreError, StoredRecord};
use crate::record::Record;

/// What the journal as a whole says.
pub(super) struct Known {
    /// The head up to which was read.
    pub head: Head,
    /// Records that were cancelled.
    pub cancelled: HashSet<u64>,
    pub live_settlements: u64,
    pub keys: u64,
}

/// Reads the whole journal once.
pub(super) fn check(
    view: &mut dyn Read,
    head: Head,
    findings: &mut Findings,
    step: &mut dyn FnMut(u64),
) -> Result<Known, StoreError> {
    let mut known = Known { head, cancelled: HashSet::new(), live_settlements: 0, keys: 0 };
    let mut chain = Chain { hash: ChainHash::START, seq: 0, booked_at: 0 };
    let mut files: HashMap<String, u64> = HashMap::new();
    let mut days: HashMap<String, u64> = HashMap::new();
    each_page(view, head, &mut |view, page| {
        let mut records = Vec::with_capacity(page.len());
        for stored in page {
            chain.follow(stored, findings);
            match Record::read(stored.seq, &stored.body) {
                Ok(record) => {
                    copies(stored, &record, findings);
                    records.push(record);
                }
                Err(error) => findings.add(format!("第 {} 条记录", stored.seq), "可读的记录", error),
            }
        }
        for record in &records {
            one(record, &mut known, &mut files, findings);
            clearing(record, &mut days, findings);
        }
        super::negative::check(view, &records, findings)?;
        keys(view, &records, findings)?;
        step(chain.seq);
        Ok(())
    })?;
    if chain.seq != head.seq || chain.hash != head.hash {
        findings.add(
            "流水末尾",
            format!("{} {}", chain.seq, chain.hash),
            format!("{} {}", head.seq, head.hash),
        );
    }
    outcomes(view, &mut known, findings)?;
    Ok(known)
}

struct Chain {
    hash: ChainHash,
    seq: u64,
    booked_at: i64,
}

impl Chain {
    fn follow(&mut self, stored: &StoredRecord, findings: &mut Findings) {
        let place = || format!("第 {} 条记录", stored.seq);
        if stored.seq != self.seq + 1 {
            findings.add(place(), format!("编号 {}", self.seq + 1), format!("编号 {}", stored.seq));
        }
        let hash = self.hash.link(stored.body.as_bytes());
        if hash != stored.hash {
            findings.add(place(), format!("哈希 {hash}"), format!("哈希 {}", stored.hash));
        }
        if stored.booked_at < self.booked_at {
            findings.add(place(), format!("记账时间不早于 {}", self.booked_at), stored.booked_at);
        }
        // From here on the chain is that of what is kept, so that one broken record is one finding.
        *self = Chain { hash: stored.hash, seq: stored.seq, booked_at: stored.booked_at };
    }
}

/// What is copied from a record for people who look with SQL.
fn copies(stored: &StoredRecord, record: &Record, findings: &mut Findings) {
    let person = record.people.first().map_or("", |link| link.person.as_str());
    let of_record = format!("{} {person} {} {}", record.kind, record.date, record.booked_at);
    let copied = format!("{} {} {} {}", stored.kind, stored.person, stored.business_date, stored.booked_at);
    if of_record != copied {
        findings.add(format!("第 {} 条记录的摘要列", record.seq), of_record, copied);
    }
}

/// One record against itself and what came before.
fn one(record: &Record, known: &mut Known, files: &mut HashMap<String, u64>, findings: &mut Findings) {
    let place = || format!("第 {} 条记录", record.seq);
    if let Err(error) = record.entry.check() {
        findings.add(place(), "借贷平衡", error);
    }
    if let Some(settlement) = &record.settlement {
        known.live_settlements += 1;
        if let Err(error) = settlement.check() {
            findings.add(place(), "各项合计等于总额", error);
        }
        let booked = |of: fn(&AccountKind) -> bool| -> i64 {
            let of = record.entry.postings().iter().filter(|posting| of(&posting.0.kind));
            of.map(|posting| posting.1).sum()
        };
        let institution = booked(|kind| matches!(kind, AccountKind::Payable { .. }));
        let person = booked(|kind| {
            matches!(kind, AccountKind::PayablePerson { .. } | AccountKind::ReceivablePerson { .. })
        });
        let (to_institution, to_person) = settlement.owed();
        if institution != to_institution {
            findings.add(place(), format!("应付机构 {to_institution} 分"), format!("{institution} 分"));
        }
        if person != to_person {
            findings.add(place(), format!("应付个人 {to_person} 分"), format!("{person} 分"));
        }
    }
    if let Some(cancels) = record.cancels {
        if cancels >= record.seq || !known.cancelled.insert(cancels) {
            findings.add(place(), "撤销一笔有效的在前记录", format!("撤销第 {cancels} 条"));
        } else if record.kind != "cancel_income" {
            known.live_settlements = known.live_settlements.saturating_sub(1);
        }
    }
    for link in &record.people {
        let before = files.insert(link.person.clone(), record.seq).unwrap_or(0);
        if before != link.prev {
            findings.add(
                format!("{}，{} 的档案", place(), link.person),
                format!("前一条 {before}"),
                link.prev,
            );
        }
    }
}

/// Where a record stands among those of an institution's day; what areas owe each other by it, which each says of the other.
fn clearing(record: &Record, days: &mut HashMap<String, u64>, findings: &mut Findings) {
    let place = || format!("第 {} 条记录", record.seq);
    let settlement = record.settlement.as_deref();
    let moved = day_move(settlement, record.back.as_deref(), record.date, &record.entry);
    let before = match moved.ok().flatten() {
        Some(moved) => days.insert(moved.id, record.seq).unwrap_or(0),
        None => 0,
    };
    if before != record.day_prev {
        findings.add(format!("{}，机构当日明细", place()), format!("前一条 {before}"), record.day_prev);
    }
    // Each side says for itself whose money it is: the pool's and that of the accounts are taken together.
    let mut sides: BTreeMap<(&str, &str), i128> = BTreeMap::new();
    for Posting(account, fen) in record.entry.postings() {
        if let AccountKind::Clearing { other, .. } = &account.kind {
            *sides.entry((&account.area, other)).or_default() += i128::from(*fen);
        }
    }
    for ((area, other), fen) in &sides {
        let opposite = sides.get(&(*other, *area)).copied().unwrap_or(0);
        if opposite != -fen {
            findings.add(
                format!("{}，{}", place(), Account::clearing(area, other)),
                format!("对方 {} 分", -fen),
                opposite,
            );
        }
    }
}

/// Every record's key tells of it.
fn keys(view: &mut dyn Read, records: &[Record], findings: &mut Findings) -> Result<(), StoreError> {
    let keys: Vec<String> = records.iter().map(|record| record.key.clone()).collect();
    for (record, outcome) in records.iter().zip(view.outcomes(&keys)?) {
        // A command may make several records; its key tells of the last.
        let told = outcome.and_then(|outcome| outcome.seq);
        if told.is_none_or(|seq| seq < record.seq) {
            let found = told.map_or_else(|| "没有".to_owned(), |seq| format!("第 {seq} 条"));
            findings.add(format!("键 {}", record.key), format!("第 {} 条记录", record.seq), found);
        }
    }
    let reversed: Vec<String> = records.iter().filter_map(|record| record.tombstone.clone()).collect();
    for (key, outcome) in reversed.iter().zip(view.outcomes(&reversed)?) {
        if outcome.is_none_or(|outcome| outcome.seq.is_some()) {
            findings.add(format!("键 {key}"), "到达之前已冲正", "没有拒绝它");
        }
    }
    Ok(())
}

/// Every key that tells of a record tells of one that was made under it.
fn outcomes(view: &mut dyn Read, known: &mut Known, findings: &mut Findings) -> Result<(), StoreError> {
    let mut after = String::new();
    loop {
        let page = view.outcome_page(&after, super::TOGETHER)?;
        let Some((last, _)) = page.last() else { return Ok(()) };
        after.clone_from(last);
        known.keys += page.len() as u64;
        let seqs: Vec<u64> = page.iter().filter_map(|(_, outcome)| outcome.seq).collect();
        let mut records = view.records(&seqs)?.into_iter();
        for (key, _) in page.iter().filter(|(_, outcome)| outcome.seq.is_some()) {
            let made = records.next().flatten();
            let of_key = made.as_ref().and_then(|stored| Record::read(stored.seq, &stored.body).ok());
            if of_key.as_ref().map(|record| record.key.as_str()) != Some(key.as_str()) {
                let found = made.map_or_else(
                    || "没有这条记录".to_owned(),
                    |stored| format!("第 {} 条记录是别的键的", stored.seq),
                );
                findings.add(format!("键 {key}"), "它自己的记录", found);
            }
        }
    }
}
