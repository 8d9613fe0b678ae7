//! What `cargo xtask test` runs, cheapest first.

use anyhow::Result;

use crate::test::Options;
use crate::workspace::Workspace;
use crate::{licences, prerequisites, process};

/// One link of the chain.
pub(crate) struct Step {
    pub(crate) name: &'static str,
    pub(crate) what: &'static str,
    pub(crate) run: fn(&Workspace, &Options) -> Result<()>,
}

/// All steps, in the order they run.
pub(crate) fn all() -> Vec<Step> {
    vec![
        Step { name: "format", what: "every Rust file is as rustfmt leaves it", run: format },
        Step {
            name: "licences",
            what: "every dependency is under an allowed licence",
            run: licence_policy,
        },
        Step { name: "lints", what: "clippy finds nothing", run: lints },
        Step {
            name: "no-std",
            what: "image-core builds for a machine without an operating system",
            run: no_std,
        },
        Step { name: "windows", what: "the agent compiles for Windows", run: windows },
        Step { name: "macos", what: "the agent compiles for macOS", run: macos },
        Step {
            name: "rust-docs",
            what: "the documentation builds without a warning",
            run: rust_docs,
        },
        Step { name: "rust-tests", what: "unit, property and integration tests", run: rust_tests },
    ]
}

fn format(workspace: &Workspace, _: &Options) -> Result<()> {
    prerequisites::rust_component(workspace, "fmt", "rustfmt")?;
    process::run(&mut workspace.cargo(["fmt", "--all", "--check"]))
}

fn licence_policy(workspace: &Workspace, _: &Options) -> Result<()> {
    licences::check(workspace)
}

fn lints(workspace: &Workspace, _: &Options) -> Result<()> {
    prerequisites::rust_component(workspace, "clippy", "clippy")?;
    process::run(&mut workspace.cargo([
        "clippy",
        "--workspace",
        "--all-targets",
        "--",
        "-D",
        "warnings",
    ]))?;
    // Without the serde feature, which the rest of the workspace switches on.
    process::run(&mut workspace.cargo([
        "clippy",
        "--package",
        "image-core",
        "--no-default-features",
        "--",
        "-D",
        "warnings",
    ]))
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
    process::run(&mut workspace.cargo([action, "--package", package, "--target", target]))
}

fn rust_docs(workspace: &Workspace, _: &Options) -> Result<()> {
    let mut command = workspace.cargo(["doc", "--workspace", "--no-deps"]);
    process::run(command.env("RUSTDOCFLAGS", "-D warnings"))
}

fn rust_tests(workspace: &Workspace, _: &Options) -> Result<()> {
    process::run(&mut workspace.cargo(["test", "--workspace"]))
}
