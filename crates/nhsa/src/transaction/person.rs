//! 人员信息获取 (1101).

use gongji_agency::look::{CoverState, cover_on};
use gongji_agency::row::{CertificateHolder, Cover, Person, Standing, mask};
use jiff::civil::Date;

use crate::bill::{civil_servant, person_members, psn_type};
use crate::call::Call;
use crate::fault::Fault;
use crate::output::{self, day};
use crate::wire::Wire;

/// Who holds what is shown at the counter.
fn holder(call: &Call<'_>) -> Result<Person, Fault> {
    let asked = call.node("data")?;
    let shown = asked.need("mdtrt_cert_type")?;
    let kind = call.codes().exact("credential", &shown).ok_or_else(|| {
        Fault::new(
            "unknown_code",
            format!("data.mdtrt_cert_type（就诊凭证类型）没有取值 {shown}，应为 01、02、03"),
        )
    })?;
    let number = match asked.text("mdtrt_cert_no").or_else(|| asked.text("card_sn")) {
        Some(number) => number,
        None => asked.need("certno")?,
    };
    let number: String = number.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_uppercase).collect();
    let id = format!("{kind}/{number}");
    let found = call.look(|desk, _| {
        let Some(holder) = desk.get::<CertificateHolder>(&id)? else { return Ok(None) };
        Ok(Some((*desk.need::<Person>(&holder.person)?).clone()))
    })?;
    let missing = || Fault::new("no_person", format!("没有持这个凭证的参保人：{}", mask(&number)));
    let person = found.ok_or_else(missing)?;
    if asked.text("psn_name").is_some_and(|name| name != person.name) {
        return Err(Fault::new("name_differs", "姓名与登记的不一致"));
    }
    if asked.text("certno").is_some_and(|no| !no.eq_ignore_ascii_case(&person.certificate.number)) {
        return Err(Fault::new("certificate_differs", "证件号码与登记的不一致"));
    }
    Ok(person)
}

/// 1101: the person, the last cover of each scheme and area, the identities.
pub fn coverage(call: &Call<'_>) -> Result<Wire, Fault> {
    let person = holder(call)?;
    let asked_on = call.node("data")?.date("begntime")?;
    let (today, standing) = call.look(|desk, context| {
        let standing = desk.get::<Standing>(&person.id)?.map(|row| (*row).clone());
        Ok((context.today, standing.unwrap_or_default()))
    })?;
    let on = asked_on.unwrap_or(today);
    let codes = call.codes();
    let base = output::node("1101", "baseinfo", &person_members(&person, today, codes), &[]);
    let mut covers: Vec<&Cover> = Vec::new();
    for cover in person.covers.iter().rev().filter(|cover| cover.from <= on) {
        if !covers.iter().any(|known| known.scheme == cover.scheme && known.area == cover.area) {
            covers.push(cover);
        }
    }
    let holds = covers.iter().position(|cover| standing.account_area.as_ref() == Some(&cover.area));
    let rows = covers.iter().enumerate().map(|(at, cover)| {
        let balance = if holds == Some(at) { standing.current_year + standing.carried_over } else { 0 };
        insurance(call, &person, cover, on, balance)
    });
    let rows = Wire::List(rows.collect());
    let identities = person.cover_on(on).and_then(|cover| cover.assistance.as_ref());
    let rows_of = identities.into_iter().flatten().filter_map(|name| {
        let code = codes.exact("psn_idet_type", name)?;
        let begin = person.cover_on(on).map(|cover| format!("{} 00:00:00", cover.from));
        let members = [("psn_idet_type", Wire::text(code)), ("begntime", output::text(begin.as_deref()))];
        Some(output::node("1101", "idetinfo", &members, &[]))
    });
    let identities = Wire::List(rows_of.collect());
    Ok(Wire::object([("baseinfo", base), ("insuinfo", rows), ("idetinfo", identities)]))
}

fn insurance(call: &Call<'_>, person: &Person, cover: &Cover, on: Date, balance: i64) -> Wire {
    let codes = call.codes();
    let state = if cover.covers(on) {
        match cover_on(person, on).state {
            CoverState::Paused => "paused",
            CoverState::Died | CoverState::Ended | CoverState::NotYet => "ended",
            CoverState::Covered => "covered",
        }
    } else {
        "ended"
    };
    let paused = if cover.paused { Some(cover.from) } else { cover.to };
    let members = [
        ("balc", Wire::fen(balance)),
        ("insutype", output::text(codes.exact("insutype", &cover.scheme))),
        ("psn_type", Wire::text(psn_type(cover, codes))),
        ("psn_insu_stas", output::text(codes.exact("psn_insu_stas", state))),
        ("psn_insu_date", day(cover.from)),
        ("paus_insu_date", paused.map_or(Wire::Null, day)),
        ("cvlserv_flag", Wire::text(civil_servant(cover))),
        ("insuplc_admdvs", Wire::text(cover.area.clone())),
        ("emp_name", output::text(cover.employer.as_deref())),
    ];
    output::node("1101", "insuinfo", &members, &[])
}
