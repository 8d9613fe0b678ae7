//! CD-R and CD-RW written raw: what is on the disc, what is refused, and what becomes of discs that break off.

use image_core::cd::{Msf, Position, SubChannel};

use super::{
    cd::{REFUSED, burn_oddly, in_mode},
    refusals::{Telling, refused},
    *,
};
use crate::{
    mmc::{ErrorFlags, FullToc, Pma, SectorParts, SectorSelection, SubChannels},
    scsi::opcode,
};

fn raw() -> Options {
    in_mode(WriteMode::Raw, true)
}

impl Bench {
    /// Sectors with their sub-channels.
    fn sectors(&self, sub_channels: SubChannels) -> Vec<Vec<u8>> {
        let selection = SectorSelection {
            errors: Some(ErrorFlags::C2),
            sub_channels: Some(sub_channels),
            ..SectorParts::Whole.into()
        };
        let blocks = mmc::Capacity::parse(&self.ask(&mmc::read_capacity())).unwrap().blocks;
        let bytes = self.ask(&mmc::read_cd(0, blocks as u16, selection));
        bytes.chunks_exact(selection.len()).map(<[u8]>::to_vec).collect()
    }
}

/// Sector by sector what the drive makes of the same image by itself, and so does the table of contents.
#[test]
fn a_raw_disc_is_that_of_a_session_at_once() {
    for blocks in [77, 500] {
        let discs = [WriteMode::SessionAtOnce, WriteMode::Raw].map(|mode| {
            let bench = Bench::new(MediumKind::CdR, 16_000);
            bench.burn(&mut Memory::new(blocks), &in_mode(mode, true)).unwrap();
            bench
        });
        for sub_channels in [SubChannels::PToW, SubChannels::PAndQ] {
            let [by_drive, by_host] = discs.each_ref().map(|disc| disc.sectors(sub_channels));
            assert_eq!(by_host.len(), blocks.max(300) as usize);
            assert!(by_drive == by_host, "{blocks} {sub_channels:?}");
        }
        let [by_drive, by_host] = discs.each_ref().map(|disc| disc.ask(&mmc::read_full_toc()));
        assert_eq!(by_drive, by_host);
        let toc = FullToc::parse(&by_host).unwrap();
        assert_eq!(toc.lead_outs, [(1, Msf::from_lba(blocks.max(300).cast_signed()).unwrap())]);
        // Nothing was written by itself.
        assert_eq!(Pma::parse(&discs[1].ask(&mmc::read_pma())).unwrap(), Pma::default());
    }
}

#[test]
fn sub_channels_tell_where_a_sector_is() {
    let bench = Bench::new(MediumKind::CdRw, 16_000);
    bench.burn(&mut Memory::new(400), &raw()).unwrap();
    for (lba, sector) in (0..).zip(bench.sectors(SubChannels::PAndQ)) {
        let SubChannel { p, q } = SubChannel::from_p_and_q(sector.last_chunk().unwrap());
        let position = Position::parse(&q).unwrap();
        let (absolute, relative) = (position.absolute.lba(), position.relative.lba());
        assert_eq!((p, absolute, relative), (false, Some(lba), Some(lba - 150)));
        assert_eq!((position.control, position.track, position.index), (4, 1, 1));
    }
}

/// Of Philips and TEAC, cdrecord says.
#[test]
fn a_drive_that_takes_p_and_q_only() {
    let bench = Bench::new(MediumKind::CdR, 16_000);
    let (mut pages, mut longest) = (Vec::new(), 0);
    let outcome = burn_oddly(&bench, &raw(), |cdb, data, result| match (cdb[0], data) {
        (opcode::MODE_SELECT_10, Data::Out(list)) => {
            pages.push((list[10], list[12]));
            if list[12] == 1 { result } else { Err(REFUSED) }
        }
        (opcode::WRITE_10, Data::Out(bytes)) => {
            longest = longest.max(bytes.len());
            result
        }
        _ => result,
    });
    assert_eq!(outcome.unwrap().finalized, Some(true));
    assert_eq!(
        pages,
        [(0x43, 3), (0x03, 3), (0x43, 1)],
        "with BUFE, without, and the other blocks"
    );
    assert_eq!(longest, 13 * 2368);
    assert!(bench.verify(&mut Memory::new(400), 0, None).is_good());
    let other = Bench::new(MediumKind::CdR, 16_000);
    other.burn(&mut Memory::new(400), &raw()).unwrap();
    assert!(bench.sectors(SubChannels::PToW) == other.sectors(SubChannels::PToW));
}

#[test]
fn a_drive_that_takes_no_raw_blocks_leaves_the_disc_as_it_was() {
    let bench = Bench::new(MediumKind::CdR, 16_000);
    let before = bench.medium().fingerprint;
    let outcome = burn_oddly(&bench, &raw(), |cdb, _, result| match cdb[0] {
        opcode::MODE_SELECT_10 => Err(REFUSED),
        _ => result,
    });
    let error = outcome.unwrap_err();
    assert!(matches!(error, BurnError::Step { fate: DiscFate::Untouched, .. }), "{error:?}");
    assert_eq!(bench.medium().fingerprint, before);
}

/// Of CDEmu.
#[test]
fn a_drive_that_hides_the_feature_is_asked() {
    let bench = Bench::new(MediumKind::CdR, 16_000);
    let outcome = burn_oddly(&bench, &raw(), |cdb, data, result| {
        if let (opcode::GET_CONFIGURATION, Data::In(bytes)) = (cdb[0], data) {
            bytes[mastering(bytes) + 1] = 0x99;
        }
        result
    });
    assert_eq!(outcome.unwrap().finalized, Some(true));
}

/// Where the CD Mastering feature is in an answer.
fn mastering(bytes: &[u8]) -> usize {
    bytes.windows(4).position(|w| w[..2] == [0, 0x2e] && w[3] == 4).unwrap()
}

#[track_caller]
fn refused_because(reason: RawRefusal, drive: impl Transport, options: &Options) {
    let error = refused(drive, &mut Memory::new(400), options);
    let blame = match reason {
        RawRefusal::NotOffered | RawRefusal::NoLeadIn => Blame::Drive,
        _ => Blame::Medium,
    };
    assert_eq!((error.code(), error.blame()), ("cannotWriteRaw", blame), "{error}");
    assert!(matches!(error, BurnError::CannotWriteRaw { reason: r, .. } if r == reason), "{error}");
    assert!(error.to_string().contains(&reason.to_string()));
}

#[test]
fn what_does_not_go_with_raw_writing_is_refused() {
    let bench = Bench::new(MediumKind::CdR, 16_000);
    let open = Options { close: false, ..raw() };
    refused_because(RawRefusal::StaysOpen, bench.drive(), &open);
    let simulated = Options { simulate: true, ..raw() };
    refused_because(RawRefusal::Simulated, bench.drive(), &simulated);

    let without = |cdb: &[u8], answer: &mut [u8], moved: usize| {
        if cdb[0] == opcode::GET_CONFIGURATION {
            let at = mastering(answer);
            answer[at + 4] &= !0x08;
        }
        moved
    };
    let drive = Telling { drive: bench.drive(), change: without };
    refused_because(RawRefusal::NotOffered, drive, &raw());

    for lead_in in [[0, 0, 0], [99, 30, 0], [12, 0, 0], [255, 255, 255]] {
        let garbage = move |cdb: &[u8], answer: &mut [u8], moved: usize| {
            if (cdb[0], cdb[2]) == (opcode::READ_TOC, 4) {
                answer[8..11].copy_from_slice(&lead_in);
            }
            moved
        };
        let drive = Telling { drive: bench.drive(), change: garbage };
        refused_because(RawRefusal::NoLeadIn, drive, &raw());
    }

    bench.burn(&mut Memory::new(400), &options()).unwrap();
    refused_because(RawRefusal::NotBlank, bench.drive(), &raw());
}

#[test]
fn a_raw_disc_takes_no_more() {
    for (kind, hint) in [(MediumKind::CdR, "nothing can be added"), (MediumKind::CdRw, "erased")] {
        let bench = Bench::new(kind, 16_000);
        bench.burn(&mut Memory::new(400), &raw()).unwrap();
        assert_eq!(bench.medium().status, MediumStatus::Complete);
        for options in [raw(), options()] {
            let error = bench.burn(&mut Memory::new(400), &options).unwrap_err();
            assert!(matches!(error, BurnError::NotWritable { .. }), "{error}");
            assert!(error.to_string().contains(hint), "{error}");
        }
        if kind == MediumKind::CdRw {
            bench.tell(&mmc::blank(mmc::BlankKind::Minimal));
            bench.burn(&mut Memory::new(400), &raw()).unwrap();
        }
    }
}

#[test]
fn what_breaks_off_spoils_the_disc() {
    let bench = Bench::new(MediumKind::CdR, 16_000);
    let mut image = Memory { broken: Some(350), ..Memory::new(400) };
    let error = bench.burn(&mut image, &raw()).unwrap_err();
    assert_eq!(error.fate(), DiscFate::Spoiled, "{error}");
    assert_eq!(bench.medium().status, MediumStatus::Damaged);
    // The lead-in by itself uses a disc up.
    for (kind, fate) in
        [(MediumKind::CdR, DiscFate::Spoiled), (MediumKind::CdRw, DiscFate::Rewritable)]
    {
        let bench = Bench::new(kind, 16_000);
        let mut pair = Pair::new(&bench, &raw(), &Memory::new(400), |drive| drive);
        while pair.commands < 40 {
            assert!(pair.step().is_none());
        }
        pair.machine.cancel(pair.now);
        let error = pair.drive_to_end().unwrap_err();
        drop(pair);
        assert_eq!(error.fate(), fate, "{error}");
        assert_eq!(bench.medium().status, MediumStatus::Damaged);
    }
}

#[test]
fn cancelling_ends_a_raw_burn() {
    let image = Memory::new(400);
    let whole = Bench::new(MediumKind::CdR, 16_000);
    let mut pair = Pair::new(&whole, &raw(), &image, |drive| drive);
    pair.drive_to_end().unwrap();
    let last = pair.commands;
    // Before and at the first WRITEs, where the image begins and ends, in the lead-out and behind it.
    let moments = [0, 4, 5, 1054, 1056, 1077, 1078, 1300, last - 4, last - 1];
    for moment in moments {
        let bench = Bench::new(MediumKind::CdR, 16_000);
        let mut pair = Pair::new(&bench, &raw(), &image, |drive| drive);
        while pair.commands < moment {
            assert!(pair.step().is_none());
        }
        pair.machine.cancel(pair.now);
        let result = pair.drive_to_end();
        drop(pair);
        match result {
            Ok(recorded) => {
                assert!(bench.verify(&mut image.clone(), recorded.start, None).is_good());
            }
            Err(error) => {
                assert!(matches!(error, BurnError::Cancelled { .. }), "{error:?}");
                let untouched = error.fate() == DiscFate::Untouched;
                let blank = bench.medium().status == MediumStatus::Blank;
                assert_eq!(untouched, blank, "at {moment}: {error}");
            }
        }
    }
}

#[test]
fn narrow_adapters_get_fewer_sectors_at_once() {
    let bench = Bench::new(MediumKind::CdR, 16_000);
    let probe = bench.probe();
    let facts = probe.medium.as_ref().unwrap();
    let recipe = recipe(facts, &probe.drive.configuration, &raw(), 400).unwrap();
    for (most, unit) in [(None, 13), (Some(32 << 10), 13), (Some(16 << 10), 4), (Some(2448), 1)] {
        let recipe = recipe.clone().within(most);
        assert_eq!((recipe.unit, recipe.fallback.unwrap().unit), (unit, unit), "{most:?}");
    }
    let mut longest = 0;
    burn_oddly(&bench, &raw(), |cdb, data, result| {
        if let (opcode::WRITE_10, Data::Out(bytes)) = (cdb[0], data) {
            longest = longest.max(bytes.len());
        }
        result
    })
    .unwrap();
    assert_eq!(longest, 13 * 2448);
}

/// A disc is not believed to hold what a drive lost in a reset, not even of its lead-in.
#[test]
fn a_reset_in_the_lead_in_ends_the_burn() {
    let bench = Bench::new(MediumKind::CdR, 16_000);
    let reset = crate::scsi::fault::Effect::Refuse(crate::scsi::Sense::new(6, 0x29, 0));
    let mut pair = Pair::new(&bench, &raw(), &Memory::new(400), |drive| {
        following(drive, Script::default().at(opcode::WRITE_10, 20, reset))
    });
    let error = pair.drive_to_end().unwrap_err();
    assert_eq!((error.code(), error.fate()), ("driveReset", DiscFate::Spoiled));
}

/// What features do not tell, page 05h does, and has afterwards what it had before.
#[test]
fn write_modes_are_tried_where_a_feature_is_hidden() {
    let bench = Bench::new(MediumKind::CdR, 16_000);
    let hidden = |cdb: &[u8], answer: &mut [u8], moved: usize| {
        if cdb[0] == opcode::GET_CONFIGURATION {
            answer[mastering(answer) + 1] = 0x99;
        }
        moved
    };
    let refused = crate::scsi::fault::Effect::Refuse(crate::scsi::Sense::new(5, 0x26, 0));
    let page = mmc::WriteParameters {
        write_type: mmc::WriteType::TrackAtOnce,
        block_type: mmc::BlockType::Mode1,
        multi_session: true,
        test_write: false,
        link_size: None,
        packet_blocks: None,
        track_mode: 4,
    };
    // Behind this one comes the page for sessions at once, then this one again, and then the two for raw blocks.
    let scripts =
        [Script::default(), Script::default().repeatedly(opcode::MODE_SELECT_10, 4, 2, refused)];
    for (script, modes) in scripts.into_iter().zip([&["tao", "sao", "raw"][..], &["tao", "sao"]]) {
        let mut drive = Telling { drive: following(bench.drive(), script), change: hidden };
        let probe = mmc::probe(&mut drive).unwrap();
        mmc::mode_select_write_parameters(page).send(&mut drive).unwrap();
        let before = mmc::mode_sense_write_parameters().send(&mut drive).unwrap();
        let found = mmc::survey(&mut drive, &probe).write_modes;
        assert_eq!(found.iter().map(|mode| mode.as_str()).collect::<Vec<_>>(), modes);
        let after = mmc::mode_sense_write_parameters().send(&mut drive).unwrap();
        assert_eq!(before, after);
    }
}
