//! Entries of a file system, as JavaScript sees them.

use image_core::read::{Entry, EntryKind, Place};
use image_core::tree::Special;
use image_core::{BLOCK_SIZE, DiscTime};
use js_sys::Float64Array;
use serde::Serialize;
use tsify::Tsify;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// What a file system says of an entry. Times are milliseconds since 1970. What it does not say is left out.
#[derive(Clone, Debug, PartialEq, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct ReadEntry {
    /// Path from the root, without a leading `/`; empty for the root itself.
    pub path: String,
    #[tsify(type = "\"file\" | \"directory\" | \"symlink\" | \"special\"")]
    pub kind: &'static str,
    /// Bytes of the content.
    pub size: f64,
    /// When the content was last modified.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[tsify(optional)]
    pub modified: Option<f64>,
    /// When the content was last read.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[tsify(optional)]
    pub accessed: Option<f64>,
    /// When it was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[tsify(optional)]
    pub created: Option<f64>,
    /// When its attributes last changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[tsify(optional)]
    pub changed: Option<f64>,
    /// POSIX permissions.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[tsify(optional)]
    pub mode: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[tsify(optional)]
    pub uid: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[tsify(optional)]
    pub gid: Option<u32>,
    /// What a symbolic link points to.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[tsify(optional)]
    pub target: Option<String>,
    /// What a special file is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[tsify(optional)]
    pub device: Option<ReadDevice>,
    /// How many names the file has.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[tsify(optional)]
    pub links: Option<u32>,
    /// The same text for all names of one file.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[tsify(optional)]
    pub inode: Option<String>,
    /// To be read at an even pace.
    pub real_time: bool,
    /// Not to be shown unless asked for.
    pub hidden: bool,
}

/// What a special file is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct ReadDevice {
    #[tsify(type = "\"fifo\" | \"socket\" | \"characterDevice\" | \"blockDevice\"")]
    pub kind: &'static str,
    pub major: u32,
    pub minor: u32,
}

impl From<Special> for ReadDevice {
    fn from(special: Special) -> Self {
        let (kind, major, minor) = match special {
            Special::CharacterDevice { major, minor } => ("characterDevice", major, minor),
            Special::BlockDevice { major, minor } => ("blockDevice", major, minor),
            Special::Fifo => ("fifo", 0, 0),
            Special::Socket => ("socket", 0, 0),
        };
        Self { kind, major, minor }
    }
}

impl From<&Entry> for ReadEntry {
    fn from(entry: &Entry) -> Self {
        Self {
            path: entry.path.clone(),
            kind: match entry.kind {
                EntryKind::Directory => "directory",
                EntryKind::File => "file",
                EntryKind::Symlink => "symlink",
                EntryKind::Special => "special",
            },
            size: number(entry.len),
            modified: entry.modified.and_then(milliseconds),
            accessed: entry.accessed.and_then(milliseconds),
            created: entry.created.and_then(milliseconds),
            changed: entry.changed.and_then(milliseconds),
            mode: entry.mode,
            uid: entry.uid,
            gid: entry.gid,
            target: entry.target.clone(),
            device: entry.special.map(Into::into),
            links: entry.links,
            inode: entry.inode.map(|inode| inode.to_string()),
            real_time: entry.real_time,
            hidden: entry.hidden,
        }
    }
}

/// Milliseconds since 1970 of a time that a calendar has.
#[expect(clippy::cast_precision_loss, reason = "years from -9999 to 9999")]
pub(crate) fn milliseconds(time: DiscTime) -> Option<f64> {
    let time = time.validated()?;
    Some(time.to_unix() as f64 * 1000.0 + f64::from(time.nanosecond / 1_000_000))
}

/// Lengths are those of what is on an image, below 2^53 bytes; a damaged one may be rounded.
#[expect(clippy::cast_precision_loss, reason = "below 2^53 on any image")]
const fn number(value: u64) -> f64 {
    value as f64
}

/// Entries of a directory, in the order they are recorded.
#[wasm_bindgen]
#[derive(Debug)]
pub struct EntryList {
    entries: Vec<Entry>,
}

impl EntryList {
    pub(crate) const fn new(entries: Vec<Entry>) -> Self {
        Self { entries }
    }

    pub(crate) fn get(&self, index: u32) -> Option<&Entry> {
        self.entries.get(index as usize)
    }
}

#[wasm_bindgen]
impl EntryList {
    /// How many there are.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn length(&self) -> u32 {
        u32::try_from(self.entries.len()).unwrap_or(u32::MAX)
    }

    /// One of them; `undefined` behind the last.
    #[wasm_bindgen(unchecked_return_type = "ReadEntry | undefined")]
    pub fn entry(&self, index: u32) -> Result<JsValue, JsValue> {
        let Some(entry) = self.get(index) else { return Ok(JsValue::UNDEFINED) };
        Ok(serde_wasm_bindgen::to_value(&ReadEntry::from(entry))?)
    }

    /// Where the content of an entry is: pairs of an offset in the image and a length, in bytes. -1 stands for zeros.
    #[must_use]
    pub fn extents(&self, index: u32) -> Float64Array {
        let extents = self.get(index).map(|entry| entry.extents.as_slice()).unwrap_or_default();
        let pairs = extents.iter().flat_map(|extent| {
            let offset = match extent.place {
                Place::Recorded { lba, skip } => {
                    number(u64::from(lba.0) * BLOCK_SIZE as u64 + u64::from(skip))
                }
                Place::Zeros => -1.0,
            };
            [offset, number(extent.bytes)]
        });
        Float64Array::from(pairs.collect::<Vec<f64>>().as_slice())
    }
}
