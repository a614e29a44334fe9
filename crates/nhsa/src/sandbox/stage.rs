//! Who and what a sandbox has: invented people, institutions and items that developers of hospital systems may use.

use serde::Serialize;

/// A person of the sandbox. Nobody: name and certificate are marked as invented.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Character {
    /// Short name in addresses: `employee`.
    pub key: String,
    /// What the person is there for: 在职职工.
    pub title: String,
    /// What can be tried with the person.
    pub remark: String,
    /// 人员编号: `psn_no`.
    pub person: String,
    /// 姓名.
    pub name: String,
    /// 居民身份证号 with a right check character, of an area that nobody is given.
    pub certificate: String,
    /// 电子凭证.
    pub electronic_credential: String,
    /// 社会保障卡号.
    pub social_security_card: String,
    /// `male` or `female`.
    pub sex: String,
    /// 出生日期.
    pub birth_date: String,
    /// 参保地, six digits.
    pub area: String,
    /// `employee` or `resident`.
    pub scheme: String,
    /// 人员类别 of the case format.
    pub category: String,
    /// 病种 of the pack for which care of chronic diseases can be tried.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub condition: Option<String>,
}

/// An institution of the sandbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Counter {
    /// Short name: `hospital`, `pharmacy`.
    pub key: String,
    /// 机构编码: `fixmedins_code`.
    pub id: String,
    /// 名称.
    pub name: String,
    /// 统筹区, six digits.
    pub area: String,
    /// 机构级别 and 等次 as people read them.
    pub level: String,
}

/// An item of the sandbox's catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Item {
    /// 编码: `med_list_codg`.
    pub code: String,
    /// 名称.
    pub name: String,
    /// 药品, 医疗服务, 耗材.
    pub kind: String,
    /// 单位.
    pub unit: String,
    /// 甲, 乙, 丙.
    pub class: String,
    /// 先行自付比例; empty where the area's rules give it.
    pub upfront_ratio: String,
    /// 限价 as people read it; empty for none.
    pub price_cap: String,
}

/// Everything that a sandbox shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Stage {
    /// 统筹区, six digits.
    pub area: String,
    /// Its name.
    pub area_name: String,
    /// Another 统筹区, six digits, that somebody who is insured here can be referred to; empty where the rules know no other.
    pub elsewhere: String,
    /// The people of whom each documented sequence needs one, in order.
    pub characters: Vec<Character>,
    /// Further people.
    pub crowd: Vec<Character>,
    /// The institutions.
    pub institutions: Vec<Counter>,
    /// The catalogue.
    pub items: Vec<Item>,
}

impl Stage {
    /// A person by short name or number.
    pub fn person(&self, name: &str) -> Option<&Character> {
        self.characters.iter().chain(&self.crowd).find(|known| known.key == name || known.person == name)
    }

    /// An institution by short name or code.
    pub fn institution(&self, name: &str) -> Option<&Counter> {
        self.institutions.iter().find(|known| known.key == name || known.id == name)
    }
}
