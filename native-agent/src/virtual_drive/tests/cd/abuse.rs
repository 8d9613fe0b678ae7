//! What hosts and files may do to a CD: anything, and it stays a CD.

use proptest::{collection::vec, prelude::*};

use super::*;
use crate::virtual_drive::{
    cd::{CdTrack, Form},
    disc::{Track, TrackState},
};

/// Blocks of the discs here: room for two short sessions.
const BLOCKS: u32 = 16_000;

/// A command that a drive could carry out, more often than not in the wrong moment.
#[derive(Clone, Debug)]
enum Action {
    Page { write: u8, track: u8, block: u8 },
    Cue { start: i32, lengths: Vec<(i32, u8)> },
    Write { at: i32, relative: bool, blocks: u16, block: usize },
    Close { function: u8, number: u8 },
    Read { lba: i32, sectors: u8, parts: u8 },
    Reserve { blocks: u16 },
    Toc { format: u8, msf: bool, first: u8 },
    Blank { kind: u8 },
    Sync,
    Reload,
}

fn any_action() -> impl Strategy<Value = Action> {
    let block = prop::sample::select(vec![2048usize, 2352, 2448]);
    let place = prop_oneof![Just(-150), Just(0), -200i32..16_200, any::<i32>()];
    prop_oneof![
        4 => (prop::sample::select(vec![0x01u8, 0x02, 0x03, 0x11, 0x12]), prop::sample::select(vec![0u8, 4, 0xc0, 0xc4]), prop::sample::select(vec![0u8, 1, 3, 8, 10]))
            .prop_map(|(write, track, block)| Action::Page { write, track, block }),
        3 => (prop_oneof![Just(0i32), 0i32..16_000], vec((0i32..900, any::<u8>()), 1..5))
            .prop_map(|(start, lengths)| Action::Cue { start, lengths }),
        8 => (place.clone(), any::<bool>(), 0u16..700, block)
            .prop_map(|(at, relative, blocks, block)| Action::Write { at, relative, blocks, block }),
        2 => (0u8..8, 0u8..5).prop_map(|(function, number)| Action::Close { function, number }),
        2 => (place, 0u8..40, any::<u8>()).prop_map(|(lba, sectors, parts)| Action::Read { lba, sectors, parts }),
        1 => (0u16..2000).prop_map(|blocks| Action::Reserve { blocks }),
        1 => (0u8..6, any::<bool>(), any::<u8>()).prop_map(|(format, msf, first)| Action::Toc { format, msf, first }),
        1 => (0u8..8).prop_map(|kind| Action::Blank { kind }),
        2 => Just(Action::Sync),
        1 => Just(Action::Reload),
    ]
}

impl Bench {
    fn act(&mut self, action: &Action) {
        let _ = match action {
            Action::Page { write, track, block } => self.page(*write, *track, *block),
            Action::Cue { start, lengths } => {
                let list = cue_sheet(*start, lengths);
                let [high, low] = (list.len() as u16).to_be_bytes();
                self.put(&[0x5d, 0, 0, 0, 0, 0, 0, high, low, 0], &list)
            }
            Action::Write { at, relative, blocks, block } => {
                let base = if *relative { self.next_writable() } else { 0 };
                self.write_sectors(base.wrapping_add(*at % 200), *blocks, *block, 7)
            }
            Action::Close { function, number } => self.close(*function, *number),
            Action::Read { lba, sectors, parts } => {
                let [a, b, c, d] = lba.to_be_bytes();
                let mut out = vec![0; usize::from(*sectors) * 2352];
                let cdb = [0xbe, 0, a, b, c, d, 0, 0, *sectors, *parts, 0, 0];
                self.run(&cdb, Data::In(&mut out))
            }
            Action::Reserve { blocks } => {
                let [high, low] = blocks.to_be_bytes();
                self.none(&[0x53, 0, 0, 0, 0, 0, 0, high, low, 0])
            }
            Action::Toc { format, msf, first } => {
                let cdb = [0x43, u8::from(*msf) << 1, *format, 0, 0, 0, *first, 0, 252, 0];
                self.get(&cdb).map(|answer| answer.len())
            }
            Action::Blank { kind } => self.none(&[0xa1, *kind, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
            Action::Sync => self.none(&[0x35, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
            Action::Reload => {
                self.reopen();
                Ok(0)
            }
        };
    }

    fn next_writable(&mut self) -> i32 {
        self.last_track().1.map_or(-150, u32::cast_signed)
    }

    /// Whether the state is one that can be stored, and every answer about it can be given.
    fn check(&mut self) {
        for format in [0, 1, 2, 4, 5] {
            let _ = self.get(&[0x43, 2, format, 0, 0, 0, 0, 0, 252, 0]);
        }
        self.disc();
        self.last_track();
        let burner = lock(&self.drive.burner);
        let loaded = burner.loaded.as_ref().unwrap();
        assert!(loaded.disc.is_consistent(), "{:?}", loaded.disc);
        assert!(loaded.seen().is_consistent(), "{:?}", loaded.seen());
    }
}

/// A sheet for tracks of these lengths; the second number spoils some.
fn cue_sheet(start: i32, lengths: &[(i32, u8)]) -> Vec<u8> {
    let time = |lba: i32| {
        let frames = lba + 150;
        [(frames / 4500) as u8, (frames / 75 % 60) as u8, (frames % 75) as u8]
    };
    let entry = |control: u8, track: u8, index: u8, form: u8, lba: i32| {
        let [m, s, f] = time(lba);
        [control, track, index, form, 0, m, s, f]
    };
    let mut list = vec![entry(0x41, 0, 0, 1, -150), entry(0x41, 1, 0, 0x10, start - 150)];
    let mut at = start;
    for (number, (length, flavour)) in (1u8..).zip(lengths) {
        let (control, form) = match flavour {
            0..=99 => (0x41, 0x10),
            100..=149 => (0x01, 0x00),
            150..=179 => (0x41, 0x11),
            180..=199 => (0x41, 0x14),
            other => (0x41, *other),
        };
        list.push(entry(control, number, 1, form, at));
        at += length;
    }
    list.push(entry(0x41, 0xaa, 1, 1, at));
    list.concat()
}

fn any_track() -> impl Strategy<Value = Track> {
    let state = prop::sample::select(vec![
        TrackState::Invisible,
        TrackState::Incomplete,
        TrackState::Reserved,
        TrackState::Complete,
    ]);
    let form = prop::sample::select(vec![Form::Mode1, Form::Mode2Form1, Form::Raw]);
    let cd = (any::<u8>(), form, any::<bool>()).prop_map(|(control, form, at_once)| CdTrack {
        control,
        form,
        at_once,
        sub_header: [0; 4],
    });
    (0u16..3, 0u32..400, 0u32..900, 0u32..900, state, any::<bool>(), prop::option::of(cd)).prop_map(
        |(session, gap, size, next, state, damaged, cd)| Track {
            session,
            // Gaps and part of the track for now.
            start: gap,
            size,
            next: next.min(size),
            state,
            damaged,
            cd,
        },
    )
}

/// Tracks one behind the other.
fn any_tracks() -> impl Strategy<Value = Vec<Track>> {
    vec(any_track(), 1..8).prop_map(|mut tracks| {
        let (mut session, mut end) = (1, 0);
        for track in &mut tracks {
            session += track.session;
            track.session = session;
            track.start += end;
            track.next += track.start;
            end = track.start + track.size;
        }
        tracks
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn no_sequence_of_commands_harms_a_cd(
        kind in prop::sample::select(vec![MediumKind::CdR, MediumKind::CdRw]),
        actions in vec(any_action(), 1..40),
    ) {
        let mut bench = Bench::new(kind, BLOCKS);
        for action in &actions {
            bench.act(action);
            bench.check();
        }
        bench.reopen();
        bench.check();
    }

    #[test]
    fn no_tracks_in_a_file_harm_the_drive(
        tracks in any_tracks(),
        closed in any::<bool>(),
        actions in vec(any_action(), 1..12),
    ) {
        let mut bench = Bench::new(MediumKind::CdRw, BLOCKS);
        {
            let mut burner = lock(&bench.drive.burner);
            let loaded = burner.loaded.as_mut().unwrap();
            let mut disc = Disc { tracks, closed, ..loaded.disc.clone() };
            if let Some(last) = disc.tracks.last().filter(|_| !closed).cloned() {
                disc.tracks.push(Disc::blank_cd_track(BLOCKS, last.session, last.end()));
            }
            prop_assume!(disc.is_consistent());
            loaded.disc = disc;
        }
        bench.reopen();
        for action in &actions {
            bench.act(action);
            bench.check();
        }
        bench.reopen();
    }
}
