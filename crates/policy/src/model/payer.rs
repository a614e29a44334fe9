//! Whose money it is.

/// A purse: a fund, an account, or the person's own cash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Payer {
    /// 统筹基金.
    PooledFund,
    /// 职工大额医疗费用补助.
    LargeSumFund,
    /// 居民大病保险 (or 职工大病 where an area has one).
    CriticalIllnessFund,
    /// 企业补充, and an insurer's supplementary line.
    EnterpriseSupplement,
    /// 公务员医疗补助.
    CivilServantAid,
    /// 医疗救助.
    MedicalAssistance,
    /// Another fund.
    OtherFund,
    /// 医院负担.
    Hospital,
    /// The own account, current year.
    CurrentYear,
    /// The own account, carried over.
    CarriedOver,
    /// Relatives' accounts (共济).
    Relatives,
    /// 现金: what remains.
    Cash,
}

impl Payer {
    /// Every payer, in the order of the table's columns.
    pub const ALL: [Payer; 12] = [
        Payer::PooledFund,
        Payer::LargeSumFund,
        Payer::CriticalIllnessFund,
        Payer::EnterpriseSupplement,
        Payer::CivilServantAid,
        Payer::MedicalAssistance,
        Payer::OtherFund,
        Payer::Hospital,
        Payer::CurrentYear,
        Payer::CarriedOver,
        Payer::Relatives,
        Payer::Cash,
    ];

    /// The name in packs and answers.
    pub const fn name(self) -> &'static str {
        match self {
            Payer::PooledFund => "pooled_fund",
            Payer::LargeSumFund => "large_sum_fund",
            Payer::CriticalIllnessFund => "critical_illness_fund",
            Payer::EnterpriseSupplement => "enterprise_supplement",
            Payer::CivilServantAid => "civil_servant_aid",
            Payer::MedicalAssistance => "medical_assistance",
            Payer::OtherFund => "other_fund",
            Payer::Hospital => "hospital",
            Payer::CurrentYear => "current_year",
            Payer::CarriedOver => "carried_over",
            Payer::Relatives => "relatives",
            Payer::Cash => "cash",
        }
    }

    /// The term that people read.
    pub const fn label(self) -> &'static str {
        match self {
            Payer::PooledFund => "统筹基金",
            Payer::LargeSumFund => "大额补助",
            Payer::CriticalIllnessFund => "大病保险",
            Payer::EnterpriseSupplement => "补充保险",
            Payer::CivilServantAid => "公务员补助",
            Payer::MedicalAssistance => "医疗救助",
            Payer::OtherFund => "其他基金",
            Payer::Hospital => "医院负担",
            Payer::CurrentYear => "个人账户（当年）",
            Payer::CarriedOver => "个人账户（历年）",
            Payer::Relatives => "家庭共济",
            Payer::Cash => "现金",
        }
    }

    /// The payer of that name.
    pub fn from_name(name: &str) -> Option<Payer> {
        Payer::ALL.into_iter().find(|payer| payer.name() == name)
    }

    /// Whether it is a fund: counted in 基金支付总额, which never includes the accounts.
    pub const fn is_fund(self) -> bool {
        (self as u8) < (Payer::Hospital as u8)
    }

    /// The answer field its payments are reported under, where the layer names no other.
    pub const fn field(self) -> AnswerField {
        match self {
            Payer::PooledFund => AnswerField::PooledPaid,
            Payer::LargeSumFund => AnswerField::EmployeeLargeSumAid,
            Payer::CriticalIllnessFund => AnswerField::ResidentCriticalIllness,
            Payer::EnterpriseSupplement => AnswerField::EnterpriseSupplement,
            Payer::CivilServantAid => AnswerField::CivilServantAid,
            Payer::MedicalAssistance => AnswerField::MedicalAssistance,
            Payer::OtherFund => AnswerField::OtherFundPaid,
            Payer::Hospital => AnswerField::HospitalBorne,
            Payer::CurrentYear | Payer::CarriedOver => AnswerField::PersonalAccountPaid,
            Payer::Relatives => AnswerField::MutualAidPaid,
            Payer::Cash => AnswerField::CashPaid,
        }
    }
}

/// The field of the answer in which a layer's payments are reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
#[expect(missing_docs, reason = "the names are those of the case format")]
pub enum AnswerField {
    PooledPaid,
    EmployeeLargeSumAid,
    ResidentCriticalIllness,
    EnterpriseSupplement,
    CivilServantAid,
    MedicalAssistance,
    OtherFundPaid,
    HospitalBorne,
    PersonalAccountPaid,
    MutualAidPaid,
    CashPaid,
}

impl AnswerField {
    /// Every field, in the order of the answer.
    pub const ALL: [AnswerField; 11] = [
        AnswerField::PooledPaid,
        AnswerField::EmployeeLargeSumAid,
        AnswerField::ResidentCriticalIllness,
        AnswerField::EnterpriseSupplement,
        AnswerField::CivilServantAid,
        AnswerField::MedicalAssistance,
        AnswerField::OtherFundPaid,
        AnswerField::HospitalBorne,
        AnswerField::PersonalAccountPaid,
        AnswerField::MutualAidPaid,
        AnswerField::CashPaid,
    ];

    /// The name in the case format.
    pub const fn name(self) -> &'static str {
        match self {
            AnswerField::PooledPaid => "pooled_paid",
            AnswerField::EmployeeLargeSumAid => "employee_large_sum_aid",
            AnswerField::ResidentCriticalIllness => "resident_critical_illness",
            AnswerField::EnterpriseSupplement => "enterprise_supplement",
            AnswerField::CivilServantAid => "civil_servant_aid",
            AnswerField::MedicalAssistance => "medical_assistance",
            AnswerField::OtherFundPaid => "other_fund_paid",
            AnswerField::HospitalBorne => "hospital_borne",
            AnswerField::PersonalAccountPaid => "personal_account_paid",
            AnswerField::MutualAidPaid => "mutual_aid_paid",
            AnswerField::CashPaid => "cash_paid",
        }
    }
}
