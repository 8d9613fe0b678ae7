//! Whether the last session of an image is the newest one.

use std::path::Path;

use image_core::{
    Lba,
    read::{self, BlockSource},
};

use crate::cli::CliError;

/// What is behind the newest session may be left from an earlier use of a disc that can be overwritten.
#[derive(Debug, thiserror::Error)]
#[error(
    "cannot continue {path}: it is not clear which session is the newest, as that at block {session} is the last, and older \
     than that at block 0"
)]
struct Unclear {
    path: String,
    session: u32,
}

/// Says that an image has several sessions; fails where the last of them is older than the first.
pub(super) fn check<S: BlockSource>(
    source: &mut S,
    last: Lba,
    path: &Path,
) -> Result<(), CliError> {
    if last == Lba(0) {
        return Ok(());
    }
    let (path, session) = (path.display().to_string(), last.0);
    if created(source, last) < created(source, Lba(0)) {
        return Err(CliError::input(&Unclear { path, session }).hint(
            "read the disc without --whole, or cut off what is behind the volume, of which `isoinfo -d` tells the size",
        ));
    }
    eprintln!(
        "note: {path} has several sessions: the last is continued, which begins at block {session}"
    );
    Ok(())
}

/// When the volume of a session was made, in seconds since 1970.
fn created<S: BlockSource>(source: &mut S, session: Lba) -> Option<i64> {
    let image = read::open_session(source, session).ok()?;
    let infos = image.file_systems().filter_map(|system| image.info(system));
    infos.filter_map(|info| info.created).map(|time| time.to_unix()).max()
}

#[cfg(test)]
mod tests {
    use image_core::{Options, SessionOptions, Tree, read::SliceSource};

    use super::*;

    /// An image of two sessions that were made at these times.
    fn image(times: [i64; 2]) -> (Vec<u8>, Lba) {
        let mut image = Vec::new();
        let mut last = Lba(0);
        for seconds in times {
            last = Lba((image.len() / 2048) as u32);
            let start = SessionOptions { start: last, boot_catalog: None, udf: None };
            let options = Options {
                created: image_core::DiscTime::from_unix(seconds, 0, 0),
                session: (last.0 > 0).then_some(start),
                ..Options::default()
            };
            let plan = image_core::plan(Tree::new(), &options).unwrap();
            image.resize(image.len() + plan.size_bytes() as usize, 0);
            plan.render(last, &mut image[last.0 as usize * 2048..]);
        }
        (image, last)
    }

    #[test]
    fn a_last_session_that_is_older_is_not_continued() {
        for (times, is_clear) in [([5, 5], true), ([5, 6], true), ([6, 5], false)] {
            let (image, last) = image(times);
            assert!(last.0 > 0);
            let checked = check(&mut SliceSource::new(&image), last, Path::new("x"));
            assert_eq!(checked.is_ok(), is_clear, "{times:?}");
        }
    }
}
