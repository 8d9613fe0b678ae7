//! image-core for the browser and Node.
#![forbid(unsafe_code)]
