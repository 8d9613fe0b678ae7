//! The documents of the project held to what they say: commands are run, snippets compiled, names and links looked up.

pub mod commands;
pub mod links;
pub mod members;
pub mod names;
pub mod snippets;

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, ensure};

use crate::cache;

/// A document in Markdown.
#[derive(Clone, Debug)]
pub struct Document {
    /// Its path in the repository.
    pub name: String,
    pub blocks: Vec<Block>,
    /// What is no block, by its line.
    prose: Vec<(usize, String)>,
}

/// A fenced block.
#[derive(Clone, Debug)]
pub struct Block {
    /// The line of its first line, from 1.
    pub line: usize,
    /// The first word behind the fence.
    pub language: String,
    /// The words after it.
    pub remark: String,
    pub text: String,
}

/// Something on a line.
#[derive(Clone, Debug)]
pub struct Found {
    pub line: usize,
    pub text: String,
}

/// A row of a table, and what its columns are called.
#[derive(Clone, Debug)]
pub struct Row {
    pub line: usize,
    /// The last heading before the table, without its number signs.
    pub section: String,
    pub columns: Vec<String>,
    pub cells: Vec<String>,
}

impl Block {
    /// Why it is not run, where its author says so: `sh no-run REASON`.
    pub fn reason_not_to_run(&self) -> Option<&str> {
        self.remark.strip_prefix("no-run ").map(str::trim)
    }
}

impl Document {
    /// The document of this path in the repository.
    pub fn open(name: &str) -> Result<Self> {
        let path = cache::workspace().join(name);
        let text = fs::read_to_string(path).with_context(|| format!("cannot read {name}"))?;
        Self::parse(name, &text)
    }

    /// Takes a document apart.
    pub fn parse(name: &str, text: &str) -> Result<Self> {
        let mut found = Self { name: name.to_owned(), blocks: Vec::new(), prose: Vec::new() };
        let mut open: Option<Block> = None;
        for (line, content) in (1..).zip(text.lines()) {
            let fence = content.strip_prefix("```");
            match (&mut open, fence) {
                (Some(_), Some("")) => found.blocks.extend(open.take()),
                (Some(block), _) => {
                    block.text.push_str(content);
                    block.text.push('\n');
                }
                (None, Some(info)) => {
                    let (language, remark) = info.split_once(' ').unwrap_or((info, ""));
                    let (language, remark) = (language.to_owned(), remark.to_owned());
                    open = Some(Block { line: line + 1, language, remark, text: String::new() });
                }
                (None, None) => found.prose.push((line, content.to_owned())),
            }
        }
        let unclosed = open.map_or(0, |block| block.line);
        ensure!(unclosed == 0, "{name}:{unclosed}: the block has no end");
        Ok(found)
    }

    /// Code within lines.
    pub fn spans(&self) -> Vec<Found> {
        let of = |(line, text): &(usize, String)| spans_in(*line, text);
        self.prose.iter().flat_map(of).collect()
    }

    /// What links lead to.
    pub fn links(&self) -> Vec<Found> {
        let mut found = Vec::new();
        for (line, text) in &self.prose {
            let ends = text.split("](").skip(1);
            let targets = ends.filter_map(|rest| rest.split_once(')'));
            found.extend(targets.map(|(to, _)| Found { line: *line, text: to.to_owned() }));
        }
        found
    }

    /// What headings are called in links.
    pub fn anchors(&self) -> Vec<String> {
        let headings = self.prose.iter().filter_map(|(_, text)| heading(text));
        headings.map(anchor).collect()
    }

    /// All rows of all tables but their heads.
    pub fn rows(&self) -> Vec<Row> {
        let (mut rows, mut section) = (Vec::new(), String::new());
        let mut columns: Option<Vec<String>> = None;
        for (line, text) in &self.prose {
            if let Some(heading) = heading(text) {
                heading.clone_into(&mut section);
            }
            let Some(cells) = cells(text) else {
                columns = None;
                continue;
            };
            match &columns {
                None => columns = Some(cells),
                Some(_) if cells.iter().all(|cell| cell.trim_matches('-').is_empty()) => {}
                Some(columns) => rows.push(Row {
                    line: *line,
                    section: section.clone(),
                    columns: columns.clone(),
                    cells,
                }),
            }
        }
        rows
    }
}

impl Row {
    /// The cell of a column.
    pub fn cell(&self, column: &str) -> Option<&str> {
        let index = self.columns.iter().position(|name| name == column)?;
        self.cells.get(index).map(String::as_str)
    }
}

/// Code within a line.
pub fn spans_in(line: usize, text: &str) -> Vec<Found> {
    let inner = text.split('`').skip(1).step_by(2);
    inner.map(|text| Found { line, text: text.to_owned() }).collect()
}

/// All documents: README, CONTRIBUTING and what lies in `docs/`.
pub fn all() -> Result<Vec<Document>> {
    let folder = cache::workspace().join("docs");
    let mut names = vec!["CONTRIBUTING.md".to_owned(), "README.md".to_owned()];
    for entry in fs::read_dir(&folder).context("there is no docs/")? {
        let path: PathBuf = entry?.path();
        if path.extension().is_some_and(|extension| extension == "md") {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            names.push(format!("docs/{name}"));
        }
    }
    names.sort();
    names.iter().map(|name| Document::open(name)).collect()
}

fn heading(line: &str) -> Option<&str> {
    let text = line.trim_start_matches('#');
    (text.len() < line.len()).then(|| text.strip_prefix(' ')).flatten()
}

/// As GitHub has it: small letters, digits, `-` and `_`; spaces become `-`, everything else goes.
fn anchor(heading: &str) -> String {
    let kept = |c: char| match c {
        ' ' => Some('-'),
        '-' | '_' => Some(c),
        _ => c.is_alphanumeric().then_some(c),
    };
    heading.to_lowercase().chars().filter_map(kept).collect()
}

/// The cells of a line of a table. A `|` that belongs to a cell is written `\|`.
fn cells(line: &str) -> Option<Vec<String>> {
    let inner = line.strip_prefix('|')?.strip_suffix('|')?.replace("\\|", "\u{1}");
    Some(inner.split('|').map(|cell| cell.trim().replace('\u{1}', "|")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# A b: `c`-d\n[x](y.md#z) and `one` `two`\n```sh no-run a drive\nls\n```\n\
                        | `core` | n |\n| --- | --- |\n| `a\\|b` | see [w](v) |\n";

    #[test]
    fn documents_are_taken_apart() {
        let document = Document::parse("a.md", TEXT).unwrap();
        let block = &document.blocks[0];
        let parts = (block.line, block.language.as_str(), block.text.as_str());
        assert_eq!(parts, (4, "sh", "ls\n"));
        assert_eq!(block.reason_not_to_run(), Some("a drive"));
        let texts = |found: Vec<Found>| found.into_iter().map(|f| f.text).collect::<Vec<_>>();
        assert_eq!(texts(document.spans()), ["c", "one", "two", "core", "a\\|b"]);
        assert_eq!(texts(document.links()), ["y.md#z", "v"]);
        assert_eq!(document.anchors(), ["a-b-c-d"]);
        let rows = document.rows();
        assert_eq!((rows.len(), rows[0].cell("`core`")), (1, Some("`a|b`")));
        assert_eq!(rows[0].section, "A b: `c`-d");
    }

    #[test]
    fn a_block_without_an_end_is_told() {
        assert!(Document::parse("a.md", "x\n```sh\nls\n").is_err());
    }
}
