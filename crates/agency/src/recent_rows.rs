//! The rows of late, as they are after the newest batch: whoever looks finds them here, already read, while the next batch is decided.
//!
//! A row is given out only for a view of the store at which it stood exactly so. What came into the store another way (another process, a commit whose
//! outcome is unknown) is noticed by the number of the last record, and all of it is forgotten.

use std::any::Any;
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use crate::port::{Head, RowId};

/// A row as its type, or as text until somebody asks for it by its type; `None` where there is none.
pub type Value = Option<Arc<dyn Any + Send + Sync>>;

/// So many rows, then those that nobody put here since go. Few in debug builds, so that tests meet it all the time.
const MOST_KEPT: usize = if cfg!(debug_assertions) { 60 } else { 20_000 };

#[derive(Clone)]
struct Kept {
    value: Value,
    /// The number of a record after which, and since when, the row is as it is.
    since: u64,
}

#[derive(Default)]
struct Rows {
    new: HashMap<RowId, Kept>,
    old: HashMap<RowId, Kept>,
    /// The number of the last record that is known here; `None` while nothing is.
    seq: Option<u64>,
}

/// The rows of late, shared by all who look and the one who writes.
#[derive(Default)]
pub struct RecentRows {
    rows: RwLock<Rows>,
}

impl Rows {
    fn find(&self, id: &RowId) -> Option<&Kept> {
        self.new.get(id).or_else(|| self.old.get(id))
    }

    fn put(&mut self, id: RowId, kept: Kept) {
        if self.new.len() >= MOST_KEPT {
            self.old = std::mem::take(&mut self.new);
        }
        self.new.insert(id, kept);
    }

    fn clear(&mut self) {
        self.new.clear();
        self.old.clear();
        self.seq = None;
    }
}

impl RecentRows {
    /// A row as it was when `seq` was the last record; `None` where that is not known here.
    pub fn get(&self, id: &RowId, seq: u64) -> Option<Value> {
        let rows = self.rows.read().unwrap_or_else(PoisonError::into_inner);
        if rows.seq.is_none_or(|known| known < seq) {
            return None;
        }
        rows.find(id).filter(|kept| kept.since <= seq).map(|kept| kept.value.clone())
    }

    /// Keeps a row that was read from the store when `seq` was the last record. Does nothing where that is no longer, or not yet, the newest state.
    pub fn learn(&self, id: &RowId, value: &Value, seq: u64) {
        let mut rows = self.rows.write().unwrap_or_else(PoisonError::into_inner);
        if *rows.seq.get_or_insert(seq) != seq {
            return;
        }
        // As its type instead of as text, or for the first time: in both cases since no later than now.
        let since = rows.find(id).map_or(seq, |kept| kept.since);
        rows.put(id.clone(), Kept { value: value.clone(), since });
    }

    /// Takes the rows that a batch changed, after its commit.
    pub fn publish(&self, before: Head, head: Head, changed: impl IntoIterator<Item = (RowId, Value)>) {
        let mut rows = self.rows.write().unwrap_or_else(PoisonError::into_inner);
        if rows.seq != Some(before.seq) {
            rows.clear();
        }
        for (id, value) in changed {
            rows.put(id, Kept { value, since: head.seq });
        }
        rows.seq = Some(head.seq);
    }

    /// Forgets everything: after a batch of which nobody knows whether it was kept.
    pub fn forget(&self) {
        self.rows.write().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(name: &str) -> RowId {
        RowId { kind: "r", id: name.to_owned() }
    }

    fn at(seq: u64) -> Head {
        Head { seq, ..Head::START }
    }

    fn row(text: &str) -> Value {
        Some(Arc::new(text.to_owned()))
    }

    fn found(recent: &RecentRows, name: &str, seq: u64) -> Option<String> {
        let value = recent.get(&id(name), seq)??;
        value.downcast_ref::<String>().cloned()
    }

    #[test]
    fn a_row_is_given_only_for_views_in_which_it_stood() {
        let recent = RecentRows::default();
        recent.publish(at(4), at(5), [(id("a"), row("five"))]);
        assert_eq!(found(&recent, "a", 4), None, "an older view saw something else");
        assert_eq!(found(&recent, "a", 5).as_deref(), Some("five"));
        assert_eq!(found(&recent, "a", 6), None, "a commit that nobody told of yet");
        recent.publish(at(5), at(7), [(id("b"), row("seven"))]);
        assert_eq!(found(&recent, "a", 6).as_deref(), Some("five"));
        assert_eq!(found(&recent, "b", 6), None);
        recent.publish(at(9), at(10), [(id("b"), row("ten"))]);
        assert_eq!(found(&recent, "a", 10), None, "somebody else wrote in between");
        assert_eq!(found(&recent, "b", 10).as_deref(), Some("ten"));
        recent.forget();
        assert_eq!(found(&recent, "b", 10), None);
    }

    #[test]
    fn what_was_read_is_kept_only_while_it_is_the_newest() {
        let recent = RecentRows::default();
        recent.learn(&id("a"), &row("early"), 3);
        assert_eq!(found(&recent, "a", 3).as_deref(), Some("early"), "the first state that is seen");
        recent.publish(at(4), at(5), []);
        assert_eq!(found(&recent, "a", 5), None, "somebody else wrote in between");
        recent.learn(&id("a"), &row("old"), 4);
        assert_eq!(found(&recent, "a", 5), None);
        recent.learn(&id("a"), &row("five"), 5);
        assert_eq!(found(&recent, "a", 5).as_deref(), Some("five"));
        assert_eq!(found(&recent, "a", 4), None);
        recent.publish(at(5), at(6), [(id("a"), None)]);
        assert!(matches!(recent.get(&id("a"), 6), Some(None)), "removed");
        recent.learn(&id("a"), &row("five"), 5);
        assert!(matches!(recent.get(&id("a"), 6), Some(None)), "read before the removal");
    }

    #[test]
    fn the_oldest_go() {
        let recent = RecentRows::default();
        recent.publish(at(0), at(1), [(id("first"), row("x"))]);
        let many = (0..=2 * MOST_KEPT).map(|number| (id(&number.to_string()), row("y")));
        recent.publish(at(1), at(2), many);
        assert_eq!(found(&recent, "first", 2), None);
        assert_eq!(found(&recent, &(2 * MOST_KEPT).to_string(), 2).as_deref(), Some("y"));
    }
}
