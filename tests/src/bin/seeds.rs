//! Writes what the fuzzer begins with: small images by this library and by other programs, and a few texts.
//!
//! `seeds FOLDER` fills `FOLDER/TARGET/` for each target; see `cargo xtask fuzz`.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use image_core::boot::{
    BootEntry, BootImage, BootSection, ElTorito, Hybrid, PartitionTable, Platform,
};
use image_core::{Attributes, FileSystems, IsoLevel, Options, SourceId, Tree};
use native_agent::virtual_drive::{self, MEDIA, MediumType};
use tests::cache;
use tests::fuzz::{round_trip, sparse::sparse};
use tests::run::{command, output, tail};

const READERS: [&str; 3] = ["read_iso", "read_udf", "import"];

fn main() -> Result<()> {
    let folder = PathBuf::from(std::env::args_os().nth(1).context("usage: seeds FOLDER")?);
    for (name, image) in ours()? {
        write_image(&folder, &name, &image)?;
    }
    // Programs that are not there leave fewer seeds, not none.
    for (name, image) in [("genisoimage", genisoimage()), ("xorriso", xorriso())] {
        write_found(&folder, name, image)?;
    }
    for (media, revisions) in FORMATS {
        for revision in revisions {
            let name = format!("mkudffs-{revision}-{media}");
            write_found(&folder, &name, mkudffs(revision, media))?;
        }
    }
    for (name, image) in bootable()? {
        // Every sum is to be put right once the rest was changed.
        write(&folder, "boot", &name, &[&[7], sparse(&image).as_slice()].concat())?;
    }
    for medium in MEDIA {
        write(&folder, "disc_file", medium.name, &disc_file(medium)?)?;
    }
    for (target, name, text) in TEXTS {
        write(&folder, target, name, text.as_bytes())?;
    }
    Ok(())
}

/// What mkudffs can make: a medium, and revisions of UDF for it.
const FORMATS: [(&str, &[&str]); 4] = [
    ("hd", &["0x0102", "0x0150", "0x0200", "0x0201"]),
    ("cdr", &["0x0150", "0x0200", "0x0250", "0x0260"]),
    ("cdrw", &["0x0150", "0x0201"]),
    ("bdr", &["0x0250", "0x0260"]),
];

const TEXTS: [(&str, &str, &str); 6] = [
    ("cs0", "narrow", "\x08caf\u{e9}"),
    ("cs0", "wide", "\x10\0a\u{1f600}"),
    (
        "names",
        "collisions",
        "\0a.txt\nA.TXT\na;txt\nA_TXT\nfolder.d\r\nFOLDER_D\r\nx.tar.gz\nx.tar.bz",
    ),
    (
        "names",
        "unicode",
        "\x01\u{65e5}\u{672c}\u{8a9e}.txt\n\u{1f600}\ne\u{301}\n\u{e9}\nfolder/\u{1f600}.",
    ),
    (
        "names",
        "long",
        "\x02same start same start same start same start same start same start 1\nsame start same start same start same start same start same start 2",
    ),
    (
        "tree_to_image_to_tree",
        "few",
        "\0\x02\0\x05label\0\0\0\0\0\0\0\x20\x01\x02\x10\x02\x03\x22\x04\x05\x06\x20\x03",
    ),
];

/// Every mix of file systems that the library writes, of one tree with everything in it.
fn ours() -> Result<Vec<(String, Vec<u8>)>> {
    let mut made = Vec::new();
    for bits in [0b0001_u8, 0b0011, 0b0101, 0b0111, 0b1000, 0b1001, 0b1111] {
        let has = |bit: u8| bits & bit != 0;
        let mut options = Options {
            file_systems: FileSystems {
                iso9660: has(1),
                joliet: has(2),
                rock_ridge: has(4),
                udf: has(8),
            },
            ..Options::default()
        };
        options.iso9660.level = IsoLevel::Three;
        options.layout.padding_blocks = 0;
        options.layout.length_multiple = 1;
        let plan = image_core::plan(tree()?, &options)?;
        made.push((format!("ours-{bits:04b}"), round_trip::read_at(&plan, 0, plan.size_blocks())));
    }
    Ok(made)
}

/// Every kind of partition table, with images for a BIOS and for UEFI.
fn bootable() -> Result<Vec<(String, Vec<u8>)>> {
    let unnamed = |source| BootImage::Unnamed(round_trip::content(SourceId(source), 3000).into());
    let mut made = Vec::new();
    for table in [PartitionTable::Mbr, PartitionTable::Gpt, PartitionTable::Both] {
        let mut catalog = ElTorito::new(Platform::BIOS, BootEntry::new(unnamed(90)));
        catalog.initial.info_table = true;
        let entry = BootEntry::new(unnamed(91));
        catalog.sections.push(BootSection::of(Platform::UEFI, entry));
        let mut options = Options::default();
        options.file_systems = FileSystems { udf: false, ..options.file_systems };
        options.boot.el_torito = Some(catalog);
        options.boot.hybrid = Some(Hybrid::new(table));
        let plan = image_core::plan(Tree::new(), &options)?;
        let image = round_trip::read_at(&plan, 0, plan.size_blocks());
        made.push((format!("{table:?}").to_lowercase(), image));
    }
    Ok(made)
}

/// The header of a small disc in the form that the target takes, and commands to it.
fn disc_file(medium: &MediumType) -> Result<Vec<u8>> {
    /// Where a file has the header, and in it the text and its length.
    const HEADER: usize = 512 << 10;
    const TEXT: usize = 56;
    let scratch = cache::scratch()?;
    let file = scratch.path().join("disc");
    let blocks = 16 * medium.write_unit;
    virtual_drive::create(&file, medium.kind, Some(blocks))?;
    let bytes = fs::read(&file)?;
    let header = bytes.get(HEADER..).context("no header")?;
    let len = header.get(12..14).context("no length")?;
    let end = TEXT + usize::from(u16::from_le_bytes([len[0], len[1]]));
    // The second header alone; version and generation.
    let mut seed = vec![1, 1, 1];
    seed.extend_from_slice(len);
    seed.extend_from_slice(header.get(TEXT..end).context("no text")?);
    seed.extend_from_slice(&(blocks * 2048).to_le_bytes()[..3]);
    // WRITE(10) of a block, SYNCHRONIZE CACHE, READ DISC INFORMATION.
    seed.extend_from_slice(&[2, 9, 0, 0, 0, 0, 0, 0, 0, 1, 0, 255]);
    seed.extend_from_slice(&[0x77; 64]);
    seed.extend_from_slice(&[0, 13, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    seed.extend_from_slice(&[1, 17, 0, 0, 0, 0, 0, 0, 0, 34, 0, 34]);
    Ok(seed)
}

fn tree() -> Result<Tree> {
    let mut tree = Tree::new();
    let plain = Attributes::default();
    for (source, (path, len)) in (0..).zip([
        ("readme.txt", 5),
        ("empty", 0),
        ("a/b/c/d/e/f/g/h/deep.bin", 3000),
        ("\u{65e5}\u{672c}/\u{1f600}.txt", 100),
        ("name of some length that is not whole in 8.3.extension", 2048),
        (&"x".repeat(230), 1),
    ]) {
        tree.add_file(path, SourceId(source), len, plain)?;
    }
    tree.add_symlink("link", "a/../readme.txt", plain)?;
    tree.add_symlink("absolute", &format!("/usr/{}", "share/".repeat(60)), plain)?;
    tree.add_directory("nothing in it", plain)?;
    Ok(tree)
}

fn genisoimage() -> Result<Vec<u8>> {
    foreign(|image, folder| {
        let mut genisoimage = command("genisoimage");
        genisoimage.args([
            "-quiet",
            "-input-charset",
            "utf-8",
            "-J",
            "-R",
            "-udf",
            "-allow-limited-size",
            "-no-pad",
            "-o",
        ]);
        genisoimage.arg(image).arg(folder);
        genisoimage
    })
}

fn xorriso() -> Result<Vec<u8>> {
    foreign(|image, folder| {
        let mut xorriso = command("xorriso");
        xorriso
            .args(["-no_rc", "-as", "mkisofs", "-quiet", "-J", "-R", "-no-pad", "-o"])
            .arg(image)
            .arg(folder);
        xorriso
    })
}

fn mkudffs(revision: &str, media: &str) -> Result<Vec<u8>> {
    foreign(|image, _| {
        let mut mkudffs = command("mkudffs");
        mkudffs.args(["--new-file", "--blocksize=2048"]);
        mkudffs
            .args([format!("--media-type={media}"), format!("--udfrev={revision}")])
            .arg(image)
            .arg("1536");
        mkudffs
    })
}

fn foreign(program: impl Fn(&Path, &Path) -> std::process::Command) -> Result<Vec<u8>> {
    let scratch = cache::scratch()?;
    let (folder, image) = (scratch.path().join("folder"), scratch.path().join("image"));
    few_files(&folder)?;
    let done = output(&mut program(&image, &folder), Duration::from_secs(60))?;
    ensure!(done.status.success(), "{}", tail(&done.stderr));
    Ok(fs::read(&image)?)
}

fn few_files(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder.join("a/b/c/d"))?;
    for name in [
        "HELLO.TXT",
        "A rather long name with spaces.text",
        "a/b/c/d/\u{e9}",
        "a/\u{65e5}\u{672c}.txt",
    ] {
        fs::write(folder.join(name), name)?;
    }
    #[cfg(unix)]
    std::os::unix::fs::symlink("../HELLO.TXT", folder.join("a/link"))?;
    Ok(())
}

fn write_found(folder: &Path, name: &str, image: Result<Vec<u8>>) -> Result<()> {
    match image {
        Ok(image) => write_image(folder, name, &image),
        Err(error) => {
            eprintln!("no seed {name}: {error:#}");
            Ok(())
        }
    }
}

fn write_image(folder: &Path, name: &str, image: &[u8]) -> Result<()> {
    READERS.iter().try_for_each(|target| write(folder, target, name, &sparse(image)))
}

fn write(folder: &Path, target: &str, name: &str, bytes: &[u8]) -> Result<()> {
    let folder = folder.join(target);
    fs::create_dir_all(&folder)?;
    fs::write(folder.join(name), bytes).with_context(|| format!("cannot write {name}"))
}
