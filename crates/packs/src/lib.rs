//! Where pack texts come from: the shipped ones, embedded in the binary, or a folder on disk.
//!
//! The only crate that reads pack files. [`gongji_policy`] itself never does.

use std::path::{Path, PathBuf};
use std::{fs, io};

use gongji_policy::SourceText;
use rust_embed::Embed;

/// The repository's `policies/` folder.
#[derive(Embed)]
#[folder = "../../policies"]
#[include = "*.toml"]
#[include = "*.json"]
struct Shipped;

/// The texts of a pack root: rules, and worked examples.
#[derive(Clone, Debug, Default)]
pub struct PackTexts {
    /// `*.toml`, named relative to the root, in order of name.
    pub rules: Vec<SourceText>,
    /// `*/cases/*.json`, named relative to the root, in order of name.
    pub cases: Vec<SourceText>,
}

/// A folder that cannot be read as packs.
#[derive(Debug, thiserror::Error)]
pub enum PackError {
    /// The folder or a file in it cannot be read.
    #[error("无法读取 {path}：{source}")]
    Unreadable {
        /// What was being read.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file is not UTF-8 text.
    #[error("{path} 不是 UTF-8 文本；请用 UTF-8 保存")]
    NotText {
        /// The file.
        path: PathBuf,
    },
    /// No pack in the folder.
    #[error("{path} 里没有政策包；每个统筹区应是其下的一个文件夹，内有 area.toml")]
    Empty {
        /// The folder.
        path: PathBuf,
    },
}

impl PackTexts {
    /// The packs that ship with the program.
    pub fn shipped() -> PackTexts {
        let mut texts = PackTexts::default();
        for name in Shipped::iter() {
            // Every embedded file is UTF-8: the build's own repository holds no other.
            if let Some(text) =
                Shipped::get(&name).and_then(|file| String::from_utf8(file.data.into_owned()).ok())
            {
                texts.add(name.into_owned(), text);
            }
        }
        texts.sort();
        texts
    }

    /// The packs in a folder on disk.
    ///
    /// # Errors
    /// [`PackError`] where the folder cannot be read, holds a file that is no text, or no pack at all.
    pub fn from_folder(root: &Path) -> Result<PackTexts, PackError> {
        let mut texts = PackTexts::default();
        texts.read(root, root)?;
        if texts.rules.is_empty() {
            return Err(PackError::Empty { path: root.to_owned() });
        }
        texts.sort();
        Ok(texts)
    }

    fn read(&mut self, root: &Path, folder: &Path) -> Result<(), PackError> {
        let unreadable = |path: &Path| {
            let path = path.to_owned();
            move |source| PackError::Unreadable { path, source }
        };
        for entry in fs::read_dir(folder).map_err(unreadable(folder))? {
            let path = entry.map_err(unreadable(folder))?.path();
            if path.is_dir() {
                self.read(root, &path)?;
            } else if path.extension().is_some_and(|kind| kind == "toml" || kind == "json") {
                let bytes = fs::read(&path).map_err(unreadable(&path))?;
                let text = String::from_utf8(bytes).map_err(|_| PackError::NotText { path: path.clone() })?;
                let relative = path.strip_prefix(root).unwrap_or(&path);
                let names: Vec<_> =
                    relative.components().map(|part| part.as_os_str().to_string_lossy()).collect();
                // A file beside the packs belongs to none.
                if names.len() > 1 {
                    self.add(names.join("/"), text);
                }
            }
        }
        Ok(())
    }

    fn add(&mut self, name: String, text: String) {
        if name.ends_with(".toml") {
            self.rules.push(SourceText { name, text });
        } else if name.contains("/cases/") {
            self.cases.push(SourceText { name, text });
        }
    }

    fn sort(&mut self) {
        self.rules.sort_by(|one, other| one.name.cmp(&other.name));
        self.cases.sort_by(|one, other| one.name.cmp(&other.name));
    }
}
