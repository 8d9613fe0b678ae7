//! GNU ddrescue goes on with a disc that discwright began to read, and discwright goes on with one that ddrescue began.

#![allow(clippy::unwrap_used, reason = "what fails here fails the test")]

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use native_agent::burn::{self, Options, ReadMap, ReadOptions, Reading};
use native_agent::scsi::{Data, ScsiError, Sense, Transport};
use native_agent::source::image_file::ImageFile;
use native_agent::virtual_drive::{self, MediumKind, VirtualDrive};
use tempfile::TempDir;
use tests::{image, packages, run};

const LIMIT: Duration = Duration::from_secs(120);
const BLOCK: usize = 2048;
/// A multiple of the ECC block, which a disc is filled up to.
const BLOCKS: usize = 2000;

/// A drive that cannot read these blocks.
struct Scratched {
    drive: VirtualDrive,
    bad: Vec<u32>,
}

impl Transport for Scratched {
    fn execute(
        &mut self,
        cdb: &[u8],
        data: Data<'_>,
        timeout: Duration,
    ) -> Result<usize, ScsiError> {
        if let [0x28, _, a, b, c, d, _, high, low, _] = *cdb {
            let first = u32::from_be_bytes([a, b, c, d]);
            let end = first + u32::from(u16::from_be_bytes([high, low]));
            if self.bad.iter().any(|bad| (first..end).contains(bad)) {
                return Err(ScsiError::Check(Sense::new(3, 0x11, 0)));
            }
        }
        self.drive.execute(cdb, data, timeout)
    }
}

struct Bench {
    folder: TempDir,
    content: Vec<u8>,
}

impl Bench {
    /// An image whose blocks all differ, as a file and on a disc.
    fn new() -> Self {
        packages::rescue().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let content: Vec<u8> =
            (0..BLOCKS * BLOCK).map(|at| (at / BLOCK * 7 + at % 251) as u8).collect();
        let bench = Self { folder, content };
        fs::write(bench.at("image"), &bench.content).unwrap();
        let disc = bench.at("disc.vdisc");
        virtual_drive::create(&disc, MediumKind::DvdPlusR, Some(4096)).unwrap();
        let mut source = ImageFile::open(&bench.at("image")).unwrap();
        let options = Options { close: true, check_pace: false, ..Options::default() };
        let cancel = AtomicBool::new(false);
        burn::run(&mut bench.drive(), &mut source, &options, &cancel, &mut |_| {}).unwrap();
        bench
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn drive(&self) -> VirtualDrive {
        VirtualDrive::open(&self.at("disc.vdisc")).unwrap()
    }

    /// Reads the disc as far as that is possible, into `out` and `map`.
    fn read_scratched(&self, bad: &[u32]) -> ReadMap {
        let mut drive = Scratched { drive: self.drive(), bad: bad.to_vec() };
        let mut reading = Reading::open(&mut drive, ReadOptions::default()).unwrap();
        let mut map = reading.new_map();
        let mut options = File::options();
        let mut file =
            options.read(true).write(true).create_new(true).open(self.at("out")).unwrap();
        let name = self.at("map");
        let save = &mut |_: &File, map: &ReadMap, at| fs::write(&name, map.to_mapfile(at));
        reading.run(&mut file, &mut map, save, &AtomicBool::new(false), &mut |_| {}).unwrap();
        map
    }

    fn block_of(&self, name: &str, block: usize) -> Vec<u8> {
        fs::read(self.at(name)).unwrap()[block * BLOCK..][..BLOCK].to_vec()
    }
}

fn ddrescue(folder: &Path, arguments: &[&str]) {
    let mut command = run::command("/usr/bin/ddrescue");
    command.current_dir(folder).args(["-q", "-b", "2048"]).args(arguments);
    let done = run::output(&mut command, LIMIT).unwrap();
    assert!(done.status.success(), "{arguments:?}: {}", done.stderr);
}

#[test]
fn ddrescue_goes_on_with_what_was_read() {
    let bench = Bench::new();
    let map = bench.read_scratched(&[0, 700, 701, 705, 1999]);
    assert_eq!(map.bad(), 5);
    // Another copy of the disc. Where the first was read it says something else, which nobody must take.
    let mut other = bench.content.clone();
    other[300 * BLOCK..301 * BLOCK].fill(0xee);
    fs::write(bench.at("image"), &other).unwrap();
    let mut log = run::command("/usr/bin/ddrescuelog");
    log.current_dir(bench.folder.path()).args(["-b", "2048", "--list-blocks=-", "map"]);
    let listed = run::output(&mut log, LIMIT).unwrap();
    assert_eq!(listed.text(), "0\n700\n701\n705\n1999\n", "{}", listed.stderr);

    // Without a pass for retries it has nothing to do.
    ddrescue(bench.folder.path(), &["image", "out", "map"]);
    assert!(bench.block_of("out", 700).iter().all(|byte| *byte == 0));
    ddrescue(bench.folder.path(), &["-r", "1", "image", "out", "map"]);
    assert!(fs::read(bench.at("out")).unwrap() == bench.content);
    let map = ReadMap::from_mapfile(&fs::read_to_string(bench.at("map")).unwrap()).unwrap();
    assert!(map.is_complete());
}

#[test]
fn what_ddrescue_read_is_gone_on_with() {
    let bench = Bench::new();
    let folder = bench.folder.path();
    // A rehearsal of errors: only what is finished in this map can be read. One hole ends within a block.
    let hole = format!("0 +\n0 {0} +\n{0} 5000 -\n{1} {2} +\n", 400 * BLOCK, 400 * BLOCK + 5000, {
        BLOCKS * BLOCK - 400 * BLOCK - 5000
    });
    fs::write(bench.at("holes"), hole).unwrap();
    let mut command = run::command("/usr/bin/ddrescue");
    command.current_dir(folder).args(["-q", "--test-mode=holes", "--size=3000000"]);
    let done = run::output(command.args(["image", "out.iso", "out.iso.map"]), LIMIT).unwrap();
    assert!(done.status.success(), "{}", done.stderr);
    let left = fs::read(bench.at("out.iso")).unwrap();
    assert!(left[400 * BLOCK..401 * BLOCK].iter().all(|byte| *byte == 0), "ddrescue missed it");

    let mut read = image::discwright().unwrap();
    read.current_dir(folder).args(["read", "virtual:disc.vdisc", "-o", "out.iso", "--json"]);
    let done = run::output(&mut read, LIMIT).unwrap();
    assert!(done.status.success(), "{}", done.stderr);
    assert!(fs::read(bench.at("out.iso")).unwrap() == bench.content);
    assert!(!bench.at("out.iso.map").exists(), "nothing is missing any more");
}

/// Ctrl-C leaves what was read and a map of it; the same command goes on there.
#[cfg(unix)]
#[test]
fn a_reading_that_is_interrupted_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let discwright = |arguments: &[&str]| {
        let mut command = image::discwright().unwrap();
        command.current_dir(folder.path()).args(arguments);
        command
    };
    let create = ["virtual", "create", "--media", "dvd-ram", "--capacity", "400000", "a.vdisc"];
    assert!(run::output(&mut discwright(&create), LIMIT).unwrap().status.success());
    let read = ["read", "virtual:a.vdisc", "--whole", "-o", "out.iso"];
    let mut reading = discwright(&read).stderr(std::process::Stdio::null()).spawn().unwrap();
    while !at("out.iso.part").exists() {
        std::thread::sleep(Duration::from_millis(5));
    }
    std::thread::sleep(Duration::from_millis(300));
    let mut kill = run::command("kill");
    run::output(kill.args(["-INT", &reading.id().to_string()]), LIMIT).unwrap();
    assert_eq!(reading.wait().unwrap().code(), Some(1));
    assert!(!at("out.iso").exists(), "it has its name only at the end");

    let map = ReadMap::from_mapfile(&fs::read_to_string(at("out.iso.map")).unwrap()).unwrap();
    let [read_before, rest] = map.runs() else { panic!("{:?}", map.runs()) };
    assert!(read_before.blocks() > 64 && rest.blocks() > 64, "{:?}", map.runs());
    // A mark where nobody looks again shows that nothing is read twice.
    let mut part = fs::read(at("out.iso.part")).unwrap();
    let mark = (read_before.end as usize - 1) * BLOCK;
    part[mark] = 0x55;
    fs::write(at("out.iso.part"), &part).unwrap();
    let done = run::output(&mut discwright(&read), LIMIT).unwrap();
    assert!(done.status.success(), "{}", done.stderr);
    assert!(fs::read(at("out.iso")).unwrap() == part);
    assert!(!at("out.iso.part").exists() && !at("out.iso.map").exists());
}
