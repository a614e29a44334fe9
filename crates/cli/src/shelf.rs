//! The packs that a command works with: read, checked, looked up.

use std::fs;
use std::io::{self, Read};
use std::path::Path;

use gongji_packs::PackTexts;
use gongji_policy::{Diagnostic, Pack, Severity, check_pack, read_packs, render};

use crate::arguments::Packs;
use crate::exit::Stop;

/// Packs and the texts they come from.
pub struct Shelf {
    /// The texts.
    pub texts: PackTexts,
    /// The packs without errors of reading, in order of code.
    pub packs: Vec<Pack>,
    /// What reading found.
    pub findings: Vec<Diagnostic>,
}

impl Shelf {
    /// Reads the packs that the arguments name.
    pub fn open(packs: &Packs) -> Result<Shelf, Stop> {
        let texts = match &packs.policies {
            Some(folder) => PackTexts::from_folder(folder).map_err(Stop::bad_input)?,
            None => PackTexts::shipped(),
        };
        let (mut packs, findings) = read_packs(&texts.rules);
        packs.sort_by(|one, other| one.area.code.cmp(&other.area.code));
        Ok(Shelf { texts, packs, findings })
    }

    /// As [`Shelf::open`], refusing packs that do not read or prove cleanly.
    pub fn sound(packs: &Packs) -> Result<Shelf, Stop> {
        let shelf = Shelf::open(packs)?;
        // The shipped packs were proved before they were shipped; a folder of one's own is proved as it is read.
        let own = packs.policies.is_some();
        let proved = shelf.packs.iter().filter(|_| own).flat_map(|pack| check_pack(pack, None));
        let findings: Vec<Diagnostic> = shelf.findings.iter().cloned().chain(proved).collect();
        if let Some(error) = findings.iter().find(|finding| finding.code.severity() == Severity::Error) {
            let text = render(error, &shelf.texts.rules, false);
            return Err(Stop::BadInput(format!("政策包有错误，先运行 gongji policy check：\n{text}")));
        }
        Ok(shelf)
    }

    /// The pack of that code or name.
    pub fn pack(&self, area: &str) -> Result<&Pack, Stop> {
        let found = self.packs.iter().find(|pack| {
            pack.area.code == area || pack.area.name.trim_end_matches('市') == area.trim_end_matches('市')
        });
        found.ok_or_else(|| {
            let known: Vec<_> =
                self.packs.iter().map(|pack| format!("{} {}", pack.area.code, pack.area.name)).collect();
            Stop::BadInput(format!("没有统筹区“{area}”的政策包；现有：{}", known.join("、")))
        })
    }
}

/// The text of a file, or of standard input for `-`.
pub fn read_input(path: &Path, limit: u64) -> Result<String, Stop> {
    let unreadable = |error: io::Error| Stop::BadInput(format!("无法读取 {}：{error}", path.display()));
    let mut bytes = Vec::new();
    if path == Path::new("-") {
        io::stdin().lock().take(limit + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    } else {
        fs::File::open(path)
            .map_err(unreadable)?
            .take(limit + 1)
            .read_to_end(&mut bytes)
            .map_err(unreadable)?;
    }
    if bytes.len() as u64 > limit {
        return Err(Stop::BadInput(format!("{} 超过 {} MiB，太大了", path.display(), limit >> 20)));
    }
    String::from_utf8(bytes)
        .map_err(|_| Stop::BadInput(format!("{} 不是 UTF-8 文本；请用 UTF-8 保存", path.display())))
}
