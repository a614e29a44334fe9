//! What the population is made of: `assets/mix.toml`.

use std::collections::BTreeMap;

use gongji_agency::row::ItemKind;
use jiff::civil::Date;
use serde::Deserialize;

use crate::DemoError;

/// The mix that ships.
const SHIPPED: &str = include_str!("../assets/mix.toml");

/// The whole mix.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mix {
    /// The day on which everything is booked.
    pub booked_on: Date,
    /// Kinds of households.
    pub household: Vec<Household>,
    /// Who is insured how, by name.
    pub profile: BTreeMap<String, Profile>,
    /// Kinds of bills, by care type of the case format.
    pub bill: BTreeMap<String, BillKind>,
    /// What happens to bills.
    pub life: Life,
    /// Relatives' accounts.
    pub grants: GrantShare,
    /// Contributions.
    pub collection: Collection,
    /// What else is done in a year.
    pub year: YearShare,
    /// The institutions of every area.
    pub institution: Vec<InstitutionKind>,
    /// The catalogue of every area.
    pub item: Vec<ItemKindOf>,
}

/// A kind of household.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Household {
    /// How often, beside the others.
    pub weight: u64,
    /// Profiles of the members, the eldest first.
    pub members: Vec<String>,
}

/// Who is insured how.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// `employee` or `resident`.
    pub scheme: String,
    /// 人员类别.
    pub category: String,
    /// Youngest and oldest, in years.
    pub ages: [i64; 2],
    /// At which age retired.
    #[serde(default)]
    pub retired_at: Option<i64>,
    /// Least and most in the account when the books begin, yuan; without, there is no account.
    #[serde(default)]
    pub account: Option<[i64; 2]>,
    /// Least and most years of contribution.
    #[serde(default)]
    pub years_paid: Option<[i64; 2]>,
    /// Bills of each kind in a year, per thousand people.
    pub bills: BTreeMap<String, u64>,
}

/// What a kind of bill costs.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BillKind {
    /// From, to (yuan), and how often beside the others.
    pub amounts: Vec<[i64; 3]>,
    /// 全自费, at most per thousand of the amount.
    pub non_covered: i64,
    /// 先行自付, at most per thousand of the amount.
    pub upfront: i64,
    /// Shortest and longest stay, for those who are admitted.
    #[serde(default)]
    pub days: Option<[i64; 2]>,
}

/// What happens to bills, per thousand.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Life {
    /// In another area.
    pub away: u64,
    /// Cancelled afterwards.
    pub cancelled: u64,
    /// Reversed by message.
    pub reversed: u64,
}

/// Who grants relatives the use of an account.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GrantShare {
    /// Per thousand households.
    pub households: u64,
}

/// Who pays contributions, how much and how well. Shares are per thousand, amounts in yuan.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Collection {
    /// So many workers an employer, where they are few.
    pub workers: u64,
    /// So many employers in all, where the workers are many.
    pub employers: u64,
    /// Least and most of a monthly wage.
    pub wage: [i64; 2],
    /// Least and most of the base that those choose who pay for themselves.
    pub base: [i64; 2],
    /// Least and most of a monthly pension.
    pub pension: [i64; 2],
    /// Months that are paid in two parts.
    pub in_parts: u64,
    /// Months that are paid a month late.
    pub late: u64,
    /// Debits that fail the first time.
    pub debit_fails: u64,
    /// What each pooled fund holds when the year begins.
    pub fund: i64,
    /// What the treasury adds to the residents' fund in the year.
    pub subsidy: i64,
    /// What is given to the residents' fund.
    pub gift: i64,
    /// Premiums that somebody else pays, by nobody's account.
    pub thirds: u64,
}

/// How often families and people do this or that in the year, per thousand; the first of each area do each thing once.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct YearShare {
    /// Families that apply for a grant, or change what they granted.
    pub sharing: u64,
    /// Families that use a wallet.
    pub wallets: u64,
    /// People who file something.
    pub filings: u64,
    /// Families with a mother of age in which a child is born.
    pub births: u64,
    /// People who send in a bill.
    pub claims: u64,
}

/// An institution that every area has.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InstitutionKind {
    /// The end of its code.
    pub code: String,
    /// The end of its name.
    pub name: String,
    /// 机构级别.
    pub level: String,
    /// 等次.
    pub grade: String,
    /// 行政级别.
    pub admin_level: String,
    /// 机构类型.
    pub facility_type: String,
    /// Which kinds of bills it writes.
    pub care: Vec<String>,
}

/// An item that every area's catalogue has.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ItemKindOf {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Drug, service or consumable.
    pub kind: ItemKind,
    /// Its unit.
    pub unit: String,
    /// `A`, `B` or `C`.
    pub class: String,
    /// 先行自付比例.
    #[serde(default)]
    pub upfront_ratio: Option<String>,
    /// What a unit costs, yuan.
    pub price: i64,
    /// 限价 of a unit, yuan.
    #[serde(default)]
    pub cap: Option<i64>,
}

impl Mix {
    /// The mix that ships.
    ///
    /// # Errors
    /// A mix that cannot be read, or names a profile or kind of bill that it does not have.
    pub fn shipped() -> Result<Mix, DemoError> {
        Mix::read(SHIPPED)
    }

    /// Reads a mix.
    ///
    /// # Errors
    /// As [`Mix::shipped`].
    pub fn read(text: &str) -> Result<Mix, DemoError> {
        let mix: Mix = toml::from_str(text).map_err(|error| DemoError::Mix(error.to_string()))?;
        let unknown = |what: &str, name: &str| Err(DemoError::Mix(format!("没有{what}“{name}”")));
        for member in mix.household.iter().flat_map(|household| &household.members) {
            if !mix.profile.contains_key(member) {
                return unknown("人群", member);
            }
        }
        for kind in mix.profile.values().flat_map(|profile| profile.bills.keys()) {
            if !mix.bill.contains_key(kind) {
                return unknown("账单种类", kind);
            }
        }
        if mix.household.is_empty() || mix.institution.is_empty() || mix.item.is_empty() {
            return Err(DemoError::Mix("家庭、机构、目录都不能为空".to_owned()));
        }
        Ok(mix)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_mix_reads_and_a_wrong_name_is_found() {
        Mix::shipped().expect("the mix");
        let wrong = SHIPPED.replacen("\"worker\", \"worker\"", "\"worker\", \"wizard\"", 1);
        assert!(Mix::read(&wrong).is_err_and(|error| error.to_string().contains("wizard")));
    }
}
