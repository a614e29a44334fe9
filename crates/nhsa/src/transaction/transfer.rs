//! 文件上传、下载 (9101, 9102).

use serde_json::{Value, json};

use super::catalogue;
use crate::call::{Call, note, object};
use crate::fault::Fault;
use crate::file::{self, File};
use crate::input::Node;
use crate::output;
use crate::wire::Wire;

/// So many days a file can be fetched.
const DAYS: i64 = 30;

/// The institution code under which files of the catalogue are fetched.
const CATALOGUE: &str = "plc";

/// What a file is kept with: its name, its bytes, the last day on which it can be fetched.
///
/// # Errors
/// The store's failure.
pub fn kept(
    call: &Call<'_>,
    name: &str,
    bytes: &[u8],
) -> Result<(String, serde_json::Map<String, Value>), Fault> {
    let today = call.look(|_, context| Ok(context.today))?;
    let until = today.saturating_add(jiff::Span::new().days(DAYS)).to_string();
    let patch = object([
        ("filename", json!(name)),
        ("bytes", json!(file::base64_of(bytes))),
        ("until", json!(until)),
    ]);
    Ok((until, patch))
}

/// The last moment of a day.
pub fn end_of(day: &str) -> String {
    format!("{day} 23:59:59")
}

/// A name of a file without folders.
fn name_of(asked: &Node<'_>) -> Result<String, Fault> {
    let name = asked.need("filename")?;
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
    if last.is_empty() || last.chars().count() > 200 || last.chars().any(char::is_control) {
        return Err(Fault::new("malformed_file", "filename（文件名）应为至多 200 个字的名字"));
    }
    Ok(last)
}

fn own(call: &Call<'_>, asked: &Node<'_>) -> Result<(), Fault> {
    match asked.text("fixmedins_code") {
        Some(code) if code != call.institution.id => {
            Err(Fault::new("denied", format!("文件属于本机构 {}，写的是 {code}", call.institution.id)))
        }
        _ => Ok(()),
    }
}

/// 9101: the file is kept as it came.
pub fn upload(call: &Call<'_>) -> Result<Wire, Fault> {
    let asked = call.node("fsUploadIn")?;
    own(call, &asked)?;
    let name = name_of(&asked)?;
    let bytes = file::bytes_of(asked.wire("in"))?;
    let record = match call.before()? {
        Some(record) => record,
        None => {
            let (_, patch) = kept(call, &name, &bytes)?;
            call.book(None, vec![note("file/F{seq}", patch)])?
        }
    };
    let number = format!("F{}", record.seq);
    let until = call.note(&format!("file/{number}"))?;
    let until = until.0.get("until").and_then(Value::as_str).unwrap_or_default();
    let members = [
        ("file_qury_no", Wire::text(number)),
        ("filename", Wire::text(name)),
        ("fixmedins_code", Wire::text(call.institution.id.clone())),
        ("dld_endtime", Wire::text(end_of(until))),
    ];
    Ok(output::node("9101", "", &members, &[]))
}

/// A file of this institution.
///
/// # Errors
/// The faults `no_file` and `file_expired`.
pub fn fetched(call: &Call<'_>, number: &str) -> Result<File, Fault> {
    let missing = || Fault::new("no_file", format!("本机构没有这个文件：{number}"));
    let kept = call.note(&format!("file/{number}"))?;
    let text = |name: &str| kept.0.get(name).and_then(Value::as_str);
    let (name, bytes) = (text("filename").ok_or_else(missing)?, text("bytes").ok_or_else(missing)?);
    let until = text("until").unwrap_or_default();
    let today = call.look(|_, context| Ok(context.today.to_string()))?;
    if until < today.as_str() {
        return Err(Fault::new("file_expired", format!("文件 {number} 的下载截止日期是 {until}")));
    }
    Ok(File { name: name.to_owned(), bytes: file::kept(bytes).ok_or_else(missing)? })
}

/// 9102: a file that was uploaded or made for this institution, or one of the catalogue.
pub fn download(call: &Call<'_>) -> Result<File, Fault> {
    let asked = call.node("fsDownloadIn")?;
    let number = asked.need("file_qury_no")?;
    if asked.text("fixmedins_code").is_some_and(|code| code.eq_ignore_ascii_case(CATALOGUE))
        || number.starts_with('C')
    {
        return catalogue::file(call, &number);
    }
    own(call, &asked)?;
    fetched(call, &number)
}

/// 9102 where the answer has to be a message: the file as base64, under the names of 9101.
pub fn download_in_a_message(call: &Call<'_>) -> Result<Wire, Fault> {
    let file = download(call)?;
    let number = call.node("fsDownloadIn")?.need("file_qury_no")?;
    let out = Wire::object([
        ("file_qury_no", Wire::text(number)),
        ("filename", Wire::text(file.name)),
        ("in", Wire::text(file::base64_of(&file.bytes))),
    ]);
    Ok(Wire::object([("fsDownloadOut", out)]))
}
