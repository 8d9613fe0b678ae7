//! `build`: a project of the app.

use std::ffi::OsString;
use std::path::Path;
use std::sync::Arc;

use image_core::Warning;

use super::{
    Args, ImageArgs, Planned, check_fits,
    failed::project_failed,
    outputs::{Input, Outputs},
    report,
};
use crate::{
    cli::CliError,
    source::local::{Gathered, Project, ProjectError},
};

/// The project file that is to be built, if it is one.
pub(super) fn named(args: &Args) -> Result<Option<&Path>, CliError> {
    let found = alone(&args.paths, &args.image)?;
    if found.is_none() && args.root.is_some() {
        return Err(CliError::usage("--root is for a project")
            .hint("name one project file, as the app saves it, and nothing else"));
    }
    if found.is_some() && args.append.is_some() {
        return Err(not_with_options(&["--append"]));
    }
    Ok(found)
}

/// The project file, if that is all that is named. Beside others it is a file as they are.
pub(in crate::cli) fn alone<'a>(
    paths: &'a [OsString],
    options: &ImageArgs,
) -> Result<Option<&'a Path>, CliError> {
    match paths {
        [only] if Project::is_named(Path::new(only)) => {
            let given = options.of_contents();
            if !given.is_empty() {
                return Err(not_with_options(&given));
            }
            Ok(Some(Path::new(only)))
        }
        _ => {
            for path in paths.iter().filter(|path| Project::is_named(Path::new(path))) {
                let path = path.display();
                eprintln!("note: {path} is recorded as a file; named alone, it is built");
            }
            Ok(None)
        }
    }
}

fn not_with_options(given: &[&str]) -> CliError {
    let names = given.join(", ");
    CliError::usage(format!("a project says itself how its image is made, without {names}"))
        .hint(format!("leave {names} out, or change the project in the app"))
}

/// Lays out a project whose files are below `root`, or beside it.
pub(in crate::cli) fn plan(
    path: &Path,
    root: Option<&Path>,
    output: Option<&Path>,
    image: &ImageArgs,
    written: Option<&Input>,
) -> Result<Planned, CliError> {
    let failed = |error: ProjectError| CliError::input(&error).maybe_hint(error.hint());
    let project = Project::read(path).map_err(failed)?;
    let mut options = project.image_options().map_err(failed)?;
    let beside = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    let root = root.or(beside).unwrap_or_else(|| Path::new("."));
    let outputs = Outputs { image: output, sums: image.checksums.file() };
    outputs.check([Input::project(path)].iter().chain(written))?;
    let Gathered { mut scan, redated } = project.gather(root, &outputs.paths()).map_err(failed)?;
    project.complete(&mut scan, &mut options).map_err(failed)?;
    if redated > 0 {
        let (files, were) = if redated == 1 { ("file", "was") } else { ("files", "were") };
        eprintln!(
            "note: {redated} {files} of the same length {were} changed at another time than the project says"
        );
    }
    options.layout.max_blocks = image.layout.max_blocks();
    options.checksums.sha256_files |= image.checksums.options().sha256_files;
    let plan = image_core::plan(Arc::new(scan.tree), &options);
    let plan = plan.map_err(|error| project_failed(&error, image))?;
    report::warn(&plan, image.iso.warnings, Warning::hint);
    if let Some(medium) = project.medium() {
        check_fits(&plan, medium)?;
    }
    Ok(Planned { plan, files: scan.files, notices: scan.notices, base: None, head: None })
}
