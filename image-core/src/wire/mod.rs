//! The structures of each standard, byte for byte.
//!
//! Every struct mirrors the table of its standard, in its order and with its field names, and is made of
//! byte arrays and byte-order-aware integers only: any bytes of the right length are a value of it, and any value
//! can be written. Nothing here allocates, fails or decides; the layout decides and the rendering fills in.

pub mod both;
pub mod eltorito;
pub mod fat;
pub mod iso9660;
pub mod partition;
pub mod rockridge;
pub mod udf;
pub mod xa;

pub use both::{Both16, Both32};
