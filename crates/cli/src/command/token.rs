//! `gongji token issue`, `revoke`, `list`.

use gongji_agency::actor::Role;
use gongji_agency::command::{Command, IssueToken as Issue, RevokeToken as Revoke};
use gongji_agency::context::day_of;
use gongji_agency::desk::Row;
use gongji_agency::port::StoreError;
use gongji_agency::row::TokenRow;
use gongji_agency::secret::new_secret;
use serde_json::Value;

use crate::arguments::{IssueToken, ListTokens, RevokeToken};
use crate::exit::{Outcome, Stop};
use crate::office::Counter;
use crate::terminal::{Side, Table};

/// So many are fetched at once.
const PAGE: usize = 1_000;

/// Issues a token. The secret is printed on standard output, once, and kept nowhere.
pub fn issue(issue: &IssueToken) -> Outcome {
    let known: Vec<&str> =
        Role::ALL.iter().filter(|role| **role != Role::Operator).map(|role| role.name()).collect();
    let role = Role::ALL
        .into_iter()
        .find(|role| role.name() == issue.role && known.contains(&role.name()))
        .ok_or_else(|| {
        Stop::BadInput(format!("没有这种角色：{}；应为 {}", issue.role, known.join("、")))
    })?;
    let counter = Counter::open(&issue.agency)?;
    let secret = new_secret().map_err(Stop::failed)?;
    let answer = counter.book(Command::IssueToken(Issue {
        hash: secret.hash.clone(),
        role,
        name: issue.name.clone(),
        areas: issue.areas.clone(),
        note: issue.note.clone(),
        expires_on: issue.expires_on,
    }))?;
    let id = answer.result.get("token").and_then(Value::as_str).unwrap_or_default();
    anstream::eprintln!(
        "已发放 {id}（{} {}）；下面一行是令牌，只显示这一次，请妥善保存",
        role.label(),
        issue.name
    );
    anstream::println!("{}", secret.secret);
    Ok(())
}

/// Revokes a token.
pub fn revoke(revoke: &RevokeToken) -> Outcome {
    let counter = Counter::open(&revoke.agency)?;
    let answer = counter.book(Command::RevokeToken(Revoke { token: revoke.token.clone() }))?;
    let again = if answer.replayed { "先前已" } else { "已" };
    anstream::println!("{again}吊销 {}；记录里仍查得到它办过的事", revoke.token);
    Ok(())
}

/// Lists tokens, without their secrets, which nobody keeps.
pub fn list(list: &ListTokens) -> Outcome {
    let counter = Counter::open(&list.agency)?;
    let (mut tokens, now) = counter.look(|desk, context| {
        let (mut tokens, mut after) = (Vec::new(), String::new());
        loop {
            let page = desk.view().page(TokenRow::KIND, "", &after, PAGE)?;
            let Some((last, _)) = page.last() else { return Ok((tokens, context.now)) };
            after.clone_from(last);
            for (id, body) in &page {
                let token: TokenRow = serde_json::from_str(body).map_err(|error| {
                    StoreError::Corrupt(format!("token/{}…：{error}", id.get(..8).unwrap_or(id)))
                })?;
                tokens.push(token);
            }
        }
    })?;
    tokens.sort_by_key(|token| (token.id.len(), token.id.clone()));
    let mut table = Table::new(&[Side::Left; 7]);
    table.row(["令牌", "角色", "名义", "统筹区", "用途", "发放", "状态"]);
    table.rule();
    for token in &tokens {
        let areas =
            if token.actor.areas.is_empty() { "全部".to_owned() } else { token.actor.areas.join("、") };
        let state = match (token.revoked_at, token.expires_at) {
            (Some(at), _) => format!("{} 吊销", day_of(at)),
            (None, Some(at)) if at <= now => "已过期".to_owned(),
            (None, Some(at)) => format!("有效至 {}", day_of(at - 1)),
            (None, None) => "有效".to_owned(),
        };
        let staff = !matches!(token.actor.role, Role::Institution | Role::Resident);
        table.row([
            token.id.clone(),
            token.actor.role.label().to_owned(),
            token.actor.name.clone(),
            if staff { areas } else { String::new() },
            token.note.clone(),
            day_of(token.issued_at).to_string(),
            state,
        ]);
    }
    anstream::print!("{}", table.render());
    Ok(())
}
