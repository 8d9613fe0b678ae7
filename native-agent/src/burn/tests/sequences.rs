//! The commands each medium is burned with, as text that can be held against the model sequences of MMC-6.

use super::*;

/// What goes over the wire from locking the tray on, for an image of 40 blocks.
fn sequence(kind: MediumKind, options: &Options) -> String {
    let bench = Bench::new(kind, 1600);
    record(&bench, &Memory::new(40), options)
}

fn record(bench: &Bench, image: &Memory, options: &Options) -> String {
    let mut pair = Pair::new(bench, options, image, Recording::new);
    pair.drive_to_end().unwrap();
    pair.drive.text()
}

#[test]
fn probe_of_a_blank_dvd_plus_r() {
    let bench = Bench::new(MediumKind::DvdPlusR, 1600);
    let mut drive = Recording::new(bench.drive());
    mmc::probe(&mut drive).unwrap();
    insta::assert_snapshot!(drive.text());
}

#[test]
fn bd_re_unformatted() {
    insta::assert_snapshot!(sequence(MediumKind::BdRe, &options()));
}

#[test]
fn bd_re_formatted() {
    let bench = Bench::new(MediumKind::BdRe, 1600);
    bench.burn(&mut Memory::new(1), &options()).unwrap();
    insta::assert_snapshot!(record(&bench, &Memory::new(40), &options()));
}

#[test]
fn dvd_plus_r_left_open() {
    insta::assert_snapshot!(sequence(MediumKind::DvdPlusR, &options()));
}

#[test]
fn dvd_plus_r_closed() {
    insta::assert_snapshot!(sequence(MediumKind::DvdPlusR, &Options { close: true, ..options() }));
}

#[test]
fn dvd_plus_r_second_session() {
    let bench = Bench::new(MediumKind::DvdPlusR, 48_000);
    bench.burn(&mut Memory::new(40), &options()).unwrap();
    insta::assert_snapshot!(record(&bench, &Memory::new(40), &options()));
}

#[test]
fn bd_r_closed() {
    insta::assert_snapshot!(sequence(MediumKind::BdR, &Options { close: true, ..options() }));
}

#[test]
fn dvd_plus_rw_new() {
    insta::assert_snapshot!(sequence(MediumKind::DvdPlusRw, &options()));
}

#[test]
fn dvd_ram_at_a_chosen_speed() {
    insta::assert_snapshot!(sequence(
        MediumKind::DvdRam,
        &Options { speed: Some(3.0), ..options() }
    ));
}

#[test]
fn dvd_plus_rw_growing() {
    let bench = Bench::new(MediumKind::DvdPlusRw, 1600);
    bench.burn(&mut Memory::new(60), &options()).unwrap();
    insta::assert_snapshot!(record(&bench, &Memory::behind(40), &options()));
}

#[test]
fn dvd_r_incremental() {
    insta::assert_snapshot!(sequence(MediumKind::DvdR, &options()));
}

#[test]
fn dvd_rw_incremental() {
    insta::assert_snapshot!(sequence(MediumKind::DvdRw, &options()));
}

#[test]
fn dvd_rw_at_once_because_it_was_blanked_minimally() {
    let bench = dvd_rw::prepared(1600, &[mmc::blank(mmc::BlankKind::Minimal)]);
    insta::assert_snapshot!(record(&bench, &Memory::new(40), &options()));
}

#[test]
fn dvd_rw_overwrite_grown() {
    let format = dvd_rw::format(mmc::format_kind::DVD_RW_FULL, 16);
    let bench = dvd_rw::prepared(1600, &[format]);
    insta::assert_snapshot!(record(&bench, &Memory::new(40), &options()));
}

#[test]
fn probe_of_a_blank_cd_r() {
    let bench = Bench::new(MediumKind::CdR, 16_000);
    let mut drive = Recording::new(bench.drive());
    mmc::probe(&mut drive).unwrap();
    insta::assert_snapshot!(drive.text());
}

#[test]
fn cd_r_track_at_once_left_open() {
    insta::assert_snapshot!(sequence(MediumKind::CdR, &options()));
}

#[test]
fn cd_r_track_at_once_closed() {
    let options = Options { close: true, write_mode: WriteMode::TrackAtOnce, ..options() };
    insta::assert_snapshot!(sequence(MediumKind::CdR, &options));
}

#[test]
fn cd_r_session_at_once_closed() {
    insta::assert_snapshot!(sequence(MediumKind::CdR, &Options { close: true, ..options() }));
}

#[test]
fn cd_rw_second_session() {
    let bench = Bench::new(MediumKind::CdRw, 48_000);
    bench.burn(&mut Memory::new(40), &options()).unwrap();
    insta::assert_snapshot!(record(&bench, &Memory::new(40), &options()));
}

#[test]
fn cd_r_second_session_at_once() {
    let bench = Bench::new(MediumKind::CdR, 48_000);
    let options = Options { write_mode: WriteMode::SessionAtOnce, ..options() };
    bench.burn(&mut Memory::new(400), &options).unwrap();
    insta::assert_snapshot!(record(&bench, &Memory::new(40), &options));
}

#[test]
fn cd_r_track_at_once_simulated() {
    insta::assert_snapshot!(sequence(MediumKind::CdR, &Options { simulate: true, ..options() }));
}

#[test]
fn cd_r_session_at_once_simulated() {
    let options = Options { simulate: true, close: true, ..options() };
    insta::assert_snapshot!(sequence(MediumKind::CdR, &options));
}

#[test]
fn cd_r_raw() {
    let options = Options { close: true, write_mode: WriteMode::Raw, ..options() };
    insta::assert_snapshot!(condensed(&sequence(MediumKind::CdR, &options)));
}

/// Of WRITEs that differ by nothing but their addresses, which follow each other, the first and the last; the image begins anew.
fn condensed(text: &str) -> String {
    let what = |line: &str| line.get(30..).unwrap_or_default().to_owned();
    let lines: Vec<&str> = text.lines().collect();
    let alike = |a: &&str, b: &&str| {
        a.starts_with("2a") && what(a) == what(b) && !b.starts_with("2a 00 00 00 00 00")
    };
    let mut short = String::new();
    for run in lines.chunk_by(alike) {
        match run {
            [first, .., last] if run.len() > 3 => {
                short += &format!("{first}\n  ({} more)\n{last}\n", run.len() - 2);
            }
            _ => short.extend(run.iter().map(|line| format!("{line}\n"))),
        }
    }
    short
}
