//! `gongji person register`, `show`, `file`, `cover`, `statement`.

use gongji_agency::Stop as Halt;
use gongji_agency::command::{Command, RegisterPerson as Register};
use gongji_agency::desk::Desk;
use gongji_agency::look::{self, FileEntry};
use gongji_agency::refusal::Refusal;
use gongji_agency::row::{Certificate, CertificateHolder, CertificateKind, Cover, Grants, Person, Standing};
use gongji_money::Fen;
use gongji_policy::Dimension;
use gongji_policy::view::value_label;
use jiff::civil::Date;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::arguments::{CoverOn, OnePerson, RegisterPerson};
use crate::exit::{Outcome, Stop};
use crate::office::Counter;
use crate::settlement::scheme;
use crate::terminal::{Side, Table};

/// The kinds of certificates, the commonest first.
const CERTIFICATES: [CertificateKind; 7] = [
    CertificateKind::IdCard,
    CertificateKind::ResidencePermit,
    CertificateKind::ForeignerPermit,
    CertificateKind::BirthCertificate,
    CertificateKind::HongKongMacaoPermit,
    CertificateKind::TaiwanPermit,
    CertificateKind::Passport,
];

/// A name of the records as its type.
fn named<T: DeserializeOwned>(what: &str, name: &str) -> Result<T, Stop> {
    serde_json::from_value(Value::String(name.to_owned()))
        .map_err(|_| Stop::BadInput(format!("{what}没有这个取值：{name}")))
}

/// Registers somebody.
pub fn register(register: &RegisterPerson) -> Outcome {
    let kind: CertificateKind = named("证件类型", &register.certificate)?;
    let counter = Counter::open(&register.agency)?;
    let answer = counter.book(Command::RegisterPerson(Register {
        area: register.area.clone(),
        name: register.name.clone(),
        certificate: Certificate { kind, number: register.number.clone() },
        sex: register.sex.clone(),
        birth_date: register.birth_date,
    }))?;
    let id = answer.result.get("person").and_then(Value::as_str).unwrap_or_default();
    let again = if answer.replayed { "先前已" } else { "已" };
    anstream::println!("{again}登记，人员编号 {id}");
    Ok(())
}

/// The person of an id, or of a certificate's number.
pub(super) fn find(desk: &mut Desk<'_>, text: &str) -> Result<std::sync::Arc<Person>, Halt> {
    if let Some(person) = desk.get::<Person>(text)? {
        return Ok(person);
    }
    for kind in CERTIFICATES {
        let id = Certificate { kind, number: text.to_owned() }.id();
        if let Some(holder) = desk.get::<CertificateHolder>(&id)? {
            return desk.need::<Person>(&holder.person);
        }
    }
    // A number that nobody holds is somebody's all the same: it is not shown again.
    Err(Refusal::new("no_person", "没有这个参保人").expected("人员编号（如 P12）或已登记的证件号码").into())
}

fn category(cover: &Cover) -> &str {
    value_label(Dimension::Category, &cover.category)
}

pub(super) fn days(from: Date, to: Option<Date>) -> String {
    to.map_or_else(|| format!("{from} 起"), |to| format!("{from} 至 {to}"))
}

fn covers(person: &Person) -> String {
    let mut table = Table::new(&[Side::Left; 5]);
    for cover in &person.covers {
        let state = if cover.paused { "待遇暂停" } else { "" };
        let why = if cover.ended.is_empty() {
            cover.reason.clone()
        } else {
            format!("{}；{}", cover.reason, cover.ended)
        };
        table.row([
            format!("  {}", days(cover.from, cover.to)),
            cover.area.clone(),
            format!("{} {}", scheme(&cover.scheme), category(cover)),
            state.to_owned(),
            why,
        ]);
    }
    table.render()
}

/// Prints who somebody is and how the person stands.
pub fn show(one: &OnePerson) -> Outcome {
    let counter = Counter::open(&one.agency)?;
    let (person, standing, grants) = counter.look(|desk, _| {
        let person = find(desk, &one.person)?;
        let standing = desk.get::<Standing>(&person.id)?.map(|row| (*row).clone()).unwrap_or_default();
        let grants = desk.get::<Grants>(&person.id)?.map(|row| (*row).clone()).unwrap_or_default();
        Ok((person, standing, grants))
    })?;
    anstream::println!(
        "{} {}  {}  {} 生  {} {}",
        person.id,
        person.name,
        value_label(Dimension::Sex, &person.sex),
        person.birth_date,
        person.certificate.kind.label(),
        person.masked_number()
    );
    if let Some(died) = person.died_on {
        anstream::println!("{died} 死亡");
    }
    anstream::println!("参保");
    anstream::print!("{}", covers(&person));
    if let Some(area) = &standing.account_area {
        let (current, carried) = (Fen::new(standing.current_year), Fen::new(standing.carried_over));
        anstream::println!("个人账户（{area}）  当年 {}，历年 {}", current.grouped(), carried.grouped());
    }
    if !person.credentials.is_empty() {
        anstream::println!("凭证");
        for one in &person.credentials {
            anstream::println!("  {} {} {} {}", one.kind.label(), one.number, one.status.label(), one.since);
        }
    }
    if !grants.grants.is_empty() {
        anstream::println!("可用亲属的账户");
        for grant in &grants.grants {
            let relation = value_label(Dimension::Relation, &grant.relation);
            anstream::println!(
                "  {} {}（{relation}）  {}",
                grant.id,
                grant.grantor,
                days(grant.from, grant.to)
            );
        }
    }
    Ok(())
}

/// How a record of a file is called.
fn entry_label(entry: &FileEntry) -> String {
    match (&entry.settlement, entry.cancels) {
        (Some(made), _) => {
            let care = value_label(Dimension::CareType, &made.care_type);
            let (total, fund) = (made.total.grouped(), made.fund_paid.grouped());
            format!("{} {} {care} 总额 {total}，基金 {fund}", entry.label, made.id)
        }
        (None, Some(cancelled)) => format!("{} S{cancelled}", entry.label),
        (None, None) => entry.label.to_owned(),
    }
}

/// Prints every record of a person, oldest first.
pub fn file(one: &OnePerson) -> Outcome {
    let counter = Counter::open(&one.agency)?;
    let (person, file) = counter.look(|desk, context| {
        let person = find(desk, &one.person)?;
        let file = look::person_file(desk, context, &person.id, usize::MAX)?;
        Ok((person, file))
    })?;
    anstream::println!("{} {}  {}", person.id, person.name, person.masked_number());
    let mut table = Table::new(&[Side::Right, Side::Left, Side::Left, Side::Left]);
    table.row(["记录", "业务日期", "", "经办"]);
    table.rule();
    for entry in &file.entries {
        table.row([
            entry.record.to_string(),
            entry.date.to_string(),
            entry_label(entry),
            entry.actor.clone().unwrap_or_default(),
        ]);
    }
    anstream::print!("{}", table.render());
    Ok(())
}

/// Prints whether somebody is insured on a day, and why.
pub fn cover(on: &CoverOn) -> Outcome {
    let counter = Counter::open(&on.agency)?;
    let (person, seen) = counter.look(|desk, context| {
        let person = find(desk, &on.person)?;
        let seen = look::cover(desk, context, &person.id, on.on.unwrap_or(context.today))?;
        Ok((person, seen))
    })?;
    anstream::println!(
        "{} {}  {} {}（{}）",
        person.id,
        person.name,
        seen.date,
        seen.state.label(),
        seen.reason
    );
    if let Some(cover) = &seen.cover {
        anstream::println!(
            "{} {} {}，{}",
            cover.area,
            scheme(&cover.scheme),
            category(cover),
            days(cover.from, cover.to)
        );
    }
    Ok(())
}

/// Prints every movement of a personal account with the balance of its part after it.
pub fn statement(one: &OnePerson) -> Outcome {
    let counter = Counter::open(&one.agency)?;
    let (person, statement) = counter.look(|desk, context| {
        let person = find(desk, &one.person)?;
        let statement = look::statement(desk, context, &person.id, (None, None))?;
        Ok((person, statement))
    })?;
    anstream::println!("{} {}  个人账户", person.id, person.name);
    let mut table = Table::new(&[Side::Right, Side::Left, Side::Left, Side::Left, Side::Right, Side::Right]);
    table.row(["记录", "业务日期", "", "部分", "金额", "余额"]);
    table.rule();
    for line in &statement.lines {
        let mut label = line.label.to_owned();
        if let Some(settlement) = &line.settlement {
            label.push_str(&format!(" {settlement}"));
        }
        if line.who != person.id {
            label.push_str(&format!("（亲属 {}）", line.who));
        }
        table.row([
            line.record.to_string(),
            line.date.to_string(),
            label,
            line.sub_account.label().to_owned(),
            line.amount.grouped(),
            line.balance.grouped(),
        ]);
    }
    anstream::print!("{}", table.render());
    Ok(())
}

/// Prints the five questions of somebody in the books.
pub fn five(on: &CoverOn) -> Outcome {
    let counter = Counter::open(&on.agency)?;
    let five = counter.look(|desk, context| {
        let person = find(desk, &on.person)?;
        look::five(desk, context, &person.id, on.on.unwrap_or(context.today))
    })?;
    anstream::print!("{}", crate::five_table::text(&five.answer, false));
    let (from, to) = five.books.year;
    anstream::println!("账上：{} {from} 至 {to} 已用", five.person);
    for used in &five.books.used {
        let at = used.institution.as_ref().map_or_else(String::new, |id| format!("（{id}）"));
        anstream::println!("  {}{at}  {}", used.label, used.amount);
    }
    if five.books.used.is_empty() {
        anstream::println!("  没有");
    }
    if let Some(bill) = &five.books.last_bill {
        anstream::println!(
            "最近一张单子 {}：总额 {}，基金 {}，账户 {}，家人账户 {}，现金 {}",
            bill.id,
            bill.total.grouped(),
            bill.fund_paid.grouped(),
            bill.account_paid.grouped(),
            bill.mutual_aid_paid.grouped(),
            bill.cash_paid.grouped()
        );
    }
    Ok(())
}
