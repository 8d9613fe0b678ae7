//! Entries, straight into the tree.

use std::error::Error;

use image_core::{Attributes, Details, HiddenIn, SourceId, Special, Stream, Tree};
use serde::Deserialize;

use crate::instant;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Entry {
    path: String,
    kind: u8,
    size: u64,
    modified: Option<i64>,
    target: Option<String>,
    mode: Option<u32>,
    uid: Option<u32>,
    gid: Option<u32>,
    #[serde(flatten)]
    details: Given,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Given {
    accessed: Option<i64>,
    created: Option<i64>,
    changed: Option<i64>,
    hidden: bool,
    hidden_in: Vec<String>,
    weight: i32,
    real_time: bool,
    streams: Vec<GivenStream>,
    extended_attributes: Vec<(String, Vec<u8>)>,
    content: Option<Vec<u8>>,
    digest: Option<[u8; 32]>,
    device: (u32, u32),
}

#[derive(Deserialize)]
struct GivenStream {
    name: String,
    size: u64,
}

pub(crate) fn tree(entries: &[Entry]) -> Result<Tree, Box<dyn Error>> {
    let mut tree = Tree::new();
    let mut stream_source = u32::try_from(entries.len())?;
    for (source, entry) in (0..).zip(entries) {
        let modified = entry.modified.map(instant);
        let attributes = Attributes { modified, mode: entry.mode, uid: entry.uid, gid: entry.gid };
        let (major, minor) = entry.details.device;
        let node = match (entry.kind, &entry.target) {
            (0, _) => tree.add_file(&entry.path, SourceId(source), entry.size, attributes)?,
            (1, _) => tree.add_directory(&entry.path, attributes)?,
            (2, Some(target)) => tree.add_symlink(&entry.path, target, attributes)?,
            (3, Some(target)) => {
                let target = tree.find(target).ok_or("a link to nothing")?;
                tree.add_hard_link(&entry.path, target)?
            }
            (4, _) => {
                let special = Special::CharacterDevice { major, minor };
                tree.add_special(&entry.path, special, attributes)?
            }
            (5, _) => {
                let special = Special::BlockDevice { major, minor };
                tree.add_special(&entry.path, special, attributes)?
            }
            (6, _) => tree.add_special(&entry.path, Special::Fifo, attributes)?,
            (7, _) => tree.add_special(&entry.path, Special::Socket, attributes)?,
            _ => return Err(format!("{} is of no known kind", entry.path).into()),
        };
        let details = details(&entry.details, &mut stream_source);
        if details != Details::default() {
            tree.set_details(node, details);
        }
    }
    Ok(tree)
}

fn details(given: &Given, source: &mut u32) -> Details {
    let mut stream = |given: &GivenStream| {
        *source += 1;
        Stream::new(given.name.clone(), SourceId(*source - 1), given.size)
    };
    let hidden = given.hidden_in.iter().fold(HiddenIn::empty(), |hidden, name| {
        hidden
            | match name.as_str() {
                "iso9660" => HiddenIn::ISO9660,
                "joliet" => HiddenIn::JOLIET,
                _ => HiddenIn::UDF,
            }
    });
    Details {
        accessed: given.accessed.map(instant),
        created: given.created.map(instant),
        changed: given.changed.map(instant),
        hidden_in: hidden,
        hidden: given.hidden,
        weight: given.weight,
        real_time: given.real_time,
        streams: given.streams.iter().map(&mut stream).collect(),
        extended_attributes: given.extended_attributes.clone(),
        content: given.content.clone().map(Into::into),
        recorded: None,
        digest: given.digest,
    }
}
