//! What a revision of UDF does not have, or has no room for.

use super::{Form, attributes};
use crate::layout::System;
use crate::layout::content::Content;
use crate::options::UdfRevision;
use crate::plan::PlanError;
use crate::wire::udf::{SHORT_AD_MAX, cs0};

/// Refuses what the revision does not have, or has no room for.
pub(super) fn check(form: Form, content: &Content, item: u32) -> Result<(), PlanError> {
    let details = content.file_details(item);
    let path = || content.tree.path(content.node(item));
    if !details.streams.is_empty() && !form.has_extended_entries() {
        return Err(PlanError::UdfStreams { path: path(), revision: form.revision });
    }
    if details.real_time && form.revision < UdfRevision::V2_01 {
        return Err(PlanError::UdfRealTime { path: path(), revision: form.revision });
    }
    // Its file entry holds all its descriptors, and nothing else of a length of its own.
    let extents = (form.entry_room() / form.descriptor_len()) as u64;
    let limit = extents * u64::from(SHORT_AD_MAX);
    if let Some(stream) = details.streams.iter().find(|stream| stream.len > limit) {
        let (name, len) = (stream.name.clone(), stream.len);
        return Err(PlanError::UdfStreamTooLarge { path: path(), name, len, limit });
    }
    let names = details.streams.iter().map(|stream| stream.name.as_str());
    for (position, name) in names.clone().enumerate() {
        let fits = !matches!(name, "" | "." | "..")
            && !name.contains(['/', '\0'])
            && cs0::encoded_len(name) <= usize::from(u8::MAX);
        if !fits || names.clone().skip(position + 1).any(|other| other == name) {
            return Err(PlanError::UdfStreamName { path: path(), name: name.into() });
        }
    }
    if content.links(item, System::Udf) > u16::MAX.into() {
        return Err(PlanError::UdfLinks { path: path() });
    }
    check_attributes(form, content, item)
}

/// Refuses attributes that have no place, unless Rock Ridge has one for them.
fn check_attributes(form: Form, content: &Content, item: u32) -> Result<(), PlanError> {
    let path = || content.tree.path(content.node(item));
    let attributes = &content.file_details(item).extended_attributes;
    if !attributes::are_in_rock_ridge(content, item)
        && let Some((name, _)) = attributes.iter().find(|(name, _)| !attributes::is_name(name))
    {
        return Err(PlanError::UdfAttributeName { path: path(), name: name.clone() });
    }
    let (len, limit) = (attributes::attributes(form, content, item).len(), attributes::limit(form));
    if len > limit {
        return Err(PlanError::UdfAttributes { path: path(), len, limit });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString as _;

    use super::*;
    use crate::tree::{Details, Stream, Tree};
    use crate::{Attributes, FileSystems, Options, SourceId, UdfOptions};

    #[test]
    fn a_stream_is_as_long_as_its_entry_describes() {
        let most = u64::from(SHORT_AD_MAX);
        // Long descriptors where the metadata are in another partition.
        for (revision, limit) in
            [(UdfRevision::V2_01, 229 * most), (UdfRevision::V2_50, 114 * most)]
        {
            let planned = |len| {
                let mut tree = Tree::new();
                let file = tree.add_file("a/b", SourceId(0), 1, Attributes::default()).unwrap();
                let streams = [Stream::new("s", SourceId(1), len)].into();
                tree.set_details(file, Details { streams, ..Details::default() });
                let file_systems =
                    FileSystems { iso9660: false, joliet: false, rock_ridge: false, udf: true };
                let udf = UdfOptions::of(revision);
                crate::plan(tree, &Options { file_systems, udf, ..Options::default() })
            };
            let (path, name) = ("a/b".to_string(), "s".to_string());
            let refused = PlanError::UdfStreamTooLarge { path, name, len: limit + 1, limit };
            assert_eq!(planned(limit + 1).unwrap_err(), refused);
            let plan = planned(limit).unwrap();
            let streams = plan.layout.udf.as_ref().unwrap().streams.start;
            let mut blocks = alloc::vec![0; 3 * crate::BLOCK_SIZE];
            plan.render(streams, &mut blocks);
            assert!(blocks.chunks(crate::BLOCK_SIZE).all(|block| block[0] > 0), "{revision}");
        }
    }
}
