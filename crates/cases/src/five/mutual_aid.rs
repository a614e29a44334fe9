//! 城乡医保个人共济是什么意思: who may use whose account, how much of it, and for what.

use gongji_money::Fen;
use gongji_policy::plan::{Cited, Part as CitedPart};
use gongji_policy::view::{ValueWords, value_label};
use gongji_policy::{Dimension, Facts, Lookup, Setting, Share};
use serde_json::json;

use super::answer::{Gap, Part, QuestionAnswer};
use super::asking::{Asking, gap, miss, step, values};
use super::sample::{PROBE, Samples};
use super::{Flags, question};
use crate::answer::{Clause, Yuan};
use crate::explain::clause;

/// What the rule of sharing says of one relation.
struct Rule {
    share: Share,
    clause: Clause,
}

/// The rule for a relation, or why there is none.
fn rule(asking: &Asking<'_>, relation: i64) -> Result<Rule, Gap> {
    let missing = |why: String, code: &str, field: String| Gap {
        label: "家庭共济的范围".to_owned(),
        why,
        code: code.to_owned(),
        field,
    };
    let unknown = |why: &str| missing(format!("{why}，暂无依据，不作计算"), "no_rule", String::new());
    let scheme = asking.scheme;
    let Some(table) = &scheme.sharing else {
        return Err(unknown("本统筹区的政策包没有给出家庭共济的规则"));
    };
    let mut facts = Facts::default().with(Dimension::Relation, relation);
    facts.set(Dimension::Category, asking.case.person.category);
    facts.set(Dimension::AccountOption, asking.case.person.account_option);
    let (index, row) = match table.lookup_within(&facts, asking.law_day(), &scheme.domain, &scheme.values) {
        Lookup::Found(index, row) => (index, row),
        Lookup::NeedsAnswer(dimension) => {
            let why = format!("需要知道“{}”，不知道就不作计算", dimension.label());
            return Err(missing(why, "needs_answer", crate::facts::field_of(dimension, 0)));
        }
        Lookup::NoRow => return Err(unknown(&format!("{} 没有家庭共济的规则", asking.law_day()))),
    };
    match &row.value {
        Setting::Known(share) => {
            let words = share.words(&asking.pack.indices);
            let cited = Cited::of(CitedPart::Applies, table, index, row);
            Ok(Rule { share: *share, clause: clause(asking.pack, &cited, words) })
        }
        Setting::Unknown(reason) => {
            Err(missing(format!("{reason}，暂无依据，不作计算"), "unknown_in_pack", String::new()))
        }
    }
}

/// What of an account a rule opens.
fn usable(share: Share, current: Fen, carried: Fen) -> Yuan {
    let all = current.fen().saturating_add(carried.fen());
    Yuan::of_fen(match share {
        Share::Nothing => 0,
        Share::All => all,
        Share::CarriedOver => carried.fen(),
        Share::Above(floor) => (all - floor.fen()).max(0),
    })
}

/// 城乡医保个人共济是什么意思.
pub(super) fn answer(asking: &Asking<'_>, samples: &Samples, flags: &mut Flags) -> QuestionAnswer {
    let mut parts = Vec::new();
    let mut gaps = Vec::new();
    if asking.has_account() {
        giving(asking, &mut parts, &mut gaps, flags);
        purposes(asking, &mut parts, &mut gaps, flags);
    }
    taking(asking, &mut parts, &mut gaps, flags);
    unchanged(asking, samples, &mut parts, &mut gaps);
    question("mutual_aid", conclusion(asking, &parts), parts, gaps)
}

fn conclusion(asking: &Asking<'_>, parts: &[Part]) -> String {
    let taking = "共济付的是您个人负担的部分，报销比例不变。";
    if !asking.is_employee() {
        return format!(
            "居民医保没有个人账户，没有钱可以共济出去。但参加职工医保、有个人账户的近亲属可以授权您用他的账户，您本人也要参保。{taking}"
        );
    }
    if !asking.has_account() {
        return format!(
            "您参加的是单建统筹，没有个人账户，没有钱可以共济给家人；有个人账户的近亲属可以授权您用他的账户。{taking}"
        );
    }
    let open: Vec<&str> = parts
        .iter()
        .filter(|part| part.name.starts_with("may_share"))
        .map(|part| part.value.as_str())
        .collect();
    match open.is_empty() {
        false => format!(
            "共济就是把您个人账户里的钱授权给参加基本医保的家人用。可以授权给：{}。家人用它付个人负担的部分，报销比例不变。",
            open.join("、")
        ),
        true if parts.iter().any(|part| part.name.starts_with("may_not_share")) => {
            "您的个人账户这一天还不能授权给家人用，只能本人用。".to_owned()
        }
        true => "共济就是把您个人账户里的钱授权给参加基本医保的家人用，只付个人负担的部分，报销比例不变。可以授权给谁，见下面缺什么。".to_owned(),
    }
}

/// Which relations are asked about, as indices.
fn relations(asking: &Asking<'_>) -> Vec<i64> {
    if !asking.case.family.is_empty() {
        return asking.case.family.clone();
    }
    values(Dimension::Relation)
        .enumerate()
        .filter(|(_, (name, _))| *name != "designated")
        .filter_map(|(index, _)| i64::try_from(index).ok())
        .collect()
}

fn label_of(relation: i64) -> &'static str {
    usize::try_from(relation)
        .ok()
        .and_then(|index| values(Dimension::Relation).nth(index))
        .map_or("", |(_, label)| label)
}

/// Relations for which one row decides.
struct Group {
    rule: Rule,
    labels: Vec<&'static str>,
}

/// The relations asked about, by the row that decides.
fn groups(asking: &Asking<'_>, gaps: &mut Vec<Gap>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for relation in relations(asking) {
        match rule(asking, relation) {
            Ok(found) => {
                match groups.iter_mut().find(|known| known.rule.clause.rule_id == found.clause.rule_id) {
                    Some(known) => known.labels.push(label_of(relation)),
                    None => groups.push(Group { rule: found, labels: vec![label_of(relation)] }),
                }
            }
            Err(missing) => miss(gaps, missing),
        }
    }
    groups
}

/// The name, with a number where parts of that name are there already.
fn numbered(name: &str, parts: &[Part]) -> String {
    match parts.iter().filter(|part| part.name.starts_with(name)).count() {
        0 => name.to_owned(),
        count => format!("{name}_{}", count + 1),
    }
}

/// To whom the own account may be opened, and how much of it: one part for relations of which the same holds.
fn giving(asking: &Asking<'_>, parts: &mut Vec<Part>, gaps: &mut Vec<Gap>, flags: &mut Flags) {
    let purses = &asking.case.purses;
    reach(asking, parts, flags);
    for Group { rule: Rule { share, clause }, labels } in groups(asking, gaps) {
        let who = labels.join("、");
        let open = usable(share, purses.current_year, purses.carried_over);
        let (flag, words) = match share {
            Share::Nothing => {
                let name = numbered("may_not_share", parts);
                let told = Part::told(name, "不能授权给", who, "按规则不在共济范围内");
                parts.push(told.cite([&clause]));
                continue;
            }
            Share::All => ("shares_all", "可以用全部余额"),
            Share::CarriedOver => ("shares_carried_over", "只能用历年结余，当年划入的不行"),
            Share::Above(_) => ("shares_above", "只能用超过门槛的部分"),
        };
        flags.set(flag);
        let name = numbered("may_share", parts);
        let sentence = format!("{words}：您的余额里可以共济的有 {} 元", open.grouped());
        let told = Part { amount: Some(open), ..Part::told(name, "可以授权给", who, sentence) };
        parts.push(told.cite([&clause]));
    }
}

/// Whether the circle is that of near relatives, or of spouse, parents and children only.
fn reach(asking: &Asking<'_>, parts: &mut Vec<Part>, flags: &mut Flags) {
    let sibling = values(Dimension::Relation).position(|(name, _)| name == "sibling");
    let sibling = sibling.and_then(|index| i64::try_from(index).ok());
    let Some(Ok(found)) = sibling.map(|relation| rule(asking, relation)) else { return };
    let (flag, value) = match found.share {
        Share::Nothing => ("only_three", "只限配偶、父母、子女"),
        _ => ("near_relatives", "近亲属，不只配偶、父母、子女"),
    };
    flags.set(flag);
    parts.push(Part::told("circle", "共济的范围", value, "看兄弟姐妹能不能用").cite([&found.clause]));
}

/// What the own account may pay for relatives.
fn purposes(asking: &Asking<'_>, parts: &mut Vec<Part>, gaps: &mut Vec<Gap>, flags: &mut Flags) {
    let asked = [
        ("care_for_family", "outpatient", "付家人的门诊费用"),
        ("pharmacy_for_family", "pharmacy", "付家人的药店购药"),
        ("premium_for_family", "resident_premium", "代缴家人的居民医保费"),
    ];
    for (name, purpose, label) in asked {
        let mut allowed: Vec<&str> = Vec::new();
        let mut refused: Vec<&str> = Vec::new();
        let mut told = Part::told(name, label, "", "");
        for relation in relations(asking) {
            let Some((beneficiary, _)) =
                usize::try_from(relation).ok().and_then(|index| values(Dimension::Relation).nth(index))
            else {
                continue;
            };
            let event = json!({ "kind": "account_use", "date": asking.case.date.to_string(), "purpose": purpose,
                "beneficiary": beneficiary, "amount": "1.00" });
            match asking.calculation(&event) {
                Ok(answer) => {
                    let Some(step) = step(&answer, "allowed") else { continue };
                    let may = step.value == "是";
                    if may {
                        allowed.push(label_of(relation))
                    } else {
                        refused.push(label_of(relation))
                    }
                    if told.sentence.is_empty() || may {
                        told.sentence.clone_from(&step.reason);
                    }
                    told = told.cite(&step.clauses);
                }
                Err(error) => miss(gaps, gap(label, &error)),
            }
        }
        told.value = match (allowed.is_empty(), refused.is_empty()) {
            (true, true) => continue,
            (true, false) => "不可以".to_owned(),
            (false, true) => format!("可以：{}", allowed.join("、")),
            (false, false) => format!("可以：{}；不可以：{}", allowed.join("、"), refused.join("、")),
        };
        if purpose == "resident_premium" && !allowed.is_empty() {
            flags.set("premium_for_family");
        }
        parts.push(told);
    }
}

/// What the person may use of relatives' accounts.
fn taking(asking: &Asking<'_>, parts: &mut Vec<Part>, gaps: &mut Vec<Gap>, flags: &mut Flags) {
    for (number, relative) in asking.case.purses.mutual_aid.iter().enumerate() {
        match rule(asking, relative.relation) {
            Ok(found) => {
                let amount = usable(found.share, relative.current_year, relative.carried_over);
                let label = format!("您可以用{}的账户", label_of(relative.relation));
                let sentence = if found.share == Share::Nothing {
                    "按规则不在共济范围内"
                } else {
                    "经授权后，先用您自己的账户，不足再用家人的，只付您个人负担的部分"
                };
                parts.push(
                    Part::money(format!("relative_{}", number + 1), label, amount, sentence)
                        .cite([&found.clause]),
                );
            }
            Err(missing) => miss(gaps, missing),
        }
    }
    if asking.has_account() || !asking.case.purses.mutual_aid.is_empty() {
        return;
    }
    // Nobody named: who might open an account to this person.
    reach(asking, parts, flags);
    for Group { rule: found, labels } in groups(asking, gaps) {
        if found.share != Share::Nothing {
            let sentence = "要参加职工医保、有个人账户";
            let name = numbered("may_use", parts);
            let told = Part::told(name, "可以授权给您的家人", labels.join("、"), sentence);
            parts.push(told.cite([&found.clause]));
        }
    }
}

/// That a relative's money changes nothing of what the fund pays.
fn unchanged(asking: &Asking<'_>, samples: &Samples, parts: &mut Vec<Part>, gaps: &mut Vec<Gap>) {
    let open = relations(asking)
        .into_iter()
        .find(|relation| rule(asking, *relation).is_ok_and(|found| found.share == Share::All));
    let (Some(sample), Some(relation)) = (samples.all.last(), open) else { return };
    let Some((name, _)) =
        usize::try_from(relation).ok().and_then(|index| values(Dimension::Relation).nth(index))
    else {
        return;
    };
    let purses = json!({ "current_year": "0.00", "carried_over": "0.00", "mutual_aid": [{ "relation": name,
        "pooling_area": asking.case.person.pooling_area, "current_year": "0.00", "carried_over": PROBE.to_string() }] });
    match asking.bill(&sample.event, &purses) {
        Ok(bill) => {
            let (alone, shared) = (sample.empty.fund_paid_total, bill.fund_paid_total);
            let verdict = if alone == shared { "基金付的一样多" } else { "基金付的不一样" };
            let sentence = format!(
                "{}：没有家人的钱时基金付 {} 元；用{}账户的 {} 元时基金付 {} 元，现金少付 {} 元",
                sample.about,
                alone.grouped(),
                value_label(Dimension::Relation, name),
                bill.mutual_aid_paid.grouped(),
                shared.grouped(),
                Yuan::of_fen(sample.empty.cash_paid.fen() - bill.cash_paid.fen()).grouped(),
            );
            let mut told = Part::told("ratio_unchanged", "报销比例变不变", verdict, sentence);
            for cell in bill.cells.iter().filter(|cell| cell.payer == "relatives") {
                told = told.cite(&cell.clause);
            }
            parts.push(told);
        }
        Err(error) => miss(gaps, gap("共济前后的比较", &error)),
    }
}
