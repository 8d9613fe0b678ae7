//! DVD-R DL with layer jumps: sessions one behind the other, and images that need both layers.

use super::*;
use crate::{
    mmc::Profile,
    scsi::{Sense, fault::Effect, opcode},
};

fn jumping() -> Options {
    Options { layer_jump: true, ..options() }
}

/// Blocks between two sessions.
const GAP: u32 = 28_672;

#[test]
fn sessions_are_added_until_one_closes_the_disc() {
    let bench = Bench::new(MediumKind::DvdRDl, 160_000);
    let mut images = [Memory::new(100), Memory::new(40), Memory::new(50)];
    let starts = [0, 112 + GAP, 112 + 48 + 2 * GAP];
    for (index, image) in images.iter_mut().enumerate() {
        let medium = bench.medium();
        assert_eq!((medium.next_writable, medium.sessions), (Some(starts[index]), index as u16));
        // What is opposite to a session is filled up when it is closed.
        let opposite = if index == 0 { 160_000 } else { 2 * (80_000 - starts[index]) };
        assert_eq!(medium.free_blocks, opposite);
        // Only a blank disc has to be told.
        let last = index == 2;
        let options = Options { layer_jump: index == 0, close: last, ..options() };
        let outcome = bench.burn(image, &options).unwrap();
        assert_eq!((outcome.start, outcome.finalized), (starts[index], Some(last)));
        let after = bench.medium();
        assert_eq!((after.profile, after.kind()), (Profile::DVD_R_DL_JUMP, "dvd-r-dl"));
        // It is closed behind whole blocks of error correction.
        let probe = bench.probe();
        let survey = mmc::survey(&mut bench.drive(), &probe);
        let jump = starts[index] + image.len_blocks().next_multiple_of(16) - 1;
        assert_eq!(survey.tracks[index].last_layer_jump, Some(jump));
    }
    for (image, start) in images.iter_mut().zip(starts) {
        assert!(bench.verify(image, start, None).is_good(), "{start}");
    }
    let error = bench.burn(&mut images[0], &options()).unwrap_err();
    assert!(matches!(error, BurnError::NotWritable { .. }), "{error}");
}

#[test]
fn an_image_that_needs_both_layers_lies_in_one_piece_and_is_the_last() {
    for blocks in [800, 801, 1200, 1600] {
        let bench = Bench::new(MediumKind::DvdRDl, 1600);
        let mut image = Memory::new(blocks);
        bench.burn(&mut image, &jumping()).unwrap();
        assert!(bench.verify(&mut image, 0, None).is_good(), "{blocks}");
        let error = bench.burn(&mut Memory::new(1), &options()).unwrap_err();
        let full =
            matches!(error, BurnError::DoesNotFit { free: 0, .. } | BurnError::NotWritable { .. });
        assert!(full && error.fate() == DiscFate::Untouched, "{blocks}: {error}");
    }
    let error = Bench::new(MediumKind::DvdRDl, 1600).burn(&mut Memory::new(1601), &jumping());
    assert!(matches!(error, Err(BurnError::DoesNotFit { free: 1600, .. })), "{error:?}");
}

#[test]
fn a_session_that_is_left_open_can_be_closed() {
    let bench = Bench::new(MediumKind::DvdRDl, 160_000);
    bench.burn(&mut Memory::new(100), &jumping()).unwrap();
    let cancel = AtomicBool::new(false);
    let closed = close(&mut bench.drive(), None, &cancel, &mut |_| {}).unwrap();
    assert_eq!(closed.after.unwrap().status, MediumStatus::Complete);
}

#[test]
fn a_rehearsal_leaves_the_disc_blank() {
    let bench = Bench::new(MediumKind::DvdRDl, 1600);
    let before = bench.medium();
    bench.burn(&mut Memory::new(900), &Options { simulate: true, ..jumping() }).unwrap();
    assert_eq!(bench.medium().fingerprint, before.fingerprint);
    assert_eq!(before.profile, Profile::DVD_R_DL);
}

#[test]
fn jumps_are_refused_where_there_are_none() {
    for row in virtual_drive::MEDIA.iter().filter(|row| row.kind != MediumKind::DvdRDl) {
        let bench = Bench::new(row.kind, 1600);
        let before = bench.medium().fingerprint;
        let error = bench.burn(&mut Memory::new(40), &jumping()).unwrap_err();
        assert_eq!((error.code(), error.blame()), ("noLayerJump", Blame::Medium), "{}", row.name);
        assert!(error.hint().is_some() && error.fate() == DiscFate::Untouched, "{}", row.name);
        assert_eq!(bench.medium().fingerprint, before, "{}", row.name);
    }
    let bench = Bench::new(MediumKind::DvdRDl, 1600);
    let chosen = Options { layer_break: Some(608), ..jumping() };
    let error = bench.burn(&mut Memory::new(900), &chosen).unwrap_err();
    assert_eq!((error.code(), error.fate()), ("noLayerJump", DiscFate::Untouched), "{error}");
}

/// A jump anywhere else would tear the image apart.
#[test]
fn a_drive_that_jumps_where_it_likes_is_not_written_to() {
    let bench = Bench::new(MediumKind::DvdRDl, 1600);
    let before = bench.medium().fingerprint;
    let refusal = Effect::Refuse(Sense::new(5, 0x24, 0));
    let script = Script::default().at(opcode::SEND_DISC_STRUCTURE, 1, refusal);
    let mut pair =
        Pair::new(&bench, &jumping(), &Memory::new(40), |drive| following(drive, script));
    let error = pair.drive_to_end().unwrap_err();
    assert_eq!((error.code(), error.fate()), ("driveRefused", DiscFate::Untouched), "{error}");
    drop(pair);
    assert_eq!(bench.medium().fingerprint, before);
}

#[test]
fn dvd_r_dl_with_layer_jumps() {
    let bench = Bench::new(MediumKind::DvdRDl, 1600);
    let mut pair = Pair::new(&bench, &jumping(), &Memory::new(40), Recording::new);
    pair.drive_to_end().unwrap();
    insta::assert_snapshot!(pair.drive.text());
}

#[test]
fn dvd_r_dl_with_layer_jumps_second_session() {
    let bench = Bench::new(MediumKind::DvdRDl, 160_000);
    bench.burn(&mut Memory::new(40), &jumping()).unwrap();
    let mut pair = Pair::new(&bench, &options(), &Memory::new(40), Recording::new);
    pair.drive_to_end().unwrap();
    insta::assert_snapshot!(pair.drive.text());
}
