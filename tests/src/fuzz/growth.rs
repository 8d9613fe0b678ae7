//! Bytes made a disc that is added to: what the first session has is in the second, byte for byte, and so is what is new.

use image_core::read::{self, FileSystem, SliceSource};
use image_core::session::{self, RECORDED_SOURCE};
use image_core::{Attributes, BLOCK_SIZE, Lba, Segment, SourceId};

use super::bytes::Bytes;
use super::{continuing, options, round_trip, tree};

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
    let Ok(mut recorded) = session::import(&mut image, true) else { return };
    let mut tree = core::mem::take(&mut recorded.tree);
    for (number, len) in (0..).zip(&lengths) {
        let (path, source) = (format!("{FOLDER}/{number}"), SourceId(NEW + number));
        tree.add_file(&path, source, *len, Attributes::default()).expect("nothing is there");
    }
    let start = session::next_start(Lba(plan.size_blocks()));
    let options = continuing::options(recorded, start, options.created);
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
    // A virtual allocation table shows the newest session at the start, too.
    let last = session::last(&mut SliceSource::new(&disc)).expect("there is a last session");
    assert!(
        round_trip::contents(&disc, last).is_ok_and(|last| last == after),
        "{last:?} is not the last"
    );
    // The others have names that hang on options, which are other ones now.
    let is_full = |system| matches!(system, FileSystem::Udf | FileSystem::RockRidge);
    for (place, content) in before.iter().filter(|((system, _), _)| is_full(*system)) {
        let found = after.get(place).unwrap_or_else(|| panic!("{place:?} is gone"));
        assert!(found == content, "{place:?} has become another");
    }
    let wanted = plan.options().file_systems;
    let systems = [(FileSystem::Udf, wanted.udf), (FileSystem::RockRidge, wanted.rock_ridge)];
    for (system, _) in systems.into_iter().filter(|(_, is_wanted)| *is_wanted) {
        for (number, len) in (0..).zip(&lengths) {
            let place = (system, format!("{FOLDER}/{number}"));
            let (found, _) = after.get(&place).unwrap_or_else(|| panic!("no {place:?}"));
            let content = round_trip::content(SourceId(NEW + number), *len as usize);
            assert!(*found == content, "{place:?} has other bytes");
        }
    }
}
