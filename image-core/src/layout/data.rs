//! Where the bytes of the files go, one extent after the other.

use super::catalog::number;
use super::content::Content;
use super::cursor::Cursor;
use crate::address::blocks_for;

/// Gives every file with bytes its extent and fills in the data addresses of `content`.
pub(super) fn place(content: &mut Content, cursor: &mut Cursor) {
    let layout = content.options.layout.clone();
    let mut data = core::mem::take(&mut content.data);
    let mut files = core::mem::take(&mut content.files);
    for item in 0..number(data.len()) {
        if content.is_pinned(item) {
            continue;
        }
        let Some((_, len)) = content.file(item).filter(|(_, len)| *len > 0) else { continue };
        if content.catalog.entry_item(item) != item || !content.is_recorded(item) {
            continue;
        }
        if len >= layout.align_from {
            cursor.align_end(0, layout.alignment);
        }
        // What does not fit 32 bits is refused once the image has been measured.
        let start = cursor.take(blocks_for(len).unwrap_or(u32::MAX).into());
        if let Some(slot) = data.get_mut(item as usize) {
            *slot = start;
        }
        files.push(item);
    }
    for (link, file) in content.catalog.hard_links() {
        let start = data.get(file as usize).copied().unwrap_or_default();
        if let Some(slot) = data.get_mut(link as usize) {
            *slot = start;
        }
    }
    content.data = data;
    content.files = files;
}
