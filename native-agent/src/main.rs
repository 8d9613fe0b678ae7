//! The `discwright` command.

fn main() {}
