//! Paths that are deeper or longer than a standard or a reader allows.

use alloc::string::String;
use alloc::vec::Vec;

use super::{First, Warning};
use crate::layout::relocation::MAX_LEVELS;
use crate::layout::{Content, Hierarchy, System, View};
use crate::wire::udf::cs0;

/// Most bytes of a path in the primary hierarchy. ECMA-119 6.8.2.1.
const MAX_PATH: usize = 255;
/// Most bytes of a path in Joliet: identifiers, and one for each directory.
const MAX_JOLIET_PATH: usize = 240;
/// Most bytes of a path in UDF.
const MAX_UDF_PATH: usize = 1023;

/// Depth and length of paths, where the directories are recorded.
pub(super) fn of_primary(content: &Content, primary: &Hierarchy, found: &mut Vec<Warning>) {
    let directories = content.catalog.directories().len();
    let (mut levels, mut lengths) = (alloc::vec![1u32; directories], alloc::vec![0; directories]);
    let (mut deep, mut long) = (First::default(), First::default());
    let version = if content.has_version(View::Primary) { 2 } else { 0 };
    for position in primary.path_order.iter().copied() {
        let Some(directory) = content.catalog.directory(position) else { continue };
        let at = position as usize;
        if position > 0 {
            let parent = primary.parent_of(content, position);
            let name = primary.name_in(content, parent, directory.item);
            let of_parent = |values: &[u32]| values.get(parent as usize).copied();
            let level = of_parent(&levels).unwrap_or(1) + 1;
            let above: usize = lengths.get(parent as usize).copied().unwrap_or(0);
            if let (Some(slot), Some(length)) = (levels.get_mut(at), lengths.get_mut(at)) {
                (*slot, *length) = (level, above + name.len() + 1);
            }
            if level > MAX_LEVELS {
                deep.add(directory.item);
            }
        }
        let above = lengths.get(at).copied().unwrap_or(0);
        for item in primary.items(position) {
            let name = primary.name_in(content, position, *item);
            if above + name.len() + version > MAX_PATH {
                long.add(*item);
            }
        }
    }
    found.extend(deep.report(content, |path, more| Warning::DeepDirectory { path, more }));
    found.extend(long.report(content, |path, more| Warning::LongPath { path, more }));
}

/// Joliet specification, "Relaxation of ISO 9660 Restrictions": depth is free, length is not.
pub(super) fn joliet(content: &Content, found: &mut Vec<Warning>) {
    let version = |item| if content.file(item).is_some() { 4 } else { 0 };
    let len = |item| content.recorded_name(View::Joliet, item).encode_utf16().count() * 2;
    let measure = |item| (len(item), len(item) + version(item));
    let long = longer_than(MAX_JOLIET_PATH, content, System::Joliet, measure);
    found.extend(long.report(content, |path, more| Warning::LongJolietPath { path, more }));
}

/// UDF 2, "Basic Restrictions & Requirements". Identifiers, and one byte for each directory.
pub(super) fn udf(content: &Content, found: &mut Vec<Warning>) {
    let len = |item| cs0::encoded_len(content.names.udf.name(item, content.original_name(item)));
    let measure = |item| (len(item), len(item));
    let long = longer_than(MAX_UDF_PATH, content, System::Udf, measure);
    found.extend(long.report(content, |path, more| Warning::LongUdfPath { path, more }));
}

/// Paths that a system shows and does not open: `MAX_PATH` of Windows, `PATH_MAX` of macOS and Linux.
pub(super) fn unopened(content: &Content, found: &mut Vec<Warning>) {
    type Length = fn(&str) -> usize;
    let systems = content.options.file_systems;
    let units: Length = |name| name.encode_utf16().count();
    let rock_ridge = |item| content.names.rock_ridge.name(item, content.original_name(item));
    let joliet = |item| content.recorded_name(View::Joliet, item);
    let udf = |item| content.names.udf.name(item, content.original_name(item));
    type Names<'a> = &'a dyn Fn(u32) -> &'a str;
    let of: [(bool, System, Names<'_>, Length, usize, &'static str, &'static str); 5] = [
        // A drive letter, a colon, a backslash and the NUL at the end are of the 260.
        (systems.udf, System::Udf, &udf, units, 256, "Windows", "260 characters"),
        (
            systems.joliet && !systems.udf,
            System::Joliet,
            &joliet,
            units,
            256,
            "Windows",
            "260 characters",
        ),
        (systems.udf, System::Udf, &udf, str::len, 1023, "macOS", "1024 bytes"),
        (systems.udf, System::Udf, &udf, str::len, 4095, "Linux", "4096 bytes"),
        (
            systems.rock_ridge && !systems.udf,
            System::Iso9660,
            &rock_ridge,
            str::len,
            4095,
            "Linux",
            "4096 bytes",
        ),
    ];
    for (written, system, name, len, max, reader, limit) in of {
        if !written {
            continue;
        }
        let measure = |item| (len(name(item)), len(name(item)));
        let long = longer_than(max, content, system, measure);
        let warning = |path: String, more| Warning::UnopenedPath { path, more, reader, limit };
        found.extend(long.report(content, warning));
    }
}

/// Entries whose path takes more than `max`: `measure` gives the length of a name as a directory of a path, and at its end.
fn longer_than(
    max: usize,
    content: &Content,
    system: System,
    measure: impl Fn(u32) -> (usize, usize),
) -> First {
    let mut long = First::default();
    let mut above = alloc::vec![0usize; content.catalog.directories().len()];
    for (position, directory) in content.catalog.directories().iter().enumerate() {
        if directory.item > 0 {
            let parent = above.get(directory.parent as usize).copied().unwrap_or_default();
            let (own, _) = measure(directory.item);
            if let Some(slot) = above.get_mut(position) {
                *slot = parent + own + 1;
            }
        }
        let so_far = above.get(position).copied().unwrap_or_default();
        for item in directory.children.clone() {
            if so_far + measure(item).1 > max && content.is_in(item, system) {
                long.add(item);
            }
        }
    }
    long
}
