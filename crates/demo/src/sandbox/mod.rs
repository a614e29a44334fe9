//! The stage of a sandbox: a few named people for whom every documented sequence of the national interface works, a small crowd, institutions, a catalogue.
//!
//! Everything is booked under keys of its own, so that the same sandbox opened again has the same people once.

mod cast;
mod place;

use gongji_agency::actor::Actor;
use gongji_agency::catalogue::{SHIPPED, items_from_csv};
use gongji_agency::certificate::check_character;
use gongji_agency::command::{
    ActivateCredential, Command, CreditAccount, CreditSource, Enrol, FactsAsked, FileAway, GrantMutualAid,
    IssueCredential, OpenAccount, PutItems, RegisterChronic, RegisterInstitution, RegisterPerson,
    ReviewFiling,
};
use gongji_agency::filing::NEEDS;
use gongji_agency::office::Office;
use gongji_agency::row::{
    Certificate, CertificateKind, Cover, CredentialKind, FilingKind, Institution, ItemKind, Proof,
};
use gongji_ledger::SubAccount;
use gongji_money::Fen;
use gongji_nhsa::sandbox::{Character, Counter, Item, Stage};
use gongji_policy::Dimension;
use gongji_policy::view::value_label;
use jiff::civil::Date;

use crate::DemoError;
use crate::family::{self, Families, Family};
use crate::ground::{self, Area};
use crate::mix::Mix;
use cast::{Cast, Role};
use place::Found;

/// The area of invented certificates of the cast: nobody is given it.
const NOWHERE: &str = "999901";

/// Puts people, institutions and items into an office, or finds them there.
///
/// # Errors
/// No area whose rules settle what is needed; a store that was begun as something else; the store's failure.
pub fn stage(office: &Office, area: Option<&str>, crowd: u64, seed: u64) -> Result<Stage, DemoError> {
    let (mix, cast) = (Mix::shipped()?, Cast::shipped()?);
    let clerk = Actor::operator("沙箱");
    let today = office.look(&clerk, |_, context| Ok(context.today))?;
    // The texts of the rules are the first record of every store; what came next tells whose it is.
    let second = office.look(&clerk, |desk, _| Ok(desk.record(2)?))?;
    if second.is_some_and(|record| record.actor != clerk) {
        return Err(DemoError::NotASandbox);
    }
    let found = place::find(office.rules().book(), &mix, &cast, area, today.year())?;
    let maker = Maker { office, clerk, mix: &mix, cast: &cast, found: &found };
    let items = maker.items()?;
    let institutions = maker.institutions()?;
    let mut characters = Vec::new();
    for (order, role) in cast.character.iter().enumerate() {
        if let Some(character) = maker.character(order, role)? {
            characters.push(character);
        }
    }
    maker.grants(&characters)?;
    let areas = [found.home.clone()];
    let mut strangers = Vec::new();
    for family in Families::new(&mix, &areas, seed, crowd) {
        maker.family(&family, &mut strangers)?;
    }
    Ok(Stage {
        area: found.home.code.clone(),
        area_name: found.home.name.clone(),
        elsewhere: found.elsewhere.clone(),
        characters,
        crowd: strangers,
        institutions,
        items: items
            .into_iter()
            .filter(|(from, to, _)| *from <= today && to.is_none_or(|to| today <= to))
            .map(|(_, _, item)| item)
            .collect(),
    })
}

struct Maker<'stage> {
    office: &'stage Office,
    clerk: Actor,
    mix: &'stage Mix,
    cast: &'stage Cast,
    found: &'stage Found,
}

type Dated = (Date, Option<Date>, Item);

impl Maker<'_> {
    /// Books a command under a key of the sandbox.
    fn book(&self, key: &str, command: Command) -> Result<serde_json::Value, DemoError> {
        let key = format!("sandbox-{}-{key}", self.found.home.code);
        Ok(self.office.book(&self.clerk, &key, command)?.result)
    }

    fn items(&self) -> Result<Vec<Dated>, DemoError> {
        let put: PutItems =
            items_from_csv("000000", SHIPPED).map_err(|refusal| DemoError::Mix(refusal.to_string()))?;
        let shown = put.items.iter().map(|item| {
            let caps = item.price_caps.iter().map(|(level, cap)| {
                let label = value_label(Dimension::Level, level);
                if level == "*" { cap.0.to_string() } else { format!("{label} {}", cap.0) }
            });
            let shown = Item {
                code: item.code.clone(),
                name: item.name.clone(),
                kind: kind_of(item.kind).to_owned(),
                unit: item.unit.clone(),
                class: class_of(&item.class).to_owned(),
                upfront_ratio: item.upfront_ratio.clone().unwrap_or_default(),
                price_cap: caps.collect::<Vec<_>>().join("，"),
            };
            (item.from, item.to, shown)
        });
        let shown = shown.collect();
        self.book("items", Command::PutItems(put))?;
        Ok(shown)
    }

    fn institutions(&self) -> Result<Vec<Counter>, DemoError> {
        let home = &self.found.home;
        let mut counters = Vec::new();
        for place in &self.cast.institution {
            let made: Institution = place::institution(&home.code, place, self.cast.since);
            let command = RegisterInstitution {
                id: made.id.clone(),
                name: made.name.clone(),
                area: made.area.clone(),
                facts: place::facts(&made),
                from: self.cast.since,
                to: None,
            };
            self.book(&made.id, Command::RegisterInstitution(command))?;
            let grade = value_label(Dimension::Grade, &place.grade);
            let level = value_label(Dimension::Level, &place.level);
            counters.push(Counter {
                key: place.key.clone(),
                id: made.id,
                name: made.name,
                area: made.area,
                level: if place.grade == "none" { level.to_owned() } else { format!("{level}{grade}") },
            });
        }
        Ok(counters)
    }

    fn character(&self, order: usize, role: &Role) -> Result<Option<Character>, DemoError> {
        let away = self.found.away.as_ref().filter(|_| role.away);
        let area = if role.away { away.map(|(area, _)| area) } else { Some(&self.found.home) };
        let (Some(area), Some(profile)) = (area, self.mix.profile.get(&role.profile)) else {
            return Ok(None);
        };
        let condition = match (role.chronic, role.applies) {
            (true, _) => self.found.condition.clone(),
            (false, true) => Some(self.found.disease.clone()),
            (false, false) => None,
        };
        if role.chronic && condition.is_none() {
            return Ok(None);
        }
        let serial = order * 2 + usize::from(role.sex == "male");
        let digits = format!("{NOWHERE}{}{serial:03}", role.born.to_string().replace('-', ""));
        let Some(check) = check_character(&digits) else { return Ok(None) };
        let tier = area.tiers.get(&role.profile).cloned().flatten();
        let since = self.cast.since.max(role.born);
        let cover = ground::cover(&area.code, profile, tier.as_deref(), since, role.born);
        let register = Command::RegisterPerson(RegisterPerson {
            area: area.code.clone(),
            name: role.name.clone(),
            certificate: Certificate { kind: CertificateKind::IdCard, number: format!("{digits}{check}") },
            sex: role.sex.clone(),
            birth_date: role.born,
        });
        let account = role.account.map(|[current, carried]| [current * 100, carried * 100]);
        let person = self.person(&role.key, register, area, &cover, account)?;
        if let Some(condition) = condition.as_deref().filter(|_| role.chronic) {
            self.chronic(&role.key, &person, condition)?;
        }
        if let Some((_, filing)) = away {
            self.filed_away(&role.key, &person, *filing)?;
        }
        Ok(Some(Character {
            key: role.key.clone(),
            title: role.title.clone(),
            remark: match (&condition, role.away) {
                (Some(condition), _) => format!("{}；病种编码 {condition}", role.remark),
                (None, true) => format!("{}；参保地 {}（{}）", role.remark, area.name, area.code),
                (None, false) => role.remark.clone(),
            },
            certificate: format!("{digits}{check}"),
            electronic_credential: electronic(&person),
            social_security_card: card(&person),
            person,
            name: role.name.clone(),
            sex: role.sex.clone(),
            birth_date: role.born.to_string(),
            area: area.code.clone(),
            scheme: cover.scheme,
            category: cover.category,
            condition,
        }))
    }

    /// Files at home for care here, for as long as such a filing can hold.
    fn filed_away(&self, key: &str, person: &str, filing: FilingKind) -> Result<(), DemoError> {
        let proof = |kind: &String| Proof { kind: kind.clone(), number: "沙箱".to_owned() };
        let ends = filing != FilingKind::LongStay;
        let file = FileAway {
            person: person.to_owned(),
            filing,
            area: Some(self.found.home.code.clone()),
            institution: None,
            from: self.cast.opened_on,
            to: ends.then(|| ground::years_after(self.cast.opened_on, 100)).flatten(),
            proofs: NEEDS.proofs(filing).first().map(proof).into_iter().collect(),
            at: None,
            visit: None,
            reason: "沙箱".to_owned(),
        };
        self.book(&format!("{key}-{}", filing.name()), Command::FileAway(file))?;
        Ok(())
    }

    /// Registers a chronic disease; a second person approves it.
    fn chronic(&self, key: &str, person: &str, condition: &str) -> Result<(), DemoError> {
        let proof = |kind: &String| Proof { kind: kind.clone(), number: "沙箱".to_owned() };
        let register = RegisterChronic {
            person: person.to_owned(),
            disease: condition.to_owned(),
            care_type: "chronic_outpatient".to_owned(),
            institutions: Vec::new(),
            from: self.cast.opened_on,
            to: None,
            proofs: NEEDS.proofs(FilingKind::Chronic).first().map(proof).into_iter().collect(),
            at: None,
            visit: None,
            reason: "沙箱".to_owned(),
        };
        let told = self.book(&format!("{key}-chronic"), Command::RegisterChronic(register))?;
        let review = ReviewFiling {
            person: person.to_owned(),
            filing: told["filing"].as_str().unwrap_or_default().to_owned(),
            approve: true,
            reason: None,
            note: String::new(),
        };
        let second = Actor::operator("沙箱复核");
        let key = format!("sandbox-{}-{key}-chronic-review", self.found.home.code);
        self.office.book(&second, &key, Command::ReviewFiling(review))?;
        Ok(())
    }

    /// Registers, enrols, opens and fills the account, issues credentials; the number.
    fn person(
        &self,
        key: &str,
        register: Command,
        area: &Area,
        cover: &Cover,
        account: Option<[i64; 2]>,
    ) -> Result<String, DemoError> {
        let told = self.book(&format!("{key}-register"), register)?;
        let person = told["person"].as_str().unwrap_or_default().to_owned();
        let enrol = Enrol {
            person: person.clone(),
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
                employer: None,
            },
            reason: cover.reason.clone(),
        };
        self.book(&format!("{key}-enrol"), Command::Enrol(enrol))?;
        if let Some([current, carried]) = account {
            let open = OpenAccount { person: person.clone(), area: area.code.clone() };
            self.book(&format!("{key}-account"), Command::OpenAccount(open))?;
            let parts = [(SubAccount::CurrentYear, current), (SubAccount::CarriedOver, carried)];
            for (sub_account, fen) in parts.into_iter().filter(|(_, fen)| *fen > 0) {
                let credit = CreditAccount {
                    person: person.clone(),
                    sub_account,
                    amount: Fen::new(fen),
                    period: format!("{:04}-01", self.cast.opened_on.year()),
                    date: Some(self.cast.opened_on),
                    source: CreditSource::Opening,
                    payer: None,
                    reason: "期初余额".to_owned(),
                };
                self.book(&format!("{key}-{}", sub_account.name()), Command::CreditAccount(credit))?;
            }
        }
        let credentials = [
            (CredentialKind::ElectronicCredential, electronic(&person)),
            (CredentialKind::SocialSecurityCard, card(&person)),
        ];
        for (credential, number) in credentials {
            let issue = IssueCredential { person: person.clone(), credential, number: number.clone() };
            self.book(&format!("{key}-issue-{number}"), Command::IssueCredential(issue))?;
            let activate = ActivateCredential { person: person.clone(), number: number.clone() };
            self.book(&format!("{key}-activate-{number}"), Command::ActivateCredential(activate))?;
        }
        Ok(person)
    }

    fn grants(&self, characters: &[Character]) -> Result<(), DemoError> {
        let number =
            |key: &str| characters.iter().find(|known| known.key == key).map(|known| known.person.clone());
        for grant in &self.cast.grant {
            let (Some(grantor), Some(beneficiary)) = (number(&grant.grantor), number(&grant.beneficiary))
            else {
                continue;
            };
            let command = GrantMutualAid {
                grantor,
                beneficiary,
                relation: grant.relation.clone(),
                from: self.cast.opened_on,
                to: None,
                purposes: Vec::new(),
                limits: None,
            };
            let key = format!("grant-{}-{}", grant.grantor, grant.beneficiary);
            self.book(&key, Command::GrantMutualAid(command))?;
        }
        Ok(())
    }

    /// A family of the crowd.
    fn family(&self, family: &Family, into: &mut Vec<Character>) -> Result<(), DemoError> {
        let area = &self.found.home;
        for (at, member) in family.members.iter().enumerate() {
            let Some(Command::RegisterPerson(register)) = family::registration(family, at, area) else {
                continue;
            };
            let (name, certificate) = (register.name.clone(), register.certificate.number.clone());
            let key = format!("crowd-{}", member.number);
            let person =
                self.person(&key, Command::RegisterPerson(register), area, &member.cover, member.account)?;
            let cover = &member.cover;
            into.push(Character {
                key,
                title: value_label(Dimension::Category, &cover.category).to_owned(),
                remark: String::new(),
                electronic_credential: electronic(&person),
                social_security_card: card(&person),
                person,
                name,
                certificate,
                sex: member.sex.to_owned(),
                birth_date: member.born.to_string(),
                area: cover.area.clone(),
                scheme: cover.scheme.clone(),
                category: cover.category.clone(),
                condition: None,
            });
        }
        Ok(())
    }
}

/// The number of somebody's electronic credential.
fn electronic(person: &str) -> String {
    format!("SANDBOX-E-{person}")
}

/// The number of somebody's card.
fn card(person: &str) -> String {
    format!("SANDBOX-K-{person}")
}

fn kind_of(kind: ItemKind) -> &'static str {
    match kind {
        ItemKind::Drug => "药品",
        ItemKind::Service => "医疗服务",
        ItemKind::Consumable => "耗材",
    }
}

fn class_of(class: &str) -> &str {
    match class {
        "A" => "甲",
        "B" => "乙",
        "C" => "丙",
        other => other,
    }
}
