//! One entry as a file system shows it, against the node it was made of.

use image_core::read::{EntryKind, FileSystem};
use image_core::{CATALOG_SOURCE, DiscTime, Kind, NodeId, Plan, Special};

use super::view::Shown;
use super::{boot, content, same, udf};

pub(super) fn compare(
    plan: &Plan,
    system: FileSystem,
    node: NodeId,
    shown: &Shown,
) -> Result<(), String> {
    let (tree, entry) = (plan.tree(), &shown.entry);
    let path = &entry.path;
    let plain = matches!(system, FileSystem::Iso9660 | FileSystem::Joliet | FileSystem::Enhanced);
    match tree.kind(node) {
        Kind::Directory => same(EntryKind::Directory, entry.kind, path)?,
        Kind::File { .. } => compare_content(plan, node, shown)?,
        Kind::Special(_) | Kind::Symlink { .. } if plain => {
            same(EntryKind::File, entry.kind, path)?;
        }
        Kind::Special(special) => {
            same(EntryKind::Special, entry.kind, path)?;
            let told = if system == FileSystem::Udf { special } else { in_rock_ridge(special) };
            same(Some(told), entry.special, path)?;
        }
        Kind::Symlink { target } => {
            same(EntryKind::Symlink, entry.kind, path)?;
            same(Some(components(target)), entry.target.clone(), path)?;
        }
    }
    same(tree.details(node).hidden, entry.hidden, path)?;
    compare_attributes(plan, system, node, shown)?;
    compare_time(plan, system, node, shown)?;
    if system == FileSystem::Udf { udf::compare(plan, node, shown) } else { Ok(()) }
}

/// The content of a file, but for what is patched into it.
pub(super) fn compare_content(plan: &Plan, node: NodeId, shown: &Shown) -> Result<(), String> {
    let path = &shown.entry.path;
    let Kind::File { source, len } = plan.tree().kind(node) else { return Ok(()) };
    same(EntryKind::File, shown.entry.kind, path)?;
    same(len, shown.entry.len, path)?;
    if source == CATALOG_SOURCE {
        return Ok(());
    }
    let (mut expected, mut bytes) = (content(source, len as usize), shown.bytes.clone());
    if boot::is_patched(plan, node) {
        boot::blot(&mut expected);
        boot::blot(&mut bytes);
    }
    if bytes == expected { Ok(()) } else { Err(format!("{path:?} has other content")) }
}

/// A device as the two halves of PN can say it: one of no driver with a number above 255 is taken for one that stands in the lower
/// half alone. RRIP 4.1.2.
fn in_rock_ridge(special: Special) -> Special {
    let told = |major, minor| match (major, minor) {
        (0, 0x100..) => (minor >> 8, minor & 0xFF),
        numbers => numbers,
    };
    match special {
        Special::CharacterDevice { major, minor } => {
            let (major, minor) = told(major, minor);
            Special::CharacterDevice { major, minor }
        }
        Special::BlockDevice { major, minor } => {
            let (major, minor) = told(major, minor);
            Special::BlockDevice { major, minor }
        }
        Special::Fifo | Special::Socket => special,
    }
}

/// A target as components can say it: without empty ones. RRIP 4.1.3.1, ECMA-167 4/14.16.
fn components(target: &str) -> String {
    let names: Vec<&str> = target.split('/').filter(|name| !name.is_empty()).collect();
    let root = if target.starts_with('/') { "/" } else { "" };
    format!("{root}{}", names.join("/"))
}

fn compare_attributes(
    plan: &Plan,
    system: FileSystem,
    node: NodeId,
    shown: &Shown,
) -> Result<(), String> {
    let entry = &shown.entry;
    let given = plan.tree().attributes(node);
    let default = match plan.tree().kind(node) {
        Kind::Directory => plan.options().directory_mode,
        Kind::Symlink { .. } => 0o777,
        _ => plan.options().file_mode,
    };
    let mode = Some(given.mode.unwrap_or(default) & 0o7777);
    match system {
        FileSystem::RockRidge => {
            same(mode, entry.mode, &entry.path)?;
            same(Some(given.uid.unwrap_or(0)), entry.uid, &entry.path)?;
            same(Some(given.gid.unwrap_or(0)), entry.gid, &entry.path)?;
            // What libisofs keeps of the image itself is beside them.
            let listed = entry.attributes.iter();
            let listed = listed.filter(|(name, _)| !name.starts_with("isofs.")).collect();
            let details = plan.tree().details(plan.tree().link_of(node));
            let wanted: Vec<_> = details.extended_attributes.iter().collect();
            same(wanted, listed, &entry.path)
        }
        FileSystem::Udf => {
            let known = |id: &u32| *id != u32::MAX;
            same(mode, entry.mode, &entry.path)?;
            same(given.uid.filter(known), entry.uid, &entry.path)?;
            same(given.gid.filter(known), entry.gid, &entry.path)
        }
        _ => Ok(()),
    }
}

/// When it was modified, as far as the form of the time can say that.
fn compare_time(
    plan: &Plan,
    system: FileSystem,
    node: NodeId,
    shown: &Shown,
) -> Result<(), String> {
    let options = plan.options();
    let expected = plan.tree().attributes(node).modified.unwrap_or(options.created);
    let is_long = system == FileSystem::RockRidge && options.rock_ridge.long_times;
    let years = match system {
        FileSystem::Udf => 1..=9999,
        _ if is_long => 1..=9999,
        _ => 1900..=2155,
    };
    let in_quarters =
        expected.offset_minutes % 15 == 0 && (-48..=52).contains(&(expected.offset_minutes / 15));
    if !years.contains(&expected.year) || system != FileSystem::Udf && !in_quarters {
        return Ok(());
    }
    let seconds = |time: Option<DiscTime>| time.map(DiscTime::to_unix);
    same(Some(expected.to_unix()), seconds(shown.entry.modified), &shown.entry.path)
}
