//! Conditions, days and values of dimensions in the words that people read.

use jiff::civil::Date;

use crate::model::{Constraint, Dimension, DimensionKind, OpenValues, day_of_number};

/// The Chinese term of a fixed name along a dimension (`retired` is 退休); a name that a scheme declares stands for itself.
pub fn value_label(dimension: Dimension, name: &str) -> &str {
    use Dimension as D;
    match (dimension, name) {
        (D::Level | D::IssuedByLevel, "primary") => "基层",
        (D::Level | D::IssuedByLevel, "1") => "一级",
        (D::Level | D::IssuedByLevel, "2") => "二级",
        (D::Level | D::IssuedByLevel, "3") => "三级",
        (D::Level | D::IssuedByLevel, "special") => "特级",
        (D::Level | D::IssuedByLevel, "ungraded") => "未定级",
        (D::Grade, "A") => "甲等",
        (D::Grade, "B") => "乙等",
        (D::Grade, "C") => "丙等",
        (D::Class, "A") => "甲类",
        (D::Class, "B") => "乙类",
        (D::Class, "C") => "丙类",
        (D::Filing, "none") => "未备案",
        (D::Filing, "emergency") => "急诊抢救",
        (D::Relation, "child") => "子女",
        (D::Place, "home") => "统筹区内",
        (D::Place, "province") => "省内异地",
        (D::Place, "away") => "跨省异地",
        (D::Purpose, "inpatient") => "住院费用",
        (D::Purpose, "outpatient") => "门诊费用",
        (D::Purpose, "pharmacy") => "药店购药",
        (D::Beneficiary, "child") => "子女",
        (_, "none") => "无",
        (_, "medical") => "基本医疗",
        (_, "large_sum") => "大额",
        (_, "maternity") => "生育",
        (_, "commercial") => "商业补充",
        (_, "pension") => "养老",
        (_, "unemployment") => "失业",
        (_, "employer") => "单位",
        (_, "person") => "个人",
        (_, "fiscal") => "财政",
        (_, "fiscal_central") => "中央财政",
        (_, "fiscal_local") => "地方财政",
        (_, "medical_assistance") => "医疗救助",
        (_, "vaccine") => "接种疫苗",
        (_, "check_up") => "健康体检",
        (_, "prosthesis") => "安装义肢义眼",
        (_, "dental") => "牙科治疗",
        (_, "supplies") => "家用器械、耗材",
        (_, "health_food") => "保健食品",
        (_, "fitness") => "体育健身",
        (_, "public_health") => "公共卫生费用",
        (_, "supplementary_premium") => "补充医疗保险费",
        (_, "resident_premium") => "居民医保个人缴费",
        (_, "care_premium") => "长期护理保险费",
        (_, "city_insurance") => "城市普惠保险费",
        (_, "cash") => "提取现金",
        (_, "inheritance") => "继承",
        (_, "transfer_out") => "转移",
        (_, "self") => "本人",
        (_, "other") => "其他人",
        (_, "current_year") => "当年账户",
        (_, "carried_over") => "历年账户",
        (_, "vaginal") => "顺产",
        (_, "difficult") => "难产",
        (_, "caesarean") => "剖宫产",
        (_, "miscarriage") => "流产",
        (_, "employed") => "在职",
        (_, "retired") => "退休",
        (_, "flexible") => "灵活就业",
        (_, "newborn") => "新生儿",
        (_, "child") => "未成年居民",
        (_, "student") => "学生",
        (_, "adult") => "成年居民",
        (_, "elderly") => "老年居民",
        (_, "female") => "女",
        (_, "male") => "男",
        (_, "cadre") => "干部岗位",
        (_, "worker") => "工人岗位",
        (_, "with_account") => "统账结合",
        (_, "pool_only") => "单建统筹",
        (_, "extreme_poverty") => "特困",
        (_, "minimum_living") => "低保",
        (_, "low_income_edge") => "低保边缘",
        (_, "medical_poverty") => "因病致贫",
        (_, "returned_to_poverty") => "返贫致贫",
        (_, "poverty_watch") => "监测对象",
        (_, "township") => "乡镇",
        (_, "county") => "区县",
        (_, "municipal") => "市属",
        (_, "provincial") => "省属",
        (_, "hospital") => "医院",
        (_, "community") => "社区卫生机构",
        (D::FacilityType, "pharmacy") => "定点药店",
        (_, "tcm_hospital") => "中医医院",
        (_, "internet") => "互联网医院",
        (_, "outpatient") => "普通门诊",
        (_, "emergency") => "急诊",
        (_, "chronic_outpatient") => "门诊慢特病",
        (_, "outpatient_major") => "门诊大病",
        (_, "special_drug") => "特药",
        (_, "inpatient") => "住院",
        (_, "day_surgery") => "日间手术",
        (_, "pharmacy") => "药店购药",
        (_, "home_bed") => "家庭病床",
        (_, "maternity_outpatient") => "生育门诊",
        (_, "maternity_inpatient") => "生育住院",
        (_, "year_end") => "年度结算",
        (_, "local") => "本地",
        (_, "long_stay") => "长期居住备案",
        (_, "referral") => "转诊备案",
        (_, "temporary") => "临时外出",
        (_, "illness") => "疾病",
        (_, "third_party") => "第三人责任",
        (_, "work_injury") => "工伤",
        (_, "abroad") => "境外就医",
        (_, "spouse") => "配偶",
        (_, "parent") => "父母",
        (_, "sibling") => "兄弟姐妹",
        (_, "grandparent") => "祖父母",
        (_, "maternal_grandparent") => "外祖父母",
        (_, "grandchild") => "孙子女",
        (_, "maternal_grandchild") => "外孙子女",
        (_, "designated") => "指定人员",
        _ => name,
    }
}

/// The name in packs of one value along a dimension: `"retired"` without quotes, `true`, `45`, `2023-05-01`.
pub fn value_name(dimension: Dimension, value: i64, values: &OpenValues) -> String {
    let index = usize::try_from(value).ok();
    let name = match dimension.kind() {
        DimensionKind::Choice(names) => index.and_then(|index| names.get(index)).map(ToString::to_string),
        DimensionKind::Open => index.and_then(|index| match values.get(&dimension) {
            Some(names) => names.get(index).cloned(),
            None => (index == 0).then(|| "none".to_owned()),
        }),
        DimensionKind::Flag => Some((value != 0).to_string()),
        DimensionKind::Integer { .. } => None,
        DimensionKind::Date => day_of_number(value).map(|day| day.to_string()),
    };
    name.unwrap_or_else(|| value.to_string())
}

/// One value along a dimension for people: 退休, 是, 45 岁, 2023-05-01.
pub fn value_words(dimension: Dimension, value: i64, values: &OpenValues) -> String {
    match dimension.kind() {
        DimensionKind::Flag => if value == 0 { "否" } else { "是" }.to_owned(),
        DimensionKind::Integer { .. } => format!("{value}{}", unit(dimension)),
        _ => value_label(dimension, &value_name(dimension, value, values)).to_owned(),
    }
}

/// What is counted along a dimension of numbers.
const fn unit(dimension: Dimension) -> &'static str {
    match dimension {
        Dimension::Age => " 岁",
        Dimension::Ordinal => " 次",
        Dimension::YearsTotal | Dimension::YearsLocalPaid | Dimension::YearsContinuous => " 年",
        Dimension::ConditionCount => " 种",
        Dimension::StayDays => " 天",
        Dimension::Band => " 段",
        Dimension::MonthsMissed => " 个月",
        Dimension::GestationWeeks => " 周",
        _ => "",
    }
}

/// One condition for people: `人员类别：退休、灵活就业`, `年龄：45 岁以上`.
pub fn condition_words(dimension: Dimension, constraint: &Constraint, values: &OpenValues) -> String {
    let words = match *constraint {
        Constraint::OneOf(mask) => {
            let named = |value: &i64| mask >> value & 1 == 1;
            let words: Vec<_> =
                (0..64).filter(named).map(|value| value_words(dimension, value, values)).collect();
            words.join("、")
        }
        Constraint::Between { low, high } => match (low, high) {
            (i64::MIN, i64::MAX) => "不限".to_owned(),
            (i64::MIN, high) => format!("{}及以下", value_words(dimension, high, values)),
            (low, i64::MAX) => format!("{}及以上", value_words(dimension, low, values)),
            (low, high) if low == high => value_words(dimension, low, values),
            (low, high) => {
                format!("{} 至 {}", value_name(dimension, low, values), value_words(dimension, high, values))
            }
        },
    };
    format!("{}：{words}", dimension.label())
}

/// A row's conditions for people: `人员类别：退休；机构级别：三级`, `其余情形`, `不限`.
pub fn conditions_words(when: &[(Dimension, Constraint)], otherwise: bool, values: &OpenValues) -> String {
    let mut parts: Vec<_> =
        when.iter().map(|(dimension, constraint)| condition_words(*dimension, constraint, values)).collect();
    if otherwise {
        parts.push("其余情形".to_owned());
    } else if parts.is_empty() {
        parts.push("不限".to_owned());
    }
    parts.join("；")
}

/// An interval for people: `2022-07-01 起`, `2022-07-01 至 2023-06-30`.
pub fn interval_words(from: Date, to: Option<Date>) -> String {
    match to {
        Some(to) => format!("{from} 至 {to}"),
        None => format!("{from} 起"),
    }
}
