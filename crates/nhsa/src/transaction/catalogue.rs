//! 目录下载与查询 (1301–1319): the catalogue of an area, as files and page by page.
//!
//! A version names what a file holds, not when it was made: a catalogue that has not changed has the same version, and who has it already gets no rows.

use std::collections::BTreeMap;

use gongji_agency::look::every_item;
use gongji_agency::row::{Item, ItemKind, ItemVersion};
use gongji_money::Fen;
use gongji_policy::Dimension;
use jiff::civil::Date;
use sha2::{Digest, Sha256};

use super::page::{Asked, paged};
use crate::call::Call;
use crate::fault::Fault;
use crate::fields::{Direction, transaction};
use crate::file::{File, packed};
use crate::line::share;
use crate::output::{self, Member, day};
use crate::tables::Codes;
use crate::wire::Wire;

/// The area of the national catalogue.
const NATIONAL: &str = "000000";

/// The described fields of an item of the catalogue: the columns of every file.
const ITEM_FIELDS: &str = "1312";

/// The columns of a file of diseases: those of the files of filings.
const DISEASE_FIELDS: (&str, &str) = ("5301", "feedetail");

/// The items that serve in an area, in order of code: its own come before national ones of the same code.
fn items(call: &Call<'_>, area: &str) -> Result<Vec<(Item, String)>, Fault> {
    call.look(|desk, context| {
        let mut all = BTreeMap::new();
        for of in [NATIONAL, area] {
            for item in every_item(desk, context, of)? {
                all.insert(item.code.clone(), (item, of.to_owned()));
            }
        }
        Ok(all.into_values().collect())
    })
}

/// Every item of an area with each of its versions.
fn versions(items: &[(Item, String)]) -> impl Iterator<Item = (&Item, &str, &ItemVersion)> {
    items.iter().flat_map(|(item, of)| item.versions.iter().map(move |version| (item, of.as_str(), version)))
}

/// The name of a kind of item in the maps of codes.
pub fn kind_name(kind: ItemKind) -> &'static str {
    match kind {
        ItemKind::Drug => "drug",
        ItemKind::Service => "service",
        ItemKind::Consumable => "consumable",
    }
}

fn moment(date: Date) -> Wire {
    Wire::text(format!("{date} 00:00:00"))
}

/// What every row of the catalogue says of where and when it serves.
fn served(rid: String, area: &str, of: &str, version: &ItemVersion, today: Date) -> Vec<Member> {
    let ended = version.to.is_some_and(|to| to < today);
    vec![
        ("insu_admdvs", Wire::text(area)),
        ("poolarea_no", Wire::text(of)),
        ("begndate", day(version.from)),
        ("enddate", version.to.map_or(Wire::Null, day)),
        ("vali_flag", Wire::text(if ended { "0" } else { "1" })),
        ("rid", Wire::text(rid)),
        ("updt_time", moment(version.from)),
        ("crte_time", moment(version.from)),
    ]
}

/// What is said of one version of an item.
fn members(
    item: &Item,
    area: &str,
    of: &str,
    version: &ItemVersion,
    codes: Codes<'_>,
    today: Date,
) -> Vec<Member> {
    let mut members = served(format!("{of}-{}-{}", item.code, version.from), area, of, version, today);
    let kind = kind_name(item.kind);
    members.extend([
        ("hilist_code", Wire::text(item.code.clone())),
        ("med_list_codg", Wire::text(item.code.clone())),
        ("hilist_name", Wire::text(item.name.clone())),
        ("med_chrgitm_type", output::text(codes.exact("med_chrgitm_type", kind))),
        ("chrgitm_lv", output::text(codes.exact("chrgitm_lv", &version.class))),
        ("list_type", output::text(codes.exact("list_type", kind))),
        ("lmt_used_flag", Wire::text("0")),
        ("med_use_flag", Wire::text("1")),
        ("matn_used_flag", Wire::text("0")),
        ("lmt_cpnd_type", Wire::text("9")),
    ]);
    members
}

/// A value as a cell of a file.
fn cell(value: &Wire) -> String {
    match value {
        Wire::Text(text) | Wire::Number(text) => text.clone(),
        _ => String::new(),
    }
}

/// The rows of a file with the named columns.
fn rows_of(columns: (&str, &str), rows: impl Iterator<Item = Vec<Member>>) -> Vec<Vec<String>> {
    let described = transaction(columns.0).and_then(|known| known.node(Direction::Out, columns.1));
    let fields = described.map(|node| node.fields.as_slice()).unwrap_or_default();
    rows.map(|members| {
        let find =
            |name: &str| members.iter().find(|(known, _)| *known == name).map(|(_, value)| cell(value));
        fields.iter().map(|field| find(field.name).unwrap_or_default()).collect()
    })
    .collect()
}

/// What a download of a number holds in an area: rows without their version. Catalogues that the agency does not keep are empty.
fn content(call: &Call<'_>, number: &str, area: &str) -> Result<Vec<Vec<String>>, Fault> {
    let today = call.look(|_, context| Ok(context.today))?;
    let kind = match number {
        "1301" => ItemKind::Drug,
        "1305" => ItemKind::Service,
        "1306" => ItemKind::Consumable,
        "1309" => return diseases(call, area),
        _ => return Ok(Vec::new()),
    };
    let items = items(call, area)?;
    let of_kind = versions(&items).filter(|(item, _, _)| item.kind == kind);
    let rows = of_kind.map(|(item, of, version)| members(item, area, of, version, Codes::of(area), today));
    Ok(rows_of((ITEM_FIELDS, ""), rows))
}

/// The diseases that the rules of an area name, in order.
fn diseases(call: &Call<'_>, area: &str) -> Result<Vec<Vec<String>>, Fault> {
    call.look(|_, context| {
        let pack = context.rules.packs().iter().find(|pack| pack.area.code == area);
        let schemes = pack.map(|pack| pack.schemes.as_slice()).unwrap_or_default();
        let mut names: Vec<&str> = schemes
            .iter()
            .flat_map(|scheme| scheme.values.get(&Dimension::Condition).into_iter().flatten())
            .map(String::as_str)
            .filter(|name| *name != "none")
            .collect();
        names.sort_unstable();
        names.dedup();
        let rows = names
            .into_iter()
            .map(|name| vec![("opsp_dise_code", Wire::text(name)), ("opsp_dise_name", Wire::text(name))]);
        Ok(rows_of(DISEASE_FIELDS, rows))
    })
}

/// The version of rows: twelve digits of their hash. That of an empty catalogue is the one that clients begin with.
fn version(rows: &[Vec<String>]) -> String {
    if rows.is_empty() {
        return "v0000".to_owned();
    }
    let mut hash = Sha256::new();
    for row in rows {
        hash.update(row.join("\t"));
        hash.update("\n");
    }
    let hash = hash.finalize();
    format!("v{}", hash.iter().take(6).map(|byte| format!("{byte:02x}")).collect::<String>())
}

/// 1301 and its like: the number of a file with all rows, or with none where the version asked is the present one.
pub fn download(call: &Call<'_>) -> Result<Wire, Fault> {
    let asked = call.node("data")?;
    let known = asked.need("ver")?;
    let area = call.institution.area.clone();
    let rows = content(call, call.number, &area)?;
    let now = version(&rows);
    let count = if known == now { 0 } else { rows.len() };
    let since = if count == 0 { "0" } else { "1" };
    let number = format!("C{}_{area}_{now}_{since}", call.number);
    let today = call.look(|_, context| Ok(context.today))?;
    let members = [
        ("filename", Wire::text(format!("{number}.txt.zip"))),
        ("file_qury_no", Wire::text(number)),
        ("dld_end_time", day(today)),
        ("data_cnt", Wire::Number(count.to_string())),
    ];
    Ok(output::node(call.number, "", &members, &[]))
}

/// The file of a number that [`download`] gave: zipped rows, the version in the last column.
///
/// # Errors
/// The faults `no_file`, and `file_expired` where the catalogue has changed since.
pub fn file(call: &Call<'_>, number: &str) -> Result<File, Fault> {
    let missing = || Fault::new("no_file", format!("没有这个目录文件：{number}"));
    let mut parts = number.strip_prefix('C').ok_or_else(missing)?.split('_');
    let mut part = || parts.next().filter(|part| !part.is_empty()).ok_or_else(missing);
    let (of, area, then, since) = (part()?, part()?, part()?, part()?);
    if !super::OFFERED.iter().any(|(offered, _)| *offered == of && of.starts_with("13")) {
        return Err(missing());
    }
    let mut rows = content(call, of, area)?;
    let now = version(&rows);
    if now != then {
        return Err(Fault::new("file_expired", format!("目录已经更新，请重新用 {of} 查询：{number}")));
    }
    if since == "0" {
        rows.clear();
    }
    for row in &mut rows {
        row.push(now.clone());
    }
    let name = format!("{number}.txt");
    Ok(File { bytes: packed(&name, &rows)?, name: format!("{name}.zip") })
}

/// Whether one version of an item is asked for.
fn wanted(asked: &Asked<'_>, item: &Item, version: &ItemVersion, codes: Codes<'_>) -> bool {
    let same = |field: &str, value: Option<&str>| {
        asked.node.text(field).is_none_or(|asked| value.is_some_and(|value| value == asked))
    };
    let kind = kind_name(item.kind);
    asked.on.is_none_or(|on| version.from <= on && version.to.is_none_or(|to| on <= to))
        && same("hilist_code", Some(&item.code))
        && same("med_list_codg", Some(&item.code))
        && same("list_type", codes.exact("list_type", kind))
        && same("chrgitm_lv", codes.exact("chrgitm_lv", &version.class))
        && same("med_chrgitm_type", codes.exact("med_chrgitm_type", kind))
        && asked.node.text("hilist_name").is_none_or(|name| item.name.contains(&name))
}

/// One version of an item, of which area it is, and the day of the query.
type Seen<'items> = (&'items Item, &'items str, &'items ItemVersion, Date);

/// A page of rows that each wanted version of an item gives.
fn page_of(call: &Call<'_>, rows: impl Fn(&str, Seen<'_>) -> Vec<Vec<Member>>) -> Result<Wire, Fault> {
    let asked = Asked::read(call)?;
    let area = asked.node.text("insu_admdvs").unwrap_or_else(|| call.institution.area.clone());
    let today = call.look(|_, context| Ok(context.today))?;
    let items = items(call, &area)?;
    let codes = Codes::of(&area);
    let found = versions(&items).filter(|(item, _, version)| wanted(&asked, item, version, codes));
    let found = found.flat_map(|(item, of, version)| rows(&area, (item, of, version, today)));
    Ok(paged(call, &asked, found.collect()))
}

/// 1312: the items of the catalogue.
pub fn insurance(call: &Call<'_>) -> Result<Wire, Fault> {
    page_of(call, |area, (item, of, version, today)| {
        vec![members(item, area, of, version, Codes::of(area), today)]
    })
}

/// 1304: no ethnic drugs are told apart, so there are none.
pub fn ethnic(call: &Call<'_>) -> Result<Wire, Fault> {
    let asked = Asked::read(call)?;
    Ok(paged(call, &asked, Vec::new()))
}

/// 1316: an item of the catalogue is the insurance's own, under one code.
pub fn matched(call: &Call<'_>) -> Result<Wire, Fault> {
    insurance(call)
}

/// The kinds of institutions of which price caps are told, with the level whose cap they are.
const LEVELS: [(&str, &str); 3] = [("1", "1"), ("2", "2"), ("3", "3")];

/// 1318: price caps by level of institution.
pub fn price_caps(call: &Call<'_>) -> Result<Wire, Fault> {
    let kind = call.node("data")?.text("hilist_lmtpric_type");
    page_of(call, |area, (item, of, version, today)| {
        let levels = LEVELS.iter().filter(|(code, _)| kind.as_deref().is_none_or(|kind| kind == *code));
        let row = |(code, level): &(&str, &str)| {
            let cap = version.price_cap(Some(level))?;
            let rid = format!("{of}-{}-{}-{code}", item.code, version.from);
            let mut members = served(rid, area, of, version, today);
            members.extend([
                ("hilist_code", Wire::text(item.code.clone())),
                ("hilist_lmtpric_type", Wire::text(*code)),
                ("hilist_pric_uplmt_amt", Wire::Number(Fen::new(cap).to_string())),
            ]);
            Some(members)
        };
        levels.filter_map(row).collect()
    })
}

/// 1319: the share that is paid first, where the catalogue states one. Where it leaves that to the rules of the area, there is no row.
pub fn first_shares(call: &Call<'_>) -> Result<Wire, Fault> {
    let kind = call.node("data")?.text("selfpay_prop_psn_type");
    let insurances = ["employee", "resident"];
    page_of(call, |area, (item, of, version, today)| {
        let codes = Codes::of(area);
        let Some(share) = version.upfront_ratio.as_deref().and_then(share) else { return Vec::new() };
        let insurances = insurances.iter().filter_map(|scheme| codes.exact("insutype", scheme));
        let row = |insurance: &str| {
            let rid = format!("{of}-{}-{}-{insurance}", item.code, version.from);
            let mut members = served(rid, area, of, version, today);
            members.extend([
                ("hilist_code", Wire::text(item.code.clone())),
                ("selfpay_prop_psn_type", Wire::text(insurance)),
                ("selfpay_prop_type", Wire::text("10")),
                ("selfpay_prop", Wire::Number(share.clone())),
            ]);
            members
        };
        let wanted = insurances.filter(|insurance| kind.as_deref().is_none_or(|kind| kind == *insurance));
        wanted.map(row).collect()
    })
}
