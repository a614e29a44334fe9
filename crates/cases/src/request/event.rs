//! What happens: bills, and the payment at the end of a year.

use gongji_money::Fen;
use gongji_policy::{Dimension, DimensionKind};
use jiff::civil::Date;

use super::calculation::{Calculation, kind_names, kind_of, nearest_kind};
use super::limits::MOST_CONDITIONS;
use super::object::{Object, Value};
use super::person::area_code;
use super::{Charges, Person, Question};
use crate::error::{CaseError, ErrorCode};

/// What kind of event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventKind {
    /// A bill.
    Bill,
    /// The payment at the end of a year, over what the year's counters hold.
    YearEnd,
    /// A calculation that is no bill; the fields of a bill then say nothing.
    Calculation,
}

/// A place of treatment. `None` is unanswered, except where the field says otherwise.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facility {
    /// 机构级别.
    pub level: Option<i64>,
    /// 等次; absent means none.
    pub grade: Option<i64>,
    /// 行政级别; absent means none.
    pub admin_level: Option<i64>,
    /// 机构类型.
    pub facility_type: Option<i64>,
    /// Its number, for rules by institution.
    pub id: Option<String>,
    /// The group of institutions that the pack names; absent means none.
    pub group: Option<String>,
}

/// One event. Choices are indices of their dimension's names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// What kind of result it asks for.
    pub kind: EventKind,
    /// The settlement date.
    pub date: Date,
    /// 医疗类别.
    pub care_type: i64,
    /// Where.
    pub facility: Facility,
    /// 就医地.
    pub care_area: String,
    /// 备案类型; unanswered away from home unless given.
    pub filing: Option<i64>,
    /// 入院日期, where given.
    pub admitted_on: Option<Date>,
    /// 出院日期, where given.
    pub discharged_on: Option<Date>,
    /// The stay that several bills share.
    pub stay: Option<String>,
    /// 中途结算.
    pub mid_stay: bool,
    /// The stay that this one was transferred from.
    pub transfer_from: Option<String>,
    /// 急诊转住院.
    pub from_emergency: bool,
    /// Who issued the prescription, for purchases with one.
    pub issued_by: Option<Facility>,
    /// 家庭医生签约.
    pub family_doctor: Option<bool>,
    /// 就医原因.
    pub cause: i64,
    /// Chronic or special diseases, by names of the pack; the first is the one treated.
    pub conditions: Vec<String>,
    /// What it costs; `None` for the end of a year.
    pub charges: Option<Charges>,
    /// Whether the own account may pay.
    pub use_account: bool,
    /// Whether relatives' accounts may pay.
    pub use_mutual_aid: bool,
    /// What a calculation asks.
    pub calculation: Option<Box<Calculation>>,
}

/// The index of a dimension's fixed name, as the fields of [`Person`], [`Event`] and [`Facility`] hold it; `None` for a
/// name that the case format does not know.
pub fn choice(dimension: Dimension, name: &str) -> Option<i64> {
    match dimension.kind() {
        DimensionKind::Choice(names) => names.iter().position(|known| *known == name).map(|at| at as i64),
        _ => None,
    }
}

impl Facility {
    fn of(value: &Value<'_>) -> Result<Facility, CaseError> {
        let object = value.object(&["level", "grade", "admin_level", "type", "id", "group"])?;
        let choice =
            |name: &'static str, dimension| object.get(name).map(|value| value.choice(dimension)).transpose();
        Ok(Facility {
            level: choice("level", Dimension::Level)?,
            grade: choice("grade", Dimension::Grade)?,
            admin_level: choice("admin_level", Dimension::AdminLevel)?,
            facility_type: choice("type", Dimension::FacilityType)?,
            id: text(&object, "id")?,
            group: text(&object, "group")?,
        })
    }
}

fn text(object: &Object<'_>, name: &str) -> Result<Option<String>, CaseError> {
    object.get(name).map(|value| value.text().map(str::to_owned)).transpose()
}

fn flag(object: &Object<'_>, name: &str, default: bool) -> Result<bool, CaseError> {
    object.get(name).map_or(Ok(default), |value| value.flag())
}

/// A kind's name in the case format, and what people read.
type NamedKind = (&'static str, &'static str);

/// The kind, and which calculation where it is one.
fn kind(value: &Value<'_>) -> Result<(EventKind, Option<NamedKind>), CaseError> {
    let text = value.text()?;
    match text {
        "bill" => return Ok((EventKind::Bill, None)),
        "year_end" => return Ok((EventKind::YearEnd, None)),
        _ => {}
    }
    if let Some(found) = kind_of(text) {
        return Ok((EventKind::Calculation, Some(found)));
    }
    let names: Vec<&str> = ["bill", "year_end"].into_iter().chain(kind_names()).collect();
    let error = value.error(ErrorCode::UnknownValue, "没有这种事件").expected(names.join("、"));
    Err(match nearest_kind(text) {
        Some(near) => error.hint(format!("是不是想写 {near}？")),
        None => error,
    })
}

impl Event {
    pub(super) fn of(value: &Value<'_>, person: &Person) -> Result<Event, CaseError> {
        // The kind comes first: other kinds have other fields.
        if let super::Node::Object(members) = value.node
            && let Some((name, node)) = members.iter().find(|(name, _)| name == "kind")
        {
            let (_, calculation) = kind(&Value { node, path: value.path.name(name) })?;
            if let Some(calculation) = calculation {
                return Event::of_calculation(value, calculation, person);
            }
        }
        let object = value.object(&[
            "kind",
            "date",
            "care_type",
            "facility",
            "care_area",
            "filing",
            "admitted_on",
            "discharged_on",
            "stay",
            "mid_stay",
            "transfer_from",
            "from_emergency",
            "prescription",
            "family_doctor",
            "cause",
            "condition",
            "charges",
            "use_account",
            "use_mutual_aid",
        ])?;
        let (kind, _) = kind(&object.require("kind", "事件的种类，如 bill（账单）")?)?;
        let year_end = choice(Dimension::CareType, "year_end").unwrap_or_default();
        let care_type = match object.get("care_type") {
            Some(given) => given.choice(Dimension::CareType)?,
            None if kind == EventKind::YearEnd => year_end,
            None => {
                object.require("care_type", "医疗类别，如 inpatient（住院）")?.choice(Dimension::CareType)?
            }
        };
        if kind == EventKind::YearEnd && care_type != year_end {
            let field = object.path.name("care_type").to_string();
            return Err(CaseError::new(ErrorCode::Contradiction, field, "年度结算没有别的医疗类别")
                .expected("year_end，或不写"));
        }
        let charges = object.get("charges").map(|charges| Charges::of(&charges)).transpose()?;
        if care_type == year_end && charges.is_some() {
            let field = object.path.name("charges").to_string();
            return Err(CaseError::new(
                ErrorCode::Contradiction,
                field,
                "年度结算的金额来自全年累计，不能另写费用",
            ));
        }
        if care_type != year_end && charges.is_none() {
            object.require("charges", "费用：四个部分，或明细 lines")?;
        }
        let event = Event {
            kind,
            date: object.require("date", "结算日期")?.date()?,
            care_type,
            facility: match object.get("facility") {
                Some(facility) => Facility::of(&facility)?,
                None => Facility::default(),
            },
            care_area: match object.get("care_area") {
                Some(area) => area_code(&area)?,
                None => person.pooling_area.clone(),
            },
            filing: object.get("filing").map(|value| value.choice(Dimension::Filing)).transpose()?,
            admitted_on: object.get("admitted_on").map(|value| value.date()).transpose()?,
            discharged_on: object.get("discharged_on").map(|value| value.date()).transpose()?,
            stay: text(&object, "stay")?,
            mid_stay: flag(&object, "mid_stay", false)?,
            transfer_from: text(&object, "transfer_from")?,
            from_emergency: flag(&object, "from_emergency", false)?,
            issued_by: match object.get("prescription") {
                Some(prescription) => {
                    let prescription = prescription.object(&["issued_by"])?;
                    let issuer = prescription.require("issued_by", "开方机构")?;
                    Some(Facility::of(&issuer)?)
                }
                None => None,
            },
            family_doctor: object.get("family_doctor").map(|value| value.flag()).transpose()?,
            cause: match object.get("cause") {
                Some(cause) => cause.choice(Dimension::Cause)?,
                None => 0,
            },
            conditions: match object.get("condition") {
                Some(conditions) => conditions_of(&conditions)?,
                None => Vec::new(),
            },
            charges,
            use_account: flag(&object, "use_account", true)?,
            use_mutual_aid: flag(&object, "use_mutual_aid", true)?,
            calculation: None,
        };
        event.check(person, |name| object.path.name(name).to_string())?;
        let local = choice(Dimension::Filing, "local").filter(|_| event.care_area == person.pooling_area);
        Ok(Event { filing: event.filing.or(local), ..event })
    }

    /// A bill of nothing without a stay, settled on a day, for a kind of care (an index of [`Dimension::CareType`]) in an
    /// area, with every default of the case format: illness, no condition, the accounts may pay. Further fields are set
    /// on it.
    pub fn bill(date: Date, care_type: i64, care_area: &str) -> Event {
        Event {
            kind: EventKind::Bill,
            date,
            care_type,
            facility: Facility::default(),
            care_area: care_area.to_owned(),
            filing: None,
            admitted_on: None,
            discharged_on: None,
            stay: None,
            mid_stay: false,
            transfer_from: None,
            from_emergency: false,
            issued_by: None,
            family_doctor: None,
            cause: 0,
            conditions: Vec::new(),
            charges: Some(Charges::in_scope(Fen::ZERO)),
            use_account: true,
            use_mutual_aid: true,
            calculation: None,
        }
    }

    /// The payment at the end of a year, over what the year's counters hold.
    pub fn year_end(date: Date, care_area: &str) -> Event {
        let care_type = choice(Dimension::CareType, "year_end").unwrap_or_default();
        Event { kind: EventKind::YearEnd, charges: None, ..Event::bill(date, care_type, care_area) }
    }

    /// A calculation asked on a day for somebody insured in an area.
    pub fn asking(question: Question, date: Date, area: &str) -> Event {
        Event {
            kind: EventKind::Calculation,
            charges: None,
            use_account: false,
            use_mutual_aid: false,
            calculation: Some(Box::new(Calculation::asking(question))),
            ..Event::bill(date, 0, area)
        }
    }

    /// An event that is no bill.
    fn of_calculation(
        value: &Value<'_>,
        kind: (&'static str, &'static str),
        person: &Person,
    ) -> Result<Event, CaseError> {
        let (calculation, date) = Calculation::of(value, kind, &person.scheme)?;
        Ok(Event {
            kind: EventKind::Calculation,
            charges: None,
            use_account: false,
            use_mutual_aid: false,
            calculation: Some(Box::new(calculation)),
            ..Event::bill(date, 0, &person.pooling_area)
        })
    }

    /// What a single field cannot show: dates and places against each other. `field` names a field of the event.
    ///
    /// # Errors
    /// A [`CaseError`] that names the field which contradicts another.
    pub(crate) fn check(&self, person: &Person, field: impl Fn(&str) -> String) -> Result<(), CaseError> {
        let (admitted, discharged) =
            (self.admitted_on.unwrap_or(self.date), self.discharged_on.unwrap_or(self.date));
        if discharged < admitted || discharged > self.date || admitted > self.date {
            let name = if discharged > self.date { "discharged_on" } else { "admitted_on" };
            return Err(CaseError::new(
                ErrorCode::DatesGoBack,
                field(name),
                "入院、出院、结算的日期先后不对",
            )
            .found(format!("入院 {admitted}，出院 {discharged}，结算 {}", self.date))
            .expected("入院不晚于出院，出院不晚于结算"));
        }
        if let Some(born) = person.birth_date.filter(|born| *born > admitted) {
            return Err(CaseError::new(ErrorCode::DatesGoBack, field("date"), "早于参保人的出生日期")
                .found(format!("{admitted}，而出生日期是 {born}"))
                .expected(format!("{born} 或以后")));
        }
        if self.transfer_from.is_some() && self.transfer_from == self.stay {
            return Err(CaseError::new(
                ErrorCode::Contradiction,
                field("transfer_from"),
                "不能从同一次住院转来",
            ));
        }
        if self.filing.is_some()
            && self.filing == choice(Dimension::Filing, "local")
            && self.care_area.get(..2) != person.pooling_area.get(..2)
        {
            return Err(CaseError::new(
                ErrorCode::Contradiction,
                field("filing"),
                "跨省就医不能是 local（本地）",
            )
            .found(format!("参保地 {}，就医地 {}", person.pooling_area, self.care_area))
            .expected("long_stay、referral、emergency、temporary，未备案写 none"));
        }
        Ok(())
    }
}

fn conditions_of(value: &Value<'_>) -> Result<Vec<String>, CaseError> {
    if matches!(value.node, super::Node::Text(_)) {
        return Ok(vec![value.text()?.to_owned()]);
    }
    let mut conditions: Vec<String> = Vec::new();
    for (index, node) in value.list(MOST_CONDITIONS)?.iter().enumerate() {
        let name = Value { node, path: value.path.index(index) }.text()?;
        if !conditions.iter().any(|known| known == name) {
            conditions.push(name.to_owned());
        }
    }
    Ok(conditions)
}
