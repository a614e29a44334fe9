//! Where a value comes from.

use jiff::civil::Date;

use super::Span;

/// A source's index in [`super::Pack::sources`].
pub type SourceId = usize;

/// How much weight a source carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grade {
    /// 官方: a government site, an official statement, or a newspaper that quotes the bureau.
    Official,
    /// 媒体: local press, a service site, a repost that names the document.
    Press,
    /// 网络: a page of unclear authority.
    Web,
    /// 未核实: from memory, or from a compilation known to err.
    Unverified,
}

impl Grade {
    /// The name in packs and answers.
    pub const fn name(self) -> &'static str {
        match self {
            Grade::Official => "official",
            Grade::Press => "press",
            Grade::Web => "web",
            Grade::Unverified => "unverified",
        }
    }

    /// The term that people read.
    pub const fn label(self) -> &'static str {
        match self {
            Grade::Official => "官方",
            Grade::Press => "媒体",
            Grade::Web => "网络",
            Grade::Unverified => "未核实",
        }
    }

    /// The term in one character, for narrow tables.
    pub const fn letter(self) -> &'static str {
        match self {
            Grade::Official => "官",
            Grade::Press => "媒",
            Grade::Web => "网",
            Grade::Unverified => "未",
        }
    }
}

/// A document, page or recollection that a value rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The name by which rows refer to it, with the area code of its pack in front: `410100:outpatient-2022`.
    pub id: String,
    /// The document as the source names it, with its number where known.
    pub document: String,
    /// The article, where one is known for all its uses.
    pub article: Option<String>,
    /// Where it can be read; empty where no address is known.
    pub address: String,
    /// Its weight.
    pub grade: Grade,
    /// The day it was published; `None` where unknown, then a row counts as known from its first day in force.
    pub published: Option<Date>,
    /// The day somebody last looked whether it still holds.
    pub last_checked: Date,
    /// Words of the text, as quoted there.
    pub quote: Option<String>,
    /// A remark for readers.
    pub note: Option<String>,
    /// Where the source is declared.
    pub span: Span,
}
