//! `gongji policy show`.

use std::collections::BTreeSet;

use gongji_policy::view::parameters;

use crate::arguments::PolicyShow;
use crate::exit::{Outcome, Stop};
use crate::shelf::Shelf;
use crate::terminal::{Side, Table};

/// Prints every parameter of an area with conditions, value, interval, grade and source, then the sources.
pub fn run(show: &PolicyShow) -> Outcome {
    let shelf = Shelf::sound(&show.packs)?;
    let pack = shelf.pack(&show.area)?;
    anstream::println!("{} {}   最近核对 {}", pack.area.code, pack.area.name, pack.area.last_checked);
    if let Some(notice) = &pack.area.notice {
        anstream::println!("{notice}");
    }
    let mut shown = 0;
    let mut cited = BTreeSet::new();
    for parameter in parameters(pack) {
        let wanted = show.only.as_ref().is_none_or(|text| {
            parameter.path.contains(text.as_str()) || parameter.label.contains(text.as_str())
        });
        let in_use = show.on.is_none_or(|day| parameter.in_use(day));
        let rows: Vec<_> =
            parameter.rows.iter().filter(|row| show.on.is_none_or(|day| row.in_force(day))).collect();
        if !wanted || !in_use || rows.is_empty() {
            continue;
        }
        shown += 1;
        anstream::println!("\n{}\n  {}", parameter.label, parameter.path);
        let mut table =
            Table::new(&[Side::Left, Side::Left, Side::Right, Side::Left, Side::Left, Side::Left]);
        for row in rows {
            cited.insert(row.source.clone());
            let article = row.article.as_deref().unwrap_or_default();
            table.row([
                "  ".to_owned(),
                row.conditions.clone(),
                row.value.clone(),
                row.interval(),
                row.grade.label().to_owned(),
                format!("{} {article}", row.source).trim_end().to_owned(),
            ]);
            if let Some(note) = &row.note {
                table.row(["  ".to_owned(), format!("　注：{note}")]);
            }
        }
        anstream::print!("{}", table.render());
    }
    if shown == 0 {
        return Err(Stop::bad_input("没有符合条件的参数；去掉 --only 或 --on 再看"));
    }
    anstream::println!("\n来源");
    for source in pack.sources.iter().filter(|source| cited.contains(&source.id)) {
        let published =
            source.published.map_or_else(|| "发布日期不详".to_owned(), |day| format!("{day} 发布"));
        anstream::println!(
            "  {}  〔{}〕{}，{published}，{}",
            source.id,
            source.grade.label(),
            source.document,
            source.address
        );
    }
    Ok(())
}
