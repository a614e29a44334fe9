//! Commands: what can be asked of the agency. One file a noun; each says how it is decided.

mod edition;
mod settlement;
mod visit;

pub use edition::KeepEdition;
pub use settlement::{CancelSettlement, PortionsAsked, Readjudicate, Reverse, Settle, SettleAtOnce};
pub use visit::{CancelLines, CancelVisit, LineAsked, OpenVisit, UploadLines, VisitAsked};

use serde::{Deserialize, Serialize};

use crate::context::Context;
use crate::desk::Desk;
use crate::record::Draft;
use crate::refusal::Refusal;
use crate::stop::Stop;

/// How a command is decided: from the state to what is to be recorded, or a refusal. Changes nothing itself, and may be run several times.
pub trait Decide {
    /// The records that the command makes, in order; the last one is the answer.
    ///
    /// # Errors
    /// A refusal; rows that are not at hand; the store's failure.
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop>;
}

macro_rules! commands {
    ($($name:ident $kind:literal $label:literal,)*) => {
        /// A command.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(tag = "kind", rename_all = "snake_case")]
        #[expect(missing_docs, reason = "each names its struct")]
        pub enum Command {
            $($name($name),)*
        }

        /// The name and the Chinese term of every command.
        pub const COMMANDS: &[(&str, &str)] = &[$(($kind, $label),)*];

        impl Command {
            /// The command's name.
            pub fn kind(&self) -> &'static str {
                match self { $(Command::$name(_) => $kind,)* }
            }

            /// Reads the fields of a command of this kind.
            ///
            /// # Errors
            /// A refusal that names the field.
            pub fn read(kind: &str, text: &str) -> Result<Command, Refusal> {
                match kind {
                    $($kind => serde_json::from_str(text).map(Command::$name).map_err(|error| unreadable(&error)),)*
                    _ => Err(unknown(kind)),
                }
            }
        }

        impl Decide for Command {
            fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
                match self { $(Command::$name(command) => command.decide(desk, context),)* }
            }
        }
    };
}

commands! {
    OpenVisit "open_visit" "就医登记（挂号、入院）",
    UploadLines "upload_lines" "上传费用明细",
    CancelLines "cancel_lines" "撤销费用明细",
    CancelVisit "cancel_visit" "撤销就医登记",
    Settle "settle" "结算",
    SettleAtOnce "settle_at_once" "一次结算（药店、单次门诊）",
    CancelSettlement "cancel_settlement" "撤销结算",
    Readjudicate "readjudicate" "重新结算",
    Reverse "reverse" "冲正",
    KeepEdition "keep_edition" "登记规则版本",
}

fn unknown(kind: &str) -> Refusal {
    let names: Vec<&str> = COMMANDS.iter().map(|(name, _)| *name).collect();
    Refusal::new("unknown_command", "没有这种业务").found(kind).expected(names.join("、"))
}

/// A refusal in Chinese for what the JSON reader found.
fn unreadable(error: &serde_json::Error) -> Refusal {
    let text = error.to_string();
    // The reader names fields between backquotes; everything else of its sentence is for developers.
    let quoted: Vec<&str> = text.split('`').skip(1).step_by(2).collect();
    let (code, problem, rest) = if text.starts_with("missing field") {
        ("missing_field", "缺少字段", &quoted[..0])
    } else if text.starts_with("unknown field") {
        ("unknown_field", "没有这个字段", quoted.get(1..).unwrap_or_default())
    } else if text.starts_with("unknown variant") {
        ("unknown_value", "没有这个取值", quoted.get(1..).unwrap_or_default())
    } else {
        return Refusal::new("malformed", "读不懂").found(text);
    };
    let refusal = Refusal::new(code, problem).at(quoted.first().copied().unwrap_or_default());
    if rest.is_empty() { refusal } else { refusal.expected(rest.join("、")) }
}
