//! DVD-RW in each of its states: blanked in full or minimally, formatted in full, in part or not yet closed.

use super::*;
use crate::mmc::{BlankKind, Command, Format, Profile, blank, format_kind, format_unit};

/// FORMAT UNIT of this type for this many blocks.
pub(super) fn format(kind: u8, blocks: u32) -> Command {
    format_unit(Format { kind, blocks, parameter: [0, 0, 16] }, 0, false)
}

pub(super) fn prepared(blocks: u32, commands: &[Command]) -> Bench {
    let bench = Bench::new(MediumKind::DvdRw, blocks);
    commands.iter().for_each(|command| bench.tell(command));
    bench
}

fn burn(bench: &Bench, image: &mut Memory) -> Outcome {
    let outcome = bench.burn(image, &options()).unwrap();
    let found = bench.verify(image, outcome.start, Some(outcome.sha256));
    assert!(found.is_good(), "{found:?}");
    outcome
}

#[test]
fn a_disc_blanked_minimally_is_burned_at_once_and_closed() {
    let bench = prepared(1600, &[blank(BlankKind::Minimal)]);
    for blocks in [100, 1600] {
        let outcome = burn(&bench, &mut Memory::new(blocks));
        assert_eq!((outcome.start, outcome.finalized), (0, Some(true)));
        let medium = bench.medium();
        assert_eq!(medium.refusal.as_deref(), Some("the disc is full: it has to be erased first"));
        bench.tell(&blank(BlankKind::Minimal));
    }
}

#[test]
fn a_full_disc_is_burned_again_once_it_is_blanked() {
    let bench = prepared(1600, &[]);
    let closing = Options { close: true, ..options() };
    for _ in 0..2 {
        bench.burn(&mut Memory::new(1600), &closing).unwrap();
        let error = bench.burn(&mut Memory::new(10), &options()).unwrap_err();
        assert!(matches!(error, BurnError::NotWritable { .. }), "{error}");
        bench.tell(&blank(BlankKind::Disc));
    }
}

#[test]
fn a_formatted_disc_is_overwritten_and_grows() {
    for first in [format(format_kind::DVD_RW_QUICK, 0), format(format_kind::DVD_RW_FULL, 64)] {
        let bench = prepared(1600, &[first]);
        let medium = bench.medium();
        assert_eq!((medium.profile, medium.free_blocks), (Profile::DVD_RW_OVERWRITE, 1600));
        for blocks in [70, 40, 1599, 1600, 3] {
            burn(&bench, &mut Memory::new(blocks));
        }
        let error = bench.burn(&mut Memory::new(1601), &options()).unwrap_err();
        assert!(matches!(error, BurnError::DoesNotFit { free: 1600, .. }), "{error}");
        bench.tell(&blank(BlankKind::Disc));
        assert_eq!(bench.medium().profile, Profile::DVD_RW);
    }
}

#[test]
fn only_an_image_that_is_longer_than_the_session_has_it_grow() {
    let bench = prepared(1600, &[format(format_kind::DVD_RW_FULL, 640)]);
    burn(&bench, &mut Memory::new(640));
    let capacity = |bench: &Bench| bench.medium().formats.unwrap().blocks;
    assert_eq!(capacity(&bench), 640);
    burn(&bench, &mut Memory::new(641));
    assert_eq!(capacity(&bench), 656);
}
