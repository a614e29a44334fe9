//! `gongji conformance`.

use std::time::Duration;

use gongji_conformance::{ListedError, PathStyle, Plan, Subjects, Target, conformance, listed};

use crate::arguments::{Conformance, Format, WhereTo};
use crate::conformance_table::table;
use crate::exit::{Outcome, Stop};
use crate::progress::steps;
use crate::shelf::read_input;

/// The largest list of subjects that is read.
const SUBJECTS_LIMIT: u64 = 1 << 20;

/// Whom to talk to.
fn target(asked: &Conformance) -> Result<Target, Stop> {
    if asked.base.starts_with("https://") {
        return Err(Stop::bad_input(
            "这里只发明文的 HTTP；平台只有 https 时，请在本机放一个代理，再检查代理的地址",
        ));
    }
    let base = if asked.base.contains("://") { asked.base.clone() } else { format!("http://{}", asked.base) };
    let mut target = Target::new(&base);
    target.style = match asked.path_style {
        WhereTo::Single => PathStyle::Single,
        WhereTo::PerTransaction => PathStyle::PerTransaction,
    };
    if let Some(path) = &asked.path {
        target.single = format!("/{}", path.trim_start_matches('/'));
    }
    target.timeout = Duration::from_secs(asked.timeout);
    for header in &asked.headers {
        let Some((name, value)) = header.split_once(':') else {
            return Err(Stop::bad_input(format!("--header 应写成 名: 值，写的是 {header}")));
        };
        target.headers.push((name.trim().to_owned(), value.trim().to_owned()));
    }
    for token in &asked.tokens {
        match token.split_once('=').filter(|(institution, _)| institution.len() <= 30) {
            Some((institution, token)) => {
                target.tokens.insert(institution.to_owned(), token.to_owned());
            }
            None => target.token = Some(token.clone()),
        }
    }
    Ok(target)
}

/// Whom and what to check with: a file, or what the platform's sandbox lists.
fn subjects(asked: &Conformance, target: &Target) -> Result<Subjects, Stop> {
    if let Some(file) = &asked.subjects {
        return Subjects::read(&read_input(file, SUBJECTS_LIMIT)?).map_err(Stop::bad_input);
    }
    match listed(target) {
        Ok(Some(subjects)) => Ok(subjects),
        Ok(None) => Err(Stop::bad_input(
            "平台没有列出沙箱（GET /api/v1/sandbox），请写明用哪些人、机构和项目：--subjects 文件（写法见 docs/conformance.md）",
        )),
        Err(ListedError::Trouble(trouble)) => Err(Stop::bad_input(format!("{} {trouble}", target.base))),
        Err(ListedError::Subjects(problem)) => {
            Err(Stop::bad_input(format!("平台沙箱的清单不能用：{problem}；也可以用 --subjects 写明")))
        }
    }
}

/// Plays the documented sequences against a platform and prints what is otherwise.
pub fn run(asked: &Conformance) -> Outcome {
    let mut target = target(asked)?;
    let subjects = subjects(asked, &target)?;
    for institution in &subjects.institutions {
        if let Some(token) = &institution.token {
            target.tokens.entry(institution.id.clone()).or_insert_with(|| token.clone());
        }
    }
    let base = target.base.clone();
    let plan = Plan { only: asked.only.clone(), without: asked.without.clone() };
    let bar = steps();
    let report = conformance(target, &subjects, &plan, &mut |step| {
        bar.set_message(format!("{} {}　已发 {} 条报文", step.sequence, step.number, step.sent));
        bar.tick();
    });
    bar.finish_and_clear();
    let report = report.map_err(|trouble| Stop::bad_input(format!("{base} {trouble}")))?;
    match asked.format {
        Format::Table => anstream::print!("{}", table(&report)),
        Format::Json => {
            anstream::println!("{}", serde_json::to_string_pretty(&report).map_err(Stop::failed)?);
        }
    }
    if report.failed == 0 { Ok(()) } else { Err(Stop::Said) }
}
