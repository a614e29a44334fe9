//! The addresses of the interface: single ones, where `infno` decides, and one for each transaction.

use std::collections::HashMap;
use std::sync::OnceLock;

/// What an address takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Every transaction: `infno` decides.
    Any,
    /// The transaction of a number.
    Only(&'static str),
}

impl Place {
    /// Whether a transaction may be posted there.
    pub fn takes(self, number: &str) -> bool {
        match self {
            Place::Any => true,
            Place::Only(only) => only == number,
        }
    }
}

const TEXT: &str = include_str!("../../assets/paths.tsv");

struct Table {
    whole: HashMap<&'static str, Place>,
    /// What addresses of a bus begin with.
    buses: Vec<&'static str>,
}

/// Paths and what they take, as they stand in the data; those that end in `*` are buses.
pub fn paths() -> impl Iterator<Item = (&'static str, Place)> {
    let lines = TEXT.lines().filter(|line| !line.starts_with('#'));
    lines
        .filter_map(|line| line.split_once('\t'))
        .map(|(path, number)| (path, if number == "*" { Place::Any } else { Place::Only(number) }))
}

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut table = Table { whole: HashMap::new(), buses: Vec::new() };
        for (path, place) in paths() {
            match path.strip_suffix('*') {
                Some(beginning) => table.buses.push(beginning),
                None => {
                    table.whole.insert(path, place);
                }
            }
        }
        table
    })
}

/// The part of every address of a transaction that comes before its own.
pub const SERVICES: &str = "/fsi/api/";

/// What an address takes; `None` where the interface has no such address.
pub fn place(path: &str) -> Option<Place> {
    let table = table();
    if let Some(place) = table.whole.get(path) {
        return Some(*place);
    }
    table.buses.iter().any(|beginning| path.starts_with(beginning)).then(|| {
        let own = path.find(SERVICES).and_then(|at| table.whole.get(&path[at..]));
        own.copied().unwrap_or(Place::Any)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_of_the_table_is_found_and_known() {
        let mut count = 0;
        for (path, expected) in paths() {
            count += 1;
            assert!(path.starts_with('/'), "{path}");
            assert_eq!(place(path), Some(expected), "{path}");
            if let Place::Only(number) = expected {
                // The electronic credential's own service is described nowhere among the transactions.
                assert!(number == "1162" || crate::fields::transaction(number).is_some(), "{path}: {number}");
            }
        }
        assert!(count > 60, "{count}");
    }

    #[test]
    fn a_bus_carries_the_paths_of_others() {
        let settle = place("/ebus/rio_fsi/fsi/api/outpatientSettleService/saveSettletmentV2").expect("there");
        assert_eq!(settle, Place::Only("2207"));
        assert!(settle.takes("2207") && !settle.takes("2206"));
        assert_eq!(place("/isp/ebus/gzyth/anything"), Some(Place::Any));
        assert_eq!(
            place("/fsi/api/outpatientSettleService/saveSettlement"),
            None,
            "spelt right is spelt wrong"
        );
        assert_eq!(place("/fsi/api/"), None);
    }
}
