//! The page, built into `web/dist`.

use anyhow::Result;

use crate::workspace::Workspace;
use crate::{npm, process, stamp};

/// Builds `web/dist` where its sources or the WebAssembly package have changed.
pub(crate) fn build(workspace: &Workspace) -> Result<()> {
    npm::install(workspace, "web")?;
    let web = workspace.path("web");
    let mut inputs = stamp::Fingerprint::new();
    inputs.add(&web)?;
    inputs.add(&workspace.path("wasm/pkg"))?;
    inputs.add(&workspace.path("native-agent/openapi.json"))?;
    // The documents are pages of the app.
    for document in ["docs", "README.md", "CONTRIBUTING.md"] {
        inputs.add(&workspace.path(document))?;
    }
    stamp::once(&workspace.target("xtask/web.stamp"), &web.join("dist/index.html"), inputs, || {
        process::run(&mut npm::script(workspace, "web", "build"))
    })
}
