//! Laying one tree over another.

use super::node::is_value_key;
use super::{Entry, Node, Value};
use crate::{Code, Diagnostic};

/// Joins two files of one scheme: tables flow together, and no key may stand twice.
pub(super) fn join(first: &mut Node, second: Node, findings: &mut Vec<Diagnostic>) {
    let (Value::Table(kept), Value::Table(added)) = (&mut first.value, second.value) else { return };
    for entry in added {
        match kept.iter_mut().find(|known| known.key == entry.key) {
            None => kept.push(entry),
            Some(known) if known.node.entries().is_some() && entry.node.entries().is_some() => {
                join(&mut known.node, entry.node, findings);
            }
            Some(known) => findings.push(
                Diagnostic::new(
                    Code::DuplicateName,
                    format!("`{}` 在两个文件里各写了一次", entry.key),
                    entry.key_span,
                    "第二次出现",
                )
                .and(known.key_span.clone(), "第一次在这里")
                .hint("一个险种可以分写在几个文件里，但同一个键只能出现一次"),
            ),
        }
    }
}

/// Lays `over` over `base`: keys override by name, tables merge, lists are replaced. Whoever gives a parameter values
/// gives their dates and sources too: those of `base` then fall away.
pub(super) fn overlay(base: Node, over: Node) -> Node {
    match (base.value, over.value) {
        (Value::Table(below), Value::Table(above)) => {
            let renewed = above.iter().any(|entry| is_value_key(&entry.key));
            let falls =
                |key: &str| is_value_key(key) || matches!(key, "from" | "to" | "source" | "article" | "note");
            let mut entries: Vec<Entry> =
                below.into_iter().filter(|entry| !(renewed && falls(&entry.key))).collect();
            for entry in above {
                match entries.iter().position(|known| known.key == entry.key) {
                    None => entries.push(entry),
                    Some(index) => {
                        let known = entries.remove(index);
                        let node = overlay(known.node, entry.node);
                        entries.insert(index, Entry { key: entry.key, key_span: entry.key_span, node });
                    }
                }
            }
            Node { value: Value::Table(entries), span: over.span, origin: over.origin }
        }
        (_, value) => Node { value, span: over.span, origin: over.origin },
    }
}

/// Gives every parameter below that names no source the one it rested on where it was written.
pub(super) fn settle_source(node: &mut Node, source: Option<&Entry>) {
    let parameter = node.is_parameter();
    match &mut node.value {
        Value::Table(entries) => {
            let own = entries.iter().find(|entry| entry.key == "source").cloned();
            if parameter && own.is_none() {
                entries.extend(source.cloned());
            }
            let inner = own.as_ref().or(source);
            for entry in entries.iter_mut().filter(|entry| !is_value_key(&entry.key)) {
                settle_source(&mut entry.node, inner);
            }
        }
        Value::List(items) => {
            for item in items {
                settle_source(item, source);
            }
        }
        _ => {}
    }
}
