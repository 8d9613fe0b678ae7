//! What the commands share that do something to a disc without an image.

use std::io::{self, Write};

use serde_json::json;

use super::{
    CliError,
    disc::{self, Bar, open_drive},
    ending,
    info::blocks_in_words,
};
use crate::burn::{self, Operation, Upkept};

/// Which drive, and how it is told.
#[derive(Debug, clap::Args)]
pub(super) struct On {
    /// A device such as /dev/sr0, or virtual:FILE.vdisc
    drive: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Does it, and says what the disc is then.
pub(super) fn run(on: &On, operation: Operation) -> Result<(), CliError> {
    let mut drive = open_drive(&on.drive)?;
    let cancel = ending::cancel_unless_hung_up();
    let bar = Bar::new(0, on.json);
    let tell = &mut |event| bar.show(&event);
    let done = burn::upkeep(drive.as_mut(), operation, None, cancel, tell)
        .map_err(|error| disc::failed(&error))?;
    bar.clear();
    report(&done, operation, on.json).map_err(|error| CliError::other(&error))
}

fn report(done: &Upkept, operation: Operation, json: bool) -> io::Result<()> {
    let (name, participle) = match operation {
        Operation::Erase { .. } => ("erase", "erased"),
        Operation::Format(_) => ("format", "formatted"),
        Operation::Close => ("close", "closed"),
    };
    let mut out = io::stdout().lock();
    let after = done.after.as_ref();
    if json {
        let medium = after.map(|medium| {
            json!({
                "kind": medium.kind(), "status": medium.status.as_str(),
                "capacityBlocks": medium.capacity_blocks, "freeBlocks": medium.free_blocks,
                "fingerprint": medium.fingerprint,
            })
        });
        return writeln!(out, "{}", json!({ "done": name, "medium": medium }));
    }
    let label = done.before.label();
    match after {
        Some(medium) => {
            let free = blocks_in_words(medium.free_blocks);
            writeln!(out, "{participle} the {label}: {free} free")
        }
        None => writeln!(out, "{participle} the {label}"),
    }
}
