//! 试一试: the same bill with one thing changed, each computed by the same engine.

use gongji_cases::answer::{BillAnswer, NoticeKind};
use gongji_cases::what_if::{BurdenCurve, Comparison};

use super::inputs::Inputs;
use crate::engine::Alternatives;

/// One thing changed.
pub struct Try {
    /// What was changed.
    pub title: String,
    /// What comes of it.
    pub sentence: String,
    /// The address of the form's question, or of the bill so computed.
    pub query: String,
    /// What the link says.
    pub link: &'static str,
    /// Whether the link leads to the form.
    pub to_form: bool,
}

/// Which accounts pay first: a link each.
pub struct Choice {
    /// What it says.
    pub label: &'static str,
    /// The address.
    pub query: String,
    /// Its name, for the script.
    pub name: &'static str,
    /// Whether this page is it.
    pub now: bool,
}

/// A point of the curve as drawn.
pub struct Dot {
    /// Coordinates in the drawing.
    pub x: i64,
    /// Downwards.
    pub y: i64,
    /// 医疗费总额.
    pub total: String,
    /// 基金支付.
    pub fund: String,
    /// 个人负担.
    pub burden: String,
    /// What changes here.
    pub kink: Option<String>,
    /// Whether it is this bill.
    pub own: bool,
}

/// The burden curve as drawn.
pub struct Curve {
    /// The line's points.
    pub line: String,
    /// The points.
    pub dots: Vec<Dot>,
    /// The largest total and burden.
    pub most_total: String,
    /// The largest burden.
    pub most_burden: String,
    /// What varies.
    pub note: String,
}

/// Everything under 试一试.
pub struct Tries {
    /// Which accounts pay; empty where there are none.
    pub purses: Vec<Choice>,
    /// What the choice changes.
    pub purses_note: &'static str,
    /// The single changes.
    pub tries: Vec<Try>,
    /// The burden curve.
    pub curve: Option<Curve>,
    /// Every key but the total, to try another total.
    pub others: Vec<(String, String)>,
    /// Every key but the day of the law.
    pub other_days: Vec<(String, String)>,
    /// The total as asked.
    pub total: String,
    /// The day of the law as asked.
    pub on: String,
}

/// The drawing's own measures: the axes' room and the field's size.
const LEFT: i64 = 12;
const TOP: i64 = 26;
const WIDE: i64 = 616;
const HIGH: i64 = 200;

fn along(part: i64, whole: i64, size: i64) -> i64 {
    let scaled = i128::from(part) * i128::from(size) / i128::from(whole.max(1));
    i64::try_from(scaled).unwrap_or(0)
}

fn curve(curve: &BurdenCurve) -> Option<Curve> {
    let most_total = curve.points.last()?.total;
    let most_burden = curve.points.iter().map(|point| point.burden).max()?;
    let dots: Vec<Dot> = curve
        .points
        .iter()
        .enumerate()
        .map(|(position, point)| Dot {
            x: LEFT + along(point.total.fen(), most_total.fen(), WIDE),
            y: TOP + HIGH - along(point.burden.fen(), most_burden.fen(), HIGH),
            total: point.total.grouped(),
            fund: point.fund.grouped(),
            burden: point.burden.grouped(),
            kink: point.kink.clone(),
            own: position == curve.own,
        })
        .collect();
    let line: Vec<String> = dots.iter().map(|dot| format!("{},{}", dot.x, dot.y)).collect();
    Some(Curve {
        line: line.join(" "),
        dots,
        most_total: most_total.grouped(),
        most_burden: most_burden.grouped(),
        note: curve.note.clone(),
    })
}

fn changed(comparison: &Comparison, query: String, link: &'static str, to_form: bool) -> Try {
    // The title says what was changed; the sentence need not say it again.
    let sentence = comparison.sentence.strip_prefix(&comparison.change).unwrap_or(&comparison.sentence);
    let sentence = sentence.trim_start_matches('：').to_owned();
    Try { title: comparison.change.clone(), sentence, query, link, to_form }
}

fn but(inputs: &Inputs, key: &str) -> Vec<(String, String)> {
    inputs
        .pairs()
        .filter(|(known, _)| *known != key)
        .map(|(known, value)| (known.to_owned(), value.to_owned()))
        .collect()
}

fn purses(bill: &BillAnswer, inputs: &Inputs) -> Vec<Choice> {
    let before = &bill.purses.before;
    let own = !before.current_year.is_zero() || !before.carried_over.is_zero();
    let kin = before
        .mutual_aid
        .iter()
        .any(|account| !account.current_year.is_zero() || !account.carried_over.is_zero());
    if !own && !kin {
        return Vec::new();
    }
    let now = inputs.get("use");
    let mut choices = vec![
        ("", "all", "都可以用"),
        ("own", "own", "只用本人的"),
        ("kin", "kin", "只用家人的"),
        ("none", "none", "都不用，留着"),
    ];
    choices.retain(|(value, ..)| match *value {
        "own" => own && kin,
        "kin" => kin,
        _ => true,
    });
    choices
        .into_iter()
        .map(|(value, name, label)| Choice {
            label,
            query: inputs.with("use", value).query(),
            name,
            now: now == value,
        })
        .collect()
}

impl Tries {
    /// What may be tried with a bill.
    pub fn of(bill: &BillAnswer, others: &Alternatives, inputs: &Inputs) -> Tries {
        let what_ifs = &others.what_ifs;
        let mut tries = Vec::new();
        if let Some(comparison) = &what_ifs.lower_level {
            let query = format!("{}#q-level", inputs.query());
            tries.push(changed(comparison, query, "换一家医院再算", true));
        }
        if let Some(comparison) = &what_ifs.filing {
            let query = format!("{}#q-filing", inputs.query());
            tries.push(changed(comparison, query, "换一种备案再算", true));
        }
        if let Some(threshold) = &what_ifs.next_threshold {
            tries.push(Try {
                title: "到下一道坎还有多少".to_owned(),
                sentence: threshold.sentence.clone(),
                query: inputs.with("total", &threshold.total.to_string()).query(),
                link: "就按那个总额算",
                to_form: false,
            });
        }
        if let Some(comparison) = &others.on_date {
            let day = comparison.change.split_whitespace().find(|word| word.len() == 10).unwrap_or("");
            tries.push(changed(comparison, inputs.with("on", day).query(), "按那天的规则看", false));
        }
        let first = bill.notices.iter().any(|notice| notice.kind == NoticeKind::AccountFirst);
        Tries {
            purses: purses(bill, inputs),
            purses_note: if first {
                "这里账户先付：改这里，医保基金付多少也会变。"
            } else {
                "改这里不影响医保基金付多少。授权顺序以备案或规则为准。"
            },
            tries,
            curve: curve(&what_ifs.curve),
            others: but(inputs, "total"),
            other_days: but(inputs, "on"),
            total: inputs.get("total").to_owned(),
            on: inputs.get_or("on", &bill.benefit.law_date.to_string()).to_owned(),
        }
    }
}
