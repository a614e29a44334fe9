//! Residents' premiums: paid by oneself, from a relative's account or by somebody else; and the yearly premium of the supplementary fund.

use gongji_cases::request::{Other, Question, choice};
use gongji_ledger::{Account, AccountKind, Entry, Fund, Posting, SubAccount};
use gongji_money::Fen;
use gongji_policy::Dimension;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::account_credit::Batch;
use super::account_year::cover_of_account;
use super::bill::named;
use super::collection::{Flow, about_all, employee_in, plus, too_large, yuan};
use super::cover::{alive, consistent, pack_of};
use super::grant::inverse;
use super::{Decide, FactsAsked, check, visit};
use crate::access::{Action, Scope};
use crate::bulk::{Bulk, BulkLine};
use crate::calculation::Sum;
use crate::context::Context;
use crate::desk::Desk;
use crate::record::{After, Draft};
use crate::refusal::Refusal;
use crate::row::{AccountYear, Cover, Grants, Person, PersonIn, Premium, Standing, YearsPaid};
use crate::stop::Stop;

/// With whose money a premium is paid.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case", deny_unknown_fields)]
pub enum PremiumPayer {
    /// 本人现金.
    Oneself,
    /// 亲属的个人账户, who granted the use of it.
    Account {
        /// Whose account.
        owner: String,
    },
    /// Somebody else's money: a village, an employer, a friend.
    Third {
        /// Who.
        name: String,
    },
}

/// 居民缴费: one coverage year. Cover begins when the rules say.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PayPremium {
    /// 人员编号.
    pub person: String,
    /// 参保地.
    pub area: String,
    /// The coverage year, by the calendar year in which it begins.
    pub coverage_year: i16,
    /// When it was paid; today unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
    /// Coverage years missed without a break before it.
    #[serde(default)]
    pub missed_years: i64,
    /// How many of them are paid for now.
    #[serde(default)]
    pub repaired_years: i64,
    /// What is known of the person; the category must be, unless the person was insured here before.
    #[serde(default)]
    pub facts: FactsAsked,
    /// With whose money.
    pub payer: PremiumPayer,
}

/// 退居民缴费, before the cover that it paid for began.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RefundPremium {
    /// 人员编号.
    pub person: String,
    /// The coverage year.
    pub coverage_year: i16,
    /// Why.
    pub reason: String,
}

/// 从个人账户扣缴大额补助, the yearly premium, at most 500 people of an area a command.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DebitSupplement {
    /// 参保地.
    pub area: String,
    /// A day of the insurance year that is paid for.
    pub year: Date,
    /// After whom it goes on: `after` of the answer before; nothing at the start.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub after: String,
}

/// The treasury's purses in a premium: the figure's name, and who pays.
const TREASURY: [(&str, &str); 3] = [
    ("fiscal_subsidy", "财政"),
    ("fiscal_central_subsidy", "中央财政"),
    ("fiscal_local_subsidy", "地方财政"),
];

/// The cover that the premium pays for, with its first day to be told by the rules.
fn resident(asked: &PayPremium, person: &Person, date: Date) -> Result<Cover, Stop> {
    let known =
        person.covers.iter().rev().find(|cover| cover.scheme == "resident" && cover.area == asked.area);
    let blank = || {
        let category = asked.facts.category.clone().ok_or_else(|| {
            Refusal::new("missing_field", "没有在本区参加过居民医保，要写明人员类别").at("facts.category")
        })?;
        Ok::<Cover, Refusal>(Cover {
            area: asked.area.clone(),
            scheme: "resident".to_owned(),
            from: date,
            to: None,
            paused: false,
            reason: "居民缴费".to_owned(),
            ended: String::new(),
            category,
            post_type: None,
            account_option: None,
            premium_tier: None,
            assistance: None,
            supplements: None,
            retired_on: None,
            years: YearsPaid::default(),
            employer: None,
        })
    };
    let base = match known {
        Some(known) => Cover { to: None, paused: false, ended: String::new(), ..known.clone() },
        None => blank()?,
    };
    Ok(asked.facts.over(base))
}

/// Takes the money from a relative's account.
fn from_account(
    desk: &mut Desk<'_>,
    context: &Context<'_>,
    draft: &mut Draft,
    (owner, asked, date, own): (&str, &PayPremium, Date, i64),
) -> Result<Vec<Posting>, Stop> {
    let holder = visit::person(desk, owner)?;
    let refuse = |code: &'static str, problem: &'static str| {
        Refusal::new(code, problem).at("payer.owner").found(owner)
    };
    if let Some(died) = holder.died_on {
        return Err(refuse("person_died", "参保人已经死亡").expected(died).into());
    }
    let standing = desk.get::<Standing>(owner)?.map(|row| (*row).clone()).unwrap_or_default();
    let place = standing.account_area.clone().ok_or_else(|| refuse("no_account", "没有个人账户"))?;
    let grants = desk.get::<Grants>(&asked.person)?;
    let relation = grants
        .as_ref()
        .and_then(|grants| grants.on(date).find(|grant| grant.grantor == owner))
        .map(|grant| inverse(&grant.relation).to_owned())
        .ok_or_else(|| refuse("no_grant", "没有授权参保人使用其账户").hint("先办家庭共济授权"))?;
    let cover = cover_of_account(&holder, &place, date).ok_or_else(|| refuse("not_covered", "没有参保"))?;
    let question = Question::AccountUse {
        purpose: choice(Dimension::Purpose, "resident_premium").unwrap_or_default(),
        other: Other {
            beneficiary: choice(Dimension::Beneficiary, &relation).unwrap_or_default(),
            area: Some(asked.area.clone()),
            insured: Some(true),
            wallet: None,
        },
        amount: Some(Fen::new(own)),
        circumstance: Some("none"),
    };
    let sum = Sum::of(&holder, cover, Some(&standing), date, question)?;
    let worked = sum.worked(context.rules)?;
    if worked.flag("allowed") != Some(true) {
        return Err(refuse("not_allowed", "规则不允许这样使用个人账户")
            .expected(worked.reason("allowed"))
            .into());
    }
    let paid = [worked.amount("current_year_paid").fen(), worked.amount("carried_over_paid").fen()];
    let all = paid[0].checked_add(paid[1]).ok_or_else(too_large)?;
    if all != own {
        return Err(refuse("insufficient_balance", "账户可用的钱不够")
            .found(yuan(all))
            .expected(format!("至少 {}", yuan(own)))
            .into());
    }
    draft.calculations.push(sum.kept(context)?);
    Ok(vec![
        Posting(Account::personal(&place, owner, SubAccount::CurrentYear), -paid[0]),
        Posting(Account::personal(&place, owner, SubAccount::CarriedOver), -paid[1]),
        Posting(Account::bank(&place, "account"), own),
    ])
}

/// Lets the cover go on to the end of what was paid for.
fn covered(person: &mut Person, cover: &Cover, (from, to): (Date, Date)) -> Result<(), Refusal> {
    if from > to {
        return Ok(());
    }
    if let Some(last) = person.covers.last_mut().filter(|last| last.to.is_none_or(|end| end >= from)) {
        let same = last.scheme == "resident" && last.area == cover.area;
        if !same {
            return Err(Refusal::new("cover_overlaps", "与已有的参保重叠")
                .at("coverage_year")
                .found(format!("{from} 起"))
                .expected(last.to.map_or("先终止现在的参保".to_owned(), |end| format!("{end} 以后"))));
        }
        if let Some(end) = last.to {
            last.to = Some(end.max(to));
        }
        return Ok(());
    }
    person.covers.push(Cover { from, to: Some(to), reason: "居民缴费".to_owned(), ..cover.clone() });
    Ok(())
}

impl Decide for PayPremium {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        let scope = Scope { area: Some(&self.area), person: Some(&self.person), institution: None };
        context.allow(Action::Collect, scope)?;
        let pack = pack_of(context, &self.area, "resident")?;
        let date = self.date.unwrap_or(context.today);
        context.not_future("date", date)?;
        let mut person = (*visit::person(desk, &self.person)?).clone();
        alive(&person, date)?;
        for (field, years) in [("missed_years", self.missed_years), ("repaired_years", self.repaired_years)] {
            if !(0..=50).contains(&years) {
                return Err(Refusal::new("out_of_range", "年数不对")
                    .at(field)
                    .found(years)
                    .expected("0 到 50")
                    .into());
            }
        }
        let row_id = format!("{}/{}", self.person, self.coverage_year);
        if desk.get::<Premium>(&row_id)?.is_some() {
            return Err(Refusal::new("premium_paid", "这一年度已经缴费")
                .at("coverage_year")
                .found(self.coverage_year)
                .into());
        }
        let cover = resident(self, &person, date)?;
        consistent(&cover, &person, pack)?;
        let question = Question::Premium {
            coverage_year: self.coverage_year,
            paid_on: date,
            missed_years: self.missed_years,
            repaired_years: self.repaired_years,
        };
        let sum = Sum::of(&person, &cover, None, date, question)?;
        let worked = sum.worked(context.rules)?;
        let own = worked.amount("person").fen();
        let aid = worked.amount("aid").fen();
        let days = worked.day("cover_from").zip(worked.day("cover_to"));
        let (from, to) =
            days.ok_or_else(|| Refusal::new("unknown_in_pack", "规则没有给出待遇起止").at("coverage_year"))?;
        let mut subsidy = Draft::new("premium_subsidy", date).about(&self.person).on_line("subsidy");
        let mut subsidies = Vec::new();
        let mut given = 0;
        for (name, who) in TREASURY {
            let fen = worked.amount(name).fen();
            if fen != 0 {
                plus(&mut given, fen)?;
                subsidies.push((who.to_owned(), fen));
            }
        }
        drop(worked);
        let pooled = Account::fund(&self.area, "resident", Fund::Pooled);
        subsidy.entry = Entry::new([
            Posting(Account { area: self.area.clone(), kind: AccountKind::Subsidy }, -given),
            Posting(pooled.clone(), given),
        ])?;
        let mut draft = Draft::new("pay_premium", date).about(&self.person).on_line("premium");
        draft.calculations.push(sum.kept(context)?);
        let mut postings = vec![
            Posting(Account::bank(&self.area, "pool"), -own),
            Posting(pooled, own.checked_add(aid).ok_or_else(too_large)?),
            Posting(Account::fund(&self.area, "resident", Fund::MedicalAssistance), -aid),
        ];
        let by = match &self.payer {
            PremiumPayer::Oneself => "本人".to_owned(),
            PremiumPayer::Third { name } => check::text("payer.name", name)?,
            PremiumPayer::Account { owner } => {
                postings.extend(from_account(desk, context, &mut draft, (owner, self, date, own))?);
                draft = draft.about(owner);
                owner.clone()
            }
        };
        draft.entry = Entry::new(postings)?;
        let covers = person.covers.len();
        let before = person.covers.last().and_then(|last| last.to);
        covered(&mut person, &cover, (from, to))?;
        let began = person.covers.len() > covers;
        let lengthened = before
            .filter(|before| !began && person.covers.last().is_some_and(|last| last.to != Some(*before)));
        let records = match subsidies.is_empty() {
            true => vec![context.seq],
            false => vec![context.seq, context.seq + 1],
        };
        let row = Premium {
            area: self.area.clone(),
            own,
            subsidies,
            aid,
            from,
            to,
            by,
            records,
            began,
            lengthened,
        };
        draft = draft
            .leaving(&row_id, &row)?
            .leaving(&self.person, &person)?
            .leaving(&format!("{}/{}", self.area, self.person), &PersonIn {})?;
        let mut drafts = Vec::with_capacity(2);
        if given != 0 {
            drafts.push(subsidy);
        }
        drafts.push(draft.telling(json!({
            "person": self.person, "coverage_year": self.coverage_year, "own": yuan(own), "subsidy": yuan(given),
            "aid": yuan(aid), "cover_from": from, "cover_to": to, "by": row.by,
        })));
        Ok(drafts)
    }
}

impl Decide for RefundPremium {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        context.may(Action::Collect)?;
        let row_id = format!("{}/{}", self.person, self.coverage_year);
        let row = desk.get::<Premium>(&row_id)?;
        let scope = Scope {
            area: row.as_ref().map(|row| row.area.as_str()),
            person: Some(&self.person),
            institution: None,
        };
        context.allow(Action::Collect, scope)?;
        let reason = check::reason(&self.reason)?;
        let row = row.ok_or_else(|| {
            Refusal::new("premium_not_paid", "这一年度没有缴费").at("coverage_year").found(self.coverage_year)
        })?;
        if row.from <= context.today {
            return Err(Refusal::new("cover_began", "待遇已经开始，不能退费")
                .at("coverage_year")
                .found(row.from)
                .expected(format!("{} 以后开始", context.today))
                .into());
        }
        let mut person = (*visit::person(desk, &self.person)?).clone();
        if row.began {
            let begun =
                person.covers.last().is_some_and(|last| last.from == row.from && last.to == Some(row.to));
            if !begun {
                return Err(Refusal::new("cover_changed", "参保登记已经另行变更")
                    .at("person")
                    .found(&self.person)
                    .into());
            }
            person.covers.pop();
        } else if row.lengthened.is_some()
            && let Some(last) = person.covers.last_mut().filter(|last| last.to == Some(row.to))
        {
            last.to = row.lengthened;
        }
        let mut drafts = Vec::with_capacity(2);
        for seq in &row.records {
            let record = desk
                .record(*seq)?
                .ok_or_else(|| crate::port::StoreError::Corrupt(format!("缺第 {seq} 条记录")))?;
            let kind = if record.kind == "pay_premium" { "refund_premium" } else { "premium_subsidy" };
            let mut draft = Draft::new(kind, context.today).on_line(&record.line);
            for link in &record.people {
                draft = draft.about(&link.person);
            }
            draft.entry = record.entry.negated()?;
            drafts.push(draft);
        }
        if let Some(last) = drafts.pop() {
            let mut last = last.leaving(&self.person, &person)?;
            last.after.push(After::gone("premium", &row_id));
            drafts.push(last.telling(json!({
                "person": self.person, "coverage_year": self.coverage_year, "own": yuan(row.own), "to": row.by,
                "reason": reason,
            })));
        }
        Ok(drafts)
    }
}

/// The yearly premium, as the rules are asked.
pub(crate) fn yearly(person: &Person, cover: &Cover, period: Date) -> Result<Sum, Stop> {
    let question = Question::Contribution {
        period,
        wage: None,
        funds: choice(Dimension::Fund, "large_sum").into_iter().collect(),
        contributors: choice(Dimension::Contributor, "person").into_iter().collect(),
        paid_on: None,
        due_on: None,
        debit_failed: false,
        owed: None,
    };
    Sum::of(person, cover, None, period, question)
}

/// The use of the account for it, as the rules are asked.
pub(crate) fn supplement(
    person: &Person,
    cover: &Cover,
    standing: &Standing,
    day: Date,
    amount: i64,
) -> Result<Sum, Stop> {
    let question = Question::AccountUse {
        purpose: choice(Dimension::Purpose, "supplementary_premium").unwrap_or_default(),
        other: Other { insured: Some(true), ..Other::default() },
        amount: Some(Fen::new(amount)),
        circumstance: Some("none"),
    };
    Sum::of(person, cover, Some(standing), day, question)
}

impl Decide for DebitSupplement {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        context.allow(Action::KeepAccounts, Scope { area: Some(&self.area), ..Scope::default() })?;
        check::area("area", &self.area)?;
        let (first, _) = context.rules.insurance_year(&self.area, self.year);
        context.not_future("year", first)?;
        let day = context.today;
        let month = (day.first_of_month(), day.last_of_month());
        let batch = Batch::of(desk, format!("supplement/{}/{first}", self.area), &self.area, &self.after)?;
        desk.bring::<AccountYear>(batch.ids.iter().map(|id| format!("{id}/{first}")))?;
        let mut bulk = Bulk::new(context.edition, &["amount", "current_year_paid", "carried_over_paid"]);
        let mut flow = Flow::new(&self.area, "employee");
        let mut after = Vec::new();
        let mut short = Vec::new();
        for id in &batch.ids {
            let Some(standing) = desk.get::<Standing>(id)? else { continue };
            if standing.account_area.as_deref() != Some(self.area.as_str()) {
                continue;
            }
            let row_id = format!("{id}/{first}");
            let year = desk.get::<AccountYear>(&row_id)?.map(|row| (*row).clone()).unwrap_or_default();
            let person = desk.need::<Person>(id)?;
            let cover = employee_in(&person, month, &self.area);
            let Some(cover) = cover.filter(|_| !year.supplement && person.died_on.is_none()) else {
                continue;
            };
            let sum = yearly(&person, cover, first.first_of_month())?;
            let worked = sum.worked(context.rules).map_err(|stop| named(stop, id))?;
            let amount = worked.amount("yearly_total").fen();
            if amount == 0 {
                continue;
            }
            let used = supplement(&person, cover, &standing, day, amount)?;
            let used = used.worked(context.rules).map_err(|stop| named(stop, id))?;
            if used.flag("allowed") != Some(true) {
                return Err(Refusal::new("not_allowed", "规则不允许用个人账户缴这笔费")
                    .at("area")
                    .found(used.reason("allowed"))
                    .hint(format!("人员 {id}"))
                    .into());
            }
            if used.amount("cash_paid") != Fen::ZERO {
                short.push(id.clone());
                continue;
            }
            let paid = [used.amount("current_year_paid").fen(), used.amount("carried_over_paid").fen()];
            flow.person(id, SubAccount::CurrentYear, -paid[0])?;
            flow.person(id, SubAccount::CarriedOver, -paid[1])?;
            after.push(After::of(&row_id, &AccountYear { supplement: true, ..year })?);
            bulk.lines.push(BulkLine(id.clone(), vec![amount, paid[0], paid[1]]));
        }
        let taken = flow.to_accounts;
        flow.fund(Fund::LargeSum, -taken)?;
        let (run, told) = batch.taken(bulk.lines.len())?;
        after.push(run);
        let people = bulk.lines.iter().map(|line| line.0.clone()).collect();
        let mut draft = about_all("debit_supplement", day, people).on_line("contribution");
        draft.entry = flow.entry()?;
        draft.after = after;
        draft.bulk = Some(Box::new(bulk));
        Ok(vec![draft.telling(json!({
            "area": self.area, "year": first, "taken": yuan(-taken), "people": told.people, "short": short,
            "after": told.after, "done": told.done,
        }))])
    }
}
