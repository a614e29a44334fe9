//! 大写: an amount in the characters of cheques and settlement sheets.

use crate::Fen;

const DIGITS: [char; 10] = ['零', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖'];
const PLACES: [&str; 4] = ["", "拾", "佰", "仟"];
const GROUPS: [&str; 5] = ["", "万", "亿", "兆", "京"];

/// One group of up to four digits without a leading zero: 1005 → 壹仟零伍.
fn group_in_words(group: u64) -> String {
    let mut text = String::new();
    let mut gap = false;
    for place in (0..4).rev() {
        let digit = (group / 10_u64.pow(place as u32) % 10) as usize;
        if digit == 0 {
            gap = !text.is_empty();
        } else {
            if gap {
                text.push('零');
                gap = false;
            }
            text.push(DIGITS[digit]);
            text.push_str(PLACES[place]);
        }
    }
    text
}

fn yuan_in_words(yuan: u64) -> String {
    let mut groups = Vec::new();
    let mut rest = yuan;
    while rest > 0 {
        groups.push(rest % 10_000);
        rest /= 10_000;
    }
    let mut text = String::new();
    let mut gap = false;
    for (index, &group) in groups.iter().enumerate().rev() {
        if group == 0 {
            gap = true;
            continue;
        }
        if !text.is_empty() && (gap || group < 1_000) {
            text.push('零');
        }
        gap = false;
        text.push_str(&group_in_words(group));
        text.push_str(GROUPS[index]);
    }
    text
}

/// The amount in words as banks require it (支付结算办法): 28,630.93 is 贰万捌仟陆佰叁拾元玖角叁分, 100 is 壹佰元整.
///
/// A negative amount starts with 负; nothing is 零元整.
pub fn in_words(amount: Fen) -> String {
    let magnitude = amount.fen().unsigned_abs();
    let (yuan, jiao, fen) = (magnitude / 100, (magnitude / 10 % 10) as usize, (magnitude % 10) as usize);
    let mut text = String::new();
    if amount.is_negative() {
        text.push('负');
    }
    if yuan > 0 {
        text.push_str(&yuan_in_words(yuan));
        text.push('元');
    } else if magnitude == 0 {
        text.push_str("零元");
    }
    if jiao > 0 {
        text.push(DIGITS[jiao]);
        text.push('角');
    } else if fen > 0 && yuan > 0 {
        text.push('零');
    }
    if fen > 0 {
        text.push(DIGITS[fen]);
        text.push('分');
    } else {
        text.push('整');
    }
    text
}
