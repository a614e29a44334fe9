//! `gongji export`: everything as tables, for spreadsheets and other systems.

use std::fs::{self, File};
use std::io::BufWriter;
use std::path::Path;

use gongji_agency::Stop as Halt;
use gongji_agency::desk::{Desk, Row};
use gongji_agency::port::StoreError;
use gongji_agency::record::Record;
use gongji_agency::row::{Balance, Grants, Institution, Item, Person, Standing};
use gongji_ledger::{Account, Posting, SubAccount};
use gongji_money::Fen;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::arguments::Tables;
use crate::exit::{Outcome, Stop};
use crate::office::Counter;
use crate::progress;
use crate::tables::{
    BalanceLine, CoverLine, GrantLine, InstitutionLine, PersonLine, PostingLine, SettlementLine, name_of,
};

/// So many rows or records are fetched at once.
const PAGE: usize = 1_000;

/// A table that is written line by line.
struct Table(csv::Writer<BufWriter<File>>);

fn failed(error: impl std::fmt::Display) -> Halt {
    Halt::Store(StoreError::Stopped(format!("无法写表：{error}")))
}

impl Table {
    /// A new table; where looking starts over, so does the table.
    fn new(folder: &Path, name: &str) -> Result<Table, Halt> {
        let file = File::create(folder.join(name)).map_err(failed)?;
        Ok(Table(csv::Writer::from_writer(BufWriter::new(file))))
    }

    fn line(&mut self, line: impl Serialize) -> Result<(), Halt> {
        self.0.serialize(line).map_err(failed)
    }

    fn end(mut self) -> Result<(), Halt> {
        self.0.flush().map_err(failed)
    }
}

/// Writes every table of one consistent view.
pub fn run(tables: &Tables) -> Outcome {
    let folder = &tables.folder;
    if fs::read_dir(folder).is_ok_and(|mut files| files.next().is_some()) {
        return Err(Stop::BadInput(format!("{} 里已有文件，不覆盖；换一个空的文件夹", folder.display())));
    }
    let counter = Counter::open(&tables.agency)?;
    fs::create_dir_all(folder)
        .map_err(|error| Stop::BadInput(format!("无法建立 {}：{error}", folder.display())))?;
    let bar = progress::bar(0, "导出");
    let counts = counter.look(|desk, _| {
        let people = people(desk, folder)?;
        let institutions = institutions(desk, folder)?;
        let items = items(desk, folder)?;
        balances(desk, folder)?;
        let records = journal(desk, folder, &bar)?;
        Ok([people, institutions, items, records])
    });
    bar.finish_and_clear();
    let [people, institutions, items, records] = counts?;
    anstream::println!(
        "已导出到 {}：{people} 人，{institutions} 家机构，{items} 个目录项目，{records} 条记录的结算与分录",
        folder.display()
    );
    Ok(())
}

/// Every row of a kind, with its id.
fn each<R: Row + DeserializeOwned>(
    desk: &mut Desk<'_>,
    mut with: impl FnMut(&str, R) -> Result<(), Halt>,
) -> Result<u64, Halt> {
    let (mut after, mut count) = (String::new(), 0);
    loop {
        let page = desk.view().page(R::KIND, "", &after, PAGE)?;
        let Some((last, _)) = page.last() else { return Ok(count) };
        after.clone_from(last);
        for (id, body) in &page {
            let row = serde_json::from_str(body)
                .map_err(|error| StoreError::Corrupt(format!("{}/{id}：{error}", R::KIND)))?;
            with(id, row)?;
            count += 1;
        }
    }
}

fn people(desk: &mut Desk<'_>, folder: &Path) -> Result<u64, Halt> {
    let mut people = Table::new(folder, "people.csv")?;
    let mut covers = Table::new(folder, "covers.csv")?;
    let count = each::<Person>(desk, |_, person| {
        people.line(PersonLine::of(&person))?;
        person.covers.iter().try_for_each(|cover| covers.line(CoverLine::of(&person.id, cover)))
    })?;
    let mut grants = Table::new(folder, "grants.csv")?;
    each::<Grants>(desk, |beneficiary, row| {
        // What was applied for and not approved is no grant, and must not come in as one.
        let given = row.grants.iter().filter(|grant| grant.is_given());
        given.map(|grant| GrantLine::of(beneficiary, grant)).try_for_each(|line| grants.line(line))
    })?;
    people.end()?;
    covers.end()?;
    grants.end()?;
    Ok(count)
}

fn institutions(desk: &mut Desk<'_>, folder: &Path) -> Result<u64, Halt> {
    let mut table = Table::new(folder, "institutions.csv")?;
    let count = each::<Institution>(desk, |_, one| {
        one.designated.iter().try_for_each(|when| table.line(InstitutionLine::of(&one, *when)))
    })?;
    table.end()?;
    Ok(count)
}

/// The catalogue of each area in a file of its own, as `item import` reads it.
fn items(desk: &mut Desk<'_>, folder: &Path) -> Result<u64, Halt> {
    let mut by_area: std::collections::BTreeMap<String, Vec<Item>> = std::collections::BTreeMap::new();
    let count = each::<Item>(desk, |id, item| {
        let area = id.split_once('/').map_or("", |(area, _)| area);
        by_area.entry(area.to_owned()).or_default().push(item);
        Ok(())
    })?;
    for (area, items) in by_area {
        let text = gongji_agency::catalogue::items_to_csv(&items)?;
        fs::write(folder.join(format!("items-{area}.csv")), text).map_err(failed)?;
    }
    Ok(count)
}

fn balances(desk: &mut Desk<'_>, folder: &Path) -> Result<(), Halt> {
    let mut table = Table::new(folder, "balances.csv")?;
    each::<Balance>(desk, |account, balance| {
        table.line(BalanceLine { account: account.to_owned(), balance: Fen::new(balance.fen).to_string() })
    })?;
    each::<Standing>(desk, |person, standing| {
        let Some(area) = &standing.account_area else { return Ok(()) };
        let parts = [
            (SubAccount::CurrentYear, standing.current_year),
            (SubAccount::CarriedOver, standing.carried_over),
        ];
        parts.into_iter().try_for_each(|(sub, fen)| {
            let account = Account::personal(area, person, sub).to_string();
            table.line(BalanceLine { account, balance: Fen::new(fen).to_string() })
        })
    })?;
    table.end()
}

fn journal(desk: &mut Desk<'_>, folder: &Path, bar: &indicatif::ProgressBar) -> Result<u64, Halt> {
    let mut settlements = Table::new(folder, "settlements.csv")?;
    let mut postings = Table::new(folder, "postings.csv")?;
    let head = desk.view().head()?;
    bar.set_length(head.seq);
    let mut seq = 0;
    while seq < head.seq {
        let page = desk.view().records_after(seq, PAGE)?;
        let Some(last) = page.last() else {
            return Err(StoreError::Corrupt(format!("缺第 {} 条记录", seq + 1)).into());
        };
        let end = last.seq;
        for stored in &page {
            let record = Record::read(stored.seq, &stored.body)?;
            if let Some(made) = &record.settlement {
                settlements.line(SettlementLine::of(&record, made))?;
            }
            for Posting(account, fen) in record.entry.postings() {
                postings.line(PostingLine {
                    record: record.seq,
                    date: record.date,
                    kind: record.kind.clone(),
                    cancels: record.cancels.map(|seq| format!("S{seq}")),
                    area: account.area.clone(),
                    account: account.to_string(),
                    name: name_of(account),
                    amount: Fen::new(*fen).to_string(),
                })?;
            }
        }
        seq = end;
        bar.set_position(seq);
    }
    settlements.end()?;
    postings.end()?;
    Ok(head.seq)
}
