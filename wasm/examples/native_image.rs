//! Plans an image natively and prints its segments, metadata by digest, for comparison with the WebAssembly build.
//!
//! Reads `{entries: [{path, kind, size, modified, target}], options}` as JSON from standard input. It calls image-core
//! directly, so that a slip in the bindings shows as a difference.

use std::error::Error;
use std::fmt::Write as _;
use std::io::{Read as _, Write as _};

use image_core::{
    Attributes, BLOCK_SIZE, DiscTime, FileSystems, Iso9660Options, IsoLevel, Lba, Options, Plan,
    Segment, SourceId, Tree,
};
use serde::Deserialize;
use sha2::{Digest, Sha256};

#[derive(Deserialize)]
struct Input {
    entries: Vec<Entry>,
    options: Chosen,
}

#[derive(Deserialize)]
struct Entry {
    path: String,
    kind: u8,
    size: u64,
    modified: Option<i64>,
    target: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Chosen {
    volume_id: String,
    file_systems: FileSystems,
    iso_level: IsoLevel,
    created: i64,
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text)?;
    let input: Input = serde_json::from_str(&text)?;
    let options = Options {
        volume_id: input.options.volume_id,
        file_systems: input.options.file_systems,
        iso9660: Iso9660Options { level: input.options.iso_level, ..Iso9660Options::default() },
        created: instant(input.options.created)?,
        ..Options::default()
    };
    let plan = image_core::plan(tree(&input.entries)?, &options)?;
    std::io::stdout().write_all(describe(&plan)?.as_bytes())?;
    Ok(())
}

fn tree(entries: &[Entry]) -> Result<Tree, Box<dyn Error>> {
    let mut tree = Tree::new();
    for (source, entry) in (0..).zip(entries) {
        let modified = entry.modified.map(instant).transpose()?;
        let attributes = Attributes { modified, ..Attributes::default() };
        match (entry.kind, &entry.target) {
            (0, _) => tree.add_file(&entry.path, SourceId(source), entry.size, attributes)?,
            (1, _) => tree.add_directory(&entry.path, attributes)?,
            (2, Some(target)) => tree.add_symlink(&entry.path, target, attributes)?,
            _ => return Err(format!("{} is of no known kind", entry.path).into()),
        };
    }
    Ok(tree)
}

fn instant(milliseconds: i64) -> Result<DiscTime, Box<dyn Error>> {
    let nanosecond = u32::try_from(milliseconds.rem_euclid(1000))? * 1_000_000;
    Ok(DiscTime::from_unix(milliseconds.div_euclid(1000), nanosecond, 0))
}

fn describe(plan: &Plan) -> Result<String, Box<dyn Error>> {
    let mut text = format!("size {}\n", plan.size_bytes());
    for segment in plan.segments() {
        match segment {
            Segment::Metadata { start, blocks } => {
                writeln!(text, "metadata {start} {blocks} {}", digest(plan, start, blocks))?;
            }
            Segment::File { source, start, len } => {
                writeln!(text, "file {} {start} {len}", source.0)?
            }
            Segment::Zero { len } => writeln!(text, "zero {len}")?,
        }
    }
    Ok(text)
}

fn digest(plan: &Plan, start: Lba, blocks: u32) -> String {
    let mut bytes = vec![0; blocks as usize * BLOCK_SIZE];
    plan.render(start, &mut bytes);
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
