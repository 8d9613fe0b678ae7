//! Discs of every kind in every state in which they are burned in a way of their own.

use super::*;

/// A disc, and what was done to it before.
#[derive(Clone, Copy, Debug)]
pub(super) struct Subject {
    pub(super) kind: MediumKind,
    pub(super) state: State,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum State {
    New,
    BlankedMinimally,
    FormattedQuickly,
    FormattedInPart,
    /// Blank, and to be written as a session at once, which is the only way or one of two.
    AtOnce,
    AtOnceOrByTrack,
    /// Blank, and to be written raw.
    Raw,
    PseudoOverwrite,
    /// Blank, and to be closed, with a layer break where there can be one.
    Closing,
    /// With a session, and with room for another.
    Appendable,
    /// The same, and to be written as a session at once.
    AppendableAtOnce,
    /// Blank, with the laser off.
    Rehearsal,
    /// DVD+RW: formatting in the background has been stopped.
    Stopped,
    /// Blank, to be recorded with layer jumps.
    Jumping,
}

impl Subject {
    pub(super) const fn new(kind: MediumKind) -> Self {
        Self { kind, state: State::New }
    }

    pub(super) const fn dvd_rw(state: State) -> Self {
        Self { kind: MediumKind::DvdRw, state }
    }

    pub(super) const fn in_state(self, state: State) -> Self {
        Self { state, ..self }
    }

    pub(super) fn bench(self) -> Bench {
        let between = matches!(self.state, State::Appendable | State::AppendableAtOnce);
        let bench = Bench::new(self.kind, if between { 48_000 } else { 1600 });
        match self.state {
            State::New
            | State::AtOnce
            | State::AtOnceOrByTrack
            | State::Raw
            | State::Closing
            | State::Rehearsal
            | State::Jumping => {}
            State::Appendable | State::AppendableAtOnce | State::Stopped => {
                bench.burn(&mut Memory::new(60), &options()).unwrap();
            }
            State::BlankedMinimally => bench.tell(&mmc::blank(mmc::BlankKind::Minimal)),
            State::FormattedQuickly => {
                bench.tell(&dvd_rw::format(mmc::format_kind::DVD_RW_QUICK, 0));
            }
            State::FormattedInPart => {
                bench.tell(&dvd_rw::format(mmc::format_kind::DVD_RW_FULL, 32));
            }
            State::PseudoOverwrite => {
                bench.tell(&dvd_rw::format(mmc::format_kind::BD_R_SPARE, 0));
            }
        }
        bench
    }

    pub(super) fn options(self) -> Options {
        match self.state {
            State::AtOnce | State::AppendableAtOnce => {
                Options { write_mode: WriteMode::SessionAtOnce, ..options() }
            }
            State::AtOnceOrByTrack => Options { close: true, ..options() },
            State::Raw => Options { write_mode: WriteMode::Raw, close: true, ..options() },
            State::Closing => {
                let two = self.kind.describe().layers == 2;
                let layer_break = (two && !self.kind.describe().is_bd()).then_some(64);
                Options { close: true, layer_break, ..options() }
            }
            State::Rehearsal => Options { simulate: true, ..options() },
            State::Jumping => Options { layer_jump: true, ..options() },
            _ => options(),
        }
    }
}

pub(super) const DVD_PLUS_R: Subject = Subject::new(MediumKind::DvdPlusR);
pub(super) const BD_R: Subject = Subject::new(MediumKind::BdR);
pub(super) const BD_R_POW: Subject =
    Subject { kind: MediumKind::BdR, state: State::PseudoOverwrite };
pub(super) const DVD_PLUS_R_DL: Subject = Subject::new(MediumKind::DvdPlusRDl);
pub(super) const DVD_R_DL: Subject = Subject::new(MediumKind::DvdRDl);
pub(super) const DVD_R: Subject = Subject::new(MediumKind::DvdR);
pub(super) const BD_RE: Subject = Subject::new(MediumKind::BdRe);
pub(super) const DVD_PLUS_RW: Subject = Subject::new(MediumKind::DvdPlusRw);
pub(super) const DVD_RAM: Subject = Subject::new(MediumKind::DvdRam);
pub(super) const DVD_RW: Subject = Subject::dvd_rw(State::New);
pub(super) const DVD_RW_AT_ONCE: Subject = Subject::dvd_rw(State::BlankedMinimally);
pub(super) const DVD_RW_OVERWRITE: Subject = Subject::dvd_rw(State::FormattedQuickly);
pub(super) const DVD_RW_GROWN: Subject = Subject::dvd_rw(State::FormattedInPart);

pub(super) const CD_R: Subject = Subject::new(MediumKind::CdR);
pub(super) const CD_RW: Subject = Subject::new(MediumKind::CdRw);
pub(super) const CD_R_AT_ONCE: Subject = Subject { kind: MediumKind::CdR, state: State::AtOnce };
pub(super) const CD_R_CLOSED: Subject =
    Subject { kind: MediumKind::CdR, state: State::AtOnceOrByTrack };
pub(super) const CD_R_RAW: Subject = CD_R.in_state(State::Raw);
pub(super) const CD_RW_RAW: Subject = CD_RW.in_state(State::Raw);

pub(super) const DVD_PLUS_R_CLOSING: Subject = DVD_PLUS_R.in_state(State::Closing);
pub(super) const DVD_PLUS_R_DL_CLOSING: Subject = DVD_PLUS_R_DL.in_state(State::Closing);
pub(super) const DVD_R_CLOSING: Subject = DVD_R.in_state(State::Closing);
pub(super) const DVD_R_DL_CLOSING: Subject = DVD_R_DL.in_state(State::Closing);
pub(super) const BD_R_CLOSING: Subject = BD_R.in_state(State::Closing);
pub(super) const DVD_PLUS_R_APPENDABLE: Subject = DVD_PLUS_R.in_state(State::Appendable);
pub(super) const DVD_R_APPENDABLE: Subject = DVD_R.in_state(State::Appendable);
pub(super) const DVD_RW_APPENDABLE: Subject = DVD_RW.in_state(State::Appendable);
pub(super) const BD_R_APPENDABLE: Subject = BD_R.in_state(State::Appendable);
pub(super) const CD_R_APPENDABLE: Subject = CD_R.in_state(State::Appendable);
pub(super) const CD_R_APPENDABLE_AT_ONCE: Subject = CD_R.in_state(State::AppendableAtOnce);
pub(super) const DVD_R_REHEARSAL: Subject = DVD_R.in_state(State::Rehearsal);
pub(super) const CD_R_REHEARSAL: Subject = CD_R.in_state(State::Rehearsal);
pub(super) const DVD_PLUS_RW_STOPPED: Subject = DVD_PLUS_RW.in_state(State::Stopped);
pub(super) const DVD_R_DL_JUMPING: Subject = DVD_R_DL.in_state(State::Jumping);
pub(super) const BD_R_QL: Subject = Subject::new(MediumKind::BdRQl);
pub(super) const BD_RE_TL: Subject = Subject::new(MediumKind::BdReTl);

pub(super) const SUBJECTS: [Subject; 18] = [
    DVD_R_DL,
    BD_R_POW,
    DVD_PLUS_R_DL,
    DVD_PLUS_R,
    BD_R,
    DVD_R,
    BD_RE,
    DVD_PLUS_RW,
    DVD_RAM,
    DVD_RW,
    DVD_RW_AT_ONCE,
    DVD_RW_OVERWRITE,
    DVD_RW_GROWN,
    CD_R,
    CD_RW,
    CD_R_AT_ONCE,
    CD_R_CLOSED,
    CD_RW_RAW,
];
