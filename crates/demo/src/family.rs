//! Families: who belongs to one, made from a seed and the family's number.

use gongji_agency::certificate::check_character;
use gongji_agency::command::{
    Command, CreditAccount, CreditSource, Enrol, FactsAsked, GrantMutualAid, OpenAccount, RegisterPerson,
};
use gongji_agency::row::{Certificate, CertificateKind, Cover};
use gongji_ledger::SubAccount;
use gongji_money::Fen;
use jiff::civil::Date;

use crate::ground::{Area, cover, years_after};
use crate::mix::{Mix, Profile};
use crate::random::Random;

/// One member.
#[derive(Clone, Debug)]
pub struct Member {
    /// The place among all people, from 0.
    pub number: u64,
    /// The name of the profile.
    pub profile: String,
    /// `female` or `male`.
    pub sex: &'static str,
    /// 出生日期.
    pub born: Date,
    /// The cover to enrol in.
    pub cover: Cover,
    /// What the account begins with (当年, 历年), in fen; `None` without an account.
    pub account: Option<[i64; 2]>,
}

/// One family.
#[derive(Clone, Debug)]
pub struct Family {
    /// Its number, from 0.
    pub number: u64,
    /// Where it lives, by place among the areas.
    pub area: usize,
    /// The members, the eldest first.
    pub members: Vec<Member>,
    /// Who may draw on whose account: grantor, beneficiary, what the grantor is to the beneficiary.
    pub grants: Vec<(usize, usize, &'static str)>,
}

/// Makes families one after the other.
pub struct Families<'mix> {
    mix: &'mix Mix,
    areas: &'mix [Area],
    seed: u64,
    people: u64,
    next_family: u64,
    next_person: u64,
    /// How many workers each area has so far, where their employers are named.
    workers: Option<Vec<u64>>,
}

impl<'mix> Families<'mix> {
    /// Families of so many people altogether.
    pub fn new(mix: &'mix Mix, areas: &'mix [Area], seed: u64, people: u64) -> Families<'mix> {
        Families { mix, areas, seed, people, next_family: 0, next_person: 0, workers: None }
    }

    /// The same, workers' covers naming their employers.
    pub fn employed(self) -> Families<'mix> {
        Families { workers: Some(vec![0; self.areas.len()]), ..self }
    }
}

impl Iterator for Families<'_> {
    type Item = Family;

    fn next(&mut self) -> Option<Family> {
        let left = self.people.checked_sub(self.next_person).filter(|left| *left > 0)?;
        let mut random = Random::of(self.seed, self.next_family);
        let kind = random.one_of(&self.mix.household, |kind| kind.weight)?;
        let area = usize::try_from(random.below(self.areas.len() as u64)).ok()?;
        let mut members = Vec::new();
        // The last family is as large as is left.
        for name in kind.members.iter().take(usize::try_from(left).unwrap_or(usize::MAX)) {
            let number = self.next_person;
            self.next_person += 1;
            let profile = self.mix.profile.get(name)?;
            let home = self.areas.get(area)?;
            let mut made = member(self.mix, home, (name, profile), number, &mut random)?;
            if let Some(workers) = self.workers.as_mut().filter(|_| profile.category == "employed") {
                let workers = workers.get_mut(area)?;
                let collection = &self.mix.collection;
                let together = collection.workers.max(self.people / collection.employers.max(1)).max(1);
                made.cover.employer = Some(employer_id(&home.code, *workers / together + 1));
                *workers += 1;
            }
            members.push(made);
        }
        let grants = grants(self.mix, &members, &mut random);
        let family = Family { number: self.next_family, area, members, grants };
        self.next_family += 1;
        Some(family)
    }
}

/// The number of an area's employer, from 1.
pub fn employer_id(area: &str, number: u64) -> String {
    format!("DEMO-E{area}-{number}")
}

fn member(
    mix: &Mix,
    area: &Area,
    (name, profile): (&String, &Profile),
    number: u64,
    random: &mut Random,
) -> Option<Member> {
    let age = random.between(profile.ages[0], profile.ages[1]);
    let first = Date::new(mix.booked_on.year(), 1, 1).ok()?;
    // So many years old on the first of January of the last year.
    let born = years_after(first, -age)?.checked_sub(jiff::Span::new().days(random.between(0, 363))).ok()?;
    let tier = area.tiers.get(name).cloned().flatten();
    // Long insured, yet never before birth.
    let since = Date::new(mix.booked_on.year() - 20, 1, 1).ok()?.max(born);
    let mut cover = cover(&area.code, profile, tier.as_deref(), since, born);
    if let Some(retired) = cover.retired_on {
        cover.from = cover.from.max(retired);
    }
    if let Some([least, most]) = profile.years_paid {
        let years = Some(random.between(least, most));
        (cover.years.total, cover.years.local_paid, cover.years.continuous) = (years, years, years);
    }
    let account = profile.account.map(|[least, most]| {
        let carried = random.between(least * 100, most * 100);
        [random.between(0, carried / 4 + 1), carried]
    });
    let sex = if random.in_thousand(500) { "female" } else { "male" };
    Some(Member { number, profile: name.clone(), sex, born, cover, account })
}

/// Those with an account let the others use it. The first two members are a couple where they are of one generation; eighteen years
/// are a generation.
fn grants(mix: &Mix, members: &[Member], random: &mut Random) -> Vec<(usize, usize, &'static str)> {
    let mut grants = Vec::new();
    if !random.in_thousand(mix.grants.households) {
        return grants;
    }
    for (at, grantor) in members.iter().enumerate().filter(|(_, member)| member.account.is_some()) {
        for (to, beneficiary) in members.iter().enumerate().filter(|(to, _)| *to != at) {
            let gap = i32::from(beneficiary.born.year()) - i32::from(grantor.born.year());
            let relation = match gap {
                40.. => "grandparent",
                18..40 => "parent",
                -39..=-18 => "child",
                ..=-40 => "grandchild",
                _ if at < 2 && to < 2 => "spouse",
                _ => continue,
            };
            grants.push((at, to, relation));
        }
    }
    grants
}

/// A number that no citizen has: area codes from 990000 on are given to nobody. Unlike for all people of a population.
pub fn certificate_number(member: &Member) -> Option<String> {
    let area = 990_000 + member.number / 500 % 10_000;
    let serial = member.number % 500 * 2 + u64::from(member.sex == "male");
    let born = member.born;
    let head = format!("{area:06}{:04}{:02}{:02}{serial:03}", born.year(), born.month(), born.day());
    Some(format!("{head}{}", check_character(&head)?))
}

/// A name that nobody has: 演示, the family, and the place in it.
pub fn name(family: u64, at: usize) -> String {
    const PLACES: [char; 10] = ['甲', '乙', '丙', '丁', '戊', '己', '庚', '辛', '壬', '癸'];
    let place = PLACES.get(at).copied().unwrap_or('某');
    format!("演示{}家{place}", family + 1)
}

/// The registration of a member.
pub fn registration(family: &Family, at: usize, area: &Area) -> Option<Command> {
    let member = family.members.get(at)?;
    Some(Command::RegisterPerson(RegisterPerson {
        area: area.code.clone(),
        name: name(family.number, at),
        certificate: Certificate { kind: CertificateKind::IdCard, number: certificate_number(member)? },
        sex: member.sex.to_owned(),
        birth_date: member.born,
    }))
}

/// Cover, account and opening credits of a member whose id is known.
pub fn cover_and_account(member: &Member, id: &str, mix: &Mix) -> Vec<Command> {
    let cover = &member.cover;
    let mut commands = vec![Command::Enrol(Enrol {
        person: id.to_owned(),
        area: cover.area.clone(),
        scheme: cover.scheme.clone(),
        from: cover.from,
        facts: FactsAsked {
            category: Some(cover.category.clone()),
            post_type: cover.post_type.clone(),
            account_option: cover.account_option.clone(),
            premium_tier: cover.premium_tier.clone(),
            assistance: cover.assistance.clone(),
            supplements: cover.supplements.clone(),
            retired_on: cover.retired_on,
            years: Some(cover.years),
            employer: cover.employer.clone(),
        },
        reason: cover.reason.clone(),
    })];
    if let Some([current_year, carried_over]) = member.account {
        commands.push(Command::OpenAccount(OpenAccount { person: id.to_owned(), area: cover.area.clone() }));
        let parts = [(SubAccount::CurrentYear, current_year), (SubAccount::CarriedOver, carried_over)];
        for (sub_account, fen) in parts.into_iter().filter(|(_, fen)| *fen > 0) {
            commands.push(Command::CreditAccount(CreditAccount {
                person: id.to_owned(),
                sub_account,
                amount: Fen::new(fen),
                period: format!("{:04}-01", mix.booked_on.year()),
                date: Date::new(mix.booked_on.year(), 1, 1).ok(),
                source: CreditSource::Opening,
                payer: None,
                reason: "期初余额".to_owned(),
            }));
        }
    }
    commands
}

/// The grants of a family whose members' ids are known.
pub fn grant_commands(family: &Family, ids: &[String], since: Date) -> Vec<Command> {
    let grant = |(grantor, beneficiary, relation): &(usize, usize, &'static str)| {
        Some(Command::GrantMutualAid(GrantMutualAid {
            grantor: ids.get(*grantor)?.clone(),
            beneficiary: ids.get(*beneficiary)?.clone(),
            relation: (*relation).to_owned(),
            from: since,
            to: None,
            purposes: Vec::new(),
            limits: None,
        }))
    };
    family.grants.iter().filter_map(grant).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn numbers_are_unlike_and_carry_their_check_character() {
        let mut seen = BTreeSet::new();
        for number in (0..3_000).chain(4_999_000..5_000_000) {
            let born = Date::constant(1990, 2, 28);
            let sex = if number % 2 == 0 { "female" } else { "male" };
            let cover = crate::tests::cover();
            let member = Member { number, profile: String::new(), sex, born, cover, account: None };
            let certificate = certificate_number(&member).expect("a number");
            assert!(certificate.starts_with("99") && certificate.len() == 18, "{certificate}");
            assert_eq!(check_character(&certificate[..17]), certificate.chars().nth(17));
            assert!(seen.insert(certificate));
        }
    }
}
