//! What is done, and what is known of it on both sides.

use jiff::civil::Date;

/// Lines by the place of their item in [`ITEMS`] and their quantity.
pub type Lines = Vec<(usize, u32)>;

/// Items of the shipped catalogue with a price in fen: some covered, some in part, some capped, some not at all.
pub const ITEMS: [(&str, u32); 8] = [
    ("DEMO-D001", 15_000),
    ("DEMO-D006", 4_120),
    ("DEMO-D005", 10_000),
    ("DEMO-C009", 1_234),
    ("DEMO-D008", 14_150),
    ("DEMO-S007", 4_000),
    ("DEMO-D016", 498_000),
    ("DEMO-D019", 320),
];

/// What a client gets wrong; such a message must be refused and leave nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slip {
    /// The total is not that of the lines.
    Total,
    /// Another insurance than the person's.
    Insurance,
    /// A serial number that was used before.
    Serial,
}

/// What is reversed.
#[derive(Clone, Copy, Debug)]
pub enum Target {
    /// The message that made a settlement.
    Settlement(usize),
    /// The message that admitted somebody.
    Admission(usize),
    /// A message that has not come yet.
    Unseen,
}

/// A piece of business. People, places, visits and settlements by their place in their lists.
#[derive(Clone, Debug)]
pub enum Deed {
    /// 挂号, so many days ago, with its 医疗类别.
    Register { person: usize, place: usize, back: i32, care: &'static str },
    /// 入院.
    Admit { person: usize, place: usize, back: i32 },
    /// 上传明细.
    Upload { visit: usize, charge: u32, lines: Lines, slip: Option<Slip> },
    /// 撤销明细 of one upload, or all.
    CancelLines { visit: usize, upload: Option<usize> },
    /// 出院.
    Discharge { visit: usize },
    /// 出院撤销.
    Undischarge { visit: usize },
    /// 预结算 and 结算.
    Settle { visit: usize, charge: u32, accounts: u8, mid: bool, slip: Option<Slip> },
    /// 药店.
    Purchase { person: usize, accounts: u8, lines: Lines, slip: Option<Slip> },
    /// 撤销结算.
    CancelSettlement { settled: usize },
    /// 撤销挂号、撤销入院.
    CancelVisit { visit: usize },
    /// 冲正.
    Reverse { target: Target },
    /// A purchase whose message was reversed before it came.
    Late { person: usize, lines: Lines },
    /// Money comes into an account, by the agency's own staff.
    Credit { person: usize, yuan: u64 },
    /// Days pass.
    Later { days: i64 },
}

/// Lines that were uploaded together.
#[derive(Clone, Debug)]
pub struct Upload {
    /// 收费批次号.
    pub charge: u32,
    /// Serial numbers.
    pub serials: Vec<u32>,
    /// What they cost, fen.
    pub total: i64,
    /// The agency's number of the batch.
    pub batch: u32,
}

/// A visit or a stay.
#[derive(Clone, Debug)]
pub struct Visit {
    pub person: usize,
    pub place: usize,
    pub stay: bool,
    pub care: &'static str,
    pub opened: Date,
    pub discharged: Option<Date>,
    /// Its id on the wire, and in the other books.
    pub wire: String,
    pub agency: String,
    /// The message that opened it.
    pub message: String,
    pub uploads: Vec<Upload>,
}

/// How a settlement ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    Cancelled,
    Reversed,
}

/// A settlement.
#[derive(Clone, Debug)]
pub struct Settled {
    pub person: usize,
    pub place: usize,
    /// The number of the transaction that made it.
    pub number: &'static str,
    /// Its visit on the wire.
    pub visit: String,
    /// Its id on the wire, and in the other books.
    pub wire: String,
    pub agency: String,
    /// The message that made it.
    pub message: String,
    pub end: Option<End>,
}

/// How much of what was done.
#[derive(Clone, Copy, Debug, Default)]
pub struct Count {
    pub settled: u64,
    pub cancelled: u64,
    pub reversed: u64,
    pub refused: u64,
    pub repeated: u64,
}
