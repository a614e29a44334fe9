//! Books with a synthetic population.

use std::sync::Arc;
use std::time::Instant;

use gongji_agency::office::{Office, Rules};
use gongji_agency::port::{Clock, Store, SystemClock};
use gongji_demo::{Demo, clock, load};
use gongji_packs::PackTexts;
use gongji_policy::read_packs;
use gongji_store::open;

/// An office over a new store with people in it.
pub struct Books {
    pub office: Office,
}

/// An office over a place.
pub fn office(place: &str, clock: Arc<dyn Clock>) -> Office {
    let texts = PackTexts::shipped().rules;
    let (packs, _) = read_packs(&texts);
    let files = texts.into_iter().map(|text| (text.name, text.text)).collect();
    let rules = Arc::new(Rules::new(packs.leak(), files));
    Office::open(open(place).unwrap() as Arc<dyn Store>, rules, clock).unwrap()
}

impl Books {
    /// Makes them, and says how fast.
    pub fn made(place: &str, people: u64) -> (Books, String) {
        let demo = office(place, Arc::new(clock().unwrap()));
        let started = Instant::now();
        let report = load(&demo, Demo { people, seed: 1, years: 1 }, &mut |_| {}).unwrap();
        let millis = u64::try_from(started.elapsed().as_millis()).unwrap().max(1);
        let loaded = format!(
            "{} people/s, {} commands/s",
            report.people * 1_000 / millis,
            report.booked * 1_000 / millis
        );
        drop(demo);
        (Books { office: office(place, Arc::new(SystemClock)) }, loaded)
    }

    /// How long the journal is.
    pub fn entries(&self) -> u64 {
        let mut seq = 0;
        self.office
            .store()
            .read(&mut |view| {
                seq = view.head()?.seq;
                Ok(())
            })
            .unwrap();
        seq
    }
}
