//! `gongji institution list`, `register`.

use gongji_agency::Stop as Halt;
use gongji_agency::command::{Command, InstitutionFacts, RegisterInstitution as Register};
use gongji_agency::desk::Desk;
use gongji_agency::row::Institution;
use gongji_policy::Dimension;
use gongji_policy::view::value_label;

use crate::arguments::{ListInstitutions, RegisterInstitution};
use crate::exit::{Outcome, Stop};
use crate::office::Counter;
use crate::terminal::{Side, Table};

/// So many are fetched at once.
const PAGE: usize = 1_000;

/// Every institution of an area, or of all.
///
/// # Errors
/// The store's.
pub fn all(desk: &mut Desk<'_>, area: &str) -> Result<Vec<Institution>, Halt> {
    let prefix = if area.is_empty() { String::new() } else { format!("{area}/") };
    let mut after = String::new();
    let mut found = Vec::new();
    loop {
        let page = desk.view().page("institution_in", &prefix, &after, PAGE)?;
        let Some((last, _)) = page.last() else { return Ok(found) };
        after.clone_from(last);
        for (id, _) in &page {
            let id = id.split_once('/').map_or(id.as_str(), |(_, id)| id);
            found.push((*desk.need::<Institution>(id)?).clone());
        }
    }
}

/// Lists institutions.
pub fn list(list: &ListInstitutions) -> Outcome {
    let counter = Counter::open(&list.agency)?;
    let (found, today) = counter.look(|desk, context| Ok((all(desk, &list.area)?, context.today)))?;
    let wanted = |asked: &Option<String>, fact: &Option<String>| asked.is_none() || asked == fact;
    let found: Vec<Institution> = found
        .into_iter()
        .filter(|one| wanted(&list.level, &one.level) && wanted(&list.facility_type, &one.facility_type))
        .collect();
    if found.is_empty() {
        return Err(Stop::bad_input("没有符合条件的机构"));
    }
    let mut table = Table::new(&[Side::Left; 6]);
    table.row(["机构编码", "名称", "统筹区", "级别", "类型", "定点"]);
    table.rule();
    for one in &found {
        let word = |dimension: Dimension, name: &Option<String>| {
            name.as_deref().map_or("", |name| value_label(dimension, name)).to_owned()
        };
        let designated = match one.designated.last() {
            Some(when) if one.is_designated(today) => format!("{} 起", when.from),
            Some(when) => {
                format!("{} 至 {}", when.from, when.to.map(|to| to.to_string()).unwrap_or_default())
            }
            None => String::new(),
        };
        table.row([
            one.id.clone(),
            one.name.clone(),
            one.area.clone(),
            word(Dimension::Level, &one.level),
            word(Dimension::FacilityType, &one.facility_type),
            designated,
        ]);
    }
    anstream::print!("{}", table.render());
    Ok(())
}

/// Registers an institution.
pub fn register(register: &RegisterInstitution) -> Outcome {
    let counter = Counter::open(&register.agency)?;
    let answer = counter.book(Command::RegisterInstitution(Register {
        id: register.id.clone(),
        name: register.name.clone(),
        area: register.area.clone(),
        facts: InstitutionFacts {
            level: register.level.clone(),
            grade: register.grade.clone(),
            admin_level: register.admin_level.clone(),
            facility_type: register.facility_type.clone(),
            group: register.group.clone(),
        },
        from: register.from,
        to: register.to,
    }))?;
    let again = if answer.replayed { "先前已" } else { "已" };
    anstream::println!("{again}登记机构 {}", register.id);
    Ok(())
}
