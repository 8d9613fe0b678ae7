//! README, CONTRIBUTING and `docs/` are true: their commands run and print what is said, their Rust compiles and runs, what they
//! name is there, and their links lead somewhere.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Result, ensure};
use libtest_mimic::{Arguments, Failed, Trial};
use tests::documents::snippets::Libraries;
use tests::documents::{self, Document, commands, links, members, names, snippets};
use tests::{cache, packages};

/// Languages whose blocks are run, compiled or parsed here.
const HELD: [&str; 4] = ["sh", "console", "rust", "json"];
/// Languages of which nothing is asked here: pictures, file formats, and what the tests of `web/` and `wasm/` are for.
const SHOWN: [&str; 8] = ["text", "faults", "toml", "css", "html", "js", "jsx", "ts"];

fn main() -> Result<ExitCode> {
    let arguments = Arguments::from_args();
    let all = Arc::new(documents::all()?);
    if !arguments.list {
        tell_what_is_not_run(&all);
    }
    let mut trials = vec![
        whole("the items that are named", &all, items),
        whole("the commands, options, routes and steps that are named", &all, |all| {
            let known = names::Known::find()?;
            all.iter().map(|document| known.check(document)).sum()
        }),
        whole("the codes of failures", &all, |all| {
            let guide = all.iter().find(|document| document.name == "docs/http.md");
            names::codes(&guide.map(Document::rows).unwrap_or_default())
        }),
        whole("the messages that are explained", &all, |all| all.iter().map(names::messages).sum()),
        whole("every member of Microsoft's interfaces", &all, |all| {
            let map = all.iter().find(|document| document.name == "docs/imapi.md");
            map.map_or(Ok(0), members::check)
        }),
    ];
    for document in all.iter() {
        trials.push(one("blocks", document, blocks));
        trials.push(one("links", document, links::check));
        let has = |language: &[&str]| {
            document.blocks.iter().any(|block| language.contains(&block.language.as_str()))
        };
        if has(&["rust"]) {
            trials.push(one("snippets", document, |document| {
                snippets::run(document, &Libraries::find()?)
            }));
        }
        if cfg!(unix) && has(&["sh", "console"]) {
            trials.push(one("commands", document, in_a_folder_of_its_own));
        }
    }
    Ok(libtest_mimic::run(&arguments, trials).exit_code())
}

fn whole(name: &str, all: &Arc<Vec<Document>>, check: fn(&[Document]) -> Result<usize>) -> Trial {
    let all = Arc::clone(all);
    Trial::test(name, move || {
        let found = check(&all).map_err(|error| Failed::from(format!("{error:#}")))?;
        if found == 0 { Err("nothing was found to be checked".into()) } else { Ok(()) }
    })
}

fn one(kind: &str, document: &Document, check: fn(&Document) -> Result<usize>) -> Trial {
    let document = document.clone();
    Trial::test(format!("{}: {kind}", document.name), move || {
        check(&document).map(drop).map_err(|error| Failed::from(format!("{error:#}")))
    })
}

fn items(all: &[Document]) -> Result<usize> {
    let scratch = cache::scratch()?;
    snippets::resolve(all, &Libraries::find()?, scratch.path())
}

fn in_a_folder_of_its_own(document: &Document) -> Result<usize> {
    packages::documents()?;
    let scratch = cache::scratch()?;
    commands::prepare(scratch.path())?;
    commands::run(document, scratch.path())
}

/// Every block says what it is, JSON is JSON, and what is not run says why.
fn blocks(document: &Document) -> Result<usize> {
    for block in &document.blocks {
        let place = format!("{}:{}", document.name, block.line);
        let language = block.language.as_str();
        ensure!(
            HELD.contains(&language) || SHOWN.contains(&language),
            "{place}: what is {language:?}? The languages are {HELD:?} and {SHOWN:?}"
        );
        let is_plain = block.remark.is_empty() || block.reason_not_to_run().is_some();
        let is_file = Path::new(&block.remark).extension().is_some_and(|end| end == language);
        ensure!(
            is_plain || is_file,
            "{place}: {:?} is no reason: write `no-run` and why",
            block.remark
        );
        if language == "json" {
            let parsed = serde_json::from_str::<serde_json::Value>(&block.text);
            ensure!(parsed.is_ok(), "{place}: {parsed:?}");
        }
    }
    Ok(document.blocks.len())
}

fn tell_what_is_not_run(all: &[Document]) {
    let mut reasons: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for document in all {
        for block in &document.blocks {
            if let Some(reason) = block.reason_not_to_run() {
                let place = format!("{}:{}", document.name, block.line);
                reasons.entry(reason).or_default().push(place);
            }
        }
    }
    for (reason, places) in &reasons {
        eprintln!("{} not run, {reason}: {}", places.len(), places.join(", "));
    }
}
