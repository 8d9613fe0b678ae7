//! The texts of the volume descriptors: what fits, and the files of the root that some of them name.

use alloc::string::String;

use crate::layout::{Content, System, View};
use crate::options::Options;
use crate::plan::PlanError;
use crate::tree::{Kind, NodeId};

/// Longest system identifier. ECMA-119 8.4.5.
const SYSTEM_LEN: usize = 32;
/// Longest volume set, publisher and data preparer identifier. ECMA-119 8.4.19 to 8.4.21.
const TEXT_LEN: usize = 128;

/// Refuses what does not fit its field.
pub(crate) fn check(options: &Options) -> Result<(), PlanError> {
    let identifiers = &options.identifiers;
    let texts = [
        ("system identifier", &identifiers.system, SYSTEM_LEN, "ECMA-119 8.4.5"),
        ("volume set identifier", &identifiers.volume_set, TEXT_LEN, "ECMA-119 8.4.19"),
        ("publisher", &identifiers.publisher, TEXT_LEN, "ECMA-119 8.4.20"),
        ("data preparer", &identifiers.preparer, TEXT_LEN, "ECMA-119 8.4.21"),
        ("application", &options.application, TEXT_LEN, "ECMA-119 8.4.22"),
    ];
    let too_long = texts.into_iter().find(|(_, text, limit, _)| text.chars().count() > *limit);
    too_long.map_or(Ok(()), |(field, _, limit, clause)| {
        Err(PlanError::IdentifierTooLong { field, clause, limit })
    })
}

/// The files that the descriptors are to name, with what each is called in an error.
pub(crate) fn files(options: &Options) -> [(&'static str, &str); 3] {
    let identifiers = &options.identifiers;
    [
        ("copyright", &identifiers.copyright_file),
        ("abstract", &identifiers.abstract_file),
        ("bibliographic", &identifiers.bibliographic_file),
    ]
}

/// Refuses to name a file that is not there.
pub(crate) fn check_files(content: &Content) -> Result<(), PlanError> {
    let missing = |name: &str| !name.is_empty() && item(content, name).is_none();
    match files(&content.options).into_iter().find(|(_, name)| missing(name)) {
        Some((field, name)) => Err(PlanError::NotInRoot { field, name: name.into() }),
        None => Ok(()),
    }
}

/// The file of the root with this name, if ISO 9660 has it.
fn item(content: &Content, name: &str) -> Option<u32> {
    let node = content.tree.children(NodeId::ROOT).find(|id| content.tree.name(*id) == name)?;
    let is_file = matches!(content.tree.kind(node), Kind::File { .. });
    let item = content.catalog.item_of(node).filter(|_| is_file)?;
    content.is_in(item, System::Iso9660).then_some(item)
}

/// What a hierarchy calls this file of the root, version number included; nothing for no file, and where Joliet hides it.
pub(crate) fn file_identifier(content: &Content, view: View, name: &str) -> String {
    let system = if view == View::Joliet { System::Joliet } else { System::Iso9660 };
    let Some(item) = item(content, name).filter(|item| content.is_in(*item, system)) else {
        return String::new();
    };
    let mut identifier = String::from(content.recorded_name(view, item));
    if content.has_version(view) {
        identifier.push_str(";1");
    }
    identifier
}
