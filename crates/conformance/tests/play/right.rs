//! A platform that answers as it should.

use std::sync::Arc;

use gongji_conformance::{Outcome, PathStyle, Plan, Target, conformance};

use crate::kit::{World, ids, play, shown, subjects};
use crate::server::Server;

#[test]
fn everything_is_as_it_should_be() {
    let world = Arc::new(World::open());
    let server = Server::start({
        let world = Arc::clone(&world);
        move |asked| world.answers(asked)
    });
    let report = play(&server, PathStyle::Single, &[]);
    insta::assert_snapshot!(shown(&report));
    assert_eq!(ids(&report, Outcome::Failed), [""; 0]);
    assert_eq!(ids(&report, Outcome::Noted), [""; 0]);
    // What a run leaves behind does not disturb the next.
    let report = play(&server, PathStyle::PerTransaction, &[]);
    assert_eq!(ids(&report, Outcome::Failed), [""; 0]);
    assert_eq!(ids(&report, Outcome::Skipped), [""; 0]);
}

#[test]
fn nobody_at_the_address_is_an_error() {
    let address =
        std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
    let trouble =
        conformance(Target::new(&format!("http://{address}")), &subjects(), &Plan::default(), &mut |_| {});
    let told = trouble.expect_err("nobody").to_string();
    assert!(told.contains("连接不上"), "{told}");
}
