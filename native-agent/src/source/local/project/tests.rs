use std::time::{Duration, SystemTime};

use image_core::{Attributes, Details, HiddenIn, SourceId, UdfOptions, UdfRevision};

use super::*;

const MODIFIED: i64 = 1_600_000_000_123;

/// A folder with a project and the one file it is made of.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let photos = folder.path().join("photos/2026");
    fs::create_dir_all(&photos).unwrap();
    let file = fs::File::create(photos.join("a.jpg")).unwrap();
    file.set_len(5).unwrap();
    let modified = Duration::from_millis(MODIFIED.cast_unsigned());
    file.set_modified(SystemTime::UNIX_EPOCH + modified).unwrap();
    folder
}

fn text() -> String {
    r#"{ "format": "discwright-project", "version": 1, "kind": "data", "name": "P", "volumeId": "PHOTOS",
        "created": 1700000000000, "medium": "dvd",
        "fileSystems": { "iso9660": true, "joliet": false, "rockRidge": true, "udf": false },
        "options": { "isoLevel": 2 }, "entries": [
        { "path": "best", "kind": "directory" },
        { "path": "best/first.jpg", "kind": "file", "source": "photos/2026/a.jpg", "size": 5,
          "modified": 1600000000123 } ] }"#
        .to_owned()
}

fn read(folder: &Path, text: &str) -> Result<Project, ProjectError> {
    let path = folder.join("p.discwright");
    fs::write(&path, text).unwrap();
    Project::read(&path)
}

#[test]
fn a_project_says_what_is_on_the_disc_and_how() {
    let folder = folder();
    let project = read(folder.path(), &text()).unwrap();
    let options = project.image_options().unwrap();
    assert_eq!((options.volume_id.as_str(), options.iso9660.level), ("PHOTOS", IsoLevel::Two));
    assert_eq!(options.created.to_unix(), 1_700_000_000);
    assert!(options.file_systems.rock_ridge && !options.file_systems.udf);
    assert_eq!(options.layout.alignment, Medium::Dvd.options().layout.alignment);

    let Gathered { scan, redated } = project.gather(folder.path(), &[]).unwrap();
    let file = scan.tree.find("best/first.jpg").unwrap();
    assert_eq!(scan.tree.attributes(file).modified, Some(disc_time(MODIFIED)));
    assert_eq!(scan.files.path(SourceId(0)), folder.path().join("photos/2026/a.jpg"));
    assert_eq!(redated, 0);
}

/// The project with this said of its folder and of its file.
fn said(folder: &str, file: &str) -> String {
    text()
        .replace("\"directory\" }", &format!("\"directory\", \"details\": {{ {folder} }} }}"))
        .replace("0123 }", &format!("0123, \"details\": {{ {file} }} }}"))
}

#[test]
fn what_the_user_said_of_an_entry_counts() {
    let folder = folder();
    let said = said(
        r#""modified": 5000, "mode": 488, "uid": 4294967294, "hiddenIn": ["udf", "iso9660"]"#,
        r#""modified": 7000, "created": -1, "hidden": true, "mode": 0, "gid": 7, "weight": -3"#,
    );
    let gathered = read(folder.path(), &said).unwrap().gather(folder.path(), &[]).unwrap();
    let tree = gathered.scan.tree;
    let of = |path| {
        let node = tree.find(path).unwrap();
        (tree.attributes(node), tree.details(node).clone())
    };
    let (attributes, details) = of("best");
    let expected = Attributes {
        modified: Some(disc_time(5000)),
        mode: Some(0o750),
        uid: Some(u32::MAX - 1),
        gid: None,
    };
    assert_eq!(attributes, expected);
    let hidden_in = HiddenIn::ISO9660 | HiddenIn::UDF;
    assert_eq!(details, Details { hidden_in, ..Details::default() });
    let (attributes, details) = of("best/first.jpg");
    let expected =
        Attributes { modified: Some(disc_time(7000)), mode: Some(0), uid: None, gid: Some(7) };
    assert_eq!(attributes, expected);
    let created = Some(disc_time(-1));
    assert_eq!(details, Details { created, hidden: true, weight: -3, ..Details::default() });
}

#[test]
fn what_is_said_of_an_entry_is_of_the_details_known_and_in_their_range() {
    let folder = folder();
    for wrong in [
        r#""colour": 1"#,
        r#""mode": "rwx""#,
        r#""hidden": 1"#,
        r#""hiddenIn": ["rockRidge"]"#,
        r#""weight": 0.5"#,
    ] {
        let error = read(folder.path(), &said("", wrong)).unwrap_err();
        assert!(matches!(error, ProjectError::Damaged { .. }), "{wrong}: {error}");
        let source = core::error::Error::source(&error).unwrap().to_string();
        assert!(source.contains("line 7"), "{source}");
    }
    for (name, most) in [
        ("mode", 4095),
        ("uid", 4_294_967_294),
        ("gid", 4_294_967_294),
        ("weight", 2_147_483_647),
        ("created", 8_640_000_000_000_000),
        ("modified", 8_640_000_000_000_000_i64),
    ] {
        let least = if matches!(name, "mode" | "uid" | "gid") { 0 } else { -most };
        for value in [least, most] {
            read(folder.path(), &said(&format!("\"{name}\": {value}"), "")).unwrap();
        }
        for wrong in [least - 1, most + 1] {
            let error =
                read(folder.path(), &said("", &format!("\"{name}\": {wrong}"))).unwrap_err();
            let expected = format!("entries[1].details.{name}");
            assert!(
                matches!(&error, ProjectError::OutOfRange { at, value, .. } if *at == expected && *value == wrong),
                "{error}"
            );
        }
    }
}

#[test]
fn named_streams_are_files_of_their_own() {
    let folder = folder();
    fs::write(folder.path().join("note.txt"), "by me").unwrap();
    let stream = |name: &str, source: &str, size: u64| {
        format!(
            r#"{{ "name": "{name}", "source": "{source}", "size": {size}, "modified": 1600000000124 }}"#
        )
    };
    let (note, again) = (stream("note", "note.txt", 5), stream("photo", "photos/2026/a.jpg", 5));
    let streams = |list: &str| format!("\"streams\": [{list}]");
    let with_udf = |text: &str| text.replace("\"udf\": false", "\"udf\": true");
    let text = said(
        &streams(&note),
        &format!("\"hidden\": true, {}", streams(&[&*note, &again].join(","))),
    );
    let Gathered { scan, redated } =
        read(folder.path(), &with_udf(&text)).unwrap().gather(folder.path(), &[]).unwrap();
    assert_eq!(redated, 3, "each stream is of another time");
    let details = |path| scan.tree.details(scan.tree.find(path).unwrap());
    let [only] = &details("best").streams[..] else { panic!("one stream") };
    assert_eq!((only.name.as_str(), only.len), ("note", 5));
    assert_eq!(scan.files.path(only.source), folder.path().join("note.txt"));
    let [_, photo] = &details("best/first.jpg").streams[..] else { panic!("two streams") };
    assert_eq!(scan.files.path(photo.source), folder.path().join("photos/2026/a.jpg"));
    assert!(details("best/first.jpg").hidden);

    let refused =
        |text: &str| read(folder.path(), text).unwrap().gather(folder.path(), &[]).unwrap_err();
    let nowhere = refused(&text);
    assert!(
        matches!(&nowhere, ProjectError::StreamsWithoutUdf { path } if path == "best"),
        "{nowhere}"
    );
    let gone = refused(&with_udf(&text.replace("\"note.txt\"", "\"gone.txt\"")));
    assert!(matches!(&gone, ProjectError::Missing { path, .. } if path == "best:note"), "{gone}");
    let longer =
        refused(&with_udf(&text.replace("note.txt\", \"size\": 5", "note.txt\", \"size\": 4")));
    assert!(matches!(longer, ProjectError::Changed { size: 4, found: 5, .. }), "{longer}");
    let outside = refused(&with_udf(&text.replace("\"note.txt\"", "\"../note.txt\"")));
    assert!(matches!(outside, ProjectError::Outside { .. }), "{outside}");
    let unknown = read(folder.path(), &text.replace("\"name\": \"note\"", "\"title\": \"note\""));
    assert!(matches!(unknown.unwrap_err(), ProjectError::Damaged { .. }));
    let undated = read(folder.path(), &text.replace("1600000000124 },{", "9000000000000000 },{"));
    let Err(ProjectError::OutOfRange { at, .. }) = undated else { panic!("a time out of range") };
    assert_eq!(at, "entries[1].details.streams[0].modified");
}

#[test]
fn files_that_are_not_as_they_were_are_named() {
    let folder = folder();
    let gather = |text: &str| read(folder.path(), text).unwrap().gather(folder.path(), &[]);
    let missing = gather(&text().replace("2026/a.jpg", "2026/b.jpg")).unwrap_err();
    assert!(matches!(&missing, ProjectError::Missing { path, .. } if path == "best/first.jpg"));
    let changed = gather(&text().replace("\"size\": 5", "\"size\": 6")).unwrap_err();
    assert!(matches!(changed, ProjectError::Changed { size: 6, found: 5, .. }), "{changed}");
    let no_file = gather(&text().replace("photos/2026/a.jpg", "photos")).unwrap_err();
    assert!(matches!(no_file, ProjectError::NotAFile { .. }), "{no_file}");
    let redated = gather(&text().replace("1600000000123", "1600000000124")).unwrap();
    assert_eq!(redated.redated, 1);
    for outside in ["../a.jpg", "/etc/passwd", "photos//a.jpg"] {
        let error = gather(&text().replace("photos/2026/a.jpg", outside)).unwrap_err();
        assert!(matches!(error, ProjectError::Outside { .. }), "{error}");
    }
}

#[test]
fn the_revision_of_udf_is_that_of_the_medium_or_another() {
    let folder = folder();
    let revision = |options: &str| {
        let text = text().replace("\"isoLevel\": 2", options).replace("\"dvd\"", "\"bd\"");
        read(folder.path(), &text).unwrap().image_options().unwrap().udf
    };
    assert_eq!(revision("\"isoLevel\": 2").revision, UdfRevision::V2_50);
    let other = revision("\"isoLevel\": 2, \"udfRevision\": \"2.01\"");
    assert_eq!(other, UdfOptions::of(UdfRevision::V2_01));
}

#[test]
fn what_is_no_project_of_this_version_is_refused() {
    let folder = folder();
    let error = |text: &str| read(folder.path(), text).unwrap_err();
    assert!(matches!(error("{}"), ProjectError::NotAProject { .. }));
    assert!(matches!(error(&text()[..300]), ProjectError::Damaged { .. }));
    let newer = error(&text().replace("\"version\": 1", "\"version\": 2"));
    assert!(matches!(newer, ProjectError::Newer { version: 2, .. }), "{newer}");
    assert!(matches!(error(&text().replace("5,", "\"5\",")), ProjectError::Damaged { .. }));
    let undated = error(&text().replace("1700000000000", "9000000000000000"));
    assert!(matches!(undated, ProjectError::OutOfRange { .. }), "{undated}");

    let refused = |text: &str| read(folder.path(), text).unwrap().image_options().unwrap_err();
    let medium = refused(&text().replace("\"dvd\"", "\"floppy\""));
    assert!(matches!(medium, ProjectError::Unknown { what: "medium", .. }), "{medium}");
    let level = refused(&text().replace("isoLevel\": 2", "isoLevel\": 9"));
    assert!(matches!(level, ProjectError::Unknown { what: "options.isoLevel", .. }), "{level}");
    let revision =
        refused(&text().replace("isoLevel\": 2", "isoLevel\": 2, \"udfRevision\": \"3.00\""));
    assert!(
        matches!(revision, ProjectError::Unknown { what: "options.udfRevision", .. }),
        "{revision}"
    );
    let kind = refused(&text().replace("\"data\"", "\"image\""));
    assert!(matches!(kind, ProjectError::NotBuilt { .. }), "{kind}");
}

#[test]
fn a_kind_has_its_section() {
    let folder = folder();
    let complete = |text: &str| {
        let project = read(folder.path(), text).unwrap();
        let mut options = project.image_options().unwrap();
        let mut scan = project.gather(folder.path(), &[]).unwrap().scan;
        project.complete(&mut scan, &mut options).map(|()| options)
    };
    let video = |player: &str| {
        text().replace("\"kind\": \"data\"", &format!("\"kind\": \"video\", \"video\": {player}"))
    };
    let dvd = complete(&video("\"dvd\"")).unwrap();
    assert_eq!((dvd.video, dvd.udf.revision), (Some(VideoProfile::Dvd), UdfRevision::V1_02));
    let bd = complete(&video("\"bd\"")).unwrap();
    assert_eq!((bd.video, bd.udf.revision), (Some(VideoProfile::Bd), UdfRevision::V2_50));
    for kind in ["video", "bootable"] {
        let lacking = complete(&text().replace("\"data\"", &format!("\"{kind}\""))).unwrap_err();
        assert!(matches!(lacking, ProjectError::Lacking { .. }), "{lacking}");
    }
    let unknown = read(folder.path(), &video("\"vcd\"")).unwrap_err();
    assert!(matches!(unknown, ProjectError::Damaged { .. }), "{unknown}");
    assert_eq!(complete(&text()).unwrap().video, None);
}
