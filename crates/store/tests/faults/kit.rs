//! Batches that can be recognized afterwards, and what must be true after every fault.

use gongji_agency::port::{Head, Outcome, RowId, Store, StoreError, StoredRecord, Write};

/// Random numbers that a seed repeats (SplitMix64).
pub struct Dice(u64);

impl Dice {
    /// From `GONGJI_SEED`, or a fixed seed; printed.
    pub fn new(test: &str) -> Dice {
        let seed = std::env::var("GONGJI_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(20_260_131);
        eprintln!("{test}: GONGJI_SEED={seed}");
        Dice(seed)
    }

    /// From a number.
    pub fn seeded(seed: u64) -> Dice {
        Dice(seed)
    }

    /// Any number.
    pub fn any(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        self.any() % end
    }
}

/// The row that counts all records.
fn counter() -> RowId {
    RowId { kind: "counter", id: "all".to_owned() }
}

/// Adds one record a key, with its outcome, and counts them in a row. Keys that are there already are left out, as a caller does who asks again.
pub fn book(batch: &mut dyn Write, keys: &[String], bulk: usize) -> Result<(), StoreError> {
    let known = batch.outcomes(keys)?;
    let fresh = keys.iter().zip(known).filter(|(_, outcome)| outcome.is_none()).map(|(key, _)| key);
    let mut head = batch.head()?;
    let (mut records, mut outcomes) = (Vec::new(), Vec::new());
    for key in fresh {
        let body = format!("{{\"key\":\"{key}\",\"bulk\":\"{}\"}}", "x".repeat(bulk));
        head =
            Head { seq: head.seq + 1, hash: head.hash.link(body.as_bytes()), booked_at: head.booked_at + 1 };
        records.push(StoredRecord {
            seq: head.seq,
            body,
            hash: head.hash,
            kind: "test".to_owned(),
            person: key.clone(),
            business_date: "2026-01-31".to_owned(),
            booked_at: head.booked_at,
        });
        outcomes
            .push((key.clone(), Outcome { request: [1; 32], seq: Some(head.seq), refusal: String::new() }));
    }
    batch.append(&records)?;
    batch.remember(&outcomes)?;
    batch.put(&[(counter(), Some(head.seq.to_string()))])
}

/// Books the keys, asking again by the same keys as long as the store says that it may or may not have kept them.
pub fn book_surely(store: &dyn Store, keys: &[String], bulk: usize) {
    loop {
        match store.write(&mut |batch| book(batch, keys, bulk)) {
            Ok(()) => return,
            Err(StoreError::Unknown(_) | StoreError::Unavailable(_)) => {}
            Err(error) => panic!("{error:?}"),
        }
    }
}

/// What must hold whenever a store is opened: numbers without gaps, an unbroken chain that ends in the head, for each record exactly one outcome
/// under its own key, and the row that counts them. Gives the keys in order.
pub fn audit(store: &dyn Store) -> Vec<String> {
    let mut keys = Vec::new();
    store
        .read(&mut |view| {
            let head = view.head()?;
            let mut last = Head::START;
            loop {
                let part = view.records_after(last.seq, 1_000)?;
                if part.is_empty() {
                    break;
                }
                for record in part {
                    assert_eq!(record.seq, last.seq + 1, "no gap");
                    assert_eq!(record.hash, last.hash.link(record.body.as_bytes()), "the chain holds");
                    last = Head { seq: record.seq, hash: record.hash, booked_at: record.booked_at };
                    keys.push(record.person);
                }
            }
            assert_eq!(head, last, "the head is the journal's end");
            let (mut after, mut outcomes) = (String::new(), 0_u64);
            loop {
                let part = view.outcome_page(&after, 1_000)?;
                let Some((key, _)) = part.last() else { break };
                after.clone_from(key);
                for (key, outcome) in part {
                    let seq = outcome.seq.expect("every key made a record");
                    let at = usize::try_from(seq - 1).expect("small");
                    assert_eq!(keys.get(at), Some(&key), "the outcome leads to the record of its key");
                    outcomes += 1;
                }
            }
            assert_eq!(outcomes, head.seq, "as many outcomes as records");
            let counted = view.rows(&[counter()])?.remove(0);
            assert_eq!(counted.unwrap_or_else(|| "0".to_owned()), head.seq.to_string(), "the row agrees");
            Ok(())
        })
        .expect("a view");
    keys
}

/// Each of these keys was booked exactly once.
pub fn assert_once(booked: &[String], keys: &[String]) {
    let mut sorted: Vec<&String> = booked.iter().collect();
    sorted.sort();
    assert!(sorted.windows(2).all(|pair| pair[0] != pair[1]), "a key was booked twice");
    for key in keys {
        assert!(sorted.binary_search(&key).is_ok(), "{key} was answered and is lost");
    }
}
