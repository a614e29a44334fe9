//! From rows to the question that the rules are asked.

use gongji_cases::request::{
    Charges, Event, Facility, LineInput, Person as Insured, SUPPLEMENTS, Years, choice,
};
use gongji_money::{Fen, Rate, Rounding};
use gongji_policy::Dimension;
use jiff::civil::Date;

use super::Asked;
use crate::desk::Desk;
use crate::refusal::Refusal;
use crate::row::{Cover, Institution, Item, Line, Person};
use crate::stop::Stop;

/// A name of the case format as the rules number it.
fn named(field: &str, dimension: Dimension, name: &str) -> Result<i64, Refusal> {
    choice(dimension, name).ok_or_else(|| {
        Refusal::new("unknown_value", format!("{}没有这个取值", dimension.label())).at(field).found(name)
    })
}

fn maybe(field: &str, dimension: Dimension, name: Option<&str>) -> Result<Option<i64>, Refusal> {
    name.map(|name| named(field, dimension, name)).transpose()
}

/// The person as the rules see them under a stretch of insurance.
///
/// # Errors
/// A refusal for a name that the case format does not know.
pub fn person_of(person: &Person, cover: &Cover) -> Result<Insured, Refusal> {
    let mut account_option =
        maybe("account_option", Dimension::AccountOption, cover.account_option.as_deref())?;
    if cover.scheme == "employee" {
        account_option = account_option.or(Some(0));
    }
    let assistance = match &cover.assistance {
        None => None,
        Some(names) => Some(
            names
                .iter()
                .map(|name| named("assistance", Dimension::Aid, name))
                .collect::<Result<Vec<_>, _>>()?,
        ),
    };
    let supplements = match &cover.supplements {
        None => None,
        Some(names) => {
            let mut has = [false; SUPPLEMENTS.len()];
            for name in names {
                let at = SUPPLEMENTS.iter().position(|(known, _)| known == name).ok_or_else(|| {
                    Refusal::new("unknown_value", "补充保险没有这个取值").at("supplements").found(name)
                })?;
                has[at] = true;
            }
            Some(has)
        }
    };
    Ok(Insured {
        pooling_area: cover.area.clone(),
        scheme: cover.scheme.clone(),
        category: Some(named("category", Dimension::Category, &cover.category)?),
        birth_date: Some(person.birth_date),
        sex: Some(named("sex", Dimension::Sex, &person.sex)?),
        post_type: maybe("post_type", Dimension::PostType, cover.post_type.as_deref())?,
        account_option,
        premium_tier: cover.premium_tier.clone(),
        assistance,
        supplements,
        retired_on: cover.retired_on,
        years: Years {
            total: cover.years.total,
            local_paid: cover.years.local_paid,
            continuous: cover.years.continuous,
            deemed: cover.years.deemed,
        },
    })
}

/// The institution as the rules see it.
fn facility_of(institution: &Institution) -> Result<Facility, Refusal> {
    Ok(Facility {
        level: maybe("level", Dimension::Level, institution.level.as_deref())?,
        grade: maybe("grade", Dimension::Grade, institution.grade.as_deref())?,
        admin_level: maybe("admin_level", Dimension::AdminLevel, institution.admin_level.as_deref())?,
        facility_type: maybe("type", Dimension::FacilityType, institution.facility_type.as_deref())?,
        id: Some(institution.id.clone()),
        group: institution.group.clone(),
    })
}

/// The bill as the rules see it, for a person insured in `home`.
///
/// # Errors
/// A refusal for a name that the case format does not know; for care away from home without a filing.
pub fn event_of(asked: &Asked, home: &str) -> Result<Event, Refusal> {
    let care_type = named("care_type", Dimension::CareType, &asked.care_type)?;
    let mut event = Event::bill(asked.date, care_type, &asked.institution.area);
    event.facility = facility_of(&asked.institution)?;
    event.filing = maybe("filing", Dimension::Filing, asked.filing.as_deref())?;
    if asked.institution.area == home {
        event.filing = event.filing.or(choice(Dimension::Filing, "local"));
    }
    event.admitted_on = Some(asked.admitted_on);
    event.discharged_on = Some(asked.discharged_on);
    event.stay = asked.stay.clone();
    event.mid_stay = asked.mid_stay;
    event.from_emergency = asked.from_emergency;
    event.issued_by = asked.prescribed_by.as_deref().map(facility_of).transpose()?;
    event.family_doctor = asked.family_doctor;
    if let Some(cause) = &asked.cause {
        event.cause = named("cause", Dimension::Cause, cause)?;
    }
    if asked.conditions.len() > MOST_CONDITIONS {
        let refusal = Refusal::new("too_large", "病种太多").at("conditions").found(asked.conditions.len());
        return Err(refusal.expected(format!("至多 {MOST_CONDITIONS} 种")));
    }
    for condition in &asked.conditions {
        legible("conditions", condition)?;
    }
    event.conditions = asked.conditions.clone();
    event.charges = Some(asked.charges.clone());
    event.use_account = asked.use_account;
    event.use_mutual_aid = asked.use_mutual_aid;
    Ok(event)
}

/// The area of the national catalogue.
const NATIONAL: &str = "000000";

/// The limits of the case format: a text, the diseases and the lines of one bill.
const LONGEST_TEXT: usize = 1_000;
const MOST_CONDITIONS: usize = 100;
const MOST_LINES: usize = 1_000_000;

/// Refuses a text that the case format could not hold: what is booked must be read again when it is explained.
fn legible(field: &str, text: &str) -> Result<(), Refusal> {
    if !text.is_empty() && text.chars().nth(LONGEST_TEXT).is_none() {
        return Ok(());
    }
    Err(Refusal::new("malformed_text", "文字是空的，或者过长")
        .at(field)
        .expected(format!("1 到 {LONGEST_TEXT} 个字")))
}

/// The quantity of a line, whose amount must be quantity × price, as the case format has it.
fn quantity_of(line: &Line, field: impl Fn(&str) -> String) -> Result<Rate, Refusal> {
    let quantity = line.quantity.parse::<Rate>().ok().filter(|quantity| {
        !line.quantity.ends_with('%')
            && *quantity > Rate::ZERO
            && quantity.denominator() <= 1_000_000
            && quantity.numerator() / quantity.denominator() <= 1_000_000_000
    });
    let quantity = quantity.ok_or_else(|| {
        Refusal::new("malformed_number", "数量写法不对")
            .at(field("quantity"))
            .found(&line.quantity)
            .expected("大于零的数，至多六位小数，如 \"1.5\"")
    })?;
    let product = i128::from(line.unit_price) * i128::from(quantity.numerator());
    let exact = Rounding::HALF_UP_FEN.round_wide(product, i128::from(quantity.denominator()));
    if exact == Some(Fen::new(line.amount)) {
        return Ok(quantity);
    }
    let refusal =
        Refusal::new("line_amount", "金额不等于数量 × 单价").at(field("amount")).found(Fen::new(line.amount));
    Err(match exact {
        Some(exact) => refusal.expected(exact),
        None => refusal,
    })
}

/// Lines with what the catalogue of the area of care says of each item on its day.
///
/// # Errors
/// An item that no catalogue has on that day; a malformed quantity.
pub fn charges_of_lines(
    lines: &[Line],
    care_area: &str,
    level: Option<&str>,
    desk: &mut Desk<'_>,
) -> Result<Charges, Stop> {
    if lines.len() > MOST_LINES {
        let refusal = Refusal::new("too_large", "明细太多").at("lines").found(lines.len());
        return Err(refusal.expected(format!("一张单子至多 {MOST_LINES} 条")).into());
    }
    let mut inputs = Vec::with_capacity(lines.len());
    for (at, line) in lines.iter().enumerate() {
        inputs.push(input_of(desk, &[care_area], level, (at, line))?);
    }
    Ok(Charges::Lines(inputs))
}

/// A line with what the first of these areas' catalogues that has the item, or else the national one, says of it on its day.
///
/// # Errors
/// As [`charges_of_lines`].
pub(crate) fn input_of(
    desk: &mut Desk<'_>,
    areas: &[&str],
    level: Option<&str>,
    (at, line): (usize, &Line),
) -> Result<LineInput, Stop> {
    let field = |name: &str| format!("lines[{at}].{name}");
    let mut item = None;
    for area in areas.iter().copied().chain([NATIONAL]) {
        if item.is_none() {
            item = desk.get::<Item>(&format!("{area}/{}", line.code))?;
        }
    }
    let item = item.ok_or_else(|| {
        Refusal::new("unknown_item", "目录里没有这个项目")
            .at(field("code"))
            .found(&line.code)
            .hint("先对照目录，或按目录外（丙类）项目申报")
    })?;
    let version = item.on(line.on).ok_or_else(|| not_on(&field("on"), &item, line.on))?;
    let class = named(&field("class"), Dimension::Class, &version.class)?;
    let ratio = |text: &String| {
        text.parse::<Rate>()
            .map_err(|_| Refusal::new("malformed_number", "先行自付比例读不懂").at(field("code")).found(text))
    };
    let name = if line.name.is_empty() { &item.name } else { &line.name };
    legible(&field("name"), name)?;
    Ok(LineInput {
        code: Some(line.code.clone()),
        name: Some(name.clone()),
        class,
        item_class: version.item_class.clone(),
        quantity: quantity_of(line, field)?,
        unit_price: Fen::new(line.unit_price),
        amount: Fen::new(line.amount),
        upfront_ratio: version.upfront_ratio.as_ref().map(ratio).transpose()?,
        price_cap: version.price_cap(level).map(Fen::new),
    })
}

/// So much of a line as was accepted, as one unit of the same item with the cap of all its units.
pub(crate) fn accepted_of(input: LineInput, accepted: Fen) -> Option<LineInput> {
    let of_all = |cap: Fen| {
        let product = i128::from(cap.fen()) * i128::from(input.quantity.numerator());
        Rounding::HALF_UP_FEN.round_wide(product, i128::from(input.quantity.denominator()))
    };
    let price_cap = match input.price_cap {
        Some(cap) => Some(of_all(cap)?),
        None => None,
    };
    Some(LineInput { quantity: Rate::ONE, unit_price: accepted, amount: accepted, price_cap, ..input })
}

/// A line that no catalogue pays for.
pub(crate) fn refused_input(name: &str, amount: Fen) -> Result<LineInput, Refusal> {
    let class = named("class", Dimension::Class, "C")?;
    Ok(LineInput {
        name: Some(name.to_owned()).filter(|name| !name.is_empty()),
        ..LineInput::new(class, amount)
    })
}

/// Checks quantity, price and amount of a line that is not matched to an item yet.
pub(crate) fn check_line((at, line): (usize, &Line)) -> Result<(), Refusal> {
    let field = |name: &str| format!("lines[{at}].{name}");
    legible(&field("name"), &line.name)?;
    quantity_of(line, field).map(drop)
}

fn not_on(field: &str, item: &Item, on: Date) -> Refusal {
    let when: Vec<String> = item
        .versions
        .iter()
        .map(|version| match version.to {
            Some(to) => format!("{} 至 {to}", version.from),
            None => format!("{} 起", version.from),
        })
        .collect();
    Refusal::new("item_not_in_force", format!("{}这一天不在目录里", item.name))
        .at(field)
        .found(on)
        .expected(when.join("、"))
}
