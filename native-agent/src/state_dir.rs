//! Where the agent keeps what must outlive it: paired pages, uploads, the history of jobs.

use std::{
    ffi::OsString,
    fs::{self, File, TryLockError},
    io::{self, Write},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

/// Why the state folder cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StateError {
    /// Neither an option nor the environment says where state belongs.
    #[error("there is no home folder to keep state in")]
    NoHome,
    /// The system refused.
    #[error("cannot use {}", path.display())]
    Io {
        /// The file or folder in question.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// A file in the folder does not hold what it should.
    #[error("{} is damaged", path.display())]
    Damaged {
        /// The file in question.
        path: PathBuf,
        /// What is wrong with it.
        #[source]
        source: serde_json::Error,
    },
    /// Another agent uses the folder.
    #[error("another discwright agent is using {}", path.display())]
    InUse {
        /// The folder in question.
        path: PathBuf,
    },
}

impl StateError {
    /// What the user can do about it.
    #[must_use]
    pub const fn hint(&self) -> Option<&'static str> {
        match self {
            Self::NoHome => Some("say where with --state-dir"),
            Self::Io { .. } => None,
            Self::Damaged { .. } => Some("move the file away; the agent starts a new one"),
            Self::InUse { .. } => Some("stop it first, or give this one a folder with --state-dir"),
        }
    }
}

/// The folder, private to its user.
#[derive(Clone, Debug)]
pub struct StateDir {
    root: PathBuf,
}

/// Held by the one agent that uses a state folder.
#[derive(Debug)]
pub struct StateLock {
    _file: File,
}

/// How the command line reaches the agent that is running.
#[derive(Debug, Serialize, Deserialize)]
pub struct Rendezvous {
    /// The port it listens on.
    pub port: u16,
    /// The secret that shows a request comes from the same user.
    pub secret: String,
}

impl StateDir {
    /// Opens `chosen`, or the platform's place for state, and creates it where it is not there yet.
    ///
    /// # Errors
    /// When there is no such place, or it cannot be created.
    pub fn open(chosen: Option<&Path>) -> Result<Self, StateError> {
        let root = match chosen {
            Some(path) => path.to_path_buf(),
            None => platform_dir(|name| std::env::var_os(name)).ok_or(StateError::NoHome)?,
        };
        create_private_dir(&root)?;
        Ok(Self { root })
    }

    /// A folder inside, created where it is not there yet.
    ///
    /// # Errors
    /// When it cannot be created.
    pub fn folder(&self, name: &str) -> Result<PathBuf, StateError> {
        let path = self.root.join(name);
        create_private_dir(&path)?;
        Ok(path)
    }

    /// The path of a file inside.
    #[must_use]
    pub fn file(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// Claims the folder for this process until the lock is dropped.
    ///
    /// # Errors
    /// [`StateError::InUse`] when another agent has it.
    pub fn lock(&self) -> Result<StateLock, StateError> {
        let path = self.file("lock");
        let io = |source| StateError::Io { path: path.clone(), source };
        let file = File::options().create(true).truncate(false).write(true).open(&path);
        let file = file.map_err(io)?;
        match file.try_lock() {
            Ok(()) => Ok(StateLock { _file: file }),
            Err(TryLockError::WouldBlock) => Err(StateError::InUse { path: self.root.clone() }),
            Err(TryLockError::Error(source)) => Err(io(source)),
        }
    }

    /// Leaves word of how to reach this agent.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn announce(&self, rendezvous: &Rendezvous) -> Result<(), StateError> {
        save_json(&self.file("agent.json"), rendezvous)
    }

    /// How to reach the agent that left word last, if one did.
    ///
    /// # Errors
    /// When the file is there but cannot be read.
    pub fn rendezvous(&self) -> Result<Option<Rendezvous>, StateError> {
        load_json(&self.file("agent.json"))
    }
}

/// Writes a private file whole: readers see the old content or the new, and a crash leaves either.
///
/// # Errors
/// When the file cannot be written.
pub fn save_json<T: Serialize>(path: &Path, value: &T) -> Result<(), StateError> {
    let io = |source| StateError::Io { path: path.to_path_buf(), source };
    let json = serde_json::to_vec_pretty(value).map_err(|e| io(e.into()))?;
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    // Temporary files are created for their owner alone, and keep that when they are renamed.
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(io)?;
    file.write_all(&json).and_then(|()| file.as_file().sync_data()).map_err(io)?;
    file.persist(path).map_err(|e| io(e.error))?;
    Ok(())
}

/// Reads a file written by [`save_json`]; `None` when it is not there.
///
/// # Errors
/// When it cannot be read or holds something else.
pub fn load_json<T: for<'de> Deserialize<'de>>(path: &Path) -> Result<Option<T>, StateError> {
    match fs::read(path) {
        Ok(json) => serde_json::from_slice(&json)
            .map(Some)
            .map_err(|source| StateError::Damaged { path: path.to_path_buf(), source }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(StateError::Io { path: path.to_path_buf(), source }),
    }
}

fn create_private_dir(path: &Path) -> Result<(), StateError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(|source| StateError::Io { path: path.to_path_buf(), source })
}

/// The XDG base directory specification on Unix, its counterparts elsewhere.
fn platform_dir(variable: impl Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    let set = |name| variable(name).map(PathBuf::from).filter(|path| path.is_absolute());
    if let Some(path) = set("DISCWRIGHT_STATE_DIR") {
        return Some(path);
    }
    if cfg!(windows) {
        return set("LOCALAPPDATA").map(|path| path.join("discwright"));
    }
    if cfg!(target_os = "macos") {
        return set("HOME").map(|path| path.join("Library/Application Support/discwright"));
    }
    let home = || set("HOME").map(|path| path.join(".local/state"));
    set("XDG_STATE_HOME").or_else(home).map(|path| path.join("discwright"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_private_and_replaced_whole() {
        let folder = tempfile::tempdir().unwrap();
        let state = StateDir::open(Some(&folder.path().join("a/b"))).unwrap();
        assert!(state.rendezvous().unwrap().is_none());
        for port in [1, 2] {
            state.announce(&Rendezvous { port, secret: "s".into() }).unwrap();
        }
        assert_eq!(state.rendezvous().unwrap().unwrap().port, 2);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
            assert_eq!(mode(&state.file("agent.json")), 0o600);
            assert_eq!(mode(&folder.path().join("a/b")), 0o700);
        }
    }

    #[test]
    fn one_agent_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let state = StateDir::open(Some(folder.path())).unwrap();
        let lock = state.lock().unwrap();
        assert!(matches!(state.lock(), Err(StateError::InUse { .. })));
        drop(lock);
        assert!(state.lock().is_ok());
    }

    #[test]
    fn a_damaged_file_is_reported_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let state = StateDir::open(Some(folder.path())).unwrap();
        fs::write(state.file("agent.json"), "{").unwrap();
        assert!(matches!(state.rendezvous(), Err(StateError::Damaged { .. })));
    }

    #[cfg(all(unix, not(target_os = "macos")))]
    #[test]
    fn follows_the_environment() {
        let dir = |set: &[(&str, &str)]| {
            platform_dir(|name| {
                set.iter().find(|(key, _)| *key == name).map(|(_, value)| OsString::from(value))
            })
        };
        assert_eq!(dir(&[("HOME", "/h")]), Some("/h/.local/state/discwright".into()));
        let both = [("HOME", "/h"), ("XDG_STATE_HOME", "/s")];
        assert_eq!(dir(&both), Some("/s/discwright".into()));
        // The specification says to ignore relative paths.
        let relative = [("HOME", "/h"), ("XDG_STATE_HOME", "s")];
        assert_eq!(dir(&relative), Some("/h/.local/state/discwright".into()));
        assert_eq!(dir(&[]), None);
    }
}
