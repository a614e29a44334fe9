//! Whether a certificate's number can be one, and whether it agrees with the person.

use jiff::civil::Date;

use crate::refusal::Refusal;
use crate::row::{Certificate, CertificateKind, mask};

/// What is said of a person beside the certificate.
#[derive(Clone, Copy, Debug)]
pub struct Bearer<'text> {
    /// `female` or `male`.
    pub sex: &'text str,
    /// 出生日期.
    pub birth_date: Date,
}

/// The check character of the first 17 digits of a citizen's number (ISO 7064, MOD 11-2); `None` where they are no 17 digits.
pub fn check_character(digits: &str) -> Option<char> {
    let digits = digits.as_bytes();
    if digits.len() != 17 || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let sum = digits.iter().fold(0_u32, |sum, digit| (sum + u32::from(digit - b'0')) * 2 % 11);
    // The check character makes the whole congruent to 1.
    let check = (12 - sum) % 11;
    Some(if check == 10 { 'X' } else { char::from_digit(check, 10)? })
}

/// The certificate with its number in capital letters and without blanks, checked against the format of its kind and, where the
/// number tells them, against the person's birth date and sex.
///
/// # Errors
/// The refusals `malformed_certificate`, `checksum`, `birth_date_differs` and `sex_differs`, with the number masked.
pub fn checked(certificate: &Certificate, bearer: Bearer<'_>) -> Result<Certificate, Refusal> {
    let number: String =
        certificate.number.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_uppercase).collect();
    let kind = certificate.kind;
    let fits = |expected: &str, fits: bool| {
        if fits {
            return Ok(());
        }
        Err(Refusal::new("malformed_certificate", format!("{}号码写法不对", kind.label()))
            .at("certificate.number")
            .found(mask(&number))
            .expected(expected))
    };
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let letters = |text: &str| text.bytes().all(|byte| byte.is_ascii_uppercase());
    // Every other slice below is taken of ASCII only.
    fits("字母和数字", number.is_ascii())?;
    let (head, tail) = number.split_at(number.len().min(1));
    match kind {
        CertificateKind::IdCard => {
            fits("18 位：17 位数字和 1 位校验码", citizen(&number))?;
            told(&number, bearer)?;
        }
        CertificateKind::ResidencePermit => {
            let region = ["810000", "820000", "830000"].iter().any(|region| number.starts_with(region));
            fits("18 位，以 810000、820000 或 830000 开头", citizen(&number) && region)?;
            told(&number, bearer)?;
        }
        CertificateKind::ForeignerPermit => {
            let old =
                number.len() == 15 && number.split_at(3).0.bytes().all(|byte| byte.is_ascii_uppercase());
            if old {
                fits("3 位字母加 12 位数字，或以 9 开头的 18 位", digits(number.split_at(3).1))?;
            } else {
                let new = citizen(&number) && head == "9";
                fits("3 位字母加 12 位数字，或以 9 开头的 18 位", new)?;
                told(&number, bearer)?;
            }
        }
        CertificateKind::BirthCertificate => {
            fits("1 位字母加 9 位数字", number.len() == 10 && letters(head) && digits(tail))?;
        }
        CertificateKind::HongKongMacaoPermit => {
            let length = matches!(tail.len(), 8 | 10);
            fits("H 或 M 加 8 位或 10 位数字", matches!(head, "H" | "M") && length && digits(tail))?;
        }
        CertificateKind::TaiwanPermit => fits("8 位数字", number.len() == 8 && digits(&number))?,
        CertificateKind::Passport => {
            let plain = number.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
            let numbered = number.bytes().any(|byte| byte.is_ascii_digit());
            fits("5 到 20 位字母和数字", (5..=20).contains(&number.len()) && plain && numbered)?;
        }
    }
    Ok(Certificate { kind, number })
}

/// Whether it has the form of a citizen's number, whatever its check character.
fn citizen(number: &str) -> bool {
    let bytes = number.as_bytes();
    bytes.len() == 18
        && bytes[..17].iter().all(u8::is_ascii_digit)
        && (bytes[17].is_ascii_digit() || bytes[17] == b'X')
}

/// Checks what a citizen's number tells: check character, birth date, sex.
fn told(number: &str, bearer: Bearer<'_>) -> Result<(), Refusal> {
    let refuse =
        |code: &str, problem: &str| Refusal::new(code, problem).at("certificate.number").found(mask(number));
    if check_character(&number[..17]) != number.chars().nth(17) {
        return Err(refuse("checksum", "证件号码校验码不对").hint("请逐位核对号码"));
    }
    let date = format!("{}-{}-{}", &number[6..10], &number[10..12], &number[12..14]);
    if date.parse::<Date>().ok() != Some(bearer.birth_date) {
        return Err(refuse("birth_date_differs", "证件号码中的出生日期与填写的不一致")
            .expected(format!("出生日期 {}", bearer.birth_date)));
    }
    let male = (number.as_bytes()[16] - b'0') % 2 == 1;
    if male != (bearer.sex == "male") {
        return Err(refuse("sex_differs", "证件号码中的性别与填写的不一致"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tried(kind: CertificateKind, number: &str, sex: &str, born: &str) -> Result<String, String> {
        let certificate = Certificate { kind, number: number.to_owned() };
        let bearer = Bearer { sex, birth_date: born.parse().expect("a date") };
        match checked(&certificate, bearer) {
            Ok(checked) => Ok(checked.number),
            Err(refusal) => {
                assert!(
                    number.len() < 5 || !refusal.to_string().contains(number),
                    "{refusal} shows the number"
                );
                Err(refusal.code.to_string())
            }
        }
    }

    #[test]
    fn check_characters_of_known_numbers() {
        // The example of the standard (GB 11643-1999) and its neighbour.
        assert_eq!(check_character("11010519491231002"), Some('X'));
        assert_eq!(check_character("44052418800101001"), Some('4'));
        assert_eq!(check_character("1101051949123100"), None);
        assert_eq!(check_character("1101051949123100A"), None);
    }

    #[test]
    fn any_one_digit_changed_is_noticed() {
        let number = "11010519491231002X";
        for at in 0..17 {
            for digit in '0'..='9' {
                let mut changed: Vec<char> = number.chars().collect();
                if changed[at] == digit {
                    continue;
                }
                changed[at] = digit;
                let head: String = changed[..17].iter().collect();
                assert_ne!(check_character(&head), Some('X'), "{head}");
            }
        }
    }

    #[test]
    fn id_cards() {
        use CertificateKind::IdCard;
        let good = "11010519491231002x";
        assert_eq!(tried(IdCard, good, "female", "1949-12-31").as_deref(), Ok("11010519491231002X"));
        assert_eq!(
            tried(IdCard, " 110105 19491231 002X ", "female", "1949-12-31").as_deref(),
            Ok("11010519491231002X")
        );
        for (number, sex, born, code) in [
            ("110105194912310021", "female", "1949-12-31", "checksum"),
            (good, "male", "1949-12-31", "sex_differs"),
            (good, "female", "1949-12-30", "birth_date_differs"),
            ("11010519491231002", "female", "1949-12-31", "malformed_certificate"),
            ("110105194912３10021", "female", "1949-12-31", "malformed_certificate"),
            ("", "female", "1949-12-31", "malformed_certificate"),
            ("X1010519491231002X", "female", "1949-12-31", "malformed_certificate"),
        ] {
            assert_eq!(tried(IdCard, number, sex, born), Err(code.to_owned()), "{number}");
        }
    }

    #[test]
    fn a_day_that_does_not_exist_is_no_birth_date() {
        // 30 February, with a right check character.
        let head = "99010119900230001";
        let number = format!("{head}{}", check_character(head).expect("digits"));
        let outcome = tried(CertificateKind::IdCard, &number, "male", "1990-03-02");
        assert_eq!(outcome, Err("birth_date_differs".to_owned()));
    }

    #[test]
    fn other_certificates() {
        use CertificateKind as K;
        let ok = |kind, number: &str| tried(kind, number, "male", "1990-01-01").is_ok();
        assert!(ok(K::BirthCertificate, "t990000001") && !ok(K::BirthCertificate, "T99000001"));
        assert!(ok(K::HongKongMacaoPermit, "H12345678") && ok(K::HongKongMacaoPermit, "M1234567801"));
        assert!(!ok(K::HongKongMacaoPermit, "K12345678") && !ok(K::HongKongMacaoPermit, "H123456789"));
        assert!(ok(K::TaiwanPermit, "12345678") && !ok(K::TaiwanPermit, "1234567A"));
        assert!(ok(K::Passport, "E12345678") && !ok(K::Passport, "ABCDEF") && !ok(K::Passport, "E1/2345"));
        assert!(ok(K::ForeignerPermit, "ABC990190010112") && !ok(K::ForeignerPermit, "ABC99019001011"));
        let with = |head: &str| format!("{head}{}", check_character(head).expect("digits"));
        assert!(ok(K::ResidencePermit, &with("81000019900101001")));
        assert!(!ok(K::ResidencePermit, &with("99010119900101001")));
        assert!(ok(K::ForeignerPermit, &with("91115619900101001")));
        assert!(!ok(K::ForeignerPermit, &with("81000019900101001")));
    }
}
