//! What the tests share: real folders to author from, manifests to compare by, and the oracles.
