//! The page: its npm packages, its build in `web/dist`, its own checks.

use anyhow::Result;

use crate::workspace::Workspace;
use crate::{prerequisites, process, stamp};

/// Installs exactly what the lockfile says, where that has changed.
pub(crate) fn install(workspace: &Workspace) -> Result<()> {
    prerequisites::node()?;
    let web = workspace.path("web");
    let mut inputs = stamp::Fingerprint::new();
    inputs.add(&web.join("package.json"))?;
    inputs.add(&web.join("package-lock.json"))?;
    stamp::once(&workspace.target("xtask/npm.stamp"), &web.join("node_modules"), inputs, || {
        let mut npm = process::npm(&web);
        npm.args(["ci", "--no-audit", "--no-fund"]);
        // The tests use the browser of the system.
        npm.env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
        process::run(&mut npm)
    })
}

/// Builds `web/dist` where its sources or the WebAssembly package have changed.
pub(crate) fn build(workspace: &Workspace) -> Result<()> {
    install(workspace)?;
    let web = workspace.path("web");
    let mut inputs = stamp::Fingerprint::new();
    inputs.add(&web)?;
    inputs.add(&workspace.path("wasm/pkg"))?;
    inputs.add(&workspace.path("native-agent/openapi.json"))?;
    stamp::once(&workspace.target("xtask/web.stamp"), &web.join("dist/index.html"), inputs, || {
        script(workspace, "build")
    })
}

/// One of the scripts of `web/package.json`.
pub(crate) fn script(workspace: &Workspace, name: &str) -> Result<()> {
    process::run(process::npm(&workspace.path("web")).args(["run", "--silent", name]))
}
