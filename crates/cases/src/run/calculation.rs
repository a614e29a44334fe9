//! Events that are no bill: their facts, the calculator, and what they do to the purses.

use gongji_money::Fen;
use gongji_policy::plan::Refusal;
use gongji_policy::{Dimension, Facts, Inquiry};
use gongji_rules::{
    Calculation, ContributionAsked, CoverAsked, CreditAsked, EmployeeBreak, Figure, InterestAsked,
    MaternityAsked, PaidMonths, PremiumAsked, ResidentWait, RetirementAsked, Stop, TopUpAsked, TransferAsked,
    UseAsked, account_use, cap_reward, contribute, cover, credit, in_window, interest, maternity_allowance,
    premium, retired_status, top_up, transfer, wait_employee, wait_resident,
};
use jiff::civil::Date;

use super::Run;
use super::period::insurance_year;
use super::refusal::refused;
use super::sharing::{draw, usable};
use super::state::State;
use crate::error::{CaseError, ErrorCode};
use crate::facts::{event_field, person_facts};
use crate::request::{self, Event, Purses, Question, Relative};

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
        book(&mut state.purses, &asked.question, &sheet);
        Ok(Calculated { asked, sheet, law_day })
    }

    fn stopped(&self, stop: Stop, index: usize, law_day: Date) -> CaseError {
        match stop {
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
    fn paid(&self, total: Option<i64>, local: Option<i64>) -> PaidMonths {
        let years = &self.person.years;
        let months = |years: Option<i64>| years.map(|years| years * 12);
        let deemed = years.deemed.unwrap_or(0) * 12;
        PaidMonths {
            total: total
                .or_else(|| months(years.total))
                .or_else(|| months(years.local_paid).map(|it| it + deemed)),
            local: local.or_else(|| months(years.local_paid)),
            continuous: months(years.continuous),
        }
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
            Question::Contribution { period, wage, funds, contributors, paid_on, due_on, debit_failed } => {
                let asked = ContributionAsked {
                    period: *period,
                    wage: *wage,
                    funds: funds.clone(),
                    contributors: contributors.clone(),
                    paid_on: *paid_on,
                    due_on: *due_on,
                    debit_failed: *debit_failed,
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
                for_spouse,
                medical_cost,
            } => {
                let asked = MaternityAsked {
                    employers: employers.clone(),
                    birth: *birth,
                    babies: *babies,
                    weeks: *weeks,
                    months_paid: *months_paid,
                    for_spouse: *for_spouse,
                    medical_cost: *medical_cost,
                };
                maternity_allowance(inquiry, &asked)
            }
            Question::AccountUse { purpose, beneficiary, amount } => {
                let purses = &state.purses;
                let asked = UseAsked {
                    purpose: *purpose,
                    beneficiary: *beneficiary,
                    amount: *amount,
                    balances: [purses.current_year, purses.carried_over],
                };
                account_use(inquiry, &asked)
            }
            Question::Cover { periods, years } => {
                let mut covered = Vec::new();
                for year in years {
                    let asked = PremiumAsked {
                        year: self.coverage(year.year),
                        paid_on: year.paid_on,
                        missed_years: year.missed_years,
                        repaired_years: 0,
                        born,
                    };
                    let mut of_year = inquiry.clone();
                    of_year.day = self.options.on.unwrap_or(asked.year.0);
                    let sheet = premium(&mut of_year, &asked)?;
                    if let Some(Figure::Day(from)) = sheet.figure("cover_from") {
                        covered.push((*from, asked.year.1));
                    }
                }
                let is_retired = self.person.category == Some(1) && periods.is_empty();
                let asked =
                    CoverAsked { date: day, periods: periods.clone(), years: covered, retired: is_retired };
                cover(inquiry, &asked)
            }
            Question::TopUp { paid_months, local_months, base, average_wage, retirees } => {
                let asked = TopUpAsked {
                    paid: self.paid(*paid_months, *local_months),
                    base: *base,
                    average_wage: *average_wage,
                    retirees: *retirees,
                };
                top_up(inquiry, &asked)
            }
            Question::RetirementStatus { paid_months, local_months } => {
                let born = born.ok_or(Stop::Refused(Refusal::NeedsAnswer {
                    dimension: Dimension::BirthDate,
                    path: "retirement.age_months".to_owned(),
                }))?;
                let paid = self.paid(*paid_months, *local_months);
                retired_status(inquiry, &RetirementAsked { date: day, born, paid })
            }
            Question::Transfer { minute, beneficiary, amount, taken } => {
                let (movable, carried_only) = self.movable(inquiry, *beneficiary, &state.purses)?;
                let made_today = state.transfers.get(&event.date).copied().unwrap_or(0);
                let asked = TransferAsked {
                    date: event.date,
                    minute: *minute,
                    beneficiary: *beneficiary,
                    amount: *amount,
                    movable,
                    made_today,
                    taken: *taken,
                };
                let sheet = transfer(inquiry, &asked)?;
                if sheet.figure("status") != Some(&Figure::Name("refused", "不能转账")) {
                    *state.transfers.entry(event.date).or_default() += 1;
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

    /// What of the own account may be moved to somebody, and whether only what is carried over.
    fn movable(&self, inquiry: &Inquiry<'_>, beneficiary: i64, purses: &Purses) -> Result<(Fen, bool), Stop> {
        let all = Fen::new(purses.current_year.fen() + purses.carried_over.fen());
        // Relations stand among the beneficiaries in the same order, after the person.
        let relation = beneficiary - 1;
        if !(0..9).contains(&relation) || self.scheme.sharing.is_none() {
            return Ok((all, false));
        }
        let own = own_account(purses, relation);
        let shared = usable(self.scheme, &self.scheme.domain, &inquiry.facts, inquiry.day, &own)?;
        Ok((Fen::new(shared.usable), shared.carried_over_only))
    }
}

/// The own account as a relative would see it.
fn own_account(purses: &Purses, relation: i64) -> Relative {
    Relative {
        relation,
        pooling_area: String::new(),
        current_year: purses.current_year,
        carried_over: purses.carried_over,
    }
}

/// Moves the purses by what a calculation came to.
fn book(purses: &mut Purses, question: &Question, sheet: &Calculation<'_>) {
    let amount = |name: &str| sheet.amount(name).unwrap_or(Fen::ZERO).fen();
    let move_by = |purse: &mut Fen, amount: i64| *purse = Fen::new(purse.fen().saturating_add(amount));
    match question {
        Question::AccountCredit { .. } => move_by(&mut purses.current_year, amount("credit")),
        Question::AccountInterest { opening: None, .. } => {
            let current = amount("current_interest");
            move_by(&mut purses.current_year, current);
            move_by(&mut purses.carried_over, amount("interest") - current);
        }
        Question::AccountUse { .. } => {
            move_by(&mut purses.current_year, -amount("current_year_paid"));
            move_by(&mut purses.carried_over, -amount("carried_over_paid"));
        }
        _ => {}
    }
}
