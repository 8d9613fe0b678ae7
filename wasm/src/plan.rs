//! The planned image, as an object of the page.

use image_core::{
    Attributes, BLOCK_SIZE, DiscTime, Lba, NodeId, Options, Plan, Segment, SourceId, Special, Tree,
};
use js_sys::{Array, Uint8Array, Uint32Array};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::border::{self, SegmentColumns};
use crate::details::{self, EntryDetails};
use crate::entries::{Entry, EntryArrays, EntryKind};
use crate::failure::ImageFailure;
use crate::names::ImageNames;
use crate::options;
use crate::warnings::ImageWarning;

/// Most blocks that one call renders: 64 MiB, well above what a page should hold at a time.
const RENDER_LIMIT: u32 = 32_768;

/// An image whose every byte is decided: its size, its segments, its metadata on demand.
#[wasm_bindgen]
#[derive(Debug)]
pub struct ImagePlan {
    plan: Plan,
    /// The node that each entry became.
    nodes: Vec<NodeId>,
}

/// Plans an image. Throws an `ImageFailure` that names the entry at fault.
#[wasm_bindgen(js_name = planImage)]
pub fn plan_image(
    #[wasm_bindgen(unchecked_param_type = "ImageEntries")] entries: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "ImageOptions")] options: &JsValue,
) -> Result<ImagePlan, JsValue> {
    let options = options::options(options)?;
    let arrays = border::entry_arrays(entries)?;
    let count = u32::try_from(arrays.path_ends.len()).unwrap_or(u32::MAX);
    let details = details::details(entries, count)?;
    Ok(ImagePlan::new(arrays, details, &options)?)
}

#[wasm_bindgen]
impl ImagePlan {
    /// Bytes of the image.
    #[wasm_bindgen(getter, js_name = sizeBytes)]
    #[must_use]
    pub fn size_bytes(&self) -> f64 {
        number(self.plan.size_bytes())
    }

    /// Blocks of 2048 bytes of the image.
    #[wasm_bindgen(getter, js_name = sizeBlocks)]
    #[must_use]
    pub fn size_blocks(&self) -> u32 {
        self.plan.size_blocks()
    }

    /// What the image consists of, from its first byte to its last.
    #[wasm_bindgen(unchecked_return_type = "ImageSegments")]
    #[must_use]
    pub fn segments(&self) -> JsValue {
        self.segment_columns().to_js()
    }

    /// Blocks of a metadata segment, at most 32768 in a call.
    pub fn render(
        &self,
        #[wasm_bindgen(js_name = startBlock)] start_block: u32,
        blocks: u32,
    ) -> Result<Vec<u8>, JsValue> {
        Ok(self.rendered(start_block, blocks)?)
    }

    /// The same, into an array of the caller, as many whole blocks as it holds: it can be used again for the next.
    #[wasm_bindgen(js_name = renderInto)]
    pub fn render_into(
        &self,
        #[wasm_bindgen(js_name = startBlock)] start_block: u32,
        out: &Uint8Array,
    ) -> Result<(), JsValue> {
        let blocks = out.length() / BLOCK_SIZE as u32;
        out.subarray(0, blocks * BLOCK_SIZE as u32).copy_from(&self.rendered(start_block, blocks)?);
        Ok(())
    }

    /// What became of the names of up to `count` entries from `firstEntry` on, in their order.
    #[wasm_bindgen(unchecked_return_type = "ImageNames[]")]
    pub fn names(
        &self,
        #[wasm_bindgen(js_name = firstEntry)] first_entry: u32,
        count: u32,
    ) -> Result<Array, JsValue> {
        let nodes = self.nodes.iter().skip(first_entry as usize).take(count as usize);
        let reports = Array::new();
        for node in nodes {
            let names = ImageNames::from(self.plan.names(*node));
            reports.push(&serde_wasm_bindgen::to_value(&names)?);
        }
        Ok(reports)
    }

    /// What became of the name of the volume.
    #[wasm_bindgen(js_name = volumeNames, unchecked_return_type = "ImageNames")]
    pub fn volume_names(&self) -> Result<JsValue, JsValue> {
        let names = ImageNames::from(self.plan.volume_names());
        Ok(serde_wasm_bindgen::to_value(&names)?)
    }

    /// What one should know of the image before it is written.
    #[wasm_bindgen(unchecked_return_type = "ImageWarning[]")]
    pub fn warnings(&self) -> Result<Array, JsValue> {
        let warnings = Array::new();
        for warning in self.plan.warnings() {
            warnings.push(&serde_wasm_bindgen::to_value(&ImageWarning::from(warning))?);
        }
        Ok(warnings)
    }

    /// The first block with bytes of an entry, and how many there are; `undefined` for what has no bytes.
    #[wasm_bindgen(js_name = blocksOf, unchecked_return_type = "[start: number, blocks: number] | undefined")]
    #[must_use]
    pub fn blocks_of(&self, entry: u32) -> JsValue {
        let found = self.nodes.get(entry as usize).and_then(|node| self.plan.blocks_of(*node));
        found.map_or(JsValue::UNDEFINED, |(start, blocks)| {
            Array::of2(&start.0.into(), &blocks.into()).into()
        })
    }

    /// The entries with bytes in a block: several are names of one file, or were found to be equal.
    #[wasm_bindgen(js_name = entriesAt)]
    #[must_use]
    pub fn entries_at(&self, block: u32) -> Uint32Array {
        let nodes: Vec<NodeId> = self.plan.files_at(Lba(block)).collect();
        let entries = (0u32..).zip(&self.nodes).filter(|(_, node)| nodes.contains(node));
        let entries: Vec<u32> = entries.map(|(entry, _)| entry).collect();
        Uint32Array::from(entries.as_slice())
    }
}

impl ImagePlan {
    fn new(
        arrays: EntryArrays,
        details: Vec<EntryDetails>,
        options: &Options,
    ) -> Result<Self, ImageFailure> {
        let count = arrays.path_ends.len();
        let mut tree = Tree::with_capacity(count);
        let mut nodes = Vec::with_capacity(count);
        let mut details = details.into_iter().peekable();
        for (index, entry) in (0u32..).zip(arrays.entries()?) {
            let details = details.next_if(|details| details.entry == index);
            let device = details.as_ref().map_or((0, 0), |details| details.device);
            let node = add(&mut tree, SourceId(index), &entry?, device)?;
            if let Some(details) = details {
                tree.set_details(node, details.details);
            }
            nodes.push(node);
        }
        // Memory of WebAssembly is never given back: the plan is to use that of the list.
        drop(arrays);
        Ok(Self { plan: image_core::plan(tree, options)?, nodes })
    }

    fn segment_columns(&self) -> SegmentColumns {
        let mut columns = SegmentColumns::default();
        for segment in self.plan.segments() {
            let (kind, source, start) = match segment {
                Segment::Metadata { start, .. } => (0, 0, f64::from(start.0)),
                Segment::File { source, start, .. } => (1, source.0, number(start)),
                Segment::Zero { .. } => (2, 0, 0.0),
            };
            columns.kinds.push(kind);
            columns.sources.push(source);
            columns.starts.push(start);
            columns.lengths.push(number(segment.len()));
        }
        columns
    }

    fn rendered(&self, start: u32, blocks: u32) -> Result<Vec<u8>, ImageFailure> {
        let end = start.checked_add(blocks).filter(|end| *end <= self.plan.size_blocks());
        if end.is_none() || blocks > RENDER_LIMIT {
            return Err(ImageFailure::new(
                "outOfRange",
                format!(
                    "{blocks} blocks from {start} on cannot be rendered: the image has {}, and one call renders at most {RENDER_LIMIT}",
                    self.plan.size_blocks()
                ),
            ));
        }
        let mut bytes = vec![0; blocks as usize * BLOCK_SIZE];
        self.plan.render(Lba(start), &mut bytes);
        Ok(bytes)
    }
}

fn add(
    tree: &mut Tree,
    source: SourceId,
    entry: &Entry<'_>,
    device: (u32, u32),
) -> Result<NodeId, ImageFailure> {
    let attributes = Attributes {
        modified: entry.modified.map(disc_time),
        mode: entry.mode,
        uid: entry.uid,
        gid: entry.gid,
    };
    let added = match entry.kind {
        EntryKind::File { len } => tree.add_file(entry.path, source, len, attributes),
        EntryKind::Directory => tree.add_directory(entry.path, attributes),
        EntryKind::Symlink { target } => tree.add_symlink(entry.path, target, attributes),
        EntryKind::HardLink { target } => {
            let target = tree.find(target).ok_or_else(|| no_target(entry.path, target))?;
            tree.add_hard_link(entry.path, target)
        }
        EntryKind::Special(special) => {
            tree.add_special(entry.path, numbered(special, device), attributes)
        }
    };
    added.map_err(|error| ImageFailure::from(error).at(entry.path))
}

fn no_target(path: &str, target: &str) -> ImageFailure {
    let message = format!("{path:?} is another name of {target:?}, which is not there yet");
    ImageFailure::new("notLinkable", message).at(path).hint("list the file before its other names")
}

/// A device with its numbers.
fn numbered(special: Special, (major, minor): (u32, u32)) -> Special {
    match special {
        Special::CharacterDevice { .. } => Special::CharacterDevice { major, minor },
        Special::BlockDevice { .. } => Special::BlockDevice { major, minor },
        other => other,
    }
}

/// Milliseconds since 1970 as UTC: what a page knows of a file's time.
pub(crate) fn disc_time(milliseconds: i64) -> DiscTime {
    let nanosecond = u32::try_from(milliseconds.rem_euclid(1000)).unwrap_or(0) * 1_000_000;
    DiscTime::from_unix(milliseconds.div_euclid(1000), nanosecond, 0)
}

/// Lengths of discs and files are below 2^53 (checked on the way in, or 2^32 blocks at most), so they stay exact.
#[expect(clippy::cast_precision_loss, reason = "below 2^53")]
const fn number(value: u64) -> f64 {
    value as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_before_1970_keep_their_milliseconds() {
        let time = disc_time(-1);
        assert_eq!((time.year, time.second, time.nanosecond), (1969, 59, 999_000_000));
        assert_eq!(disc_time(1_772_366_400_250).nanosecond, 250_000_000);
    }
}
