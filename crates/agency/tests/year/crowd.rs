//! Many people at once.

use gongji_agency::actor::Actor;
use gongji_agency::command::Command;
use gongji_agency::office::Answer;
use serde_json::{Value, json};

use crate::world::{CLOUD, World, text};

/// Asks for many commands at once, so that many share one commit; what each was told, in order.
pub fn together(
    world: &World,
    actor: &Actor,
    commands: impl IntoIterator<Item = (&'static str, Value)>,
) -> Vec<Answer> {
    let submit = |(kind, body): (&str, Value)| {
        let (tell, told) = std::sync::mpsc::channel();
        let command = Command::read(kind, &body.to_string()).expect("a command");
        let tell = Box::new(move |answer| tell.send(answer).expect("told"));
        world.office.submit(actor, &world.fresh_key(), command, tell);
        told
    };
    let waiting: Vec<_> = commands.into_iter().map(submit).collect();
    waiting.into_iter().map(|told| told.recv().expect("told").expect("booked")).collect()
}

/// So many employees with an account, which holds 400.00 of the current year for every third.
pub fn savers(world: &World, count: usize) -> Vec<String> {
    let operator = crate::world::operator();
    let registered = together(
        world,
        &operator,
        (0..count).map(|at| {
            let certificate = json!({ "kind": "passport", "number": format!("PM{at:06}") });
            let body = json!({ "area": CLOUD, "name": "某人", "certificate": certificate, "sex": "female", "birth_date": "1980-02-03" });
            ("register_person", body)
        }),
    );
    let people: Vec<String> = registered.iter().map(|answer| text(answer, "person")).collect();
    let of = |body: fn(&str) -> (&'static str, Value)| people.iter().map(move |person| body(person));
    together(
        world,
        &operator,
        of(|person| {
            let facts = json!({ "category": "employed" });
            (
                "enrol",
                json!({ "person": person, "area": CLOUD, "scheme": "employee", "from": "2020-01-01", "facts": facts, "reason": "新参保" }),
            )
        }),
    );
    together(world, &operator, of(|person| ("open_account", json!({ "person": person, "area": CLOUD }))));
    let credited = people.iter().step_by(3).map(|person| {
        let body = json!({ "person": person, "sub_account": "current_year", "amount": "400.00", "period": "2026-01", "source": "opening", "reason": "期初余额" });
        ("credit_account", body)
    });
    together(world, &operator, credited);
    people
}
