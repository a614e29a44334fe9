//! Who may do what to whom: one pure table.

use crate::actor::{Actor, Role};
use crate::refusal::Refusal;

/// What can be done, as rights are given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Register and correct people, their cover and credentials.
    KeepPeople,
    /// Register and change institutions.
    KeepInstitutions,
    /// Change the catalogue.
    KeepCatalogue,
    /// Credit accounts.
    KeepAccounts,
    /// Grant relatives the use of an account, and end it.
    Share,
    /// Bill and receive contributions, premiums, subsidies and other income.
    Collect,
    /// File care away from home, chronic diseases, chosen institutions, births.
    KeepFilings,
    /// Take in bills that a person paid, and decide their lines.
    Reimburse,
    /// Release what somebody else submitted.
    Approve,
    /// Reconcile with institutions, clear and pay.
    Clear,
    /// Close a year of accounts and funds.
    CloseYear,
    /// Open visits, upload lines, settle, cancel one's own.
    Treat,
    /// Re-adjudicate and cancel for an institution.
    Correct,
    /// See a person's file.
    SeePerson,
    /// See lists, balances and records of an area.
    SeeArea,
    /// Issue and revoke tokens.
    KeepTokens,
    /// Audit, back up, export.
    Audit,
}

impl Action {
    /// Every action.
    pub const ALL: [Action; 17] = [
        Action::KeepPeople,
        Action::KeepInstitutions,
        Action::KeepCatalogue,
        Action::KeepAccounts,
        Action::Share,
        Action::Collect,
        Action::KeepFilings,
        Action::Reimburse,
        Action::Approve,
        Action::Clear,
        Action::CloseYear,
        Action::Treat,
        Action::Correct,
        Action::SeePerson,
        Action::SeeArea,
        Action::KeepTokens,
        Action::Audit,
    ];

    /// The term that people read.
    pub const fn label(self) -> &'static str {
        match self {
            Action::KeepPeople => "办理参保登记",
            Action::KeepInstitutions => "管理定点机构",
            Action::KeepCatalogue => "维护目录",
            Action::KeepAccounts => "个人账户记账",
            Action::Share => "办理家庭共济",
            Action::Collect => "收缴保费与登记收入",
            Action::KeepFilings => "办理备案",
            Action::Reimburse => "受理手工报销",
            Action::Approve => "复核放行",
            Action::Clear => "对账与清算",
            Action::CloseYear => "年终结账",
            Action::Treat => "就医登记与结算",
            Action::Correct => "更正结算",
            Action::SeePerson => "查看个人档案",
            Action::SeeArea => "查看统筹区数据",
            Action::KeepTokens => "管理访问令牌",
            Action::Audit => "核对、备份与导出",
        }
    }
}

/// To whom or what it is done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scope<'text> {
    /// The area whose data it is; `None` where it belongs to no area.
    pub area: Option<&'text str>,
    /// The person whose data it is.
    pub person: Option<&'text str>,
    /// The institution that treats.
    pub institution: Option<&'text str>,
}

/// How far a right goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Not at all.
    No,
    /// For the actor's own person.
    Own,
    /// In the name of the actor's own institution.
    OwnInstitution,
    /// In the actor's areas.
    Areas,
    /// Everywhere.
    All,
}

/// The table: how far a role's right to an action goes.
pub const fn reach(role: Role, action: Action) -> Reach {
    use Action as A;
    match (role, action) {
        (Role::Operator, _) => Reach::All,
        (Role::Clerk, A::KeepTokens | A::Audit | A::Treat | A::Approve) => Reach::No,
        (Role::Clerk, _) => Reach::Areas,
        (Role::Reviewer, A::SeePerson | A::SeeArea | A::Correct | A::Approve) => Reach::Areas,
        (Role::Auditor, A::SeePerson | A::SeeArea | A::Audit) => Reach::Areas,
        (Role::Institution, A::Treat | A::KeepFilings | A::Clear) => Reach::OwnInstitution,
        (Role::Resident, A::SeePerson | A::Share | A::KeepFilings | A::Reimburse) => Reach::Own,
        (Role::Reviewer | Role::Auditor | Role::Institution | Role::Resident, _) => Reach::No,
    }
}

/// Whether an actor may do something to somebody.
pub fn allowed(actor: &Actor, action: Action, scope: Scope<'_>) -> bool {
    match reach(actor.role, action) {
        Reach::No => false,
        Reach::Own => scope.person == Some(actor.name.as_str()),
        Reach::OwnInstitution => scope.institution == Some(actor.name.as_str()),
        Reach::Areas => match scope.area {
            Some(area) => actor.acts_for(area),
            None => actor.areas.is_empty(),
        },
        Reach::All => true,
    }
}

/// As [`allowed`], with the refusal in words.
///
/// # Errors
/// The refusal `denied`.
pub fn check(actor: &Actor, action: Action, scope: Scope<'_>) -> Result<(), Refusal> {
    if allowed(actor, action, scope) {
        return Ok(());
    }
    let hint = match reach(actor.role, action) {
        Reach::Own => "只能办理本人的",
        Reach::OwnInstitution => "只能以本机构的名义办理",
        Reach::Areas => "只能办理所属统筹区的",
        Reach::No | Reach::All => "请换用有这项权限的令牌",
    };
    Err(Refusal::new("denied", format!("{}无权{}", actor.role.label(), action.label())).hint(hint))
}

/// Checks that the actor may do any of several things: a person's bill may be seen by the person, by staff of the area, by the institution.
///
/// # Errors
/// The refusal `denied` of the first that the actor's role has at all, or else of the first.
pub fn check_any(actor: &Actor, choices: &[(Action, Scope<'_>)]) -> Result<(), Refusal> {
    if choices.iter().any(|(action, scope)| allowed(actor, *action, *scope)) {
        return Ok(());
    }
    let nearest = choices.iter().find(|(action, _)| reach(actor.role, *action) != Reach::No);
    match nearest.or(choices.first()) {
        Some((action, scope)) => check(actor, *action, *scope),
        None => Err(Refusal::new("denied", "没有权限")),
    }
}
