//! The npm package: WebAssembly modules compiled, bound to JavaScript and made small in `wasm/pkg`, and what is around
//! them in `wasm/lib`.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::Bindgen;
use wasmparser::{Parser, Payload};

use crate::workspace::Workspace;
use crate::{npm, prerequisites, process, stamp};

const TARGET: &str = "wasm32-unknown-unknown";

/// The modules that wasm-bindgen's own glue stands in for. Anything else (`env` above all) is a symbol the linker
/// could not find.
const GLUE_MODULES: [&str; 2] = ["__wbindgen_placeholder__", "__wbindgen_externref_xform__"];

/// The packages that become modules, each with its files in `wasm/pkg`: the planner, and apart from it, so that a page
/// that opens no image does not load it, the reader.
const MODULES: [(&str, &str); 2] = [("image-wasm", "image_wasm"), ("image-reader", "image_reader")];

/// Builds `wasm/pkg` and `wasm/lib` where they are not up to date.
pub(crate) fn build(workspace: &Workspace) -> Result<()> {
    prerequisites::node()?;
    prerequisites::rust_target(TARGET)?;
    let packages = MODULES.map(|(package, _)| format!("--package {package}")).join(" ");
    process::run(
        &mut workspace.cargo(&format!("build {packages} --lib --target {TARGET} --profile wasm")),
    )?;
    npm::install(workspace, "wasm")?;
    for (_, name) in MODULES {
        module(workspace, name)?;
    }
    scripts(workspace)
}

/// Bindings and module of one package in `wasm/pkg`.
fn module(workspace: &Workspace, name: &str) -> Result<()> {
    let module = workspace.target(&format!("{TARGET}/wasm/{name}.wasm"));
    let package = workspace.path("wasm/pkg");
    let product = package.join(format!("{name}_bg.wasm"));
    let optimiser = workspace.path("wasm/node_modules/binaryen/bin/wasm-opt");
    let mut inputs = stamp::Fingerprint::new();
    inputs.add(&module)?;
    inputs.add(&workspace.path("xtask/src/wasm.rs"))?;
    inputs.add(&workspace.path("wasm/node_modules/binaryen/package.json"))?;
    stamp::once(&workspace.target(&format!("xtask/{name}.stamp")), &product, inputs, || {
        check_imports(&module)?;
        bind(&module, &package)?;
        shrink(&optimiser, &product)
    })
}

/// What is written in TypeScript around the modules, in `wasm/lib`.
fn scripts(workspace: &Workspace) -> Result<()> {
    let wasm = workspace.path("wasm");
    let mut inputs = stamp::Fingerprint::new();
    for input in ["js", "tsconfig.json", "package-lock.json", "pkg"] {
        inputs.add(&wasm.join(input))?;
    }
    let product = wasm.join("lib/node.js");
    stamp::once(&workspace.target("xtask/wasm-lib.stamp"), &product, inputs, || {
        if wasm.join("lib").exists() {
            fs::remove_dir_all(wasm.join("lib"))?;
        }
        process::run(&mut npm::script(workspace, "wasm", "build"))
    })
}

/// Refuses a module that wants anything of its surroundings but what the bindings give it.
fn check_imports(module: &Path) -> Result<()> {
    let bytes = fs::read(module).with_context(|| format!("cannot read {}", module.display()))?;
    let strays =
        stray_imports(&bytes).with_context(|| format!("cannot parse {}", module.display()))?;
    if !strays.is_empty() {
        bail!("{} imports {}, which no browser offers", module.display(), strays.join(", "));
    }
    Ok(())
}

fn stray_imports(module: &[u8]) -> Result<Vec<String>> {
    let mut strays = Vec::new();
    for payload in Parser::new(0).parse_all(module) {
        if let Payload::ImportSection(imports) = payload? {
            for import in imports.into_imports() {
                let import = import?;
                if !GLUE_MODULES.contains(&import.module) {
                    strays.push(format!("{}.{}", import.module, import.name));
                }
            }
        }
    }
    Ok(strays)
}

/// ES module and TypeScript declarations that load in a page, a worker and Node alike.
fn bind(module: &Path, package: &Path) -> Result<()> {
    let mut bindgen = Bindgen::new();
    bindgen.input_path(module).typescript(true);
    // Without an argument the page's `init()` finds the module beside the script, where bundlers see it too.
    bindgen.omit_default_module_path(false);
    bindgen
        .web(true)
        .and_then(|bindgen| bindgen.generate(package))
        .context("cannot make the JavaScript bindings")
}

/// Binaryen takes about a third off what rustc leaves.
fn shrink(optimiser: &Path, module: &Path) -> Result<()> {
    let before = fs::metadata(module)?.len();
    process::run(
        std::process::Command::new("node")
            .arg(optimiser)
            .arg("-Oz")
            // Rust puts the far end of the stack there, behind a page that no address is taken in.
            .arg("--low-memory-unused")
            .arg("-o")
            .arg(module)
            .arg(module),
    )?;
    let after = fs::metadata(module)?.len();
    println!("{}: {before} bytes, {after} after wasm-opt", module.display());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::stray_imports;

    /// A module with one imported function, type `() -> ()`. WebAssembly core 5.5.
    fn module_importing(module: &str, name: &str) -> Vec<u8> {
        let mut import = vec![1, module.len() as u8];
        import.extend_from_slice(module.as_bytes());
        import.push(name.len() as u8);
        import.extend_from_slice(name.as_bytes());
        import.extend_from_slice(&[0, 0]);
        let mut bytes = b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x02".to_vec();
        bytes.push(import.len() as u8);
        bytes.extend(import);
        bytes
    }

    #[test]
    fn only_the_glue_may_be_imported() {
        let glue = module_importing("__wbindgen_placeholder__", "__wbindgen_throw");
        assert_eq!(stray_imports(&glue).unwrap(), Vec::<String>::new());
        let libc = module_importing("env", "memcpy");
        assert_eq!(stray_imports(&libc).unwrap(), ["env.memcpy"]);
        assert!(stray_imports(b"not a module").is_err());
    }
}
