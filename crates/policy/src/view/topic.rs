//! Topics of the field, and which of them a table's rows speak of: derived from role, payer and kind of care alone.

use super::visit::{Place, Role};
use crate::model::{Benefit, Constraint, Dimension, DimensionKind, LayerKind, Pack, Payer, Row};

/// A topic: one column of the matrix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Topic {
    /// 指标: figures that other rules refer to.
    Index,
    /// 缴费: what employers, employees and flexible workers pay.
    Contribution,
    /// 居民缴费: the resident premium and its subsidies.
    Premium,
    /// 等待期: when cover begins, ends, waits.
    Waiting,
    /// 个账划入: credits and interest of the personal account.
    AccountCredit,
    /// 个账使用与共济: what the account may pay, and for whom.
    AccountUse,
    /// 退休: status, years, top-up.
    Retirement,
    /// 支付范围: catalogue and excluded causes.
    Scope,
    /// 门诊.
    Outpatient,
    /// 购药.
    Pharmacy,
    /// 慢特病: chronic and major outpatient care, drugs paid singly.
    Chronic,
    /// 住院.
    Inpatient,
    /// 生育.
    Maternity,
    /// 大额、大病与补充: every fund beyond the pooled one that is no assistance.
    Supplementary,
    /// 医疗救助.
    Assistance,
    /// 异地就医: rows that speak of care outside the pooling area.
    CrossArea,
}

impl Topic {
    /// Every topic, in the order of the columns: first how money comes in, then how it is paid out.
    pub const ALL: [Topic; 16] = [
        Topic::Index,
        Topic::Contribution,
        Topic::Premium,
        Topic::Waiting,
        Topic::AccountCredit,
        Topic::AccountUse,
        Topic::Retirement,
        Topic::Scope,
        Topic::Outpatient,
        Topic::Pharmacy,
        Topic::Chronic,
        Topic::Inpatient,
        Topic::Maternity,
        Topic::Supplementary,
        Topic::Assistance,
        Topic::CrossArea,
    ];

    /// The name in answers.
    pub const fn name(self) -> &'static str {
        match self {
            Topic::Index => "index",
            Topic::Contribution => "contribution",
            Topic::Premium => "premium",
            Topic::Waiting => "waiting",
            Topic::AccountCredit => "account_credit",
            Topic::AccountUse => "account_use",
            Topic::Retirement => "retirement",
            Topic::Scope => "scope",
            Topic::Outpatient => "outpatient",
            Topic::Pharmacy => "pharmacy",
            Topic::Chronic => "chronic",
            Topic::Inpatient => "inpatient",
            Topic::Maternity => "maternity",
            Topic::Supplementary => "supplementary",
            Topic::Assistance => "assistance",
            Topic::CrossArea => "cross_area",
        }
    }

    /// The term that people read.
    pub const fn label(self) -> &'static str {
        match self {
            Topic::Index => "指标",
            Topic::Contribution => "缴费",
            Topic::Premium => "居民缴费",
            Topic::Waiting => "等待期",
            Topic::AccountCredit => "个账划入",
            Topic::AccountUse => "个账与共济",
            Topic::Retirement => "退休",
            Topic::Scope => "支付范围",
            Topic::Outpatient => "门诊",
            Topic::Pharmacy => "购药",
            Topic::Chronic => "慢特病",
            Topic::Inpatient => "住院",
            Topic::Maternity => "生育",
            Topic::Supplementary => "大病与补充",
            Topic::Assistance => "医疗救助",
            Topic::CrossArea => "异地就医",
        }
    }
}

/// The calculation that a table belongs to, where its path says so: `employee.parameter.contribution.rate`.
fn calculation(path: &str) -> Option<&str> {
    let mut keys = path.split('.');
    keys.find(|key| *key == "parameter")?;
    keys.next()
}

fn of_calculation(calculation: &str) -> Topic {
    match calculation {
        "contribution" => Topic::Contribution,
        "premium" => Topic::Premium,
        "waiting" | "cover" => Topic::Waiting,
        "account_credit" | "account_interest" | "account_clearing" | "year_roll" => Topic::AccountCredit,
        "account_use" | "transfer" => Topic::AccountUse,
        "maternity_allowance" => Topic::Maternity,
        "retirement_top_up" | "retirement" => Topic::Retirement,
        "cap_reward" => Topic::Supplementary,
        _ => Topic::Index,
    }
}

/// The topics of a benefit, by its kinds of care.
fn of_care(benefit: &Benefit) -> Vec<Topic> {
    let DimensionKind::Choice(names) = Dimension::CareType.kind() else { return Vec::new() };
    let named = |index: &i64| usize::try_from(*index).ok().and_then(|index| names.get(index).copied());
    let mut topics: Vec<Topic> = benefit
        .care_types
        .iter()
        .filter_map(named)
        .map(|care| match care {
            "pharmacy" => Topic::Pharmacy,
            "chronic_outpatient" | "outpatient_major" | "special_drug" => Topic::Chronic,
            "inpatient" | "day_surgery" | "home_bed" => Topic::Inpatient,
            "maternity_outpatient" | "maternity_inpatient" => Topic::Maternity,
            "year_end" => Topic::Supplementary,
            _ => Topic::Outpatient,
        })
        .collect();
    topics.sort_unstable();
    topics.dedup();
    topics
}

/// The topics of a table that stands there, before its rows are looked at.
pub(super) fn topics(pack: &Pack, place: Place, path: &str) -> Vec<Topic> {
    if let Some(calculation) = calculation(path) {
        return vec![of_calculation(calculation)];
    }
    let benefit = place.scheme.zip(place.benefit).and_then(|(scheme, benefit)| {
        pack.schemes.get(scheme).and_then(|scheme| scheme.benefits.get(benefit))
    });
    let layer = benefit.zip(place.layer).and_then(|(benefit, layer)| benefit.layers.get(layer));
    if let Some((benefit, layer)) = benefit.zip(layer) {
        return match layer.payer {
            _ if matches!(layer.kind, LayerKind::Purse(_)) => vec![Topic::AccountUse],
            Payer::PooledFund => of_care(benefit),
            Payer::MedicalAssistance => vec![Topic::Assistance],
            payer if payer.is_fund() => vec![Topic::Supplementary],
            _ => of_care(benefit),
        };
    }
    match place.role {
        Role::Sharing => vec![Topic::AccountUse],
        Role::Index => vec![Topic::Index],
        _ => vec![Topic::Scope],
    }
}

/// Whether a row that names places or filings serves care at home, and whether it serves care elsewhere. A row that
/// names neither is one of home.
pub(super) fn home_and_away<V>(row: &Row<V>) -> (bool, bool) {
    let (mut home, mut away) = (true, false);
    for (dimension, constraint) in &row.when {
        // `home` and `local` come first among their dimension's values.
        if let (Dimension::Place | Dimension::Filing, Constraint::OneOf(mask)) = (dimension, constraint) {
            home &= mask & 1 == 1;
            away |= mask & !1 != 0;
        }
    }
    (home, away)
}
