//! What stands in the file entry of an item, and what has one.

use super::{Form, StreamExtent, attributes};
use crate::BLOCK_SIZE;
use crate::layout::System;
use crate::layout::content::Content;
use crate::tree::Stream;
use crate::wire::udf::{PathComponent, cs0};

/// Bytes of the path components of a symbolic link. ECMA-167 4/14.16.
pub(crate) fn symlink_len(target: &str) -> usize {
    let root = if target.starts_with('/') { size_of::<PathComponent>() } else { 0 };
    let components = target.split('/').filter(|part| !part.is_empty());
    let len = |part: &str| match part {
        "." | ".." => 0,
        _ => cs0::encoded_len(part),
    };
    root + components.map(|part| size_of::<PathComponent>() + len(part)).sum::<usize>()
}

/// Whether the components of a link can be recorded: each has a length of one byte. ECMA-167 4/14.16.1.2.
pub(crate) fn symlink_fits(target: &str) -> bool {
    target.split('/').all(|part| cs0::encoded_len(part) <= usize::from(u8::MAX))
}

/// Bytes that the file entry of an item leaves for allocation descriptors or embedded data.
pub(crate) fn entry_room(form: Form, content: &Content, item: u32) -> usize {
    form.entry_room().saturating_sub(attributes(form, content, item).len())
}

impl Content {
    /// Whether the bytes of a file stand in its file entry and nowhere else.
    pub(crate) fn is_embedded(&self, item: u32) -> bool {
        let form = Form::new(&self.options);
        let Some((_, len)) = self.file(item).filter(|(_, len)| form.embeds(*len, BLOCK_SIZE))
        else {
            return false;
        };
        let known = self.file_details(item).content.as_ref().map(|bytes| bytes.len() as u64);
        known == Some(len) && form.embeds(len, entry_room(form, self, item))
    }

    /// The source and length of a stream's bytes.
    pub(crate) fn stream(&self, extent: StreamExtent) -> Option<&Stream> {
        self.file_details(extent.item).streams.get(extent.stream as usize)
    }

    /// Whether UDF has a name for an item's file, if it is of one.
    pub(crate) fn is_named_in_udf(&self, item: Option<u32>) -> bool {
        item.is_some_and(|item| self.links(item, System::Udf) > 0)
    }

    /// Whether an item has a file entry of its own: the first name of what has any name in UDF.
    pub(crate) fn has_udf_entry(&self, item: u32) -> bool {
        self.catalog.entry_item(item) == item && self.links(item, System::Udf) > 0
    }
}
