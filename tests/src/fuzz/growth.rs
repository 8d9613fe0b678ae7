//! Bytes made a disc that is added to: what the first session has is in the second, byte for byte, and so is what is new.

use image_core::read::{self, SliceSource};
use image_core::session::{self, RECORDED_SOURCE};
use image_core::{Attributes, BLOCK_SIZE, Lba, Options, Segment, SessionOptions, SourceId};

use super::bytes::Bytes;
use super::{options, round_trip, tree};

/// First source of what is new, and the folder it goes to, which no other name meets.
const NEW: u32 = 1 << 24;
const FOLDER: &str = "~ what is new ~";

pub(super) fn growth(data: &[u8]) {
    let mut bytes = Bytes::new(data);
    let lengths: Vec<u64> = (0..bytes.byte() % 4).map(|_| bytes.number(2)).collect();
    let options = options::options(&mut bytes);
    let Ok(plan) = image_core::plan(tree::tree(&mut bytes), &options) else { return };
    let (mut disc, _) = round_trip::written(&plan);
    let before = round_trip::contents(&disc, Lba(0)).expect("the first session can be read");

    let mut image = read::open(SliceSource::new(&disc)).expect("the first session can be read");
    let Ok(recorded) = session::import(&mut image, true) else { return };
    let mut tree = recorded.tree;
    for (number, len) in (0..).zip(&lengths) {
        let path = format!("{FOLDER}/{number}");
        // A tree that is as deep as can be has no room.
        let source = SourceId(NEW + number);
        let Ok(_) = tree.add_file(&path, source, *len, Attributes::default()) else { return };
    }
    let start = session::next_start(Lba(plan.size_blocks()));
    let udf = recorded.udf.as_ref().map(|udf| udf.volume);
    let options = Options {
        volume_id: recorded.volume_id,
        file_systems: recorded.file_systems,
        session: Some(SessionOptions { start, boot_catalog: recorded.boot_catalog, udf }),
        udf: recorded.udf.map_or_else(Default::default, |udf| udf.options),
        created: options.created,
        ..Options::default()
    };
    let Ok(plan) = image_core::plan(tree, &options) else { return };
    for segment in plan.segments() {
        let asked = matches!(segment, Segment::File { source: RECORDED_SOURCE, .. });
        assert!(!asked, "nobody has the bytes that are on the disc");
    }
    let (session, _) = round_trip::written(&plan);
    assert_eq!(session.len() as u64, plan.size_bytes());
    let blocks = plan.size_blocks();
    assert!(session == round_trip::read_at(&plan, start.0, blocks), "segments are another image");
    disc.resize(start.0 as usize * BLOCK_SIZE, 0xee);
    disc.extend(session);

    let after = round_trip::contents(&disc, start).expect("the second session can be read");
    // The others have names that hang on options, which are other ones now.
    let is_full = |system: &str| matches!(system, "UDF" | "Rock Ridge");
    for (place, content) in before.iter().filter(|((system, _), _)| is_full(system)) {
        let found = after.get(place).unwrap_or_else(|| panic!("{place:?} is gone"));
        assert!(found == content, "{place:?} has become another");
    }
    for (number, len) in (0..).zip(lengths) {
        let is_it = |(path, content): (&(String, String), &(Vec<u8>, _))| {
            let wanted = round_trip::content(SourceId(NEW + number), len as usize);
            path.1.ends_with(&number.to_string()) && content.0 == wanted
        };
        assert!(after.iter().any(is_it), "file {number} is not there");
    }
}
