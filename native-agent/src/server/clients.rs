//! The pages that hold a token, kept as hashes in a private file.

use std::{
    path::PathBuf,
    sync::{Mutex, MutexGuard, PoisonError},
    time::SystemTime,
};

use serde::{Deserialize, Serialize};

use crate::{
    clock,
    identity::{self, NoRandomness},
    state_dir::{self, StateError},
};

/// A page that was paired.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Client {
    /// Names it in the list; not a secret.
    pub(super) id: String,
    /// The one origin its token works for.
    pub(super) origin: String,
    token_hash: String,
    /// Unix time of pairing, in milliseconds.
    pub(super) created: u64,
    /// Unix time of its last request, in milliseconds; written down at the next change.
    pub(super) last_seen: u64,
}

/// Why a page could not be added or removed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(super) enum ClientsError {
    /// The file could not be written.
    #[error(transparent)]
    State(#[from] StateError),
    /// No token could be made.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
}

/// All paired pages.
#[derive(Debug)]
pub(super) struct Clients {
    file: PathBuf,
    list: Mutex<Vec<Client>>,
}

impl Clients {
    /// Reads the pages paired so far.
    pub(super) fn load(file: PathBuf) -> Result<Self, StateError> {
        let list = state_dir::load_json(&file)?.unwrap_or_default();
        Ok(Self { file, list: Mutex::new(list) })
    }

    /// Pairs a page. The token is told this once and cannot be read back.
    pub(super) fn add(
        &self,
        origin: &str,
        now: SystemTime,
    ) -> Result<(String, Client), ClientsError> {
        let token = identity::random_token()?;
        let at = clock::unix_millis(now);
        let client = Client {
            id: identity::random_id()?,
            origin: origin.to_owned(),
            token_hash: identity::token_hash(&token),
            created: at,
            last_seen: at,
        };
        self.change(|list| list.push(client.clone()))?;
        Ok((token, client))
    }

    /// Takes a page's token away. `false` when there is no such page.
    pub(super) fn remove(&self, id: &str) -> Result<bool, StateError> {
        if !self.list().iter().any(|client| client.id == id) {
            return Ok(false);
        }
        self.change(|list| list.retain(|client| client.id != id))?;
        Ok(true)
    }

    /// The page that holds this token, if it is a page of one of `origins`.
    pub(super) fn authenticate(
        &self,
        token: &str,
        origins: &[&str],
        now: SystemTime,
    ) -> Option<Client> {
        let hash = identity::token_hash(token);
        let mut list = self.list();
        let client = list.iter_mut().find(|client| {
            origins.contains(&client.origin.as_str())
                & identity::same_secret(&client.token_hash, &hash)
        })?;
        client.last_seen = clock::unix_millis(now);
        Some(client.clone())
    }

    /// Whether some page of this origin is paired.
    pub(super) fn knows(&self, origin: &str) -> bool {
        self.list().iter().any(|client| client.origin == origin)
    }

    /// Every paired page, oldest first.
    pub(super) fn all(&self) -> Vec<Client> {
        self.list().clone()
    }

    /// Writes the times the pages were last seen.
    pub(super) fn save(&self) -> Result<(), StateError> {
        self.change(|_| ())
    }

    /// Changes the list only if the change could be written down.
    fn change(&self, change: impl FnOnce(&mut Vec<Client>)) -> Result<(), StateError> {
        let mut list = self.list();
        let mut changed = list.clone();
        change(&mut changed);
        state_dir::save_json(&self.file, &changed)?;
        *list = changed;
        Ok(())
    }

    fn list(&self) -> MutexGuard<'_, Vec<Client>> {
        self.list.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::*;

    const SITE: &str = "https://discwright.example";

    #[test]
    fn a_token_works_for_its_origin_until_revoked_and_is_not_stored() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("clients.json");
        let clients = Clients::load(file.clone()).unwrap();
        let (token, client) = clients.add(SITE, UNIX_EPOCH).unwrap();

        let found = |clients: &Clients, token: &str, origin: &str| {
            clients.authenticate(token, &[origin], UNIX_EPOCH).map(|client| client.id)
        };
        assert_eq!(found(&clients, &token, SITE), Some(client.id.clone()));
        assert_eq!(found(&clients, &token, "https://other.example"), None);
        assert_eq!(found(&clients, &token[1..], SITE), None);
        assert!(!std::fs::read_to_string(&file).unwrap().contains(&token));

        let reloaded = Clients::load(file).unwrap();
        assert_eq!(found(&reloaded, &token, SITE), Some(client.id.clone()));
        assert!(reloaded.remove(&client.id).unwrap());
        assert!(!reloaded.remove(&client.id).unwrap());
        assert_eq!(found(&reloaded, &token, SITE), None);
        assert!(!reloaded.knows(SITE));
    }
}
