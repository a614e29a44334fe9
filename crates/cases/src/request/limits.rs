//! How large a case may be.

/// Bytes of JSON text.
pub const MOST_TEXT_BYTES: usize = 256 << 20;
/// Lines of one bill.
pub const MOST_LINES: usize = 1_000_000;
/// Events of one case.
pub const MOST_EVENTS: usize = 10_000;
/// Relatives whose accounts may be used.
pub const MOST_RELATIVES: usize = 100;
/// Diseases of one bill.
pub const MOST_CONDITIONS: usize = 100;
/// Characters of a name, code or id.
pub const MOST_CHARACTERS: usize = 1_000;
/// Entries of any list.
pub(crate) const MOST_LIST: usize = MOST_LINES;
/// Members of any object.
pub(crate) const MOST_MEMBERS: usize = 256;
