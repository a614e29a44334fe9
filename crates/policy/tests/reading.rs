//! What texts mean, on an invented pack that uses every key of the format.
#![expect(clippy::unwrap_used, reason = "a test that cannot read its texts has failed")]

use gongji_money::{Fen, Rate, Rounding};
use gongji_policy::{
    AmountChange, AmountRule, AnswerField, BandAxis, BillMeasure, CapAxis, Code, Constraint, DateRule,
    Dimension, Excess, GuaranteeTerm, Layer, LayerKind, LayerMeasure, Pack, Payer, Portion, PurseKind,
    RatioChange, RatioLayer, Setting, Share, SourceText, TagSelector, UnitBandMode, day_number, read_packs,
    render,
};
use jiff::civil::{Date, date};

fn texts() -> Vec<SourceText> {
    [
        ("990000-frame/area.toml", include_str!("full/990000-frame/area.toml")),
        ("990000-frame/employee.toml", include_str!("full/990000-frame/employee.toml")),
        ("990000-frame/sources.toml", include_str!("full/990000-frame/sources.toml")),
        ("990002-full/area.toml", include_str!("full/990002-full/area.toml")),
        ("990002-full/cases/one.json", "{"),
        ("990002-full/employee.inpatient.toml", include_str!("full/990002-full/employee.inpatient.toml")),
        ("990002-full/employee.toml", include_str!("full/990002-full/employee.toml")),
        ("990002-full/resident.toml", include_str!("full/990002-full/resident.toml")),
        ("990002-full/sources.toml", include_str!("full/990002-full/sources.toml")),
    ]
    .map(|(name, text)| SourceText::new(name, text))
    .to_vec()
}

/// The packs of the texts after replacing one part of one of them.
fn changed(name: &str, from: &str, to: &str) -> (Vec<Pack>, Vec<gongji_policy::Diagnostic>) {
    let mut texts = texts();
    let text = texts.iter_mut().find(|text| text.name == name).unwrap();
    assert!(text.text.contains(from), "{from}");
    text.text = text.text.replacen(from, to, 1);
    read_packs(&texts)
}

fn full() -> Pack {
    let texts = texts();
    let (packs, findings) = read_packs(&texts);
    let messages: Vec<String> = findings.iter().map(|finding| render(finding, &texts, false)).collect();
    assert!(messages.is_empty(), "{}", messages.join("\n\n"));
    packs.into_iter().find(|pack| pack.area.code == "990002").unwrap()
}

fn layer<'a>(pack: &'a Pack, benefit: &str, name: &str) -> &'a Layer {
    let scheme = pack.scheme("employee").unwrap();
    let benefit = scheme.benefits.iter().find(|known| known.name == benefit).unwrap();
    benefit.layers.iter().find(|layer| layer.name == name).unwrap()
}

fn ratio(layer: &Layer) -> &RatioLayer {
    let LayerKind::Ratio(ratio) = &layer.kind else { panic!("{} is not a ratio layer", layer.name) };
    ratio
}

fn rate(text: &str) -> Setting<Rate> {
    Setting::Known(text.parse().unwrap())
}

fn yuan(yuan: i64) -> Fen {
    Fen::from_yuan(yuan).unwrap()
}

#[test]
fn area_sources_and_indices() {
    let pack = full();
    assert_eq!((pack.area.name.as_str(), pack.area.parent.as_deref()), ("全例市", Some("990000")));
    assert_eq!((pack.area.year_start.month, pack.area.year_start.day), (7, 1));
    assert_eq!((pack.area.law_date, pack.area.year_date), (DateRule::Settled, DateRule::Admitted));
    assert_eq!(pack.area.notice.as_deref(), Some("示范参数"));
    let ids: Vec<&str> = pack.sources.iter().map(|source| source.id.as_str()).collect();
    assert_eq!(ids[0], "990002:full");
    assert!(ids.contains(&"990000:frame") && ids.contains(&"990000:frame-old"));
    // The area's own index, and the one it takes from the pack above.
    let paths: Vec<&str> = pack.indices.iter().map(|index| index.path.as_str()).collect();
    assert_eq!(paths, ["area.index.disposable_income", "area.index.average_wage_yearly"]);
    assert_eq!(pack.indices[1].rows[1].value, Setting::Known(AmountRule::Fixed(Fen::new(8_500_050))));
}

#[test]
fn scheme_values_counters_and_domain() {
    let pack = full();
    let scheme = pack.scheme("employee").unwrap();
    assert_eq!(scheme.aid_order, [2, 1]);
    assert_eq!(scheme.values[&Dimension::Condition], ["none", "hypertension", "diabetes"]);
    let names: Vec<&str> = scheme.counters.iter().map(|counter| counter.name.as_str()).collect();
    assert_eq!(names, ["pool_year", "daily", "self_pay", "admissions"]);
    assert!(scheme.counters[1].per_facility);
    assert_eq!(scheme.counters[0].stated_as.as_deref(), Some("pooled_paid"));
    let benefit = &scheme.benefits[0];
    assert_eq!(benefit.care_types, [5, 6]);
    assert_eq!(benefit.tags, ["general", "special_drug"]);
    assert_eq!(benefit.admissions, Some(3));
    assert_eq!(benefit.domain[&Dimension::Age], Constraint::Between { low: 18, high: 120 });
    assert_eq!(benefit.domain[&Dimension::Category], Constraint::OneOf(0b11));
    assert_eq!(benefit.domain[&Dimension::Place], Constraint::OneOf(0b101));
    let shares: Vec<_> = scheme.sharing.as_ref().unwrap().rows.iter().map(|row| row.value.clone()).collect();
    let expected = [Share::All, Share::Above(yuan(2000)), Share::CarriedOver, Share::Nothing];
    assert_eq!(shares, expected.map(Setting::Known));
    let catalogue = scheme.catalogue.as_ref().unwrap();
    assert_eq!(catalogue.unit_bands.as_ref().unwrap().mode, UnitBandMode::Marginal);
    assert_eq!(catalogue.price_cap.rows[1].value, Setting::Known(AmountRule::Unlimited));
    assert_eq!(pack.scheme("resident").unwrap().exclusion.as_ref().unwrap().rows.len(), 2);
}

#[test]
fn a_layer_with_everything() {
    let pack = full();
    let pool = layer(&pack, "inpatient", "pool");
    assert_eq!((pool.payer, pool.field), (Payer::PooledFund, AnswerField::PooledPaid));
    assert_eq!(pool.fund_account.as_deref(), Some("310100"));
    assert_eq!(pool.base[0].tag, TagSelector::Only(0));
    assert_eq!(pool.adds, [(LayerMeasure::OwnShare, 2)]);
    assert_eq!(pool.applies.as_ref().unwrap().rows[0].reason.as_deref(), Some("未备案"));
    let pool = ratio(pool);
    assert_eq!((pool.rounding, pool.round_each_band), (Rounding::HALF_UP_FEN, true));
    let deductible = pool.deductible.as_ref().unwrap();
    assert_eq!((deductible.counter, deductible.due_every_days), (Some(1), Some(90)));
    assert_eq!(deductible.label, "起付线");
    let rows = &deductible.amount.rows;
    assert_eq!(
        rows[0].value,
        Setting::Known(AmountRule::PercentOf {
            measure: BillMeasure::Total,
            rate: Rate::percent(20),
            low: Some(yuan(2000)),
            high: Some(yuan(10000)),
        })
    );
    assert!(matches!(&rows[1].value, Setting::Known(AmountRule::OfIndex { index: 1, .. })));
    assert_eq!(rows[1].when[1], (Dimension::Ordinal, Constraint::Between { low: 2, high: i64::MAX }));
    assert!(matches!(&rows[2].value, Setting::Known(AmountRule::Steps { steps, .. })
        if steps.len() == 3 && steps[0].included && !steps[1].included && steps[2].upto.is_none()));
    let born = Constraint::Between { low: i64::MIN, high: day_number(date(1950, 12, 31)) };
    assert_eq!(rows[3].when[2], (Dimension::BirthDate, born));
    assert_eq!(rows[4].value, Setting::Unknown("未见资料".to_owned()));
    assert!(rows[4].otherwise);
    assert!(matches!(&deductible.adjust[0].change, AmountChange::Times(table) if table.rows.len() == 2));
    assert!(matches!(&deductible.adjust[1].change, AmountChange::Minus { per_repeat: true, .. }));
    assert_eq!(deductible.limits[0].counter, 2);
    let bands = pool.bands.as_ref().unwrap();
    assert_eq!((bands.axis, bands.bound_included), (BandAxis::CounterNet(2), false));
    assert_eq!(bands.bounds.rows[0].value, Setting::Known(vec![yuan(10000), yuan(50000)]));
    assert!(matches!(&pool.ratio_adjust[0].change, RatioChange::Points { per_year_of_age: true, .. }));
    let cap = &pool.caps[0];
    assert_eq!((cap.axis, cap.excess, cap.counter), (CapAxis::PaidWithDeductible, Excess::OwnShare, Some(0)));
    assert_eq!(cap.amount.rows[1].value, Setting::Known(AmountRule::NotApplied));
    assert!(matches!(&cap.adjust[0].change, AmountChange::Plus(_)));
}

#[test]
fn the_other_kinds_of_layer() {
    let pack = full();
    let account = layer(&pack, "inpatient", "account");
    let LayerKind::Purse(purse) = &account.kind else { panic!() };
    assert_eq!(
        (account.payer, purse.purse, purse.caps.len()),
        (Payer::CurrentYear, PurseKind::CurrentYear, 1)
    );
    let LayerKind::Guarantee(floor) = &layer(&pack, "inpatient", "floor").kind else { panic!() };
    assert_eq!(floor.target, [(true, GuaranteeTerm::Total), (false, GuaranteeTerm::Deductible)]);
    assert_eq!(floor.rounding, Rounding::from_name("truncate_fen").unwrap());
    assert!(matches!(layer(&pack, "inpatient", "tally").kind, LayerKind::Tally));
    let relatives = layer(&pack, "inpatient", "relatives");
    assert_eq!((relatives.payer, relatives.base[1].portion), (Payer::Relatives, Portion::OwnShare));
}

/// Dates as `from..to`.
fn days(from: Date, to: Option<Date>) -> (Date, Option<Date>) {
    (from, to)
}

#[test]
fn inherited_rows_keep_their_sources_and_take_the_dates_of_where_they_land() {
    let pack = full();
    let source = |id: usize| pack.sources[id].id.as_str();
    // Out of a benefit of the pack above: its own sources, the dates of this benefit.
    let rows = &ratio(layer(&pack, "inpatient", "pool")).ratio.rows;
    assert_eq!((source(rows[0].source), source(rows[1].source)), ("990000:frame-old", "990000:frame"));
    assert_eq!(days(rows[0].from, rows[0].to), (date(2020, 1, 1), Some(date(2022, 12, 31))));
    let file = &pack.files[rows[0].span.file];
    assert_eq!(file, "990000-frame/employee.toml");
    // A whole benefit taken over for later days: what it does not say anew follows its dates …
    let later = ratio(layer(&pack, "later", "pool"));
    let deductible = &later.deductible.as_ref().unwrap().amount;
    assert_eq!(
        days(deductible.rows[0].from, deductible.rows[0].to),
        (date(2023, 1, 1), Some(date(2023, 12, 31)))
    );
    // … and new values replace old rows with their sources.
    assert_eq!(later.ratio.rows.len(), 1);
    assert_eq!(
        (&later.ratio.rows[0].value, source(later.ratio.rows[0].source)),
        (&rate("85%"), "990002:full")
    );
    // An item of a list can be taken over too.
    assert_eq!((later.caps[0].label.as_str(), later.caps[0].amount.rows.len()), ("换名", 2));
    // A layer: its table without a source rests on the source of the benefit it came from.
    let end = layer(&pack, "year_end", "pool");
    assert_eq!(end.payer, Payer::CriticalIllnessFund);
    assert_eq!(source(ratio(end).deductible.as_ref().unwrap().amount.rows[0].source), "990000:frame");
    // A source named with its pack, at the layer.
    assert_eq!(source(ratio(layer(&pack, "inpatient", "drug")).ratio.rows[0].source), "990000:frame-old");
}

#[test]
fn the_hash_covers_what_the_pack_rests_on() {
    let (before, _) = read_packs(&texts());
    let (after, _) = changed("990000-frame/sources.toml", "第二条", "第三条");
    assert_ne!(before[0].content_hash, after[0].content_hash);
    assert_ne!(before[1].content_hash, after[1].content_hash);
    let (after, _) = changed("990002-full/area.toml", "全例市", "全例县");
    assert_eq!(before[0].content_hash, after[0].content_hash);
    assert_ne!(before[1].content_hash, after[1].content_hash);
    let (after, _) = changed("990002-full/cases/one.json", "{", "}");
    assert_eq!(before[1].content_hash, after[1].content_hash);
    let mut reordered = texts();
    reordered.reverse();
    let (after, findings) = read_packs(&reordered);
    assert_eq!(findings, []);
    assert_eq!(before[1].content_hash, after[1].content_hash);
}

#[test]
fn a_mistake_above_refuses_those_below_once() {
    let from = "{ category = \"retired\", value = \"90%\" }";
    let (packs, findings) =
        changed("990000-frame/employee.toml", from, "{ category = \"retird\", value = \"90%\" }");
    assert!(packs.is_empty());
    assert_eq!(findings.iter().map(|finding| finding.code).collect::<Vec<_>>(), [Code::UnknownName]);
    // A text above that cannot be parsed is one finding, not one for every reference into it.
    let (packs, findings) = changed("990000-frame/employee.toml", "[scheme]", "[scheme");
    assert!(packs.is_empty());
    assert_eq!(findings.iter().map(|finding| finding.code).collect::<Vec<_>>(), [Code::Syntax]);
    // What nobody inherits harms only its own pack.
    let (packs, findings) =
        changed("990000-frame/area.toml", "year_starts = \"01-01\"", "year_starts = \"1-1\"");
    assert_eq!(packs.len(), 1);
    assert_eq!(findings.len(), 1);
}

#[test]
fn a_reference_to_nothing_makes_no_noise() {
    let name = "990002-full/employee.inpatient.toml";
    for (from, to) in [
        ("inherit = \"employee.benefit.inpatient\"", "inherit = \"employee.benefit.inpatent\""),
        ("ratio\"", "ration\""),
        ("990000:employee.benefit.inpatient.layer.pool\"", "990000:resident.benefit.inpatient.layer.pool\""),
    ] {
        let (packs, findings) = changed(name, from, to);
        assert_eq!(
            findings.iter().map(|finding| finding.code).collect::<Vec<_>>(),
            [Code::DanglingReference],
            "{to}"
        );
        assert_eq!(packs.len(), 1);
    }
}

#[test]
fn loops_of_every_shape_end() {
    let name = "990000-frame/employee.toml";
    for (from, to) in [
        ("[layer.relatives]", "[layer.relatives]\ninherit = \"employee.layer.relatives\""),
        ("[layer.relatives]", "[layer.relatives]\ninherit = \"employee.layer.relatives.inner\""),
        ("[layer.relatives]", "[layer.relatives]\ninherit = \"employee\""),
        (
            "[benefit.inpatient]",
            "[benefit.a]\ninherit = \"employee.benefit.b\"\n[benefit.b.layer.x]\ninherit = \"employee.benefit.a.layer.x\"\n[benefit.inpatient]",
        ),
    ] {
        let (packs, findings) = changed(name, from, to);
        assert!(findings.iter().any(|finding| finding.code == Code::ReferenceCycle), "{to}: {findings:#?}");
        assert!(packs.is_empty() || packs.iter().all(|pack| pack.area.code != "990000"), "{to}");
    }
}

#[test]
fn references_that_multiply_are_refused() {
    let mut text = String::from("[scheme]\nlabel = \"x\"\n[layer.l0]\nbase = [\"in_scope\"]\n");
    for level in 1..40 {
        let below = level - 1;
        text.push_str(&format!(
            "[layer.l{level}.a]\ninherit = \"employee.layer.l{below}\"\n[layer.l{level}.b]\ninherit = \"employee.layer.l{below}\"\n"
        ));
    }
    let mut texts = texts();
    texts[1].text = text;
    let (_, findings) = read_packs(&texts);
    let codes: Vec<Code> = findings.iter().map(|finding| finding.code).collect();
    assert!(codes.contains(&Code::LimitExceeded), "{codes:?}");
}

#[test]
fn files_that_are_no_part_of_a_pack() {
    let mut texts = texts();
    texts.push(SourceText::new("990002-full/emploee.toml", ""));
    texts.push(SourceText::new("stray.toml", ""));
    texts.push(SourceText::new("990002-full/README.md", ""));
    let (packs, findings) = read_packs(&texts);
    assert_eq!(packs.len(), 1);
    assert_eq!(findings.iter().map(|finding| finding.code).collect::<Vec<_>>(), [Code::UnknownName; 2]);
    assert!(findings[0].hint.as_deref().unwrap().contains("employee"));
}

#[test]
fn packs_that_stand_above_one_another_in_a_ring() {
    let (packs, findings) = changed("990000-frame/area.toml", "name = ", "parent = \"990002\"\nname = ");
    // The ring is cut where it is reported; the pack that stands below is sound.
    assert_eq!(packs.iter().map(|pack| pack.area.code.as_str()).collect::<Vec<_>>(), ["990002"]);
    assert_eq!(findings.iter().map(|finding| finding.code).collect::<Vec<_>>(), [Code::ReferenceCycle]);
}
