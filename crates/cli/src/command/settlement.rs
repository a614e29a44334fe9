//! `gongji settlement show`, `explain`, `print`, `affected`.

use std::sync::Arc;

use gongji_agency::Stop as Halt;
use gongji_agency::context::Context;
use gongji_agency::desk::Desk;
use gongji_agency::record::Record;
use gongji_agency::refusal::Refusal;
use gongji_agency::row::{Edition, Institution, Person, Reversal};
use gongji_agency::settlement::{Affected, Settlement, affected_by, explained, institution_of, number_of};
use gongji_cases::settle::Rulebook;
use gongji_money::Fen;
use gongji_policy::{SourceText, read_packs};

use crate::arguments::OneSettlement;
use crate::exit::{Outcome, Stop};
use crate::office::{Counter, halt};
use crate::terminal::{Side, Table};
use crate::{settlement as paper, table};

/// What is looked up of a settlement.
struct Found {
    record: Record,
    made: Settlement,
    person: Arc<Person>,
    institution: Arc<Institution>,
    /// The record that cancelled it.
    cancelled: Option<u64>,
}

fn find(desk: &mut Desk<'_>, id: &str) -> Result<Found, Halt> {
    let seq = number_of('S', id).map_err(|refusal| refusal.at("结算编号"))?;
    let missing = || Refusal::new("no_settlement", "没有这笔结算").found(id);
    let record = desk.record(seq)?.ok_or_else(missing)?;
    let made = record.settlement.as_deref().cloned().ok_or_else(missing)?;
    made.check().map_err(|problem| Halt::Store(gongji_agency::port::StoreError::Corrupt(problem)))?;
    let person = desk.need::<Person>(&made.person)?;
    let institution = institution_of(desk, &made)?;
    let cancelled = desk.get::<Reversal>(&format!("{seq:020}"))?.map(|reversal| reversal.by);
    Ok(Found { record, made, person, institution, cancelled })
}

fn note_cancelled(found: &Found) {
    if let Some(by) = found.cancelled {
        anstream::println!("已撤销：见第 {by} 条记录");
    }
}

/// Prints table and entry as they were booked.
pub fn show(one: &OneSettlement) -> Outcome {
    let counter = Counter::open(&one.agency)?;
    let found = counter.look(|desk, _| find(desk, &one.id))?;
    let made = &found.made;
    anstream::println!("{}", paper::head(made, &found.person, &found.institution));
    anstream::println!("{}", paper::table(made));
    anstream::println!("{}", paper::entry(&found.record));
    if let Some(replaced) = made.replaces {
        anstream::println!("取代 S{replaced}");
    }
    note_cancelled(&found);
    anstream::println!(
        "第 {} 条记录，{}（{}），幂等键 {}",
        found.record.seq,
        found.record.actor.name,
        found.record.actor.role.label(),
        found.record.key
    );
    anstream::println!("费用表 {}\n规则 {}", made.table, made.packs);
    Ok(())
}

/// Prints the statement.
pub fn print(one: &OneSettlement) -> Outcome {
    let counter = Counter::open(&one.agency)?;
    let found = counter.look(|desk, _| find(desk, &one.id))?;
    anstream::print!("{}", paper::statement(&found.record, &found.made, &found.person, &found.institution));
    note_cancelled(&found);
    Ok(())
}

/// Words it under the rules of its day, and computes it again.
pub fn explain(one: &OneSettlement) -> Outcome {
    let counter = Counter::open(&one.agency)?;
    let (found, texts) = counter.look(|desk, context| {
        let found = find(desk, &one.id)?;
        let texts = texts_of(desk, context, &found.made)?;
        Ok((found, texts))
    })?;
    let made = &found.made;
    let older = texts.map(|texts| {
        let (packs, _) = read_packs(&texts);
        // Read once for this one answer, and the program ends after it.
        Rulebook::new(packs.leak())
    });
    let rules = older.as_ref().unwrap_or_else(|| counter.office.rules().book());
    let explained = explained(rules, made).map_err(halt)?;
    anstream::println!("{}", paper::head(made, &found.person, &found.institution));
    anstream::println!("{}", table::bill(&explained.bill));
    note_cancelled(&found);
    if !explained.agrees(made) {
        anstream::println!("重算：与入账的费用表不同");
        for one in &explained.deviations {
            let (booked, computed) = (Fen::new(one.booked).grouped(), Fen::new(one.computed).grouped());
            anstream::println!("  {} {}：入账 {booked}，重算 {computed}", one.row, one.payer);
        }
        return Err(Stop::Said);
    }
    anstream::println!("重算：与入账时分毫不差（费用表 {}）", made.table);
    Ok(())
}

/// The texts of the rules of a settlement, where they are not those at hand.
fn texts_of(
    desk: &mut Desk<'_>,
    context: &Context<'_>,
    made: &Settlement,
) -> Result<Option<Vec<SourceText>>, Halt> {
    if made.edition == context.edition {
        return Ok(None);
    }
    let edition = desk.need::<Edition>(&made.edition)?;
    let text = |(name, text): &(String, String)| SourceText { name: name.clone(), text: text.clone() };
    Ok(Some(edition.files.iter().map(text).collect()))
}

/// Lists later settlements that would come out otherwise.
pub fn affected(one: &OneSettlement) -> Outcome {
    let counter = Counter::open(&one.agency)?;
    let (found, affected) = counter.look(|desk, context| {
        let found = find(desk, &one.id)?;
        let affected = affected_by(desk, context, &found.made.person, found.made.place)?;
        Ok((found, affected))
    })?;
    if affected.is_empty() {
        anstream::println!("其后的结算重算都相同，不用重新结算");
        if found.cancelled.is_none() {
            anstream::println!("{} 还没有撤销：撤销以后再看", one.id);
        }
        return Ok(());
    }
    anstream::print!("{}", differences(&affected));
    anstream::println!("逐笔重新结算：gongji settlement readjudicate 结算编号 --reason 原因");
    Ok(())
}

fn differences(affected: &[Affected]) -> String {
    let mut table = Table::new(&[&[Side::Left][..], &[Side::Right; 5]].concat());
    table.row(["结算", "基金", "个人账户", "家庭共济", "医院负担", "现金"]);
    table.rule();
    let signed = |fen: i64| {
        let sign = if fen > 0 { "+" } else { "" };
        format!("{sign}{}", Fen::new(fen).grouped())
    };
    for one in affected {
        let amounts =
            [one.fund_paid, one.account_paid, one.mutual_aid_paid, one.hospital_borne, one.cash_paid];
        table.row([one.settlement.clone()].into_iter().chain(amounts.into_iter().map(signed)));
    }
    table.render()
}
