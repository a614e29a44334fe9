//! What there is in the repository that may carry a statement.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, bail};
use gongji_packs::PackTexts;
use gongji_policy::read_packs;
use gongji_policy::view::parameters;
use serde_json::Value;

/// Values by area and path, cases with the ids they prove, kinds of events that a case answers, addresses.
pub struct Shelf {
    /// By area, then by path: every row's value in words.
    values: BTreeMap<String, BTreeMap<String, BTreeSet<String>>>,
    /// By file: the examples it proves.
    pub cases: BTreeMap<String, Vec<String>>,
    /// Cases with a note.
    pub noted: BTreeSet<String>,
    /// Kinds of events for which some case expects an answer.
    events: BTreeSet<String>,
    /// The texts of the web crate, in which addresses stand.
    web: String,
}

const PACKS: [&str; 2] = ["policies", "fixtures/policies"];

impl Shelf {
    /// Looks the repository through.
    ///
    /// # Errors
    /// Packs or cases that cannot be read.
    pub fn open(root: &Path) -> anyhow::Result<Shelf> {
        let mut shelf = Shelf {
            values: BTreeMap::new(),
            cases: BTreeMap::new(),
            noted: BTreeSet::new(),
            events: BTreeSet::new(),
            web: String::new(),
        };
        for folder in PACKS {
            let texts = PackTexts::from_folder(&root.join(folder)).with_context(|| folder.to_owned())?;
            let (packs, _) = read_packs(&texts.rules);
            for pack in &packs {
                let of_area = shelf.values.entry(pack.area.code.clone()).or_default();
                for parameter in parameters(pack) {
                    let values = of_area.entry(parameter.path).or_default();
                    values.extend(parameter.rows.into_iter().map(|row| row.value));
                }
            }
            for case in texts.cases {
                shelf.case(format!("{folder}/{}", case.name), &case.text)?;
            }
        }
        gather(&root.join("crates/web/src"), &mut shelf.web)?;
        Ok(shelf)
    }

    fn case(&mut self, name: String, text: &str) -> anyhow::Result<()> {
        let case: Value = serde_json::from_str(text).with_context(|| name.clone())?;
        let words = |value: &Value| value.as_str().map(str::to_owned);
        let ids = case["examples"].as_array().into_iter().flatten().filter_map(words).collect();
        if case["expect"]["results"].is_array() {
            let events = case["case"]["events"].as_array();
            self.events.extend(events.into_iter().flatten().filter_map(|event| words(&event["kind"])));
        }
        if case["note"].as_str().is_some_and(|note| !note.is_empty()) {
            self.noted.insert(name.clone());
        }
        self.cases.insert(name, ids);
        Ok(())
    }

    /// Whether the target is there.
    ///
    /// # Errors
    /// What is not there, in words.
    pub fn find(&self, root: &Path, target: &str) -> anyhow::Result<()> {
        if let Some(kind) = target.strip_prefix("event:") {
            if !self.events.contains(kind) {
                bail!("no case expects an answer of the kind `{kind}`");
            }
        } else if target.starts_with('/') {
            if !self.web.contains(&format!("\"{target}\"")) {
                bail!("no route `{target}`");
            }
        } else if target.ends_with(".json") {
            if !self.cases.contains_key(target) {
                bail!("no case {target}");
            }
        } else if let Some((file, name)) = target.split_once("::") {
            let text = fs::read_to_string(root.join(file)).with_context(|| format!("no file {file}"))?;
            let named = |line: &str| {
                let mut words = line.split(|sign: char| !sign.is_alphanumeric() && sign != '_');
                words.any(|word| word == name)
            };
            if !text.lines().any(named) {
                bail!("{file} has no `{name}`");
            }
        } else if let Some((area, path)) = target.split_once(':') {
            self.value(area, path)?;
        } else if !root.join(target).is_file() {
            bail!("no file {target}");
        }
        Ok(())
    }

    /// `410100:path`, or `410100:path = 900.00 元`, then one of its rows holds just that.
    fn value(&self, area: &str, path: &str) -> anyhow::Result<()> {
        let (path, expected) = match path.split_once(" = ") {
            Some((path, value)) => (path, Some(value)),
            None => (path, None),
        };
        let of_area = self.values.get(area).with_context(|| format!("no pack {area}"))?;
        let values = of_area.get(path).with_context(|| format!("no parameter {path} in {area}"))?;
        if let Some(expected) = expected
            && !values.contains(expected)
        {
            let found: Vec<&str> = values.iter().map(String::as_str).collect();
            bail!("{area}:{path} never is {expected}, but {}", found.join(" | "));
        }
        Ok(())
    }
}

fn gather(folder: &Path, text: &mut String) -> anyhow::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            gather(&path, text)?;
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            text.push_str(&fs::read_to_string(&path)?);
        }
    }
    Ok(())
}
