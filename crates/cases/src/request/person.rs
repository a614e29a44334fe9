//! The person of a case.

use gongji_policy::Dimension;
use jiff::civil::Date;

use super::limits::MOST_CONDITIONS;
use super::object::{Value, nearest};
use crate::error::{CaseError, ErrorCode};

/// The supplementary lines of insurance, with the dimension that each answers.
pub const SUPPLEMENTS: [(&str, Dimension); 4] = [
    ("large_sum", Dimension::LargeSum),
    ("commercial", Dimension::Commercial),
    ("civil_servant", Dimension::CivilServant),
    ("enterprise", Dimension::Enterprise),
];

/// Who is insured. `None` is an unanswered question, never "no". Choices are indices of the dimension's names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Where: six digits.
    pub pooling_area: String,
    /// `employee` or `resident`.
    pub scheme: String,
    /// 人员类别.
    pub category: Option<i64>,
    /// 出生日期.
    pub birth_date: Option<Date>,
    /// 性别.
    pub sex: Option<i64>,
    /// 岗位.
    pub post_type: Option<i64>,
    /// 统账类型; with an account for employees who do not say.
    pub account_option: Option<i64>,
    /// 缴费档次, a name of the pack.
    pub premium_tier: Option<String>,
    /// Assistance identities, in order of the case; empty for none.
    pub assistance: Option<Vec<i64>>,
    /// For each of [`SUPPLEMENTS`] whether the person has it.
    pub supplements: Option<[bool; 4]>,
    /// 退休日期.
    pub retired_on: Option<Date>,
    /// Years of contribution.
    pub years: Years,
}

/// Years of contribution.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Years {
    /// 累计缴费年限.
    pub total: Option<i64>,
    /// 本地实缴年限.
    pub local_paid: Option<i64>,
    /// 连续参保年限.
    pub continuous: Option<i64>,
    /// 视同缴费年限.
    pub deemed: Option<i64>,
}

/// An area's code: six digits.
pub(super) fn area_code(value: &Value<'_>) -> Result<String, CaseError> {
    let text = value.text()?;
    if text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(text.to_owned());
    }
    Err(value.error(ErrorCode::UnknownValue, "地区代码写法不对").expected("六位数字的行政区划代码"))
}

/// The value as one of these names; its position.
pub(super) fn one_of(value: &Value<'_>, what: &str, names: &[&str]) -> Result<usize, CaseError> {
    let text = value.text()?;
    names.iter().position(|name| *name == text).ok_or_else(|| {
        let error =
            value.error(ErrorCode::UnknownValue, &format!("{what}没有这个取值")).expected(names.join("、"));
        match nearest(text, names.iter().copied()) {
            Some(near) => error.hint(format!("是不是想写 {near}？")),
            None => error,
        }
    })
}

impl Person {
    /// A person insured in an area under a scheme, with every other question open but for the defaults of the case format.
    pub fn new(pooling_area: &str, scheme: &str) -> Person {
        Person {
            pooling_area: pooling_area.to_owned(),
            scheme: scheme.to_owned(),
            category: None,
            birth_date: None,
            sex: None,
            post_type: None,
            account_option: (scheme == "employee").then_some(0),
            premium_tier: None,
            assistance: None,
            supplements: None,
            retired_on: None,
            years: Years::default(),
        }
    }

    pub(super) fn of(value: &Value<'_>) -> Result<Person, CaseError> {
        let object = value.object(&[
            "pooling_area",
            "scheme",
            "category",
            "birth_date",
            "sex",
            "post_type",
            "account_option",
            "premium_tier",
            "assistance",
            "supplements",
            "retired_on",
            "years",
        ])?;
        let choice =
            |name: &'static str, dimension| object.get(name).map(|value| value.choice(dimension)).transpose();
        let scheme = object.require("scheme", "employee（职工医保）或 resident（居民医保）")?;
        let schemes = ["employee", "resident"];
        let scheme = schemes[one_of(&scheme, "险种", &schemes)?];
        let mut account_option = choice("account_option", Dimension::AccountOption)?;
        if scheme == "employee" {
            account_option = account_option.or(Some(0));
        }
        let person = Person {
            pooling_area: area_code(&object.require("pooling_area", "参保地的六位行政区划代码")?)?,
            scheme: scheme.to_owned(),
            category: choice("category", Dimension::Category)?,
            birth_date: object.get("birth_date").map(|value| value.date()).transpose()?,
            sex: choice("sex", Dimension::Sex)?,
            post_type: choice("post_type", Dimension::PostType)?,
            account_option,
            premium_tier: object
                .get("premium_tier")
                .map(|value| value.text().map(str::to_owned))
                .transpose()?,
            assistance: object.get("assistance").map(|value| assistance(&value)).transpose()?,
            supplements: object.get("supplements").map(|value| supplements(&value)).transpose()?,
            retired_on: object.get("retired_on").map(|value| value.date()).transpose()?,
            years: match object.get("years") {
                Some(years) => Years::of(&years)?,
                None => Years::default(),
            },
        };
        if let (Some(born), Some(retired)) = (person.birth_date, person.retired_on)
            && retired < born
        {
            let field = object.path.name("retired_on").to_string();
            return Err(CaseError::new(ErrorCode::Contradiction, field, "退休日期早于出生日期")
                .found(format!("退休 {retired}，出生 {born}")));
        }
        Ok(person)
    }
}

impl Years {
    fn of(value: &Value<'_>) -> Result<Years, CaseError> {
        let object = value.object(&["total", "local_paid", "continuous", "deemed"])?;
        let years = |name: &'static str| object.get(name).map(|value| value.integer(0, 100)).transpose();
        Ok(Years {
            total: years("total")?,
            local_paid: years("local_paid")?,
            continuous: years("continuous")?,
            deemed: years("deemed")?,
        })
    }
}

fn assistance(value: &Value<'_>) -> Result<Vec<i64>, CaseError> {
    let mut identities = Vec::new();
    for (index, node) in value.list(MOST_CONDITIONS)?.iter().enumerate() {
        let entry = Value { node, path: value.path.index(index) };
        let identity = entry.choice(Dimension::Aid)?;
        if identity == 0 {
            return Err(entry.error(ErrorCode::Contradiction, "没有救助身份时请写空列表 []"));
        }
        if !identities.contains(&identity) {
            identities.push(identity);
        }
    }
    Ok(identities)
}

fn supplements(value: &Value<'_>) -> Result<[bool; 4], CaseError> {
    let mut has = [false; 4];
    let names = SUPPLEMENTS.map(|(name, _)| name);
    for (index, node) in value.list(MOST_CONDITIONS)?.iter().enumerate() {
        let entry = Value { node, path: value.path.index(index) };
        has[one_of(&entry, "补充保险", &names)?] = true;
    }
    Ok(has)
}
