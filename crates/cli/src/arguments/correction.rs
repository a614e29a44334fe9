//! What can be asked of claims and of batches of corrections on the command line.

use clap::{Args, Subcommand};
use jiff::civil::Date;

use super::Agency;

/// Commands on claims.
#[derive(Debug, Subcommand)]
pub enum ClaimCommand {
    /// 列出报销申请：按统筹区和状态，或按人。
    List(ListClaims),
    /// 查看一项报销申请：明细、审核、材料、支付、经过。
    Show(OneClaim),
    /// 列出审核和支付退回的原因代码。
    Reasons,
}

/// `gongji claim list`.
#[derive(Debug, Args)]
pub struct ListClaims {
    /// 统筹区（六位代码）；与 --person 二选一
    #[arg(long, value_name = "统筹区", required_unless_present = "person", conflicts_with = "person")]
    pub area: Option<String>,
    /// 只看这个状态：open、reported、approved、paid、withdrawn、expired、cancelled
    #[arg(long, value_name = "状态", conflicts_with = "person")]
    pub status: Option<String>,
    /// 人员编号
    #[arg(long, value_name = "人员编号")]
    pub person: Option<String>,
    #[command(flatten)]
    pub agency: Agency,
}

/// One claim.
#[derive(Debug, Args)]
pub struct OneClaim {
    /// 报销申请编号，如 R120
    #[arg(value_name = "申请编号")]
    pub id: String,
    #[command(flatten)]
    pub agency: Agency,
}

/// Commands on batches of corrections.
#[derive(Debug, Subcommand)]
pub enum CorrectionCommand {
    /// 查找：规则追溯变更以后，列出重算会不同的结算，成为一批待放行的调整；中断以后再执行即继续。
    Find(FindCorrections),
    /// 列出一个统筹区的各批追溯调整。
    List(ListCorrections),
    /// 查看一批：合计、按支付方、差额最大的。
    Show(OneCorrection),
    /// 逐笔列出一批的差额；可只看一个人。
    Lines(CorrectionLines),
    /// 放行：由提出人以外的人；中断以后再执行即继续。
    Release(OneCorrection),
    /// 撤销已放行的一批，恢复原来的结算；中断以后再执行即继续。
    Cancel(CancelCorrection),
}

/// `gongji correction find`.
#[derive(Debug, Args)]
pub struct FindCorrections {
    /// 继续查找这一批；不写则提出新的一批
    #[arg(value_name = "批次编号", conflicts_with_all = ["area", "from", "to", "reason"])]
    pub batch: Option<String>,
    /// 参保地（六位代码）
    #[arg(long, value_name = "统筹区", required_unless_present = "batch")]
    pub area: Option<String>,
    /// 追溯到哪一天
    #[arg(long, value_name = "日期", value_parser = super::day, required_unless_present = "batch")]
    pub from: Option<Date>,
    /// 到哪一天为止（默认不限）
    #[arg(long, value_name = "日期", value_parser = super::day)]
    pub to: Option<Date>,
    /// 原因：变更规则的文件，记入账中
    #[arg(long, value_name = "原因", required_unless_present = "batch")]
    pub reason: Option<String>,
    #[command(flatten)]
    pub agency: Agency,
}

/// `gongji correction list`.
#[derive(Debug, Args)]
pub struct ListCorrections {
    /// 统筹区（六位代码）
    #[arg(long, value_name = "统筹区")]
    pub area: String,
    #[command(flatten)]
    pub agency: Agency,
}

/// One batch.
#[derive(Debug, Args)]
pub struct OneCorrection {
    /// 批次编号，如 K200
    #[arg(value_name = "批次编号")]
    pub id: String,
    #[command(flatten)]
    pub agency: Agency,
}

/// `gongji correction lines`.
#[derive(Debug, Args)]
pub struct CorrectionLines {
    /// 批次编号，如 K200
    #[arg(value_name = "批次编号")]
    pub id: String,
    /// 只看这个人
    #[arg(long, value_name = "人员编号", default_value = "")]
    pub person: String,
    #[command(flatten)]
    pub agency: Agency,
}

/// `gongji correction cancel`.
#[derive(Debug, Args)]
pub struct CancelCorrection {
    /// 批次编号，如 K200
    #[arg(value_name = "批次编号")]
    pub id: String,
    /// 原因，记入账中
    #[arg(long, value_name = "原因")]
    pub reason: String,
    #[command(flatten)]
    pub agency: Agency,
}
