//! Images of folders: by discwright, and by the programs whose images prove that the readers are asked rightly.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail, ensure};

use crate::cache;
use crate::forms::Form;
use crate::oracle::View;
use crate::planned;
use crate::run::{command, output, tail};

const LIMIT: Duration = Duration::from_secs(3600);
/// What is left for the second session, by the first letter.
const LATER: &str = "[a-kA-K0-4]*";

/// What makes the image.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Maker {
    /// The command line of the agent.
    Discwright,
    /// The same in two steps: half of the files, then all the others in a further session.
    Growing,
    /// image-core without the agent.
    ImageCore,
    Genisoimage,
    Xorriso,
    /// hadris-iso of crates.io, which writes ISO 9660 in Rust.
    Hadris,
}

/// What the image has to hold.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    pub views: &'static [View],
    pub iso_level: u8,
    /// Further options of `discwright build`; others do not know them.
    pub more: &'static [&'static str],
    /// How UDF is recorded; as it is by default when `None`.
    pub form: Option<Form>,
}

impl Wanted {
    /// A short name for reports: `plain+rock-ridge+joliet+udf, level 1`.
    pub fn name(&self) -> String {
        let views: Vec<&str> = self.views.iter().map(|view| view.name()).collect();
        let more: String = self.more.iter().map(|option| format!(" {option}")).collect();
        let form = self.form.map(|form| format!(" {}", form.name())).unwrap_or_default();
        format!("{} level {}{more}{form}", views.join("+"), self.iso_level)
    }
}

/// Makes an image of `folder`: what is in the folder stands in the root of the image.
pub fn make(maker: Maker, folder: &Path, image: &Path, wanted: Wanted) -> Result<()> {
    if maker == Maker::ImageCore {
        return planned::build(folder, image, wanted);
    }
    if maker == Maker::Growing {
        let mut first = discwright_build(folder, image, wanted)?;
        // The second session goes on in the form of the first.
        first.args(wanted.form.iter().flat_map(|form| form.arguments()));
        run(maker, first.args(["--exclude", LATER]))?;
        let mut second = discwright_build(folder, image, wanted)?;
        return run(maker, second.arg("--update").arg("--append").arg(image));
    }
    run(maker, &mut making(maker, folder, image, wanted)?)
}

/// An image of one file, `noise.bin`, and the bytes of it: some megabytes, whose length is no multiple of any block of error
/// correction.
pub fn of_noise(folder: &Path) -> Result<(PathBuf, Vec<u8>)> {
    let (tree, image) = (folder.join("tree"), folder.join("image.iso"));
    fs::create_dir(&tree)?;
    let noise = (0u32..1_234_567).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8);
    let noise: Vec<u8> = noise.collect();
    fs::write(tree.join("noise.bin"), &noise)?;
    let views = &[View::Plain, View::RockRidge];
    make(Maker::Discwright, &tree, &image, Wanted { views, iso_level: 3, more: &[], form: None })?;
    Ok((image, noise))
}

fn run(maker: Maker, command: &mut Command) -> Result<()> {
    let done = output(command, LIMIT)?;
    ensure!(done.status.success(), "{maker:?} failed with {}: {}", done.status, tail(&done.stderr));
    Ok(())
}

/// The command that makes the image.
pub fn making(maker: Maker, folder: &Path, image: &Path, wanted: Wanted) -> Result<Command> {
    match maker {
        Maker::Discwright => discwright_build(folder, image, wanted),
        Maker::Genisoimage => Ok(genisoimage(folder, image, wanted)),
        Maker::Xorriso => xorriso(folder, image, wanted),
        Maker::Hadris => hadris(folder, image, wanted),
        Maker::ImageCore | Maker::Growing => bail!("no single command makes it"),
    }
}

fn discwright_build(folder: &Path, image: &Path, wanted: Wanted) -> Result<Command> {
    let names = |view: &View| match view {
        View::Plain => "iso",
        View::RockRidge => "rockridge",
        View::Joliet => "joliet",
        View::Udf => "udf",
    };
    let systems: Vec<&str> = wanted.views.iter().map(names).collect();
    let mut build = discwright()?;
    build.args(["build", "--fs", &systems.join(",")]);
    if wanted.views != [View::Udf] {
        build.args(["--iso-level", &wanted.iso_level.to_string()]);
    }
    build.args(wanted.more);
    build.args(["--volume", "CORPUS", "-o"]).arg(image).arg(folder);
    Ok(build)
}

fn genisoimage(folder: &Path, image: &Path, wanted: Wanted) -> Command {
    let mut genisoimage = command("genisoimage");
    genisoimage.args([
        "-quiet",
        "-input-charset",
        "utf-8",
        "-V",
        "CORPUS",
        "-iso-level",
        &wanted.iso_level.to_string(),
    ]);
    for view in wanted.views {
        match view {
            View::Plain => {}
            View::RockRidge => drop(genisoimage.arg("-R")),
            View::Joliet => drop(genisoimage.arg("-J")),
            View::Udf => drop(genisoimage.args(["-udf", "-allow-limited-size"])),
        }
    }
    genisoimage.arg("-o").arg(image).arg(folder);
    genisoimage
}

fn xorriso(folder: &Path, image: &Path, wanted: Wanted) -> Result<Command> {
    let mut xorriso = command("xorriso");
    xorriso.args([
        "-no_rc",
        "-report_about",
        "WARNING",
        "-as",
        "mkisofs",
        "-quiet",
        "-V",
        "CORPUS",
    ]);
    xorriso.args(["-iso-level", &wanted.iso_level.to_string()]);
    for view in wanted.views {
        match view {
            View::Plain => {}
            View::RockRidge => drop(xorriso.arg("-R")),
            View::Joliet => drop(xorriso.arg("-J")),
            View::Udf => bail!("xorriso writes no UDF"),
        }
    }
    if !wanted.views.contains(&View::RockRidge) {
        xorriso.arg("--norock");
    }
    xorriso.arg("-o").arg(image).arg(folder);
    Ok(xorriso)
}

/// Its release of this version, under the MIT licence, installed for this comparison alone.
fn hadris(folder: &Path, image: &Path, wanted: Wanted) -> Result<Command> {
    let peers = cache::folder("peers")?;
    let program = peers.join("bin/hadris-iso");
    if !program.exists() {
        let mut cargo = command(env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned()));
        cargo.args(["install", "hadris-iso-cli", "--version", "2.5.0", "--locked", "--root"]);
        let done = output(cargo.arg(&peers), LIMIT)?;
        ensure!(done.status.success(), "cannot install hadris: {}", tail(&done.stderr));
    }
    let mut hadris = command(program);
    hadris.args(["mkisofs", "-V", "CORPUS"]);
    for view in wanted.views {
        match view {
            View::Plain => {}
            View::RockRidge => drop(hadris.arg("-R")),
            View::Joliet => drop(hadris.arg("-J")),
            View::Udf => bail!("hadris-iso writes no UDF"),
        }
    }
    hadris.arg("-o").arg(image).arg(folder);
    Ok(hadris)
}

/// The program under test, ready for its arguments: the one that `DISCWRIGHT` names, or the one of this build, which is
/// brought up to date first.
pub fn discwright() -> Result<Command> {
    static FOUND: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    let found = FOUND.get_or_init(|| find().map_err(|error| format!("{error:#}")));
    found.as_ref().map(command).map_err(|error| anyhow!("{error}"))
}

fn find() -> Result<PathBuf> {
    if let Some(path) = env::var_os("DISCWRIGHT").filter(|path| !path.is_empty()) {
        return Ok(PathBuf::from(path));
    }
    // target/<profile>/deps/<test>-<hash>, or target/<profile>/<binary> when it is the benchmark.
    let this = env::current_exe().context("cannot find the place of this program")?;
    let folder = this.parent().context("this program is in no folder")?;
    let folder = if folder.ends_with("deps") { folder.parent().unwrap_or(folder) } else { folder };
    let mut cargo = command(env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned()));
    // Of the whole workspace, as the tests are built: the package alone has dependencies with other features.
    let build = ["build", "--quiet", "--workspace", "--bin", "discwright"];
    cargo.current_dir(cache::workspace()).args(build);
    if folder.ends_with("release") {
        cargo.arg("--release");
    }
    let done = output(&mut cargo, LIMIT)?;
    ensure!(done.status.success(), "cannot build discwright: {}", tail(&done.stderr));
    Ok(folder.join(format!("discwright{}", env::consts::EXE_SUFFIX)))
}
