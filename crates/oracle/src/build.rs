//! Building packs in code, for tests: short forms for tables, layers and schemes of an invented area.

use gongji_money::{Fen, Rate, Rounding};
use gongji_policy::{
    AmountAdjust, AmountChange, AmountRule, Area, BandAxis, Bands, Benefit, Cap, CapAxis, Constraint,
    Counter, DateRule, Deductible, Dimension, Domain, Excess, Grade, Guarantee, GuaranteeTerm, Layer,
    LayerKind, Pack, Payer, Period, Portion, PortionSelector, Purse, PurseKind, RatioAdjust, RatioChange,
    RatioLayer, Row, Scheme, Setting, Source, Span, Table, TagSelector, YearStart,
};
use jiff::civil::{Date, date};

/// The first day on which built tables are in force.
pub const FIRST_DAY: Date = date(2020, 1, 1);

/// So many yuan as an amount rule.
pub fn yuan(yuan: i64) -> AmountRule {
    AmountRule::Fixed(Fen::new(yuan * 100))
}

/// A row in force from [`FIRST_DAY`] on.
pub fn row<V>(when: Vec<(Dimension, Constraint)>, value: V) -> Row<V> {
    Row {
        when,
        otherwise: false,
        from: FIRST_DAY,
        to: None,
        value: Setting::Known(value),
        source: 0,
        article: None,
        note: None,
        reason: None,
        span: Span::default(),
    }
}

/// A table of rows.
pub fn table<V>(path: &str, rows: Vec<Row<V>>) -> Table<V> {
    Table { path: path.to_owned(), label: path.to_owned(), rows, span: Span::default() }
}

/// A table of one value.
pub fn always<V>(path: &str, value: V) -> Table<V> {
    table(path, vec![row(Vec::new(), value)])
}

/// A table of rates by band, in percent from band 1.
pub fn by_band(percents: &[i32]) -> Table<Rate> {
    let rows = percents.iter().zip(1..).map(|(&percent, band)| {
        row(vec![(Dimension::Band, Constraint::Between { low: band, high: band })], Rate::percent(percent))
    });
    table("ratio", rows.collect())
}

/// One rate for every case.
pub fn percent(percent: i32) -> Table<Rate> {
    always("ratio", Rate::percent(percent))
}

/// A ratio layer of only a ratio, rounded half-up to the fen.
pub fn ratio(ratio: Table<Rate>) -> RatioLayer {
    RatioLayer {
        deductible: None,
        bands: None,
        ratio,
        ratio_adjust: Vec::new(),
        caps: Vec::new(),
        rounding: Rounding::HALF_UP_FEN,
        round_each_band: false,
    }
}

/// A deductible of every bill anew.
pub fn deductible(amount: Table<AmountRule>) -> Deductible {
    Deductible {
        label: "起付标准".to_owned(),
        amount,
        adjust: Vec::new(),
        counter: None,
        due_every_days: None,
        limits: Vec::new(),
    }
}

/// Bands with bounds in yuan.
pub fn bands(axis: BandAxis, bounds: &[i64]) -> Bands {
    let bounds = bounds.iter().map(|yuan| Fen::new(yuan * 100)).collect();
    Bands { axis, bounds: always("bands", bounds), bound_included: true }
}

/// A cap of one bill, its excess over the ceiling.
pub fn cap(axis: CapAxis, amount: AmountRule) -> Cap {
    Cap {
        label: "最高支付限额".to_owned(),
        axis,
        amount: always("cap", amount),
        adjust: Vec::new(),
        counter: None,
        excess: Excess::OverCeiling,
    }
}

/// An adjustment of an amount.
pub fn amount_adjust(change: AmountChange) -> AmountAdjust {
    AmountAdjust { label: "调整".to_owned(), change }
}

/// An adjustment of a ratio.
pub fn ratio_adjust(change: RatioChange) -> RatioAdjust {
    RatioAdjust { label: "调整".to_owned(), change }
}

/// A base of whole portions.
pub fn base(portions: &[Portion]) -> Vec<PortionSelector> {
    portions.iter().map(|&portion| PortionSelector { portion, tag: TagSelector::All }).collect()
}

/// A layer that always applies, reported under its payer's field.
pub fn layer(name: &str, payer: Payer, base: Vec<PortionSelector>, kind: LayerKind) -> Layer {
    Layer {
        name: name.to_owned(),
        label: name.to_owned(),
        payer,
        field: payer.field(),
        fund_account: None,
        base,
        applies: None,
        kind,
        adds: Vec::new(),
        span: Span::default(),
    }
}

/// A layer that pays a ratio.
pub fn ratio_layer(name: &str, payer: Payer, portions: &[Portion], ratio: RatioLayer) -> Layer {
    layer(name, payer, base(portions), LayerKind::Ratio(Box::new(ratio)))
}

/// A layer that draws on a purse.
pub fn purse_layer(purse: PurseKind, portions: &[Portion]) -> Layer {
    let payer = match purse {
        PurseKind::CurrentYear => Payer::CurrentYear,
        PurseKind::CarriedOver => Payer::CarriedOver,
        PurseKind::Relatives => Payer::Relatives,
    };
    layer(payer.name(), payer, base(portions), LayerKind::Purse(Box::new(Purse { purse, caps: Vec::new() })))
}

/// A guarantee that counts the pooled fund's payments.
pub fn guarantee_layer(rate: Table<Rate>, target: &[(bool, GuaranteeTerm)], portions: &[Portion]) -> Layer {
    let guarantee = Guarantee {
        rate,
        target: target.to_vec(),
        counts: vec![Payer::PooledFund],
        rounding: Rounding::HALF_UP_FEN,
    };
    layer("guarantee", Payer::PooledFund, base(portions), LayerKind::Guarantee(Box::new(guarantee)))
}

/// A yearly counter.
pub fn counter(name: &str) -> Counter {
    Counter {
        name: name.to_owned(),
        label: name.to_owned(),
        period: Period::Year,
        per_facility: false,
        stated_as: None,
    }
}

/// A benefit for inpatient care with one tag, in force from [`FIRST_DAY`] on.
pub fn benefit(layers: Vec<Layer>) -> Benefit {
    let inpatient = match Dimension::CareType.kind() {
        gongji_policy::DimensionKind::Choice(names) => names.iter().position(|name| *name == "inpatient"),
        _ => None,
    };
    Benefit {
        name: "inpatient".to_owned(),
        label: "住院".to_owned(),
        care_types: inpatient.map(|index| index as i64).into_iter().collect(),
        from: FIRST_DAY,
        to: None,
        source: 0,
        domain: Domain::new(),
        tags: vec!["general".to_owned()],
        admissions: None,
        in_scope_from: Vec::new(),
        layers,
        span: Span::default(),
    }
}

/// A scheme of one benefit.
pub fn scheme(counters: Vec<Counter>, benefit: Benefit) -> Scheme {
    Scheme {
        name: "employee".to_owned(),
        label: "职工医保".to_owned(),
        values: gongji_policy::OpenValues::new(),
        aid_order: Vec::new(),
        domain: Domain::new(),
        counters,
        benefits: vec![benefit],
        exclusion: None,
        sharing: None,
        catalogue: None,
        parameters: Vec::new(),
    }
}

/// A pack of one scheme.
pub fn pack(scheme: Scheme) -> Pack {
    Pack {
        area: Area {
            code: "990100".to_owned(),
            name: "虚构市".to_owned(),
            parent: None,
            year_start: YearStart { month: 1, day: 1 },
            law_date: DateRule::Discharged,
            year_date: DateRule::Discharged,
            last_checked: date(2026, 1, 1),
            notice: None,
            span: Span::default(),
        },
        sources: vec![Source {
            id: "990100:invented".to_owned(),
            document: "虚构文件".to_owned(),
            article: None,
            address: String::new(),
            grade: Grade::Unverified,
            published: None,
            last_checked: date(2026, 1, 1),
            quote: None,
            note: None,
            span: Span::default(),
        }],
        indices: Vec::new(),
        schemes: vec![scheme],
        files: vec!["990100-invented/employee.toml".to_owned()],
        content_hash: String::new(),
    }
}
