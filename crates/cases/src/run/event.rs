//! One event: its benefit, its facts, its bill, and the fold.

use std::sync::Arc;

use gongji_money::Fen;
use gongji_policy::plan::{Cited, Part, Plan, Resolution, Slot, SlotKind, Work};
use gongji_policy::{Benefit, Dimension, Facts, Lookup, PurseKind, Setting};
use gongji_rules::{Bill, MAX_TAGS, Step, Worksheet, adjudicate};
use jiff::civil::Date;

use super::lines::SplitLine;
use super::period::insurance_year;
use super::portions::invalid;
use super::refusal::refused;
use super::sharing::{Shared, draw, usable};
use super::sink::Sink;
use super::state::{Admission, Keys, State};
use super::{Kept, Packs, Run};
use crate::error::{CaseError, ErrorCode};
use crate::facts::{Names, day_by, event_field, facts_of};
use crate::request::{Event, Person, Purses};
use crate::settle::CounterPeriod;

/// What happened to one event, before it is put into words.
#[derive(Debug)]
pub(crate) struct Outcome<'packs> {
    pub event: &'packs Event,
    pub plan: Arc<Plan<'packs>>,
    pub resolution: Arc<Resolution<'packs>>,
    pub facts: Facts,
    /// The day whose law was applied.
    pub law_day: Date,
    /// The event's own day of law, on which the age is counted.
    pub own_day: Date,
    /// First and last day of the insurance year.
    pub year: (Date, Date),
    /// The stay that the event belongs to, as a period of counters.
    pub stay: CounterPeriod,
    /// Which admission it is, where the benefit counts them.
    pub admission: Option<Admission>,
    pub bill: Bill,
    pub trace: Vec<Step>,
    pub payments: Vec<i64>,
    pub cash: i64,
    /// Where each counter of the scheme is kept, in order.
    pub keys: Keys,
    /// Every counter of the scheme before and after.
    pub used: (Vec<i64>, Vec<i64>),
    pub purses: (Purses, Purses),
    pub shared: Vec<Shared<'packs>>,
    pub lines: Vec<SplitLine<'packs>>,
    /// The area whose catalogue split the lines, where not that of care.
    pub catalogue_lent: bool,
    /// The row that keeps the fund from paying at all.
    pub excluded: Option<Cited<'packs>>,
    /// Stated totals that no counter of the scheme takes.
    pub idle_totals: Vec<String>,
    /// Whether the bill belongs to an admission that counts.
    pub is_admission: bool,
}

impl Outcome<'_> {
    /// Which admission it is, where the benefit counts them.
    pub fn ordinal(&self) -> Option<i64> {
        self.admission.map(|admission| admission.ordinal)
    }

    /// The tag of a slot where it is not `general`.
    pub fn tag(&self, slot: Slot) -> Option<&str> {
        let tag = match self.plan.slots().kind(slot) {
            SlotKind::InScope(tag)
            | SlotKind::Deductible(tag)
            | SlotKind::Band(tag, _)
            | SlotKind::OverCeiling(tag) => tag,
            _ => 0,
        };
        if tag == 0 { None } else { self.plan.benefit().tags.get(tag).map(String::as_str) }
    }

    /// Whether a layer opened in-scope money.
    pub fn opens(&self, layer: usize) -> bool {
        matches!(self.resolution.layers.get(layer).map(|layer| &layer.work), Some(Work::Open(_)))
    }
}

impl<'packs> Run<'packs> {
    /// Prepares the events of a person.
    ///
    /// # Errors
    /// No rules for the area or scheme.
    pub fn new(
        packs: &'packs Packs<'packs>,
        shipped: &[gongji_policy::Pack],
        person: &'packs Person,
        options: super::QuoteOptions,
        kept: Option<&'packs Kept>,
    ) -> Result<Run<'packs>, CaseError> {
        let (pack, scheme) = packs.insured(person, shipped)?;
        Ok(Run { packs, pack, scheme, person, options, kept })
    }

    /// The benefit that serves a kind of care on a day.
    fn benefit(&self, index: usize, event: &Event, day: Date) -> Result<&'packs Benefit, CaseError> {
        let of_care =
            || self.scheme.benefits.iter().filter(|benefit| benefit.care_types.contains(&event.care_type));
        if let Some(found) =
            of_care().find(|benefit| benefit.from <= day && benefit.to.is_none_or(|to| day <= to))
        {
            return Ok(found);
        }
        let care =
            gongji_policy::view::value_words(Dimension::CareType, event.care_type, &self.scheme.values);
        let place = format!("{}{}", self.pack.area.name, self.scheme.label);
        let intervals: Vec<String> =
            of_care().map(|benefit| gongji_policy::view::interval_words(benefit.from, benefit.to)).collect();
        if intervals.is_empty() {
            let mut served: Vec<i64> =
                self.scheme.benefits.iter().flat_map(|benefit| benefit.care_types.iter().copied()).collect();
            served.sort_unstable();
            served.dedup();
            let served: Vec<String> = served
                .into_iter()
                .map(|care| gongji_policy::view::value_words(Dimension::CareType, care, &self.scheme.values))
                .collect();
            return Err(CaseError::new(
                ErrorCode::NoBenefit,
                event_field(index, "care_type"),
                format!("{place}没有“{care}”的规则"),
            )
            .expected(served.join("、")));
        }
        Err(CaseError::new(
            ErrorCode::NoBenefit,
            event_field(index, "date"),
            format!("{place}在 {day} 没有“{care}”的规则"),
        )
        .expected(format!("这些日期之内：{}", intervals.join("；"))))
    }

    /// Whether the cause keeps the fund from paying at all.
    fn exclusion(
        &self,
        index: usize,
        benefit: &Benefit,
        facts: &Facts,
        day: Date,
    ) -> Result<Option<Cited<'packs>>, CaseError> {
        let Some(table) = &self.scheme.exclusion else { return Ok(None) };
        let refuse = |refusal| refused(&refusal, index, self.scheme, &benefit.domain, day);
        let path = table.path.clone();
        match table.lookup_within(facts, day, &benefit.domain, &self.scheme.values) {
            Lookup::Found(position, row) => match &row.value {
                Setting::Known(true) => Ok(Some(Cited::of(Part::Applies, table, position, row))),
                Setting::Known(false) => Ok(None),
                Setting::Unknown(reason) => {
                    Err(refuse(gongji_policy::plan::Refusal::Unknown { reason: reason.clone(), path }))
                }
            },
            Lookup::NeedsAnswer(dimension) => {
                Err(refuse(gongji_policy::plan::Refusal::NeedsAnswer { dimension, path }))
            }
            Lookup::NoRow => Err(refuse(gongji_policy::plan::Refusal::NoRule { path })),
        }
    }

    /// Runs one event and moves the state, which is to be thrown away where the event is refused.
    ///
    /// # Errors
    /// A [`CaseError`] that names the field or the rule.
    pub fn event(
        &self,
        index: usize,
        event: &'packs Event,
        state: &mut State<'_>,
    ) -> Result<Outcome<'packs>, CaseError> {
        let outcome = self.fold::<Vec<Step>>(index, event, state)?;
        state.keep(&outcome);
        Ok(outcome)
    }

    /// Runs one event. The state is moved only by [`State::keep`] with what comes out.
    ///
    /// # Errors
    /// A [`CaseError`] that names the field or the rule.
    pub fn fold<S: Sink>(
        &self,
        index: usize,
        event: &'packs Event,
        state: &mut State<'_>,
    ) -> Result<Outcome<'packs>, CaseError> {
        let area = &self.pack.area;
        let own_day = day_by(area.law_date, event);
        let law_day = self.options.on.unwrap_or(own_day);
        let year_day = day_by(area.year_date, event);
        let benefit = self.benefit(index, event, law_day)?;
        if benefit.tags.len() > MAX_TAGS {
            return Err(CaseError::new(ErrorCode::Internal, "", "政策包的标签过多，没有通过检查"));
        }
        let mut facts = facts_of(self.person, index, event, self.scheme, own_day, Names::Refused)?;
        let stay = state.stay_of(index, event)?;
        let keys = state.keys(self.scheme, area, index, event, year_day, &stay)?;
        let idle_totals = state.state(self.scheme, &keys)?;
        let admission = benefit.admissions.map(|counter| state.admission(&keys, counter, &stay));
        if let Some(Admission { ordinal, .. }) = admission {
            // More admissions than the dimension holds count as its last.
            facts.set(Dimension::Ordinal, Some(ordinal.clamp(1, 1_000)));
        }
        let refuse = |refusal: &_| refused(refusal, index, self.scheme, &benefit.domain, law_day);
        let kept = self.kept.and_then(|kept| kept.benefit(benefit));
        let plan: Arc<Plan<'packs>> = match kept {
            Some(kept) => Arc::clone(&kept.plan) as Arc<Plan<'packs>>,
            None => Arc::new(Plan::compile(self.pack, self.scheme, benefit)),
        };
        plan.covers(&facts).map_err(|refusal| refuse(&refusal))?;
        let excluded = self.exclusion(index, benefit, &facts, law_day)?;
        let used_before = state.read(&keys);
        let (mut bill, lines, catalogue_lent) =
            self.bill(index, event, benefit, &facts, own_day, law_day, &used_before)?;
        if !bill.is_valid() {
            return Err(invalid(index, event.charges.as_ref()));
        }
        if excluded.is_some() {
            let (total, stay_days) = (bill.total(), bill.stay_days);
            bill = Bill { non_covered: total, stay_days, ..Bill::default() };
        }
        let mut resolution: Arc<Resolution<'packs>> = match kept {
            Some(kept) => kept.resolve(&facts, law_day),
            None => Arc::new(plan.resolve(&facts, law_day)),
        };
        if excluded.is_some() {
            // No fund pays for an excluded cause, a guarantee that reaches 全自费 included.
            let layers = &mut Arc::make_mut(&mut resolution).layers;
            let funds = Arc::make_mut(layers).iter_mut().filter(|layer| layer.payer.is_fund());
            funds.for_each(|layer| layer.work = Work::Idle);
        }
        let shared = self
            .shared(benefit, &resolution, &facts, law_day, event, state)
            .map_err(|refusal| refuse(&refusal))?;

        let mut used_after = used_before.clone();
        let mut balances = vec![0; 2 + shared.len()];
        if event.use_account {
            balances[0] = state.purses.current_year.fen();
            balances[1] = state.purses.carried_over.fen();
        }
        for (balance, shared) in balances[2..].iter_mut().zip(&shared) {
            *balance = shared.usable;
        }
        let balances_before = balances.clone();
        let mut sheet = Worksheet::new(plan.slots(), benefit.layers.len());
        let mut trace = S::start();
        adjudicate(plan.slots(), &resolution, &bill, &mut used_after, &mut balances, &mut sheet, &mut trace);
        if let Some(refusal) = sheet.refusal(&resolution) {
            return Err(refuse(refusal));
        }

        let is_admission = admission.is_some() && bill.total() > 0 && excluded.is_none();
        if let Some(Admission { counter, new: true, .. }) = admission
            && is_admission
        {
            used_after[counter] += 1;
        }
        let mut purses_after = state.purses.clone();
        pay_from(&mut purses_after, &balances_before, &balances, &shared);
        Ok(Outcome {
            event,
            plan,
            resolution,
            facts,
            law_day,
            own_day,
            year: insurance_year(area, year_day),
            stay,
            admission,
            bill,
            trace: trace.steps(),
            payments: sheet.payments().to_vec(),
            cash: sheet.cash(),
            keys,
            used: (used_before, used_after),
            purses: (state.purses.clone(), purses_after),
            shared,
            lines,
            catalogue_lent,
            excluded,
            idle_totals,
            is_admission,
        })
    }

    /// What may be used of each relative's account; nothing where no layer draws on them or the person keeps them.
    fn shared(
        &self,
        benefit: &'packs Benefit,
        resolution: &Resolution<'packs>,
        facts: &Facts,
        day: Date,
        event: &Event,
        state: &State<'_>,
    ) -> Result<Vec<Shared<'packs>>, gongji_policy::plan::Refusal> {
        let asked = event.use_mutual_aid
            && resolution.layers.iter().any(
                |layer| matches!(&layer.work, Work::Purse(purse) if purse.purse == PurseKind::Relatives),
            );
        let relatives = &state.purses.mutual_aid;
        if !asked {
            return Ok(relatives.iter().map(|_| Shared::nothing()).collect());
        }
        relatives.iter().map(|relative| usable(self.scheme, &benefit.domain, facts, day, relative)).collect()
    }
}

/// Takes what the layers drew from the purses.
fn pay_from(purses: &mut Purses, before: &[i64], after: &[i64], shared: &[Shared<'_>]) {
    let drawn = |account: usize| before[account] - after[account];
    purses.current_year = Fen::new(purses.current_year.fen() - drawn(0));
    purses.carried_over = Fen::new(purses.carried_over.fen() - drawn(1));
    for (position, relative) in purses.mutual_aid.iter_mut().enumerate() {
        draw(relative, drawn(2 + position), shared[position].carried_over_only);
    }
}
