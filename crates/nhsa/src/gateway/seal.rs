//! What is sealed inside the envelope: the input encrypted with SM4 (`enc_type`), signed with SM2 or SM3 (`cainfo`, `signtype`).

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use ecb::cipher::block_padding::Pkcs7;
use ecb::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyInit};
use serde_json::value::RawValue;
use sm2::dsa::signature::{Signer, Verifier};
use sm2::dsa::{Signature, SigningKey, VerifyingKey};
use sm4::Sm4;

use super::refusal::Refusal;
use super::{digest, hex};

type Members<'body> = Vec<(String, &'body RawValue)>;

/// How an institution's contents are sealed.
#[derive(Clone)]
pub struct Seal {
    /// The key of SM4 in ECB with PKCS#7.
    pub cipher: Option<[u8; 16]>,
    /// How contents are signed.
    pub signature: Signing,
}

/// How contents are signed.
#[derive(Clone)]
pub enum Signing {
    /// Not at all.
    None,
    /// SM2 with SM3: base64 of r and s, 32 bytes each. The institution's public key, and the platform's own.
    Sm2 {
        /// Whose signature a request carries.
        theirs: Box<VerifyingKey>,
        /// What answers are signed with; `None` leaves answers unsigned.
        ours: Option<Box<SigningKey>>,
    },
    /// HMAC-SM3 in hexadecimal digits with a shared secret.
    Sm3 {
        /// The secret.
        secret: Vec<u8>,
    },
}

// Keys are never printed.
impl std::fmt::Debug for Seal {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        to.debug_struct("Seal").field("encrypted", &self.cipher.is_some()).finish_non_exhaustive()
    }
}

/// SM4 in ECB with PKCS#7.
fn encrypt(key: &[u8; 16], text: &[u8]) -> Vec<u8> {
    ecb::Encryptor::<Sm4>::new(key.into()).encrypt_padded_vec::<Pkcs7>(text)
}

/// The same backwards; `None` for what was not encrypted with the key.
fn decrypt(key: &[u8; 16], sealed: &[u8]) -> Option<Vec<u8>> {
    ecb::Decryptor::<Sm4>::new(key.into()).decrypt_padded_vec::<Pkcs7>(sealed).ok()
}

fn members(body: &str) -> Option<Members<'_>> {
    let read: serde_json::Map<String, serde_json::Value> = serde_json::from_str(body).ok()?;
    let raw: std::collections::BTreeMap<String, &RawValue> = serde_json::from_str(body).ok()?;
    // In the order in which they were written.
    read.keys().map(|key| Some((key.clone(), *raw.get(key)?))).collect()
}

fn text(members: &Members<'_>, name: &str) -> String {
    let found = members.iter().find(|(key, _)| key == name);
    let read = found.and_then(|(_, raw)| serde_json::from_str::<String>(raw.get()).ok());
    read.map(|text| text.trim().to_owned()).unwrap_or_default()
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// An object again, with other values for some members; those that it has not are put at its end.
fn written(members: &Members<'_>, other: &[(&str, String)]) -> String {
    let mut parts: Vec<String> = Vec::new();
    for (key, raw) in members {
        let value = other.iter().find(|(name, _)| name == key).map_or(raw.get(), |(_, value)| value.as_str());
        parts.push(format!("{}:{value}", quoted(key)));
    }
    for (name, value) in other.iter().filter(|(name, _)| !members.iter().any(|(key, _)| key == name)) {
        parts.push(format!("{}:{value}", quoted(name)));
    }
    format!("{{{}}}", parts.join(","))
}

impl Seal {
    /// Opens a request: decrypts its input, checks its signature. The body with the input in the clear.
    ///
    /// # Errors
    /// [`Refusal`]: an input that is not sealed as agreed, a signature that is missing or wrong.
    pub fn open(&self, body: &str) -> Result<String, Refusal> {
        let unreadable = || Refusal::new("malformed_json", "报文不是一个 JSON 对象，验不了签名");
        let members = members(body.trim_start_matches('\u{feff}')).ok_or_else(unreadable)?;
        let input = members.iter().find(|(key, _)| key == "input").map(|(_, raw)| raw.get());
        let input = input.ok_or_else(|| Refusal::new("no_input", "报文没有 input，验不了签名"))?;
        let as_text = serde_json::from_str::<String>(input).ok();
        let clear = match (&self.cipher, as_text) {
            (Some(key), Some(sealed)) => {
                let kind = text(&members, "enc_type");
                if !kind.eq_ignore_ascii_case("SM4") {
                    return Err(Refusal::new(
                        "wrong_encryption",
                        format!("enc_type 应为 SM4，写的是“{kind}”"),
                    ));
                }
                let bytes = BASE64_STANDARD.decode(sealed.trim()).ok();
                let clear = bytes.and_then(|bytes| decrypt(key, &bytes));
                clear.and_then(|clear| String::from_utf8(clear).ok()).ok_or_else(|| {
                    Refusal::new(
                        "not_decrypted",
                        "input 解不开：应为 SM4（ECB、PKCS7）密文的 base64，密钥与登记的一致",
                    )
                })?
            }
            (Some(_), None) => {
                return Err(Refusal::new("not_encrypted", "input 应为 SM4 密文的 base64，收到的是明文"));
            }
            (None, Some(text)) => text,
            (None, None) => input.to_owned(),
        };
        self.check(&members, &clear)?;
        Ok(written(&members, &[("input", clear)]))
    }

    fn check(&self, members: &Members<'_>, clear: &str) -> Result<(), Refusal> {
        let (kind, signed) = (text(members, "signtype"), text(members, "cainfo"));
        let want = match &self.signature {
            Signing::None => return Ok(()),
            Signing::Sm2 { .. } => "SM2",
            Signing::Sm3 { .. } => "SM3",
        };
        if signed.is_empty() {
            return Err(Refusal::new("no_signature", format!("cainfo 没有签名，应为 {want} 签名")));
        }
        if !kind.eq_ignore_ascii_case(want) {
            return Err(Refusal::new(
                "wrong_signature_type",
                format!("signtype 应为 {want}，写的是“{kind}”"),
            ));
        }
        let good = match &self.signature {
            Signing::None => true,
            Signing::Sm2 { theirs, .. } => {
                let bytes = BASE64_STANDARD.decode(&signed).unwrap_or_default();
                if bytes.len() != 64 {
                    let found = if bytes.first() == Some(&0x30) {
                        "收到的像是 ASN.1（DER）编码，请转换"
                    } else {
                        "长度不对"
                    };
                    return Err(Refusal::new(
                        "wrong_signature",
                        format!("cainfo 应为 r 与 s 各 32 字节连在一起的 base64，{found}"),
                    ));
                }
                Signature::from_slice(&bytes).is_ok_and(|one| theirs.verify(clear.as_bytes(), &one).is_ok())
            }
            Signing::Sm3 { secret } => {
                digest::same(&digest::hmac_sm3(secret, &[clear.as_bytes()]), &signed.to_ascii_lowercase())
            }
        };
        if good {
            return Ok(());
        }
        Err(Refusal::new(
            "wrong_signature",
            format!("cainfo 的 {want} 签名不对：签的应是 input 的 JSON 文字（加密之前），一个字节都不能差"),
        ))
    }

    /// Seals an answer: its output signed, then encrypted. An answer without output stays as it is.
    pub fn close(&self, answer: &str) -> String {
        let Some(members) = members(answer) else { return answer.to_owned() };
        let output = members.iter().find(|(key, _)| key == "output").map(|(_, raw)| raw.get());
        let Some(output) = output.filter(|output| *output != "null") else { return answer.to_owned() };
        let mut other: Vec<(&str, String)> = Vec::new();
        match &self.signature {
            Signing::Sm2 { ours: Some(key), .. } => {
                let signed: Signature = key.sign(output.as_bytes());
                other.push(("cainfo", quoted(&BASE64_STANDARD.encode(signed.to_bytes()))));
                other.push(("signtype", quoted("SM2")));
            }
            Signing::Sm3 { secret } => {
                other.push(("cainfo", quoted(&digest::hmac_sm3(secret, &[output.as_bytes()]))));
                other.push(("signtype", quoted("SM3")));
            }
            Signing::None | Signing::Sm2 { ours: None, .. } => {}
        }
        if let Some(key) = &self.cipher {
            other.push(("output", quoted(&BASE64_STANDARD.encode(encrypt(key, output.as_bytes())))));
            other.push(("enctype", quoted("SM4")));
        }
        written(&members, &other)
    }
}

/// A public key by its point: 130 hexadecimal digits that begin with 04, or 66 that begin with 02 or 03.
pub fn public_key(user: &str, digits: &str) -> Option<VerifyingKey> {
    VerifyingKey::from_sec1_bytes(user, &hex::read(digits)?).ok()
}

/// A private key by its 64 hexadecimal digits.
pub fn private_key(user: &str, digits: &str) -> Option<SigningKey> {
    SigningKey::from_slice(user, &hex::read(digits)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// GB/T 32907-2016, A.1: one block.
    #[test]
    fn sm4_is_that_of_the_standard() {
        let key: [u8; 16] =
            hex::read("0123456789abcdeffedcba9876543210").expect("hex").try_into().expect("16");
        let sealed = encrypt(&key, &key);
        assert_eq!(hex::write(&sealed[..16]), "681edf34d206965e86b3e94f536e4246");
        assert_eq!(sealed.len(), 32, "a whole block of padding follows");
        assert_eq!(decrypt(&key, &sealed).as_deref(), Some(&key[..]));
        assert_eq!(decrypt(&key, &sealed[..16]), None);
    }

    /// GB/T 32918.5-2017, annex A: the key and the signature of “message digest” by the default user.
    #[test]
    fn sm2_is_that_of_the_standard() {
        let user = "1234567812345678";
        let public = "0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020\
                      ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13";
        let signed = "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3\
                      b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa";
        let key = public_key(user, public).expect("a key");
        let signature = Signature::from_slice(&hex::read(signed).expect("hex")).expect("a signature");
        assert!(key.verify(b"message digest", &signature).is_ok());
        assert!(key.verify(b"message digesu", &signature).is_err());
        let own = private_key(user, "3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8")
            .expect("a key");
        assert_eq!(own.verifying_key().as_affine(), key.as_affine());
        let again: Signature = own.sign(b"message digest");
        assert!(key.verify(b"message digest", &again).is_ok());
    }

    fn sealed(seal: &Seal, input: &str, sign: impl Fn(&str) -> (String, &'static str)) -> String {
        let (cainfo, kind) = sign(input);
        let (value, enc) = match &seal.cipher {
            Some(key) => (quoted(&BASE64_STANDARD.encode(encrypt(key, input.as_bytes()))), "SM4"),
            None => (input.to_owned(), ""),
        };
        format!(
            "{{\"infno\":\"1101\",\"input\":{value},\"cainfo\":\"{cainfo}\",\"signtype\":\"{kind}\",\"enc_type\":\"{enc}\",\"msgid\":\"M\"}}"
        )
    }

    #[test]
    fn requests_open_and_answers_close() {
        let user = "client-1";
        let own = private_key(user, "3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8")
            .expect("a key");
        let seal = Seal {
            cipher: Some(*b"0123456789abcdef"),
            signature: Signing::Sm2 {
                theirs: Box::new(own.verifying_key().clone()),
                ours: Some(Box::new(own.clone())),
            },
        };
        let input = r#"{"data":{"psn_no":"P1","medfee_sumamt":12.50}}"#;
        let by_key = |text: &str| {
            let signed: Signature = own.sign(text.as_bytes());
            (BASE64_STANDARD.encode(signed.to_bytes()), "SM2")
        };
        let opened = seal.open(&sealed(&seal, input, by_key)).expect("opened");
        assert!(opened.contains(input) && opened.starts_with("{\"infno\""), "{opened}");
        let code = |body: String| seal.open(&body).expect_err("refused").code;
        assert_eq!(code(sealed(&seal, input, |_| by_key("other"))), "wrong_signature");
        assert_eq!(code(sealed(&seal, input, |_| (String::new(), "SM2"))), "no_signature");
        assert_eq!(code(sealed(&seal, input, |text| (by_key(text).0, "MOCK"))), "wrong_signature_type");
        let der = |_: &str| (BASE64_STANDARD.encode([0x30; 70]), "SM2");
        assert_eq!(code(sealed(&seal, input, der)), "wrong_signature");
        let plain = Seal { cipher: None, ..seal.clone() };
        assert_eq!(code(sealed(&plain, input, by_key)), "not_encrypted");
        assert_eq!(code(sealed(&seal, input, by_key).replace("SM4", "AES")), "wrong_encryption");
        let other = Seal { cipher: Some(*b"fedcba9876543210"), ..seal.clone() };
        let refused = seal.open(&sealed(&other, input, by_key)).expect_err("another key").code;
        assert!(refused == "not_decrypted" || refused == "wrong_signature", "{refused}");
        let closed =
            seal.close(r#"{"infcode":0,"output":{"a":1.50},"cainfo":null,"signtype":null,"enctype":null}"#);
        let back: serde_json::Value = serde_json::from_str(&closed).expect("JSON");
        assert_eq!((&back["signtype"], &back["enctype"]), (&"SM2".into(), &"SM4".into()));
        let clear = decrypt(
            b"0123456789abcdef",
            &BASE64_STANDARD.decode(back["output"].as_str().expect("text")).expect("base64"),
        );
        assert_eq!(clear.as_deref(), Some(&br#"{"a":1.50}"#[..]));
        let failed = r#"{"infcode":-1,"output":null}"#;
        assert_eq!(seal.close(failed), failed);
    }

    #[test]
    fn a_shared_secret_signs_too() {
        let seal = Seal { cipher: None, signature: Signing::Sm3 { secret: b"secret".to_vec() } };
        let by_secret = |text: &str| (digest::hmac_sm3(b"secret", &[text.as_bytes()]).to_uppercase(), "SM3");
        assert!(seal.open(&sealed(&seal, "{\"a\":1}", by_secret)).is_ok());
        assert_eq!(
            seal.open(&sealed(&seal, "{\"a\":1}", |_| by_secret("{}"))).expect_err("wrong").code,
            "wrong_signature"
        );
        assert!(seal.close("{\"output\":{}}").contains("\"signtype\":\"SM3\""));
    }
}
