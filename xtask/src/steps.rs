//! What `cargo xtask test` runs, cheapest first, and what goes beside it.

use std::num::NonZero;

use anyhow::Result;

use crate::test::Options;
use crate::workspace::Workspace;
use crate::{fuzz, licences, npm, prerequisites, process, wasm, web};

/// One link of the chain.
pub(crate) struct Step {
    pub(crate) name: &'static str,
    pub(crate) what: &'static str,
    pub(crate) run: Run,
    pub(crate) place: Place,
}

/// When a step runs, if all do.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// One after the other.
    InTurn,
    /// Beside those that go in turn: it waits for drives and for machines most of the time.
    Beside,
    /// When nothing else runs: it measures.
    Last,
}

type Run = fn(&Workspace, &Options) -> Result<()>;

impl Step {
    const fn new(name: &'static str, what: &'static str, run: Run) -> Self {
        Self { name, what, run, place: Place::InTurn }
    }

    const fn at(self, place: Place) -> Self {
        Self { place, ..self }
    }
}

/// All steps, in the order they run.
pub(crate) fn all() -> Vec<Step> {
    vec![
        Step::new("format", "every Rust file is as rustfmt leaves it", format),
        Step::new("licences", "every dependency is under an allowed licence", licence_policy),
        Step::new("lints", "clippy finds nothing", lints),
        Step::new("no-std", "image-core builds for a machine without an operating system", no_std),
        Step::new("windows", "the agent compiles for Windows", windows),
        Step::new("macos", "the agent compiles for macOS", macos),
        Step::new(
            "wasm",
            "the npm package plans as the native build, reads what others write, and works where it is installed",
            wasm_package,
        ),
        Step::new("web", "the page is formatted, linted, typed, tested and builds", web_page),
        Step::new("rust-docs", "the documentation builds without a warning", rust_docs),
        Step::new("rust-tests", "unit, property and integration tests", rust_tests),
        Step::new(
            "documents",
            "the commands, snippets, names and links of the documents are as they say",
            documents,
        ),
        Step::new("fuzz", "nothing the fuzzer makes up breaks a parser (long runs only)", fuzzing),
        Step::new("readers", "programs of others read what programs of others wrote", readers),
        Step::new("oracles", "programs of others read our images and find every byte", oracles),
        Step::new(
            "any",
            "programs of others read what is made of trees and options made up at random",
            any,
        ),
        Step::new(
            "extras",
            "programs of others find our checksums, extended attributes and films",
            extras,
        ),
        Step::new(
            "boot",
            "machines start from our images, by BIOS and UEFI, from disc and USB",
            boot,
        )
        .at(Place::Beside),
        Step::new(
            "burners",
            "burning programs of others find the virtual drive to be as real ones are",
            burners,
        )
        .at(Place::Beside),
        Step::new(
            "rescue",
            "GNU ddrescue goes on with what was read of a damaged disc, and the other way round",
            rescue,
        )
        .at(Place::Beside),
        Step::new("sessions", "discs that we and others add to show all that is on them", sessions)
            .at(Place::Beside),
        Step::new("drives", "we burn to drives that others have emulated", drives)
            .at(Place::Beside),
        Step::new("claims", "drives that are in use, forbidden or gone are told by name", claims)
            .at(Place::Beside),
        Step::new("e2e", "from a folder dropped on the page to a disc and back, in a browser", e2e)
            .at(Place::Last),
    ]
}

fn format(workspace: &Workspace, _: &Options) -> Result<()> {
    prerequisites::rust_component(workspace, "fmt", "rustfmt")?;
    process::run(&mut workspace.cargo("fmt --all --check"))
}

fn licence_policy(workspace: &Workspace, _: &Options) -> Result<()> {
    licences::check(workspace)
}

fn lints(workspace: &Workspace, _: &Options) -> Result<()> {
    prerequisites::rust_component(workspace, "clippy", "clippy")?;
    process::run(&mut workspace.cargo("clippy --workspace --all-targets -- -D warnings"))?;
    // Without the serde feature, which the rest of the workspace switches on.
    process::run(
        &mut workspace.cargo("clippy --package image-core --no-default-features -- -D warnings"),
    )
}

fn no_std(workspace: &Workspace, _: &Options) -> Result<()> {
    for_target(workspace, "build", "image-core", "thumbv7em-none-eabi")
}

fn windows(workspace: &Workspace, _: &Options) -> Result<()> {
    for_target(workspace, "check", "native-agent", "x86_64-pc-windows-msvc")
}

fn macos(workspace: &Workspace, _: &Options) -> Result<()> {
    for_target(workspace, "check", "native-agent", "aarch64-apple-darwin")
}

fn for_target(workspace: &Workspace, action: &str, package: &str, target: &str) -> Result<()> {
    prerequisites::rust_target(target)?;
    process::run(&mut workspace.cargo(&format!("{action} --package {package} --target {target}")))
}

fn rust_docs(workspace: &Workspace, _: &Options) -> Result<()> {
    let mut command = workspace.cargo("doc --workspace --no-deps --document-private-items");
    // The documentation is for those who work on the code: links to private neighbours are welcome in it.
    process::run(command.env("RUSTDOCFLAGS", "-D warnings -A rustdoc::private_intra_doc_links"))
}

/// Test programs beside the unit tests that need nothing of others.
const INTEGRATION: [&str; 7] = [
    "bad_input",
    "which_file",
    "properties",
    "conformance",
    "regressions",
    "command_line",
    "faults",
];

fn rust_tests(workspace: &Workspace, _: &Options) -> Result<()> {
    // Burns wait for their drive most of the time: four at once keep a core busy.
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
    let mut units = workspace.cargo("test --workspace --lib --bins");
    process::run(units.env("RUST_TEST_THREADS", (4 * cores).to_string()))?;
    let names = INTEGRATION.map(|name| format!("--test {name}")).join(" ");
    process::run(&mut workspace.cargo(&format!("test --workspace {names}")))?;
    process::run(&mut workspace.cargo("test --workspace --doc"))
}

fn documents(workspace: &Workspace, options: &Options) -> Result<()> {
    harness(workspace, options, "documents")
}

fn fuzzing(workspace: &Workspace, options: &Options) -> Result<()> {
    if options.long { fuzz::run(workspace, &fuzz::Options::all(2)) } else { Ok(()) }
}

fn readers(workspace: &Workspace, options: &Options) -> Result<()> {
    harness(workspace, options, "readers")
}

fn oracles(workspace: &Workspace, options: &Options) -> Result<()> {
    harness(workspace, options, "oracles")
}

fn any(workspace: &Workspace, options: &Options) -> Result<()> {
    harness(workspace, options, "any")
}

fn extras(workspace: &Workspace, options: &Options) -> Result<()> {
    harness(workspace, options, "extras")
}

fn boot(workspace: &Workspace, options: &Options) -> Result<()> {
    harness(workspace, options, "boot")
}

fn burners(workspace: &Workspace, options: &Options) -> Result<()> {
    harness(workspace, options, "burners")
}

fn rescue(workspace: &Workspace, options: &Options) -> Result<()> {
    harness(workspace, options, "rescue")
}

fn sessions(workspace: &Workspace, options: &Options) -> Result<()> {
    harness(workspace, options, "sessions")
}

fn claims(workspace: &Workspace, options: &Options) -> Result<()> {
    harness(workspace, options, "claims")
}

fn drives(workspace: &Workspace, options: &Options) -> Result<()> {
    harness(workspace, options, "drives")
}

/// A test program of `tests/` that finds and installs what it runs by itself.
fn harness(workspace: &Workspace, options: &Options, name: &str) -> Result<()> {
    // Of the whole workspace, here as elsewhere: a package alone has dependencies with other features, and all are built anew.
    let mut command = workspace.cargo(&format!("test --workspace --test {name}"));
    if options.long {
        command.env("DISCWRIGHT_LONG", "1");
    }
    process::run(&mut command)
}

fn wasm_package(workspace: &Workspace, _: &Options) -> Result<()> {
    let chromium = prerequisites::chromium()?;
    prerequisites::judges()?;
    wasm::build(workspace)?;
    process::run(&mut workspace.cargo("build --workspace --example native_image"))?;
    // The package is bundled as its users bundle it, by the bundler of the page.
    npm::install(workspace, "web")?;
    process::run(&mut npm::script(workspace, "wasm", "format:check"))?;
    let mut tests = npm::script(workspace, "wasm", "test");
    tests.env("NATIVE_IMAGE", workspace.program("debug/examples", "native_image"));
    process::run(tests.env("CHROMIUM", chromium))
}

fn web_page(workspace: &Workspace, _: &Options) -> Result<()> {
    wasm::build(workspace)?;
    npm::install(workspace, "web")?;
    let checks = ["lint", "check", "format:check"];
    process::run_beside(checks.map(|script| npm::script(workspace, "web", script)).into())?;
    process::run(&mut npm::script(workspace, "web", "test"))?;
    web::build(workspace)
}

fn e2e(workspace: &Workspace, _: &Options) -> Result<()> {
    let (chromium, firefox) = (prerequisites::chromium()?, prerequisites::firefox()?);
    prerequisites::boot_loaders()?;
    prerequisites::judges()?;
    prerequisites::openssl()?;
    wasm::build(workspace)?;
    // A debug build of the agent serves the page from where it is built.
    web::build(workspace)?;
    process::run(&mut workspace.cargo("build --workspace --bin discwright"))?;
    npm::install(workspace, "tests/e2e")?;
    process::run(&mut npm::script(workspace, "tests/e2e", "check"))?;
    let mut tests = npm::script(workspace, "tests/e2e", "test");
    tests.env("CHROMIUM", chromium).env("FIREFOX", firefox);
    process::run(tests.env("DISCWRIGHT", workspace.program("debug", "discwright")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_test_program_is_run() {
        let here = include_str!("steps.rs");
        let mut programs = 0;
        for folder in ["image-core/tests", "tests/tests"] {
            for entry in std::fs::read_dir(Workspace::find().unwrap().path(folder)).unwrap() {
                let path = entry.unwrap().path();
                let name = path.file_stem().unwrap().to_str().unwrap();
                let is_program = path.is_file() || path.join("main.rs").is_file();
                let is_run =
                    INTEGRATION.contains(&name) || here.contains(&format!("options, \"{name}\")"));
                assert!(!is_program || is_run, "no step runs {name}");
                programs += usize::from(is_program);
            }
        }
        assert!(programs > 10, "{programs}");
    }
}
