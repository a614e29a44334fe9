//! The rows that one batch of commands works with: fetched once, changed in memory, written together.

use std::any::Any;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::port::{Head, Outcome, Read, RowId, StoreError, StoredRecord};
use crate::recent_rows::{RecentRows, Value};
use crate::record::Record;
use crate::stop::Stop;

/// A kind of row.
pub trait Row: Serialize + DeserializeOwned + Any + Send + Sync {
    /// The kind's name in the store.
    const KIND: &'static str;
}

/// A row in memory.
#[derive(Clone)]
struct Kept {
    /// The row as its type; `None` where there is none.
    value: Value,
    /// The text to write, for rows changed since they were fetched.
    changed: Option<Change>,
}

/// How a changed row becomes text.
#[derive(Clone)]
enum Change {
    /// Not a text yet: hot rows change many times in a batch and are written once.
    Typed(fn(&dyn Any) -> Result<String, serde_json::Error>),
    /// Given as text.
    Text(Option<String>),
}

/// Rows in memory, and the head of the journal when they were true.
#[derive(Default)]
pub struct Cache {
    rows: HashMap<RowId, Kept>,
    /// Rows that nobody asked for of late, unchanged. What stands in `rows` stands before what stands here.
    old: HashMap<RowId, Kept>,
    /// Rows that were changed since they were written, some perhaps more than once.
    touched: Vec<RowId>,
    /// The number of the last record after which every row here was as it is.
    seq: Option<u64>,
}

/// When so many rows are at hand, those that nobody asks for from then on go; at most twice as many are kept between batches. Few in debug
/// builds, so that tests meet it all the time.
const MOST_KEPT: usize = if cfg!(debug_assertions) { 40 } else { 100_000 };

impl Cache {
    /// Forgets everything unless nobody else wrote since; where there is much, what nobody asked for of late.
    pub fn settle_to(&mut self, head: Head) {
        if self.seq != Some(head.seq) {
            self.forget();
        } else if self.rows.len() > MOST_KEPT {
            self.old = std::mem::take(&mut self.rows);
        }
        self.seq = Some(head.seq);
    }

    /// A row, if it is here.
    fn get(&mut self, id: &RowId) -> Option<&mut Kept> {
        // Asked twice, since a reference that is given back cannot be looked for elsewhere.
        if !self.rows.contains_key(id) {
            let (id, kept) = self.old.remove_entry(id)?;
            self.rows.insert(id, kept);
        }
        self.rows.get_mut(id)
    }

    /// Forgets everything: after a batch that was not kept.
    pub fn forget(&mut self) {
        self.rows.clear();
        self.old.clear();
        self.touched.clear();
        self.seq = None;
    }

    /// Takes every change as written, up to a record. The rows that changed.
    pub(crate) fn written(&mut self, head: Head) -> Vec<(RowId, Value)> {
        self.seq = Some(head.seq);
        let mut changed = Vec::with_capacity(self.touched.len());
        for id in self.touched.drain(..) {
            if let Some(kept) = self.rows.get_mut(&id).filter(|kept| kept.changed.is_some()) {
                kept.changed = None;
                changed.push((id, kept.value.clone()));
            }
        }
        changed
    }
}

/// So many rows of a list are read together.
const TOGETHER: usize = 500;

/// The working set of a batch over a view of the store.
pub struct Desk<'view> {
    view: &'view mut dyn Read,
    cache: &'view mut Cache,
    /// Rows that others read or wrote, and the last record of this view.
    recent: Option<(&'view RecentRows, u64)>,
    /// Whether a row that is not in memory is asked for later, with those of other commands.
    gathering: bool,
    missing: Vec<RowId>,
    /// What rows were before the command under way.
    undo: Vec<(RowId, Option<Kept>)>,
    /// Records of this batch, not yet in the journal.
    records: Vec<StoredRecord>,
    /// What became of keys in this batch, and what was found of older ones.
    outcomes: HashMap<String, Option<Outcome>>,
}

fn text_of<R: Row>(value: &dyn Any) -> Result<String, serde_json::Error> {
    match value.downcast_ref::<R>() {
        Some(row) => serde_json::to_string(row),
        None => Ok(String::new()),
    }
}

fn read<R: Row>(id: &RowId, text: &str) -> Result<Arc<R>, StoreError> {
    serde_json::from_str(text).map(Arc::new).map_err(|error| damaged(id, error))
}

/// A row as its type, and whether it had to be read from its text.
fn typed<R: Row>(id: &RowId, value: &Value) -> Result<(Option<Arc<R>>, bool), StoreError> {
    let Some(value) = value else { return Ok((None, false)) };
    match Arc::clone(value).downcast::<R>() {
        Ok(row) => Ok((Some(row), false)),
        Err(value) => {
            let text = value.downcast_ref::<String>().map(String::as_str).unwrap_or_default();
            read(id, text).map(|row| (Some(row), true))
        }
    }
}

fn damaged(id: &RowId, error: impl std::fmt::Display) -> StoreError {
    StoreError::Corrupt(format!("{}/{} 读不懂：{error}", id.kind, id.id))
}

impl<'view> Desk<'view> {
    /// A desk over a view, with what the cache holds.
    pub fn new(view: &'view mut dyn Read, cache: &'view mut Cache) -> Desk<'view> {
        Desk {
            view,
            cache,
            recent: None,
            gathering: false,
            missing: Vec::new(),
            undo: Vec::new(),
            records: Vec::new(),
            outcomes: HashMap::new(),
        }
    }

    /// With the rows that others read or wrote, over a view whose last record is `seq`.
    pub(crate) fn with_recent(self, recent: &'view RecentRows, seq: u64) -> Desk<'view> {
        Desk { recent: Some((recent, seq)), ..self }
    }

    /// The view itself, for lists.
    pub fn view(&mut self) -> &mut dyn Read {
        self.view
    }

    /// A record, of this batch or of the journal.
    ///
    /// # Errors
    /// Those of the store; a record that cannot be read.
    pub fn record(&mut self, seq: u64) -> Result<Option<Record>, StoreError> {
        if let Some(record) = self.records.iter().find(|record| record.seq == seq) {
            return Record::read(seq, &record.body).map(Some);
        }
        match self.view.records(&[seq])?.pop().flatten() {
            Some(stored) => Record::read(seq, &stored.body).map(Some),
            None => Ok(None),
        }
    }

    /// Records of these numbers, of this batch or of the journal, in their order.
    ///
    /// # Errors
    /// As [`Desk::record`].
    pub fn records_of(&mut self, seqs: &[u64]) -> Result<Vec<Option<Record>>, StoreError> {
        let stored = self.view.records(seqs)?;
        let mut records = Vec::with_capacity(seqs.len());
        for (seq, stored) in seqs.iter().zip(stored) {
            let own = self.records.iter().find(|record| record.seq == *seq);
            records.push(match own.or(stored.as_ref()) {
                Some(stored) => Some(Record::read(*seq, &stored.body)?),
                None => None,
            });
        }
        Ok(records)
    }

    /// Adds a record of this batch.
    pub fn add(&mut self, record: StoredRecord) {
        self.records.push(record);
    }

    /// Takes the records of this batch.
    pub fn take_records(&mut self) -> Vec<StoredRecord> {
        std::mem::take(&mut self.records)
    }

    /// Looks up many keys at once.
    ///
    /// # Errors
    /// Those of the store.
    pub fn look_up(&mut self, keys: &[String]) -> Result<(), StoreError> {
        for (key, outcome) in keys.iter().zip(self.view.outcomes(keys)?) {
            self.outcomes.insert(key.clone(), outcome);
        }
        Ok(())
    }

    /// What became of a key, in this batch or before.
    ///
    /// # Errors
    /// Those of the store.
    pub fn outcome(&mut self, key: &str) -> Result<Option<Outcome>, StoreError> {
        if let Some(known) = self.outcomes.get(key) {
            return Ok(known.clone());
        }
        let found = self.view.outcomes(&[key.to_owned()])?.pop().flatten();
        self.outcomes.insert(key.to_owned(), found.clone());
        Ok(found)
    }

    /// Remembers what became of a key.
    pub fn remember(&mut self, key: &str, outcome: Outcome) {
        self.outcomes.insert(key.to_owned(), Some(outcome));
    }

    /// From here on changes can be taken back.
    pub fn mark(&mut self) {
        self.undo.clear();
    }

    /// Takes back every change since the mark.
    pub fn take_back(&mut self) {
        for (id, before) in self.undo.drain(..).rev() {
            match before {
                Some(kept) => self.cache.rows.insert(id, kept),
                None => self.cache.rows.remove(&id),
            };
        }
    }

    fn set(&mut self, id: RowId, kept: Kept) {
        let before = self.cache.rows.insert(id.clone(), kept);
        if before.as_ref().is_none_or(|before| before.changed.is_none()) {
            self.cache.touched.push(id.clone());
        }
        self.undo.push((id, before));
    }

    /// From now on rows that are not at hand are noted instead of fetched one by one.
    pub fn gather(&mut self, gathering: bool) {
        self.gathering = gathering;
    }

    /// Fetches all that was noted. Whether there was any.
    ///
    /// # Errors
    /// Those of the store.
    pub fn fetch(&mut self) -> Result<bool, StoreError> {
        let mut missing = std::mem::take(&mut self.missing);
        missing.sort();
        missing.dedup();
        if missing.is_empty() {
            return Ok(false);
        }
        let texts = self.view.rows(&missing)?;
        for (id, text) in missing.into_iter().zip(texts) {
            // Kept as text until somebody asks for it by its type.
            let value = text.map(|text| Arc::new(text) as Arc<dyn Any + Send + Sync>);
            self.cache.rows.insert(id, Kept { value, changed: None });
        }
        Ok(true)
    }

    /// Fetches rows of a kind together, in one journey: those of many people that one command looks at.
    ///
    /// # Errors
    /// Those of the store.
    pub fn bring<R: Row>(&mut self, ids: impl IntoIterator<Item = String>) -> Result<(), StoreError> {
        let keys = ids.into_iter().map(|id| RowId { kind: R::KIND, id });
        let absent: Vec<RowId> = keys.filter(|key| !self.cache.rows.contains_key(key)).collect();
        if absent.is_empty() {
            return Ok(());
        }
        let texts = self.view.rows(&absent)?;
        for (id, text) in absent.into_iter().zip(texts) {
            let value = text.map(|text| Arc::new(text) as Arc<dyn Any + Send + Sync>);
            self.cache.rows.insert(id, Kept { value, changed: None });
        }
        Ok(())
    }

    /// A row of an id.
    ///
    /// # Errors
    /// [`Stop::NotAtHand`] while gathering; those of the store.
    pub fn get<R: Row>(&mut self, id: &str) -> Result<Option<Arc<R>>, Stop> {
        let key = RowId { kind: R::KIND, id: id.to_owned() };
        if let Some(kept) = self.cache.get(&key) {
            let (row, read) = typed::<R>(&key, &kept.value)?;
            if read {
                kept.value = row.clone().map(|row| row as Arc<dyn Any + Send + Sync>);
            }
            return Ok(row);
        }
        let (row, read) = match self.recent.and_then(|(recent, seq)| recent.get(&key, seq)) {
            Some(value) => typed::<R>(&key, &value)?,
            None if self.gathering => {
                self.missing.push(key.clone());
                return Err(Stop::NotAtHand(vec![key]));
            }
            None => {
                let text = self.view.rows(std::slice::from_ref(&key))?.pop().flatten();
                (text.map(|text| read::<R>(&key, &text)).transpose()?, true)
            }
        };
        let value: Value = row.clone().map(|row| row as Arc<dyn Any + Send + Sync>);
        if let Some((recent, seq)) = self.recent.filter(|_| read) {
            recent.learn(&key, &value, seq);
        }
        self.cache.rows.insert(key, Kept { value, changed: None });
        Ok(row)
    }

    /// A row that must be there because another row says so.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] where it is not; as [`Desk::get`].
    pub fn need<R: Row>(&mut self, id: &str) -> Result<Arc<R>, Stop> {
        self.get::<R>(id)?.ok_or_else(|| Stop::Store(StoreError::Corrupt(format!("缺少 {}/{id}", R::KIND))))
    }

    /// The rows of a kind whose ids begin with `prefix`, come after `after` and before `until` (byte order), as they stand with what this batch changed.
    ///
    /// # Errors
    /// Those of the store; a row that cannot be read.
    pub fn between<R: Row>(
        &mut self,
        prefix: &str,
        after: &str,
        until: Option<&str>,
    ) -> Result<BTreeMap<String, Arc<R>>, Stop> {
        let ends = |id: &str| until.is_some_and(|until| id >= until);
        let mut rows = BTreeMap::new();
        let mut last = after.to_owned();
        loop {
            let page = self.view.page(R::KIND, prefix, &last, TOGETHER)?;
            let more = page.len() == TOGETHER;
            for (id, text) in page {
                if ends(&id) {
                    last.clear();
                    break;
                }
                let key = RowId { kind: R::KIND, id: id.clone() };
                let row: R = serde_json::from_str(&text).map_err(|error| damaged(&key, error))?;
                last.clone_from(&id);
                rows.insert(id, Arc::new(row));
            }
            if !more || last.is_empty() {
                break;
            }
        }
        let inside = |id: &str| id.starts_with(prefix) && id > after && !ends(id);
        let touched = self.cache.touched.iter().filter(|id| id.kind == R::KIND && inside(&id.id));
        let touched: Vec<String> = touched.map(|id| id.id.clone()).collect();
        for id in touched {
            match self.get::<R>(&id)? {
                Some(row) => rows.insert(id, row),
                None => rows.remove(&id),
            };
        }
        Ok(rows)
    }

    /// Changes a row.
    pub fn put<R: Row>(&mut self, id: &str, row: R) {
        let key = RowId { kind: R::KIND, id: id.to_owned() };
        let kept = Kept { value: Some(Arc::new(row)), changed: Some(Change::Typed(text_of::<R>)) };
        self.set(key, kept);
    }

    /// Changes a row given as text, or removes it.
    pub fn put_text(&mut self, key: RowId, text: Option<String>) {
        let value = text.clone().map(|text| Arc::new(text) as Arc<dyn Any + Send + Sync>);
        self.set(key, Kept { value, changed: Some(Change::Text(text)) });
    }

    /// Every changed row as text, in order of id.
    ///
    /// # Errors
    /// A row that is no JSON, which never happens.
    pub fn changes(&self) -> Result<Vec<(RowId, Option<String>)>, StoreError> {
        let mut touched: Vec<&RowId> = self.cache.touched.iter().collect();
        touched.sort_unstable();
        touched.dedup();
        let mut changes = Vec::with_capacity(touched.len());
        for id in touched {
            let Some(kept) = self.cache.rows.get(id) else { continue };
            let text = match (&kept.changed, &kept.value) {
                (None, _) => continue,
                (Some(Change::Text(text)), _) => text.clone(),
                (Some(Change::Typed(_)), None) => None,
                (Some(Change::Typed(write)), Some(value)) => {
                    Some(write(value.as_ref()).map_err(|error| damaged(id, error))?)
                }
            };
            changes.push((id.clone(), text));
        }
        Ok(changes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: usize) -> RowId {
        RowId { kind: "r", id: number.to_string() }
    }

    fn kept(text: &str) -> Kept {
        Kept { value: Some(Arc::new(text.to_owned())), changed: None }
    }

    fn text(cache: &mut Cache, number: usize) -> Option<String> {
        cache.get(&id(number))?.value.as_ref()?.downcast_ref::<String>().cloned()
    }

    #[test]
    fn what_nobody_asks_for_goes_and_the_newest_stays() {
        let head = Head { seq: 7, ..Head::START };
        let mut cache = Cache { seq: Some(7), ..Cache::default() };
        let fill = |cache: &mut Cache| {
            (10..=10 + MOST_KEPT).for_each(|number| drop(cache.rows.insert(id(number), kept("filler"))));
        };
        (1..=3).for_each(|number| drop(cache.rows.insert(id(number), kept("first"))));
        fill(&mut cache);
        cache.settle_to(head);
        assert_eq!(text(&mut cache, 1).as_deref(), Some("first"), "asked for");
        cache.rows.insert(id(2), kept("second"));
        assert_eq!(text(&mut cache, 2).as_deref(), Some("second"), "written over unseen");
        fill(&mut cache);
        cache.settle_to(head);
        assert_eq!(text(&mut cache, 1).as_deref(), Some("first"));
        assert_eq!(text(&mut cache, 2).as_deref(), Some("second"));
        assert_eq!(text(&mut cache, 3), None, "nobody asked for it");
        cache.settle_to(Head { seq: 9, ..head });
        assert_eq!(text(&mut cache, 1), None, "somebody else wrote");
    }
}
