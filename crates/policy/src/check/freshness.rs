//! Warns where nobody has looked for long whether a value still holds.

use jiff::civil::Date;

use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Pack, day_number};

/// Days after which a value should be looked at again.
const STALE_AFTER: i64 = 400;

/// The area's and each source's last look, seen from `today`.
pub(super) fn check_freshness(pack: &Pack, today: Date) -> Vec<Diagnostic> {
    let age = |date: Date| day_number(today) - day_number(date);
    let mut found = Vec::new();
    let area = &pack.area;
    if age(area.last_checked) > STALE_AFTER {
        let message = format!(
            "{}的政策包上次核对是 {}，已过 {} 天",
            area.name,
            area.last_checked,
            age(area.last_checked)
        );
        found.push(
            Diagnostic::new(
                Code::Stale,
                message,
                area.span.clone(),
                format!("last_checked = \"{}\"", area.last_checked),
            )
            .hint("对照原文核对之后更新 last_checked"),
        );
    }
    for source in pack.sources.iter().filter(|source| age(source.last_checked) > STALE_AFTER) {
        let days = age(source.last_checked);
        let message = format!(
            "来源 {}（{}）上次核对是 {}，已过 {days} 天",
            source.id, source.document, source.last_checked
        );
        let label = format!("last_checked = \"{}\"", source.last_checked);
        found.push(
            Diagnostic::new(Code::Stale, message, source.span.clone(), label)
                .hint("重新查看来源之后更新 last_checked"),
        );
    }
    found
}
