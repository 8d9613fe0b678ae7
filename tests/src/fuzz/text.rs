//! OSTA Compressed Unicode, there and back.

use image_core::wire::udf::cs0 as osta;

pub(super) fn cs0(data: &[u8]) {
    if let Some(text) = osta::decode(data) {
        again(&text);
    }
    if let Some(text) = osta::dstring_text(data) {
        again(&text);
    }
    let text = String::from_utf8_lossy(data);
    again(&text);
    in_field::<32>(&text);
    in_field::<128>(&text);
}

fn again(text: &str) {
    let mut bytes = Vec::new();
    osta::encode(text, &mut bytes);
    assert_eq!(bytes.len(), osta::encoded_len(text));
    assert_eq!(osta::decode(&bytes).as_deref(), Some(text));
}

fn in_field<const N: usize>(text: &str) {
    let field = osta::dstring::<N>(text);
    let kept = osta::dstring_text(&field).expect("a field holds text");
    assert!(text.starts_with(&kept), "{kept:?} is no beginning of {text:?}");
    let used = osta::encoded_len(text);
    assert!(used >= N || kept == text, "{text:?} fits and was cut to {kept:?}");
}
