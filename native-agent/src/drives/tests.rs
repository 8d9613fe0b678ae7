//! The registry over virtual drives and a made-up sysfs.

use core::time::Duration;
use std::{
    fs,
    path::{Path, PathBuf},
};

use tempfile::TempDir;

use super::{enumerate::Lister, *};
use crate::{
    scsi::{Data, Transport, transport::DeviceEvent},
    virtual_drive::{self, DriveOptions, MediumKind},
};

struct Bench {
    registry: Registry,
    dir: TempDir,
}

impl Bench {
    /// Virtual drives of these names, each with a small DVD+R, and no real drive.
    fn new(names: &[&str]) -> Self {
        let dir = TempDir::new().unwrap();
        let files: Vec<PathBuf> =
            names.iter().map(|name| dir.path().join(format!("{name}.vdisc"))).collect();
        for file in &files {
            virtual_drive::create(file, MediumKind::DvdPlusR, Some(4096)).unwrap();
        }
        let drives = files.into_iter().map(|file| (file, DriveOptions::default())).collect();
        let sysfs = dir.path().join("sysfs");
        fs::create_dir(&sysfs).unwrap();
        Self { registry: Registry::with_lister(listing(sysfs), drives), dir }
    }

    fn states(&self) -> Vec<(String, DriveState)> {
        self.registry.drives().into_iter().map(|drive| (drive.id, drive.state)).collect()
    }
}

/// A device in `/dev` for each entry of a folder.
fn listing(folder: PathBuf) -> Lister {
    let device = |entry: fs::DirEntry| Path::new("/dev").join(entry.file_name());
    Lister::of(move || fs::read_dir(&folder).into_iter().flatten().flatten().map(device).collect())
}

#[test]
fn drives_are_seen_with_their_media() {
    let bench = Bench::new(&["a", "b"]);
    bench.registry.poll();
    let drive = bench.registry.drive("virtual-a").unwrap();
    assert_eq!((drive.vendor.as_str(), drive.state), ("DISCWRT", DriveState::Ready));
    assert!(drive.is_virtual && drive.problem.is_none());
    let medium = drive.medium.unwrap();
    assert_eq!((medium.kind.as_str(), medium.status.as_str()), ("dvd+r", "blank"));
    assert_eq!((medium.free_blocks, medium.writable), (4096, true));
    assert!(matches!(bench.registry.drive("sr0"), Err(DriveError::NotFound(_))));
    let json = serde_json::to_value(bench.registry.drive("virtual-b").unwrap()).unwrap();
    assert_eq!(json["virtual"], true);
    assert_eq!(json["medium"]["capacityBlocks"], 4096);
    assert_eq!(json["medium"]["writeSpeeds"][0]["kbPerSecond"], 22160);
    assert_eq!(json["leasedBy"], serde_json::Value::Null);
}

#[test]
fn drives_of_one_name_get_ids_of_their_own() {
    let dir = TempDir::new().unwrap();
    let files = ["x/a.vdisc", "y/a.vdisc"].map(|name| dir.path().join(name));
    let drives = files.map(|file| (file, DriveOptions::default())).to_vec();
    let registry = Registry::with_lister(Lister::of(Vec::new), drives);
    registry.poll();
    let drives = registry.drives();
    let ids: Vec<_> = drives.iter().map(|drive| drive.id.as_str()).collect();
    assert_eq!(ids, ["virtual-a", "virtual-a-2"]);
    let problem = drives[0].problem.as_ref().unwrap();
    assert_eq!((drives[0].state, problem.code.as_str()), (DriveState::Unavailable, "discUnusable"));
}

#[test]
fn one_job_at_a_time_has_a_drive() {
    let bench = Bench::new(&["a"]);
    let open = bench.registry.open("virtual-a", None).unwrap();
    let refused = bench.registry.open("virtual-a", None).unwrap_err();
    assert!(matches!(&refused, DriveError::Busy(id) if id == "virtual-a"));
    assert_eq!(refused.problem().code, "driveTaken");
    bench.registry.poll();
    assert_eq!(bench.states(), [("virtual-a".to_owned(), DriveState::Busy)]);
    drop(open);
    assert!(bench.registry.open("virtual-a", None).is_ok());
}

#[test]
fn a_drive_that_was_used_and_is_as_it_was_is_told_of() {
    let bench = Bench::new(&["a"]);
    bench.registry.poll();
    let mut changes = bench.registry.subscribe();
    drop(bench.registry.open("virtual-a", None).unwrap());
    let states = [(); 2].map(|()| match changes.try_recv().unwrap() {
        DriveChange::Changed(drive) => drive.state,
        DriveChange::Gone(id) => panic!("{id} is gone"),
    });
    assert_eq!(states, [DriveState::Busy, DriveState::Ready]);
}

#[test]
fn a_lease_keeps_others_out() {
    let bench = Bench::new(&["a"]);
    let registry = &bench.registry;
    let mut changes = registry.subscribe();
    let lease = registry.acquire("virtual-a", None, "one page").unwrap();
    let told = changes.try_recv().unwrap();
    assert!(
        matches!(told, DriveChange::Changed(drive) if drive.leased_by.as_deref() == Some("one page"))
    );
    for other in [None, Some("wrong")] {
        assert!(matches!(registry.open("virtual-a", other), Err(DriveError::Taken { .. })));
        assert!(matches!(
            registry.acquire("virtual-a", other, "another page"),
            Err(DriveError::Taken { holder, .. }) if holder == "one page"
        ));
    }
    registry.open("virtual-a", Some(&lease)).unwrap();
    registry.renew("virtual-a", &lease).unwrap();
    let next = registry.acquire("virtual-a", Some(&lease), "one page").unwrap();
    assert!(matches!(registry.renew("virtual-a", &lease), Err(DriveError::LeaseLost(_))));
    assert!(matches!(registry.release("virtual-a", &lease), Err(DriveError::LeaseLost(_))));
    registry.release("virtual-a", &next).unwrap();
    registry.open("virtual-a", None).unwrap();
}

#[test]
fn the_tray_stays_where_it_was_put() {
    let bench = Bench::new(&["a"]);
    bench.registry.poll();
    bench.registry.eject("virtual-a", None).unwrap();
    for _ in 0..2 {
        assert_eq!(bench.states(), [("virtual-a".to_owned(), DriveState::NoMedium)]);
        bench.registry.poll();
    }
    // The disc lies free: another program may take it.
    let file = bench.dir.path().join("a.vdisc");
    drop(virtual_drive::VirtualDrive::open(&file).unwrap());
    bench.registry.load("virtual-a", None).unwrap();
    assert_eq!(bench.states(), [("virtual-a".to_owned(), DriveState::Ready)]);
}

#[test]
fn a_locked_tray_is_an_error_with_its_sense() {
    let bench = Bench::new(&["a"]);
    let mut open = bench.registry.open("virtual-a", None).unwrap();
    for expected in [false, true] {
        let lock = open.execute(&[0x1e, 0, 0, 0, 1, 0], Data::None, Duration::ZERO);
        assert_eq!(lock.is_ok(), expected, "unit attention comes first");
    }
    let eject = open.execute(&[0x1b, 0, 0, 0, 2, 0], Data::None, Duration::ZERO);
    let source = eject.unwrap_err();
    let error = DriveError::Tray { drive: "virtual-a".to_owned(), action: "open", source };
    let sense = error.problem().sense.unwrap();
    assert_eq!((sense.key, sense.asc, sense.ascq), (5, 0x53, 0x02));
}

#[test]
fn changes_by_others_are_told() {
    let bench = Bench::new(&["a"]);
    bench.registry.poll();
    let mut changes = bench.registry.subscribe();
    bench.registry.poll();
    assert!(changes.try_recv().is_err(), "nothing happened");
    let file = bench.dir.path().join("a.vdisc");
    let held = virtual_drive::VirtualDrive::open(&file).unwrap();
    fs::File::options()
        .write(true)
        .open(&file)
        .unwrap()
        .set_modified(std::time::UNIX_EPOCH)
        .unwrap();
    bench.registry.poll();
    let told = changes.try_recv().unwrap();
    assert!(matches!(told, DriveChange::Changed(drive) if drive.state == DriveState::Busy));
    drop(held);
    bench.registry.poll();
    let told = changes.try_recv().unwrap();
    assert!(matches!(told, DriveChange::Changed(drive) if drive.state == DriveState::Ready));
}

#[test]
fn devices_come_and_go() {
    let bench = Bench::new(&[]);
    let device = bench.dir.path().join("sysfs/sr98");
    fs::create_dir(&device).unwrap();
    let mut changes = bench.registry.subscribe();
    bench.registry.poll();
    let told = changes.try_recv().unwrap();
    assert!(matches!(told, DriveChange::Changed(drive)
        if drive.id == "sr98" && drive.state == DriveState::Unavailable && drive.problem.is_some()));
    fs::remove_dir(&device).unwrap();
    bench.registry.poll();
    assert_eq!(changes.try_recv(), Ok(DriveChange::Gone("sr98".to_owned())));
}

#[test]
fn the_watch_looks_when_a_job_is_done() {
    let bench = Bench::new(&["a"]);
    bench.registry.poll();
    let mut changes = bench.registry.subscribe();
    let watch = bench.registry.watch(Duration::from_secs(3600));
    let mut open = bench.registry.open("virtual-a", None).unwrap();
    let _attention = open.execute(&[0; 6], Data::None, Duration::ZERO);
    open.execute(&[0x1b, 0, 0, 0, 2, 0], Data::None, Duration::ZERO).unwrap();
    drop(open);
    let empty = loop {
        match changes.blocking_recv().unwrap() {
            DriveChange::Changed(drive) if drive.state == DriveState::NoMedium => break drive,
            _ => {}
        }
    };
    assert_eq!((empty.id.as_str(), empty.medium), ("virtual-a", None));
    drop(watch);
}

#[test]
fn what_the_system_tells_is_looked_at_at_once() {
    let bench = Bench::new(&[]);
    let device = bench.dir.path().join("sysfs/sr98");
    let mut changes = bench.registry.subscribe();
    let _watch = bench.registry.watch(Duration::from_secs(3600));
    fs::create_dir(&device).unwrap();
    bench.registry.shared.wake(&DeviceEvent::Drives);
    let told = changes.blocking_recv().unwrap();
    assert!(matches!(told, DriveChange::Changed(drive) if drive.id == "sr98"));
    fs::remove_dir(&device).unwrap();
    bench.registry.shared.wake(&DeviceEvent::Medium("/dev/sr98".into()));
    assert_eq!(changes.blocking_recv(), Ok(DriveChange::Gone("sr98".to_owned())));
}

/// The program in one JSON value, as `info --json` prints it.
fn in_full(kind: MediumKind, image: Option<usize>) -> serde_json::Value {
    let dir = TempDir::new().unwrap();
    let file = dir.path().join("a.vdisc");
    virtual_drive::create(&file, kind, Some(1600)).unwrap();
    if let Some(blocks) = image {
        fs::write(dir.path().join("image"), vec![7; blocks * 2048]).unwrap();
        let mut source =
            crate::source::image_file::ImageFile::open(&dir.path().join("image")).unwrap();
        let options = crate::burn::Options { check_pace: false, ..Default::default() };
        let mut drive = virtual_drive::VirtualDrive::open(&file).unwrap();
        let cancel = core::sync::atomic::AtomicBool::new(false);
        crate::burn::run(&mut drive, &mut source, &options, &cancel, &mut |_| {}).unwrap();
    }
    let location = Location::Virtual(file, DriveOptions::default());
    let drive = Drive::look("virtual-a", &location);
    serde_json::to_value(DriveInFull::from(drive)).unwrap()
}

#[test]
fn each_fact_is_where_the_table_says() {
    let table = include_str!("../../../docs/facts.md");
    let full = in_full(MediumKind::DvdPlusR, Some(40));
    let mut pointers = 0;
    for row in table.lines().filter(|line| line.starts_with("| `") || line.starts_with("| formats"))
    {
        let place = row.split('|').nth(2).unwrap();
        for pointer in place.split('`').filter(|word| word.starts_with('/') && *word != "/problem")
        {
            assert!(full.pointer(pointer).is_some(), "{pointer} in {full:#}");
            pointers += 1;
        }
    }
    assert!(pointers > 40, "{pointers}");
}

#[test]
fn discs_tell_how_empty_they_are_and_what_is_on_them() {
    let blank = in_full(MediumKind::DvdPlusR, None);
    assert_eq!(blank["details"]["medium"]["physicallyBlank"], true);
    assert_eq!(blank["details"]["medium"]["looksEmpty"], serde_json::Value::Null);
    assert_eq!(blank["details"]["medium"]["lastSession"], serde_json::Value::Null);
    let written = in_full(MediumKind::DvdPlusR, Some(40));
    let details = &written["details"]["medium"];
    assert_eq!(details["physicallyBlank"], false);
    assert_eq!(details["lastSession"], serde_json::json!({ "number": 1, "first": 0, "last": 47 }));
    assert_eq!(details["tracks"][0]["data"], true);
    assert_eq!(details["writeUnit"], 16);
    assert_eq!(details["writeModes"], serde_json::json!([]));
    for (image, modes) in [(None, &["tao", "sao", "raw"][..]), (Some(40), &["tao"])] {
        let cd = in_full(MediumKind::CdR, image);
        assert_eq!(cd["details"]["medium"]["writeModes"], serde_json::json!(modes), "{cd:#}");
    }
    for (image, empty) in [(None, true), (Some(40), false)] {
        let ram = in_full(MediumKind::DvdRam, image);
        assert_eq!(ram["details"]["medium"]["looksEmpty"], empty, "{ram:#}");
        assert_eq!(ram["details"]["medium"]["formats"][0]["kind"], 0);
    }
    let current = |full: &serde_json::Value| {
        let profiles = full["details"]["profiles"].as_array().unwrap();
        let current = profiles.iter().filter(|profile| profile["current"] == true);
        current.map(|profile| profile["name"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(current(&blank), ["DVD+R"]);
}
