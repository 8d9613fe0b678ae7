//! What UDF alone records.

use std::collections::BTreeMap;

use image_core::read::{BlockSource, Entry, FileSystem, Image, ReadError, SliceSource, View};
use image_core::{DiscTime, Kind, NodeId, Plan, UdfRevision, Warning};

use super::view::Shown;
use super::{content, nodes, same};

/// An implementation use attribute. ECMA-167 4/14.10.8.
const IMPLEMENTATION_USE: u32 = 2048;

/// What has to be asked for.
#[derive(Default)]
pub(super) struct More {
    streams: BTreeMap<String, Vec<u8>>,
    /// By name, without the sum before the value.
    attributes: Vec<(String, Vec<u8>)>,
}

impl More {
    /// The bytes of the named streams, by path.
    pub(super) const fn streams(&self) -> &BTreeMap<String, Vec<u8>> {
        &self.streams
    }

    pub(super) fn read<S: BlockSource>(
        view: &mut View<'_, S>,
        system: FileSystem,
        entry: &Entry,
    ) -> Result<Self, ReadError> {
        let mut more = Self::default();
        if system != FileSystem::Udf {
            return Ok(more);
        }
        for stream in view.streams(entry)? {
            let mut bytes = vec![0; stream.len as usize];
            view.read(&stream, 0, &mut bytes)?;
            more.streams.insert(stream.path, bytes);
        }
        for attribute in view.extended_attributes(entry)? {
            if attribute.attribute_type == IMPLEMENTATION_USE {
                let value = attribute.value.get(2..).unwrap_or_default().to_vec();
                more.attributes.push((attribute.identifier.unwrap_or_default(), value));
            }
        }
        Ok(more)
    }
}

pub(super) fn check_volume(plan: &Plan, image: &mut Image<SliceSource<'_>>) -> Result<(), String> {
    let info = image.info(FileSystem::Udf).ok_or("no volume")?;
    let options = plan.options();
    same(options.volume_id.as_str(), info.volume_id.as_str(), "volume")?;
    same(Some(options.udf.revision.number()), info.udf_revision, "revision")
}

pub(super) fn compare(plan: &Plan, node: NodeId, shown: &Shown) -> Result<(), String> {
    let tree = plan.tree();
    let file = tree.link_of(node);
    let (details, entry) = (tree.details(file), &shown.entry);
    let path = &entry.path;
    same(details.real_time && matches!(tree.kind(node), Kind::File { .. }), entry.real_time, path)?;
    let links = names(plan, file).len() + usize::from(!details.streams.is_empty());
    if !matches!(tree.kind(node), Kind::Directory) {
        same(Some(links as u32), entry.links, path)?;
    }
    let expected = details
        .streams
        .iter()
        .map(|stream| (stream.name.clone(), content(stream.source, stream.len as usize)));
    let named: BTreeMap<_, _> = shown
        .more
        .streams
        .iter()
        .map(|(name, bytes)| {
            let name = name.rsplit('/').next().unwrap_or_default();
            (name.to_owned(), bytes.clone())
        })
        .collect();
    let expected: BTreeMap<_, _> = expected.collect();
    if expected != named {
        let (wanted, found) = (expected.keys(), named.keys());
        return Err(format!("{path:?}: streams {wanted:?} became {found:?}, or their content did"));
    }
    let found = &shown.more.attributes;
    let left_out = |warning: &Warning| matches!(warning, Warning::AttributesNotInUdf { .. });
    let given = details.extended_attributes.iter();
    // Rock Ridge has all of them: what is missing here is told.
    let given: Vec<_> = if plan.warnings().iter().any(left_out) {
        given.filter(|(name, _)| found.iter().any(|(found, _)| found == name)).cloned().collect()
    } else {
        given.cloned().collect()
    };
    compare_attributes(&given, found, path)?;
    compare_times(plan, node, shown)
}

/// The values are filled up with zeros to four bytes.
fn compare_attributes(
    given: &[(String, Vec<u8>)],
    found: &[(String, Vec<u8>)],
    path: &str,
) -> Result<(), String> {
    same(given.len(), found.len(), path)?;
    for ((name, value), (found_name, found_value)) in given.iter().zip(found) {
        same(name, found_name, path)?;
        let padding = found_value.strip_prefix(value.as_slice());
        if !padding.is_some_and(|rest| rest.len() < 4 && rest.iter().all(|byte| *byte == 0)) {
            return Err(format!("{path:?}: {name:?} {value:?} became {found_value:?}"));
        }
    }
    Ok(())
}

fn compare_times(plan: &Plan, node: NodeId, shown: &Shown) -> Result<(), String> {
    let tree = plan.tree();
    let details = tree.details(tree.link_of(node));
    let modified = tree.attributes(node).modified.unwrap_or_else(|| plan.options().created);
    let later = plan.options().udf.revision >= UdfRevision::V2_00;
    let created = details.created.or_else(|| later.then_some(modified));
    let entry = &shown.entry;
    for (expected, found) in [
        (Some(details.accessed.unwrap_or(modified)), entry.accessed),
        (Some(details.changed.unwrap_or(modified)), entry.changed),
        (created, entry.created),
    ] {
        if expected.is_none_or(|time| (1..=9999).contains(&time.year)) {
            let seconds = |time: Option<DiscTime>| time.map(DiscTime::to_unix);
            same(seconds(expected), seconds(found), &entry.path)?;
        }
    }
    Ok(())
}

/// The names of a file that are in UDF.
fn names(plan: &Plan, file: NodeId) -> Vec<NodeId> {
    let tree = plan.tree();
    let is_one = |node: &NodeId| {
        tree.link_of(*node) == file && plan.names(*node).udf.is_some_and(|name| name.name.is_some())
    };
    nodes(tree).into_iter().filter(is_one).collect()
}
