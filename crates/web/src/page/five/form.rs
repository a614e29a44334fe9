//! What the five questions ask of a person, and the question that an address makes.

use gongji_policy::{Dimension as D, DimensionKind};
use jiff::civil::Date;
use serde_json::{Value, json};

use crate::Gongji;
use crate::page::case::{self, Wrong};
use crate::page::form::{areas, one};
use crate::page::inputs::Inputs;
use crate::page::questions::{Kind, Question, Section, plain, several};
use crate::page::terms;

/// Names and terms of a choice.
fn names(dimension: D) -> Vec<(String, String)> {
    let DimensionKind::Choice(names) = dimension.kind() else { return Vec::new() };
    names.iter().map(|name| ((*name).to_owned(), terms::value(dimension, name))).collect()
}

/// The same with "none" first.
fn or_none(dimension: D) -> Vec<(String, String)> {
    std::iter::once((String::new(), "没有".to_owned())).chain(names(dimension)).collect()
}

fn who(state: &Gongji, inputs: &Inputs) -> Vec<Question> {
    let places: Vec<(String, String)> =
        areas(state).map(|pack| (pack.area.code.clone(), pack.area.name.clone())).collect();
    let place = inputs.get_or("area", places.first().map_or("", |(code, _)| code)).to_owned();
    let date = inputs.with("date", inputs.get_or("date", &state.options.today().to_string()));
    vec![
        one("area", "在哪里参保", "交医保的地方，不是看病的地方", places, &place),
        one(
            "category",
            "人员类别",
            "在职、退休、灵活就业是职工医保，其余是居民医保",
            names(D::Category),
            inputs.get_or("category", "employed"),
        ),
        plain(&date, "date", "问的是哪一天", "规则按日期变。默认：今天", Kind::Day),
        plain(inputs, "age", "年龄（周岁）", "不知道可以不填，需要时再问", Kind::Number("岁")),
    ]
}

fn money(inputs: &Inputs) -> Vec<Question> {
    let amount = |key, label, hint| plain(inputs, key, label, hint, Kind::Money);
    vec![
        amount("wage", "月工资", "在职填；灵活就业填自己选的基数。不填就不算缴费和划入"),
        amount("pension", "月养老金", "退休填"),
        amount("current", "您的个人账户：当年", "不分当年、历年的地方，都填在历年。默认：0"),
        amount("carried", "您的个人账户：历年结转", "默认：0"),
    ]
}

fn family(inputs: &Inputs) -> Vec<Question> {
    let lender = inputs.get("kin1").to_owned();
    let relatives = names(D::Relation).into_iter().filter(|(name, _)| name != "designated").collect();
    vec![
        one(
            "kin1",
            "哪位家人可以授权您用他的账户",
            "默认家人与您在同一个统筹区参加职工医保",
            or_none(D::Relation),
            &lender,
        ),
        plain(inputs, "kin1_carried", "这位家人的账户有多少", "默认：0", Kind::Money),
        several(inputs, "family", "您想把自己的账户授权给谁", "不选就把近亲属都列出来", relatives),
    ]
}

fn more(inputs: &Inputs) -> Vec<Question> {
    let option = inputs.get_or("account", "with_account");
    let hint = "默认：统账结合。单建统筹的人没有个人账户";
    let sexes = std::iter::once((String::new(), "不填".to_owned())).chain(names(D::Sex)).collect();
    let mut aids = names(D::Aid);
    aids.retain(|(name, _)| name != "none");
    let supplements = [
        ("large_sum", "职工大额补助"),
        ("commercial", "商业补充保险"),
        ("civil_servant", "公务员医疗补助"),
        ("enterprise", "企业补充医疗保险"),
    ];
    let supplements =
        supplements.iter().map(|(name, label)| ((*name).to_owned(), (*label).to_owned())).collect();
    vec![
        one("account", "医保里有没有个人账户", hint, names(D::AccountOption), option),
        several(inputs, "supp", "除基本医保外还参加了", "默认：都没有参加", supplements),
        several(inputs, "aid", "救助身份", "默认：都不是", aids),
        one("sex", "性别", "有的地方按性别算年限", sexes, inputs.get("sex")),
        plain(inputs, "retired", "退休日期", "没有退休就不填", Kind::Day),
        plain(inputs, "years", "累计缴费年限", "不知道可以不填，需要时再问", Kind::Number("年")),
        plain(inputs, "since", "从哪个月起没有断缴", "填了就看这一天在不在保", Kind::Text("2020-01")),
    ]
}

/// The sections of the form.
pub fn sections(state: &Gongji, inputs: &Inputs) -> Vec<Section> {
    let section = |id, title, lead, questions| Section { id, title, lead, questions };
    vec![
        section("who", "您是谁", "不问姓名和证件号。", who(state, inputs)),
        section("money", "钱有多少", "金额到分，单位是元。知道几项填几项。", money(inputs)),
        section("family", "家人", "共济是家人之间的。没有就不填。", family(inputs)),
        section("more", "需要时再填", "有些地方的规则才用到。", more(inputs)),
    ]
}

/// The field of the form for a field of the question.
pub fn key_of(field: &str) -> &'static str {
    match field {
        "wage" | "base" => "wage",
        "pension" => "pension",
        "paid_since" => "since",
        "age" | "person.birth_date" => "age",
        "family" => "family",
        _ => {
            let key = crate::page::bill::question_of(field);
            let asked =
                ["area", "category", "date", "account", "supp", "aid", "sex", "retired", "years", "kin1"];
            asked.into_iter().find(|known| *known == key).unwrap_or_default()
        }
    }
}

/// The question that an address asks.
///
/// # Errors
/// Every answer that cannot be read.
pub fn case(inputs: &Inputs, today: Date) -> Result<Value, Vec<Wrong>> {
    let mut wrong = Vec::new();
    for key in ["date", "retired"] {
        wrong.extend(case::day(inputs, key).err());
    }
    let employee = ["employed", "retired", "flexible"].contains(&inputs.get("category"));
    let scheme = if employee { "employee" } else { "resident" };
    // The age is told to the engine as it is; it knows which birth date serves.
    let person = case::person(&inputs.with("scheme", scheme).with("age", ""), None, &mut wrong);
    let mut asked = json!({
        "person": person,
        "purses": case::purses(inputs, &mut wrong),
        "date": inputs.get_or("date", &today.to_string()),
    });
    if let Some(age) = case::number(inputs, "age", &mut wrong) {
        asked["age"] = age.into();
    }
    for key in ["wage", "pension"] {
        if inputs.has(key) {
            match case::plain_amount(inputs.get(key)) {
                Ok(amount) => asked[key] = amount.into(),
                Err(text) => wrong.push(Wrong { key: key.to_owned(), text }),
            }
        }
    }
    let family: Vec<&str> = inputs.all("family").collect();
    if !family.is_empty() {
        asked["family"] = family.into();
    }
    if inputs.has("since") {
        asked["paid_since"] = inputs.get("since").into();
    }
    if wrong.is_empty() { Ok(asked) } else { Err(wrong) }
}
