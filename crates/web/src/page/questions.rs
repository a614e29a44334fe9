//! The questions of the form, section by section, each with its named default.

use gongji_policy::Dimension as D;

use super::inputs::Inputs;
use super::scope::Scope;
use super::terms;

/// One value that a question offers.
pub struct Choice {
    /// What the address says.
    pub value: String,
    /// What people read.
    pub label: String,
    /// Whether it is chosen.
    pub chosen: bool,
}

/// How a question is answered.
pub enum Kind {
    /// One of several.
    One(Vec<Choice>),
    /// Any of several.
    Any(Vec<Choice>),
    /// A whole number, with its unit.
    Number(&'static str),
    /// A day.
    Day,
    /// Yuan.
    Money,
    /// Rows of text.
    Rows,
    /// A short text, written like this one.
    Text(&'static str),
}

/// One question.
pub struct Question {
    /// The key in the address.
    pub key: String,
    /// The question.
    pub label: String,
    /// What helps to answer it, the default included.
    pub hint: String,
    /// How it is answered.
    pub kind: Kind,
    /// The answer so far.
    pub value: String,
    /// What is wrong with it.
    pub wrong: Option<String>,
}

/// Questions that belong together.
pub struct Section {
    /// The fragment of the address.
    pub id: &'static str,
    /// 标题.
    pub title: &'static str,
    /// What it is about.
    pub lead: &'static str,
    /// The questions.
    pub questions: Vec<Question>,
}

/// Dimensions asked of the person, with the key, the question, the default and what helps.
const PERSON: [(D, &str, &str, &str, &str); 7] = [
    (D::Category, "category", "人员类别", "*", ""),
    (D::Sex, "sex", "性别", "", ""),
    (D::PostType, "post", "退休前岗位", "", ""),
    (
        D::AccountOption,
        "account",
        "医保里有没有个人账户",
        "with_account",
        "默认：统账结合。单建统筹的人没有个人账户",
    ),
    (D::PremiumTier, "tier", "缴费档次", "none", ""),
    (D::YearsTotal, "years", "累计缴费年限", "", "不知道可以不填"),
    (D::YearsLocalPaid, "local_years", "本地实际缴费年限", "", "不知道可以不填"),
];

const PLACE: [(D, &str, &str, &str, &str); 11] = [
    (D::FacilityType, "type", "机构类型", "hospital", ""),
    (D::Level, "level", "医院等级", "3", "医院门口或挂号单上写着等级。默认：三级"),
    (D::Grade, "grade", "等次", "A", "默认：甲等"),
    (D::AdminLevel, "admin", "医院归哪一级管", "municipal", "默认：市级"),
    (D::FacilityGroup, "group", "是不是下列指定机构", "none", ""),
    (D::Condition, "condition", "病种", "none", "没有办理病种认定就选“没有”"),
    (D::FamilyDoctor, "doctor", "签了家庭医生吗", "false", "默认：否"),
    (D::FromEmergency, "from_emergency", "是急诊转住院吗", "false", "默认：否"),
    (D::MidStay, "mid", "是住院中途结算吗", "false", "默认：否"),
    (D::IssuedByLevel, "issued", "处方是哪一级机构开的", "none", "外配、流转处方才需要回答"),
    (D::Cause, "cause", "为什么就医", "illness", "默认：生病。第三人造成、工伤、境外的，基金一般另有规定"),
];

fn choice(scope: &Scope<'_>, inputs: &Inputs, spec: &(D, &str, &str, &str, &str)) -> Option<Question> {
    let (dimension, key, label, default, hint) = *spec;
    let values = scope.values(dimension);
    if !scope.asks(dimension) || values.len() == 1 {
        return None;
    }
    let fresh = !inputs.has("q");
    if values.is_empty() {
        return Some(number(inputs, key, label, hint, "年"));
    }
    let default = match default {
        "*" => values.first().cloned().unwrap_or_default(),
        known if values.iter().any(|value| value == known) => known.to_owned(),
        "" => String::new(),
        _ => values.first().cloned().unwrap_or_default(),
    };
    let now = if fresh { inputs.get_or(key, &default).to_owned() } else { inputs.get(key).to_owned() };
    let mut choices: Vec<Choice> = values
        .iter()
        .map(|value| Choice {
            value: value.clone(),
            label: terms::value(dimension, value),
            chosen: *value == now,
        })
        .collect();
    // These count as none where they are not stated, so that "unknown" would be a guess.
    let stated =
        matches!(dimension, D::Grade | D::AdminLevel | D::FacilityGroup | D::Condition | D::PremiumTier);
    if !stated {
        choices.push(Choice { value: String::new(), label: "不知道".to_owned(), chosen: now.is_empty() });
    }
    Some(Question {
        key: key.to_owned(),
        label: label.to_owned(),
        hint: hint.to_owned(),
        kind: Kind::One(choices),
        value: now,
        wrong: None,
    })
}

/// A question that is answered in writing.
pub fn plain(inputs: &Inputs, key: &str, label: &str, hint: &str, kind: Kind) -> Question {
    Question {
        key: key.to_owned(),
        label: label.to_owned(),
        hint: hint.to_owned(),
        kind,
        value: inputs.get(key).to_owned(),
        wrong: None,
    }
}

fn number(inputs: &Inputs, key: &str, label: &str, hint: &str, unit: &'static str) -> Question {
    plain(inputs, key, label, hint, Kind::Number(unit))
}

/// A question with any of several answers.
pub fn several(
    inputs: &Inputs,
    key: &str,
    label: &str,
    hint: &str,
    values: Vec<(String, String)>,
) -> Question {
    let choices = values
        .into_iter()
        .map(|(value, label)| Choice { chosen: inputs.all(key).any(|known| known == value), value, label })
        .collect();
    plain(inputs, key, label, hint, Kind::Any(choices))
}

/// What the scope asks of the person.
pub fn person(scope: &Scope<'_>, inputs: &Inputs) -> Vec<Question> {
    let mut questions: Vec<Question> = PERSON.iter().filter_map(|spec| choice(scope, inputs, spec)).collect();
    if scope.asks(D::BirthDate) {
        questions.push(plain(inputs, "birth", "出生日期", "这里的规则按出生日期分", Kind::Day));
    } else if scope.asks(D::Age) {
        questions.push(number(
            inputs,
            "age",
            "年龄（周岁）",
            "按就医那天的周岁。不知道可以不填，需要时再问",
            "岁",
        ));
    }
    if scope.asks(D::RetiredOn) {
        questions.push(plain(inputs, "retired", "退休日期", "没有退休就不填", Kind::Day));
    }
    if scope.asks(D::YearsContinuous) {
        questions.push(number(inputs, "continuous", "连续参保年限", "不知道可以不填", "年"));
    }
    if scope.asks(D::Aid) {
        let mut values: Vec<_> = scope
            .values(D::Aid)
            .into_iter()
            .filter(|value| value != "none")
            .map(|value| (value.clone(), terms::value(D::Aid, &value)))
            .collect();
        values.push(("unknown".to_owned(), "不知道".to_owned()));
        questions.push(several(inputs, "aid", "救助身份", "默认：都不是。有几种就选几种", values));
    }
    let supplements = [
        (D::LargeSum, "large_sum", "职工大额补助"),
        (D::Commercial, "commercial", "商业补充保险"),
        (D::CivilServant, "civil_servant", "公务员医疗补助"),
        (D::Enterprise, "enterprise", "企业补充医疗保险"),
    ];
    let mut asked: Vec<_> = supplements
        .iter()
        .filter(|(dimension, ..)| scope.asks(*dimension) && scope.values(*dimension).len() > 1)
        .map(|(_, value, label)| ((*value).to_owned(), (*label).to_owned()))
        .collect();
    if !asked.is_empty() {
        asked.push(("unknown".to_owned(), "不知道".to_owned()));
        questions.push(several(inputs, "supp", "除基本医保外还参加了", "默认：都没有参加", asked));
    }
    questions
}

fn place(scope: &Scope<'_>, inputs: &Inputs) -> Vec<Question> {
    let mut questions = Vec::new();
    if scope.asks(D::Place) || scope.asks(D::Filing) {
        let now = inputs.get_or("place", "home").to_owned();
        // A municipality's own code stands for its province: there is no elsewhere in the province.
        let province = !inputs.get("area").ends_with("0000");
        let choices = ["home", "province", "away"]
            .iter()
            .filter(|value| **value != "province" || province)
            .map(|value| Choice {
                value: (*value).to_owned(),
                label: terms::value(D::Place, value),
                chosen: now == *value,
            })
            .collect();
        let hint = "参保地就是您交医保的地方。默认：在参保地看";
        questions.push(plain(inputs, "place", "在哪里看", hint, Kind::One(choices)));
        let now = inputs.get("filing").to_owned();
        let mut choices: Vec<Choice> = ["local", "long_stay", "referral", "emergency", "temporary", "none"]
            .iter()
            .filter(|value| **value != "local" || province)
            .map(|value| Choice {
                value: (*value).to_owned(),
                label: if *value == "local" {
                    "省内，不用备案".to_owned()
                } else {
                    terms::value(D::Filing, value)
                },
                chosen: now == *value,
            })
            .collect();
        choices.push(Choice { value: String::new(), label: "不知道".to_owned(), chosen: now.is_empty() });
        let hint = "只有到外地看病才需要回答。急诊抢救视同备案";
        questions.push(plain(inputs, "filing", "到外地看病，备案了吗", hint, Kind::One(choices)));
    }
    questions.extend(PLACE.iter().filter_map(|spec| choice(scope, inputs, spec)));
    if scope.asks(D::AdmittedOn) || scope.asks(D::StayDays) {
        questions.push(plain(inputs, "admitted", "入院日期", "不填就按结算日期", Kind::Day));
        questions.push(plain(inputs, "discharged", "出院日期", "不填就按结算日期", Kind::Day));
    }
    questions
}

fn money(inputs: &Inputs) -> Vec<Question> {
    let own = |key, label, hint| plain(inputs, key, label, hint, Kind::Money);
    let rows = "一行一项：名称、类别（甲 / 乙 / 丙）、数量、单价，用空格隔开，例如“阿莫西林胶囊 甲 2 12.50”；知道先行自付比例的写在最后，例如“支架 乙 1 8000 20%”。填了明细就不用填上面四项";
    vec![
        own("total", "医疗费总额", "单子上“合计”那一行"),
        own("non", "其中：全自费", "目录外，医保不管的。默认：0"),
        own("over", "其中：超限价自费", "单价高出医保限价的部分。默认：0"),
        own("upfront", "其中：先行自付", "乙类等项目先由您付的一部分。默认：0"),
        plain(inputs, "lines", "或者粘贴费用明细", rows, Kind::Rows),
    ]
}

fn purses(scope: &Scope<'_>, inputs: &Inputs) -> Vec<Question> {
    let mut questions = vec![
        plain(
            inputs,
            "current",
            "您的个人账户：当年",
            "不分当年、历年的地方，都填在历年。默认：0",
            Kind::Money,
        ),
        plain(inputs, "carried", "您的个人账户：历年结转", "默认：0", Kind::Money),
    ];
    if let (Some(_), gongji_policy::DimensionKind::Choice(relations)) =
        (&scope.scheme.sharing, D::Relation.kind())
    {
        for person in 1..=2 {
            let key = format!("kin{person}");
            let now = inputs.get(&key).to_owned();
            let mut choices =
                vec![Choice { value: String::new(), label: "没有".to_owned(), chosen: now.is_empty() }];
            choices.extend(relations.iter().map(|value| Choice {
                value: (*value).to_owned(),
                label: terms::value(D::Relation, value),
                chosen: now == *value,
            }));
            let (label, hint) = match person {
                1 => ("家人授权您用他的账户（家庭共济）", "按授权先后填。默认家人与您在同一个统筹区参保"),
                _ => ("第二位家人", ""),
            };
            questions.push(plain(inputs, &key, label, hint, Kind::One(choices)));
            let label = if person == 1 {
                "这位家人的账户：历年结转"
            } else {
                "第二位家人的账户：历年结转"
            };
            questions.push(plain(inputs, &format!("kin{person}_carried"), label, "默认：0", Kind::Money));
        }
    }
    questions
}

fn before(scope: &Scope<'_>, inputs: &Inputs) -> Vec<Question> {
    let asked = [
        ("admissions", "今年已经住过几次院", "次"),
        ("deductible_paid", "今年已付的起付金额", ""),
        ("pooled_paid", "今年统筹基金已经付了", ""),
        ("in_scope_self_pay", "今年政策范围内个人已负担", ""),
    ];
    asked
        .iter()
        .filter(|(name, ..)| {
            scope.scheme.counters.iter().any(|counter| counter.stated_as.as_deref() == Some(name))
        })
        .map(|(name, label, unit)| {
            let key = format!("before_{name}");
            let kind = if unit.is_empty() { Kind::Money } else { Kind::Number(unit) };
            plain(inputs, &key, label, "默认：0", kind)
        })
        .collect()
}

/// The sections of the form for a scope.
pub fn sections(scope: &Scope<'_>, inputs: &Inputs) -> Vec<Section> {
    let section = |id, title, lead, questions| Section { id, title, lead, questions };
    [
        section("who", "您是谁", "只问这里的规则真正用到的。不问姓名和证件号。", person(scope, inputs)),
        section("where", "在哪里看的", "起付标准和比例随机构和地点变。", place(scope, inputs)),
        section("money", "花了多少", "金额到分，单位是元。", money(inputs)),
        section(
            "purse",
            "账户里有多少",
            "个人负担的部分，可以用账户付。都不填就当作 0。",
            purses(scope, inputs),
        ),
        section(
            "before",
            "今年之前看过吗",
            "起付、限额、次数都看全年累计。今年第一次就不用填。",
            before(scope, inputs),
        ),
    ]
    .into_iter()
    .filter(|section| !section.questions.is_empty())
    .collect()
}
