//! Whether the layers of a benefit fit together: each tag opened once, no base that mixes or looks too early.

use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Benefit, Layer, LayerKind, Pack, Portion, TagSelector};

/// The stack of every benefit.
pub(super) fn check_stacks(pack: &Pack) -> Vec<Diagnostic> {
    let benefits = pack.schemes.iter().flat_map(|scheme| &scheme.benefits);
    benefits.flat_map(|benefit| check_openers(benefit).into_iter().chain(check_bases(benefit))).collect()
}

/// Whether the layer opens the tag: a ratio layer whose base holds its in-scope money.
fn opens(layer: &Layer, tag: usize) -> bool {
    matches!(layer.kind, LayerKind::Ratio(_))
        && layer.base.iter().any(|it| it.portion == Portion::InScope && selects(it.tag, tag))
}

fn selects(selector: TagSelector, tag: usize) -> bool {
    match selector {
        TagSelector::All => true,
        TagSelector::Only(only) => only == tag,
    }
}

fn check_openers(benefit: &Benefit) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (tag, name) in benefit.tags.iter().enumerate() {
        let openers: Vec<_> = benefit.layers.iter().filter(|layer| opens(layer, tag)).collect();
        match openers.as_slice() {
            [_] => {}
            [] => {
                let message =
                    format!("待遇“{}”里没有哪一层处理标记为 {name} 的符合政策范围金额", benefit.label);
                found.push(
                    Diagnostic::new(Code::TagWithoutOpener, message, benefit.span.clone(), "这项待遇")
                        .note(format!("标记 {name} 的金额进不了任何一层的起付、分段和比例"))
                        .hint(format!(
                            "让一层（kind = \"ratio\"）的 base 含有 \"in_scope\" 或 \"in_scope:{name}\""
                        )),
                );
            }
            [first, second, ..] => {
                let message =
                    format!("标记为 {name} 的符合政策范围金额有 {} 层都来处理，只能有一层", openers.len());
                let place = |layer: &Layer| format!("“{}”的 base", layer.label);
                found.push(
                    Diagnostic::new(Code::TagWithoutOpener, message, second.span.clone(), place(second))
                        .and(first.span.clone(), place(first))
                        .hint("后面的层应以 own_share、deductible、over_ceiling 为 base；或用标记把金额分开"),
                );
            }
        }
    }
    found
}

fn check_bases(benefit: &Benefit) -> Vec<Diagnostic> {
    let layers = benefit.layers.iter().enumerate();
    layers.filter_map(|(position, layer)| check_base(benefit, position, layer)).collect()
}

fn check_base(benefit: &Benefit, position: usize, layer: &Layer) -> Option<Diagnostic> {
    let in_scope = layer.base.iter().filter(|it| it.portion == Portion::InScope).count();
    let refuse = |message: String, hint: &str| {
        Some(
            Diagnostic::new(Code::MixedBase, message, layer.span.clone(), format!("“{}”", layer.label))
                .hint(hint),
        )
    };
    if in_scope > 0 {
        match layer.kind {
            LayerKind::Ratio(_) if in_scope < layer.base.len() => {
                let others: Vec<_> = layer
                    .base
                    .iter()
                    .filter(|it| it.portion != Portion::InScope)
                    .map(|it| it.portion.name())
                    .collect();
                return refuse(
                    format!("“{}”的 base 把 in_scope 与 {} 放在一起", layer.label, others.join("、")),
                    "处理 in_scope 的一层只看 in_scope；其余部分另写一层",
                );
            }
            LayerKind::Guarantee(_) | LayerKind::Tally => {
                return refuse(
                    format!("“{}”不能以 in_scope 为 base：保底与累计层不产生起付、自付各部分", layer.label),
                    "放在处理 in_scope 的一层之后，以 own_share、deductible、over_ceiling 为 base",
                );
            }
            LayerKind::Ratio(_) | LayerKind::Purse(_) => {}
        }
    }
    let early = layer.base.iter().find_map(|it| {
        if !matches!(it.portion, Portion::Deductible | Portion::OwnShare | Portion::OverCeiling) {
            return None;
        }
        let tags = benefit.tags.iter().enumerate().filter(|(tag, _)| selects(it.tag, *tag));
        // A tag that nobody opens is told elsewhere.
        let opener = |tag| benefit.layers.iter().position(|layer| opens(layer, tag));
        tags.into_iter()
            .find_map(|(tag, name)| opener(tag).filter(|at| position <= *at).map(|at| (it, name, at)))
    });
    let (selector, tag, opener) = early?;
    let opener = benefit.layers.get(opener)?;
    let portion = selector.portion.name();
    let message = format!(
        "“{}”要看 {portion}（标记 {tag}），但它排在产生这一部分的“{}”之前",
        layer.label, opener.label
    );
    let found = Diagnostic::new(Code::MixedBase, message, layer.span.clone(), format!("“{}”", layer.label));
    Some(found.and(opener.span.clone(), "这一层之后才有").hint("调整 stack 里的先后，或改 base"))
}
