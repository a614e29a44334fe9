//! What the rules were asked for one person in a record of many, from the person's line and the file as it stood.

use gongji_ledger::SubAccount;
use gongji_policy::day_of_number;
use jiff::civil::Date;
use serde_json::Value;

use super::account_credit::{self, Grounds};
use super::account_year::{cover_of_account, interest, roll};
use super::collection::{employee_in, month_of};
use super::{bill, premium, split};
use crate::bulk::{Bulk, BulkLine};
use crate::calculation::Sum;
use crate::context::Context;
use crate::desk::Desk;
use crate::port::StoreError;
use crate::record::Record;
use crate::row::{ContributionBill, Cover, Person, Standing};
use crate::stop::Stop;

/// A person and the account as they stood before a record.
pub(crate) struct Then {
    pub person: Person,
    pub standing: Standing,
}

/// A person and the account before a record, told from the file: what was booked, never what stands now. `file` is oldest first.
///
/// # Errors
/// A file without a registration.
pub(crate) fn before(id: &str, file: &[Record], seq: u64) -> Result<Then, Stop> {
    let mut person = None;
    let mut standing = Standing::default();
    for record in file.iter().filter(|record| record.seq < seq) {
        for posting in record.entry.postings() {
            let Some((_, sub)) = posting.0.of_person().filter(|(owner, _)| *owner == id) else { continue };
            let balance = match sub {
                SubAccount::CurrentYear => &mut standing.current_year,
                SubAccount::CarriedOver => &mut standing.carried_over,
            };
            *balance = balance.saturating_add(posting.1);
            standing.moved(record.date, sub, posting.1);
        }
        if let Some(day) = record.closes {
            standing.close(day);
        }
        let left = record.after.iter().find(|after| after.kind == "person" && after.id == id);
        if let Some(body) = left.and_then(|after| after.body.as_ref()) {
            let row = serde_json::from_str(body.get()).map_err(|error| {
                StoreError::Corrupt(format!("第 {} 条记录的 {id} 读不懂：{error}", record.seq))
            })?;
            person = Some(row);
        }
    }
    let person = person.ok_or_else(|| StoreError::Corrupt(format!("{id} 的档案里没有登记")))?;
    Ok(Then { person, standing })
}

fn text<'record>(record: &'record Record, name: &str) -> &'record str {
    record.result.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// The month of the bill on which a record split something of a person.
fn period_of(desk: &mut Desk<'_>, record: &Record, person: &str) -> Result<String, Stop> {
    let own = |debit: &&Value| debit.get("person").and_then(Value::as_str) == Some(person);
    let bill = match record.result.get("debits").and_then(Value::as_array) {
        Some(debits) => debits.iter().find(own).and_then(|debit| debit.get("bill")).and_then(Value::as_str),
        None => record.result.get("bill").and_then(Value::as_str),
    };
    let row = desk.need::<ContributionBill>(bill.unwrap_or_default())?;
    Ok(row.period.clone())
}

/// What stands in a line where `-1` is written for what was not known.
fn known(bulk: &Bulk, line: &BulkLine, name: &str) -> Option<i64> {
    Some(bulk.figure(line, name)).filter(|figure| *figure >= 0)
}

/// The questions of a line, in the order in which they were asked.
///
/// # Errors
/// A record that does not hold what its kind must.
pub(crate) fn asked_again(
    desk: &mut Desk<'_>,
    context: &Context<'_>,
    (record, bulk, line): (&Record, &Bulk, &BulkLine),
    then: &Then,
) -> Result<Vec<Sum>, Stop> {
    let person = &then.person;
    let area = match record.result.get("area").and_then(Value::as_str) {
        Some(area) => area.to_owned(),
        None => record.entry.postings().first().map(|posting| posting.0.area.clone()).unwrap_or_default(),
    };
    let no_cover = || StoreError::Corrupt(format!("第 {} 条记录时 {} 没有参保", record.seq, line.0));
    let in_month = |period: &str| -> Result<(&Cover, (Date, Date)), Stop> {
        let month = month_of("period", period)?;
        Ok((employee_in(person, month, &area).ok_or_else(no_cover)?, month))
    };
    Ok(match record.kind.as_str() {
        "bill_contributions" | "bill_flexible" => {
            let (cover, month) = in_month(text(record, "period"))?;
            vec![bill::contribution(person, cover, (month.0, bulk.figure(line, "wage")), false)?]
        }
        "split_contributions" | "record_debits" => {
            let (cover, month) = in_month(&period_of(desk, record, &line.0)?)?;
            vec![split::credit(person, cover, month.0, bulk.figure(line, "base"))?]
        }
        "credit_accounts" => {
            let (cover, month) = in_month(text(record, "period"))?;
            let grounds = Grounds { wage: None, pension: known(bulk, line, "pension") };
            vec![account_credit::credit(person, cover, (month.0, None), grounds)?]
        }
        "precredit_accounts" => {
            let first: Date = text(record, "year")
                .parse()
                .map_err(|_| StoreError::Corrupt(format!("第 {} 条记录没有年度", record.seq)))?;
            let last = context.rules.insurance_year(&area, first).1;
            let cover = cover_of_account(person, &area, last).ok_or_else(no_cover)?;
            let grounds = Grounds { wage: known(bulk, line, "wage"), pension: known(bulk, line, "pension") };
            let joined = known(bulk, line, "joined").and_then(day_of_number);
            vec![account_credit::credit(person, cover, (first, joined), grounds)?]
        }
        "account_interest" => {
            let first = context.rules.insurance_year(&area, record.date).0;
            let cover = cover_of_account(person, &area, record.date).ok_or_else(no_cover)?;
            let now = [then.standing.current_year, then.standing.carried_over];
            vec![interest(
                person,
                cover,
                (then.standing.open_from(first), record.date),
                now,
                &then.standing.moves,
            )?]
        }
        "close_accounts" => {
            let day = record.date.yesterday().unwrap_or(record.date);
            let cover = cover_of_account(person, &area, day).ok_or_else(no_cover)?;
            let balances = ["current_year", "carried_over"].map(|name| bulk.figure(line, name));
            vec![roll(person, cover, record.date, balances)?]
        }
        "debit_supplement" => {
            let first = context.rules.insurance_year(&area, record.date).0.first_of_month();
            let month = (record.date.first_of_month(), record.date.last_of_month());
            let cover = employee_in(person, month, &area).ok_or_else(no_cover)?;
            let amount = bulk.figure(line, "amount");
            vec![
                premium::yearly(person, cover, first)?,
                premium::supplement(person, cover, &then.standing, record.date, amount)?,
            ]
        }
        _ => Vec::new(),
    })
}
