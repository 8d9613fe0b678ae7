//! The programs of others: found on the machine, installed from Debian when that is possible, named when it is not.

use std::env;
use std::ffi::OsString;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

use crate::cache;
use crate::run::{command, output, tail};

const INSTALL: Duration = Duration::from_secs(1200);

/// Debian packages that are installed as they are, with a file by which each is known to be there.
const DEBIAN: &[(&str, &str)] = &[
    ("xorriso", "/usr/bin/xorriso"),
    ("genisoimage", "/usr/bin/isoinfo"),
    ("isomd5sum", "/usr/bin/checkisomd5"),
    ("libarchive-tools", "/usr/bin/bsdtar"),
    ("7zip", "/usr/bin/7zz"),
    ("grub-common", "/usr/bin/grub-fstest"),
    ("udftools", "/usr/bin/udfinfo"),
    ("udfclient", "/usr/bin/udfclient"),
    ("libudfread-dev", "/usr/include/udfread/udfread.h"),
    ("libiso9660-dev", "/usr/include/cdio/iso9660.h"),
    ("libudf-dev", "/usr/include/cdio/udf.h"),
    ("libcdio-dev", "/usr/include/cdio/cdio.h"),
    ("gcc", "/usr/bin/gcc"),
    ("make", "/usr/bin/make"),
    ("libc6-dev", "/usr/include/stdio.h"),
    ("python3-venv", "/usr/share/doc/python3-venv"),
    ("busybox-static", "/usr/share/doc/busybox-static"),
    ("cpio", "/usr/bin/cpio"),
    ("kmod", "/usr/share/doc/kmod"),
    ("zstd", "/usr/bin/zstd"),
    ("xz-utils", "/usr/bin/xz"),
    ("openssl", "/usr/bin/openssl"),
];

/// The same for starting machines: loaders, firmware, and programs that know partition tables.
const BOOTING: &[(&str, &str)] = &[
    ("xorriso", "/usr/bin/xorriso"),
    ("genisoimage", "/usr/bin/isoinfo"),
    ("7zip", "/usr/bin/7zz"),
    ("isolinux", "/usr/lib/ISOLINUX/isolinux.bin"),
    ("syslinux-common", "/usr/lib/syslinux/modules/bios/ldlinux.c32"),
    ("grub-common", "/usr/bin/grub-mkimage"),
    ("grub-pc-bin", "/usr/lib/grub/i386-pc/boot_hybrid.img"),
    ("grub-efi-amd64-bin", "/usr/lib/grub/x86_64-efi/fat.mod"),
    ("mtools", "/usr/bin/mformat"),
    ("ovmf", "/usr/share/OVMF/OVMF_CODE_4M.fd"),
    ("fdisk", "/usr/sbin/fdisk"),
    ("gdisk", "/usr/sbin/sgdisk"),
    ("parted", "/usr/sbin/parted"),
    ("file", "/usr/bin/file"),
];

/// The same for going on with damaged discs.
const RESCUE: &[(&str, &str)] = &[("gddrescue", "/usr/bin/ddrescue")];

/// The same for what the commands in the documents use besides our own program.
const DOCUMENTS: &[(&str, &str)] = &[("curl", "/usr/bin/curl"), ("jq", "/usr/bin/jq")];

/// The same for making films, and for reading them as players do.
const VIDEO: &[(&str, &str)] = &[
    ("ffmpeg", "/usr/bin/ffmpeg"),
    ("dvdauthor", "/usr/bin/dvdauthor"),
    ("lsdvd", "/usr/bin/lsdvd"),
    ("dvdbackup", "/usr/bin/dvdbackup"),
    ("genisoimage", "/usr/bin/isoinfo"),
];

/// One thing at a time: tests run in several threads and programs, and apt takes one.
fn alone() -> Result<File> {
    cache::alone("packages")
}

/// Makes sure that the packages are installed. An error names what is missing and the command that cures it.
pub fn debian() -> Result<()> {
    install(DEBIAN)
}

/// The same for the packages that it takes to start machines.
pub fn booting() -> Result<()> {
    install(BOOTING)
}

/// The same for GNU ddrescue.
pub fn rescue() -> Result<()> {
    install(RESCUE)
}

/// The same for the commands in the documents.
pub fn documents() -> Result<()> {
    install(DOCUMENTS)
}

/// The same for films.
pub fn video() -> Result<()> {
    install(VIDEO)
}

fn install(packages: &[(&'static str, &str)]) -> Result<()> {
    let _held = alone()?;
    let missing: Vec<&str> = packages
        .iter()
        .filter(|(_, file)| !Path::new(file).exists())
        .map(|(package, _)| *package)
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let cure = format!(
        "apt-get update && apt-get install -y --no-install-recommends {}",
        missing.join(" ")
    );
    ensure!(
        Path::new("/usr/bin/apt-get").exists(),
        "the tests need programs that Debian packages as {}",
        missing.join(", ")
    );
    ensure!(is_root()?, "the tests need packages that only root may install: {cure}");
    apt(&["update"])?;
    apt(&[&["install", "-y", "--no-install-recommends"], missing.as_slice()].concat())
        .with_context(|| format!("cannot install them; try: {cure}"))
}

fn is_root() -> Result<bool> {
    Ok(output(command("id").arg("-u"), Duration::from_secs(10))?.text().trim() == "0")
}

fn apt(arguments: &[&str]) -> Result<()> {
    let mut apt = command("apt-get");
    apt.env("DEBIAN_FRONTEND", "noninteractive").arg("-qq").args(arguments);
    let done = output(&mut apt, INSTALL)?;
    ensure!(
        done.status.success(),
        "apt-get {} failed: {}",
        arguments.join(" "),
        tail(&done.stderr)
    );
    Ok(())
}

/// A Python with `package` from PyPI, in an environment of its own under the cache.
pub fn python(package: &str) -> Result<PathBuf> {
    debian()?;
    let _held = alone()?;
    let environment = cache::folder("python")?.join(package);
    let python = environment.join("bin/python");
    let marker = environment.join("complete");
    if marker.exists() && python.exists() {
        return Ok(python);
    }
    let run = |program: &Path, arguments: &[&str]| -> Result<()> {
        let done = output(command(program).args(arguments), INSTALL)?;
        ensure!(
            done.status.success(),
            "{} {arguments:?} failed: {}",
            program.display(),
            tail(&done.stderr)
        );
        Ok(())
    };
    let place = environment.to_string_lossy().into_owned();
    run(Path::new("/usr/bin/python3"), &["-m", "venv", "--clear", &place])?;
    run(&environment.join("bin/pip"), &["install", "--quiet", package])?;
    fs::write(marker, "").context("cannot mark the Python environment as complete")?;
    Ok(python)
}

/// The program built from `oracles/<source>`, linked with `libraries`.
pub fn built(source: &str, libraries: &[&str]) -> Result<PathBuf> {
    debian()?;
    let _held = alone()?;
    let code = cache::scripts().join(source);
    let program = cache::folder("bin")?.join(source.trim_end_matches(".c"));
    if cache::is_stale(&program, &[&code]) {
        let part = program.with_extension("part");
        let mut gcc = command("gcc");
        gcc.args(["-O2", "-Wall", "-Wno-deprecated-declarations", "-o"]).arg(&part).arg(&code);
        gcc.args(libraries.iter().map(|library| format!("-l{library}")));
        let done = output(&mut gcc, INSTALL)?;
        ensure!(done.status.success(), "cannot build {}: {}", code.display(), tail(&done.stderr));
        fs::rename(&part, &program).context("cannot keep the built reader")?;
    }
    Ok(program)
}

/// Where unpacked packages come from.
#[derive(Clone, Copy, Debug)]
pub enum From<'a> {
    /// Where the system has its own. What is installed of their dependencies is left out, but for packages whose names begin
    /// like this.
    System(&'a str),
    /// Another suite of the same archive; all dependencies come along.
    Suite(&'a str),
}

/// A folder with the content of `packages`, and of what they need. Nothing is installed: a kernel or an emulator unpacked beside
/// the system cannot disturb it, and cannot be refused because of what is there. A package `=NAME` comes without what it needs.
pub fn unpacked(name: &str, packages: &[&str], from: From<'_>) -> Result<PathBuf> {
    debian()?;
    let _held = alone()?;
    let folder = cache::folder("packages")?.join(name);
    if folder.join(".complete").exists() {
        return Ok(folder);
    }
    ensure!(cfg!(target_arch = "x86_64"), "the Linux oracle is known on x86-64 only");
    let script = cache::scripts().join("unpack-packages.sh");
    let (suite, apart_from) = match from {
        From::System(apart_from) => ("-", apart_from),
        From::Suite(suite) => (suite, ""),
    };
    let mut unpack = command("bash");
    unpack.arg(script).arg(&folder).arg(suite).arg(apart_from).args(packages);
    let done = output(&mut unpack, INSTALL)?;
    if !done.status.success() {
        bail!("cannot unpack {}: {}", packages.join(" "), tail(&done.stderr));
    }
    Ok(folder)
}

/// Where the libraries are that came with unpacked programs, as the dynamic linker wants to be told.
pub fn libraries(unpacked: &Path) -> OsString {
    let folders = ["usr/lib/x86_64-linux-gnu", "lib/x86_64-linux-gnu"].map(|at| unpacked.join(at));
    env::join_paths(folders).unwrap_or_default()
}

/// The module built from the source of the package `name` in `programs`, put among those of the unpacked kernel.
pub fn kernel_module(kernel: &Path, programs: &Path, name: &str) -> Result<PathBuf> {
    let headers = unpacked("headers", &["linux-headers-amd64"], From::System("linux-headers"))?;
    let _held = alone()?;
    let script = cache::scripts().join("build-module.sh");
    let module = kernel.join(name).with_extension("ko");
    let from = [script.clone(), kernel.join(".complete"), programs.join(".complete")];
    if cache::is_stale(&module, &from.each_ref().map(PathBuf::as_path)) {
        let mut build = command("bash");
        build.arg(script).args([kernel, &headers, programs]).arg(name).arg(&module);
        let done = output(&mut build, INSTALL)?;
        ensure!(done.status.success(), "cannot build {name}: {}", tail(&done.stderr));
    }
    Ok(module)
}

/// Whether a missing program fails the test. On the project's own machines it does; elsewhere the readers that are missing
/// are listed as ignored, with the reason.
pub fn required() -> bool {
    let set = |name| env::var_os(name).is_some_and(|value| !value.is_empty() && value != "0");
    set("CI") || set("DISCWRIGHT_LONG") || Path::new("/etc/debian_version").exists()
}
