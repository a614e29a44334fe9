//! From a record to the rows it changes. The same code books a record and re-derives the rows in an audit.

use std::collections::BTreeMap;

use gongji_ledger::{Entry, Posting, SubAccount};
use jiff::civil::Date;

use crate::clearing::day_move;
use crate::context::day_of;
use crate::desk::Desk;
use crate::port::{RowId, StoreError};
use crate::record::{AccountAt, Record, TallyMove};
use crate::refusal::Refusal;
use crate::row::{
    Balance, ClearingDay, DaySums, FundMonth, FundYear, LiveStay, Standing, Tally, fund_month_id,
    fund_year_id, kind,
};
use crate::settlement::Settlement;
use crate::stop::Stop;

fn too_large() -> Stop {
    Stop::Refused(Box::new(Refusal::new("too_large", "金额或累计超出范围")))
}

fn moved(before: i64, by: i64) -> Result<i64, Stop> {
    before.checked_add(by).ok_or_else(too_large)
}

/// Changes every row that a record changes.
///
/// # Errors
/// A personal account that would end below zero, or that stands in another area's books; nothing is to be written then.
pub fn apply(record: &Record, desk: &mut Desk<'_>) -> Result<(), Stop> {
    open_year(record, desk)?;
    for posting in record.entry.postings() {
        post(record, posting, desk)?;
    }
    let settlement = record.settlement.as_deref();
    for moved in statement_moves(&record.kind, &record.line, settlement, record.date, &record.entry)? {
        let mut month = desk.get::<FundMonth>(&moved.id)?.map(|row| (*row).clone()).unwrap_or_default();
        add_to(&mut month.lines, &moved.line, moved.fen)?;
        desk.put(&moved.id, month);
    }
    if let Some(by) = day_move(settlement, record.back.as_deref(), record.date, &record.entry)? {
        let before = desk.get::<ClearingDay>(&by.id)?.map_or_else(DaySums::default, |row| row.sums);
        let sums = before.plus(by.sums).ok_or_else(too_large)?;
        desk.put(&by.id, ClearingDay { sums, last: record.seq });
    }
    if let Some(at) = &record.account_at {
        stand(at, desk)?;
    }
    for link in &record.people {
        let mut standing = desk.get::<Standing>(&link.person)?.map(|row| (*row).clone()).unwrap_or_default();
        standing.last = record.seq;
        if let Some(day) = record.closes {
            standing.close(day);
        }
        desk.put(&link.person, standing);
    }
    for tally in &record.tallies {
        count(tally, desk)?;
    }
    for after in &record.after {
        let kind = kind(&after.kind).ok_or_else(|| {
            StoreError::Corrupt(format!("第 {} 条记录写了未知的 {}", record.seq, after.kind))
        })?;
        let text = after.body.as_ref().map(|body| body.get().to_owned());
        desk.put_text(RowId { kind, id: after.id.clone() }, text);
    }
    Ok(())
}

/// Refuses money, and bills, for a day of a year that an area has closed.
fn open_year(record: &Record, desk: &mut Desk<'_>) -> Result<(), Stop> {
    let year = record.date.year();
    // A year is closed after its end: most records need no look.
    if year >= day_of(record.booked_at).year() {
        return Ok(());
    }
    let posted = record.entry.postings().iter().map(|posting| posting.0.area.as_str());
    let settled = record.settlement.as_ref().map(|made| [made.area.as_str(), made.care_area.as_str()]);
    let mut areas: Vec<&str> = posted.chain(settled.into_iter().flatten()).collect();
    areas.sort_unstable();
    areas.dedup();
    for area in areas {
        let row = desk.get::<FundYear>(&fund_year_id(area, year))?;
        if row.is_some_and(|row| row.closed_on.is_some()) {
            return Err(Refusal::new("year_closed", "这一年的基金已经结账，不能再记这一年的账")
                .at("date")
                .found(format!("{}，统筹区 {area}", record.date))
                .expected(format!("{}-01-01 或以后", year + 1))
                .hint("更正和补记用未结账年度的日期")
                .into());
        }
    }
    Ok(())
}

fn post(record: &Record, Posting(account, fen): &Posting, desk: &mut Desk<'_>) -> Result<(), Stop> {
    let Some((person, sub)) = account.of_person() else {
        let id = account.to_string();
        let before = desk.get::<Balance>(&id)?.map_or(0, |row| row.fen);
        let after = moved(before, *fen)?;
        if after < 0 && *fen < 0 && account.kind.never_negative() {
            return Err(insufficient(account.kind.label(), before, *fen).into());
        }
        desk.put(&id, Balance { fen: after, seq: record.seq });
        return Ok(());
    };
    let mut standing = desk.get::<Standing>(person)?.map(|row| (*row).clone()).unwrap_or_default();
    match &standing.account_area {
        None => standing.account_area = Some(account.area.clone()),
        Some(area) if *area == account.area => {}
        // The whole account moves: what it held has left the other books by postings of this record before.
        Some(_) if arrives(record, person, &account.area) && is_empty(&standing) => {
            standing.account_area = Some(account.area.clone());
        }
        Some(area) => {
            return Err(Refusal::new("account_elsewhere", "个人账户在别的统筹区")
                .found(&account.area)
                .expected(area)
                .into());
        }
    }
    let balance = match sub {
        SubAccount::CurrentYear => &mut standing.current_year,
        SubAccount::CarriedOver => &mut standing.carried_over,
    };
    let after = moved(*balance, *fen)?;
    if after < 0 && *fen < 0 && !record.overdraft {
        return Err(insufficient(sub.label(), *balance, *fen).into());
    }
    *balance = after;
    standing.moved(record.date, sub, *fen);
    desk.put(person, standing);
    Ok(())
}

fn insufficient(label: &str, balance: i64, fen: i64) -> Refusal {
    Refusal::new("insufficient_balance", format!("{label}余额不足"))
        .found(format!("余额 {}", gongji_money::Fen::new(balance)))
        .expected(format!("至少 {}", gongji_money::Fen::new(fen.saturating_neg())))
}

/// What a record's money adds to a line of a fund statement, in fen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StatementMove {
    /// The row of [`FundMonth`].
    pub id: String,
    /// The line.
    pub line: String,
    /// How much came in.
    pub fen: i64,
}

/// What an entry adds to fund statements. A settlement stands on the line of its kind of care, all else on the line that the record names, or on
/// that of its kind.
///
/// # Errors
/// Amounts beyond `i64`.
pub(crate) fn statement_moves(
    kind: &str,
    line: &str,
    settlement: Option<&Settlement>,
    day: Date,
    entry: &Entry,
) -> Result<Vec<StatementMove>, Stop> {
    let mut moves: Vec<StatementMove> = Vec::new();
    for Posting(account, fen) in entry.postings() {
        let Some(id) = fund_month_id(account, day) else { continue };
        match moves.iter_mut().find(|known| known.id == id) {
            Some(known) => known.fen = moved(known.fen, *fen)?,
            None => {
                let line = match settlement {
                    Some(settlement) => care_line(&settlement.care_type),
                    None if line.is_empty() => kind.to_owned(),
                    None => line.to_owned(),
                };
                moves.push(StatementMove { id, line, fen: *fen });
            }
        }
    }
    Ok(moves)
}

/// The line of a fund statement for a kind of care.
pub(crate) fn care_line(care_type: &str) -> String {
    format!("care/{care_type}")
}

fn is_empty(standing: &Standing) -> bool {
    standing.current_year == 0 && standing.carried_over == 0
}

/// Whether a record brings a person's account to an area.
fn arrives(record: &Record, person: &str, area: &str) -> bool {
    record.account_at.as_ref().is_some_and(|at| at.person == person && at.area == area)
}

/// Opens an account, or moves one that held nothing; one that held money is there already.
fn stand(at: &AccountAt, desk: &mut Desk<'_>) -> Result<(), Stop> {
    let mut standing = desk.get::<Standing>(&at.person)?.map(|row| (*row).clone()).unwrap_or_default();
    if standing.account_area == at.place() {
        return Ok(());
    }
    if !is_empty(&standing) {
        return Err(Refusal::new("account_elsewhere", "个人账户在别的统筹区还有余额")
            .found(&at.area)
            .expected(standing.account_area.as_deref().unwrap_or_default())
            .into());
    }
    standing.account_area = at.place();
    desk.put(&at.person, standing);
    Ok(())
}

/// Moves one tally.
fn count(tally: &TallyMove, desk: &mut Desk<'_>) -> Result<(), Stop> {
    let mut row = desk.get::<Tally>(&tally.id)?.map(|row| (*row).clone()).unwrap_or_default();
    move_tally(&mut row, tally)?;
    desk.put(&tally.id, row);
    Ok(())
}

/// Moves one counter.
pub(crate) fn add_to(counters: &mut BTreeMap<String, i64>, name: &str, by: i64) -> Result<(), Stop> {
    let after = moved(counters.get(name).copied().unwrap_or(0), by)?;
    if after == 0 {
        counters.remove(name);
    } else if let Some(value) = counters.get_mut(name) {
        *value = after;
    } else {
        counters.insert(name.to_owned(), after);
    }
    Ok(())
}

/// Moves a tally, to the same row whatever the order of the moves; what comes to nothing is left out, so that a cancelled settlement leaves no trace in it.
///
/// # Errors
/// Counts beyond `i64`; a stay that ends more often than it began.
pub(crate) fn move_tally(row: &mut Tally, by: &TallyMove) -> Result<(), Stop> {
    for (name, by) in &by.counters {
        add_to(&mut row.counters, name, *by)?;
    }
    for stay in &by.stays {
        let counts = |row: &Tally| {
            row.stays.iter().any(|known| known.counter == stay.counter && known.stay == stay.stay)
        };
        let counted = counts(row);
        let place = (&stay.counter, &stay.stay, stay.ordinal);
        let known =
            row.stays.binary_search_by(|known| (&known.counter, &known.stay, known.ordinal).cmp(&place));
        let mismatch = || StoreError::Corrupt(format!("{} 的住院次数对不上", by.id));
        match (known, stay.live) {
            (Ok(at), more @ 1..) => row.stays[at].live += more.unsigned_abs(),
            (Err(at), more @ 1..) => row.stays.insert(
                at,
                LiveStay {
                    counter: stay.counter.clone(),
                    stay: stay.stay.clone(),
                    ordinal: stay.ordinal,
                    live: more.unsigned_abs(),
                },
            ),
            (Ok(at), less) => match row.stays[at].live.checked_sub(less.unsigned_abs()) {
                Some(0) => drop(row.stays.remove(at)),
                Some(live) => row.stays[at].live = live,
                None => return Err(mismatch().into()),
            },
            (Err(_), _) => return Err(mismatch().into()),
        }
        // A stay is one admission, whatever its settlements took it to be.
        match (counted, counts(row)) {
            (false, true) => add_to(&mut row.counters, &stay.counter, 1)?,
            (true, false) => add_to(&mut row.counters, &stay.counter, -1)?,
            _ => {}
        }
    }
    Ok(())
}
