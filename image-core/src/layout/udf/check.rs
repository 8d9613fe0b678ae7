//! What a revision of UDF does not have, or has no room for.

use super::{Form, attributes};
use crate::layout::System;
use crate::layout::content::Content;
use crate::options::UdfRevision;
use crate::plan::PlanError;
use crate::wire::udf::cs0;

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
