//! The same message over several connections at the same moment is one message.

use gongji_nhsa::Platform;
use serde_json::json;

use crate::business::Lines;
use crate::message::{Answer, Message, details};
use crate::side::Side;

/// So many connections carry the same message.
const CONNECTIONS: usize = 4;

/// How often it is tried.
const TIMES: u64 = 20;

fn at_once(platform: &Platform, message: &Message) -> Vec<Answer> {
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..CONNECTIONS).map(|_| scope.spawn(|| message.send(platform))).collect();
        threads.into_iter().map(|thread| thread.join().expect("answered")).collect()
    })
}

#[test]
fn the_same_message_at_the_same_moment_has_one_answer() {
    let side = Side::open();
    let platform = Platform::new(side.office().clone());
    let person = side.people[0].clone();
    let open = json!({ "data": { "psn_no": person, "begntime": "2026-06-15", "ipt_otp_no": "M1" } });
    let opened = at_once(&platform, &Message::new(0, 0, "2201", &open));
    let visit = opened[0].text_at("data", "mdtrt_id");
    let lines: Lines = vec![(0, 1), (3, 2)];
    for time in 0..TIMES {
        let common = json!({ "mdtrt_id": visit, "psn_no": person, "chrg_bchno": format!("B{time}") });
        let upload = json!({ "feedetail": details(&lines, u32::try_from(time * 10).expect("small"), "2026-06-15", &common) });
        let settle = json!({ "data": { "psn_no": person, "mdtrt_id": visit, "chrg_bchno": format!("B{time}"), "acct_used_flag": "0" } });
        let messages = [
            ("2204", upload),
            if time % 2 == 0 {
                ("2207", settle)
            } else {
                ("2205", json!({ "data": { "mdtrt_id": visit, "psn_no": person, "chrg_bchno": "0000" } }))
            },
        ];
        for (order, (number, input)) in messages.iter().enumerate() {
            let message = Message::new(0, 1 + time * 10 + order as u64, number, input);
            let answers = at_once(&platform, &message);
            for answer in &answers {
                assert_eq!(answer.code, None, "{number} {}", answer.text);
                assert_eq!(answer.output(), answers[0].output(), "{number}");
            }
        }
    }
}
