//! Faults that are switched on happen, so many times, and to nobody else.

use std::io::{Read, Write};
use std::net::TcpStream;

use serde_json::{Value, json};

use crate::kit::Sandbox;

async fn switch(sandbox: &Sandbox, fault: Value) -> Value {
    let reply = sandbox.ask("POST", "/api/v1/sandbox/faults", Some(fault.to_string())).await;
    assert_eq!(reply.status, 201, "{}", reply.text);
    serde_json::from_str(&reply.text).unwrap()
}

async fn balance(sandbox: &Sandbox) -> String {
    sandbox.fine("pharmacy", "1101").await["insuinfo"][0]["balc"].to_string()
}

#[tokio::test]
async fn a_failure_books_nothing() {
    let sandbox = Sandbox::new();
    let before = balance(&sandbox).await;
    switch(&sandbox, json!({ "kind": "failure", "infno": "2102" })).await;
    let reply = sandbox.post("pharmacy", "2102").await;
    let answer: Value = serde_json::from_str(&reply.text).unwrap();
    assert_eq!((reply.status, &answer["infcode"]), (200, &json!(-1)));
    assert!(answer["err_msg"].as_str().unwrap().starts_with("[sandbox_fault] "), "{}", reply.text);
    assert_eq!(balance(&sandbox).await, before);
    sandbox.fine("pharmacy", "2102").await;
    assert_ne!(balance(&sandbox).await, before);
}

#[tokio::test]
async fn a_platform_that_is_down_says_so_and_books_nothing() {
    let sandbox = Sandbox::new();
    switch(&sandbox, json!({ "kind": "down", "times": 2 })).await;
    for _ in 0..2 {
        let reply = sandbox.post("pharmacy", "2102").await;
        assert_eq!(reply.status, 503, "{}", reply.text);
    }
    sandbox.fine("pharmacy", "2102").await;
}

#[tokio::test]
async fn a_message_that_comes_twice_is_booked_once() {
    let sandbox = Sandbox::new();
    let before = balance(&sandbox).await;
    switch(&sandbox, json!({ "kind": "duplicate", "infno": "2102" })).await;
    let made = sandbox.fine("pharmacy", "2102").await;
    let paid = made["setlinfo"]["acct_pay"].as_f64().unwrap();
    let (before, after) = (before.parse::<f64>().unwrap(), balance(&sandbox).await.parse::<f64>().unwrap());
    assert_eq!(format!("{:.2}", before - after), format!("{paid:.2}"));
}

#[tokio::test]
async fn faults_are_listed_and_switched_off() {
    let sandbox = Sandbox::new();
    let late = switch(&sandbox, json!({ "kind": "delay", "milliseconds": 1, "times": 5 })).await;
    assert_eq!(sandbox.told("/api/v1/sandbox/faults").await, json!([late]));
    sandbox.fine("pharmacy", "2101").await;
    assert_eq!(sandbox.told("/api/v1/sandbox/faults").await[0]["times"], 4);
    let default = switch(&sandbox, json!({ "kind": "delay", "infno": "9999" })).await;
    assert_eq!(default["milliseconds"], 3_000, "a delay that is noticed");
    let address = format!("/api/v1/sandbox/faults/{}", late["id"]);
    assert_eq!(sandbox.ask("DELETE", &address, None).await.status, 204);
    assert_eq!(sandbox.ask("DELETE", &address, None).await.status, 404);
    let wrong = sandbox.ask("POST", "/api/v1/sandbox/faults", Some(r#"{"kind":"fire"}"#.to_owned())).await;
    assert_eq!(wrong.status, 400, "{}", wrong.text);
    let log = sandbox.told("/api/v1/sandbox/messages").await;
    assert_eq!(log["messages"][0]["faults"], "答复迟到");
}

/// What comes back on a connection of its own.
fn raw(address: std::net::SocketAddr, path: &str, body: &str) -> Vec<u8> {
    let mut line = TcpStream::connect(address).unwrap();
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    line.write_all(head.as_bytes()).unwrap();
    line.write_all(body.as_bytes()).unwrap();
    let mut answer = Vec::new();
    // A connection that is reset has answered nothing either.
    let _ = line.read_to_end(&mut answer);
    answer
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_is_booked_and_found_again() {
    let sandbox = Sandbox::new();
    let before = balance(&sandbox).await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let state = sandbox.state.clone();
    let server =
        tokio::spawn(async move { gongji_web::serve(listener, state, std::future::pending()).await });
    switch(&sandbox, json!({ "kind": "lost_answer", "infno": "2102" })).await;
    let (path, body) = sandbox.request("pharmacy", "2102").await;
    let body = body.to_string();
    let (of_path, of_body) = (path.clone(), body.clone());
    let nothing = tokio::task::spawn_blocking(move || raw(address, &of_path, &of_body)).await.unwrap();
    assert_eq!(nothing, b"", "not a byte comes back");
    assert_ne!(balance(&sandbox).await, before, "and it is booked");
    let again = tokio::task::spawn_blocking(move || raw(address, &path, &body)).await.unwrap();
    assert!(
        String::from_utf8_lossy(&again).contains("\"infcode\":0"),
        "the same message once more is answered"
    );
    sandbox.fine("unknown", "2601").await;
    assert_eq!(balance(&sandbox).await, before);
    server.abort();
}
