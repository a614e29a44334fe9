//! Bytes as hexadecimal digits and back.

/// Lower-case digits.
pub fn write(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The bytes of an even number of digits, upper or lower case; `None` for anything else.
pub fn read(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> =
        text.trim().chars().map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok())).collect();
    let digits = digits?;
    (digits.len() % 2 == 0).then(|| digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_bytes() {
        assert_eq!(read("00ffA0").as_deref(), Some(&[0, 255, 160][..]));
        assert_eq!(write(&[0, 255, 160]), "00ffa0");
        assert_eq!((read("0"), read("0g"), read("一一")), (None, None, None));
    }
}
