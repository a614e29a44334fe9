//! 目录对照 (3301, 3302, 1317): which items of the catalogue an institution's own items are.

use gongji_agency::desk::Row;
use gongji_agency::row::{Item, Note};
use serde_json::{Value, json};

use super::page::{Asked, paged};
use crate::call::{Call, note, object};
use crate::fault::Fault;
use crate::input::Node;
use crate::output::{Member, text};
use crate::wire::Wire;

/// So many rows at most come in one message.
const MOST: usize = 100;

/// So many notes are fetched together.
const TOGETHER: usize = 500;

/// The note of an institution's own item under a kind of list.
fn id(node: &Node<'_>) -> Result<String, Fault> {
    let own = node.need("fixmedins_hilist_id")?;
    let strange = |c: char| c.is_control() || matches!(c, '/' | '{' | '}');
    if own.len() > 100 || own.chars().any(strange) {
        let problem = "fixmedins_hilist_id（定点医药机构目录编号）应为至多 100 个字节、没有 / 和花括号的文字";
        return Err(Fault::new("malformed_text", problem));
    }
    Ok(format!("match/{}/{own}", node.need("list_type")?.replace(['/', '{', '}'], "_")))
}

/// Whether the item stands in the catalogue, under the kind of list that is told.
fn known(call: &Call<'_>, node: &Node<'_>) -> Result<(), Fault> {
    let code = node.need("med_list_codg")?;
    let area = &call.institution.area;
    let found = call.look(|desk, _| {
        let own = desk.get::<Item>(&format!("{area}/{code}"))?;
        Ok(match own {
            Some(item) => Some(item.kind),
            None => desk.get::<Item>(&format!("000000/{code}"))?.map(|item| item.kind),
        })
    })?;
    let kind = found.ok_or_else(|| Fault::new("unknown_item", format!("目录里没有这个项目：{code}")))?;
    let kind = super::catalogue::kind_name(kind);
    let told = node.need("list_type")?;
    // Western, Chinese patent and other drugs are one kind in the catalogue: the first digit tells kinds apart.
    let expected = call.codes().exact("list_type", kind).unwrap_or_default();
    if told.chars().next() != expected.chars().next() {
        let problem = format!("list_type（目录类别）写的是 {told}，{code} 的目录类别是 {expected}");
        return Err(Fault::new("kind_differs", problem));
    }
    Ok(())
}

/// 3301: up to a hundred of the institution's own items.
pub fn upload(call: &Call<'_>) -> Result<Wire, Fault> {
    let asked = call.list("data")?;
    if asked.len() > MOST {
        let problem = format!("一次至多对照 {MOST} 条，写了 {} 条", asked.len());
        return Err(Fault::new("line_count", problem));
    }
    if call.before()?.is_none() {
        let mut notes = Vec::with_capacity(asked.len());
        for node in &asked {
            node.need("fixmedins_hilist_name")?;
            let (from, to) = (node.need_date("begndate")?, node.date("enddate")?);
            if to.is_some_and(|to| to < from) {
                return Err(Fault::new("dates_go_back", format!("enddate（结束日期）早于开始日期 {from}")));
            }
            known(call, node)?;
            notes.push(note(
                id(node)?,
                object([("told", Value::Object(node.kept())), ("ended", Value::Null)]),
            ));
        }
        return call.tell(None, notes, Wire::Null);
    }
    Ok(Wire::Null)
}

/// 3302.
pub fn cancel(call: &Call<'_>) -> Result<Wire, Fault> {
    let asked = call.list("data")?;
    if call.before()?.is_none() {
        let mut notes = Vec::with_capacity(asked.len());
        for node in &asked {
            if node.text("fixmedins_code").is_some_and(|code| code != call.institution.id) {
                return Err(Fault::new("denied", "只能撤销本机构的目录对照"));
            }
            let id = id(node)?;
            let kept = call.note(&id)?;
            let same = kept.0.get("told").is_some_and(|told| {
                told["med_list_codg"].as_str().map(str::to_owned) == node.text("med_list_codg")
            });
            if !same || kept.0.contains_key("ended") {
                let own = node.need("fixmedins_hilist_id")?;
                return Err(Fault::new("no_match", format!("没有这一条目录对照：{own}")));
            }
            notes.push(note(id, object([("ended", json!("1"))])));
        }
        return call.tell(None, notes, Wire::Null);
    }
    Ok(Wire::Null)
}

/// 1317: what this institution uploaded, page by page.
pub fn query(call: &Call<'_>) -> Result<Wire, Fault> {
    let asked = Asked::read(call)?;
    if asked.node.text("fixmedins_code").is_some_and(|code| code != call.institution.id) {
        return Err(Fault::new("denied", "只能查询本机构的目录对照"));
    }
    let prefix = call.own("match/");
    let notes = call.look(|desk, _| {
        let (mut notes, mut after) = (Vec::new(), String::new());
        loop {
            let page = desk.view().page(Note::KIND, &prefix, &after, TOGETHER)?;
            for (id, text) in &page {
                after.clone_from(id);
                notes.push((id.clone(), serde_json::from_str::<Note>(text).unwrap_or_default()));
            }
            if page.len() < TOGETHER {
                return Ok(notes);
            }
        }
    })?;
    let wanted = |told: &Value| {
        let same = |field: &str, own: &str| {
            asked.node.text(field).is_none_or(|asked| told[own].as_str() == Some(asked.as_str()))
        };
        let on = asked.on.map(|on| on.to_string());
        let day = |field: &str| told[field].as_str().map(|text| text.chars().take(10).collect::<String>());
        same("medins_list_codg", "fixmedins_hilist_id")
            && same("list_type", "list_type")
            && same("med_list_codg", "med_list_codg")
            && asked.node.text("medins_list_name").is_none_or(|name| {
                told["fixmedins_hilist_name"].as_str().is_some_and(|own| own.contains(&name))
            })
            && on.is_none_or(|on| {
                day("begndate").is_none_or(|from| from <= on) && day("enddate").is_none_or(|to| on <= to)
            })
    };
    let rows = notes.iter().filter_map(|(id, kept)| {
        let told = kept.0.get("told").filter(|told| wanted(told))?;
        let ended = kept.0.contains_key("ended");
        if asked.node.text("vali_flag").is_some_and(|flag| flag != if ended { "0" } else { "1" }) {
            return None;
        }
        let of = |field: &str| text(told[field].as_str());
        let mut members: Vec<Member> = TOLD.iter().map(|field| (*field, of(field))).collect();
        members.extend([
            ("fixmedins_code", Wire::text(call.institution.id.clone())),
            ("medins_list_codg", of("fixmedins_hilist_id")),
            ("medins_list_name", of("fixmedins_hilist_name")),
            ("insu_admdvs", Wire::text(call.institution.area.clone())),
            ("begndate", of("begndate")),
            ("enddate", told["enddate"].as_str().map_or(Wire::Null, Wire::text)),
            ("vali_flag", Wire::text(if ended { "0" } else { "1" })),
            ("rid", Wire::text(id.rsplit("match/").next().unwrap_or_default())),
            ("updt_time", of("begndate")),
            ("crte_time", of("begndate")),
        ]);
        Some(members)
    });
    let rows = rows.collect();
    Ok(paged(call, &asked, rows))
}

/// What the institution told and gets back as it was.
const TOLD: [&str; 10] = [
    "list_type",
    "med_list_codg",
    "aprvno",
    "dosform",
    "exct_cont",
    "item_cont",
    "prcunt",
    "spec",
    "pacspec",
    "memo",
];
