//! `gongji import`: people, covers, institutions, catalogue and grants of an exported folder, as commands.
//!
//! The keys of the commands follow from the lines, so that what was imported already is not done again. Ids of people are given anew; settlements,
//! entries and balances are not imported: a backup holds those.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use gongji_agency::catalogue::items_from_csv;
use gongji_agency::command::{
    Command, EndCover, Enrol, FactsAsked, GrantMutualAid, InstitutionFacts, LimitsAsked, OpenAccount,
    PauseCover, PauseGrant, RecordDeath, RegisterInstitution, RegisterPerson, RenewDesignation, ResumeGrant,
};
use gongji_agency::row::{Certificate, YearsPaid};
use indicatif::ProgressBar;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::arguments::Tables;
use crate::exit::{Outcome, Stop};
use crate::office::{Counter, key_of, stop};
use crate::progress;
use crate::shelf::read_input;
use crate::tables::{CoverLine, GrantLine, InstitutionLine, PersonLine, parted};

/// The largest table that is read.
const LIMIT: u64 = 4 << 30;

/// The lines of a table; none where there is no such file.
fn lines<T: DeserializeOwned>(folder: &Path, name: &str) -> Result<Vec<T>, Stop> {
    let path = folder.join(name);
    if !path.exists() {
        return Ok(Vec::new());
    }
    let text = read_input(&path, LIMIT)?;
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let numbered = reader.deserialize().enumerate();
    numbered
        .map(|(at, line)| {
            // The first line holds the names of the columns.
            line.map_err(|error: csv::Error| {
                let (file, line) = (path.display(), at + 2);
                Stop::BadInput(format!("{file} 第 {line} 行读不懂：{}；什么也没有办理", unreadable(&error)))
            })
        })
        .collect()
}

/// What is wrong with a line, in Chinese where the reader names a column.
fn unreadable(error: &csv::Error) -> String {
    let text = match error.kind() {
        csv::ErrorKind::Deserialize { err, .. } => err.to_string(),
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            return format!("有 {len} 列，表头有 {expected_len} 列");
        }
        _ => error.to_string(),
    };
    // The reader names columns between backquotes.
    match (text.contains("missing field"), text.split('`').nth(1)) {
        (true, Some(column)) => format!("缺少 {column} 一列"),
        _ => text,
    }
}

/// Commands on their way, and how many were done.
struct Desk<'run> {
    counter: &'run Counter,
    bar: &'run ProgressBar,
    done: u64,
    before: u64,
    refused: u64,
}

impl Desk<'_> {
    /// Books a command under a key of its content. What it gave, or nothing where it was refused.
    fn book(&mut self, what: &str, command: Command) -> Result<Option<Value>, Stop> {
        use gongji_agency::office::Failure;
        let key = format!("import-{}", key_of(&command)?);
        let answer = self.counter.office.book(&self.counter.actor, &key, command);
        self.bar.inc(1);
        match answer {
            Ok(answer) => {
                *(if answer.replayed { &mut self.before } else { &mut self.done }) += 1;
                Ok(Some(answer.result))
            }
            Err(Failure::Refused(refusal)) => {
                self.refused += 1;
                anstream::eprintln!("{what}：{refusal}");
                Ok(None)
            }
            Err(failure) => Err(stop(failure)),
        }
    }
}

/// Reads every table, then does what they say, each line in turn.
pub fn run(tables: &Tables) -> Outcome {
    let folder = &tables.folder;
    let people: Vec<PersonLine> = lines(folder, "people.csv")?;
    let covers: Vec<CoverLine> = lines(folder, "covers.csv")?;
    let grants: Vec<GrantLine> = lines(folder, "grants.csv")?;
    let institutions: Vec<InstitutionLine> = lines(folder, "institutions.csv")?;
    let catalogues = catalogues(folder)?;
    let all = people.len() + covers.len() + grants.len() + institutions.len() + catalogues.len();
    if all == 0 {
        return Err(Stop::BadInput(format!(
            "{} 里没有可以导入的表（people.csv、covers.csv、grants.csv、institutions.csv、items-*.csv）",
            folder.display()
        )));
    }
    let counter = Counter::open(&tables.agency)?;
    let bar = progress::bar(all as u64, "导入");
    let mut desk = Desk { counter: &counter, bar: &bar, done: 0, before: 0, refused: 0 };
    for (name, command) in catalogues {
        desk.book(&name, command)?;
    }
    let mut known = BTreeSet::new();
    for line in institutions {
        let what = format!("机构 {}", line.institution);
        // A further stretch of designation renews the first.
        let command = if known.insert(line.institution.clone()) { institution(line) } else { renewal(line) };
        desk.book(&what, command)?;
    }
    let ids = register(&mut desk, &people)?;
    for line in covers {
        cover(&mut desk, &ids, line)?;
    }
    for line in people.iter().filter(|line| line.died_on.is_some()) {
        if let (Some(person), Some(died_on)) = (ids.get(&line.person), line.died_on) {
            let command = RecordDeath { person: person.clone(), died_on };
            desk.book(&format!("参保人 {}", line.person), Command::RecordDeath(command))?;
        }
    }
    for line in grants {
        grant(&mut desk, &ids, &line)?;
    }
    let (done, before, refused) = (desk.done, desk.before, desk.refused);
    bar.finish_and_clear();
    anstream::println!("办理 {done} 笔，先前已办 {before} 笔，拒绝 {refused} 笔");
    if refused > 0 { Err(Stop::Said) } else { Ok(()) }
}

/// The catalogues of a folder, each with its file's name.
fn catalogues(folder: &Path) -> Result<Vec<(String, Command)>, Stop> {
    let unreadable =
        |error: std::io::Error| Stop::BadInput(format!("无法读取 {}：{error}", folder.display()));
    let mut names = Vec::new();
    for file in fs::read_dir(folder).map_err(unreadable)? {
        names.push(file.map_err(unreadable)?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    let mut found = Vec::new();
    for name in names {
        let Some(area) = name.strip_prefix("items-").and_then(|rest| rest.strip_suffix(".csv")) else {
            continue;
        };
        let text = read_input(&folder.join(&name), LIMIT)?;
        let put = items_from_csv(area, &text)
            .map_err(|refusal| Stop::BadInput(format!("{name} {refusal}；什么也没有办理")))?;
        found.push((name.clone(), Command::PutItems(put)));
    }
    Ok(found)
}

fn institution(line: InstitutionLine) -> Command {
    Command::RegisterInstitution(RegisterInstitution {
        id: line.institution,
        name: line.name,
        area: line.area,
        facts: InstitutionFacts {
            level: line.level,
            grade: line.grade,
            admin_level: line.admin_level,
            facility_type: line.facility_type,
            group: line.group,
        },
        from: line.from,
        to: line.to,
    })
}

fn renewal(line: InstitutionLine) -> Command {
    Command::RenewDesignation(RenewDesignation {
        institution: line.institution,
        from: line.from,
        to: line.to,
    })
}

/// Registers people. New ids by those of the table.
fn register(desk: &mut Desk<'_>, people: &[PersonLine]) -> Result<BTreeMap<String, String>, Stop> {
    let mut ids = BTreeMap::new();
    for line in people {
        let command = Command::RegisterPerson(RegisterPerson {
            area: line.area.clone(),
            name: line.name.clone(),
            certificate: Certificate { kind: line.certificate_kind, number: line.certificate_number.clone() },
            sex: line.sex.clone(),
            birth_date: line.birth_date,
        });
        let told = desk.book(&format!("参保人 {}", line.person), command)?;
        let id = told.as_ref().and_then(|told| told.get("person")).and_then(Value::as_str);
        if let Some(id) = id {
            ids.insert(line.person.clone(), id.to_owned());
        }
    }
    Ok(ids)
}

/// A stretch of insurance, the account that goes with it, its pause and its end.
fn cover(desk: &mut Desk<'_>, ids: &BTreeMap<String, String>, line: CoverLine) -> Result<(), Stop> {
    let Some(person) = ids.get(&line.person).cloned() else { return Ok(()) };
    let what = format!("参保 {} {}", line.person, line.from);
    let account = line.scheme == "employee"
        && line.account_option.as_deref().is_none_or(|option| option == "with_account")
        && line.to.is_none();
    let area = line.area.clone();
    let enrol = Enrol {
        person: person.clone(),
        area: line.area,
        scheme: line.scheme,
        from: line.from,
        facts: FactsAsked {
            category: Some(line.category),
            post_type: line.post_type,
            account_option: line.account_option,
            premium_tier: line.premium_tier,
            assistance: parted(&line.assistance),
            supplements: parted(&line.supplements),
            retired_on: line.retired_on,
            years: Some(YearsPaid {
                total: line.years_total,
                local_paid: line.years_local_paid,
                continuous: line.years_continuous,
                deemed: line.years_deemed,
            }),
            employer: line.employer,
        },
        reason: line.reason,
    };
    if desk.book(&what, Command::Enrol(enrol))?.is_none() {
        return Ok(());
    }
    if account {
        desk.book(&what, Command::OpenAccount(OpenAccount { person: person.clone(), area }))?;
    }
    if line.paused {
        let pause = PauseCover { person: person.clone(), from: line.from, reason: "待遇暂停".to_owned() };
        desk.book(&what, Command::PauseCover(pause))?;
    }
    if let Some(to) = line.to {
        let reason = if line.ended.is_empty() { "终止".to_owned() } else { line.ended };
        desk.book(&what, Command::EndCover(EndCover { person, to, reason }))?;
    }
    Ok(())
}

fn grant(desk: &mut Desk<'_>, ids: &BTreeMap<String, String>, line: &GrantLine) -> Result<(), Stop> {
    let (Some(grantor), Some(beneficiary)) = (ids.get(&line.grantor), ids.get(&line.beneficiary)) else {
        return Ok(());
    };
    let what = format!("授权 {} {}", line.grantor, line.beneficiary);
    let limits = LimitsAsked {
        per_draw: line.per_draw,
        per_day: line.per_day,
        per_month: line.per_month,
        per_year: line.per_year,
        total: line.limit,
    };
    let command = GrantMutualAid {
        grantor: grantor.clone(),
        beneficiary: beneficiary.clone(),
        relation: line.relation.clone(),
        from: line.from,
        to: line.to,
        purposes: parted(&line.purposes).unwrap_or_default(),
        limits: (limits != LimitsAsked::default()).then_some(limits),
    };
    let Some(given) = desk.book(&what, Command::GrantMutualAid(command))? else { return Ok(()) };
    let (Some(from), Some(grant)) = (line.paused_from, given["grant"].as_str()) else { return Ok(()) };
    let today = desk.counter.look(|_, context| Ok(context.today))?;
    if line.paused_to.or(line.to).is_some_and(|to| to < today) {
        return Ok(());
    }
    // What began before is paused from the day of the import, the earliest that is taken; the key of a second import is then the same.
    let pause = PauseGrant {
        beneficiary: beneficiary.clone(),
        grant: grant.to_owned(),
        from: Some(from).filter(|from| *from > today),
    };
    desk.book(&what, Command::PauseGrant(pause))?;
    if let Some(again) = line.paused_to.and_then(|to| to.tomorrow().ok()) {
        let resume =
            ResumeGrant { beneficiary: beneficiary.clone(), grant: grant.to_owned(), from: Some(again) };
        desk.book(&what, Command::ResumeGrant(resume))?;
    }
    Ok(())
}
