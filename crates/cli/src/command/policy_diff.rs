//! `gongji policy diff`.

use gongji_policy::view::{ParameterDiff, RowView, diff, diff_dates};
use jiff::civil::Date;

use crate::arguments::PolicyDiff;
use crate::exit::{Outcome, Stop};
use crate::shelf::Shelf;
use crate::terminal::{Side, Table};

/// Compares two areas, or two days of one area.
pub fn run(arguments: &PolicyDiff) -> Outcome {
    let shelf = Shelf::sound(&arguments.packs)?;
    let (left, right) = (&arguments.left, &arguments.right);
    let (differences, heads) = match (left.parse::<Date>(), right.parse::<Date>(), &arguments.area) {
        (Ok(first), Ok(second), Some(area)) => {
            let pack = shelf.pack(area)?;
            (diff_dates(pack, first, second), (first.to_string(), second.to_string()))
        }
        (Ok(_), Ok(_), None) => {
            return Err(Stop::bad_input("比较两个日期时要用 --area 指明统筹区，例如 --area 410100"));
        }
        (Err(_), Err(_), _) => {
            let (one, other) = (shelf.pack(left)?, shelf.pack(right)?);
            (diff(one, other), (one.area.name.clone(), other.area.name.clone()))
        }
        _ => {
            return Err(Stop::bad_input(format!(
                "要么两个都是统筹区，要么两个都是日期；给的是“{left}”和“{right}”"
            )));
        }
    };
    if differences.is_empty() {
        anstream::println!("没有不同");
    }
    for difference in &differences {
        print(difference, (&heads.0, &heads.1));
    }
    Ok(())
}

fn side(row: Option<&RowView>) -> String {
    row.map_or_else(
        || "—".to_owned(),
        |row| format!("{}（{}，{}）", row.value, row.interval(), row.grade.label()),
    )
}

fn print(difference: &ParameterDiff, heads: (&str, &str)) {
    anstream::println!("\n{}\n  {}", difference.label, difference.path);
    let mut table = Table::new(&[Side::Left, Side::Left, Side::Left, Side::Left]);
    table.row(["  ", "条件", heads.0, heads.1]);
    table.rule();
    for row in &difference.rows {
        let conditions = row.left.as_ref().or(row.right.as_ref()).map_or("", |row| row.conditions.as_str());
        table.row([
            "  ".to_owned(),
            conditions.to_owned(),
            side(row.left.as_ref()),
            side(row.right.as_ref()),
        ]);
    }
    anstream::print!("{}", table.render());
}
