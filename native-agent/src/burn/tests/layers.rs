//! Discs with two layers, and BD-R that are formatted before they are burned.

use super::*;

fn closing(layer_break: Option<u32>) -> Options {
    Options { close: true, layer_break, ..options() }
}

const DOUBLE_LAYERS: [MediumKind; 2] = [MediumKind::DvdPlusRDl, MediumKind::DvdRDl];

fn double_layer() -> Bench {
    Bench::new(MediumKind::DvdPlusRDl, 1600)
}

fn boundary(bench: &Bench) -> (bool, u32) {
    let boundary = bench.medium().layer_boundary.unwrap();
    (boundary.fixed, boundary.blocks)
}

#[test]
fn the_layers_meet_in_the_middle_of_an_image_that_needs_both() {
    assert_eq!(boundary(&double_layer()), (false, 800));
    // Blocks of the image, whether the disc is closed, and where the first layer ends.
    for (blocks, close, end) in [
        (801, true, 416),
        (1100, true, 560),
        (1600, true, 800),
        (800, true, 800),
        (1100, false, 800),
    ] {
        let bench = double_layer();
        let mut image = Memory::new(blocks);
        let options = Options { close, ..options() };
        bench.burn(&mut image, &options).unwrap();
        assert_eq!(boundary(&bench), (true, end), "{blocks}");
        assert!(bench.verify(&mut image, 0, None).is_good(), "{blocks}");
    }
}

#[test]
fn a_dvd_r_dl_takes_one_session_and_closes() {
    for (blocks, end) in [(1, 800), (801, 416), (1600, 800)] {
        let bench = Bench::new(MediumKind::DvdRDl, 1600);
        let mut image = Memory::new(blocks);
        let outcome = bench.burn(&mut image, &options()).unwrap();
        assert_eq!((outcome.finalized, boundary(&bench)), (Some(true), (true, end)), "{blocks}");
        assert!(bench.verify(&mut image, 0, None).is_good(), "{blocks}");
        let error = bench.burn(&mut Memory::new(1), &options()).unwrap_err();
        assert!(matches!(error, BurnError::NotWritable { .. }), "{error}");
    }
}

#[test]
fn a_rehearsal_sets_no_layer_break() {
    let bench = Bench::new(MediumKind::DvdRDl, 1600);
    let rehearsal = Options { simulate: true, ..closing(Some(608)) };
    bench.burn(&mut Memory::new(1200), &rehearsal).unwrap();
    assert_eq!(boundary(&bench), (false, 800));
}

#[test]
fn a_chosen_layer_break_is_kept_or_refused_by_each_disc() {
    for kind in DOUBLE_LAYERS {
        let bench = Bench::new(kind, 1600);
        let error = bench.burn(&mut Memory::new(801), &closing(Some(400))).unwrap_err();
        assert!(matches!(error, BurnError::BadLayerBreak { .. }), "{kind}: {error}");
        bench.burn(&mut Memory::new(801), &closing(Some(608))).unwrap();
        assert_eq!(boundary(&bench), (true, 608), "{kind}");
    }
}

#[test]
fn a_chosen_layer_break_is_kept_or_refused() {
    let bench = double_layer();
    for (bad, blocks) in [(0, 100), (100, 100), (816, 100), (400, 801)] {
        let error = bench.burn(&mut Memory::new(blocks), &closing(Some(bad))).unwrap_err();
        assert!(matches!(error, BurnError::BadLayerBreak { .. }), "{bad}: {error}");
        assert_eq!((error.fate(), boundary(&bench)), (DiscFate::Untouched, (false, 800)));
    }
    bench.burn(&mut Memory::new(100), &Options { close: false, ..closing(Some(64)) }).unwrap();
    assert_eq!(boundary(&bench), (true, 64));
    let error = bench.burn(&mut Memory::new(1), &closing(Some(64))).unwrap_err();
    assert!(!matches!(error, BurnError::Step { .. }), "{error}");
    for kind in [MediumKind::DvdPlusR, MediumKind::BdRDl] {
        let bench = Bench::new(kind, 1600);
        let error = bench.burn(&mut Memory::new(100), &closing(Some(64))).unwrap_err();
        assert!(matches!(error, BurnError::BadLayerBreak { .. }), "{kind}: {error}");
    }
}

#[test]
fn a_drive_that_refuses_the_middle_burns_all_the_same() {
    use crate::scsi::{Sense, fault::Effect, opcode::SEND_DISC_STRUCTURE};
    let refusal = Effect::Refuse(Sense::new(5, 0x24, 0));
    for (chosen, code) in [(None, None), (Some(608), Some("driveRefused"))] {
        let bench = double_layer();
        let mut pair = Pair::new(&bench, &closing(chosen), &Memory::new(1200), |drive| {
            following(drive, Script::default().at(SEND_DISC_STRUCTURE, 1, refusal))
        });
        let error = pair.drive_to_end().err();
        assert_eq!(error.as_ref().map(BurnError::code), code, "{error:?}");
    }
}

fn formatted(kind: MediumKind, options: FormatOptions) -> Bench {
    let bench = Bench::new(kind, 61_088);
    let cancel = AtomicBool::new(false);
    format(&mut bench.drive(), options, None, &cancel, &mut |_| {}).unwrap();
    bench
}

const POW: FormatOptions =
    FormatOptions { kind: Some(FormatKind::Pow), spare: Spare::Default, certification: None };

#[test]
fn a_bd_r_for_pseudo_overwrite_is_burned_once_and_left_open() {
    let bench = formatted(MediumKind::BdR, POW);
    assert_eq!(bench.medium().status, MediumStatus::Blank);
    let mut image = Memory::new(100);
    bench.burn(&mut image, &options()).unwrap();
    assert!(bench.verify(&mut image, 0, None).is_good());
    let error = bench.burn(&mut Memory::new(1), &options()).unwrap_err();
    assert!(matches!(error, BurnError::NotWritable { .. }), "{error}");
    let cancel = AtomicBool::new(false);
    close(&mut bench.drive(), None, &cancel, &mut |_| {}).unwrap();
    assert_eq!(bench.medium().status, MediumStatus::Complete);

    let bench = formatted(MediumKind::BdR, POW);
    let outcome = bench.burn(&mut Memory::new(100), &closing(None)).unwrap();
    assert_eq!(outcome.finalized, Some(true));
}

#[test]
fn spare_areas_take_from_the_disc() {
    let spare = |spare| FormatOptions { spare, ..FormatOptions::default() };
    for kind in [MediumKind::BdR, MediumKind::BdRe] {
        let bench = formatted(kind, spare(Spare::Default));
        assert_eq!(bench.medium().free_blocks, 61_088 - 1_952, "{kind}");
        let mut image = Memory::new(61_088 - 1_952);
        bench.burn(&mut image, &options()).unwrap();
        assert!(matches!(
            Bench::new(kind, 61_088).burn(&mut Memory::new(61_089), &options()),
            Err(BurnError::DoesNotFit { .. })
        ));
    }
    let bench = formatted(MediumKind::BdRe, spare(Spare::None));
    assert_eq!(bench.medium().free_blocks, 61_088);
    let bench = Bench::new(MediumKind::BdRe, 12_219_392);
    let cancel = AtomicBool::new(false);
    let half = spare(Spare::Bytes(500 << 20));
    let done = format(&mut bench.drive(), half, None, &cancel, &mut |_| {}).unwrap();
    assert_eq!(done.after.unwrap().capacity_blocks, 12_219_392 - 16 * 16_384, "512 MiB");
}

#[test]
fn dvd_plus_r_dl_with_a_layer_break() {
    let bench = double_layer();
    let mut pair = Pair::new(&bench, &closing(None), &Memory::new(810), Recording::new);
    pair.drive_to_end().unwrap();
    let writes = |line: &&str| !line.contains("WRITE(10)");
    insta::assert_snapshot!(
        pair.drive.text().lines().filter(writes).collect::<Vec<_>>().join("\n")
    );
}

#[test]
fn dvd_r_dl_with_a_layer_break() {
    let bench = Bench::new(MediumKind::DvdRDl, 1600);
    let mut pair = Pair::new(&bench, &options(), &Memory::new(810), Recording::new);
    pair.drive_to_end().unwrap();
    let writes = |line: &&str| !line.contains("WRITE(10)");
    insta::assert_snapshot!(
        pair.drive.text().lines().filter(writes).collect::<Vec<_>>().join("\n")
    );
}

#[test]
fn bd_r_for_pseudo_overwrite() {
    let bench = formatted(MediumKind::BdR, POW);
    let mut pair = Pair::new(&bench, &options(), &Memory::new(40), Recording::new);
    pair.drive_to_end().unwrap();
    insta::assert_snapshot!(pair.drive.text());
}

#[test]
fn formatting_bd_r_for_pseudo_overwrite() {
    let bench = Bench::new(MediumKind::BdR, 61_088);
    let mut pair = Pair::upkeep(&bench, Operation::Format(POW), Recording::new);
    pair.drive_to_end().unwrap();
    insta::assert_snapshot!(pair.drive.text());
}
