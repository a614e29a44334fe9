//! What can be asked of the agency on the command line.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use jiff::civil::Date;

use super::Packs;
use super::place::{Operator, Records};

/// The agency that a command works with.
#[derive(Debug, Args)]
pub struct Agency {
    #[command(flatten)]
    pub records: Records,
    #[command(flatten)]
    pub operator: Operator,
    #[command(flatten)]
    pub packs: Packs,
}

/// `gongji book`.
#[derive(Debug, Args)]
pub struct Book {
    /// 业务名称，见 gongji commands；与 --lines 二选一
    #[arg(value_name = "业务", required_unless_present = "lines", conflicts_with = "lines")]
    pub kind: Option<String>,
    /// 业务内容（JSON）的文件；- 或省略则读标准输入
    #[arg(value_name = "文件", default_value = "-")]
    pub file: PathBuf,
    /// 幂等键：同一个键只记一次账；省略则由内容得出
    #[arg(long, value_name = "键", conflicts_with = "lines")]
    pub key: Option<String>,
    /// 一行一笔业务的文件：{"kind":"…","key":"…",…}；- 为标准输入
    #[arg(long, value_name = "文件")]
    pub lines: Option<PathBuf>,
    #[command(flatten)]
    pub agency: Agency,
}

/// `gongji commands`.
#[derive(Debug, Args)]
pub struct Commands {
    /// 只看这一种业务的完整例子
    #[arg(value_name = "业务")]
    pub kind: Option<String>,
}

/// Commands on settlements.
#[derive(Debug, Subcommand)]
pub enum SettlementCommand {
    /// 查看一笔结算：谁付、为什么，以及记账分录。
    Show(OneSettlement),
    /// 按当时的规则逐格说明，并重算核对。
    Explain(OneSettlement),
    /// 打印结算单。
    Print(OneSettlement),
    /// 撤销以后：同一年度里，哪些结算重算会不同、差多少。
    Affected(OneSettlement),
    /// 撤销结算：记一笔相反的账，余额和累计还原。
    Cancel(Correct),
    /// 重新结算：一笔相反的账和一笔新账。
    Readjudicate(Correct),
}

/// One settlement.
#[derive(Debug, Args)]
pub struct OneSettlement {
    /// 结算编号，如 S12
    #[arg(value_name = "结算编号")]
    pub id: String,
    #[command(flatten)]
    pub agency: Agency,
}

/// A settlement to be corrected.
#[derive(Debug, Args)]
pub struct Correct {
    /// 结算编号，如 S12
    #[arg(value_name = "结算编号")]
    pub id: String,
    /// 原因，记入账中
    #[arg(long, value_name = "原因")]
    pub reason: String,
    #[command(flatten)]
    pub agency: Agency,
}

/// `gongji backup`.
#[derive(Debug, Args)]
pub struct Backup {
    /// 备份到这个新文件
    #[arg(value_name = "文件")]
    pub file: PathBuf,
    /// 写成逐行的 JSON，可以恢复到 SQLite 或 PostgreSQL（数据库的备份总是这样）
    #[arg(long)]
    pub portable: bool,
    #[command(flatten)]
    pub records: Records,
}

/// `gongji restore`.
#[derive(Debug, Args)]
pub struct Restore {
    /// 备份文件
    #[arg(value_name = "文件")]
    pub file: PathBuf,
    #[command(flatten)]
    pub records: Records,
}

/// Commands on people.
#[derive(Debug, Subcommand)]
pub enum PersonCommand {
    /// 人员登记。
    Register(RegisterPerson),
    /// 查看一个人：证件（遮去中段）、参保、账户、凭证、共济。
    Show(OnePerson),
    /// 一人一档：与此人有关的全部记录，按时间先后。
    File(OnePerson),
    /// 某一天的参保情况和原因。
    Cover(CoverOn),
    /// 个人账户明细与余额。
    Statement(OnePerson),
    /// 五个问题，用账上这个人的参保、账户、共济和本年已用的限额回答。
    Five(CoverOn),
    /// 说明一条记录里这个人的计算：缴费、划入、计息、结转。
    Explain(ExplainRecord),
    /// 备案与登记：异地就医、慢特病、定点签约、生育。
    Filings(OnePerson),
    /// 家庭共济使用明细：谁、什么时候、在哪里用了多少。
    Draws(OnePerson),
    /// 医保钱包和转账。
    Transfers(OnePerson),
    /// 一个统筹区的共济异常。
    Flags(AreaOf),
    /// 退回一个统筹区没有人按时领取的转账。中断了再运行，会接着做。
    Returns(AreaOf),
}

/// `gongji person flags`, `gongji person returns`.
#[derive(Debug, Args)]
pub struct AreaOf {
    /// 统筹区（六位代码）
    #[arg(value_name = "统筹区")]
    pub area: String,
    #[command(flatten)]
    pub agency: Agency,
}

/// `gongji person register`.
#[derive(Debug, Args)]
pub struct RegisterPerson {
    /// 登记的统筹区（六位代码）
    #[arg(long, value_name = "统筹区")]
    pub area: String,
    /// 姓名
    #[arg(long, value_name = "姓名")]
    pub name: String,
    /// 证件号码
    #[arg(long, value_name = "号码")]
    pub number: String,
    /// 证件类型
    #[arg(long, value_name = "类型", default_value = "id_card")]
    pub certificate: String,
    /// 性别：female 或 male
    #[arg(long, value_name = "性别")]
    pub sex: String,
    /// 出生日期
    #[arg(long, value_name = "日期", value_parser = super::day)]
    pub birth_date: Date,
    #[command(flatten)]
    pub agency: Agency,
}

/// One person.
#[derive(Debug, Args)]
pub struct OnePerson {
    /// 人员编号，如 P12；或证件号码
    #[arg(value_name = "人员编号")]
    pub person: String,
    #[command(flatten)]
    pub agency: Agency,
}

/// `gongji person explain`.
#[derive(Debug, Args)]
pub struct ExplainRecord {
    #[command(flatten)]
    pub one: OnePerson,
    /// 记录号，见 gongji person statement
    #[arg(long, value_name = "记录")]
    pub record: u64,
}

/// `gongji person cover`.
#[derive(Debug, Args)]
pub struct CoverOn {
    /// 人员编号，如 P12；或证件号码
    #[arg(value_name = "人员编号")]
    pub person: String,
    /// 哪一天（默认今天）
    #[arg(long, value_name = "日期", value_parser = super::day)]
    pub on: Option<Date>,
    #[command(flatten)]
    pub agency: Agency,
}

/// Commands on institutions.
#[derive(Debug, Subcommand)]
pub enum InstitutionCommand {
    /// 列出定点机构。
    List(ListInstitutions),
    /// 定点机构登记。
    Register(RegisterInstitution),
}

/// `gongji institution list`.
#[derive(Debug, Args)]
pub struct ListInstitutions {
    /// 只看这个统筹区（六位代码）
    #[arg(long, value_name = "统筹区", default_value = "")]
    pub area: String,
    /// 只看这个级别
    #[arg(long, value_name = "级别")]
    pub level: Option<String>,
    /// 只看这种类型
    #[arg(long = "type", value_name = "类型")]
    pub facility_type: Option<String>,
    #[command(flatten)]
    pub agency: Agency,
}

/// `gongji institution register`.
#[derive(Debug, Args)]
pub struct RegisterInstitution {
    /// 机构编码
    #[arg(value_name = "机构编码")]
    pub id: String,
    /// 名称
    #[arg(long, value_name = "名称")]
    pub name: String,
    /// 与它结算的统筹区（六位代码）
    #[arg(long, value_name = "统筹区")]
    pub area: String,
    /// 机构级别：primary、1、2、3、special、ungraded
    #[arg(long, value_name = "级别")]
    pub level: Option<String>,
    /// 等次：none、A、B、C
    #[arg(long, value_name = "等次")]
    pub grade: Option<String>,
    /// 行政级别
    #[arg(long, value_name = "行政级别")]
    pub admin_level: Option<String>,
    /// 机构类型：hospital、community、pharmacy、tcm_hospital、internet
    #[arg(long = "type", value_name = "类型")]
    pub facility_type: Option<String>,
    /// 政策包里的机构分组
    #[arg(long, value_name = "分组")]
    pub group: Option<String>,
    /// 定点起始日期
    #[arg(long, value_name = "日期", value_parser = super::day)]
    pub from: Date,
    /// 定点截止日期
    #[arg(long, value_name = "日期", value_parser = super::day)]
    pub to: Option<Date>,
    #[command(flatten)]
    pub agency: Agency,
}

/// Commands on the catalogue.
#[derive(Debug, Subcommand)]
pub enum ItemCommand {
    /// 从 CSV 文件导入目录项目；重复导入不改变任何东西。
    Import(ItemImport),
    /// 把目录导出为 CSV。
    Export(ItemExport),
}

/// `gongji item import`.
#[derive(Debug, Args)]
pub struct ItemImport {
    /// CSV 文件；列名见 gongji item export 的输出
    #[arg(value_name = "文件.csv")]
    pub file: PathBuf,
    /// 哪个统筹区的目录（六位代码；000000 为国家目录）
    #[arg(long, value_name = "统筹区", default_value = "000000")]
    pub area: String,
    #[command(flatten)]
    pub agency: Agency,
}

/// `gongji item export`.
#[derive(Debug, Args)]
pub struct ItemExport {
    /// CSV 文件；- 为标准输出
    #[arg(value_name = "文件.csv", default_value = "-")]
    pub file: PathBuf,
    /// 哪个统筹区的目录（六位代码；000000 为国家目录）
    #[arg(long, value_name = "统筹区", default_value = "000000")]
    pub area: String,
    #[command(flatten)]
    pub agency: Agency,
}

/// Commands on tokens.
#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    /// 发放访问令牌；令牌只显示这一次。
    Issue(IssueToken),
    /// 吊销访问令牌。
    Revoke(RevokeToken),
    /// 列出访问令牌（不含令牌本身）。
    List(ListTokens),
}

/// `gongji token issue`.
#[derive(Debug, Args)]
pub struct IssueToken {
    /// 角色：institution（定点机构）、clerk（经办）、reviewer（复核）、auditor（审计）、resident（参保人）
    #[arg(value_name = "角色")]
    pub role: String,
    /// 以谁的名义：机构编码、人员编号、工作人员姓名
    #[arg(value_name = "名义")]
    pub name: String,
    /// 工作人员所属的统筹区，可写多次；不写为全部
    #[arg(long = "area", value_name = "统筹区")]
    pub areas: Vec<String>,
    /// 用途
    #[arg(long, value_name = "用途", default_value = "")]
    pub note: String,
    /// 最后有效的一天
    #[arg(long, value_name = "日期", value_parser = super::day)]
    pub expires_on: Option<Date>,
    #[command(flatten)]
    pub agency: Agency,
}

/// `gongji token revoke`.
#[derive(Debug, Args)]
pub struct RevokeToken {
    /// 令牌编号，如 T12
    #[arg(value_name = "令牌编号")]
    pub token: String,
    #[command(flatten)]
    pub agency: Agency,
}

/// `gongji token list`.
#[derive(Debug, Args)]
pub struct ListTokens {
    #[command(flatten)]
    pub agency: Agency,
}

/// `gongji demo`.
#[derive(Debug, Args)]
pub struct Demo {
    /// 多少人
    #[arg(long, value_name = "人数", default_value_t = 1_000)]
    pub people: u64,
    /// 随机种子：同样的人数、种子和政策包，得到分毫不差的账
    #[arg(long, value_name = "种子", default_value_t = 1)]
    pub seed: u64,
    /// 多少年的账单
    #[arg(long, value_name = "年数", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=30))]
    pub years: u16,
    #[command(flatten)]
    pub agency: Agency,
}

/// `gongji audit`.
#[derive(Debug, Args)]
pub struct Audit {
    #[command(flatten)]
    pub records: Records,
}

/// `gongji export`, `gongji import`.
#[derive(Debug, Args)]
pub struct Tables {
    /// 放 CSV 文件的文件夹
    #[arg(value_name = "文件夹")]
    pub folder: PathBuf,
    #[command(flatten)]
    pub agency: Agency,
}
