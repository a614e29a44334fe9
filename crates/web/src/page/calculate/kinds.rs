//! Which fields each kind of calculation asks. Data, not code: `assets/calculations.toml`.

use std::sync::LazyLock;

use gongji_policy::Dimension;
use serde::Deserialize;

const TEXT: &str = include_str!("../../../assets/calculations.toml");

/// How a field is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// A day.
    Day,
    /// A month, `2024-07`.
    Month,
    /// A year.
    Year,
    /// A time of day, `21:59`.
    Time,
    /// Yuan.
    Money,
    /// Yuan with a sign: in, or out.
    Signed,
    /// A whole number.
    Number,
    /// Yes or no.
    Yes,
    /// One of a dimension's names.
    Choice,
    /// Any of them.
    Choices,
    /// A list, one entry a line.
    Rows,
}

/// One field of an event.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Its name in the case format.
    pub name: String,
    /// The question; a column of rows has none.
    #[serde(default)]
    pub label: String,
    /// What helps to answer it.
    #[serde(default)]
    pub hint: String,
    /// How it is written.
    pub kind: FieldKind,
    /// What it starts with: a value, or `today`, `month`, `year`, `year_first`, `year_last`.
    #[serde(default)]
    pub default: String,
    /// Of a choice, the dimension's name.
    #[serde(default)]
    pub dimension: String,
    /// Of a choice, the names offered, where not all are.
    #[serde(default)]
    pub values: Vec<String>,
    /// Of a number, what it counts.
    #[serde(default)]
    pub unit: String,
    /// The scheme that asks it, where not every one does.
    #[serde(default)]
    pub scheme: String,
    /// Of rows, what stands in a line, in order.
    #[serde(default)]
    pub columns: Vec<Field>,
}

/// One kind of calculation.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kind {
    /// Its name in the case format.
    pub name: String,
    /// What it answers, in one sentence.
    pub about: String,
    /// The schemes that have it, the usual one first.
    pub schemes: Vec<String>,
    /// The calculations whose parameters decide what is asked of the person.
    pub tables: Vec<String>,
    /// The field that says when the age is counted.
    pub day: String,
    /// Whether it looks into the account.
    #[serde(default)]
    pub purses: bool,
    /// Whether it looks at the birth date itself.
    #[serde(default)]
    pub born: bool,
    /// The fields, in order.
    pub field: Vec<Field>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kinds {
    kind: Vec<Kind>,
}

static KINDS: LazyLock<Kinds> = LazyLock::new(|| toml::from_str(TEXT).unwrap_or_default());

impl Field {
    /// The key in the address.
    pub fn key(&self) -> String {
        format!("e_{}", self.name)
    }

    /// The dimension of a choice.
    pub fn dimension(&self) -> Option<Dimension> {
        Dimension::ALL.into_iter().find(|dimension| dimension.name() == self.dimension)
    }
}

impl Kind {
    /// Every kind that has a page, in order.
    pub fn all() -> impl Iterator<Item = &'static Kind> {
        KINDS.kind.iter()
    }

    /// The kind of that name.
    pub fn find(name: &str) -> Option<&'static Kind> {
        Kind::all().find(|kind| kind.name == name)
    }

    /// What people call it.
    pub fn label(&self) -> &'static str {
        let mut kinds = gongji_cases::request::calculation_kinds();
        kinds.find(|(name, _)| *name == self.name).map_or("", |(_, label)| label)
    }

    /// The fields that a scheme asks.
    pub fn fields<'kind>(&'kind self, scheme: &'kind str) -> impl Iterator<Item = &'kind Field> {
        self.field.iter().filter(move |field| field.scheme.is_empty() || field.scheme == scheme)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_kind_of_calculation_has_a_page() {
        let read: Kinds = toml::from_str(TEXT).unwrap();
        let pages: BTreeSet<&str> = read.kind.iter().map(|kind| kind.name.as_str()).collect();
        let kinds: BTreeSet<&str> =
            gongji_cases::request::calculation_kinds().map(|(name, _)| name).collect();
        assert_eq!(pages, kinds, "add the entry to assets/calculations.toml");
        assert_eq!(read.kind.len(), pages.len(), "one entry a kind");
    }

    #[test]
    fn choices_name_dimensions_and_their_values() {
        for kind in Kind::all() {
            assert!(kind.field.iter().any(|field| field.name == kind.day), "{}: {}", kind.name, kind.day);
            let fields = kind.field.iter().flat_map(|field| std::iter::once(field).chain(&field.columns));
            for field in fields {
                let is_choice = matches!(field.kind, FieldKind::Choice | FieldKind::Choices);
                assert_eq!(is_choice, field.dimension().is_some(), "{}.{}", kind.name, field.name);
                assert_eq!(field.kind == FieldKind::Rows, !field.columns.is_empty(), "{}", field.name);
            }
        }
    }
}
