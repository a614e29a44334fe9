//! One text of a pack.

/// A text with the name by which people find it again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceText {
    /// Relative to the folder of all packs, with `/`: `410100-zhengzhou/employee.toml`.
    pub name: String,
    /// The whole text.
    pub text: String,
}

impl SourceText {
    /// A text of that name.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> SourceText {
        SourceText { name: name.into(), text: text.into() }
    }
}
