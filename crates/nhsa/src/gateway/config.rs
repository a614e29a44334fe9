//! Who may send, as a file says it.

use std::collections::HashMap;

use serde::Deserialize;

use super::replay::Replays;
use super::seal::{Seal, Signing, private_key, public_key};
use super::{Gateway, Sender, Variant, hex};

/// Why a file cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError(String);

impl std::fmt::Display for ConfigError {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        to.write_str(&self.0)
    }
}

impl std::error::Error for ConfigError {}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    window_seconds: Option<u32>,
    sender: Vec<SenderAsked>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SenderAsked {
    institution: String,
    variant: Variant,
    key: String,
    #[serde(default)]
    secret: Option<String>,
    #[serde(default)]
    secret_env: Option<String>,
    #[serde(default)]
    seal: Option<SealAsked>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SealAsked {
    #[serde(default)]
    encrypt: Option<String>,
    #[serde(default)]
    sm4_key: Option<String>,
    #[serde(default)]
    sign: Option<String>,
    #[serde(default)]
    user: Option<String>,
    #[serde(default)]
    public_key: Option<String>,
    #[serde(default)]
    private_key: Option<String>,
    #[serde(default)]
    private_key_env: Option<String>,
    #[serde(default)]
    secret: Option<String>,
    #[serde(default)]
    secret_env: Option<String>,
}

/// Reads a variable of the environment.
type Variable<'read> = &'read dyn Fn(&str) -> Option<String>;

/// A secret that stands in the file, or in a variable that the file names.
fn secret(
    who: &str,
    what: &str,
    (stated, named): (Option<&String>, Option<&String>),
    variable: Variable<'_>,
) -> Result<String, ConfigError> {
    match (stated, named) {
        (Some(secret), None) if !secret.is_empty() => Ok(secret.clone()),
        (None, Some(name)) => variable(name)
            .filter(|value| !value.is_empty())
            .ok_or_else(|| ConfigError(format!("{who}：环境变量 {name} 没有值，应为 {what}"))),
        _ => Err(ConfigError(format!("{who}：{what} 与 {what}_env 要写一个，只写一个，不能为空"))),
    }
}

fn seal(who: &str, asked: &SealAsked, variable: Variable<'_>) -> Result<Seal, ConfigError> {
    let problem = |text: &str| ConfigError(format!("{who}：{text}"));
    let cipher = match asked.encrypt.as_deref() {
        None => None,
        Some("SM4") => {
            let bytes = asked.sm4_key.as_deref().and_then(hex::read);
            let key: Option<[u8; 16]> = bytes.and_then(|bytes| bytes.try_into().ok());
            Some(key.ok_or_else(|| problem("sm4_key 应为 32 位十六进制（16 字节）"))?)
        }
        Some(other) => return Err(problem(&format!("encrypt 应为 SM4，写的是 {other}"))),
    };
    let signature = match asked.sign.as_deref() {
        None => Signing::None,
        Some("SM2") => {
            let user = asked.user.as_deref().unwrap_or("1234567812345678");
            let theirs = asked.public_key.as_deref().and_then(|digits| public_key(user, digits));
            let theirs = theirs.ok_or_else(|| {
                problem("public_key 应为机构的 SM2 公钥：04 开头的 130 位十六进制，或 02、03 开头的 66 位")
            })?;
            let stated = (asked.private_key.as_ref(), asked.private_key_env.as_ref());
            let ours = if stated == (None, None) {
                None
            } else {
                let digits = secret(who, "private_key", stated, variable)?;
                let key = private_key(user, &digits);
                Some(Box::new(key.ok_or_else(|| problem("private_key 应为平台的 SM2 私钥：64 位十六进制"))?))
            };
            Signing::Sm2 { theirs: Box::new(theirs), ours }
        }
        Some("SM3") => {
            let stated = (asked.secret.as_ref(), asked.secret_env.as_ref());
            Signing::Sm3 { secret: secret(who, "secret", stated, variable)?.into_bytes() }
        }
        Some(other) => return Err(problem(&format!("sign 应为 SM2 或 SM3，写的是 {other}"))),
    };
    if cipher.is_none() && matches!(signature, Signing::None) {
        return Err(problem("[sender.seal] 里 encrypt 和 sign 至少要写一个"));
    }
    Ok(Seal { cipher, signature })
}

impl Gateway {
    /// Reads a file (TOML). `variable` reads the environment, for secrets that stand there.
    ///
    /// # Errors
    /// [`ConfigError`]: what cannot be read, and what would be accepted. Never names a secret.
    pub fn read(text: &str, variable: Variable<'_>) -> Result<Gateway, ConfigError> {
        let file: File = toml::from_str(text).map_err(|error| {
            // The file's own lines are not repeated: they hold secrets.
            let line =
                error.span().map_or(0, |span| text[..span.start.min(text.len())].matches('\n').count() + 1);
            ConfigError(format!("第 {line} 行：{}", error.message()))
        })?;
        let mut senders = HashMap::new();
        for asked in &file.sender {
            let who = format!("[[sender]] {}", asked.institution);
            if asked.institution.trim().is_empty() || asked.key.trim().is_empty() {
                return Err(ConfigError(format!("{who}：institution（机构编码）和 key（应用标识）不能为空")));
            }
            let stated = (asked.secret.as_ref(), asked.secret_env.as_ref());
            let secret = secret(&who, "secret", stated, variable)?.into_bytes();
            let seal = asked.seal.as_ref().map(|asked| seal(&who, asked, variable)).transpose()?;
            let sender = Sender { institution: asked.institution.clone(), secret, seal };
            if senders.insert((asked.variant, asked.key.clone()), sender).is_some() {
                return Err(ConfigError(format!("{who}：应用标识 {} 写了两次", asked.key)));
            }
        }
        if senders.is_empty() {
            return Err(ConfigError("没有一个 [[sender]]：谁都发不了报文".to_owned()));
        }
        let window = file.window_seconds.map(|seconds| i64::from(seconds) * 1_000);
        Ok(Gateway { senders, window, replays: Replays::default() })
    }

    /// How many may send.
    pub fn senders(&self) -> usize {
        self.senders.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(text: &str) -> String {
        let read = Gateway::read(text, &|name| (name == "SET").then(|| "geheim".to_owned()));
        read.err().map(|error| error.to_string()).unwrap_or_default()
    }

    #[test]
    fn files_read_or_say_what_is_wrong() {
        let one = "[[sender]]\ninstitution = \"H1\"\nvariant = \"csb\"\nkey = \"K\"\n";
        assert_eq!(problem(&format!("{one}secret = \"s\"")), "");
        assert_eq!(problem(&format!("{one}secret_env = \"SET\"")), "");
        for (text, word) in [
            (one.to_owned(), "secret 与 secret_env 要写一个"),
            (format!("{one}secret = \"\""), "不能为空"),
            (format!("{one}secret_env = \"UNSET\""), "UNSET 没有值"),
            (format!("{one}secret = \"geheim\"\nfoo = 1"), "第 6 行"),
            (format!("{one}secret = \"a\"\n{one}secret = \"b\""), "写了两次"),
            (format!("{one}secret = \"a\"\n[sender.seal]\n"), "至少要写一个"),
            (
                format!("{one}secret = \"a\"\n[sender.seal]\nencrypt = \"SM4\"\nsm4_key = \"00\""),
                "32 位十六进制",
            ),
            (
                format!("{one}secret = \"a\"\n[sender.seal]\nsign = \"SM2\"\npublic_key = \"04aa\""),
                "SM2 公钥",
            ),
            (format!("{one}secret = \"a\"\n[sender.seal]\nsign = \"RSA\""), "应为 SM2 或 SM3"),
            ("sender = []".to_owned(), "谁都发不了"),
        ] {
            let told = problem(&text);
            assert!(told.contains(word) && !told.contains("geheim"), "{text}\n{told}");
        }
    }
}
