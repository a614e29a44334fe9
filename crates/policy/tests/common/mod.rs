//! The packs of the repository.

use std::path::Path;

use gongji_policy::{Pack, SourceText, read_packs};

fn gather(root: &Path, folder: &Path, texts: &mut Vec<SourceText>) {
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            gather(root, &path, texts);
        } else if path.extension().is_some_and(|ending| ending == "toml") {
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
            texts.push(SourceText::new(name, std::fs::read_to_string(&path).unwrap()));
        }
    }
}

/// Every pack of the repository: those that ship and the fixtures.
pub fn all_packs() -> Vec<Pack> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut packs = Vec::new();
    for folder in ["policies", "fixtures/policies"] {
        let mut texts = Vec::new();
        gather(&root.join(folder), &root.join(folder), &mut texts);
        let (read, found) = read_packs(&texts);
        assert_eq!(found, Vec::new());
        packs.extend(read);
    }
    assert!(!packs.is_empty());
    packs
}
