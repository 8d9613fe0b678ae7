//! Names in documents: commands and their options, routes, codes and schemas of the interface, steps of the tests.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::{Document, Found, Row};
use crate::{cache, image, run};

const LIMIT: Duration = Duration::from_secs(60);
const METHODS: [&str; 6] = ["GET", "POST", "PATCH", "DELETE", "HEAD", "OPTIONS"];
/// Of the repository, whose files are looked up.
const FOLDERS: [&str; 8] =
    ["docs", "image-core", "native-agent", "packaging", "tests", "wasm", "web", "xtask"];

/// What there is to be named.
#[derive(Debug)]
pub struct Known {
    /// The help of each command, by its words.
    help: BTreeMap<String, String>,
    interface: Value,
    steps: String,
    /// Folders that are there once something was built, and so are not looked up: those git ignores.
    made: Vec<String>,
}

impl Known {
    /// Asks the program and the files of the repository.
    pub fn find() -> Result<Self> {
        let mut help = BTreeMap::new();
        let top = help_of(&[])?;
        for command in commands_in(&top) {
            let text = help_of(&[&command])?;
            for below in commands_in(&text) {
                let text = help_of(&[&command, &below])?;
                help.insert(format!("{command} {below}"), text);
            }
            help.insert(command, text);
        }
        help.insert(String::new(), top);
        let read = |name: &str| fs::read_to_string(cache::workspace().join(name));
        let interface = serde_json::from_str(&read("native-agent/openapi.json")?)?;
        let made = made(&read(".gitignore")?);
        Ok(Self { help, interface, steps: read("xtask/src/steps.rs")?, made })
    }

    /// Looks up every name in a document; returns how many there are.
    pub fn check(&self, document: &Document) -> Result<usize> {
        let mut found = Vec::new();
        for block in document.blocks.iter().filter(|block| is_shell(&block.language)) {
            let joined = block.text.replace("\\\n", " ");
            let lines = (block.line..).zip(joined.lines());
            found.extend(lines.map(|(line, text)| Found { line, text: text.to_owned() }));
        }
        found.extend(document.spans());
        for row in document.rows() {
            let cell = row.cell("`discwright`").unwrap_or_default();
            for mut span in super::spans_in(row.line, cell) {
                span.text.insert_str(0, "discwright ");
                found.push(span);
            }
        }
        let mut count = 0;
        for Found { line, text } in found {
            let named = self.look_up(&text).with_context(|| format!("{}:{line}", document.name))?;
            count += usize::from(named);
        }
        Ok(count)
    }

    /// Whether this is a name of something; an error if that is not there.
    fn look_up(&self, text: &str) -> Result<bool> {
        let mut named = false;
        for command in text.split(['|', ';', '&']).filter_map(invocation) {
            self.command(command)?;
            named = true;
        }
        if let Some(step) = text.split("--only ").nth(1).filter(|_| text.contains("xtask test")) {
            let step = step.split_whitespace().next().unwrap_or_default();
            let is_step = self.steps.contains(&format!("\"{step}\""));
            ensure!(is_step || step == "STEP", "`cargo xtask test` has no step {step}");
            named = true;
        }
        if let Some((folder, _)) = text.split_once('/')
            && FOLDERS.contains(&folder)
            && !self.made.iter().any(|made| Path::new(text).starts_with(made))
        {
            ensure!(cache::workspace().join(text).exists(), "the repository has no {text}");
            named = true;
        }
        let (method, path) = text.split_once(' ').unwrap_or((text, ""));
        if METHODS.contains(&method) && path.starts_with("/v1/") {
            let is_there = self.interface["paths"][path][method.to_lowercase()].is_object();
            ensure!(is_there, "openapi.json has no {text}");
            named = true;
        }
        if let (true, Ok(value)) = (text.starts_with("{\"kind\""), serde_json::from_str(text)) {
            self.job(&value)?;
            named = true;
        }
        Ok(self.schema(text)? || named)
    }

    /// `discwright` and words: a command and options that it has.
    fn command(&self, words: &str) -> Result<()> {
        let mut words = words.split_whitespace().map(|word| word.trim_matches(['"', '\'']));
        let mut command = String::new();
        let mut rest: Vec<&str> = Vec::new();
        for word in words.by_ref() {
            let longer = format!("{command} {word}").trim().to_owned();
            if rest.is_empty() && self.help.contains_key(&longer) {
                command = longer;
            } else {
                rest.push(word);
            }
        }
        if let (true, Some(first)) = (command.is_empty(), rest.first()) {
            ensure!(first.starts_with(['-', '…']), "discwright has no command {first}");
        }
        let help = self.help.get(&command).map_or("", String::as_str);
        let known: BTreeSet<&str> =
            help.split(|c: char| !(c.is_alphanumeric() || c == '-')).collect();
        for option in rest.iter().filter(|word| word.starts_with('-') && **word != "-") {
            let option = option.split('=').next().unwrap_or(option);
            ensure!(known.contains(option), "discwright {command} has no option {option}");
        }
        Ok(())
    }

    /// The body of a request for a job: its kind takes these members.
    fn job(&self, body: &Value) -> Result<()> {
        let kinds = self.interface.pointer("/components/schemas/NewJob/oneOf");
        let kinds = kinds.and_then(Value::as_array).context("openapi.json has no NewJob")?;
        let members = kinds.iter().map(|kind| self.members(kind));
        let all = members.collect::<Vec<_>>();
        let of_kind = all.iter().find(|members| {
            let kind = members.get("kind").and_then(|kind| kind["enum"].get(0));
            kind == body.get("kind")
        });
        let of_kind = of_kind.with_context(|| format!("there is no job {}", body["kind"]))?;
        for (member, _) in body.as_object().into_iter().flatten() {
            let takes = of_kind.contains_key(member.as_str());
            ensure!(takes, "{} takes no {member}", body["kind"]);
        }
        Ok(())
    }

    /// The members of a schema, those of what it includes among them.
    fn members<'k>(&'k self, schema: &'k Value) -> BTreeMap<&'k str, &'k Value> {
        let mut found = BTreeMap::new();
        if let Some(name) = schema["$ref"].as_str().and_then(|path| path.strip_prefix('#')) {
            found.extend(
                self.interface.pointer(name).map(|other| self.members(other)).unwrap_or_default(),
            );
        }
        for part in schema["allOf"].as_array().into_iter().flatten() {
            found.extend(self.members(part));
        }
        let own = schema["properties"].as_object().into_iter().flatten();
        found.extend(own.map(|(name, value)| (name.as_str(), value)));
        found
    }

    /// `Schema.member`: whether there is such a schema; an error if it has no such member.
    fn schema(&self, text: &str) -> Result<bool> {
        let Some((name, member)) = text.split_once('.') else { return Ok(false) };
        let schema = &self.interface["components"]["schemas"][name];
        if !schema.is_object() {
            return Ok(false);
        }
        ensure!(self.members(schema).contains_key(member), "{name} has no member {member}");
        Ok(true)
    }
}

/// Holds the rows of a table of codes against the sources of the agent: none is missing, and none is invented.
pub fn codes(rows: &[Row]) -> Result<usize> {
    let first = |row: &Row| super::spans_in(row.line, row.cell("code")?).into_iter().next();
    let listed: BTreeSet<String> = rows.iter().filter_map(first).map(|span| span.text).collect();
    let sources = sources()?;
    let said: BTreeSet<String> = sources.iter().flat_map(codes_said).collect();
    let missing: Vec<&String> = said.difference(&listed).collect();
    ensure!(missing.is_empty(), "codes that are not listed: {missing:?}");
    for code in &listed {
        let literal = format!("\"{code}\"");
        let is_said = sources.iter().any(|source| source.text.contains(&literal));
        ensure!(is_said, "no part of the agent says {code}");
    }
    Ok(listed.len())
}

/// The folders that a list of what git ignores names from the top.
fn made(ignored: &str) -> Vec<String> {
    let lines = ignored.lines().filter_map(|line| line.strip_prefix('/'));
    lines.map(|line| line.trim_end_matches('/').to_owned()).collect()
}

fn is_shell(language: &str) -> bool {
    matches!(language, "sh" | "console")
}

/// What follows `discwright` where a command begins with it.
fn invocation(command: &str) -> Option<&str> {
    let command = command.split(" # ").next().unwrap_or_default();
    let command = command.trim_start().trim_start_matches("$ ").trim_start_matches("sudo ");
    let rest = command.strip_prefix("discwright")?;
    // Up to where the output goes, or the next word of prose begins.
    let end = rest.find(['>', '<', '#', '(']).unwrap_or(rest.len());
    let rest = rest.get(..end)?;
    (rest.is_empty() || rest.starts_with(' ')).then_some(rest)
}

fn help_of(words: &[&str]) -> Result<String> {
    let mut command = image::discwright()?;
    let done = run::output(command.args(words).arg("--help"), LIMIT)?;
    ensure!(done.status.success(), "{words:?} has no help: {}", run::tail(&done.stderr));
    Ok(done.text())
}

/// The commands that a help lists.
fn commands_in(help: &str) -> Vec<String> {
    let list = help.split("\nCommands:\n").nth(1).unwrap_or_default();
    let lines = list.lines().take_while(|line| !line.is_empty());
    let names = lines.filter_map(|line| line.strip_prefix("  ")?.split(' ').next());
    names.filter(|name| !name.is_empty() && *name != "help").map(str::to_owned).collect()
}

/// Holds a table of messages against the sources: what is between the `…` of each is said somewhere. Returns how many there are.
pub fn messages(document: &Document) -> Result<usize> {
    let sources = sources()?;
    let mut count = 0;
    for row in document.rows().iter().filter(|row| row.columns[0].starts_with("message")) {
        for message in super::spans_in(row.line, &row.cells[0]) {
            let pieces = message.text.split('…').map(str::trim).filter(|piece| !piece.is_empty());
            for piece in pieces {
                let is_said = sources.iter().any(|source| source.text.contains(piece));
                ensure!(is_said, "{}:{}: nothing says {piece:?}", document.name, message.line);
            }
            count += 1;
        }
    }
    Ok(count)
}

/// A file of the agent or of image-core, without its tests.
#[derive(Debug)]
struct Source {
    is_of_burning: bool,
    text: String,
}

fn sources() -> Result<Vec<Source>> {
    let mut found = Vec::new();
    let folders = ["native-agent/src", "image-core/src"].map(|name| cache::workspace().join(name));
    for entry in folders.iter().flat_map(walkdir::WalkDir::new) {
        let entry = entry?;
        let (path, name) = (entry.path(), entry.file_name().to_string_lossy());
        let is_test = name.contains("test") || path.iter().any(|part| part == "tests");
        if name.ends_with(".rs") && !is_test {
            let text = fs::read_to_string(path)?;
            let text = text.split("mod tests {").next().unwrap_or_default().to_owned();
            let is_of_burning = path.parent().is_some_and(|folder| folder.ends_with("burn/error"));
            found.push(Source { is_of_burning, text });
        }
    }
    Ok(found)
}

/// The words that stand behind the status of a problem, or are what an error of burning is called.
fn codes_said(source: &Source) -> Vec<String> {
    let parts: Vec<&str> = source.text.split('"').collect();
    let is_code = |before: &str, word: &str| {
        let status = before.strip_suffix(", ").unwrap_or_default();
        let digits = status.get(status.len().saturating_sub(3)..).unwrap_or_default();
        let is_behind_status =
            matches!(digits.parse::<u16>(), Ok(400..=599)) || status.ends_with(".as_u16()");
        let is_arm = source.is_of_burning && before.ends_with("=> ");
        let is_word = !word.is_empty() && word.chars().all(|c| c.is_ascii_alphabetic());
        is_word && (is_behind_status || is_arm)
    };
    let pairs = parts.windows(2).step_by(2);
    let found = pairs.filter(|pair| is_code(pair[0], pair[1])).map(|pair| pair[1].to_owned());
    found.collect()
}
