//! The gateways' headers over HTTP: each value here was made by another program (Python's hmac, OpenSSL).

use axum::body::Body;
use axum::http::Request;
use gongji_web::Gateway;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::common::{Reply, send};
use crate::seed::seeded;

const ONE: &str = "/fsi/api/rsfComIfsService/callService";

const CONFIG: &str = r#"
[[sender]]
institution = "H1"
variant = "csb"
key = "AK1"
secret = "SK1"

[[sender]]
institution = "H2"
variant = "x-tif"
key = "paas"
secret_env = "TIF_SECRET"

[[sender]]
institution = "H1"
variant = "x-ca"
key = "H1"
secret = "CS"
[sender.seal]
encrypt = "SM4"
sm4_key = "00112233445566778899aabbccddeeff"
sign = "SM3"
secret = "seal"
"#;

/// Noon of 2026-03-05 in Beijing, in seconds: the clock of these tests stands there.
const NOON: i64 = 1_772_683_200;

fn found(institution: &str) -> String {
    json!({ "infno": "1201", "msgid": format!("{institution}202603051200000001"), "fixmedins_code": institution,
        "input": { "medinsinfo": { "fixmedins_code": institution } } })
    .to_string()
}

struct Gated(gongji_web::Gongji, crate::seed::Seeded);

async fn gated() -> Gated {
    let seeded = seeded().await;
    let gateway = Gateway::read(CONFIG, &|name| (name == "TIF_SECRET").then(|| "TS".to_owned())).unwrap();
    assert_eq!(gateway.senders(), 3);
    Gated(seeded.agency.state.clone().with_gateway(gateway), seeded)
}

impl Gated {
    async fn post(&self, headers: &[(&str, String)], body: &str) -> Reply {
        let mut request = Request::post(ONE);
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        send(self.0.clone(), request.body(Body::from(body.to_owned())).unwrap()).await
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn tif(key: &str, secret: &str, at: i64, nonce: &str) -> Vec<(&'static str, String)> {
    let signed = Sha256::digest(format!("{at}{secret}{nonce}{at}"));
    vec![
        ("x-tif-paasid", key.to_owned()),
        ("x-tif-timestamp", at.to_string()),
        ("x-tif-nonce", nonce.to_owned()),
        ("x-tif-signature", hexadecimal(&signed)),
    ]
}

fn csb(signature: &str) -> Vec<(&'static str, String)> {
    vec![
        ("_api_access_key", "AK1".to_owned()),
        ("_api_name", "1201".to_owned()),
        ("_api_timestamp", format!("{NOON}000")),
        ("_api_version", "1.0.0".to_owned()),
        ("_api_signature", signature.to_owned()),
    ]
}

#[tokio::test]
async fn headers_prove_the_institution_or_say_why_not() {
    let gated = gated().await;
    let fine = gated.post(&csb("znVxevzsV0DTr0URv0HGQZPnbCg="), &found("H1")).await;
    let answer: Value = serde_json::from_str(&fine.text).unwrap();
    assert_eq!((fine.status, &answer["infcode"]), (200, &json!(0)), "{}", fine.text);
    let fine = gated.post(&tif("paas", "TS", NOON, "n1"), &found("H2")).await;
    assert!(fine.text.contains("\"infcode\":0"), "{}", fine.text);
    let mut told = String::new();
    for (what, headers, body) in [
        ("no headers", vec![], found("H1")),
        ("another's name", tif("paas", "TS", NOON, "n2"), found("H1")),
        ("wrong signature", csb("AAAA"), found("H1")),
        ("wrong secret", tif("paas", "other", NOON, "n3"), found("H2")),
        ("expired", tif("paas", "TS", NOON - 901, "n4"), found("H2")),
        ("of the future", tif("paas", "TS", NOON + 3_600, "n5"), found("H2")),
        ("used nonce", tif("paas", "TS", NOON, "n1"), found("H2")),
        ("unknown application", tif("other", "TS", NOON, "n6"), found("H2")),
        (
            "no time",
            csb("AAAA").into_iter().filter(|(name, _)| *name != "_api_timestamp").collect(),
            found("H1"),
        ),
    ] {
        let reply = gated.post(&headers, &body).await;
        told.push_str(&format!("{what}: {} {}\n", reply.status, reply.text));
    }
    insta::assert_snapshot!(told);
}

#[tokio::test]
async fn a_token_still_does() {
    let gated = gated().await;
    let fine = gated.post(&[("authorization", "Bearer hospital".to_owned())], &found("H1")).await;
    assert!(fine.text.contains("\"infcode\":0"), "{}", fine.text);
    drop(gated.1);
}

#[tokio::test]
async fn sealed_contents_open_and_answers_are_sealed() {
    let gated = gated().await;
    let body = concat!(
        "{\"infno\":\"1201\",\"msgid\":\"H1202603051200000009\",\"fixmedins_code\":\"H1\",\"enc_type\":\"SM4\",\"signtype\":\"SM3\",",
        "\"cainfo\":\"dae89a16bfa843f6bda5b371983dc6d95df4db67ce39645234b4cd678f60a79b\",",
        "\"input\":\"CNt5VaHHzW4C9c9QsfgyuWt/xo6I0Tpuy27oKXeanXOaw5nunsXXpTf8PpOe3011\"}"
    );
    let headers = |signature: &str| {
        vec![("x-ca-key", "H1".to_owned()), ("x-ca-signature", format!("{NOON}:{signature}"))]
    };
    let signature = "D6B3FED291C77D3E5C788CE685659C5CA2B0CF91AAF3ED3A5C9EE8D92946D2F5";
    let fine = gated.post(&headers(signature), body).await;
    let answer: Value = serde_json::from_str(&fine.text).unwrap();
    assert_eq!(
        (&answer["infcode"], &answer["enctype"], &answer["signtype"]),
        (&json!(0), &json!("SM4"), &json!("SM3")),
        "{}",
        fine.text
    );
    assert!(
        answer["output"].is_string() && answer["cainfo"].as_str().is_some_and(|signed| signed.len() == 64)
    );
    let changed = gated.post(&headers(signature), &body.replace("H12026", "H12027")).await;
    assert_eq!(changed.status, 401, "the body is covered: {}", changed.text);
}
