//! Punycode, RFC 3492, and the hosts that can be written in it without tables of Unicode.

use crate::fetch::LONGEST_LABEL;

const BASE: u32 = 36;
const T_MIN: u32 = 1;
const T_MAX: u32 = 26;
const SKEW: u32 = 38;
const DAMP: u32 = 700;
const FIRST_BIAS: u32 = 72;
const FIRST_CODE_POINT: u32 = 128;

/// RFC 3492, section 6.1.
fn adapt(delta: u32, length: u32, first: bool) -> u32 {
    let mut delta = if first { delta / DAMP } else { delta / 2 };
    delta += delta / length;
    let mut k = 0;
    while delta > ((BASE - T_MIN) * T_MAX) / 2 {
        delta /= BASE - T_MIN;
        k += BASE;
    }
    k + (BASE - T_MIN + 1) * delta / (delta + SKEW)
}

fn threshold(k: u32, bias: u32) -> u32 {
    k.saturating_sub(bias).clamp(T_MIN, T_MAX)
}

/// The Unicode text of a label in lower case, without its `xn--`. RFC 3492, section 6.2.
pub(crate) fn decode(label: &str) -> Option<String> {
    // Longer labels are refused for their length; the loop below takes quadratic time.
    if label.len() > LONGEST_LABEL {
        return None;
    }
    let (basic, extended) = label.rsplit_once('-').unwrap_or(("", label));
    let mut output: Vec<char> = basic.chars().collect();
    let (mut n, mut i, mut bias) = (FIRST_CODE_POINT, 0_u32, FIRST_BIAS);
    let mut digits = extended.bytes().peekable();
    while digits.peek().is_some() {
        let (old, mut weight, mut k) = (i, 1_u32, BASE);
        loop {
            let digit = match digits.next()? {
                byte @ b'a'..=b'z' => u32::from(byte - b'a'),
                byte @ b'0'..=b'9' => u32::from(byte - b'0') + 26,
                _ => return None,
            };
            i = i.checked_add(digit.checked_mul(weight)?)?;
            let t = threshold(k, bias);
            if digit < t {
                break;
            }
            weight = weight.checked_mul(BASE - t)?;
            k += BASE;
        }
        let length = u32::try_from(output.len()).ok()? + 1;
        bias = adapt(i - old, length, old == 0);
        n = n.checked_add(i / length)?;
        i %= length;
        output.insert(usize::try_from(i).ok()?, char::from_u32(n)?);
        i += 1;
    }
    Some(output.into_iter().collect())
}

/// The punycode of a text in lower case, without `xn--`. RFC 3492, section 6.3.
pub(crate) fn encode(text: &str) -> Option<String> {
    let code_points: Vec<u32> = text.chars().map(u32::from).collect();
    if code_points.len() > LONGEST_LABEL {
        return None;
    }
    let mut output: String = text.chars().filter(char::is_ascii).collect();
    let basic = u32::try_from(output.len()).ok()?;
    let total = u32::try_from(code_points.len()).ok()?;
    let mut handled = basic;
    if basic > 0 {
        output.push('-');
    }
    let (mut n, mut delta, mut bias) = (FIRST_CODE_POINT, 0_u32, FIRST_BIAS);
    while handled < total {
        let next = code_points.iter().copied().filter(|&c| c >= n).min()?;
        delta = delta.checked_add((next - n).checked_mul(handled + 1)?)?;
        n = next;
        for &c in &code_points {
            if c < n {
                delta = delta.checked_add(1)?;
            }
            if c == n {
                let (mut q, mut k) = (delta, BASE);
                loop {
                    let t = threshold(k, bias);
                    if q < t {
                        break;
                    }
                    output.push(digit(t + (q - t) % (BASE - t))?);
                    q = (q - t) / (BASE - t);
                    k += BASE;
                }
                output.push(digit(q)?);
                bias = adapt(delta, handled + 1, handled == basic);
                delta = 0;
                handled += 1;
            }
        }
        delta = delta.checked_add(1)?;
        n += 1;
    }
    Some(output)
}

fn digit(value: u32) -> Option<char> {
    char::from_digit(if value < 26 { value + 10 } else { value - 26 }, 36)
}

/// Whether a label that starts with `xn--` is punycode: it stands for a text that is not ASCII, and that is written so.
///
/// Browsers refuse some of these texts, by tables of Unicode that the standard library does not have. A label of such a
/// text is accepted here, and matches nothing. Refusing such labels without the tables could also refuse valid names.
pub(crate) fn is_valid_label(label: &str) -> bool {
    let Some(encoded) = label.strip_prefix("xn--") else {
        return false;
    };
    decode(encoded).is_some_and(|text| !text.is_ascii() && encode(&text).as_deref() == Some(encoded))
}

/// The host as browsers would send it, or `None` where that takes tables that the standard library does not have.
pub(crate) fn host_to_ascii(host: &str) -> Option<String> {
    let mut mapped = String::with_capacity(host.len());
    for c in host.chars() {
        match c {
            '。' | '．' | '｡' => mapped.push('.'),
            '！'..='～' => {
                // Full-width forms stand in the order of ASCII. Those of signs would not leave a host.
                let ascii = u32::from(c).checked_sub(0xfee0).and_then(char::from_u32)?;
                if !ascii.is_ascii_alphanumeric() && !matches!(ascii, '-' | '_') {
                    return None;
                }
                mapped.push(ascii.to_ascii_lowercase());
            }
            c if c.is_ascii() => mapped.push(c.to_ascii_lowercase()),
            c if !is_plain(c) && !is_plain_capital(c) => return None,
            c => {
                for lower in c.to_lowercase() {
                    if !lower.is_ascii() && !is_plain(lower) {
                        return None;
                    }
                    mapped.push(lower);
                }
            }
        }
    }
    let right_to_left = mapped.contains(is_right_to_left);
    let labels = mapped.split('.').map(|label| {
        let mixed = label.contains(is_right_to_left) && !label.chars().all(is_right_to_left);
        // The rule for bidirectional domains, RFC 5893, without its finer points.
        if mixed
            || (right_to_left && label.starts_with(|c: char| c.is_ascii_digit()))
            || label.starts_with(is_thai_mark)
        {
            None
        } else if label.is_ascii() {
            Some(label.to_owned())
        } else {
            encode(label).map(|encoded| format!("xn--{encoded}"))
        }
    });
    labels.collect::<Option<Vec<_>>>().map(|labels| labels.join("."))
}

/// Letters that are written from right to left. A label that holds one holds none of the others: RFC 5893, section 2.
fn is_right_to_left(c: char) -> bool {
    matches!(c, '\u{5d0}'..='\u{5ea}' | '\u{620}'..='\u{64a}' | '\u{671}'..='\u{6d3}' | '\u{712}'..='\u{72f}'
        | '\u{74d}'..='\u{7a5}' | '\u{7ca}'..='\u{7ea}')
}

/// Marks of Thai, which follow a letter: a label that starts with one is refused.
/// <https://www.unicode.org/reports/tr46/#Validity_Criteria>
fn is_thai_mark(c: char) -> bool {
    matches!(c, '\u{e31}' | '\u{e34}'..='\u{e3a}' | '\u{e47}'..='\u{e4e}')
}

/// Capitals whose lower case every browser agrees on.
fn is_plain_capital(c: char) -> bool {
    matches!(c, '\u{c0}'..='\u{d6}' | '\u{d8}'..='\u{de}' | '\u{386}'..='\u{3ab}' | '\u{400}'..='\u{42f}' | '\u{531}'..='\u{556}'
        | '\u{212a}'..='\u{212b}')
}

/// Letters and signs that every browser keeps as they are: no decomposition, no composition with what follows.
fn is_plain(c: char) -> bool {
    matches!(c,
        '\u{df}'..='\u{f6}' | '\u{f8}'..='\u{131}' | '\u{134}'..='\u{13e}' | '\u{141}'..='\u{148}' | '\u{14a}'..='\u{17e}'
        | '\u{180}'..='\u{1c3}' | '\u{1cd}'..='\u{1f0}' | '\u{1f4}'..='\u{2af}' | '\u{3ac}'..='\u{3ce}' | '\u{430}'..='\u{45f}'
        | '\u{460}'..='\u{481}' | '\u{48a}'..='\u{4bf}' | '\u{4c1}'..='\u{4ce}' | '\u{4d0}'..='\u{52f}' | '\u{561}'..='\u{586}' | '\u{5d0}'..='\u{5ea}' | '\u{621}'..='\u{63a}'
        | '\u{641}'..='\u{64a}' | '\u{679}'..='\u{6d3}' | '\u{e01}'..='\u{e32}' | '\u{e34}'..='\u{e3a}' | '\u{e40}'..='\u{e4e}'
        | '\u{10d0}'..='\u{10fa}' | '\u{1e00}'..='\u{1e99}' | '\u{1ea0}'..='\u{1eff}' | '\u{2600}'..='\u{26ff}'
        | '\u{2701}'..='\u{2775}' | '\u{2794}'..='\u{27bf}' | '\u{3005}'..='\u{3007}' | '\u{3041}'..='\u{3096}'
        | '\u{30a1}'..='\u{30fa}' | '\u{30fc}'..='\u{30fe}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7a3}' | '\u{1f300}'..='\u{1f64f}' | '\u{1f680}'..='\u{1f6c5}' | '\u{1f900}'..='\u{1f9ff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Three labels for a character: alone, and at either end of ASCII.
    fn labels_of(c: char) -> [String; 3] {
        [c.to_string(), format!("a{c}"), format!("{c}a")]
    }

    /// Every label that browsers send is valid here, and what is offered for a text is what they send: compared with the
    /// `idna` crate, which follows the URL standard, for labels of every character.
    #[test]
    fn agrees_with_idna() {
        let characters = ('\u{80}'..=char::MAX).filter(|&c| {
            let c = u32::from(c);
            // Without optimisation one in 16 has to do where thousands are of one kind: ideographs, syllables of Hangul,
            // and everything above the planes of letters and ideographs, which is private or unassigned.
            let many = matches!(c, 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xac00..=0xd7a3 | 0xe000..=0xf8ff | 0x17000..=0x18cff | 0x20000..);
            !cfg!(debug_assertions) || !many || c % 16 == 0
        });
        let (mut sent, mut offered) = (0, 0);
        for text in characters.flat_map(labels_of) {
            let theirs = idna::domain_to_ascii(&text).ok();
            if let Some(label) = theirs.as_deref().filter(|label| label.starts_with("xn--")) {
                assert!(is_valid_label(label), "{text:?}: {label}");
                sent += 1;
            }
            if let Some(ours) = host_to_ascii(&text) {
                assert_eq!(theirs.as_ref(), Some(&ours), "{text:?}");
                offered += 1;
            }
        }
        assert!(sent > 100_000 && offered > 15_000, "{sent} {offered}");
    }

    /// Section 7.1 of RFC 3492, as far as it is in lower case, and hosts of today.
    #[test]
    fn there_and_back() {
        for (text, encoded) in [
            ("ليهمابتكلموشعربي؟", "egbpdaj6bu4bxfgehfvwxn"),
            ("他们为什么不说中文", "ihqwcrb4cv8a8dqg056pqjye"),
            ("почемужеонинеговорятпорусски", "b1abfaaepdrnnbgefbadotcwatmq2g4l"),
            ("例え", "r8jz45g"),
            ("bücher", "bcher-kva"),
            ("éxample", "xample-9ua"),
        ] {
            assert_eq!(encode(text).as_deref(), Some(encoded));
            assert_eq!(decode(encoded).as_deref(), Some(text));
        }
        assert_eq!(decode("f"), None);
        assert_eq!(decode("zzzzzzzzzzzz"), None);
        assert_eq!(decode(""), Some(String::new()));
    }

    /// The same as the `idna` crate, for texts whose characters are near to each other and far apart.
    #[test]
    fn texts_of_many_letters_agree_with_idna() {
        const STARTS: [u32; 8] = [0x61, 0xe0, 0x3b1, 0x430, 0x5d0, 0x3041, 0x4e00, 0x1f300];
        let mut state = 1_u64;
        let mut random = |below: u32| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            u32::try_from(state >> 33).unwrap_or_default() % below
        };
        for _ in 0..20_000 {
            let (length, spread) = (1 + random(20), [1, 8, 26][random(3) as usize]);
            let mut letter = || char::from_u32(STARTS[random(8) as usize] + random(spread)).expect("a letter");
            let text: String = (0..length).map(|_| letter()).collect();
            let encoded = idna::punycode::encode_str(&text);
            assert_eq!(encode(&text), encoded, "{text}");
            assert_eq!(decode(&encoded.expect("short")).as_deref(), Some(&*text));
        }
    }

    #[test]
    fn hosts() {
        assert_eq!(host_to_ascii("例え.jp").as_deref(), Some("xn--r8jz45g.jp"));
        assert_eq!(host_to_ascii("аpple.com").as_deref(), Some("xn--pple-43d.com"));
        assert_eq!(host_to_ascii("ｅxample。com").as_deref(), Some("example.com"));
        assert_eq!(host_to_ascii("ÉXAMPLE.com").as_deref(), Some("xn--xample-9ua.com"));
        assert_eq!(host_to_ascii("ａ－ｂ＿ｃ.com").as_deref(), Some("a-b_c.com"));
        assert_eq!(host_to_ascii("ａ！.com"), None);
        // Where one label is read from right to left, none begins with a digit.
        assert_eq!(host_to_ascii("3é.com").as_deref(), Some("xn--3-bga.com"));
        assert_eq!(host_to_ascii("אב.com").as_deref(), Some("xn--4dbc.com"));
        assert_eq!(host_to_ascii("אב.3com"), None);
        assert_eq!(host_to_ascii("אa.com"), None);
        assert_eq!(host_to_ascii("ﬁ.com"), None);
        assert_eq!(host_to_ascii("e\u{301}.com"), None);
    }

    #[test]
    fn labels() {
        for label in ["xn--e1afmkfd", "xn--p1ai", "xn--xample-9ua", "xn--mgba3gch31f060k"] {
            assert!(is_valid_label(label), "{label}");
        }
        for label in ["xn--", "xn--f", "xn--abc-", "xn--zzzzzzzzzzzz", "xn---", "abc"] {
            assert!(!is_valid_label(label), "{label}");
        }
    }
}
