//! Pack texts as trees of nodes: what stands where, before anybody asks what it means.

mod folder;
mod inherit;
mod merge;
mod node;
mod source_text;
mod syntax;

pub(crate) use folder::{RawPack, gather};
pub(crate) use inherit::{Expander, ancestors};
pub(crate) use node::{Entry, Fields, Node, Value};
pub use source_text::SourceText;
