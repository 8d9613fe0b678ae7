//! DVD-Video: what all players of computers read discs with finds the titles, and every byte of them, in an image.

use std::fs;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::Path;

use tests::oracle::{View, listing};
use tests::{cache, packages, run};

use super::{LIMIT, build, says};

/// Two titles of four seconds, as a program for films leaves them.
fn make_disc(scratch: &Path) {
    let film = scratch.join("film.mpg");
    let sources = ["-f", "lavfi", "-i", "testsrc=size=720x576:rate=25", "-f", "lavfi", "-i"];
    let sound = ["anullsrc=r=48000", "-t", "4", "-target", "pal-dvd"];
    let mut ffmpeg = run::command("ffmpeg");
    ffmpeg.args(["-loglevel", "error"]).args(sources).args(sound).arg(&film);
    let done = run::output(&mut ffmpeg, LIMIT).unwrap();
    assert!(done.status.success(), "{}", done.stderr);
    for what in [["-t", "film.mpg"].as_slice(), &["-t", "film.mpg"], &["-T"]] {
        let mut dvdauthor = run::command("dvdauthor");
        dvdauthor.args(["-o", "disc"]).args(what).env("VIDEO_FORMAT", "PAL").current_dir(scratch);
        let done = run::output(&mut dvdauthor, LIMIT).unwrap();
        assert!(done.status.success(), "{}", done.stderr);
    }
}

/// What libdvdread finds of titles, streams and chapters.
fn titles(disc: &Path) -> String {
    let said = says("lsdvd", &["-x", "-Ox", disc.to_str().unwrap()]);
    let (_, from_tracks) = said.split_once("<track>").unwrap_or_else(|| panic!("{said}"));
    from_tracks.split("</lsdvd>").next().unwrap().to_owned()
}

/// Where the titles in an image say that their title sets begin (TT_SRPT), and where isoinfo finds these.
fn starts_of_titles(image: &Path) -> Vec<(u64, u64)> {
    let (records, _) = listing(image, View::Plain).unwrap();
    let at = |name: &str| {
        let name = format!("{name};1");
        records.iter().find(|record| record.name == name).unwrap().extent
    };
    let manager = at("VIDEO_TS.IFO");
    let mut bytes = fs::File::open(image).unwrap();
    let mut read = |sector: u64| {
        let mut sectors = [0; 2048];
        bytes.seek(SeekFrom::Start(sector * 2048)).unwrap();
        bytes.read_exact(&mut sectors).unwrap();
        sectors
    };
    let number = |bytes: &[u8], at: usize| {
        u64::from(u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap()))
    };
    let sector = number(&read(manager), 196);
    let table = read(manager + sector);
    let titles = table[8..].chunks_exact(12).take(table[1].into());
    let start =
        |title: &[u8]| (manager + number(title, 8), at(&format!("VTS_{:02}_0.IFO", title[6])));
    titles.map(start).collect()
}

#[test]
fn players_find_a_dvd_as_it_was_made() {
    packages::video().unwrap();
    let scratch = cache::scratch().unwrap();
    let (disc, image) = (scratch.path().join("disc"), scratch.path().join("out.iso"));
    make_disc(scratch.path());
    build(&disc, &image, &["--video", "dvd"]);

    let starts = starts_of_titles(&image);
    assert_eq!(starts.len(), 2);
    assert!(starts.iter().all(|(said, found)| said == found), "{starts:?}");

    let found = titles(&image);
    assert_eq!(found.matches("<length>4.000</length>").count(), 6, "{found}");
    assert_eq!(found, titles(&disc));

    let copy = scratch.path().join("copy");
    let arguments = ["-M", "-n", "disc", "-i", image.to_str().unwrap(), "-o"];
    says("dvdbackup", &[arguments.as_slice(), &[copy.to_str().unwrap()]].concat());
    let mut files = 0;
    for entry in fs::read_dir(disc.join("VIDEO_TS")).unwrap() {
        let path = entry.unwrap().path();
        let copied = copy.join("disc/VIDEO_TS").join(path.file_name().unwrap());
        assert!(fs::read(&path).unwrap() == fs::read(copied).unwrap(), "{}", path.display());
        files += 1;
    }
    assert_eq!(files, 8);
}
