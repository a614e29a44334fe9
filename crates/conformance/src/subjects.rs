//! Who is treated where, and with what: people, institutions and items that the platform knows.

use std::fmt;

use serde::Deserialize;

/// Everything that a run needs to know of a platform. The list of a sandbox (`GET /api/v1/sandbox`) has this form, and more in it.
#[derive(Clone, Debug, Deserialize)]
pub struct Subjects {
    /// 统筹区 of the institutions, six digits.
    pub area: String,
    /// The people, the first for everything unless another is named for it.
    pub people: Vec<Character>,
    /// The institutions; `hospital` and `pharmacy` among them.
    pub institutions: Vec<Institution>,
    /// The items of the catalogue.
    pub items: Vec<Item>,
}

/// A person. Numbers and cover are asked of the platform (1101).
#[derive(Clone, Debug, Deserialize)]
pub struct Character {
    /// What for: `employee` for visits and purchases, `retiree` for stays, `away` for care away from home.
    pub key: String,
    /// 姓名.
    pub name: String,
    /// 身份证号.
    pub certificate: String,
}

/// An institution.
#[derive(Clone, Debug, Deserialize)]
pub struct Institution {
    /// `hospital` or `pharmacy`.
    pub key: String,
    /// 机构编码: `fixmedins_code`.
    pub id: String,
    /// 名称.
    pub name: String,
    /// A token of its own: `Authorization: Bearer …`.
    #[serde(default)]
    pub token: Option<String>,
}

/// An item of the catalogue.
#[derive(Clone, Debug, Deserialize)]
pub struct Item {
    /// `med_list_codg`.
    pub code: String,
    /// 甲, 乙 or 丙, where it is known.
    #[serde(default)]
    pub class: String,
    /// 药品, 医疗服务 or 耗材, where it is known.
    #[serde(default)]
    pub kind: String,
    /// What a unit costs, yuan as text, where the platform does not take any price.
    #[serde(default)]
    pub price: Option<String>,
}

/// Why subjects cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SubjectsError {
    /// The text is no JSON of this form.
    Unreadable(String),
    /// Something that every run needs is not there.
    Missing(&'static str),
}

impl fmt::Display for SubjectsError {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SubjectsError::Unreadable(problem) => write!(to, "检查对象读不懂：{problem}"),
            SubjectsError::Missing(what) => write!(to, "检查对象里缺少{what}"),
        }
    }
}

impl Subjects {
    /// Reads a text.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(text: &str) -> Result<Subjects, SubjectsError> {
        let subjects: Subjects =
            serde_json::from_str(text).map_err(|error| SubjectsError::Unreadable(error.to_string()))?;
        if subjects.area.len() != 6 || !subjects.area.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(SubjectsError::Missing("六位数字的统筹区 area"));
        }
        if subjects.people.is_empty() {
            return Err(SubjectsError::Missing("参保人 people"));
        }
        if subjects.institution("hospital").is_none() {
            return Err(SubjectsError::Missing("医院：institutions 里 key 为 hospital 的一项"));
        }
        if subjects.items.is_empty() {
            return Err(SubjectsError::Missing("目录项目 items"));
        }
        if let Some(item) = subjects
            .items
            .iter()
            .find(|item| item.price.as_deref().is_some_and(|price| crate::form::fen(price).is_none()))
        {
            return Err(SubjectsError::Unreadable(format!(
                "项目 {} 的 price 应为元，至多两位小数",
                item.code
            )));
        }
        Ok(subjects)
    }

    /// The institution of a short name.
    pub fn institution(&self, key: &str) -> Option<&Institution> {
        self.institutions.iter().find(|institution| institution.key == key)
    }

    /// The person of a short name; `None` where nobody is named so.
    pub fn character(&self, key: &str) -> Option<&Character> {
        self.people.iter().find(|character| character.key == key)
    }

    /// The person for something: the one named for it, or the first.
    pub fn character_or_first(&self, key: &str) -> Option<&Character> {
        self.character(key).or_else(|| self.people.first())
    }

    /// An item of a class, drugs first; some other where there is none of it.
    pub fn item(&self, class: &str) -> Option<&Item> {
        let of_class = |item: &&Item| item.class == class || item.class.starts_with(class);
        let drug = self.items.iter().filter(of_class).find(|item| item.kind == "药品");
        drug.or_else(|| self.items.iter().find(of_class)).or_else(|| self.items.first())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"{ "area": "990301", "more": 1,
        "people": [{ "key": "employee", "name": "沙箱", "certificate": "1", "person": "P1" }],
        "institutions": [{ "key": "hospital", "id": "H99030100001", "name": "甲" }],
        "items": [{ "code": "S", "class": "甲", "kind": "医疗服务" }, { "code": "D", "class": "甲类", "kind": "药品", "price": "3.2" }] }"#;

    #[test]
    fn what_a_sandbox_lists_reads() {
        let subjects = Subjects::read(TEXT).expect("subjects");
        assert_eq!(subjects.item("甲").map(|item| item.code.as_str()), Some("D"));
        assert_eq!(subjects.item("丙").map(|item| item.code.as_str()), Some("S"));
        assert!(subjects.character("away").is_none());
        assert_eq!(subjects.character_or_first("away").map(|one| one.key.as_str()), Some("employee"));
    }

    #[test]
    fn what_is_missing_is_said() {
        for (from, to, said) in [
            ("\"990301\"", "\"99030\"", "area"),
            ("\"hospital\"", "\"clinic\"", "hospital"),
            ("\"3.2\"", "\"3.215\"", "price"),
            ("\"items\"", "\"things\"", "items"),
        ] {
            let problem = Subjects::read(&TEXT.replace(from, to)).expect_err("missing").to_string();
            assert!(problem.contains(said), "{problem}");
        }
    }
}
