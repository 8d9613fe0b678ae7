//! What crosses between JavaScript and Rust: typed arrays in, typed arrays out.

use js_sys::{Array, Float64Array, JsString, Object, Reflect, Uint8Array, Uint32Array};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

use crate::entries::EntryArrays;
use crate::failure::ImageFailure;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("border.d.ts");

/// Copies the caller's arrays; each must be of exactly the type that the declarations say.
pub(crate) fn entry_arrays(entries: &JsValue) -> Result<EntryArrays, ImageFailure> {
    Ok(EntryArrays {
        paths: field::<Uint8Array>(entries, "paths", "a Uint8Array")?.to_vec(),
        path_ends: field::<Uint32Array>(entries, "pathEnds", "a Uint32Array")?.to_vec(),
        kinds: field::<Uint8Array>(entries, "kinds", "a Uint8Array")?.to_vec(),
        sizes: field::<Float64Array>(entries, "sizes", "a Float64Array")?.to_vec(),
        modified: field::<Float64Array>(entries, "modified", "a Float64Array")?.to_vec(),
        targets: targets(entries)?,
        modes: optional(entries, "modes")?,
        uids: optional(entries, "uids")?,
        gids: optional(entries, "gids")?,
    })
}

/// A column that may be left out.
fn optional(entries: &JsValue, name: &str) -> Result<Vec<u32>, ImageFailure> {
    let value = Reflect::get(entries, &JsValue::from_str(name)).unwrap_or_default();
    if value.is_undefined() || value.is_null() {
        return Ok(Vec::new());
    }
    Ok(field::<Uint32Array>(entries, name, "a Uint32Array")?.to_vec())
}

fn field<T: JsCast>(entries: &JsValue, name: &str, expected: &str) -> Result<T, ImageFailure> {
    Reflect::get(entries, &JsValue::from_str(name))
        .ok()
        .and_then(|value| value.dyn_into().ok())
        .ok_or_else(|| ImageFailure::new("invalidEntries", format!("{name} is not {expected}")))
}

fn targets(entries: &JsValue) -> Result<Vec<String>, ImageFailure> {
    let value = Reflect::get(entries, &JsValue::from_str("targets")).unwrap_or(JsValue::UNDEFINED);
    if value.is_undefined() || value.is_null() {
        return Ok(Vec::new());
    }
    let refused = || ImageFailure::new("invalidEntries", "targets is not an array of strings");
    let array: Array = value.dyn_into().map_err(|_| refused())?;
    array.iter().map(|target| text(&target).map_err(|half| half.unwrap_or_else(refused))).collect()
}

/// A string as it is; `as_string` alone would put U+FFFD in place of half a UTF-16 pair. The error is `None` for what is
/// no string.
fn text(value: &JsValue) -> Result<String, Option<ImageFailure>> {
    let string: &JsString = value.dyn_ref().ok_or(None)?;
    let text = String::from(string);
    if string.is_valid_utf16() {
        return Ok(text);
    }
    let message = format!("the target {text:?} of a link has half a UTF-16 pair in it");
    let failure = ImageFailure::new("invalidTarget", message).hint("mend the link or leave it out");
    Err(Some(failure))
}

/// Segments as columns, ready to cross.
#[derive(Debug, Default)]
pub(crate) struct SegmentColumns {
    pub(crate) kinds: Vec<u8>,
    pub(crate) sources: Vec<u32>,
    pub(crate) starts: Vec<f64>,
    pub(crate) lengths: Vec<f64>,
}

impl SegmentColumns {
    pub(crate) fn to_js(&self) -> JsValue {
        let object = Object::new();
        let columns: [(&str, JsValue); 4] = [
            ("kinds", Uint8Array::from(self.kinds.as_slice()).into()),
            ("sources", Uint32Array::from(self.sources.as_slice()).into()),
            ("starts", Float64Array::from(self.starts.as_slice()).into()),
            ("lengths", Float64Array::from(self.lengths.as_slice()).into()),
        ];
        for (name, column) in columns {
            // Setting a new property of a plain object cannot fail.
            let _ = Reflect::set(&object, &JsValue::from_str(name), &column);
        }
        object.into()
    }
}
