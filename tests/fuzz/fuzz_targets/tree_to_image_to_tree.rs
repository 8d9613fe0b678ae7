#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| targets::run("tree_to_image_to_tree", data));
