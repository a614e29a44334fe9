//! Proof in the headers: three variants that provinces use.

use super::digest::{hmac_sha1, hmac_sm3, same, sha256};
use super::refusal::Refusal;
use super::{Gateway, Sender, Variant};

/// The headers of a request, by name in any case.
pub trait Headers {
    /// A header's value; `None` where it is not there or no text.
    fn get(&self, name: &str) -> Option<&str>;
}

const MINUTE: i64 = 60_000;

impl Variant {
    /// So many milliseconds may lie between the sender's time and ours unless told otherwise.
    const fn window(self) -> i64 {
        match self {
            Variant::Csb => 30 * MINUTE,
            Variant::Tif | Variant::Ca => 15 * MINUTE,
        }
    }

    /// The header that names the application.
    const fn application(self) -> &'static str {
        match self {
            Variant::Csb => "_api_access_key",
            Variant::Tif => "x-tif-paasid",
            Variant::Ca => "x-ca-key",
        }
    }
}

fn need<'headers>(headers: &'headers dyn Headers, name: &str) -> Result<&'headers str, Refusal> {
    let found = headers.get(name).map(str::trim).filter(|value| !value.is_empty());
    found.ok_or_else(|| Refusal::new("missing_header", format!("缺少请求头 {name}")))
}

/// Milliseconds of a time that is written in seconds (10 digits) or milliseconds (13).
fn milliseconds(name: &str, text: &str) -> Result<i64, Refusal> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let number = text.parse::<i64>().ok().filter(|_| digits);
    match (text.len(), number) {
        (13, Some(number)) => Ok(number),
        (10, Some(number)) => Ok(number * 1_000),
        _ => Err(Refusal::new(
            "malformed_time",
            format!(
                "{name} 应为 10 位秒或 13 位毫秒的时间戳，写的是“{}”",
                text.chars().take(20).collect::<String>()
            ),
        )),
    }
}

fn wrong(name: &str, what: &str) -> Refusal {
    Refusal::new("wrong_signature", format!("{name} 不对：应为{what}，检查密钥和拼接的顺序"))
}

/// The sender that the headers prove.
///
/// # Errors
/// As [`Gateway::open`].
pub fn prove<'gateway>(
    gateway: &'gateway Gateway,
    headers: &dyn Headers,
    body: &[u8],
    now: i64,
) -> Result<&'gateway Sender, Refusal> {
    let variants = [Variant::Csb, Variant::Tif, Variant::Ca];
    let told = variants.into_iter().find(|variant| headers.get(variant.application()).is_some());
    let variant = told.ok_or_else(|| {
        Refusal::new("no_proof", "没有说明是哪家机构：要有 _api_access_key（CSB）、x-tif-paasid 或 x-ca-key 等一组请求头，按登记的一种")
    })?;
    let application = need(headers, variant.application())?;
    let known = gateway.senders.get(&(variant, application.to_owned()));
    let sender = known.ok_or_else(|| {
        Refusal::new("unknown_app", format!("{} 没有登记：{application}", variant.application()))
    })?;
    let window = gateway.window.unwrap_or(variant.window());
    let fresh = |name: &str, text: &str| {
        let at = milliseconds(name, text)?;
        if (now - at).abs() <= window {
            return Ok(());
        }
        let (far, side) = ((now - at).abs() / 1_000, if at < now { "早" } else { "晚" });
        Err(Refusal::new(
            "expired",
            format!("{name} 比平台的时间{side} {far} 秒，至多 {} 秒；请校准时钟后重新签名", window / 1_000),
        ))
    };
    match variant {
        Variant::Csb => {
            let [name, version, time, signature] =
                ["_api_name", "_api_version", "_api_timestamp", "_api_signature"];
            let signed = format!(
                "_api_access_key={application}&_api_name={}&_api_timestamp={}&_api_version={}",
                need(headers, name)?,
                need(headers, time)?,
                need(headers, version)?
            );
            fresh(time, need(headers, time)?)?;
            if !same(&hmac_sha1(&sender.secret, signed.as_bytes()), need(headers, signature)?) {
                return Err(wrong(
                    signature,
                    "其余四个 _api_ 头按名称排序、以 & 连接后的 HMAC-SHA1 的 base64",
                ));
            }
        }
        Variant::Tif => {
            let [time, nonce, signature] = ["x-tif-timestamp", "x-tif-nonce", "x-tif-signature"];
            let (at, once) = (need(headers, time)?, need(headers, nonce)?);
            fresh(time, at)?;
            let expected = sha256(&[at.as_bytes(), &sender.secret, once.as_bytes(), at.as_bytes()]);
            if !same(&expected, &need(headers, signature)?.to_ascii_lowercase()) {
                return Err(wrong(signature, "时间戳、密钥、随机串、时间戳连在一起的 SHA-256（十六进制）"));
            }
            gateway.replays.once(application, once, now, 2 * window)?;
        }
        Variant::Ca => {
            let told = need(headers, "x-ca-signature")?;
            let (at, signature) = told.split_once(':').ok_or_else(|| {
                Refusal::new("malformed_signature", "x-ca-signature 应为“时间戳:签名”，中间是半角冒号")
            })?;
            fresh("x-ca-signature 里的时间戳", at)?;
            let expected = hmac_sm3(&sender.secret, &[at.as_bytes(), b"\n", body]);
            if !same(&expected, &signature.to_ascii_lowercase()) {
                return Err(wrong("x-ca-signature", "时间戳、换行、报文原文的 HMAC-SM3（十六进制）"));
            }
        }
    }
    Ok(sender)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    impl Headers for BTreeMap<&str, String> {
        fn get(&self, name: &str) -> Option<&str> {
            BTreeMap::get(self, name).map(String::as_str)
        }
    }

    const NOW: i64 = 1_772_683_200_000;

    fn gateway() -> Gateway {
        Gateway::read(
            r#"
            [[sender]]
            institution = "H99030100001"
            variant = "csb"
            key = "AK1"
            secret = "SK1"
            [[sender]]
            institution = "H99030100002"
            variant = "x-tif"
            key = "paas"
            secret = "TS"
            [[sender]]
            institution = "H99030100003"
            variant = "x-ca"
            key = "H99030100003"
            secret = "CS"
            "#,
            &|_| None,
        )
        .expect("a gateway")
    }

    fn csb(at: i64) -> BTreeMap<&'static str, String> {
        let signed = format!("_api_access_key=AK1&_api_name=1101&_api_timestamp={at}&_api_version=1.0.0");
        BTreeMap::from([
            ("_api_access_key", "AK1".to_owned()),
            ("_api_name", "1101".to_owned()),
            ("_api_timestamp", at.to_string()),
            ("_api_version", "1.0.0".to_owned()),
            ("_api_signature", hmac_sha1(b"SK1", signed.as_bytes())),
        ])
    }

    fn tif(at: i64, nonce: &str) -> BTreeMap<&'static str, String> {
        let at = at.to_string();
        let signed = sha256(&[at.as_bytes(), b"TS", nonce.as_bytes(), at.as_bytes()]);
        BTreeMap::from([
            ("x-tif-paasid", "paas".to_owned()),
            ("x-tif-timestamp", at),
            ("x-tif-nonce", nonce.to_owned()),
            ("x-tif-signature", signed),
        ])
    }

    fn ca(at: i64, body: &[u8]) -> BTreeMap<&'static str, String> {
        let signed = hmac_sm3(b"CS", &[at.to_string().as_bytes(), b"\n", body]).to_uppercase();
        BTreeMap::from([
            ("x-ca-key", "H99030100003".to_owned()),
            ("x-ca-signature", format!("{at}:{signed}")),
        ])
    }

    fn told(headers: &BTreeMap<&'static str, String>, body: &[u8]) -> Result<String, &'static str> {
        let gateway = gateway();
        let opened = gateway.open(headers, body, NOW);
        opened.map(|opened| opened.institution).map_err(|refusal| refusal.code)
    }

    fn with(
        mut headers: BTreeMap<&'static str, String>,
        name: &'static str,
        value: &str,
    ) -> BTreeMap<&'static str, String> {
        headers.insert(name, value.to_owned());
        headers
    }

    #[test]
    fn each_variant_proves_its_institution() {
        assert_eq!(told(&csb(NOW), b"{}"), Ok("H99030100001".to_owned()));
        assert_eq!(told(&csb(NOW / 1_000), b"{}"), Ok("H99030100001".to_owned()), "seconds");
        assert_eq!(told(&tif(NOW / 1_000, "n"), b"{}"), Ok("H99030100002".to_owned()));
        assert_eq!(
            told(&ca(NOW / 1_000, "{\"一\":1}".as_bytes()), "{\"一\":1}".as_bytes()),
            Ok("H99030100003".to_owned())
        );
    }

    #[test]
    fn what_is_wrong_is_named() {
        let old = NOW - 31 * MINUTE;
        for (headers, expected) in [
            (BTreeMap::new(), "no_proof"),
            (with(csb(NOW), "_api_access_key", "AK2"), "unknown_app"),
            (with(csb(NOW), "_api_name", "2207"), "wrong_signature"),
            (with(csb(NOW), "_api_version", " "), "missing_header"),
            (with(csb(NOW), "_api_timestamp", "2026"), "malformed_time"),
            (with(csb(NOW), "_api_timestamp", "-772683200000"), "malformed_time"),
            (csb(old), "expired"),
            (csb(NOW + 31 * MINUTE), "expired"),
            (with(tif(NOW / 1_000, "n"), "x-tif-nonce", "m"), "wrong_signature"),
            (tif(old / 1_000, "n"), "expired"),
            (with(ca(NOW / 1_000, b"{}"), "x-ca-signature", "abc"), "malformed_signature"),
            (ca(NOW / 1_000, b"other"), "wrong_signature"),
            (ca(old / 1_000, b"{}"), "expired"),
            (with(ca(NOW / 1_000, b"{}"), "x-ca-key", "AK1"), "unknown_app"),
        ] {
            assert_eq!(told(&headers, b"{}"), Err(expected), "{headers:?}");
        }
        assert_eq!(told(&csb(NOW), b"\xff"), Err("not_utf8"));
    }

    #[test]
    fn a_nonce_serves_once() {
        let gateway = gateway();
        let headers = tif(NOW / 1_000, "n");
        assert!(gateway.open(&headers, b"{}", NOW).is_ok());
        assert_eq!(gateway.open(&headers, b"{}", NOW).err().map(|refusal| refusal.code), Some("replayed"));
        let forged = with(tif(NOW / 1_000, "m"), "x-tif-signature", "00");
        assert!(gateway.open(&forged, b"{}", NOW).is_err());
        assert!(gateway.open(&tif(NOW / 1_000, "m"), b"{}", NOW).is_ok(), "a forged one uses up nothing");
    }
}
