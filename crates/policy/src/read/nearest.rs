//! What somebody may have meant.

use crate::Diagnostic;

/// The name that is nearest to what was written, if any is near.
pub(crate) fn nearest<'a>(written: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let most = (written.chars().count() / 3).clamp(1, 3);
    let scored = names.into_iter().filter(|&name| name != written).filter_map(|name| {
        let distance = strsim::damerau_levenshtein(written, name);
        // A name written out further, or shortened (`outpatient` for `outpatient_fund`), is near as well.
        let related = written.len() >= 3 && (name.starts_with(written) || written.starts_with(name));
        (distance <= most || related).then_some((distance, name))
    });
    scored.min().map(|(_, name)| name)
}

/// Adds the nearest name as a hint; where none is near and there are few, says which there are.
pub(crate) fn suggest<'a>(
    finding: Diagnostic,
    written: &str,
    names: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let names: Vec<&str> = names.into_iter().collect();
    match nearest(written, names.iter().copied()) {
        Some(name) => finding.hint(format!("是否想写 `{name}`？")),
        None if names.is_empty() || names.len() > 16 => finding,
        None => {
            let list: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
            finding.hint(format!("可以写：{}", list.join("、")))
        }
    }
}
