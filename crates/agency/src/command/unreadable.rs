//! Refusals for commands whose text cannot be read, in Chinese, with the field.

use serde::de::DeserializeOwned;
use serde_json::error::Category;

use crate::refusal::Refusal;

/// Reads the fields of a command. Where it cannot be read, it is read a second time to find out at which field.
///
/// # Errors
/// `malformed_json` for a text that is no JSON; otherwise a refusal that names the field.
pub(super) fn read<T: DeserializeOwned>(text: &str) -> Result<T, Refusal> {
    serde_json::from_str(text).map_err(|error| {
        let reader = &mut serde_json::Deserializer::from_str(text);
        match serde_path_to_error::deserialize::<_, T>(reader) {
            Err(found) => {
                let path = found.path().to_string();
                refusal(found.inner(), if path == "." { "" } else { &path })
            }
            Ok(_) => refusal(&error, ""),
        }
    })
}

/// The path of a member of the object at `path`.
fn member(path: &str, name: &str) -> String {
    match path.strip_suffix(name) {
        // The reader names an unknown member as part of the path, a missing one not.
        Some(before) if before.is_empty() || before.ends_with('.') => path.to_owned(),
        _ if path.is_empty() => name.to_owned(),
        _ => format!("{path}.{name}"),
    }
}

fn refusal(error: &serde_json::Error, path: &str) -> Refusal {
    let text = error.to_string();
    let place = format!("第 {} 行第 {} 列", error.line(), error.column());
    if error.classify() != Category::Data {
        return Refusal::new("malformed_json", "正文不是完整的 JSON").found(place);
    }
    // The reader names fields between backquotes; everything else of its sentence is for developers.
    let quoted: Vec<&str> = text.split('`').skip(1).step_by(2).collect();
    let first = quoted.first().copied().unwrap_or_default();
    let rest = quoted.get(1..).unwrap_or_default().join("、");
    let with = |refusal: Refusal| if rest.is_empty() { refusal } else { refusal.expected(&rest) };
    if text.starts_with("missing field") {
        return Refusal::new("missing_field", "缺少字段").at(member(path, first));
    }
    if text.starts_with("unknown field") {
        return with(Refusal::new("unknown_field", "没有这个字段").at(member(path, first)));
    }
    if text.starts_with("unknown variant") {
        return with(Refusal::new("unknown_value", "没有这个取值").at(path).found(first));
    }
    if text.starts_with("duplicate field") {
        return Refusal::new("duplicate_field", "字段写了两次").at(member(path, first));
    }
    let sentence = text.split(" at line ").next().unwrap_or_default();
    if sentence.is_ascii() {
        // A type that does not fit, a date: the reader's own words, in English.
        let expected = sentence.rsplit_once("expected ").map(|(_, expected)| in_chinese(expected));
        let refusal = Refusal::new("malformed", "写法不对").at(path).found(place);
        return match expected {
            Some(expected) => refusal.expected(expected),
            None => refusal.hint("日期写成 2026-01-31，金额写成 \"1234.50\""),
        };
    }
    Refusal::new("malformed", sentence).at(path)
}

/// What the reader would have taken.
fn in_chinese(expected: &str) -> String {
    let known = [
        ("a string", "文字"),
        ("a formatted date", "日期，如 2026-01-31"),
        ("a boolean", "true 或 false"),
        ("a sequence", "列表"),
        ("struct", "对象"),
        ("a map", "对象"),
        ("u32", "不小于 0 的整数"),
        ("u64", "不小于 0 的整数"),
        ("i64", "整数"),
    ];
    let found = known.iter().find(|(name, _)| expected.starts_with(name));
    found.map_or_else(|| expected.to_owned(), |(_, words)| (*words).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::SettleAtOnce;

    fn told(text: &str) -> String {
        read::<SettleAtOnce>(text)
            .map_or_else(|refusal| format!("{} {refusal}", refusal.code), |_| "read".to_owned())
    }

    #[test]
    fn what_cannot_be_read_is_told_with_its_field() {
        let visit =
            r#""visit":{"person":"P1","institution":"H1","care_type":"outpatient","date":"2026-03-05"}"#;
        let texts = [
            "{".to_owned(),
            "[]".to_owned(),
            "{}".to_owned(),
            format!("{{{visit},\"charges\":{{\"total\":\"-1.00\"}}}}"),
            format!("{{{visit},\"charges\":{{\"total\":\"USD 12.00\"}}}}"),
            format!("{{{visit},\"charges\":{{\"total\":12}}}}"),
            format!("{{{visit},\"charges\":{{}}}}"),
            format!("{{{visit},\"total\":\"1.00\"}}"),
            format!("{{{visit},\"charges\":{{\"total\":\"1.00\",\"tip\":\"1.00\"}}}}"),
            format!("{{{visit},{visit}}}"),
            visit.replace("2026-03-05", "2026-02-30").replace("\"visit\":", "{\"visit\":") + "}",
            format!("{{{visit},\"use_account\":\"no\"}}"),
            format!("{{{visit},\"lines\":[{{\"code\":\"A1\"}}]}}"),
            format!("{{{visit},\"charges\":{{\"total\":\"1.00\"}}}}"),
        ];
        let gallery: Vec<String> = texts.iter().map(|text| told(text)).collect();
        insta::assert_snapshot!(gallery.join("\n"));
    }
}
