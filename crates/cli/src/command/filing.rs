//! `gongji person filings`.

use gongji_agency::look::{self, FilingSeen};

use super::person::{days, find};
use crate::arguments::OnePerson;
use crate::exit::Outcome;
use crate::office::Counter;
use crate::terminal::{Side, Table};

/// What is filed, in a few words.
fn what(filing: &FilingSeen) -> String {
    let mut words = vec![filing.label.to_owned()];
    words.extend(filing.disease.clone());
    words.extend(filing.area.clone());
    words.extend(filing.institutions.iter().cloned());
    words.join(" ")
}

/// Prints what was filed for a person, in order of filing.
pub fn of_person(one: &OnePerson) -> Outcome {
    let counter = Counter::open(&one.agency)?;
    let (person, seen) = counter.look(|desk, context| {
        let person = find(desk, &one.person)?;
        let seen = look::filings(desk, context, &person.id)?;
        Ok((person, seen))
    })?;
    anstream::println!("{} {}  备案与登记", person.id, person.name);
    let mut table = Table::new(&[Side::Left; 6]);
    table.row(["编号", "内容", "期限", "状态", "经办", "说明"]);
    table.rule();
    for filing in &seen.filings {
        table.row([
            filing.id.clone(),
            what(filing),
            days(filing.from, filing.to),
            filing.status_label.to_owned(),
            filing.at.clone().or(filing.by.clone()).unwrap_or_default(),
            filing.ended.clone(),
        ]);
    }
    anstream::print!("{}", table.render());
    Ok(())
}
