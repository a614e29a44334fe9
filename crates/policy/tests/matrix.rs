//! The matrix of areas × topics leaves no row of any pack out.

#![expect(clippy::unwrap_used, reason = "a test that meets an error fails")]

mod common;

use std::collections::BTreeSet;

use common::all_packs;
use gongji_policy::Grade;
use gongji_policy::view::{Topic, matrix, mutations};

#[test]
fn every_row_counts_somewhere() {
    for pack in all_packs() {
        // What can be changed comes once a row, also where layers are shared or tables inherited.
        let rows: BTreeSet<(String, usize)> =
            mutations(&pack).into_iter().map(|mutation| (mutation.path, mutation.row)).collect();
        let row = matrix(std::slice::from_ref(&pack), None).remove(0);
        let counted: usize = row.cells.iter().map(|(_, cell)| cell.known() + cell.unknown).sum();
        assert!(counted >= rows.len(), "{}: {counted} of {} rows", pack.area.name, rows.len());
        let topics: Vec<Topic> = row.cells.iter().map(|(topic, _)| *topic).collect();
        assert_eq!(topics, Topic::ALL);
    }
}

#[test]
fn a_day_shows_only_what_is_in_force() {
    let packs = all_packs();
    let count = |on| -> usize {
        let rows = matrix(&packs, on);
        rows.iter().flat_map(|row| &row.cells).map(|(_, cell)| cell.known() + cell.unknown).sum()
    };
    let (all, today) = (count(None), count(Some("2026-01-01".parse().unwrap())));
    assert!(0 < today && today < all, "{today} of {all}");
    assert_eq!(count(Some("1949-09-30".parse().unwrap())), 0);
}

#[test]
fn the_best_grade_comes_first() {
    let packs = all_packs();
    for (topic, cell) in matrix(&packs, None).iter().flat_map(|row| &row.cells) {
        assert!(cell.best() <= cell.worst(), "{topic:?}");
        assert_eq!(cell.is_empty(), cell.known() + cell.unknown == 0);
        assert!(cell.grades.values().all(|count| *count > 0));
    }
    assert!(Grade::Official < Grade::Unverified);
}
