//! Erasing, formatting and closing: each medium in each state, the commands, and each sense at each of them.

use super::{
    dvd_rw::format as format_command,
    faults::{SENSES, moments_of},
    *,
};
use crate::{
    mmc::{BlankKind, Profile, blank, format_kind},
    scsi::{Sense, fault::Effect, opcode},
};

const FORMAT: Operation =
    Operation::Format(FormatOptions { kind: None, spare: Spare::Default, certification: None });
const FULL_FORMAT: Operation = Operation::Format(FormatOptions {
    kind: Some(FormatKind::Full),
    spare: Spare::Default,
    certification: None,
});
const ERASE: Operation = Operation::Erase { full: false };
const FULL_ERASE: Operation = Operation::Erase { full: true };

fn work(bench: &Bench, operation: Operation) -> Result<Upkept, BurnError> {
    let cancel = AtomicBool::new(false);
    upkeep(&mut bench.drive(), operation, None, &cancel, &mut |_| {})
}

/// What each medium is before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Blank,
    /// A session is on it, and another can be added where that goes.
    Written,
    /// Nothing can be added.
    Closed,
    /// DVD-RW: formatted, and not written since.
    Overwritable,
    /// A track is begun and not closed.
    Begun,
}

fn bench(kind: MediumKind, state: State) -> Bench {
    let bench = Bench::new(kind, 48_000);
    match state {
        State::Blank => {}
        State::Written => drop(bench.burn(&mut Memory::new(64), &options()).unwrap()),
        State::Closed => {
            let options = Options { close: true, ..options() };
            bench.burn(&mut Memory::new(64), &options).unwrap();
        }
        State::Overwritable => bench.tell(&format_command(format_kind::DVD_RW_QUICK, 0)),
        State::Begun => begin(&bench),
    }
    bench
}

/// A burn that is given up.
pub(super) fn begin(bench: &Bench) {
    let mut pair = Pair::new(bench, &options(), &Memory::new(200), |drive| drive);
    while pair.machine.position() < 64 {
        assert!(pair.step().is_none());
    }
    pair.machine.cancel(pair.now);
    pair.drive_to_end().unwrap_err();
}

#[test]
fn what_each_disc_can_have_done_to_it() {
    use MediumKind::{BdR, BdRe, CdR, CdRw, DvdPlusR, DvdPlusRw, DvdR, DvdRDl, DvdRam, DvdRw};
    use State::{Begun, Blank, Closed, Overwritable, Written};
    let erasable = "mediumNotErasable";
    let formattable = "mediumNotFormattable";
    let closable = "nothingToClose";
    // The operation, what it makes of the disc, and for which discs; or why not.
    let table: &[(Operation, MediumKind, State, Result<MediumStatus, &str>)] = &[
        (ERASE, DvdRw, Written, Ok(MediumStatus::Blank)),
        (ERASE, DvdRw, Overwritable, Ok(MediumStatus::Blank)),
        (FULL_ERASE, DvdRw, Closed, Ok(MediumStatus::Blank)),
        (FULL_ERASE, DvdRw, Blank, Ok(MediumStatus::Blank)),
        (ERASE, CdRw, Written, Ok(MediumStatus::Blank)),
        (FULL_ERASE, CdRw, Closed, Ok(MediumStatus::Blank)),
        (ERASE, CdR, Written, Err(erasable)),
        (ERASE, DvdR, Written, Err(erasable)),
        (ERASE, DvdPlusR, Blank, Err(erasable)),
        (ERASE, DvdPlusRw, Written, Err(erasable)),
        (ERASE, BdRe, Written, Err(erasable)),
        (ERASE, DvdRam, Blank, Err(erasable)),
        (FORMAT, DvdRw, Closed, Ok(MediumStatus::Appendable)),
        (FULL_FORMAT, DvdRw, Blank, Ok(MediumStatus::Complete)),
        (FULL_FORMAT, DvdRw, Overwritable, Ok(MediumStatus::Complete)),
        (FORMAT, DvdPlusRw, Blank, Ok(MediumStatus::Complete)),
        (FORMAT, DvdPlusRw, Written, Ok(MediumStatus::Complete)),
        (FORMAT, DvdRam, Written, Ok(MediumStatus::Other)),
        (FULL_FORMAT, DvdRam, Blank, Ok(MediumStatus::Other)),
        (FORMAT, BdRe, Blank, Ok(MediumStatus::Complete)),
        (FULL_FORMAT, BdRe, Written, Ok(MediumStatus::Complete)),
        (FORMAT, BdR, Blank, Ok(MediumStatus::Blank)),
        (FORMAT, DvdR, Blank, Err(formattable)),
        (FORMAT, BdR, Written, Err(formattable)),
        (Operation::Close, DvdR, Written, Ok(MediumStatus::Complete)),
        (Operation::Close, DvdR, Begun, Ok(MediumStatus::Complete)),
        (Operation::Close, DvdRDl, Begun, Ok(MediumStatus::Complete)),
        (Operation::Close, DvdRDl, Written, Err(closable)),
        (Operation::Close, DvdRw, Written, Ok(MediumStatus::Complete)),
        (Operation::Close, DvdPlusR, Written, Ok(MediumStatus::Complete)),
        (Operation::Close, DvdPlusR, Begun, Ok(MediumStatus::Complete)),
        (Operation::Close, BdR, Written, Ok(MediumStatus::Complete)),
        (Operation::Close, BdR, Begun, Ok(MediumStatus::Complete)),
        (Operation::Close, DvdRw, Overwritable, Ok(MediumStatus::Complete)),
        (Operation::Close, CdR, Begun, Ok(MediumStatus::Complete)),
        (Operation::Close, CdRw, Begun, Ok(MediumStatus::Complete)),
        (Operation::Close, CdR, Written, Err(closable)),
        (Operation::Close, CdRw, Closed, Err(closable)),
        (Operation::Close, CdR, Blank, Err(closable)),
        (Operation::Close, DvdR, Blank, Err(closable)),
        (Operation::Close, DvdPlusR, Closed, Err(closable)),
        (Operation::Close, BdRe, Written, Err(closable)),
        (Operation::Close, DvdRam, Blank, Err(closable)),
    ];
    for (operation, kind, state, wanted) in table {
        let what = format!("{operation:?} of a {kind}, {state:?}");
        let bench = bench(*kind, *state);
        let before = bench.medium().fingerprint;
        match (work(&bench, *operation), wanted) {
            (Ok(done), Ok(status)) => {
                let after = done.after.unwrap();
                assert_eq!(after.status, *status, "{what}");
                assert_eq!(after.fingerprint, bench.medium().fingerprint, "{what}");
                assert!(bench.drive_is_free(), "{what}");
            }
            (Err(error), Err(code)) => {
                assert_eq!((error.code(), error.fate()), (*code, DiscFate::Untouched), "{what}");
                assert!(error.hint().is_some() && error.blame() == Blame::Medium, "{what}");
                assert_eq!(bench.medium().fingerprint, before, "{what}");
            }
            (found, _) => panic!("{what}: {found:?}"),
        }
    }
}

#[test]
fn another_disc_than_the_confirmed_one_is_left_alone() {
    let bench = bench(MediumKind::DvdRw, State::Written);
    let cancel = AtomicBool::new(false);
    let erase = |medium: &str| erase(&mut bench.drive(), true, Some(medium), &cancel, &mut |_| {});
    let before = bench.medium().fingerprint;
    assert!(matches!(erase("another"), Err(BurnError::WrongMedium)));
    assert_eq!(bench.medium().fingerprint, before);
    erase(&before).unwrap();
    let mut empty = VirtualDrive::empty(&virtual_drive::DriveOptions::default());
    let error = close(&mut empty, None, &cancel, &mut |_| {}).unwrap_err();
    assert!(matches!(error, BurnError::NoMedium), "{error}");
}

#[test]
fn an_erased_dvd_rw_takes_an_image_again() {
    for operation in [ERASE, FULL_ERASE] {
        let bench = bench(MediumKind::DvdRw, State::Closed);
        work(&bench, operation).unwrap();
        let mut image = Memory::new(100);
        let outcome = bench.burn(&mut image, &options()).unwrap();
        assert_eq!(outcome.finalized, Some(operation == ERASE), "at once after a quick one");
        assert!(bench.verify(&mut image, 0, None).is_good());
    }
}

#[test]
fn formats_that_do_not_suit_the_medium_are_refused() {
    let options = |kind, spare, certification| {
        Operation::Format(FormatOptions { kind, spare, certification })
    };
    let none = Spare::None;
    for (kind, operation) in [
        (MediumKind::DvdRw, options(None, none, None)),
        (MediumKind::DvdRam, options(None, Spare::Default, Some(Certification::Quick))),
        (MediumKind::BdRe, options(Some(FormatKind::Pow), Spare::Default, None)),
        (MediumKind::BdRe, options(None, Spare::Bytes(1 << 40), None)),
        (MediumKind::BdR, options(None, none, None)),
        (MediumKind::BdR, options(None, Spare::Default, Some(Certification::Full))),
    ] {
        let bench = Bench::new(kind, 48_000);
        let error = work(&bench, operation).unwrap_err();
        assert!(matches!(error, BurnError::NotFormattable { .. }), "{kind} {operation:?}: {error}");
    }
}

#[test]
fn cancelling_leaves_the_drive_in_order() {
    let bench = bench(MediumKind::DvdRw, State::Closed);
    let mut pair = Pair::upkeep(&bench, FULL_ERASE, |drive| drive);
    while pair.commands < 2 {
        pair.step();
    }
    pair.machine.cancel(pair.now);
    let error = pair.drive_to_end().unwrap_err();
    assert!(matches!(error, BurnError::Cancelled { fate: DiscFate::Rewritable }), "{error:?}");
    drop(pair);
    assert!(bench.drive_is_free());
}

/// A drive whose refusals do not say how far it is.
struct Mute<T>(T);

impl<T: Transport> Transport for Mute<T> {
    fn execute(
        &mut self,
        cdb: &[u8],
        data: Data<'_>,
        timeout: Duration,
    ) -> Result<usize, ScsiError> {
        self.0.execute(cdb, data, timeout).map_err(|error| match error {
            ScsiError::Check(sense) => ScsiError::Check(Sense { progress: None, ..sense }),
            other => other,
        })
    }
}

#[test]
fn progress_is_told_by_the_refusals_or_asked_for() {
    let formatted = bench(MediumKind::BdRe, State::Written);
    let mut pair = Pair::upkeep(&formatted, FORMAT, |drive| drive);
    pair.drive_to_end().unwrap();
    assert!(pair.reports > 0);
    drop(pair);
    let mut pair = Pair::upkeep(&formatted, FORMAT, |drive| Mute(Recording::new(drive)));
    pair.drive_to_end().unwrap();
    let asked = pair.drive.0.lines().iter().any(|line| line.contains("REQUEST SENSE"));
    assert!(asked && pair.reports > 0);
}

fn sequence(bench: &Bench, operation: Operation) -> String {
    let mut pair = Pair::upkeep(bench, operation, Recording::new);
    pair.drive_to_end().unwrap();
    pair.drive.text()
}

macro_rules! sequences {
    ($($name:ident: $operation:expr, $kind:ident, $state:ident;)*) => {
        $(#[test]
        fn $name() {
            let bench = bench(MediumKind::$kind, State::$state);
            insta::assert_snapshot!(sequence(&bench, $operation));
        })*
    };
}

sequences! {
    erasing_quickly: ERASE, DvdRw, Closed;
    erasing_in_full: FULL_ERASE, DvdRw, Closed;
    formatting_dvd_rw: FORMAT, DvdRw, Closed;
    formatting_dvd_plus_rw: FORMAT, DvdPlusRw, Blank;
    formatting_dvd_ram: FORMAT, DvdRam, Blank;
    formatting_bd_re: FORMAT, BdRe, Blank;
    closing_dvd_r: Operation::Close, DvdR, Written;
    closing_dvd_plus_r_with_an_open_track: Operation::Close, DvdPlusR, Begun;
    closing_bd_r: Operation::Close, BdR, Written;
    closing_cd_r_with_an_open_session: Operation::Close, CdR, Begun;
    erasing_cd_rw: ERASE, CdRw, Closed;
}

/// Each sense at each command: it is done and shows, or it says why not and what became of the disc.
fn every_sense(operation: Operation, kind: MediumKind, state: State) {
    let whole = bench(kind, state);
    let mut pair = Pair::upkeep(&whole, operation, Recording::new);
    pair.drive_to_end().unwrap();
    let moments = moments_of(pair.drive.lines());
    drop(pair);
    for (opcode, nth) in moments {
        for &(key, asc, ascq) in &SENSES {
            let what = format!(
                "{operation:?} of {kind}: {key:x}/{asc:02x}/{ascq:02x} at {} {nth}",
                opcode::name(opcode)
            );
            let bench = bench(kind, state);
            let before = bench.medium().fingerprint;
            let effect = Effect::Refuse(Sense::new(key, asc, ascq));
            let mut pair = Pair::upkeep(&bench, operation, |drive| {
                following(drive, Script::default().at(opcode, nth, effect))
            });
            let result = pair.drive_to_end();
            assert!(pair.drive.control().struck() > 0, "{what}: the fault never struck");
            drop(pair);
            judge(&bench, &before, operation, result, &what);
        }
    }
}

fn judge(
    bench: &Bench,
    before: &str,
    operation: Operation,
    result: Result<Recorded, BurnError>,
    what: &str,
) {
    let medium = bench.medium();
    match result {
        Ok(_) => match operation {
            Operation::Erase { .. } => assert_eq!(medium.status, MediumStatus::Blank, "{what}"),
            Operation::Format(_) => assert!(medium.formatted && medium.is_writable(), "{what}"),
            Operation::Close => assert_eq!(medium.status, MediumStatus::Complete, "{what}"),
        },
        Err(error) => match error.fate() {
            DiscFate::Untouched => assert_eq!(medium.fingerprint, before, "{what}: {error:?}"),
            DiscFate::Rewritable => assert!(medium.rewritable, "{what}: {error:?}"),
            DiscFate::Unclosed => assert_eq!(operation, Operation::Close, "{what}: {error:?}"),
            DiscFate::HalfFormatted => {
                let formats = matches!(operation, Operation::Format(_));
                assert!(formats && !medium.rewritable, "{what}: {error:?}");
            }
            other => panic!("{what}: {other:?}: {error:?}"),
        },
    }
}

macro_rules! every_sense_once {
    ($($name:ident: $operation:expr, $kind:ident, $state:ident;)*) => {
        $(#[test]
        fn $name() {
            every_sense($operation, MediumKind::$kind, State::$state);
        })*
    };
}

every_sense_once! {
    every_sense_once_while_erasing: ERASE, DvdRw, Overwritable;
    every_sense_once_while_formatting_dvd_rw: FORMAT, DvdRw, Blank;
    every_sense_once_while_formatting_dvd_plus_rw: FORMAT, DvdPlusRw, Blank;
    every_sense_once_while_formatting_bd_re: FORMAT, BdRe, Blank;
    every_sense_once_while_formatting_bd_r: FORMAT, BdR, Blank;
    every_sense_once_while_closing_dvd_r: Operation::Close, DvdR, Begun;
    every_sense_once_while_closing_dvd_plus_r: Operation::Close, DvdPlusR, Begun;
    every_sense_once_while_closing_cd_r: Operation::Close, CdR, Begun;
    every_sense_once_while_erasing_cd_rw: ERASE, CdRw, Blank;
}

#[test]
fn a_drive_that_only_says_it_erased_is_not_believed() {
    let bench = bench(MediumKind::DvdRw, State::Closed);
    let mut pair = Pair::upkeep(&bench, ERASE, Lying);
    let error = pair.drive_to_end().unwrap_err();
    assert_eq!((error.code(), error.fate()), ("notRecorded", DiscFate::Rewritable), "{error:?}");
    drop(pair);
    bench.tell(&blank(BlankKind::Disc));
    assert_eq!(bench.medium().profile, Profile::DVD_RW);
}

/// A drive that answers BLANK with GOOD and does nothing.
struct Lying(VirtualDrive);

impl Transport for Lying {
    fn execute(
        &mut self,
        cdb: &[u8],
        data: Data<'_>,
        timeout: Duration,
    ) -> Result<usize, ScsiError> {
        if cdb[0] == opcode::BLANK { Ok(0) } else { self.0.execute(cdb, data, timeout) }
    }
}
