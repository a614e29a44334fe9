//! Events that are no bill: their facts, the calculator, and what they do to the purses.

use gongji_money::Fen;
use gongji_policy::plan::Refusal;
use gongji_policy::{Dimension, Facts, Inquiry};
use gongji_rules::{
    Calculation, ClearedMonths, ClearingAsked, ContributionAsked, CoverAsked, CreditAsked, EmployeeBreak,
    Figure, InterestAsked, MaternityAsked, PaidMonths, PremiumAsked, Recipient, ResidentWait, RetiredAsked,
    RetirementAsked, RollAsked, Stop, TopUpAsked, TransferAsked, UseAsked, account_clearing, account_use,
    cap_reward, contribute, cover, credit, in_window, interest, maternity_allowance, premium, retired_status,
    top_up, transfer, wait_employee, wait_resident, year_roll,
};
use jiff::civil::Date;

use super::Run;
use super::booking::{book, movable, own_account};
use super::period::insurance_year;
use super::refusal::refused;
use super::sharing::draw;
use super::state::State;
use crate::error::{CaseError, ErrorCode};
use crate::facts::{event_field, person_facts, place};
use crate::request::{self, ClearedRun, CoverYear, Event, Other, Question};

/// 退休: index among the categories.
const RETIRED: i64 = 1;

/// What a calculation came to, before it is put into words.
#[derive(Debug)]
pub(crate) struct Calculated<'packs> {
    pub asked: &'packs request::Calculation,
    pub sheet: Calculation<'packs>,
    /// The day whose law was applied.
    pub law_day: Date,
}

/// The day that picks the law of a question.
fn own_day(question: &Question, event: &Event, year: impl Fn(i16) -> (Date, Date)) -> Date {
    match question {
        Question::Contribution { period, .. } | Question::AccountCredit { period, .. } => *period,
        Question::Premium { coverage_year, .. } | Question::WaitingResident { coverage_year, .. } => {
            year(*coverage_year).0
        }
        Question::AccountInterest { to, .. } => *to,
        Question::WaitingEmployee { paid_on, .. } => *paid_on,
        _ => event.date,
    }
}

impl<'packs> Run<'packs> {
    /// First and last day of the insurance year that begins in a calendar year.
    fn coverage(&self, year: i16) -> (Date, Date) {
        let start = self.pack.area.year_start;
        let january = Date::new(year, 1, 1).unwrap_or(Date::MIN);
        let mut asked = Inquiry::new(self.pack, self.scheme, Facts::default(), january);
        // A scheme that says nothing, or nothing for that year, has the area's year.
        let own = asked.maybe_count("premium", "year_month").ok().flatten();
        let own = own.and_then(|month| i8::try_from(month).ok()).filter(|month| (1..=12).contains(month));
        let (month, day) = own.map_or((start.month, start.day), |month| (month, 1));
        let first = Date::new(year, month, day).unwrap_or(january);
        let next = Date::new(year.saturating_add(1), month, day).unwrap_or(first);
        (first, next.yesterday().unwrap_or(next))
    }

    /// Answers a calculation and moves the purses.
    ///
    /// # Errors
    /// A [`CaseError`] that names the field or the rule.
    pub fn calculation(
        &self,
        index: usize,
        event: &'packs Event,
        asked: &'packs request::Calculation,
        state: &mut State<'_>,
    ) -> Result<Calculated<'packs>, CaseError> {
        let day = own_day(&asked.question, event, |year| self.coverage(year));
        let law_day = self.options.on.unwrap_or(day);
        let facts = person_facts(self.person, index, event, self.scheme, day)?;
        let mut inquiry = Inquiry::new(self.pack, self.scheme, facts, law_day);
        let sheet = self
            .calculate(&mut inquiry, event, asked, day, state)
            .map_err(|stop| self.stopped(stop, index, law_day))?;
        book(state, &asked.question, &sheet, |day| insurance_year(&self.pack.area, day).0);
        Ok(Calculated { asked, sheet, law_day })
    }

    fn stopped(&self, stop: Stop, index: usize, law_day: Date) -> CaseError {
        match stop {
            // Where somebody else is insured is no place of care.
            Stop::Refused(Refusal::NeedsAnswer { dimension: Dimension::Place, path }) => CaseError::new(
                ErrorCode::NeedsAnswer,
                event_field(index, "beneficiary_area"),
                "需要知道对方在哪里参保才能计算",
            )
            .expected("对方参保地的六位行政区划代码")
            .hint(format!("规则 {path} 按它区分")),
            Stop::Refused(refusal) => refused(&refusal, index, self.scheme, &self.scheme.domain, law_day),
            Stop::Missing(field, what) => {
                CaseError::new(ErrorCode::MissingField, event_field(index, field), "缺少这个字段")
                    .expected(what)
            }
            Stop::Wrong(field, problem) => {
                CaseError::new(ErrorCode::Contradiction, event_field(index, field), problem)
            }
            Stop::TooLarge => CaseError::new(
                ErrorCode::TooLarge,
                event_field(index, "").trim_end_matches('.'),
                "数值超出可以计算的范围",
            ),
        }
    }

    /// Months paid: as the event states them, or else the person's whole years.
    fn paid(&self, stated: PaidMonths) -> PaidMonths {
        let years = &self.person.years;
        let months = |years: Option<i64>| years.map(|years| years * 12);
        let deemed = years.deemed.unwrap_or(0) * 12;
        PaidMonths {
            total: stated
                .total
                .or_else(|| months(years.total))
                .or_else(|| months(years.local_paid).map(|it| it + deemed)),
            local: stated.local.or_else(|| months(years.local_paid)),
            province: stated.province,
            continuous: months(years.continuous),
        }
    }

    /// What is known of somebody else: what the event says, or else that a relative of that kind is insured where the
    /// purses say.
    fn recipient(&self, other: &Other, state: &State) -> Recipient {
        // Relations stand among the beneficiaries in the same order, after the person.
        let mut kin = state.purses.mutual_aid.iter().filter(|one| one.relation + 1 == other.beneficiary);
        let known = kin.next().map(|one| one.pooling_area.as_str());
        let area = other.area.as_deref().or(known);
        Recipient {
            beneficiary: other.beneficiary,
            place: area.map(|area| place(&self.pack.area.code, area)),
            insured: other.insured.or(known.map(|_| true)),
            wallet: other.wallet,
        }
    }

    /// What is cleared: the stated sums, or what the events before credited.
    fn clearing(
        &self,
        period: Date,
        (precredited, due): (Option<Fen>, Option<Fen>),
        months: &[ClearedRun],
        state: &State,
    ) -> Result<ClearingAsked, Stop> {
        let year = insurance_year(&self.pack.area, period);
        let mut runs = Vec::with_capacity(months.len());
        for run in months {
            if run.from < year.0 || run.to > year.1 {
                let problem = format!("{} 至 {} 以外的月份不属于这一年度", year.0, year.1);
                return Err(Stop::Wrong("months", problem));
            }
            let credit = CreditAsked {
                period: run.from,
                year,
                wage: run.wage,
                base: run.base,
                pension: run.pension,
                joined_on: None,
                born: self.person.birth_date,
            };
            let law_day = self.options.on.unwrap_or(run.from);
            runs.push(ClearedMonths { to: run.to, credit, law_day });
        }
        Ok(ClearingAsked {
            precredited: precredited.or_else(|| state.precredits.get(&year.0).copied()),
            due,
            months: runs,
            balances: [state.purses.current_year, state.purses.carried_over],
        })
    }

    /// A resident's covered intervals.
    fn resident_cover(
        &self,
        inquiry: &Inquiry<'packs>,
        years: &[CoverYear],
    ) -> Result<Vec<(Date, Date)>, Stop> {
        let mut covered = Vec::new();
        for year in years {
            let asked = PremiumAsked {
                year: self.coverage(year.year),
                paid_on: year.paid_on,
                missed_years: year.missed_years,
                repaired_years: year.repaired_years,
                born: self.person.birth_date,
            };
            let mut of_year = inquiry.clone();
            of_year.day = self.options.on.unwrap_or(asked.year.0);
            let sheet = premium(&mut of_year, &asked)?;
            if let Some(Figure::Day(from)) = sheet.figure("cover_from") {
                covered.push((*from, asked.year.1));
            }
        }
        Ok(covered)
    }

    #[expect(clippy::too_many_lines, reason = "one arm a kind of question")]
    fn calculate(
        &self,
        inquiry: &mut Inquiry<'packs>,
        event: &Event,
        asked: &request::Calculation,
        day: Date,
        state: &mut State<'_>,
    ) -> Result<Calculation<'packs>, Stop> {
        let born = self.person.birth_date;
        match &asked.question {
            Question::Contribution {
                period,
                wage,
                funds,
                contributors,
                paid_on,
                due_on,
                debit_failed,
                owed,
            } => {
                let asked = ContributionAsked {
                    period: *period,
                    wage: *wage,
                    funds: funds.clone(),
                    contributors: contributors.clone(),
                    paid_on: *paid_on,
                    due_on: *due_on,
                    debit_failed: *debit_failed,
                    owed: *owed,
                };
                contribute(inquiry, &asked)
            }
            Question::Premium { coverage_year, paid_on, missed_years, repaired_years } => {
                let asked = PremiumAsked {
                    year: self.coverage(*coverage_year),
                    paid_on: *paid_on,
                    missed_years: *missed_years,
                    repaired_years: *repaired_years,
                    born,
                };
                premium(inquiry, &asked)
            }
            Question::AccountCredit { period, wage, base, pension, joined_on } => {
                let asked = CreditAsked {
                    period: *period,
                    year: insurance_year(&self.pack.area, *period),
                    wage: *wage,
                    base: *base,
                    pension: *pension,
                    joined_on: *joined_on,
                    born,
                };
                credit(inquiry, &asked)
            }
            Question::AccountInterest { from, to, opening, movements } => {
                let purses = &state.purses;
                let asked = InterestAsked {
                    from: *from,
                    to: *to,
                    opening: opening.unwrap_or([purses.current_year, purses.carried_over]),
                    movements: movements.clone(),
                };
                interest(inquiry, &asked)
            }
            Question::AccountClearing { period, precredited, due, months } => {
                let asked = self.clearing(*period, (*precredited, *due), months, state)?;
                account_clearing(inquiry, &asked)
            }
            Question::YearRoll => {
                let start = self.pack.area.year_start;
                let asked = RollAsked {
                    date: day,
                    year_start: (i64::from(start.month), i64::from(start.day)),
                    balances: [state.purses.current_year, state.purses.carried_over],
                };
                year_roll(inquiry, &asked)
            }
            Question::WaitingResident { coverage_year, paid_on, missed_years, repaired_years } => {
                let year_start = self.coverage(*coverage_year).0;
                let mut sheet = Calculation::default();
                let inside = in_window(&mut sheet, inquiry, year_start, *paid_on)?;
                let asked = ResidentWait {
                    year_start,
                    paid_on: *paid_on,
                    missed_years: *missed_years,
                    repaired_years: *repaired_years,
                    in_window: inside,
                };
                sheet.entries.extend(wait_resident(inquiry, &asked)?.entries);
                Ok(sheet)
            }
            Question::WaitingEmployee { paid_on, missed_months, repaired, status_changed } => {
                inquiry.facts.set(Dimension::StatusChanged, status_changed.map(i64::from));
                let asked =
                    EmployeeBreak { paid_on: *paid_on, missed_months: *missed_months, repaired: *repaired };
                wait_employee(inquiry, &asked)
            }
            Question::Maternity {
                employers,
                birth,
                babies,
                weeks,
                months_paid,
                months_since,
                for_spouse,
                medical_cost,
            } => {
                let asked = MaternityAsked {
                    employers: employers.clone(),
                    birth: *birth,
                    babies: *babies,
                    weeks: *weeks,
                    months_paid: *months_paid,
                    months_since: *months_since,
                    for_spouse: *for_spouse,
                    medical_cost: *medical_cost,
                };
                maternity_allowance(inquiry, &asked)
            }
            Question::AccountUse { purpose, other, amount, circumstance } => {
                let asked = UseAsked {
                    purpose: *purpose,
                    recipient: self.recipient(other, state),
                    amount: *amount,
                    circumstance: *circumstance,
                    balances: [state.purses.current_year, state.purses.carried_over],
                };
                account_use(inquiry, &asked)
            }
            Question::Cover { periods, years, paid } => {
                let retired = self.person.category == Some(RETIRED);
                let balance = state.purses.current_year.checked_add(state.purses.carried_over);
                let asked = CoverAsked {
                    date: day,
                    periods: periods.clone(),
                    years: self.resident_cover(inquiry, years)?,
                    retired: retired.then(|| RetiredAsked { born, paid: self.paid(*paid) }),
                    balance: balance.ok_or(Stop::TooLarge)?,
                    law_day: self.options.on,
                };
                cover(inquiry, &asked)
            }
            Question::TopUp { paid, base, average_wage, retirees } => {
                let asked = TopUpAsked {
                    date: day,
                    born,
                    paid: self.paid(*paid),
                    base: *base,
                    average_wage: *average_wage,
                    retirees: retirees.clone(),
                };
                top_up(inquiry, &asked)
            }
            Question::RetirementStatus { paid } => {
                let born = born.ok_or(Stop::Refused(Refusal::NeedsAnswer {
                    dimension: Dimension::BirthDate,
                    path: "retirement.age_months".to_owned(),
                }))?;
                retired_status(inquiry, &RetirementAsked { date: day, born, paid: self.paid(*paid) })
            }
            Question::Transfer { minute, other, amount, taken } => {
                let (movable, carried_only) =
                    movable(self.scheme, inquiry, other.beneficiary, &state.purses)?;
                let (made_today, sent_today) =
                    state.transfers.get(&event.date).copied().unwrap_or((0, Fen::ZERO));
                let asked = TransferAsked {
                    date: event.date,
                    minute: *minute,
                    recipient: self.recipient(other, state),
                    amount: *amount,
                    movable,
                    made_today,
                    sent_today,
                    taken: *taken,
                };
                let sheet = transfer(inquiry, &asked)?;
                if sheet.figure("status") != Some(&Figure::Name("refused", "不能转账")) {
                    let sent = sent_today.checked_add(*amount).ok_or(Stop::TooLarge)?;
                    state.transfers.insert(event.date, (made_today + 1, sent));
                }
                let moved = sheet.amount("transferred").unwrap_or(Fen::ZERO);
                let mut own = own_account(&state.purses, 0);
                draw(&mut own, moved.fen(), carried_only);
                (state.purses.current_year, state.purses.carried_over) = (own.current_year, own.carried_over);
                Ok(sheet)
            }
            Question::CapReward { history } => cap_reward(inquiry, history),
        }
    }
}
