//! What is left out of one file system and kept in the others, by name or path.

use image_core::{Details, HiddenIn, NodeId, Tree, tree::Kind};

use super::scan::tell_unmatched;
use crate::source::local::{Exclude, PatternError};

#[derive(Debug, PartialEq, clap::Args)]
#[command(next_help_heading = "Hiding")]
pub(crate) struct HideArgs {
    /// Leave out of ISO 9660 and Rock Ridge what has a matching name or path; may be repeated. What --append adds to stays
    /// as it is
    #[arg(long, value_name = "GLOB")]
    hide_iso: Vec<String>,
    /// The same for Joliet
    #[arg(long, value_name = "GLOB")]
    hide_joliet: Vec<String>,
    /// The same for UDF
    #[arg(long, value_name = "GLOB")]
    hide_udf: Vec<String>,
    /// Mark as hidden what has a matching name or path; may be repeated
    #[arg(long, value_name = "GLOB")]
    hidden: Vec<String>,
}

impl HideArgs {
    /// Marks the entries that match.
    pub(super) fn apply(&self, tree: &mut Tree) -> Result<(), PatternError> {
        let lists = [&self.hide_iso, &self.hide_joliet, &self.hide_udf, &self.hidden];
        if lists.iter().all(|list| list.is_empty()) {
            return Ok(());
        }
        let left_out = [
            (HiddenIn::ISO9660, Exclude::new(&self.hide_iso)?),
            (HiddenIn::JOLIET, Exclude::new(&self.hide_joliet)?),
            (HiddenIn::UDF, Exclude::new(&self.hide_udf)?),
        ];
        let hidden = Exclude::new(&self.hidden)?;
        let mut pending = vec![NodeId::ROOT];
        while let Some(directory) = pending.pop() {
            for id in tree.children(directory).collect::<Vec<_>>() {
                let path = tree.path(id);
                let matching = left_out.iter().filter(|(_, globs)| globs.matches(&path));
                let hidden_in = matching.fold(HiddenIn::empty(), |all, (system, _)| all | *system);
                let is_hidden = hidden.matches(&path);
                if is_hidden || !hidden_in.is_empty() {
                    let details = tree.details(id).clone();
                    tree.set_details(id, Details { hidden_in, hidden: is_hidden, ..details });
                }
                if matches!(tree.kind(id), Kind::Directory) {
                    pending.push(id);
                }
            }
        }
        let [(_, iso), (_, joliet), (_, udf)] = &left_out;
        let lists = [
            ("--hide-iso", iso),
            ("--hide-joliet", joliet),
            ("--hide-udf", udf),
            ("--hidden", &hidden),
        ];
        for (option, patterns) in lists {
            tell_unmatched(option, patterns);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use image_core::{Attributes, SourceId};

    use super::*;

    #[test]
    fn names_and_paths_are_marked() {
        let mut tree = Tree::new();
        for path in ["a/x.tmp", "a/b/x.tmp", "c"] {
            tree.add_file(path, SourceId(0), 0, Attributes::default()).unwrap();
        }
        let list = |glob: &str| vec![glob.to_owned()];
        let args = HideArgs {
            hide_iso: list("*.tmp"),
            hide_joliet: list("a/b"),
            hide_udf: Vec::new(),
            hidden: list("c"),
        };
        args.apply(&mut tree).unwrap();
        let hidden_in = |path: &str| tree.details(tree.find(path).unwrap()).hidden_in;
        assert_eq!(hidden_in("a/x.tmp"), HiddenIn::ISO9660);
        assert_eq!((hidden_in("a/b"), hidden_in("a")), (HiddenIn::JOLIET, HiddenIn::empty()));
        assert!(tree.details(tree.find("c").unwrap()).hidden);
        let broken = HideArgs { hide_udf: list("["), ..args };
        assert!(broken.apply(&mut tree).is_err());
    }
}
