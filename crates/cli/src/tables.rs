//! The lines of exported tables. Money is text in yuan, credit positive; names are those of the case format.

use gongji_agency::record::Record;
use gongji_agency::row::{CertificateKind, Cover, Designation, Grant, Institution, Person};
use gongji_agency::settlement::Settlement;
use gongji_ledger::Account;
use gongji_money::Fen;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A person.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PersonLine {
    pub person: String,
    pub name: String,
    pub certificate_kind: CertificateKind,
    pub certificate_number: String,
    pub sex: String,
    pub birth_date: Date,
    pub died_on: Option<Date>,
    /// Where the person is or was first insured; where nobody registers without a cover.
    pub area: String,
}

/// A stretch of insurance.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CoverLine {
    pub person: String,
    pub area: String,
    pub scheme: String,
    pub from: Date,
    pub to: Option<Date>,
    pub paused: bool,
    pub category: String,
    pub post_type: Option<String>,
    pub account_option: Option<String>,
    pub premium_tier: Option<String>,
    /// Separated by `;`, `none` where there is none, empty where nobody answered.
    pub assistance: String,
    /// Likewise.
    pub supplements: String,
    pub retired_on: Option<Date>,
    pub years_total: Option<i64>,
    pub years_local_paid: Option<i64>,
    pub years_continuous: Option<i64>,
    pub years_deemed: Option<i64>,
    pub employer: Option<String>,
    pub reason: String,
    pub ended: String,
}

/// A grant of a personal account. Tables of earlier versions have the first five columns alone.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct GrantLine {
    pub grantor: String,
    pub beneficiary: String,
    pub relation: String,
    pub from: Date,
    pub to: Option<Date>,
    /// Separated by `;`, empty for everything.
    #[serde(default)]
    pub purposes: String,
    #[serde(default, with = "gongji_agency::yuan::optional")]
    pub per_draw: Option<Fen>,
    #[serde(default, with = "gongji_agency::yuan::optional")]
    pub per_day: Option<Fen>,
    #[serde(default, with = "gongji_agency::yuan::optional")]
    pub per_month: Option<Fen>,
    #[serde(default, with = "gongji_agency::yuan::optional")]
    pub per_year: Option<Fen>,
    #[serde(default, with = "gongji_agency::yuan::optional")]
    pub limit: Option<Fen>,
    /// The last stretch during which nothing is drawn.
    #[serde(default)]
    pub paused_from: Option<Date>,
    #[serde(default)]
    pub paused_to: Option<Date>,
}

/// An institution during a stretch of designation.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct InstitutionLine {
    pub institution: String,
    pub name: String,
    pub area: String,
    pub level: Option<String>,
    pub grade: Option<String>,
    pub admin_level: Option<String>,
    pub facility_type: Option<String>,
    pub group: Option<String>,
    pub from: Date,
    pub to: Option<Date>,
}

/// A settlement.
#[derive(Clone, Debug, Serialize)]
pub struct SettlementLine {
    pub settlement: String,
    pub date: Date,
    pub person: String,
    pub institution: String,
    pub area: String,
    pub scheme: String,
    pub care_area: String,
    pub care_type: String,
    pub benefit: String,
    pub law_day: Date,
    pub year: Date,
    pub total: String,
    pub non_covered: String,
    pub over_limit_price: String,
    pub upfront_self_pay: String,
    pub in_scope: String,
    pub fund_paid: String,
    pub account_paid: String,
    pub mutual_aid_paid: String,
    pub hospital_borne: String,
    pub cash_paid: String,
    pub replaces: Option<String>,
    pub table: String,
}

/// A line of an entry.
#[derive(Clone, Debug, Serialize)]
pub struct PostingLine {
    pub record: u64,
    pub date: Date,
    pub kind: String,
    pub cancels: Option<String>,
    pub area: String,
    pub account: String,
    pub name: String,
    pub amount: String,
}

/// An account's balance.
#[derive(Clone, Debug, Serialize)]
pub struct BalanceLine {
    pub account: String,
    pub balance: String,
}

/// An account's name for people.
pub fn name_of(account: &Account) -> String {
    crate::settlement::account_label(account)
}

fn joined(names: Option<&Vec<String>>) -> String {
    match names {
        None => String::new(),
        Some(names) if names.is_empty() => "none".to_owned(),
        Some(names) => names.join(";"),
    }
}

/// The names of a cell, as [`CoverLine`] writes them.
pub fn parted(cell: &str) -> Option<Vec<String>> {
    match cell {
        "" => None,
        "none" => Some(Vec::new()),
        names => Some(names.split(';').map(str::to_owned).collect()),
    }
}

impl PersonLine {
    /// The line of a person.
    pub fn of(person: &Person) -> PersonLine {
        PersonLine {
            person: person.id.clone(),
            name: person.name.clone(),
            certificate_kind: person.certificate.kind,
            certificate_number: person.certificate.number.clone(),
            sex: person.sex.clone(),
            birth_date: person.birth_date,
            died_on: person.died_on,
            area: person.covers.first().map(|cover| cover.area.clone()).unwrap_or_default(),
        }
    }
}

impl CoverLine {
    /// The line of a cover.
    pub fn of(person: &str, cover: &Cover) -> CoverLine {
        CoverLine {
            person: person.to_owned(),
            area: cover.area.clone(),
            scheme: cover.scheme.clone(),
            from: cover.from,
            to: cover.to,
            paused: cover.paused,
            category: cover.category.clone(),
            post_type: cover.post_type.clone(),
            account_option: cover.account_option.clone(),
            premium_tier: cover.premium_tier.clone(),
            assistance: joined(cover.assistance.as_ref()),
            supplements: joined(cover.supplements.as_ref()),
            retired_on: cover.retired_on,
            years_total: cover.years.total,
            years_local_paid: cover.years.local_paid,
            years_continuous: cover.years.continuous,
            years_deemed: cover.years.deemed,
            employer: cover.employer.clone(),
            reason: cover.reason.clone(),
            ended: cover.ended.clone(),
        }
    }
}

impl GrantLine {
    /// The line of a grant.
    pub fn of(beneficiary: &str, grant: &Grant) -> GrantLine {
        let (limits, paused) = (grant.limits, grant.paused.last());
        GrantLine {
            grantor: grant.grantor.clone(),
            beneficiary: beneficiary.to_owned(),
            relation: grant.relation.clone(),
            from: grant.from,
            to: grant.to,
            purposes: grant.purposes.join(";"),
            per_draw: limits.per_draw.map(Fen::new),
            per_day: limits.per_day.map(Fen::new),
            per_month: limits.per_month.map(Fen::new),
            per_year: limits.per_year.map(Fen::new),
            limit: limits.total.map(Fen::new),
            paused_from: paused.map(|stretch| stretch.from),
            paused_to: paused.and_then(|stretch| stretch.to),
        }
    }
}

impl InstitutionLine {
    /// The line of an institution.
    pub fn of(one: &Institution, when: Designation) -> InstitutionLine {
        InstitutionLine {
            institution: one.id.clone(),
            name: one.name.clone(),
            area: one.area.clone(),
            level: one.level.clone(),
            grade: one.grade.clone(),
            admin_level: one.admin_level.clone(),
            facility_type: one.facility_type.clone(),
            group: one.group.clone(),
            from: when.from,
            to: when.to,
        }
    }
}

impl SettlementLine {
    /// The line of a settlement.
    pub fn of(record: &Record, made: &Settlement) -> SettlementLine {
        let yuan = |fen: i64| Fen::new(fen).to_string();
        SettlementLine {
            settlement: made.id.clone(),
            date: record.date,
            person: made.person.clone(),
            institution: made.institution.clone(),
            area: made.area.clone(),
            scheme: made.scheme.clone(),
            care_area: made.care_area.clone(),
            care_type: made.care_type.clone(),
            benefit: made.benefit.clone(),
            law_day: made.law_day,
            year: made.year,
            total: yuan(made.total),
            non_covered: yuan(made.non_covered),
            over_limit_price: yuan(made.over_limit_price),
            upfront_self_pay: yuan(made.upfront_self_pay),
            in_scope: yuan(made.in_scope),
            fund_paid: yuan(made.fund_paid),
            account_paid: yuan(made.account_paid),
            mutual_aid_paid: yuan(made.mutual_aid_paid),
            hospital_borne: yuan(made.hospital_borne),
            cash_paid: yuan(made.cash_paid),
            replaces: made.replaces.map(|seq| format!("S{seq}")),
            table: made.table.clone(),
        }
    }
}
