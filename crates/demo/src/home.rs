//! A family whose members are registered, as far as the year needs it.

use gongji_agency::row::Cover;
use jiff::civil::Date;

use crate::family::{Family, name};
use crate::mix::{Mix, Profile};

/// A member.
#[derive(Clone, Debug)]
pub(crate) struct Kin {
    /// The person's id.
    pub id: String,
    /// The place among all people.
    pub number: u64,
    /// 姓名.
    pub name: String,
    /// The name of the profile.
    pub profile: String,
    /// `female` or `male`.
    pub sex: &'static str,
    /// 出生日期.
    pub born: Date,
    /// The employer of those who have one.
    pub employer: Option<String>,
    /// Whether there is a personal account.
    pub account: bool,
}

impl Kin {
    /// What the mix says of the member.
    pub fn is<'mix>(&self, mix: &'mix Mix) -> Option<&'mix Profile> {
        mix.profile.get(&self.profile)
    }

    /// Whether the member is a resident.
    pub fn is_resident(&self, mix: &Mix) -> bool {
        self.is(mix).is_some_and(|profile| profile.scheme == "resident")
    }

    /// Whether the member is of a category.
    pub fn of(&self, mix: &Mix, category: &str) -> bool {
        self.is(mix).is_some_and(|profile| profile.category == category)
    }

    /// Whole years of age on a day of a year, about.
    pub fn age(&self, day: Date) -> i16 {
        day.year() - self.born.year()
    }
}

/// A family.
#[derive(Clone, Debug)]
pub(crate) struct Home {
    /// Its number, from 0.
    pub number: u64,
    /// Where, by place among the areas.
    pub area: usize,
    /// The members, the eldest first.
    pub members: Vec<Kin>,
    /// Who may draw on whose account: grantor, beneficiary, what the grantor is to the beneficiary.
    pub grants: Vec<(usize, usize, &'static str)>,
}

impl Home {
    /// A family whose members' ids are known; without those of whom no id is.
    pub fn of(family: &Family, ids: &[String]) -> Home {
        let employer = |cover: &Cover| cover.employer.clone();
        let kin = family.members.iter().zip(ids).enumerate();
        let members: Vec<Kin> = kin
            .filter(|(_, (_, id))| !id.is_empty())
            .map(|(at, (member, id))| Kin {
                id: id.clone(),
                number: member.number,
                name: name(family.number, at),
                profile: member.profile.clone(),
                sex: member.sex,
                born: member.born,
                employer: employer(&member.cover),
                account: member.account.is_some(),
            })
            .collect();
        let grants = if members.len() == family.members.len() { family.grants.clone() } else { Vec::new() };
        Home { number: family.number, area: family.area, members, grants }
    }

    /// Two members, the first of whom has an account and is this to the second: spouse or parent.
    pub fn near(&self) -> Option<(&Kin, &Kin, &'static str)> {
        let with = self.members.iter().filter(|kin| kin.account);
        let mut pairs = with.flat_map(|grantor| {
            self.members.iter().filter(move |other| other.id != grantor.id).filter_map(move |other| {
                let gap = other.born.year() - grantor.born.year();
                (18..40).contains(&gap).then_some((grantor, other, "parent"))
            })
        });
        pairs.next()
    }
}
