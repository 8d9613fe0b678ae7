//! What few entries have besides path, kind, length and time.

use image_core::{Details, HiddenIn, SourceId, Stream};
use js_sys::{Array, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use crate::failure::ImageFailure;
use crate::fields::{Fields, Read};

/// What is wrong with a list of entries is told under this name.
const KIND: &str = "invalidEntries";

/// The details of one entry.
#[derive(Debug, Default)]
pub(crate) struct EntryDetails {
    /// Which entry.
    pub(crate) entry: u32,
    pub(crate) details: Details,
    /// Numbers of a device.
    pub(crate) device: (u32, u32),
}

/// All details, in the order of the entries. The sources of named streams are numbered behind the `entries`.
pub(crate) fn details(list: &JsValue, entries: u32) -> Read<Vec<EntryDetails>> {
    let value = Reflect::get(list, &JsValue::from_str("details")).unwrap_or_default();
    if value.is_undefined() || value.is_null() {
        return Ok(Vec::new());
    }
    let array: Array =
        value.dyn_into().map_err(|_| ImageFailure::new(KIND, "details is not an array"))?;
    let mut sources = entries;
    let mut all: Vec<EntryDetails> = Vec::new();
    for (index, value) in (0u32..).zip(array.iter()) {
        let name = format!("details[{index}]");
        let mut read = EntryDetails::default();
        Fields::read(KIND, &name, &value, &mut |fields| one(fields, &mut read, &mut sources))?;
        if read.entry >= entries || all.last().is_some_and(|last| last.entry >= read.entry) {
            let message = format!("{name}.entry is {}: entries come once and in order", read.entry);
            return Err(Box::new(ImageFailure::new(KIND, message)));
        }
        all.push(read);
    }
    Ok(all)
}

fn one(fields: &mut Fields, read: &mut EntryDetails, sources: &mut u32) -> Read {
    let entry = fields.optional_u32("entry")?;
    read.entry = entry.ok_or_else(|| fields.refusal("entry", "the number of an entry"))?;
    let details = &mut read.details;
    details.accessed = fields.date("accessed")?;
    details.created = fields.date("created")?;
    details.changed = fields.date("changed")?;
    details.hidden_in = hidden_in(fields, "hiddenIn")?;
    fields.flag("hidden", &mut details.hidden)?;
    fields.i32("weight", &mut details.weight)?;
    fields.flag("realTime", &mut details.real_time)?;
    details.content = fields.bytes("content")?.map(Into::into);
    if let Some(bytes) = fields.bytes("digest")? {
        let digest = bytes.try_into();
        let refusal = |_| fields.refusal("digest", "the 32 bytes of SHA-256");
        details.digest = Some(digest.map_err(refusal)?);
    }
    fields.objects("streams", &mut |fields| {
        let mut stream = Stream::new("", SourceId(*sources), 0);
        *sources = sources.saturating_add(1);
        fields.text("name", &mut stream.name)?;
        fields.u64("size", &mut stream.len)?;
        details.streams.push(stream);
        Ok(())
    })?;
    fields.objects("extendedAttributes", &mut |fields| {
        let mut name = String::new();
        fields.text("name", &mut name)?;
        details.extended_attributes.push((name, fields.bytes("value")?.unwrap_or_default()));
        Ok(())
    })?;
    let (major, minor) = (&mut read.device.0, &mut read.device.1);
    fields.object("device", &mut |fields| {
        fields.u32("major", major)?;
        fields.u32("minor", minor)
    })?;
    Ok(())
}

/// File systems to be hidden in, from a list of their names.
pub(crate) fn hidden_in(fields: &mut Fields, name: &'static str) -> Read<HiddenIn> {
    let mut hidden = HiddenIn::empty();
    for value in fields.list(name)? {
        hidden |= match value.as_string().as_deref() {
            Some("iso9660") => HiddenIn::ISO9660,
            Some("joliet") => HiddenIn::JOLIET,
            Some("udf") => HiddenIn::UDF,
            _ => return Err(fields.refusal(name, "a list of iso9660, joliet and udf")),
        };
    }
    Ok(hidden)
}
