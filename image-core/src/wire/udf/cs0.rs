//! OSTA Compressed Unicode: text in 8 or 16 bits a character, a compression id first. UDF 2.1.1.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

/// Compression id: one byte a character.
const COMPRESSION_8: u8 = 8;
/// Compression id: two bytes a character, most significant first.
const COMPRESSION_16: u8 = 16;

/// Bytes this text takes, compression id included; 0 for empty text.
#[must_use]
pub fn encoded_len(text: &str) -> usize {
    let text = &*allowed(text);
    match (text.is_empty(), fits_in_bytes(text)) {
        (true, _) => 0,
        (false, true) => 1 + text.chars().count(),
        (false, false) => 1 + 2 * text.encode_utf16().count(),
    }
}

/// Whether text may have this character: a byte order mark, right or reversed, is none of its. UDF 2.1.1.
#[must_use]
pub const fn is_allowed(c: char) -> bool {
    !matches!(c, '\u{feff}' | '\u{fffe}')
}

/// The same text with `_` for what it may not have.
#[must_use]
pub fn allowed(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || text.chars().all(is_allowed) {
        return Cow::Borrowed(text);
    }
    text.chars().map(|c| if is_allowed(c) { c } else { '_' }).collect::<String>().into()
}

/// Appends this text: 8 bits a character when every character is below U+0100, else UTF-16; `_` for what it may not have.
///
/// Characters beyond the basic plane become surrogate pairs, as every reader in use takes them.
pub fn encode(text: &str, out: &mut Vec<u8>) {
    if text.is_empty() {
        return;
    }
    let text = &*allowed(text);
    if fits_in_bytes(text) {
        out.push(COMPRESSION_8);
        out.extend(text.chars().filter_map(|c| u8::try_from(u32::from(c)).ok()));
    } else {
        out.push(COMPRESSION_16);
        out.extend(text.encode_utf16().flat_map(u16::to_be_bytes));
    }
}

/// The text of these bytes; lone surrogates become U+FFFD.
///
/// `None` when the compression id is unknown. Ids 254 and 255 (deleted entries) decode like 8 and 16.
#[must_use]
pub fn decode(bytes: &[u8]) -> Option<String> {
    let Some((id, text)) = bytes.split_first() else { return Some(String::new()) };
    match *id {
        COMPRESSION_8 | 254 => Some(text.iter().copied().map(char::from).collect()),
        COMPRESSION_16 | 255 => {
            let (units, _) = text.as_chunks::<2>();
            let units = units.iter().map(|unit| u16::from_be_bytes(*unit));
            Some(
                char::decode_utf16(units)
                    .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
                    .collect(),
            )
        }
        _ => None,
    }
}

/// Text in a fixed field: padded with zeros, the last byte says how many bytes are used. UDF 2.1.3.
///
/// Text that does not fit is cut at a character.
#[must_use]
pub fn dstring<const N: usize>(text: &str) -> [u8; N] {
    let mut kept = text;
    while encoded_len(kept) > N - 1 {
        let mut chars = kept.chars();
        chars.next_back();
        kept = chars.as_str();
    }
    let mut bytes = Vec::with_capacity(N);
    encode(kept, &mut bytes);
    let used = u8::try_from(bytes.len()).unwrap_or(u8::MAX);
    bytes.resize(N - 1, 0);
    bytes.push(used);
    bytes.try_into().unwrap_or([0; N])
}

/// The text of a fixed field.
#[must_use]
pub fn dstring_text(field: &[u8]) -> Option<String> {
    let (used, text) = field.split_last()?;
    decode(text.get(..usize::from(*used))?)
}

fn fits_in_bytes(text: &str) -> bool {
    text.chars().all(|c| u32::from(c) < 0x100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn narrow_wide_and_beyond() {
        for (text, len) in [("", 0), ("abc", 4), ("é", 2), ("日本", 5), ("a\u{1F600}", 7)] {
            let mut bytes = Vec::new();
            encode(text, &mut bytes);
            assert_eq!(bytes.len(), len);
            assert_eq!(encoded_len(text), len);
            assert_eq!(decode(&bytes).as_deref(), Some(text));
        }
        assert_eq!(decode(&[7, 1]), None);
        assert_eq!(decode(&[16, 0xD8, 0x00]).as_deref(), Some("\u{FFFD}"));
    }

    #[test]
    fn fixed_fields_are_cut_at_a_character() {
        let field = dstring::<8>("日本語だ");
        assert_eq!(field[7], 7);
        assert_eq!(dstring_text(&field).as_deref(), Some("日本語"));
        assert_eq!(dstring::<4>(""), [0; 4]);
        assert_eq!(dstring_text(&[9, 9, 9, 200]), None);
    }
}
