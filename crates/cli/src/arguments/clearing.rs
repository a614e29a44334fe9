//! What can be asked on the command line about clearing and funds.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use jiff::civil::Date;

use super::{Agency, Format};

/// Commands on clearing.
#[derive(Debug, Subcommand)]
pub enum ClearingCommand {
    /// 一个机构每天的结算合计和对账状态。
    Days(ClearingDays),
    /// 列出一个统筹区的月度清算。
    List(ListClearings),
    /// 查看一笔清算：收入哪些天、扣款、付款。
    Show(OneClearing),
    /// 查看一次对账的差异。
    Comparison(OneComparison),
    /// 区域间清算：一个统筹区与别的各区，一个月里谁欠谁多少。
    Areas(BetweenAreas),
    /// 全国轧差：各统筹区应付、应收和净额。
    Netting(Netting),
}

/// `gongji clearing days`.
#[derive(Debug, Args)]
pub struct ClearingDays {
    /// 机构编码
    #[arg(value_name = "机构编码")]
    pub institution: String,
    /// 第一天
    #[arg(long, value_name = "日期", value_parser = super::day)]
    pub from: Date,
    /// 最后一天
    #[arg(long, value_name = "日期", value_parser = super::day)]
    pub to: Date,
    #[command(flatten)]
    pub agency: Agency,
}

/// `gongji clearing list`.
#[derive(Debug, Args)]
pub struct ListClearings {
    /// 统筹区（六位代码）
    #[arg(value_name = "统筹区")]
    pub area: String,
    /// 只看这个机构
    #[arg(long, value_name = "机构编码")]
    pub institution: Option<String>,
    /// 只看这个月
    #[arg(long, value_name = "月份")]
    pub month: Option<String>,
    #[command(flatten)]
    pub agency: Agency,
}

/// `gongji clearing show`.
#[derive(Debug, Args)]
pub struct OneClearing {
    /// 清算编号，如 C60
    #[arg(value_name = "清算编号")]
    pub clearing: String,
    #[command(flatten)]
    pub agency: Agency,
}

/// `gongji clearing comparison`.
#[derive(Debug, Args)]
pub struct OneComparison {
    /// 对账编号，如 R52
    #[arg(value_name = "对账编号")]
    pub comparison: String,
    #[command(flatten)]
    pub agency: Agency,
}

/// `gongji clearing areas`.
#[derive(Debug, Args)]
pub struct BetweenAreas {
    /// 统筹区（六位代码）
    #[arg(value_name = "统筹区")]
    pub area: String,
    /// 月份，如 2026-03
    #[arg(long, value_name = "月份")]
    pub month: String,
    #[command(flatten)]
    pub agency: Agency,
}

/// `gongji clearing netting`.
#[derive(Debug, Args)]
pub struct Netting {
    /// 月份，如 2026-03
    #[arg(long, value_name = "月份")]
    pub month: String,
    #[command(flatten)]
    pub agency: Agency,
}

/// Commands on funds.
#[derive(Debug, Subcommand)]
pub enum FundCommand {
    /// 基金收支表：收入、支出、结余、可支付月数；统筹基金与个人账户分列。
    Statement(FundStatement),
    /// 年终结账申请：记下各基金的年末结余；不写统筹区就是账里的每一个。中断了再运行，会接着做。
    Close(FundYearWork),
    /// 年终结账复核：由另一个人放行，从此这一年不再记账。中断了再运行，会接着做。
    Release(FundYearWork),
}

/// `gongji fund close`, `gongji fund release`.
#[derive(Debug, Args)]
pub struct FundYearWork {
    /// 统筹区（六位代码），可以写几个
    #[arg(value_name = "统筹区")]
    pub areas: Vec<String>,
    /// 年份
    #[arg(long, value_name = "年份", value_parser = clap::value_parser!(i16).range(1..=9999))]
    pub year: i16,
    #[command(flatten)]
    pub agency: Agency,
}

/// `gongji fund statement`.
#[derive(Debug, Args)]
pub struct FundStatement {
    /// 统筹区（六位代码）
    #[arg(value_name = "统筹区")]
    pub area: String,
    /// 年份
    #[arg(long, value_name = "年份", value_parser = clap::value_parser!(i16).range(1..=9999))]
    pub year: i16,
    /// 逐月分列
    #[arg(long)]
    pub months: bool,
    /// 输出格式
    #[arg(long, value_enum, default_value_t = Format::Table, value_name = "格式", conflicts_with = "csv")]
    pub format: Format,
    /// 写成 CSV 文件；- 为标准输出
    #[arg(long, value_name = "文件.csv")]
    pub csv: Option<PathBuf>,
    /// 画成图；- 为标准输出
    #[arg(long, value_name = "文件.svg", conflicts_with_all = ["csv", "format"])]
    pub svg: Option<PathBuf>,
    #[command(flatten)]
    pub agency: Agency,
}
