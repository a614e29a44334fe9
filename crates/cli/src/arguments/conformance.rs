//! `gongji conformance`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::Format;

/// Where messages are posted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PathStyle {
    /// 一个地址，由 infno 决定交易
    Single,
    /// 每个交易一个地址
    PerTransaction,
}

/// `gongji conformance`.
#[derive(Debug, Args)]
#[command(
    after_help = "例：gongji conformance http://127.0.0.1:8080\n退出码：0 全部相符，1 有不符，2 地址或检查对象不能用。各项检查的含义见 docs/conformance.md"
)]
pub struct Conformance {
    /// 平台的地址，如 http://127.0.0.1:8080
    #[arg(value_name = "地址")]
    pub base: String,
    /// 检查对象（JSON）：用哪些人、机构、项目；不写则读平台沙箱的清单（GET /api/v1/sandbox）
    #[arg(long, value_name = "文件")]
    pub subjects: Option<PathBuf>,
    /// 报文发到哪里
    #[arg(long, value_enum, default_value_t = PathStyle::Single, value_name = "方式")]
    pub path_style: PathStyle,
    /// 单一地址的路径
    #[arg(long, value_name = "路径")]
    pub path: Option<String>,
    /// 访问令牌（Authorization: Bearer）；写成 机构编码=令牌 时只用于这家机构；可写几次
    #[arg(long = "token", value_name = "令牌")]
    pub tokens: Vec<String>,
    /// 每个请求都带的头，写成 名: 值；可写几次
    #[arg(long = "header", value_name = "头")]
    pub headers: Vec<String>,
    /// 等一个应答至多几秒
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=600), value_name = "秒")]
    pub timeout: u64,
    /// 只检查这几段：outpatient、tolerance、refusal、repeat、unknown、pharmacy、inpatient、close、away；可写几次
    #[arg(long, value_name = "段", value_parser = clap::builder::PossibleValuesParser::new(gongji_conformance::SEQUENCES))]
    pub only: Vec<String>,
    /// 平台没有的交易，不检查；可写几次
    #[arg(long, value_name = "交易编号")]
    pub without: Vec<String>,
    /// 输出格式
    #[arg(long, value_enum, default_value_t = Format::Table, value_name = "格式")]
    pub format: Format,
}
