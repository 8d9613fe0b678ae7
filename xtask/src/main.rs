//! The project's build logic.

fn main() {}
