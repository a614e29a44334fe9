//! The hash by which a receipt names the texts a pack rests on.

use sha2::{Digest, Sha256};

use crate::text::{RawPack, SourceText, ancestors};

/// Hex SHA-256 over the pack's own texts and those of the packs it rests on, in order of name; each text by the length
/// of its name, its name, its length, itself, so that no two lists of texts look alike.
pub(super) fn content_hash(packs: &[RawPack], pack: usize, texts: &[SourceText]) -> String {
    let mut used: Vec<&SourceText> = ancestors(packs, pack)
        .into_iter()
        .flat_map(|pack| &packs[pack].texts)
        .filter_map(|&index| texts.get(index))
        .collect();
    used.sort_by(|left, right| left.name.cmp(&right.name));
    let mut hasher = Sha256::new();
    for text in used {
        for part in [&text.name, &text.text] {
            hasher.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            hasher.update(part.as_bytes());
        }
    }
    hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
