//! Forms of UDF that readers are known not to read.

use image_core::{DeepDirectories, EnhancedTree, IsoLevel, IsoNameLength, Options};

use super::View;
use crate::forms::Form;

/// Why the reader of this name cannot read `view` of an image with UDF of this form; `None` when it can.
pub fn refusal(reader: &str, view: View, form: Form) -> Option<&'static str> {
    let (spared, table) = (form.is_sparable(), form.is_virtual());
    let laid_over = table || form.has_metadata_partition();
    if view != View::Udf {
        return (reader == "pycdlib" && laid_over)
            .then_some("it opens UDF whatever it is asked for");
    }
    match reader {
        "libcdio" if form.has_extended_entries() => Some("it looks for NSR02 only"),
        "libcdio" if table => Some("it knows no virtual partitions"),
        "libudfread" if spared || table => Some("it knows plain and metadata partitions only"),
        "7-Zip" if spared || table => Some("it calls these partitions unsupported"),
        "pycdlib" if laid_over => Some("it looks for everything in the plain partition"),
        "grub" if spared || laid_over => Some("it takes every map for one of the partition itself"),
        _ => None,
    }
}

/// Why the reader of this name cannot read `view` of an image with these options; `None` when it can.
pub fn refusal_of_options(reader: &str, view: View, options: &Options) -> Option<&'static str> {
    let iso9660 = &options.iso9660;
    let is_shared = iso9660.level == IsoLevel::Four && iso9660.enhanced == EnhancedTree::Shared;
    let is_relocated = iso9660.deep_directories == DeepDirectories::Relocate;
    match view {
        View::Udf if reader == "libcdio" && options.udf.embed && !options.file_systems.iso9660 => {
            Some("it does not read data in the file entry, which those of directories are too")
        }
        _ if is_shared && reader == "pycdlib" => {
            Some("it opens nothing where what follows a semicolon is no version number")
        }
        View::RockRidge if reader == "libcdio" && options.rock_ridge.long_times => Some(
            "it does not follow continuation areas, and long times push names and targets there",
        ),
        View::Plain if reader == "libcdio" && iso9660.names.leading_dot => {
            Some("it takes two full stops at the start of a name for the parent")
        }
        View::Plain
            if reader == "xorriso"
                && (iso9660.names.omit_version || iso9660.names.length == IsoNameLength::Up37)
                && !iso9660.names.omit_period =>
        {
            Some("it shows the full stop of no extension where no version number follows")
        }
        // Whether it can tell "a" from "A" again is not asked of it.
        View::Plain if iso9660.names.lower_case && reader == "grub" => {
            Some("it shows all names in lower case")
        }
        View::Plain if is_relocated => Some("directories stand elsewhere than in the tree"),
        View::Plain if is_shared => {
            Some("it cuts names that keep no rules at semicolons and full stops of their own")
        }
        View::RockRidge if is_relocated && !["bsdtar", "xorriso"].contains(&reader) => {
            Some("it lists relocated directories where they are recorded")
        }
        View::RockRidge if iso9660.xa && !["isoinfo", "pycdlib"].contains(&reader) => {
            Some("it looks for Rock Ridge at the start of the system use area alone")
        }
        _ => None,
    }
}

/// Why the reader of this name does not show `view` as it is where something, perhaps a directory, is called `name`.
pub fn refusal_of_name(
    reader: &str,
    view: View,
    name: &str,
    directory: bool,
) -> Option<&'static str> {
    if reader != "7-Zip" {
        return None;
    }
    let is_cut = name.ends_with('.') || name.ends_with(";1");
    match view {
        _ if name.bytes().all(|byte| byte == b' ') => {
            Some("it calls all names of spaces alone [], so that one is written over another")
        }
        View::RockRidge if name == ";1" => {
            Some("it cuts a version number from any name, and has nothing left of this one")
        }
        View::RockRidge if directory && is_cut => Some(
            "it cuts a version number and a final dot from the directory, but not where it says what is in it",
        ),
        _ => None,
    }
}

/// Why the reader of this name does not show `view` as it is where something in it is hidden, perhaps a directory.
pub fn refusal_of_hidden(reader: &str, view: View, directory: bool) -> Option<&'static str> {
    match (reader, view) {
        ("udfclient", View::Udf) => Some("it leaves out what is hidden"),
        ("grub", View::Plain | View::Joliet) if directory => {
            Some("it takes the flag for a part of the type, and such a directory for a file")
        }
        _ => None,
    }
}

/// Warnings of udfinfo that are not about a fault: those that contain this, in images of this form and of several sessions or
/// one.
pub fn is_known_warning(form: Form, sessions: bool, warning: &str) -> bool {
    // The last block is for the entry of the virtual allocation table, within the partition; so is the anchor 256 blocks
    // before it, which a closed volume needs as its second. UDF 2.2.3, 2.2.11. The partition of a further session has the files
    // of those before, and with them what lies between. UDF 6.10.3.
    let overlaps = form.is_virtual() || sessions;
    overlaps && warning.contains("Partition Space overlaps with other blocks")
}
