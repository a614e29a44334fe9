//! Long work without a bill: transfers on their way back, and the close of funds. Interrupted, it goes on where the books say that it stands.

use gongji_agency::actor::Actor;
use gongji_agency::fund_close::{FundClose, FundWork, fund_areas};
use gongji_agency::job::{Job, Progress, run};
use gongji_agency::office::Failure;
use gongji_agency::returns::Returns;
use serde_json::json;

use crate::kit::assert_books;
use crate::world::{CLOUD, DAY, NOON, PEACE, SEA, World, at_once, on_sqlite, operator, text};

const HOUR: i64 = 3_600_000;

/// Runs a job to its end; how far it said it was after each step.
fn through(world: &World, actor: &Actor, job: &mut dyn Job) -> Result<Vec<Progress>, Failure> {
    let mut told = Vec::new();
    run(&world.office, actor, job, &mut |progress| told.push(progress)).map(|_| told)
}

/// Books the next step of a job whose answer nobody hears: it is interrupted.
fn interrupted(world: &World, actor: &Actor, mut job: impl Job) -> String {
    let step = job.next(&world.office, actor).expect("a look").expect("a step");
    world.office.book(actor, &step.key, step.command).expect("booked");
    step.key
}

fn send(world: &World, mother: &str, child: &str, amount: &str) -> String {
    let body = json!({ "grantor": mother, "beneficiary": child, "relation": "child", "amount": amount });
    text(&world.ok("transfer_to_wallet", body), "transfer")
}

#[test]
fn what_nobody_took_goes_back_once_however_often_the_work_is_interrupted() {
    on_sqlite(|world| {
        let mother = world.saver("甲", CLOUD, "300.00", "9000.00");
        let child = world.employee("乙", CLOUD);
        world.ok("open_wallet", json!({ "person": child }));
        let me = operator();
        let held = || world.balance(&format!("{CLOUD}/held/{mother}"));
        let none: [Progress; 0] = [];
        assert_eq!(through(world, &me, &mut Returns::of(CLOUD)).expect("nothing due"), none);
        send(world, &mother, &child, "10.00");
        send(world, &mother, &child, "20.00");
        // Before six in the morning nothing is due, and nothing that stands in another area's books.
        assert_eq!(through(world, &me, &mut Returns::of(CLOUD)).expect("nothing due"), none);
        world.clock.set(NOON + DAY);
        assert_eq!(through(world, &me, &mut Returns::of(SEA)).expect("nothing due"), none);
        // A step that was decided and never handed in has the same key when the work is begun again.
        let step = Returns::of(CLOUD).next(&world.office, &me).expect("a look").expect("a step");
        let key = interrupted(world, &me, Returns::of(CLOUD));
        assert_eq!((step.key, held()), (key, 0));
        assert_eq!(through(world, &me, &mut Returns::of(CLOUD)).expect("nothing due"), none);
        // What comes due later is another step.
        send(world, &mother, &child, "30.00");
        world.clock.set(NOON + 2 * DAY);
        send(world, &mother, &child, "40.00");
        let told = through(world, &me, &mut Returns::of(CLOUD)).expect("one is due");
        assert_eq!((told, held()), (vec![Progress { done: 1, of: Some(1) }], 4_000));
        world.clock.set(NOON + 3 * DAY - 6 * HOUR);
        through(world, &me, &mut Returns::of(CLOUD)).expect("the other is due");
        assert_eq!((held(), world.purse(&mother)), (0, (30_000, 900_000)));
        assert_books(world);
    });
}

#[test]
fn the_close_of_many_areas_goes_on_after_an_interruption_and_takes_in_what_was_booked_since() {
    on_sqlite(|world| {
        let mut people = Vec::new();
        for (id, area) in [("H1", CLOUD), ("H2", SEA)] {
            world.hospital(id, area);
            people.push(world.employee(id, area));
            let bill = at_once(people.last().expect("a person"), id, "outpatient", "2026-03-05", "4000.00");
            world.at(id).ok("settle_at_once", bill);
        }
        let areas = world.office.look(&operator(), |desk, _| fund_areas(desk)).expect("areas");
        assert_eq!(areas, [SEA, CLOUD], "an area without money has no year to close");
        world.clock.set(NOON + 231 * DAY);
        let (clerk, other) = (Actor::operator("经办"), Actor::operator("复核"));
        let submit = || FundClose::new(areas.clone(), 2026, FundWork::Submit);
        let release = || FundClose::new(areas.clone(), 2026, FundWork::Release);
        interrupted(world, &clerk, submit());
        let told = through(world, &clerk, &mut submit()).expect("the other area");
        assert_eq!(told, [Progress { done: 2, of: Some(2) }], "the first area is through");
        assert!(through(world, &clerk, &mut submit()).expect("nothing").is_empty());
        // Something is booked for the year after all: released it is refused, submitted once more it is not.
        let late = at_once(&people[0], "H1", "outpatient", "2026-12-31", "900.00");
        world.at("H1").ok("settle_at_once", late);
        let mut job = release();
        let refused = through(world, &other, &mut job).expect_err("it is no longer true");
        assert!(
            matches!(&refused, Failure::Refused(refusal) if &*refusal.code == "changed_since"),
            "{refused}"
        );
        assert_eq!(job.area(), Some(CLOUD));
        assert_eq!(through(world, &clerk, &mut submit()).expect("once more").len(), 1);
        let refused = through(world, &clerk, &mut release()).expect_err("nobody releases the own work");
        assert!(
            matches!(&refused, Failure::Refused(refusal) if &*refusal.code == "same_person"),
            "{refused}"
        );
        let told = through(world, &other, &mut release()).expect("the second area");
        assert_eq!(told, [Progress { done: 2, of: Some(2) }]);
        assert!(through(world, &other, &mut release()).expect("nothing").is_empty());
        for area in [SEA, CLOUD] {
            let row = world.row("fund_year", &format!("{area}/2026")).expect("a row");
            assert_eq!(row["released_by"], "复核");
        }
        assert!(world.row("fund_year", &format!("{PEACE}/2026")).is_none());
        assert_books(world);
    });
}
