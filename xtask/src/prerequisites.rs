//! What the build expects to find on the machine. Each thing missing is one sentence that ends in its cure.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, anyhow, bail};

use crate::workspace::Workspace;
use crate::{npm, process};

/// The oldest Node.js releases that Vite 8 runs on: within line 20, and from line 22 on.
const NODE_20: (u32, u32) = (20, 19);
const NODE_22: (u32, u32) = (22, 12);

/// Node.js of a version the page's tools run on, and npm.
pub(crate) fn node() -> Result<()> {
    let answer = process::read(Command::new("node").arg("--version")).map_err(|_| {
        anyhow!("Node.js is missing: install version 20.19 or newer, from https://nodejs.org or with `apt-get install nodejs npm`")
    })?;
    let version = answer.trim();
    if !node_suffices(version) {
        bail!(
            "Node.js {version} is too old: install version 20.19 or newer, from https://nodejs.org or with `nvm install 22`"
        );
    }
    if !process::succeeds(npm::program(Path::new(".")).arg("--version")) {
        bail!(
            "npm is missing: install it with `apt-get install npm`, or install Node.js from https://nodejs.org, which brings it"
        );
    }
    Ok(())
}

fn node_suffices(version: &str) -> bool {
    let mut numbers = version.trim_start_matches('v').split('.').map(str::parse::<u32>);
    let (Some(Ok(major)), Some(Ok(minor))) = (numbers.next(), numbers.next()) else {
        return false;
    };
    (major == NODE_20.0 && minor >= NODE_20.1) || (major, minor) >= NODE_22
}

/// The standard library for another target, fetched by rustup where it is not there yet.
pub(crate) fn rust_target(target: &str) -> Result<()> {
    let sysroot = process::read(Command::new(rustc()).args(["--print", "sysroot"]))
        .context("rustc is missing: install Rust from https://rustup.rs")?;
    if Path::new(sysroot.trim()).join("lib/rustlib").join(target).join("lib").is_dir() {
        return Ok(());
    }
    process::run(Command::new("rustup").args(["target", "add", target])).map_err(|error| {
        anyhow!("{error:#}; the Rust target {target} is missing: run `rustup target add {target}` (rustup is at https://rustup.rs)")
    })
}

fn rustc() -> String {
    env::var("RUSTC").unwrap_or_else(|_| "rustc".to_owned())
}

/// A cargo subcommand that comes as a rustup component.
pub(crate) fn rust_component(
    workspace: &Workspace,
    subcommand: &str,
    component: &str,
) -> Result<()> {
    if process::succeeds(
        workspace.cargo(&format!("{subcommand} --version")).env("CARGO_TERM_QUIET", "true"),
    ) {
        return Ok(());
    }
    bail!("`cargo {subcommand}` is missing: run `rustup component add {component}`")
}

/// Where Chromium and its kin are found, the one Debian packages first.
const BROWSERS: [&str; 5] = [
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
    "/opt/google/chrome/chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/// Firefox in its extended support release, as Debian packages it, and as its makers do.
const FIREFOXES: [&str; 3] = [
    "/usr/bin/firefox-esr",
    "/usr/bin/firefox",
    "/Applications/Firefox.app/Contents/MacOS/firefox",
];

/// A browser for the end-to-end tests: the one in `CHROMIUM`, one that is there, or Debian's, installed if need be.
pub(crate) fn chromium() -> Result<PathBuf> {
    browser("Chromium", "chromium", "CHROMIUM", &BROWSERS)
}

/// The other browser: the one in `FIREFOX`, one that is there, or Debian's, installed if need be.
pub(crate) fn firefox() -> Result<PathBuf> {
    browser("Firefox", "firefox-esr", "FIREFOX", &FIREFOXES)
}

fn browser(what: &str, package: &str, variable: &str, places: &[&str]) -> Result<PathBuf> {
    if let Some(chosen) = env::var_os(variable) {
        return Ok(chosen.into());
    }
    let installed = || places.iter().map(PathBuf::from).find(|path| path.exists());
    if let Some(browser) = installed() {
        return Ok(browser);
    }
    debian(what, package, &format!(", or set {variable} to the path of one"))?;
    installed().ok_or_else(|| anyhow!("{what} is missing although its package is there"))
}

/// The programs that judge the images of the npm package and of the page, each with its package of Debian.
const JUDGES: [(&str, &str); 4] =
    [("xorriso", "xorriso"), ("isoinfo", "genisoimage"), ("7zz", "7zip"), ("udfdump", "udfclient")];

/// Programs of others that read images.
pub(crate) fn judges() -> Result<()> {
    for (program, package) in JUDGES {
        if !is_program(program) {
            debian(program, package, "")?;
        }
    }
    Ok(())
}

/// What discs that start machines are made of and looked at with: a file of each package of Debian.
const BOOT_LOADERS: [(&str, &str); 6] = [
    ("/usr/lib/ISOLINUX/isolinux.bin", "isolinux"),
    ("/usr/lib/syslinux/modules/bios/ldlinux.c32", "syslinux-common"),
    ("/usr/bin/grub-mkimage", "grub-common"),
    ("/usr/lib/grub/x86_64-efi/fat.mod", "grub-efi-amd64-bin"),
    ("/usr/bin/mformat", "mtools"),
    ("/usr/bin/xorriso", "xorriso"),
];

/// Boot loaders of others.
pub(crate) fn boot_loaders() -> Result<()> {
    for (file, package) in BOOT_LOADERS {
        if !Path::new(file).exists() {
            debian(file, package, "")?;
        }
    }
    Ok(())
}

/// The program that makes the certificate of the site the end-to-end tests serve.
pub(crate) fn openssl() -> Result<()> {
    if process::succeeds(Command::new("openssl").arg("version")) {
        return Ok(());
    }
    debian("OpenSSL", "openssl", "")
}

/// Installs a package of Debian where that can be done, and tells how to where it cannot.
fn debian(what: &str, package: &str, otherwise: &str) -> Result<()> {
    let cure = format!("apt-get update && apt-get install -y {package}");
    let missing = || format!("{what} is missing: run `{cure}`{otherwise}");
    if !may_install() {
        bail!(missing());
    }
    install(&[package]).with_context(missing)
}

fn may_install() -> bool {
    let root = process::read(Command::new("id").arg("-u")).is_ok_and(|answer| answer.trim() == "0");
    root && Path::new("/usr/bin/apt-get").exists()
}

fn install(packages: &[&str]) -> Result<()> {
    process::run(Command::new("apt-get").args(["-qq", "update"]))?;
    let mut install = Command::new("apt-get");
    install.env("DEBIAN_FRONTEND", "noninteractive");
    install.args(["-qq", "install", "-y", "--no-install-recommends"]).args(packages);
    process::run(&mut install)
}

/// Installs in one go what the steps would each install, where that can be done: apt takes one at a time, and its lists take a
/// while.
pub(crate) fn install_missing() -> Result<()> {
    let mut missing = Vec::new();
    for (variable, package, places) in [
        ("CHROMIUM", "chromium", BROWSERS.as_slice()),
        ("FIREFOX", "firefox-esr", FIREFOXES.as_slice()),
    ] {
        let there = env::var_os(variable).is_some() || places.iter().any(|p| Path::new(p).exists());
        missing.extend((!there).then_some(package));
    }
    let judges = JUDGES.iter().filter(|(program, _)| !is_program(program));
    let loaders = BOOT_LOADERS.iter().filter(|(file, _)| !Path::new(file).exists());
    missing.extend(judges.chain(loaders).map(|(_, package)| *package));
    if missing.is_empty() || !may_install() {
        return Ok(());
    }
    install(&missing)
}

/// Whether there is such a program. What answers `--version` with a refusal is there all the same.
fn is_program(name: &str) -> bool {
    Command::new(name).arg("--version").output().is_ok()
}

#[cfg(test)]
mod tests {
    use super::node_suffices;

    #[test]
    fn node_versions_vite_runs_on() {
        for good in ["v20.19.0", "v20.20.2", "v22.12.0", "v23.0.0", "v26.1.4"] {
            assert!(node_suffices(good), "{good}");
        }
        for bad in ["v18.20.4", "v20.18.3", "v21.7.0", "v22.11.0", "", "v20", "nonsense"] {
            assert!(!node_suffices(bad), "{bad}");
        }
    }
}
