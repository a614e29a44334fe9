//! The same population twice, and what is in it.

use std::sync::Arc;

use gongji_agency::office::{Office, Rules};
use gongji_agency::port::Store;
use gongji_agency::row::{Cover, YearsPaid};
use gongji_policy::{SourceText, read_packs};
use gongji_store::testing::{Ground, temporary_sqlite};
use jiff::civil::Date;

use super::*;

/// Some cover.
pub fn cover() -> Cover {
    Cover {
        area: "990100".to_owned(),
        scheme: "employee".to_owned(),
        from: Date::constant(2020, 1, 1),
        to: None,
        paused: false,
        reason: String::new(),
        ended: String::new(),
        category: "employed".to_owned(),
        post_type: None,
        account_option: None,
        premium_tier: None,
        assistance: None,
        supplements: None,
        retired_on: None,
        years: YearsPaid::default(),
        employer: None,
    }
}

fn made(demo: Demo) -> Report {
    made_under(gongji_packs::PackTexts::shipped().rules, demo)
}

/// The population of a demonstration under these rules, audited.
pub fn made_under(texts: Vec<SourceText>, demo: Demo) -> Report {
    let (packs, findings) = read_packs(&texts);
    assert!(!packs.is_empty(), "{findings:?}");
    let files = texts.into_iter().map(|text| (text.name, text.text)).collect();
    let rules = Arc::new(Rules::new(packs.leak(), files));
    let ground = temporary_sqlite().expect("a folder");
    let store: Arc<dyn Store> = ground.open().expect("a store");
    let clock = clock().expect("a clock");
    let office = Office::open(store, rules, Arc::new(clock.clone())).expect("an office");
    let report = load_with_year(&office, &clock, demo, &mut |_| {}).expect("a population");
    let mut audited = None;
    let look = &mut |view: &mut dyn gongji_agency::port::Read| {
        audited = Some(gongji_agency::audit::audit(view, &mut |_, _| {})?);
        Ok(())
    };
    office.store().read(look).expect("a view");
    assert_eq!(audited.expect("an audit").differences, []);
    let again = load(&office, demo, &mut |_| {}).expect_err("there are people already");
    assert!(matches!(again, DemoError::NotEmpty(_)), "{again}");
    report
}

#[test]
fn a_seed_is_a_journal() {
    let demo = Demo { people: 60, seed: 5, years: 1 };
    let (one, same, other) = (made(demo), made(demo), made(Demo { seed: 6, ..demo }));
    assert_eq!(one.head, same.head);
    assert_ne!(one.head.hash, other.head.hash);
    assert_eq!(one.people, 60);
    assert!(one.areas > 0 && one.institutions > 0 && one.settlements > 60, "{one:?}");
    assert!(one.refused.is_empty(), "{one:?}");
    let year = one.year.as_ref().expect("a year");
    assert_eq!(one.year, same.year);
    assert!(year.employers > 0 && year.bills > year.employers && year.closed > 0, "{year:?}");
    let years = made(Demo { years: 3, ..demo });
    assert!(years.settlements > one.settlements * 3 / 2 && years.refused.is_empty(), "{years:?}");
}
