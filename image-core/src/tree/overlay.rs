//! One tree laid over another.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use super::{AddError, Attributes, Details, Kind, NodeId, Tree};

impl Tree {
    /// Adds all that is in `over`, in place of what has the same path. Directories are laid over each other: they take the
    /// attributes of the one above and, of what few have, what that one has; the rest stays. With `update`, the bytes of a file
    /// that has the same length and, to the second, the same time of modification stay those that are there, and what else is
    /// recorded of it is taken anew.
    ///
    /// # Errors
    /// [`AddError::Full`]: paths are those of a tree, and taken ones are made free.
    pub fn overlay(&mut self, over: &Self, update: bool) -> Result<(), AddError> {
        self.set_attributes(NodeId::ROOT, over.attributes(NodeId::ROOT));
        self.set_details(NodeId::ROOT, over.details(NodeId::ROOT).over(self.details(NodeId::ROOT)));
        let mut added: BTreeMap<NodeId, NodeId> = BTreeMap::new();
        let mut pending: Vec<NodeId> = Vec::from([NodeId::ROOT]);
        while let Some(directory) = pending.pop() {
            for node in over.children(directory) {
                if matches!(over.kind(node), Kind::Directory) {
                    pending.push(node);
                }
                let here = self.find(&over.path(node));
                match here.filter(|here| update && self.is_same(*here, over, node)) {
                    Some(here) => self.renew(here, over, node),
                    None => self.lay(over, node, &mut added)?,
                }
            }
        }
        Ok(())
    }

    /// Whether a file has the length and time of one of another tree.
    fn is_same(&self, here: NodeId, over: &Self, node: NodeId) -> bool {
        let time = |tree: &Self, node| {
            let modified = tree.attributes(tree.link_of(node)).modified;
            modified.map(|time| time.to_unix())
        };
        match (self.kind(here), over.kind(node)) {
            (Kind::File { len: before, .. }, Kind::File { len, .. }) => {
                before == len && time(self, here).is_some() && time(self, here) == time(over, node)
            }
            _ => false,
        }
    }

    /// Takes over what is recorded of a file besides its bytes. What the other does not tell of stays.
    fn renew(&mut self, here: NodeId, over: &Self, node: NodeId) {
        let (here, node) = (self.link_of(here), over.link_of(node));
        let (known, new) = (self.attributes(here), over.attributes(node));
        let attributes = Attributes {
            modified: new.modified.or(known.modified),
            mode: new.mode.or(known.mode),
            uid: new.uid.or(known.uid),
            gid: new.gid.or(known.gid),
        };
        self.set_attributes(here, attributes);
        let known = self.details(here).clone();
        let both = over.details(node).over(&known);
        let Details { content, recorded, digest, .. } = known;
        self.set_details(here, Details { content, recorded, digest, ..both });
    }

    fn lay(
        &mut self,
        over: &Self,
        node: NodeId,
        added: &mut BTreeMap<NodeId, NodeId>,
    ) -> Result<(), AddError> {
        let path = over.path(node);
        let (kind, attributes) = (over.kind(node), over.attributes(node));
        let below = self.find(&path).map(|node| self.kind(node));
        let both = matches!((below, kind), (Some(Kind::Directory), Kind::Directory));
        if below.is_some() && !both {
            // It is there, so that it can be removed.
            let _ = self.remove(&path);
        }
        // Whichever name of a file comes first holds it here.
        let file = over.link_of(node);
        let new = match added.get(&file) {
            Some(first) => self.add_hard_link(&path, *first)?,
            None => {
                let new = match kind {
                    Kind::Directory => self.add_directory(&path, attributes)?,
                    Kind::File { source, len } => self.add_file(&path, source, len, attributes)?,
                    Kind::Symlink { target } => self.add_symlink(&path, target, attributes)?,
                    Kind::Special(special) => self.add_special(&path, special, attributes)?,
                };
                added.insert(file, new);
                // Only a directory has any here already.
                self.set_details(new, over.details(file).over(self.details(new)));
                new
            }
        };
        let (name, shared) = (over.details(node), over.details(file));
        if (name.hidden_in, name.hidden) != (shared.hidden_in, shared.hidden) {
            let own = self.details(new).clone();
            let own = Details { hidden_in: name.hidden_in, hidden: name.hidden, ..own };
            self.set_details(new, own);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::String;

    use super::super::{HiddenIn, Stream};
    use super::*;
    use crate::SourceId;

    fn tree(files: &[(&str, u32)]) -> Tree {
        let mut tree = Tree::new();
        for (path, source) in files {
            tree.add_file(path, SourceId(*source), 1, Attributes::default()).unwrap();
        }
        tree
    }

    fn listed(tree: &Tree) -> Vec<(String, Option<u32>)> {
        let mut found = Vec::new();
        let mut pending = Vec::from([NodeId::ROOT]);
        while let Some(directory) = pending.pop() {
            for node in tree.children(directory) {
                let source = match tree.kind(node) {
                    Kind::File { source, .. } => Some(source.0),
                    _ => None,
                };
                found.push((tree.path(node), source));
                pending.push(node);
            }
        }
        found.sort();
        found
    }

    #[test]
    fn what_is_above_takes_the_place_of_what_is_below() {
        let mut below = tree(&[("a", 1), ("d/b", 2), ("d/c", 3), ("x/y", 4), ("z", 5)]);
        let above = tree(&[("d/c", 13), ("x", 14), ("z/q", 15)]);
        below.overlay(&above, false).unwrap();
        let wanted = [
            ("a", Some(1)),
            ("d", None),
            ("d/b", Some(2)),
            ("d/c", Some(13)),
            ("x", Some(14)),
            ("z", None),
            ("z/q", Some(15)),
        ];
        let wanted = wanted.map(|(path, source)| (String::from(path), source));
        assert_eq!(listed(&below), wanted);
    }

    #[test]
    fn what_few_directories_have_stays_below_others() {
        let attribute = |name: &str, value: u8| (String::from(name), Vec::from([value]));
        let time = |seconds| Some(crate::DiscTime::from_unix(seconds, 0, 0));
        let mut below = tree(&[("d/a", 1)]);
        let mut above = tree(&[("d/b", 2)]);
        for path in ["", "d"] {
            let node = below.find(path).unwrap();
            let details = Details {
                created: time(5),
                accessed: time(6),
                hidden_in: HiddenIn::JOLIET,
                streams: Vec::from([Stream::new("s", SourceId(7), 1)]),
                extended_attributes: Vec::from([attribute("user.x", 1), attribute("user.y", 2)]),
                ..Details::default()
            };
            below.set_details(node, details);
            let node = above.find(path).unwrap();
            let details = Details {
                accessed: time(8),
                extended_attributes: Vec::from([attribute("user.y", 3)]),
                ..Details::default()
            };
            above.set_details(node, details);
        }
        below.overlay(&above, false).unwrap();
        for path in ["", "d"] {
            let details = below.details(below.find(path).unwrap());
            assert_eq!((details.created, details.accessed), (time(5), time(8)), "{path:?}");
            assert_eq!(details.hidden_in, HiddenIn::JOLIET);
            assert_eq!(details.streams.len(), 1);
            let kept = [attribute("user.x", 1), attribute("user.y", 3)];
            assert_eq!(details.extended_attributes, kept);
        }
        assert_eq!(*below.details(below.find("d/b").unwrap()), Details::default());
    }

    #[test]
    fn names_of_one_file_stay_names_of_one_file() {
        let mut above = tree(&[("m", 1)]);
        let file = above.find("m").unwrap();
        above.add_hard_link("a", file).unwrap();
        let mut below = tree(&[("a", 9), ("b", 8)]);
        below.overlay(&above, false).unwrap();
        let node = |path| below.find(path).unwrap();
        assert_eq!(below.link_of(node("a")), below.link_of(node("m")));
        assert!(below.is_hard_link(node("a")) != below.is_hard_link(node("m")));
        assert!(!below.is_hard_link(node("b")));
    }

    #[test]
    fn an_update_keeps_files_of_the_same_length_and_time() {
        let at = |seconds| Attributes {
            modified: Some(crate::DiscTime::from_unix(seconds, 5_000, 0)),
            ..Attributes::default()
        };
        let tree = |files: &[(&str, u32, u64, i64)]| {
            let mut tree = Tree::new();
            for (path, source, len, time) in files {
                tree.add_file(path, SourceId(*source), *len, at(*time)).unwrap();
            }
            tree
        };
        let mut below = tree(&[("same", 1, 5, 9), ("longer", 2, 5, 9), ("later", 3, 5, 9)]);
        let above = tree(&[("same", 11, 5, 9), ("longer", 12, 6, 9), ("later", 13, 5, 10)]);
        below.overlay(&above, true).unwrap();
        let wanted = [("later", Some(13)), ("longer", Some(12)), ("same", Some(1))];
        assert_eq!(listed(&below), wanted.map(|(path, source)| (String::from(path), source)));
    }
    #[test]
    fn an_update_takes_anew_what_is_recorded_besides_the_bytes() {
        let at = |mode, uid| Attributes {
            modified: Some(crate::DiscTime::from_unix(9, 0, 0)),
            mode,
            uid,
            ..Attributes::default()
        };
        let file = |source, attributes, details| {
            let mut tree = Tree::new();
            let node = tree.add_file("a", SourceId(source), 5, attributes).unwrap();
            tree.set_details(node, details);
            tree
        };
        let recorded = Details { recorded: Some(crate::Lba(77)), ..Details::default() };
        let mut below = file(1, at(Some(0o600), Some(7)), recorded.clone());
        let accessed = Some(crate::DiscTime::from_unix(3, 0, 0));
        let above = file(2, at(Some(0o755), None), Details { accessed, ..Details::default() });
        below.overlay(&above, true).unwrap();
        let node = below.find("a").unwrap();
        assert_eq!(below.attributes(node), at(Some(0o755), Some(7)));
        assert_eq!(*below.details(node), Details { accessed, ..recorded });
        assert_eq!(listed(&below), [(String::from("a"), Some(1))]);
    }
}
