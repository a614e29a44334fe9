//! 文件与对明细账: files up (9101) and down (9102), and what a detailed reconciliation (3202) finds in them.

use std::io::{Cursor, Read, Write};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use gongji_nhsa::wire::Wire;
use serde_json::json;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::form::yuan;
use crate::reply::{Reply, short};
use crate::run::Run;
use crate::subjects::Institution;

/// The largest text that is unpacked.
const MOST: u64 = 16 << 20;

/// A text as a zipped file; `None` where it cannot be packed, which never happens.
fn packed(text: &str) -> Option<Vec<u8>> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    archive.start_file("detail.txt", SimpleFileOptions::default()).ok()?;
    archive.write_all(text.as_bytes()).ok()?;
    Some(archive.finish().ok()?.into_inner())
}

/// The text of a zipped file, or of one that is not zipped.
fn unpacked(bytes: &[u8]) -> Option<String> {
    if !bytes.starts_with(b"PK") {
        return String::from_utf8(bytes.to_vec()).ok();
    }
    let mut archive = ZipArchive::new(Cursor::new(bytes)).ok()?;
    let mut text = String::new();
    archive.by_index(0).ok()?.take(MOST).read_to_string(&mut text).ok()?;
    Some(text)
}

/// Uploads a text; the number by which it is fetched.
fn upload(run: &mut Run<'_>, check: &'static str, institution: &Institution, text: &str) -> Option<String> {
    let input = json!({ "fsUploadIn": { "in": STANDARD.encode(packed(text)?), "filename": "detail.zip", "fixmedins_code": institution.id } });
    let reply = run.ok(check, institution, "9101", &input)?;
    let direct = |reply: &Reply| match reply.output()?.get("file_qury_no")? {
        Wire::Text(number) | Wire::Number(number) => Some(number.clone()),
        _ => None,
    };
    let number = direct(&reply).filter(|number| !number.is_empty());
    if number.is_none() {
        run.fail(check, "output.file_qury_no", "没有", &reply);
    }
    number
}

/// Fetches a file: as a stream, or as base64 within a message.
fn download(
    run: &mut Run<'_>,
    check: &'static str,
    institution: &Institution,
    number: &str,
    name: &str,
) -> Option<Vec<u8>> {
    if run.leaves_out(check, "9102") {
        return None;
    }
    let input = json!({ "fsDownloadIn": { "file_qury_no": number, "filename": name, "fixmedins_code": institution.id } });
    let message = run.message(institution, "9102", &input);
    let reply = run.post(&message, None, &message.text(), None)?;
    let inside = |reply: &Reply| {
        let output = reply.output()?;
        let holder = output.get("fsDownloadOut").unwrap_or(output);
        match holder.get("in")? {
            Wire::Text(text) => STANDARD.decode(text).ok(),
            _ => None,
        }
    };
    let bytes = match &reply.wire {
        None if reply.raw.status == 200 => Some(reply.raw.bytes.clone()),
        None => None,
        Some(_) => inside(&reply),
    };
    if bytes.is_none() {
        run.fail(check, "文件的内容", &reply.told(), &reply);
    }
    bytes
}

/// A file that goes up comes down as it was.
pub fn round_trip(run: &mut Run<'_>, institution: &Institution) {
    let check = "close.files";
    let text = "一\t二\t三\n";
    let Some(number) = upload(run, check, institution, text) else { return };
    let Some(bytes) = download(run, check, institution, &number, "detail.zip") else { return };
    let found = unpacked(&bytes).unwrap_or_default();
    if found == text {
        run.pass(check);
    } else {
        let message = run.message(institution, "9102", &json!({}));
        run.fail_of(check, &short(text), &short(&found), &message);
    }
}

/// What the rows that came back must say of the settlement.
enum Finds {
    /// Nothing: it is the same on both sides.
    Nothing,
    /// That the amounts differ, by the settlement's id.
    Difference,
    /// That the institution has not got it, by the message's id.
    OnlyCentre,
}

/// A settlement told as it is, told wrong, and left out.
pub fn details(run: &mut Run<'_>, institution: &Institution, settled: &Reply) {
    let of = |field: &str| settled.fen("setlinfo", field).unwrap_or_default();
    let ids = ["setl_id", "mdtrt_id", "psn_no"].map(|field| settled.text("setlinfo", field)).join("\t");
    let row = |fund: i64| {
        format!("{ids}\t{}\t{}\t{}\t0\n", yuan(of("medfee_sumamt")), yuan(fund), yuan(of("acct_pay")))
    };
    let fund = of("fund_pay_sumamt");
    for (text, finds) in [
        (row(fund), Finds::Nothing),
        (row(fund + 1), Finds::Difference),
        ("S0\tV0\tP0\t1.00\t0.00\t0.00\t0\n".to_owned(), Finds::OnlyCentre),
    ] {
        if compared(run, institution, settled, &text, &finds).is_none() {
            return;
        }
    }
}

fn compared(
    run: &mut Run<'_>,
    institution: &Institution,
    settled: &Reply,
    text: &str,
    finds: &Finds,
) -> Option<()> {
    let check = "close.details";
    let number = upload(run, check, institution, text)?;
    let input = json!({ "data": {
        "setl_optins": run.subjects.area, "file_qury_no": number, "stmt_begndate": run.today(), "stmt_enddate": run.today(),
        "medfee_sumamt": yuan(settled.fen("setlinfo", "medfee_sumamt")?), "fund_pay_sumamt": yuan(settled.fen("setlinfo", "fund_pay_sumamt")?),
        "cash_payamt": yuan(settled.fen("setlinfo", "psn_cash_pay")?), "fixmedins_setl_cnt": "1", "clr_type": "11", "refd_setl_flag": "",
        "fixmedins_refd_setl_flag": "0",
    } });
    let reply = run.ok(check, institution, "3202", &input)?;
    let (file, name) = (reply.text("fileinfo", "file_qury_no"), reply.text("fileinfo", "filename"));
    let found = unpacked(&download(run, check, institution, &file, &name)?).unwrap_or_default();
    let rows: Vec<Vec<&str>> = found.lines().map(|line| line.split('\t').collect()).collect();
    // psn_no, mdtrt_id, setl_id, msgid, stmt_rslt, …
    let is_off = |row: &Vec<&str>| row.get(4).is_some_and(|result| !result.trim_matches('0').is_empty());
    let own = settled.text("setlinfo", "setl_id");
    let by_id = rows.iter().any(|row| row.get(2) == Some(&own.as_str()) && is_off(row));
    let by_message = rows.iter().any(|row| {
        row.get(3) == Some(&settled.message.as_str()) && row.get(2) != Some(&own.as_str()) && is_off(row)
    });
    let (holds, expected) = match finds {
        Finds::Nothing => (!by_id && !by_message, format!("没有结算 {own} 的不平")),
        Finds::Difference => (by_id, format!("一行 setl_id {own}，stmt_rslt 不为 0")),
        Finds::OnlyCentre => {
            (by_message, format!("一行没有 setl_id，msgid {}，stmt_rslt 不为 0", settled.message))
        }
    };
    if !holds {
        run.fail(check, &expected, &short(&found), &reply);
    }
    Some(())
}
