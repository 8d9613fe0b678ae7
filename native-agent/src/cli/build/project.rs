//! `build`: a project of the app.

use std::path::Path;
use std::sync::Arc;

use super::{Args, Planned, plan_failed};
use crate::{
    cli::CliError,
    source::local::{Gathered, Project, ProjectError},
};

/// The project file that is to be built, if it is one.
pub(super) fn named(args: &Args) -> Result<Option<&Path>, CliError> {
    let path = match args.paths.as_slice() {
        [only] if Project::is_named(Path::new(only)) => Path::new(only),
        _ if args.root.is_some() => {
            return Err(CliError::usage("--root is for a project")
                .hint("name one project file, as the app saves it, and nothing else"));
        }
        _ => return Ok(None),
    };
    if args.append.is_some() || !args.image.is_default() {
        return Err(CliError::usage("a project says itself how its image is made")
            .hint("leave the other options out, or change the project in the app"));
    }
    Ok(Some(path))
}

pub(super) fn plan(path: &Path, root: Option<&Path>) -> Result<Planned, CliError> {
    let failed = |error: ProjectError| CliError::input(&error).maybe_hint(error.hint());
    let project = Project::read(path).map_err(failed)?;
    let mut options = project.image_options().map_err(failed)?;
    let beside = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    let root = root.or(beside).unwrap_or_else(|| Path::new("."));
    let Gathered { mut scan, redated } = project.gather(root).map_err(failed)?;
    project.complete(&mut scan, &mut options).map_err(failed)?;
    if redated > 0 {
        let (files, were) = if redated == 1 { ("file", "was") } else { ("files", "were") };
        eprintln!(
            "note: {redated} {files} of the same length {were} changed at another time than the project says"
        );
    }
    let plan = image_core::plan(Arc::new(scan.tree), &options).map_err(|e| plan_failed(&e))?;
    Ok(Planned { plan, files: scan.files, notices: scan.notices, head: None })
}
