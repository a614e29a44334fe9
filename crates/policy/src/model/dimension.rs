//! The dimensions along which decision tables may decide, and the facts of one event along them.

use std::collections::BTreeMap;

/// One declared dimension of decision tables. The law's date is not among them: every row carries its own interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
#[expect(missing_docs, reason = "the names are those of the case format; `label` gives the Chinese term")]
pub enum Dimension {
    Category,
    Sex,
    PostType,
    AccountOption,
    PremiumTier,
    Aid,
    LargeSum,
    Commercial,
    CivilServant,
    Enterprise,
    Level,
    Grade,
    AdminLevel,
    FacilityType,
    FacilityGroup,
    CareType,
    Filing,
    Place,
    IssuedByLevel,
    FamilyDoctor,
    FromEmergency,
    MidStay,
    Cause,
    Condition,
    Relation,
    Class,
    ItemClass,
    Band,
    Age,
    Ordinal,
    YearsTotal,
    YearsLocalPaid,
    YearsContinuous,
    ConditionCount,
    StayDays,
    RetiredOn,
    BirthDate,
    AdmittedOn,
    Fund,
    Contributor,
    Purpose,
    Beneficiary,
    SubAccount,
    Birth,
    GestationWeeks,
    MonthsMissed,
    Repaired,
    StatusChanged,
}

/// What values a dimension takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DimensionKind {
    /// One of fixed names.
    Choice(&'static [&'static str]),
    /// One of the names that the scheme declares under `values`; the first is always `none`.
    Open,
    /// `false` or `true`.
    Flag,
    /// A whole number within these bounds, both included.
    Integer {
        /// The smallest.
        low: i64,
        /// The largest.
        high: i64,
    },
    /// A calendar day, counted from 1970-01-01.
    Date,
}

use Dimension as D;

impl Dimension {
    /// Every dimension, in declaration order.
    pub const ALL: [Dimension; 48] = [
        D::Category,
        D::Sex,
        D::PostType,
        D::AccountOption,
        D::PremiumTier,
        D::Aid,
        D::LargeSum,
        D::Commercial,
        D::CivilServant,
        D::Enterprise,
        D::Level,
        D::Grade,
        D::AdminLevel,
        D::FacilityType,
        D::FacilityGroup,
        D::CareType,
        D::Filing,
        D::Place,
        D::IssuedByLevel,
        D::FamilyDoctor,
        D::FromEmergency,
        D::MidStay,
        D::Cause,
        D::Condition,
        D::Relation,
        D::Class,
        D::ItemClass,
        D::Band,
        D::Age,
        D::Ordinal,
        D::YearsTotal,
        D::YearsLocalPaid,
        D::YearsContinuous,
        D::ConditionCount,
        D::StayDays,
        D::RetiredOn,
        D::BirthDate,
        D::AdmittedOn,
        D::Fund,
        D::Contributor,
        D::Purpose,
        D::Beneficiary,
        D::SubAccount,
        D::Birth,
        D::GestationWeeks,
        D::MonthsMissed,
        D::Repaired,
        D::StatusChanged,
    ];

    /// How many dimensions there are.
    pub const COUNT: usize = Dimension::ALL.len();

    /// The name in packs.
    pub const fn name(self) -> &'static str {
        match self {
            D::Category => "category",
            D::Sex => "sex",
            D::PostType => "post_type",
            D::AccountOption => "account_option",
            D::PremiumTier => "premium_tier",
            D::Aid => "aid",
            D::LargeSum => "large_sum",
            D::Commercial => "commercial",
            D::CivilServant => "civil_servant",
            D::Enterprise => "enterprise",
            D::Level => "level",
            D::Grade => "grade",
            D::AdminLevel => "admin_level",
            D::FacilityType => "facility_type",
            D::FacilityGroup => "facility_group",
            D::CareType => "care_type",
            D::Filing => "filing",
            D::Place => "place",
            D::IssuedByLevel => "issued_by_level",
            D::FamilyDoctor => "family_doctor",
            D::FromEmergency => "from_emergency",
            D::MidStay => "mid_stay",
            D::Cause => "cause",
            D::Condition => "condition",
            D::Relation => "relation",
            D::Class => "class",
            D::ItemClass => "item_class",
            D::Band => "band",
            D::Age => "age",
            D::Ordinal => "ordinal",
            D::YearsTotal => "years_total",
            D::YearsLocalPaid => "years_local_paid",
            D::YearsContinuous => "years_continuous",
            D::ConditionCount => "condition_count",
            D::StayDays => "stay_days",
            D::RetiredOn => "retired_on",
            D::BirthDate => "birth_date",
            D::AdmittedOn => "admitted_on",
            D::Fund => "fund",
            D::Contributor => "contributor",
            D::Purpose => "purpose",
            D::Beneficiary => "beneficiary",
            D::SubAccount => "sub_account",
            D::Birth => "birth",
            D::GestationWeeks => "gestation_weeks",
            D::MonthsMissed => "months_missed",
            D::Repaired => "repaired",
            D::StatusChanged => "status_changed",
        }
    }

    /// The term that people read.
    pub const fn label(self) -> &'static str {
        match self {
            D::Category => "人员类别",
            D::Sex => "性别",
            D::PostType => "岗位",
            D::AccountOption => "统账类型",
            D::PremiumTier => "缴费档次",
            D::Aid => "救助身份",
            D::LargeSum => "大额补助参保",
            D::Commercial => "商业补充参保",
            D::CivilServant => "公务员补助",
            D::Enterprise => "企业补充",
            D::Level => "机构级别",
            D::Grade => "机构等次",
            D::AdminLevel => "行政级别",
            D::FacilityType => "机构类型",
            D::FacilityGroup => "指定机构组",
            D::CareType => "医疗类别",
            D::Filing => "备案类型",
            D::Place => "就医地",
            D::IssuedByLevel => "开方机构级别",
            D::FamilyDoctor => "家庭医生签约",
            D::FromEmergency => "急诊转住院",
            D::MidStay => "中途结算",
            D::Cause => "就医原因",
            D::Condition => "病种",
            D::Relation => "与本人关系",
            D::Class => "目录类别",
            D::ItemClass => "项目类别",
            D::Band => "费用段",
            D::Age => "年龄",
            D::Ordinal => "年内住院次序",
            D::YearsTotal => "累计缴费年限",
            D::YearsLocalPaid => "本地实缴年限",
            D::YearsContinuous => "连续参保年限",
            D::ConditionCount => "病种数",
            D::StayDays => "住院天数",
            D::RetiredOn => "退休日期",
            D::BirthDate => "出生日期",
            D::AdmittedOn => "入院日期",
            D::Fund => "险种（费目）",
            D::Contributor => "出资方",
            D::Purpose => "用途",
            D::Beneficiary => "使用人",
            D::SubAccount => "账户部分",
            D::Birth => "生育情形",
            D::GestationWeeks => "孕周",
            D::MonthsMissed => "中断月数",
            D::Repaired => "是否补缴",
            D::StatusChanged => "是否变更参保身份",
        }
    }

    /// What values it takes. `place` is derived: `home` (own pooling area), `province`, `away` (another province).
    pub const fn kind(self) -> DimensionKind {
        use DimensionKind::{Choice, Date, Flag, Integer, Open};
        match self {
            D::Category => Choice(&[
                "employed", "retired", "flexible", "newborn", "child", "student", "adult", "elderly",
            ]),
            D::Sex => Choice(&["female", "male"]),
            D::PostType => Choice(&["cadre", "worker"]),
            D::AccountOption => Choice(&["with_account", "pool_only"]),
            D::PremiumTier | D::FacilityGroup | D::Condition | D::ItemClass => Open,
            D::Aid => Choice(&[
                "none",
                "extreme_poverty",
                "minimum_living",
                "low_income_edge",
                "medical_poverty",
                "returned_to_poverty",
                "poverty_watch",
            ]),
            D::LargeSum | D::Commercial | D::CivilServant | D::Enterprise => Flag,
            D::FamilyDoctor | D::FromEmergency | D::MidStay => Flag,
            D::Level => Choice(&["primary", "1", "2", "3", "special", "ungraded"]),
            D::IssuedByLevel => Choice(&["none", "primary", "1", "2", "3", "special", "ungraded"]),
            D::Grade => Choice(&["none", "A", "B", "C"]),
            D::AdminLevel => Choice(&["none", "township", "county", "municipal", "provincial"]),
            D::FacilityType => Choice(&["hospital", "community", "pharmacy", "tcm_hospital", "internet"]),
            D::CareType => Choice(&[
                "outpatient",
                "emergency",
                "chronic_outpatient",
                "outpatient_major",
                "special_drug",
                "inpatient",
                "day_surgery",
                "pharmacy",
                "home_bed",
                "maternity_outpatient",
                "maternity_inpatient",
                "year_end",
            ]),
            D::Filing => Choice(&["local", "long_stay", "referral", "emergency", "temporary", "none"]),
            D::Place => Choice(&["home", "province", "away"]),
            D::Cause => Choice(&["illness", "third_party", "work_injury", "abroad"]),
            D::Relation => Choice(&[
                "spouse",
                "parent",
                "child",
                "sibling",
                "grandparent",
                "maternal_grandparent",
                "grandchild",
                "maternal_grandchild",
                "designated",
            ]),
            D::Class => Choice(&["A", "B", "C"]),
            D::Band => Integer { low: 1, high: 16 },
            D::Age => Integer { low: 0, high: 150 },
            D::Ordinal => Integer { low: 1, high: 1_000 },
            D::YearsTotal | D::YearsLocalPaid | D::YearsContinuous => Integer { low: 0, high: 100 },
            D::ConditionCount => Integer { low: 0, high: 100 },
            D::StayDays => Integer { low: 0, high: 100_000 },
            D::RetiredOn | D::BirthDate | D::AdmittedOn => Date,
            D::Fund => {
                Choice(&["medical", "large_sum", "maternity", "commercial", "pension", "unemployment"])
            }
            D::Contributor => Choice(&[
                "employer",
                "person",
                "fiscal",
                "fiscal_central",
                "fiscal_local",
                "medical_assistance",
            ]),
            D::Purpose => Choice(&[
                "outpatient",
                "inpatient",
                "pharmacy",
                "vaccine",
                "check_up",
                "prosthesis",
                "dental",
                "supplies",
                "health_food",
                "fitness",
                "public_health",
                "supplementary_premium",
                "resident_premium",
                "care_premium",
                "city_insurance",
                "cash",
                "inheritance",
                "transfer_out",
            ]),
            D::Beneficiary => Choice(&[
                "self",
                "spouse",
                "parent",
                "child",
                "sibling",
                "grandparent",
                "maternal_grandparent",
                "grandchild",
                "maternal_grandchild",
                "designated",
                "other",
            ]),
            D::SubAccount => Choice(&["current_year", "carried_over"]),
            D::Birth => Choice(&["vaginal", "difficult", "caesarean", "miscarriage"]),
            D::GestationWeeks => Integer { low: 0, high: 50 },
            D::MonthsMissed => Integer { low: 0, high: 1_200 },
            D::Repaired | D::StatusChanged => Flag,
        }
    }

    /// The dimension of that name.
    pub fn from_name(name: &str) -> Option<Dimension> {
        Dimension::ALL.into_iter().find(|dimension| dimension.name() == name)
    }
}

/// The names that a scheme declares for its open dimensions, `none` first in each list. At most 64 names a dimension.
pub type OpenValues = BTreeMap<Dimension, Vec<String>>;

/// The part of a dimension's values for which a scheme or benefit has rules: by choice index, number or day.
pub type Domain = BTreeMap<Dimension, super::Constraint>;

/// What is known of one event along each dimension: a choice's index, 0 or 1 for a flag, a number, or a day since
/// 1970-01-01. `None` is an unanswered question, never "no".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    values: [Option<i64>; Dimension::COUNT],
}

impl Default for Facts {
    fn default() -> Facts {
        Facts { values: [None; Dimension::COUNT] }
    }
}

impl Facts {
    /// The value along a dimension, if answered.
    pub fn get(&self, dimension: Dimension) -> Option<i64> {
        self.values[dimension as usize]
    }

    /// Answers one dimension (or takes the answer back with `None`).
    pub fn set(&mut self, dimension: Dimension, value: Option<i64>) {
        self.values[dimension as usize] = value;
    }

    /// The same facts with one more answer.
    #[must_use]
    pub fn with(mut self, dimension: Dimension, value: i64) -> Facts {
        self.set(dimension, Some(value));
        self
    }
}
