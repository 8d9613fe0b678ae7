//! The interfaces of Microsoft's Image Mastering API, and whether `docs/imapi.md` has a row for each of their members.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, ensure};

use super::Document;

/// `INTERFACE: MEMBER MEMBER…` a line. Properties go without `get_` and `put_`.
const LIST: &str = include_str!("imapi-members.txt");

/// Holds the tables of a document against the list: a row for each member, and in each row an answer. A member is one of all the
/// interfaces that the heading names, or `INTERFACE.MEMBER`. Returns how many there are.
pub fn check(document: &Document) -> Result<usize> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for row in document.rows() {
        let Some(cell) = row.cell("member") else { continue };
        let place = || format!("{}:{}", document.name, row.line);
        ensure!(row.cells.len() == row.columns.len(), "{}: a cell too many or too few", place());
        let says = row.cells.iter().skip(1).any(|cell| !matches!(cell.as_str(), "" | "–"));
        ensure!(says, "{}: {cell} has no answer", place());
        for member in super::spans_in(row.line, cell) {
            if let Some((interface, member)) = member.text.split_once('.') {
                found.entry(interface.to_owned()).or_default().insert(member.to_owned());
                continue;
            }
            for interface in super::spans_in(row.line, &row.section) {
                found.entry(interface.text).or_default().insert(member.text.clone());
            }
        }
    }
    let mut count = 0;
    for line in LIST.lines().filter(|line| !line.starts_with('#')) {
        let (interface, members) = line.split_once(": ").context("a line of the list is broken")?;
        let rows = found.get(interface).with_context(|| format!("no section for {interface}"))?;
        for member in members.split(' ') {
            ensure!(rows.contains(member), "no row for {interface}.{member}");
            count += 1;
        }
        let known: BTreeSet<&str> = members.split(' ').collect();
        let invented: Vec<&String> =
            rows.iter().filter(|row| !known.contains(row.as_str())).collect();
        ensure!(invented.is_empty(), "{interface} has no {invented:?}");
    }
    Ok(count)
}
