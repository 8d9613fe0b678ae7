//! Images that may be anything, added to.

use image_core::read;
use image_core::session::{self, Recorded};
use image_core::{Attributes, DiscTime, Lba, Options, SessionOptions, SourceId};

use super::round_trip;
use super::sparse::Sparse;

/// Blocks of the longest session that is made.
const MAX_BLOCKS: u32 = 8192;

/// What is taken over can be planned or is refused, and what is planned can be written.
pub(super) fn import(data: &[u8]) {
    let mut source = Sparse::parse(data);
    let last = session::last(&mut source).unwrap_or_default();
    let Ok(mut image) = read::open_session(source, last) else { return };
    let Ok(mut recorded) = session::import(&mut image, true) else { return };
    let head = session::head(image.source());
    let start = session::next_start(recorded.end);
    let _ = recorded.tree.add_file("new", SourceId(1), 5000, Attributes::default());
    let tree = core::mem::take(&mut recorded.tree);
    let options = options(recorded, start, DiscTime::from_unix(0, 0, 0));
    let Ok(plan) = image_core::plan(tree, &options) else { return };
    if plan.size_blocks() > MAX_BLOCKS {
        return;
    }
    let (session, _) = round_trip::written(&plan);
    assert_eq!(session.len() as u64, plan.size_bytes());
    if let Ok(head) = head {
        let _ = plan.head(&head);
    }
}

/// Options that go on as it was.
pub(super) fn options(recorded: Recorded, start: Lba, created: DiscTime) -> Options {
    let udf = recorded.udf.as_ref().map(|udf| udf.volume);
    let volume = recorded.volume;
    Options {
        volume_id: recorded.volume_id,
        file_systems: recorded.file_systems,
        session: Some(SessionOptions { start, boot_catalog: recorded.boot_catalog, udf }),
        udf: recorded.udf.map_or_else(Default::default, |udf| udf.options),
        iso9660: volume.iso9660,
        joliet: volume.joliet,
        identifiers: volume.identifiers,
        dates: volume.dates,
        created,
        ..Options::default()
    }
}
