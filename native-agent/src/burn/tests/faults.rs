//! Each sense that drives answer with, at each command of each sequence: the burn goes on or says why not; it never
//! hangs, and it never claims a success that the disc does not show.

use super::{
    subjects::{
        self, BD_RE, DVD_PLUS_R, DVD_PLUS_RW, DVD_RAM, DVD_RW_OVERWRITE, SUBJECTS, Subject,
    },
    *,
};
use crate::scsi::{ScsiError, Sense, fault::Effect, opcode};

/// Sense codes of libburn, growisofs and cdrecord.
pub(super) const SENSES: [(u8, u8, u8); 34] = [
    (0x2, 0x04, 0x00),
    (0x2, 0x04, 0x01),
    (0x2, 0x04, 0x02),
    (0x2, 0x04, 0x03),
    (0x2, 0x04, 0x04),
    (0x2, 0x04, 0x07),
    (0x2, 0x04, 0x08),
    (0x2, 0x30, 0x00),
    (0x2, 0x3a, 0x00),
    (0x2, 0x3a, 0x01),
    (0x3, 0x0c, 0x00),
    (0x3, 0x0c, 0x09),
    (0x3, 0x11, 0x00),
    (0x3, 0x73, 0x03),
    (0x4, 0x44, 0x00),
    (0x5, 0x0c, 0x09),
    (0x5, 0x20, 0x00),
    (0x5, 0x21, 0x00),
    (0x5, 0x21, 0x02),
    (0x5, 0x24, 0x00),
    (0x5, 0x26, 0x00),
    (0x5, 0x2c, 0x00),
    (0x5, 0x30, 0x05),
    (0x5, 0x64, 0x00),
    (0x5, 0x6f, 0x00),
    (0x5, 0x72, 0x00),
    (0x5, 0x72, 0x03),
    (0x6, 0x28, 0x00),
    (0x6, 0x29, 0x00),
    (0x6, 0x2e, 0x00),
    (0x7, 0x27, 0x00),
    (0x8, 0x00, 0x00),
    (0xb, 0x00, 0x06),
    (0x0, 0x00, 0x00),
];
/// A burn that is done again and again, each time on a copy of the disc.
struct Case {
    name: String,
    disc: Bench,
    image: Memory,
    options: Options,
}

impl Case {
    fn new(subject: Subject) -> Self {
        let (disc, options) = (subject.bench(), subject.options());
        Self { name: format!("{subject:?}"), disc, image: Memory::new(70), options }
    }

    /// A further session on a disc that is written on.
    fn growing(subject: Subject) -> Self {
        let case = Self::new(subject);
        case.disc.burn(&mut Memory::new(60), &case.options).unwrap();
        Self { name: format!("{}, growing", case.name), image: Memory::behind(70), ..case }
    }
}

/// Which command, counted per operation code, of a burn without faults.
fn moments(case: &Case) -> Vec<(u8, u32)> {
    let bench = case.disc.copy();
    let mut pair = Pair::new(&bench, &case.options, &case.image, Recording::new);
    pair.drive_to_end().unwrap();
    let mut moments = moments_of(pair.drive.lines());
    if case.options.write_mode == WriteMode::Raw {
        let telling = telling_writes(pair.drive.lines());
        moments.retain(|(opcode, nth)| *opcode != opcode::WRITE_10 || telling.contains(nth));
    }
    moments
}

/// Of hundreds of WRITEs that are alike, the numbers of those in which a part of the session begins or ends.
fn telling_writes(lines: &[String]) -> Vec<u32> {
    let writes: Vec<&str> =
        lines.iter().map(String::as_str).filter(|line| line.starts_with("2a ")).collect();
    let lba = |line: &str| {
        let bytes =
            line.split(' ').skip(2).take(4).map(|byte| u32::from_str_radix(byte, 16).unwrap());
        bytes.fold(0, |lba, byte| lba << 8 | byte).cast_signed()
    };
    let part = |line: &str| match lba(line) {
        i32::MIN..-150 => 0,
        -150..0 => 1,
        0..300 => 2,
        300.. => 3,
    };
    let last = writes.len() - 1;
    let begins = |at: usize| at == 0 || part(writes[at - 1]) != part(writes[at]);
    let telling = (0..writes.len()).filter(|at| begins(*at) || *at == last);
    telling.map(|at| at as u32 + 1).collect()
}

/// Each line of a record as the operation code and its count.
pub(super) fn moments_of(lines: &[String]) -> Vec<(u8, u32)> {
    let mut seen = [0u32; 256];
    let opcode = |line: &String| u8::from_str_radix(&line[..2], 16).unwrap();
    let moment = |opcode: u8| {
        seen[usize::from(opcode)] += 1;
        (opcode, seen[usize::from(opcode)])
    };
    lines.iter().map(opcode).map(moment).collect()
}

fn pair<T: Transport>(
    bench: &Bench,
    image: &Memory,
    wrap: impl FnOnce(VirtualDrive) -> T,
) -> Pair<T> {
    let layer_break = bench.medium().layer_boundary.map(|_| 64);
    Pair::new(bench, &Options { layer_break, ..options() }, image, wrap)
}

/// What every burn must end with, however the drive behaved.
fn judge(
    bench: &Bench,
    before: &str,
    image: &Memory,
    result: Result<Recorded, BurnError>,
    what: &str,
) {
    match result {
        Ok(recorded) => {
            let found = bench.verify(&mut image.clone(), recorded.start, None);
            assert!(found.is_good(), "{what}: false success: {found:?}");
            if let Some(Continuation { head: Some(head), .. }) = &image.continuation {
                let there = |piece: &Piece| bench.read(piece.start.0, 16) == piece.bytes;
                assert!(head.after.iter().all(there), "{what}: the head is not there");
            }
        }
        Err(error) => {
            let medium = bench.medium();
            match error.fate() {
                DiscFate::Untouched => assert_eq!(medium.fingerprint, before, "{what}: {error:?}"),
                // What `every_sense_once_while_growing` has burned before.
                DiscFate::Kept => {
                    assert!(bench.read(0, 60) == Memory::new(60).bytes, "{what}: {error:?}");
                }
                DiscFate::Rewritable => assert!(medium.rewritable, "{what}: {error:?}"),
                DiscFate::Spoiled | DiscFate::Unclosed => {
                    assert!(!medium.rewritable, "{what}: {error:?}");
                }
                DiscFate::AsItWas | DiscFate::HalfFormatted => panic!("{what}: {error:?}"),
            }
        }
    }
}

fn every_moment(
    subject: Subject,
    effect_of: impl Fn(Sense) -> Effect,
    senses: &[(u8, u8, u8)],
    times: u32,
) {
    every_moment_of(&Case::new(subject), effect_of, senses, times);
}

fn every_moment_of(
    case: &Case,
    effect_of: impl Fn(Sense) -> Effect,
    senses: &[(u8, u8, u8)],
    times: u32,
) {
    let Case { name, disc, image, options } = case;
    for (opcode, nth) in moments(case) {
        for &(key, asc, ascq) in senses {
            let effect = effect_of(Sense::new(key, asc, ascq));
            let what = format!(
                "{name}: {key:x}/{asc:02x}/{ascq:02x} at {} {nth}, {times} times",
                opcode::name(opcode)
            );
            let bench = disc.copy();
            let before = bench.medium().fingerprint;
            let mut pair = Pair::new(&bench, options, image, |drive| {
                following(drive, Script::default().repeatedly(opcode, nth, times, effect))
            });
            let result = pair.drive_to_end();
            assert!(pair.drive.control().struck() > 0, "{what}: the fault never struck");
            let limit = Duration::from_secs(20_000);
            assert!(pair.now - pair.begun < limit, "{what}: waited {:?}", pair.now - pair.begun);
            drop(pair);
            if options.simulate {
                judge_rehearsal(&bench, &before, result, &what);
            } else {
                judge(&bench, &before, image, result, &what);
            }
        }
    }
}

/// The laser was off, whatever happened.
fn judge_rehearsal(bench: &Bench, before: &str, result: Result<Recorded, BurnError>, what: &str) {
    assert_eq!(bench.medium().fingerprint, before, "{what}: {result:?}");
    if let Err(error) = result {
        assert_eq!(error.fate(), DiscFate::Untouched, "{what}: {error:?}");
    }
}

/// One test per medium, so that they run side by side.
macro_rules! every_sense_once {
    ($($name:ident: $subject:ident,)*) => {
        $(#[test]
        fn $name() {
            every_moment(subjects::$subject, Effect::Refuse, &SENSES, 1);
        })*
    };
}

every_sense_once! {
    every_sense_once_with_dvd_plus_r: DVD_PLUS_R,
    every_sense_once_with_bd_r: BD_R,
    every_sense_once_with_bd_r_pow: BD_R_POW,
    every_sense_once_with_dvd_plus_r_dl: DVD_PLUS_R_DL,
    every_sense_once_with_dvd_r: DVD_R,
    every_sense_once_with_dvd_r_dl: DVD_R_DL,
    every_sense_once_with_bd_re: BD_RE,
    every_sense_once_with_dvd_plus_rw: DVD_PLUS_RW,
    every_sense_once_with_dvd_ram: DVD_RAM,
    every_sense_once_with_dvd_rw: DVD_RW,
    every_sense_once_with_dvd_rw_at_once: DVD_RW_AT_ONCE,
    every_sense_once_with_dvd_rw_overwrite: DVD_RW_OVERWRITE,
    every_sense_once_with_dvd_rw_grown: DVD_RW_GROWN,
    every_sense_once_with_cd_r: CD_R,
    every_sense_once_with_cd_rw: CD_RW,
    every_sense_once_with_cd_r_at_once: CD_R_AT_ONCE,
    every_sense_once_with_cd_r_closed: CD_R_CLOSED,
    every_sense_once_with_dvd_plus_r_closing: DVD_PLUS_R_CLOSING,
    every_sense_once_with_dvd_plus_r_dl_closing: DVD_PLUS_R_DL_CLOSING,
    every_sense_once_with_dvd_r_closing: DVD_R_CLOSING,
    every_sense_once_with_dvd_r_dl_closing: DVD_R_DL_CLOSING,
    every_sense_once_with_bd_r_closing: BD_R_CLOSING,
    every_sense_once_with_dvd_plus_r_appendable: DVD_PLUS_R_APPENDABLE,
    every_sense_once_with_dvd_r_appendable: DVD_R_APPENDABLE,
    every_sense_once_with_dvd_rw_appendable: DVD_RW_APPENDABLE,
    every_sense_once_with_bd_r_appendable: BD_R_APPENDABLE,
    every_sense_once_with_cd_r_appendable: CD_R_APPENDABLE,
    every_sense_once_with_cd_r_appendable_at_once: CD_R_APPENDABLE_AT_ONCE,
    every_sense_once_with_dvd_r_rehearsal: DVD_R_REHEARSAL,
    every_sense_once_with_cd_r_rehearsal: CD_R_REHEARSAL,
    every_sense_once_with_dvd_plus_rw_stopped: DVD_PLUS_RW_STOPPED,
    every_sense_once_with_dvd_r_dl_jumping: DVD_R_DL_JUMPING,
    every_sense_once_with_bd_r_ql: BD_R_QL,
    every_sense_once_with_bd_re_tl: BD_RE_TL,
    every_sense_once_with_cd_r_raw: CD_R_RAW,
}

/// What was on the disc stays what it shows until the new session is there.
#[test]
fn every_sense_once_while_growing() {
    for subject in [DVD_RAM, DVD_PLUS_RW, BD_RE, DVD_RW_OVERWRITE] {
        every_moment_of(&Case::growing(subject), Effect::Refuse, &SENSES, 1);
    }
}

#[test]
fn every_sense_for_ever_from_every_command_on() {
    for subject in [DVD_PLUS_R, BD_RE] {
        every_moment(subject, Effect::Refuse, &SENSES, u32::MAX);
    }
}

#[test]
fn recovered_errors_do_not_stop_a_burn() {
    for subject in SUBJECTS {
        let case = Case::new(subject);
        let Case { name, disc, image, options } = &case;
        for (opcode, nth) in moments(&case) {
            let bench = disc.copy();
            let recovered = Effect::Report(Sense::new(1, 0x17, 0x01));
            let mut pair = Pair::new(&bench, options, image, |drive| {
                following(drive, Script::default().at(opcode, nth, recovered))
            });
            let result = pair.drive_to_end();
            let what = format!("{name}: recovered at {} {nth}", opcode::name(opcode));
            assert!(result.is_ok(), "{what}: {result:?}");
            drop(pair);
            judge(&bench, "", image, result, &what);
        }
    }
}

#[test]
fn deferred_errors_are_failures_of_what_was_written() {
    let deferred = |key, asc| Sense { deferred: true, ..Sense::new(key, asc, 0) };
    for opcode in [opcode::WRITE_10, opcode::SYNCHRONIZE_CACHE, opcode::TEST_UNIT_READY] {
        let (image, bench) = (Memory::new(70), Bench::new(MediumKind::DvdPlusR, 1600));
        let effect = Effect::Refuse(deferred(3, 0x0c));
        let mut pair =
            pair(&bench, &image, |drive| following(drive, Script::default().at(opcode, 1, effect)));
        let error = pair.drive_to_end().unwrap_err();
        // The drive may name the block.
        let told = error.sense().map(|sense| Sense { information: None, ..sense });
        assert_eq!(told, Some(deferred(3, 0x0c)), "{error:?}");
    }
}

#[test]
fn other_ends_of_a_command() {
    for effect in
        [Effect::Status(0x08), Effect::Status(0x18), Effect::Timeout, Effect::Gone, Effect::Broken]
    {
        for subject in [DVD_PLUS_R, BD_RE] {
            every_moment(subject, |_| effect, &[(0, 0, 0)], 1);
        }
    }
}

#[test]
fn a_tray_that_stays_locked_does_not_undo_a_disc() {
    for effect in [
        Effect::Timeout,
        Effect::Broken,
        Effect::Gone,
        Effect::Status(0x18),
        Effect::Refuse(Sense::new(4, 0x44, 0)),
        Effect::Refuse(Sense::new(2, 0x3a, 0)),
    ] {
        let (image, bench) = (Memory::new(70), Bench::new(MediumKind::DvdPlusR, 1600));
        let mut pair = pair(&bench, &image, |drive| {
            following(drive, Script::default().at(opcode::PREVENT_ALLOW, 2, effect))
        });
        let result = pair.drive_to_end();
        assert!(result.is_ok() && pair.drive.control().struck() > 0, "{effect:?}: {result:?}");
    }
}

/// What a person is told when the disc or the drive goes away in the middle.
#[test]
fn removal_in_the_middle_says_what_became_of_the_disc() {
    let removed = Effect::Refuse(Sense::new(2, 0x3a, 0));
    let changed = Effect::Refuse(Sense::new(6, 0x28, 0));
    for (kind, fate) in
        [(MediumKind::DvdPlusR, DiscFate::Spoiled), (MediumKind::DvdRam, DiscFate::Rewritable)]
    {
        for effect in [removed, changed, Effect::Gone] {
            let (image, bench) = (Memory::new(70), Bench::new(kind, 1600));
            let mut pair = pair(&bench, &image, |drive| {
                following(drive, Script::default().at(opcode::WRITE_10, 3, effect))
            });
            let error = pair.drive_to_end().unwrap_err();
            let wanted = if effect == Effect::Gone { "driveGone" } else { "mediumRemoved" };
            assert_eq!((error.code(), error.fate()), (wanted, fate), "{error:?}");
            assert!(error.to_string().contains("while writing"), "{error}");
        }
    }
}

#[test]
fn a_disc_taken_out_by_hand_ends_the_burn() {
    for subject in SUBJECTS {
        let (image, bench) = (Memory::new(70), subject.bench());
        let mut pair = pair(&bench, &image, |drive| drive);
        while pair.machine.position() == 0 {
            assert!(pair.step().is_none());
        }
        pair.drive.control().remove_medium();
        let error = pair.drive_to_end().unwrap_err();
        assert_eq!(error.code(), "mediumRemoved", "{subject:?}: {error:?}");
    }
}

#[test]
fn a_reset_between_writes_is_survived_if_nothing_was_lost() {
    let reset = Effect::Refuse(Sense::new(6, 0x29, 0));
    let (mut image, bench) = (Memory::new(70), Bench::new(MediumKind::DvdPlusR, 1600));
    let mut pair = pair(&bench, &image, |drive| {
        following(drive, Script::default().at(opcode::WRITE_10, 3, reset))
    });
    let result = pair.drive_to_end();
    drop(pair);
    judge(&bench, "", &image, result, "reset");
    assert!(bench.verify(&mut image, 0, None).is_good());
}

/// A drive that starts anew, or whose settings another program changed, has forgotten what the mode page told it.
#[test]
fn a_drive_that_forgot_how_to_write_is_told_again() {
    for (kind, opcode, nth, asc) in [
        (MediumKind::DvdR, opcode::WRITE_10, 3, 0x29),
        (MediumKind::DvdR, opcode::WRITE_10, 3, 0x2a),
        (MediumKind::DvdR, opcode::CLOSE_TRACK_SESSION, 1, 0x29),
        (MediumKind::DvdR, opcode::CLOSE_TRACK_SESSION, 2, 0x2a),
        (MediumKind::CdR, opcode::CLOSE_TRACK_SESSION, 1, 0x29),
    ] {
        let what = format!("{kind:?}: 6/{asc:02x} at {} {nth}", opcode::name(opcode));
        let (image, bench) = (Memory::new(400), Bench::new(kind, 1600));
        let forgets = Effect::Refuse(Sense::new(6, asc, 0));
        let mut pair = pair(&bench, &image, |drive| {
            Recording::new(following(drive, Script::default().at(opcode, nth, forgets)))
        });
        let result = pair.drive_to_end();
        let moments = moments_of(pair.drive.lines());
        drop(pair);
        assert!(result.is_ok(), "{what}: {result:?}");
        judge(&bench, "", &image, result, &what);
        let at = |nth| moments.iter().position(|moment| *moment == (opcode, nth)).unwrap();
        let between = &moments[at(nth)..at(nth + 1)];
        let told = between.iter().filter(|(opcode, _)| *opcode == opcode::MODE_SELECT_10);
        assert_eq!(told.count(), 1, "{what}: {between:?}");
    }
}

#[test]
fn a_drive_that_does_not_let_itself_be_told_again_was_reset() {
    let reset = Effect::Refuse(Sense::new(6, 0x29, 0));
    let refuses = Effect::Refuse(Sense::new(5, 0x2c, 0));
    let script =
        Script::default().at(opcode::WRITE_10, 3, reset).at(opcode::MODE_SELECT_10, 2, refuses);
    let (image, bench) = (Memory::new(70), Bench::new(MediumKind::DvdR, 1600));
    let mut pair = pair(&bench, &image, |drive| following(drive, script));
    let error = pair.drive_to_end().unwrap_err();
    assert_eq!((error.code(), error.fate()), ("driveReset", DiscFate::Spoiled), "{error:?}");

    // The cue sheet went with the reset.
    let bench = Bench::new(MediumKind::CdR, 1600);
    let close = Options { close: true, ..options() };
    let mut pair = Pair::new(&bench, &close, &Memory::new(400), |drive| {
        following(drive, Script::default().at(opcode::WRITE_10, 20, reset))
    });
    let error = pair.drive_to_end().unwrap_err();
    assert_eq!(error.code(), "driveReset", "{error:?}");
}

/// What is left of a rehearsal would be done with the laser on.
#[test]
fn a_rehearsal_ends_when_the_drive_forgets_that_it_is_one() {
    for (nth, asc) in [(1, 0x29), (2, 0x29), (1, 0x2a), (2, 0x2a)] {
        let forgets = Effect::Refuse(Sense::new(6, asc, 0));
        let script = Script::default().at(opcode::CLOSE_TRACK_SESSION, nth, forgets);
        let subject = subjects::DVD_R_REHEARSAL;
        let bench = subject.bench();
        let before = bench.medium().fingerprint;
        let mut pair = Pair::new(&bench, &subject.options(), &Memory::new(70), |drive| {
            Recording::new(following(drive, script))
        });
        let error = pair.drive_to_end().unwrap_err();
        let closings = pair.drive.lines().iter().filter(|line| line.starts_with("5b ")).count();
        assert_eq!(
            (error.code(), closings),
            ("driveReset", nth as usize),
            "6/{asc:02x}: {error:?}"
        );
        drop(pair);
        judge_rehearsal(&bench, &before, Err(error), "forgotten");
    }
}

#[test]
fn a_busy_drive_is_waited_for_and_a_dead_one_is_not_waited_for_for_ever() {
    let busy = Effect::Refuse(Sense::new(2, 4, 8));
    for (times, survives) in [(5000, true), (u32::MAX, false)] {
        let (image, bench) = (Memory::new(70), Bench::new(MediumKind::BdR, 1600));
        let mut pair = pair(&bench, &image, |drive| {
            following(drive, Script::default().repeatedly(opcode::WRITE_10, 2, times, busy))
        });
        let result = pair.drive_to_end();
        assert_eq!(result.is_ok(), survives, "{result:?}");
        assert!(pair.now - pair.begun < Duration::from_secs(900));
    }
}

/// The questions before the burn meet the same drives.
#[test]
fn faults_while_probing_never_look_like_a_usable_disc() {
    let bench = Bench::new(MediumKind::DvdPlusR, 1600);
    let healthy = bench.medium().fingerprint;
    let mut recording = Recording::new(bench.drive());
    mmc::probe(&mut recording).unwrap();
    let mut opcodes: Vec<u8> =
        recording.lines().iter().map(|line| u8::from_str_radix(&line[..2], 16).unwrap()).collect();
    opcodes.dedup();
    drop(recording);
    for opcode in opcodes {
        for (key, asc, ascq) in
            [(2, 4, 1), (2, 0x3a, 0), (3, 0x11, 0), (4, 0x44, 0), (5, 0x24, 0), (6, 0x29, 0)]
        {
            let effect = Effect::Refuse(Sense::new(key, asc, ascq));
            let mut drive = following(bench.drive(), Script::default().at(opcode, 1, effect));
            let what = format!("{key:x}/{asc:02x} at {}", opcode::name(opcode));
            match mmc::probe(&mut drive) {
                Ok(Probe { medium: Some(medium), .. }) => {
                    let same = medium.fingerprint == healthy;
                    let lesser = matches!(key, 3 | 5);
                    assert!(same || lesser, "{what}");
                }
                Ok(Probe { medium: None, .. }) => assert_eq!(asc, 0x3a, "{what}"),
                Err(mmc::ProbeError::Scsi { source: ScsiError::Check(sense), .. }) => {
                    assert_eq!((sense.key, sense.asc), (key, asc), "{what}");
                }
                Err(error) => panic!("{what}: {error}"),
            }
        }
    }
}
