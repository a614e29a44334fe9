//! The catalogue: public, like every catalogue.

use super::{Page, rows, walk};
use crate::context::Context;
use crate::desk::{Desk, Row};
use crate::row::Item;
use crate::stop::Stop;

/// Items of an area's catalogue (`000000` for the national one) whose name or code holds a text, in order of code. Everybody may ask.
///
/// # Errors
/// Those of the store.
pub fn items(
    desk: &mut Desk<'_>,
    _context: &Context<'_>,
    (area, text): (&str, &str),
    after: &str,
    limit: usize,
) -> Result<Page<Item>, Stop> {
    let prefix = format!("{area}/");
    walk(desk, (Item::KIND, &prefix, after), limit, |desk, part| {
        let ids: Vec<String> = part.iter().map(|(id, _)| id.clone()).collect();
        let fits = |item: &Item| item.name.contains(text) || item.code.contains(text);
        Ok(rows::<Item>(desk, &ids)?.into_iter().map(|item| item.filter(fits)).collect())
    })
}

/// The whole catalogue of an area, in order of code, for [`crate::catalogue::items_to_csv`].
///
/// # Errors
/// Those of the store.
pub fn every_item(desk: &mut Desk<'_>, context: &Context<'_>, area: &str) -> Result<Vec<Item>, Stop> {
    let mut all = Vec::new();
    let mut after = String::new();
    loop {
        let page = items(desk, context, (area, ""), &after, super::MOST_ON_A_PAGE)?;
        all.extend(page.entries);
        match page.next {
            Some(next) => after = next,
            None => return Ok(all),
        }
    }
}
