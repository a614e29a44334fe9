//! The field descriptions of every known transaction, as data.

use std::collections::BTreeMap;
use std::sync::OnceLock;

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// Text.
    Text,
    /// A number.
    Number,
    /// A day.
    Date,
    /// A day and a time.
    DateTime,
    /// Bytes.
    Bytes,
    /// true or false.
    Flag,
    /// Objects within.
    Group,
}

/// A field of a node.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Its name on the wire.
    pub name: &'static str,
    /// Its meaning in Chinese.
    pub meaning: &'static str,
    /// What it holds.
    pub kind: FieldKind,
    /// How long: characters, or `16,2` for digits and decimals; empty where not told.
    pub length: &'static str,
    /// Whether the described edition wants it. Other provinces may not.
    pub required: bool,
    /// Whether its values come from a code table.
    pub coded: bool,
}

/// Which way a node goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// In the request.
    In,
    /// In the answer.
    Out,
    /// In an uploaded file.
    FileIn,
    /// In a downloaded file.
    FileOut,
}

/// A node: an object, or a list of objects. Without a name its fields lie directly in input or output.
#[derive(Clone, Debug)]
pub struct Node {
    /// Its name; empty for fields that lie directly in input or output.
    pub name: &'static str,
    /// Which way it goes.
    pub direction: Direction,
    /// Its fields, in order.
    pub fields: Vec<Field>,
}

impl Node {
    /// The field of a name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}

/// A numbered transaction.
#[derive(Clone, Debug)]
pub struct Transaction {
    /// Its number, with a letter for variants: `2203A`.
    pub number: &'static str,
    /// Its name in Chinese.
    pub name: &'static str,
    /// Its nodes; empty where only number and name are known.
    pub nodes: Vec<Node>,
}

impl Transaction {
    /// The node of a name and direction.
    pub fn node(&self, direction: Direction, name: &str) -> Option<&Node> {
        self.nodes.iter().find(|node| node.direction == direction && node.name == name)
    }
}

const TEXT: &str = include_str!("../assets/fields.tsv");

/// Every known transaction by number.
pub fn transactions() -> &'static BTreeMap<&'static str, Transaction> {
    static ALL: OnceLock<BTreeMap<&'static str, Transaction>> = OnceLock::new();
    ALL.get_or_init(|| read(TEXT))
}

/// The transaction of a number.
pub fn transaction(number: &str) -> Option<&'static Transaction> {
    transactions().get(number)
}

fn read(text: &'static str) -> BTreeMap<&'static str, Transaction> {
    let mut all: BTreeMap<&'static str, Transaction> = BTreeMap::new();
    let mut current = "";
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let mut cells = line.split('\t');
        let mut cell = || cells.next().unwrap_or_default();
        match cell() {
            "T" => {
                current = cell();
                all.insert(current, Transaction { number: current, name: cell(), nodes: Vec::new() });
            }
            "" => {
                let field = Field {
                    name: cell(),
                    meaning: cell(),
                    kind: kind(cell()),
                    length: cell(),
                    required: false,
                    coded: false,
                };
                let marks = cell();
                let field = Field { required: marks.contains('*'), coded: marks.contains('d'), ..field };
                if let Some(node) = all.get_mut(current).and_then(|known| known.nodes.last_mut()) {
                    node.fields.push(field);
                }
            }
            letter => {
                let direction = match letter {
                    "I" => Direction::In,
                    "O" => Direction::Out,
                    "F" => Direction::FileIn,
                    _ => Direction::FileOut,
                };
                let node = Node { name: cell(), direction, fields: Vec::new() };
                if let Some(known) = all.get_mut(current) {
                    known.nodes.push(node);
                }
            }
        }
    }
    all
}

fn kind(letter: &str) -> FieldKind {
    match letter {
        "N" => FieldKind::Number,
        "D" => FieldKind::Date,
        "T" => FieldKind::DateTime,
        "B" => FieldKind::Bytes,
        "L" => FieldKind::Flag,
        "O" => FieldKind::Group,
        _ => FieldKind::Text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptions_are_whole() {
        let all = transactions();
        assert!(all.len() > 200, "{}", all.len());
        let fields: usize = all.values().flat_map(|known| &known.nodes).map(|node| node.fields.len()).sum();
        assert!(fields > 3_500, "{fields}");
        for known in all.values() {
            assert!(!known.name.is_empty(), "{}", known.number);
            for node in &known.nodes {
                for field in &node.fields {
                    assert!(!field.name.is_empty() && !field.name.contains(' '), "{}", known.number);
                }
            }
        }
        let settle = transaction("2207").expect("known").node(Direction::In, "data").expect("node");
        let total = settle.field("medfee_sumamt").expect("field");
        assert_eq!((total.kind, total.length, total.required), (FieldKind::Number, "16,2", true));
    }
}
