//! The books as a whole: what every test of the year asks at its end.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::world::World;

/// Books one step after the other until the work is done; gives the last answer.
pub fn step_through(world: &World, kind: &str, mut body: Value) -> Value {
    loop {
        let told = world.ok(kind, body.clone()).result;
        if told["done"] == json!(true) {
            return told;
        }
        body["after"] = told["after"].clone();
    }
}

/// Every balance by account, personal ones included, in fen, credit positive.
pub fn books(world: &World) -> BTreeMap<String, i64> {
    let mut books = BTreeMap::new();
    let (mut kind, mut id) = (String::new(), String::new());
    loop {
        let mut page = Vec::new();
        world
            .home
            .read_all(&mut |view| {
                page = view.rows_after(&kind, &id, 1_000)?;
                Ok(())
            })
            .expect("a view");
        let Some(last) = page.last() else { return books };
        (kind, id) = (last.kind.clone(), last.id.clone());
        for row in page {
            let body: Value = serde_json::from_str(&row.body).expect("JSON");
            match row.kind.as_str() {
                "balance" => {
                    books.insert(row.id, body["fen"].as_i64().expect("fen"));
                }
                "standing" => {
                    let Some(area) = body["account_area"].as_str() else { continue };
                    for sub in ["current_year", "carried_over"] {
                        let fen = body[sub].as_i64().expect("fen");
                        books.insert(format!("{area}/personal/{}/{sub}", row.id), fen);
                    }
                }
                _ => {}
            }
        }
    }
}

/// Σ of the accounts of an area whose code begins so after the area.
pub fn sum(books: &BTreeMap<String, i64>, area: &str, under: &str) -> i64 {
    let prefix = format!("{area}/{under}");
    books.iter().filter(|(account, _)| account.starts_with(&prefix)).map(|(_, fen)| fen).sum()
}

/// The audit finds nothing, and the books of each area sum to zero.
pub fn assert_books(world: &World) {
    world.assert_sound();
    let books = books(world);
    let mut areas: Vec<&str> = books.keys().filter_map(|account| account.split('/').next()).collect();
    areas.dedup();
    for area in areas {
        assert_eq!(sum(&books, area, ""), 0, "the books of {area}: {books:#?}");
    }
}
