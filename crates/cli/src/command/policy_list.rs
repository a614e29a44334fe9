//! `gongji policy list`.

use std::collections::BTreeMap;

use gongji_policy::view::{interval_words, parameters};
use gongji_policy::{Dimension, DimensionKind, Grade};

use crate::arguments::PolicyList;
use crate::exit::Outcome;
use crate::shelf::Shelf;
use crate::terminal::{Side, Table};

/// The name of a kind of care, as people read it.
fn care_words(care_types: &[i64]) -> String {
    let DimensionKind::Choice(names) = Dimension::CareType.kind() else { return String::new() };
    let words: Vec<&str> = care_types
        .iter()
        .filter_map(|index| usize::try_from(*index).ok().and_then(|index| names.get(index)))
        .map(|name| gongji_policy::view::value_label(Dimension::CareType, name))
        .collect();
    words.join("、")
}

/// Prints areas, schemes, benefits with their intervals, and how well the values are known.
pub fn run(list: &PolicyList) -> Outcome {
    let shelf = Shelf::sound(&list.packs)?;
    for pack in &shelf.packs {
        let mut grades: BTreeMap<Grade, usize> = BTreeMap::new();
        for row in parameters(pack).iter().flat_map(|parameter| &parameter.rows) {
            *grades.entry(row.grade).or_default() += 1;
        }
        let known: Vec<String> =
            grades.iter().map(|(grade, rows)| format!("{} {rows}", grade.label())).collect();
        anstream::println!("{} {}   {}", pack.area.code, pack.area.name, known.join("，"));
        let mut table = Table::new(&[Side::Left, Side::Left, Side::Left, Side::Left]);
        for scheme in &pack.schemes {
            for benefit in &scheme.benefits {
                let interval = interval_words(benefit.from, benefit.to);
                table.row(
                    ["  ", scheme.label.as_str(), benefit.label.as_str(), interval.as_str()]
                        .map(str::to_owned)
                        .into_iter()
                        .chain([care_words(&benefit.care_types)])
                        .take(4),
                );
            }
        }
        anstream::print!("{}", table.render());
    }
    Ok(())
}
