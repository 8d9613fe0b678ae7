//! Makes sure that there is a folder to take the app from. An empty one builds an agent without the app.

fn main() -> std::io::Result<()> {
    let app = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../web/dist");
    std::fs::create_dir_all(&app)?;
    println!("cargo::rerun-if-changed={}", app.display());
    Ok(())
}
