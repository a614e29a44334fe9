//! Files that go up and down (9101, 9102), in messages and beside them.

use gongji_nhsa::gateway::path::Place;
use serde_json::{Value, json};

use crate::kit::{Bench, HOSPITAL, PHARMACY, code, ok, open, text};

/// Uploads a text; its number.
pub fn upload(bench: &Bench, bytes: &[u8]) -> String {
    let bytes: Vec<Value> = bytes.iter().map(|byte| json!(i8::from_ne_bytes([*byte]))).collect();
    let node = json!({ "in": bytes, "filename": "明细.txt", "fixmedins_code": HOSPITAL });
    text(&ok(&bench.send("9101", json!({ "fsUploadIn": node }))), "/file_qury_no")
}

/// Fetches a file as a stream; its name and text.
pub fn download(bench: &Bench, number: &str, institution: &str) -> (String, String) {
    let node = json!({ "file_qury_no": number, "filename": "x", "fixmedins_code": institution });
    let body = bench.body(HOSPITAL, "9102", &bench.message(HOSPITAL), &json!({ "fsDownloadIn": node }));
    let file = bench.platform().download(Place::Any, None, &body).expect("a file");
    (file.name.clone(), unzipped(&file.bytes))
}

/// The text of the one file in an archive.
pub fn unzipped(bytes: &[u8]) -> String {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("an archive");
    assert_eq!(archive.len(), 1);
    std::io::read_to_string(archive.by_index(0).expect("a file")).expect("text")
}

fn fetch(number: &str, institution: &str) -> Value {
    json!({ "fsDownloadIn": { "file_qury_no": number, "filename": "a.txt", "fixmedins_code": institution } })
}

#[test]
fn a_file_comes_back_as_it_went() {
    let bench = open();
    let node = json!({ "in": "YQliCg==", "filename": "C:\\out\\a.txt", "fixmedins_code": HOSPITAL });
    let input = json!({ "fsUploadIn": node });
    let message = bench.message(HOSPITAL);
    let body = bench.body(HOSPITAL, "9101", &message, &input);
    let first = ok(&bench.send_body("9101", &body));
    assert_eq!(text(&first, "/filename"), "a.txt");
    assert_eq!(ok(&bench.send_body("9101", &body)), first, "the same message is the same file");
    let number = text(&first, "/file_qury_no");
    let back = ok(&bench.send("9102", fetch(&number, HOSPITAL)));
    assert_eq!(text(&back, "/fsDownloadOut/in"), "YQliCg==");
    // Beside the envelope, as multipart, and back as a stream.
    let bare = json!({ "fsUploadIn": { "filename": "a.txt", "fixmedins_code": HOSPITAL } });
    let body = bench.body(HOSPITAL, "9101", &bench.message(HOSPITAL), &bare);
    let answer = bench.platform().upload(Place::Any, Some(HOSPITAL), &body, b"a\tb\n");
    crate::schema::check("9101", &answer);
    let other = text(&ok(&answer), "/file_qury_no");
    let body = bench.body(HOSPITAL, "9102", &bench.message(HOSPITAL), &fetch(&other, HOSPITAL));
    let file = bench.platform().download(Place::Any, Some(HOSPITAL), &body).expect("a file");
    assert_eq!((file.name.as_str(), file.bytes.as_slice()), ("a.txt", &b"a\tb\n"[..]));
    let refused = bench.platform().download(Place::Any, Some(PHARMACY), &body).expect_err("another's");
    assert_eq!(code(&refused), "denied");
    insta::assert_snapshot!(bench.log());
}

#[test]
fn what_cannot_be_kept_or_fetched_is_said() {
    let bench = open();
    let sent = |node: Value| code(&bench.send("9101", json!({ "fsUploadIn": node })));
    assert_eq!(sent(json!({ "filename": "a", "fixmedins_code": HOSPITAL })), "missing_field");
    assert_eq!(sent(json!({ "in": "!", "filename": "a", "fixmedins_code": HOSPITAL })), "malformed_file");
    assert_eq!(sent(json!({ "in": [1], "filename": "a/", "fixmedins_code": HOSPITAL })), "malformed_file");
    assert_eq!(sent(json!({ "in": [1], "filename": "a", "fixmedins_code": PHARMACY })), "denied");
    let number = upload(&bench, b"x");
    let fetched = |institution: &str, number: &str, of: &str| {
        code(&bench.send_of(institution, "9102", fetch(number, of)))
    };
    assert_eq!(fetched(HOSPITAL, "F0", HOSPITAL), "no_file");
    assert_eq!(fetched(PHARMACY, &number, PHARMACY), "no_file", "another institution's");
    assert_eq!(fetched(HOSPITAL, &number, PHARMACY), "denied");
    for catalogue in ["C", "C1301", "C2207_990301_v0000_1", "Cx_990301_v0_1"] {
        assert_eq!(fetched(HOSPITAL, catalogue, "plc"), "no_file", "{catalogue}");
    }
    bench.wait_until(31 * 86_400_000);
    assert_eq!(fetched(HOSPITAL, &number, HOSPITAL), "file_expired");
    let body = bench.body(HOSPITAL, "2207", &bench.message(HOSPITAL), &json!({}));
    assert_eq!(code(&bench.platform().upload(Place::Any, None, &body, b"x")), "unknown_transaction");
    let answer = bench.platform().download(Place::Any, None, &body).expect_err("no download");
    assert_eq!(code(&answer), "unknown_transaction");
    insta::assert_snapshot!(bench.log());
}
