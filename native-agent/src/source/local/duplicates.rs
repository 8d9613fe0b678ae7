//! Files that are the same, byte for byte.

use core::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::{
    collections::HashMap,
    io::{self, Read as _},
    sync::{Mutex, PoisonError},
    thread,
};

use image_core::{NodeId, SourceId, Tree, tree::Details, tree::Kind};
use sha2::{Digest as _, Sha256};

use super::{LocalFiles, check_unchanged};
use crate::source::SourceError;

/// Bytes read at a time.
const BUFFER: usize = 256 << 10;

type Found = (NodeId, SourceId, [u8; 32]);

/// Gives every file that may be the same as another its digest, so that equal ones are recorded once. Only files of a
/// length that occurs twice are read, by as many threads as there are processors. Setting `cancelled` ends it early.
///
/// # Errors
/// When a file cannot be read or has changed.
pub fn find_duplicates(
    tree: &mut Tree,
    files: &LocalFiles,
    cancelled: &AtomicBool,
) -> Result<(), SourceError> {
    let candidates = candidates(tree);
    let (next, found) = (AtomicUsize::new(0), Mutex::new(Ok(Vec::new())));
    let work = || {
        let mut buffer = vec![0; BUFFER];
        while let Some((node, source)) = candidates.get(next.fetch_add(1, Ordering::Relaxed)) {
            let digest = digest(files, *source, &mut buffer, cancelled);
            let mut found = found.lock().unwrap_or_else(PoisonError::into_inner);
            match (digest, found.as_mut()) {
                (Ok(Some(digest)), Ok(found)) => found.push((*node, *source, digest)),
                (Err(error), Ok(_)) => *found = Err(error),
                _ => return,
            }
        }
    };
    let threads = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 0..threads.min(candidates.len()) {
            scope.spawn(work);
        }
    });
    let found: Vec<Found> = found.into_inner().unwrap_or_else(PoisonError::into_inner)?;
    for (node, _, digest) in found {
        let details = Details { digest: Some(digest), ..tree.details(node).clone() };
        tree.set_details(node, details);
    }
    Ok(())
}

/// Files whose length occurs twice, in the order in which they were found.
fn candidates(tree: &Tree) -> Vec<(NodeId, SourceId)> {
    let mut files = Vec::new();
    let mut lengths: HashMap<u64, u32> = HashMap::new();
    let mut pending = vec![NodeId::ROOT];
    while let Some(node) = pending.pop() {
        match tree.kind(node) {
            Kind::Directory => pending.extend(tree.children(node)),
            Kind::File { source, len } if len > 0 && !tree.is_hard_link(node) => {
                files.push((node, source, len));
                *lengths.entry(len).or_default() += 1;
            }
            _ => {}
        }
    }
    files.sort_unstable_by_key(|(_, source, _)| *source);
    let occurs_twice = |len: &u64| lengths.get(len).is_some_and(|count| *count > 1);
    let files = files.into_iter().filter(|(.., len)| occurs_twice(len));
    files.map(|(node, source, _)| (node, source)).collect()
}

/// SHA-256 of a file; `None` when it was cancelled.
fn digest(
    files: &LocalFiles,
    source: SourceId,
    buffer: &mut [u8],
    cancelled: &AtomicBool,
) -> Result<Option<[u8; 32]>, SourceError> {
    let (mut file, expected) = files.open(source)?;
    let path = files.path(source);
    let mut running = Sha256::new();
    loop {
        if cancelled.load(Ordering::Relaxed) {
            return Ok(None);
        }
        match file.read(buffer) {
            Ok(0) => break,
            Ok(read) => running.update(buffer.get(..read).unwrap_or_default()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(SourceError::io(&path, error)),
        }
    }
    check_unchanged(&file, &path, expected)?;
    Ok(Some(running.finalize().into()))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::source::local::{Graft, ScanOptions, scan};

    #[test]
    fn only_files_of_equal_length_are_read() {
        let folder = tempfile::tempdir().unwrap();
        for (name, content) in
            [("a", "same"), ("b", "othr"), ("c", "same"), ("d", "alone"), ("e", "")]
        {
            fs::write(folder.path().join(name), content).unwrap();
        }
        let graft = Graft { target: String::new(), path: folder.path().into() };
        let mut found = scan(&[graft], &ScanOptions::default()).unwrap();
        find_duplicates(&mut found.tree, &found.files, &AtomicBool::new(false)).unwrap();
        let digest = |name| found.tree.details(found.tree.find(name).unwrap()).digest;
        assert_eq!(digest("a"), Some(Sha256::digest("same").into()));
        assert_eq!(digest("a"), digest("c"));
        assert!(digest("b").is_some() && digest("b") != digest("a"));
        assert_eq!((digest("d"), digest("e")), (None, None));
        fs::write(folder.path().join("c"), "longer").unwrap();
        let error = find_duplicates(&mut found.tree, &found.files, &AtomicBool::new(false));
        assert!(matches!(error, Err(SourceError::Changed { .. })), "{error:?}");
    }
}
