//! The chart of accounts.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Whose money a fund account holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fund {
    /// 统筹基金.
    Pooled,
    /// 职工大额医疗费用补助.
    LargeSum,
    /// 大病保险.
    CriticalIllness,
    /// 企业补充与商业补充.
    EnterpriseSupplement,
    /// 公务员医疗补助.
    CivilServantAid,
    /// 医疗救助.
    MedicalAssistance,
    /// Any other fund.
    Other,
}

impl Fund {
    /// Every fund.
    pub const ALL: [Fund; 7] = [
        Fund::Pooled,
        Fund::LargeSum,
        Fund::CriticalIllness,
        Fund::EnterpriseSupplement,
        Fund::CivilServantAid,
        Fund::MedicalAssistance,
        Fund::Other,
    ];

    /// The name in account codes.
    pub const fn name(self) -> &'static str {
        match self {
            Fund::Pooled => "pooled",
            Fund::LargeSum => "large_sum",
            Fund::CriticalIllness => "critical_illness",
            Fund::EnterpriseSupplement => "enterprise_supplement",
            Fund::CivilServantAid => "civil_servant_aid",
            Fund::MedicalAssistance => "medical_assistance",
            Fund::Other => "other",
        }
    }

    /// The term that people read.
    pub const fn label(self) -> &'static str {
        match self {
            Fund::Pooled => "统筹基金",
            Fund::LargeSum => "大额补助",
            Fund::CriticalIllness => "大病保险",
            Fund::EnterpriseSupplement => "补充保险",
            Fund::CivilServantAid => "公务员补助",
            Fund::MedicalAssistance => "医疗救助",
            Fund::Other => "其他基金",
        }
    }
}

/// A part of a personal account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubAccount {
    /// 当年账户.
    CurrentYear,
    /// 历年账户.
    CarriedOver,
}

impl SubAccount {
    /// The name in account codes.
    pub const fn name(self) -> &'static str {
        match self {
            SubAccount::CurrentYear => "current_year",
            SubAccount::CarriedOver => "carried_over",
        }
    }

    /// The term that people read.
    pub const fn label(self) -> &'static str {
        match self {
            SubAccount::CurrentYear => "当年账户",
            SubAccount::CarriedOver => "历年账户",
        }
    }
}

/// What an account is for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AccountKind {
    /// A fund of one scheme (`employee`, `resident`).
    Fund {
        /// The scheme.
        scheme: String,
        /// Which fund.
        fund: Fund,
    },
    /// A part of a personal account; never below zero but where a pack says so.
    Personal {
        /// The person's id.
        person: String,
        /// Which part.
        sub: SubAccount,
    },
    /// 共济待收: taken from a personal account for a relative and not yet received.
    Held {
        /// Who gave it.
        person: String,
    },
    /// 应收保费 from an employer or a person. A debit balance.
    Receivable {
        /// Who owes it.
        payer: String,
    },
    /// 财政补助, received and not yet assigned.
    Subsidy,
    /// 应付定点机构.
    Payable {
        /// The institution's id.
        institution: String,
    },
    /// 应付个人: reimbursements, refunds, inheritance.
    PayablePerson {
        /// The person's id.
        person: String,
    },
    /// 应收个人: what a person got too much and has to give back. A debit balance.
    ReceivablePerson {
        /// The person's id.
        person: String,
    },
    /// 区域间清算: what this area owes the other (credit), or is owed (debit). Kept apart, as the bank is, by whose money pays it or comes back.
    Clearing {
        /// The other area.
        other: String,
        /// Whether it is the money of personal accounts; otherwise the pool's.
        of_accounts: bool,
    },
    /// Money in the bank. A debit balance. `purse` keeps the pool's money apart from that of the accounts.
    Bank {
        /// `pool` or `account`.
        purse: String,
    },
    /// 待转保费: what a payer's bills came to and no payment has yet been split into funds and accounts.
    Collection {
        /// Who owes or paid it.
        payer: String,
    },
    /// 医保钱包: what relatives transferred to a person.
    Wallet {
        /// The person's id.
        person: String,
    },
    /// Where money of the opening balances comes from.
    Opening,
}

impl AccountKind {
    /// Whether its balance may never fall below zero, apart from personal accounts, of which the rules decide.
    pub const fn never_negative(&self) -> bool {
        matches!(
            self,
            AccountKind::Wallet { .. } | AccountKind::Held { .. } | AccountKind::PayablePerson { .. }
        )
    }

    /// The term that people read.
    pub const fn label(&self) -> &'static str {
        match self {
            AccountKind::Fund { fund, .. } => fund.label(),
            AccountKind::Personal { sub, .. } => sub.label(),
            AccountKind::Held { .. } => "共济待收",
            AccountKind::Receivable { .. } => "应收保费",
            AccountKind::Subsidy => "财政补助",
            AccountKind::Payable { .. } => "应付定点机构",
            AccountKind::PayablePerson { .. } => "应付个人",
            AccountKind::ReceivablePerson { .. } => "应收个人",
            AccountKind::Clearing { .. } => "区域间清算",
            AccountKind::Bank { .. } => "银行存款",
            AccountKind::Collection { .. } => "待转保费",
            AccountKind::Wallet { .. } => "医保钱包",
            AccountKind::Opening => "期初",
        }
    }
}

/// An account: whose books it stands in, and what it is for.
///
/// Its code is plain text such as `410100/fund/employee/pooled` or `410100/personal/P1/carried_over`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Account {
    /// The area in whose books it stands: six digits.
    pub area: String,
    /// What it is for.
    pub kind: AccountKind,
}

/// A text that names no account.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("“{0}”不是账户编码；应如 410100/fund/employee/pooled")]
pub struct MalformedAccount(pub String);

impl Account {
    /// A fund's account.
    pub fn fund(area: &str, scheme: &str, fund: Fund) -> Account {
        Account { area: area.to_owned(), kind: AccountKind::Fund { scheme: scheme.to_owned(), fund } }
    }

    /// A part of a personal account.
    pub fn personal(area: &str, person: &str, sub: SubAccount) -> Account {
        Account { area: area.to_owned(), kind: AccountKind::Personal { person: person.to_owned(), sub } }
    }

    /// What is payable to an institution.
    pub fn payable(area: &str, institution: &str) -> Account {
        Account { area: area.to_owned(), kind: AccountKind::Payable { institution: institution.to_owned() } }
    }

    /// Clearing with another area, of the pool's money.
    pub fn clearing(area: &str, other: &str) -> Account {
        Account {
            area: area.to_owned(),
            kind: AccountKind::Clearing { other: other.to_owned(), of_accounts: false },
        }
    }

    /// Clearing with another area, of the money of personal accounts.
    pub fn clearing_of_accounts(area: &str, other: &str) -> Account {
        Account {
            area: area.to_owned(),
            kind: AccountKind::Clearing { other: other.to_owned(), of_accounts: true },
        }
    }

    /// The bank, of the pool (`pool`) or of the accounts (`account`).
    pub fn bank(area: &str, purse: &str) -> Account {
        Account { area: area.to_owned(), kind: AccountKind::Bank { purse: purse.to_owned() } }
    }

    /// What a payer owes of contributions.
    pub fn receivable(area: &str, payer: &str) -> Account {
        Account { area: area.to_owned(), kind: AccountKind::Receivable { payer: payer.to_owned() } }
    }

    /// What was billed to a payer and not yet split.
    pub fn collection(area: &str, payer: &str) -> Account {
        Account { area: area.to_owned(), kind: AccountKind::Collection { payer: payer.to_owned() } }
    }

    /// What is payable to a person.
    pub fn payable_person(area: &str, person: &str) -> Account {
        Account { area: area.to_owned(), kind: AccountKind::PayablePerson { person: person.to_owned() } }
    }

    /// What a person has to give back.
    pub fn receivable_person(area: &str, person: &str) -> Account {
        Account { area: area.to_owned(), kind: AccountKind::ReceivablePerson { person: person.to_owned() } }
    }

    /// What is on its way to a relative, by who gave it.
    pub fn held(area: &str, person: &str) -> Account {
        Account { area: area.to_owned(), kind: AccountKind::Held { person: person.to_owned() } }
    }

    /// A person's wallet.
    pub fn wallet(area: &str, person: &str) -> Account {
        Account { area: area.to_owned(), kind: AccountKind::Wallet { person: person.to_owned() } }
    }

    /// Where opening balances come from.
    pub fn opening(area: &str) -> Account {
        Account { area: area.to_owned(), kind: AccountKind::Opening }
    }

    /// The person and part, where it is a personal account.
    pub fn of_person(&self) -> Option<(&str, SubAccount)> {
        match &self.kind {
            AccountKind::Personal { person, sub } => Some((person, *sub)),
            _ => None,
        }
    }
}

impl fmt::Display for Account {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let area = &self.area;
        match &self.kind {
            AccountKind::Fund { scheme, fund } => write!(to, "{area}/fund/{scheme}/{}", fund.name()),
            AccountKind::Personal { person, sub } => write!(to, "{area}/personal/{person}/{}", sub.name()),
            AccountKind::Held { person } => write!(to, "{area}/held/{person}"),
            AccountKind::Receivable { payer } => write!(to, "{area}/receivable/{payer}"),
            AccountKind::Subsidy => write!(to, "{area}/subsidy"),
            AccountKind::Payable { institution } => write!(to, "{area}/payable/{institution}"),
            AccountKind::PayablePerson { person } => write!(to, "{area}/payable_person/{person}"),
            AccountKind::ReceivablePerson { person } => write!(to, "{area}/receivable_person/{person}"),
            AccountKind::Clearing { other, of_accounts: false } => write!(to, "{area}/clearing/{other}"),
            AccountKind::Clearing { other, of_accounts: true } => {
                write!(to, "{area}/clearing/{other}/account")
            }
            AccountKind::Bank { purse } => write!(to, "{area}/bank/{purse}"),
            AccountKind::Collection { payer } => write!(to, "{area}/collection/{payer}"),
            AccountKind::Wallet { person } => write!(to, "{area}/wallet/{person}"),
            AccountKind::Opening => write!(to, "{area}/opening"),
        }
    }
}

impl FromStr for Account {
    type Err = MalformedAccount;

    fn from_str(text: &str) -> Result<Account, MalformedAccount> {
        let malformed = || MalformedAccount(text.to_owned());
        let parts: Vec<&str> = text.split('/').collect();
        if parts.iter().any(|part| part.is_empty()) {
            return Err(malformed());
        }
        let kind = match parts[1..] {
            ["fund", scheme, fund] => AccountKind::Fund {
                scheme: scheme.to_owned(),
                fund: Fund::ALL.into_iter().find(|known| known.name() == fund).ok_or_else(malformed)?,
            },
            ["personal", person, sub] => AccountKind::Personal {
                person: person.to_owned(),
                sub: [SubAccount::CurrentYear, SubAccount::CarriedOver]
                    .into_iter()
                    .find(|known| known.name() == sub)
                    .ok_or_else(malformed)?,
            },
            ["held", person] => AccountKind::Held { person: person.to_owned() },
            ["receivable", payer] => AccountKind::Receivable { payer: payer.to_owned() },
            ["subsidy"] => AccountKind::Subsidy,
            ["payable", institution] => AccountKind::Payable { institution: institution.to_owned() },
            ["payable_person", person] => AccountKind::PayablePerson { person: person.to_owned() },
            ["receivable_person", person] => AccountKind::ReceivablePerson { person: person.to_owned() },
            ["clearing", other] => AccountKind::Clearing { other: other.to_owned(), of_accounts: false },
            ["clearing", other, "account"] => {
                AccountKind::Clearing { other: other.to_owned(), of_accounts: true }
            }
            ["bank", purse] => AccountKind::Bank { purse: purse.to_owned() },
            ["collection", payer] => AccountKind::Collection { payer: payer.to_owned() },
            ["wallet", person] => AccountKind::Wallet { person: person.to_owned() },
            ["opening"] => AccountKind::Opening,
            _ => return Err(malformed()),
        };
        Ok(Account { area: parts[0].to_owned(), kind })
    }
}

impl Serialize for Account {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Account {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Account, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(from)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_read_back() {
        let codes = [
            "990100/fund/employee/pooled",
            "990100/personal/P1/current_year",
            "990100/held/P1",
            "990100/receivable/E9",
            "990100/subsidy",
            "990100/payable/H1",
            "990100/payable_person/P1",
            "990100/receivable_person/P1",
            "990100/clearing/990200",
            "990100/clearing/990200/account",
            "990100/bank/pool",
            "990100/collection/E9",
            "990100/wallet/P1",
            "990100/opening",
        ];
        for code in codes {
            assert_eq!(code.parse::<Account>().map(|account| account.to_string()), Ok(code.to_owned()));
        }
        for wrong in [
            "",
            "990100",
            "990100/fund/employee",
            "990100/fund/employee/gold",
            "990100//x",
            "990100/personal/P1/x",
            "990100/clearing/990200/pool",
        ] {
            assert_eq!(wrong.parse::<Account>(), Err(MalformedAccount(wrong.to_owned())));
        }
    }
}
