//! Plans an image natively and prints its segments, metadata by digest, for comparison with the WebAssembly build.
//!
//! Reads `{entries: [{path, kind, size, modified, target, …}], options}` as JSON from standard input. It calls image-core
//! directly, so that a slip in the bindings shows as a difference.

mod entries;
mod options;

use std::error::Error;
use std::fmt::Write as _;
use std::io::{Read as _, Write as _};

use image_core::{BLOCK_SIZE, DiscTime, Lba, Plan, Segment};
use serde::Deserialize;
use sha2::{Digest, Sha256};

#[derive(Deserialize)]
struct Input {
    entries: Vec<entries::Entry>,
    options: options::Chosen,
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text)?;
    let input: Input = serde_json::from_str(&text)?;
    let plan = image_core::plan(entries::tree(&input.entries)?, &input.options.options()?)?;
    std::io::stdout().write_all(describe(&plan)?.as_bytes())?;
    Ok(())
}

fn instant(milliseconds: i64) -> DiscTime {
    let nanosecond = u32::try_from(milliseconds.rem_euclid(1000)).unwrap_or_default() * 1_000_000;
    DiscTime::from_unix(milliseconds.div_euclid(1000), nanosecond, 0)
}

fn describe(plan: &Plan) -> Result<String, Box<dyn Error>> {
    let mut text = format!("size {}\n", plan.size_bytes());
    for segment in plan.segments() {
        match segment {
            Segment::Metadata { start, blocks } => {
                writeln!(text, "metadata {start} {blocks} {}", digest(plan, start, blocks))?;
            }
            Segment::File { source, start, len } => {
                writeln!(text, "file {} {start} {len}", source.0)?;
            }
            Segment::Zero { len } => writeln!(text, "zero {len}")?,
        }
    }
    for warning in plan.warnings() {
        writeln!(text, "warning {warning}")?;
    }
    Ok(text)
}

fn digest(plan: &Plan, start: Lba, blocks: u32) -> String {
    let mut bytes = vec![0; blocks as usize * BLOCK_SIZE];
    plan.render(start, &mut bytes);
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
