//! What is asked of contributions and of the year's close.

use clap::{Args, Subcommand};
use jiff::civil::Date;

use super::Agency;

/// Commands on contributions.
#[derive(Debug, Subcommand)]
pub enum ContributionCommand {
    /// 核定一个单位一个月的缴费；已经缴清的，分账到基金和个人账户。中断了再运行，会接着做。
    Run(ContributionRun),
    /// 列出一个单位或个人的缴费单。
    List(PayerBills),
    /// 列出一个统筹区的欠费。
    Arrears(AreaArrears),
}

/// `gongji contribution run`.
#[derive(Debug, Args)]
pub struct ContributionRun {
    /// 单位编号
    #[arg(long, value_name = "单位")]
    pub employer: String,
    /// 月份
    #[arg(long, value_name = "2026-03")]
    pub period: String,
    /// 已经核定过的，再核定后来的人（另开一张缴费单）
    #[arg(long)]
    pub again: bool,
    #[command(flatten)]
    pub agency: Agency,
}

/// `gongji contribution list`.
#[derive(Debug, Args)]
pub struct PayerBills {
    /// 单位编号，或人员编号
    #[arg(value_name = "单位或人员")]
    pub payer: String,
    #[command(flatten)]
    pub agency: Agency,
}

/// `gongji contribution arrears`.
#[derive(Debug, Args)]
pub struct AreaArrears {
    /// 统筹区（六位代码）
    #[arg(value_name = "统筹区")]
    pub area: String,
    #[command(flatten)]
    pub agency: Agency,
}

/// Commands on a year of accounts.
#[derive(Debug, Subcommand)]
pub enum YearCommand {
    /// 年终：结息、结转全区的个人账户。中断了再运行，会接着做。
    Close(YearClose),
    /// 年初：按年预划全区的个人账户。
    Precredit(YearWork),
    /// 年末：清算预划的个人账户，多退少补。
    Clear(YearWork),
}

/// `gongji year precredit`, `gongji year clear`.
#[derive(Debug, Args)]
pub struct YearWork {
    /// 统筹区（六位代码）
    #[arg(long, value_name = "统筹区")]
    pub area: String,
    /// 医保年度中的一天
    #[arg(long, value_name = "日期")]
    pub year: Date,
    /// 已经做过的，再为后来的人做一遍
    #[arg(long)]
    pub again: bool,
    #[command(flatten)]
    pub agency: Agency,
}

/// `gongji year close`.
#[derive(Debug, Args)]
pub struct YearClose {
    #[command(flatten)]
    pub work: YearWork,
    /// 只结转，不结息（规则没有利率时）
    #[arg(long)]
    pub without_interest: bool,
}
