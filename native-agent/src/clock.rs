//! The one place that asks the system what time it is.

use std::time::SystemTime;

/// The present moment.
#[must_use]
pub fn now() -> SystemTime {
    #[expect(clippy::disallowed_methods, reason = "this is the edge through which time enters")]
    SystemTime::now()
}
