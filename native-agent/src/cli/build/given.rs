//! Which options are on the command line.

use clap::{ArgMatches, CommandFactory as _, FromArgMatches, parser::ValueSource};

use super::ImageArgs;

/// The options of an image that say other than what is said anyway.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Given(Vec<String>);

/// The options alone.
#[derive(clap::Parser)]
struct Nothing {
    #[command(flatten)]
    _image: ImageArgs,
}

impl Given {
    /// Whether this option is among them, with its dashes.
    pub(super) fn has(&self, option: &str) -> bool {
        self.names().any(|given| given == option)
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

/// It has no option of its own, and has to stand before all that take theirs away.
impl clap::Args for Given {
    fn augment_args(command: clap::Command) -> clap::Command {
        command
    }

    fn augment_args_for_update(command: clap::Command) -> clap::Command {
        command
    }
}

impl FromArgMatches for Given {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let options = Nothing::command();
        let given = options.get_arguments().filter(|option| {
            let id = option.get_id().as_str();
            // What an option gives when it is not there is no news.
            let is_news = || {
                let values = matches.get_raw(id).into_iter().flatten();
                !values.eq(option.get_default_values().iter().map(clap::builder::OsStr::as_os_str))
            };
            matches.ids().any(|found| found.as_str() == id)
                && matches.value_source(id) == Some(ValueSource::CommandLine)
                && is_news()
        });
        Ok(Self(given.filter_map(|option| Some(format!("--{}", option.get_long()?))).collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}
