//! The proof that images hold what was put into them, given by programs nobody here wrote.
//!
//! [`corpus`] makes folders, [`image`] makes images of them, [`oracle`] has every reader at hand read every view of an
//! image, and [`compare`] holds what each one saw against the folder.

#[cfg(unix)]
pub mod any;
#[cfg(unix)]
pub mod attributes;
pub mod booting;
#[cfg(target_os = "linux")]
pub mod burning;
pub mod cache;
pub mod compare;
pub mod corpus;
pub mod documents;
pub mod emulator;
#[cfg(target_os = "linux")]
pub mod foreign;
#[cfg(unix)]
pub mod foreign_udf;
pub mod forms;
pub mod frames;
pub mod fuzz;
pub mod guest;
pub mod image;
pub mod iso_names;
pub mod manifest;
pub mod matrix;
pub mod measure;
pub mod oracle;
pub mod packages;
pub mod planned;
#[cfg(unix)]
pub mod read_back;
pub mod run;
pub mod scripts;
#[cfg(target_os = "linux")]
pub mod tgt;
#[cfg(target_os = "linux")]
pub mod virtio_scsi;
