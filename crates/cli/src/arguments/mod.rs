//! What can be asked on the command line.

mod agency;
mod clearing;
mod conformance;
mod correction;
mod money;
mod place;

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::civil::Date;

pub use agency::{
    Agency, AreaOf, Audit, Backup, Book, Commands, Correct, CoverOn, Demo, ExplainRecord, InstitutionCommand,
    IssueToken, ItemCommand, ItemExport, ItemImport, ListInstitutions, ListTokens, OnePerson, OneSettlement,
    PersonCommand, RegisterInstitution, RegisterPerson, Restore, RevokeToken, SettlementCommand, Tables,
    TokenCommand,
};
pub use clearing::{
    BetweenAreas, ClearingCommand, ClearingDays, FundCommand, FundStatement, FundYearWork, ListClearings,
    Netting, OneClearing, OneComparison,
};
pub use conformance::{Conformance, PathStyle as WhereTo};
pub use correction::{
    CancelCorrection, ClaimCommand, CorrectionCommand, CorrectionLines, FindCorrections, ListClaims,
    ListCorrections, OneClaim, OneCorrection,
};
pub use money::{
    AreaArrears, ContributionCommand, ContributionRun, PayerBills, YearClose, YearCommand, YearWork,
};
pub use place::{Operator, Records};

/// 共济 gongji：一张医保单子，每一分钱由谁付、依据哪一条。
#[derive(Debug, Parser)]
#[command(name = "gongji", version, disable_help_subcommand = true)]
#[command(after_help = "退出码：0 正常，2 输入有误（未改动任何东西），1 失败。")]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// 试算：读入一个案例（JSON），逐分说明谁付、为什么。不记账。
    Quote(Quote),
    /// 五个问题：统筹、共济、余额、划入、减免，用您自己的数回答。
    Five(Box<Five>),
    /// 复算：重算一份试算结果，列出任何不同。
    Verify(Verify),
    /// 政策包：检查、列出、查看、比较、跑样例。
    #[command(subcommand)]
    Policy(PolicyCommand),
    /// 记账：办一笔业务（JSON），或一个文件里的许多笔。
    Book(Book),
    /// 列出全部业务和例子。
    Commands(Commands),
    /// 参保人：登记、档案、参保、账户。
    #[command(subcommand)]
    Person(PersonCommand),
    /// 定点机构：登记、查询。
    #[command(subcommand)]
    Institution(InstitutionCommand),
    /// 目录：导入、导出。
    #[command(subcommand)]
    Item(ItemCommand),
    /// 结算：查看、说明、打印、撤销、重新结算。
    #[command(subcommand)]
    Settlement(SettlementCommand),
    /// 缴费：核定、分账、缴费单、欠费。
    #[command(subcommand)]
    Contribution(ContributionCommand),
    /// 一年：预划、清算、年终结息与结转。
    #[command(subcommand)]
    Year(YearCommand),
    /// 清算：每天合计、对账、月度清算、区域间清算。
    #[command(subcommand)]
    Clearing(ClearingCommand),
    /// 基金：收支表。
    #[command(subcommand)]
    Fund(FundCommand),
    /// 手工报销：列出、查看报销申请。
    #[command(subcommand)]
    Claim(ClaimCommand),
    /// 追溯调整：规则追溯变更以后，查找、查看、放行、撤销一批结算的更正。
    #[command(subcommand)]
    Correction(CorrectionCommand),
    /// 访问令牌：发放、吊销、列出。
    #[command(subcommand)]
    Token(TokenCommand),
    /// 演示数据：虚构的家庭、机构、账户和账单。
    Demo(Demo),
    /// 核对：由流水重新得出全部余额、累计和现状，列出任何不同。
    Audit(Audit),
    /// 导出：参保人、机构、目录、结算、分录、余额的 CSV（金额以元为单位）。
    Export(Tables),
    /// 导入：由导出的参保人、机构、目录、授权补办业务；重复导入不会重复办理。
    Import(Tables),
    /// 备份：不停业务，复制全部账到一个新文件。
    Backup(Backup),
    /// 恢复：由备份文件建立新的账，逐条核对。
    Restore(Restore),
    /// 启动网页和 JSON 接口（默认只在本机监听）；指明账在哪里时，也办理业务。
    Serve(Serve),
    /// 检查接口：对一个平台演练全国接口的各种业务，列出与文档不符的地方。
    Conformance(Box<Conformance>),
    /// 输出命令行补全脚本。
    Completions(Completions),
}

/// Commands on packs.
#[derive(Debug, Subcommand)]
pub enum PolicyCommand {
    /// 检查政策包：缺口、冲突、日期、来源……逐处指出并给出反例。
    Check(PolicyCheck),
    /// 列出统筹区、险种、待遇和年份。
    List(PolicyList),
    /// 一览：各统筹区各方面的参数有没有、来源等级如何。
    Matrix(PolicyMatrix),
    /// 查看一个统筹区的全部参数、来源和等级。
    Show(PolicyShow),
    /// 比较两个统筹区，或同一统筹区的两个日期。
    Diff(PolicyDiff),
    /// 跑政策包自带的样例，并报告改了也不影响任何样例的参数。
    Test(PolicyTest),
}

/// A calendar day as people write it.
fn day(text: &str) -> Result<Date, String> {
    text.parse().map_err(|_| "不是日历上的日期；写成 2023-05-30 这样".to_owned())
}

/// Where packs come from.
#[derive(Debug, Args)]
pub struct Packs {
    /// 政策包所在文件夹（默认用程序自带的政策包）
    #[arg(long, env = "GONGJI_POLICIES", value_name = "文件夹")]
    pub policies: Option<PathBuf>,
}

/// How a result is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// 给人看的表
    Table,
    /// 案例格式的 JSON
    Json,
}

/// `gongji quote`.
#[derive(Debug, Args)]
pub struct Quote {
    /// 案例文件；- 或省略则读标准输入
    #[arg(value_name = "案例.json", default_value = "-")]
    pub case: PathBuf,
    /// 输出格式
    #[arg(long, value_enum, default_value_t = Format::Table, value_name = "格式")]
    pub format: Format,
    /// 逐格给出算式、依据、等级、有效期和取舍
    #[arg(long)]
    pub explain: bool,
    /// 按这一天的规则计算（不论单据日期）
    #[arg(long, value_name = "日期", value_parser = day)]
    pub on: Option<Date>,
    /// 只用这一天已公布的来源
    #[arg(long, value_name = "日期", value_parser = day)]
    pub known_on: Option<Date>,
    /// 与这一天的规则比较
    #[arg(long, value_name = "日期", value_parser = day)]
    pub compare: Option<Date>,
    #[command(flatten)]
    pub packs: Packs,
}

/// `gongji five`.
#[derive(Debug, Args)]
#[command(
    after_help = "写文件、写选项，或都写（选项优先）。例：gongji five --area 统筹区 --category 在职 --age 45 --wage 8000 --carried 1500 --supplement 无"
)]
pub struct Five {
    /// 参保人文件（JSON，见 docs/case-format.md）；- 读标准输入；写了 --area 可以省略
    #[arg(value_name = "参保人.json")]
    pub case: Option<PathBuf>,
    /// 参保地：代码或名称
    #[arg(long, value_name = "统筹区")]
    pub area: Option<String>,
    /// 人员类别：在职、退休、灵活就业、成年居民……
    #[arg(long, value_name = "类别")]
    pub category: Option<String>,
    /// 统账类型：统账结合（默认）、单建统筹
    #[arg(long, value_name = "类型")]
    pub account_option: Option<String>,
    /// 周岁
    #[arg(long, value_name = "岁", conflicts_with = "born")]
    pub age: Option<u8>,
    /// 出生日期
    #[arg(long, value_name = "日期", value_parser = day)]
    pub born: Option<Date>,
    /// 性别：男、女
    #[arg(long, value_name = "性别")]
    pub sex: Option<String>,
    /// 月工资（元）
    #[arg(long, value_name = "元", conflicts_with = "base")]
    pub wage: Option<String>,
    /// 月缴费基数（元）
    #[arg(long, value_name = "元")]
    pub base: Option<String>,
    /// 月养老金（元）
    #[arg(long, value_name = "元")]
    pub pension: Option<String>,
    /// 个人账户当年余额（元）
    #[arg(long, value_name = "元")]
    pub current: Option<String>,
    /// 个人账户历年余额（元）
    #[arg(long, value_name = "元")]
    pub carried: Option<String>,
    /// 可以授权您用账户的家人，写成 关系:历年余额，如 配偶:3000；可写几次
    #[arg(long, value_name = "关系:元")]
    pub relative: Vec<String>,
    /// 想把自己的账户授权给谁，如 父母；可写几次，不写就列出全部
    #[arg(long, value_name = "关系")]
    pub family: Vec<String>,
    /// 退休日期
    #[arg(long, value_name = "日期", value_parser = day)]
    pub retired_on: Option<Date>,
    /// 累计缴费年限
    #[arg(long, value_name = "年")]
    pub years: Option<u8>,
    /// 补充保险：无、大额、商业补充、公务员、企业补充；可写几次
    #[arg(long, value_name = "险种")]
    pub supplement: Vec<String>,
    /// 救助身份：无、特困、低保……；可写几次
    #[arg(long, value_name = "身份")]
    pub assistance: Vec<String>,
    /// 从哪个月起没有断缴，如 2020-01
    #[arg(long, value_name = "年-月")]
    pub paid_since: Option<String>,
    /// 问的是哪一天（默认今天）
    #[arg(long, value_name = "日期", value_parser = day)]
    pub date: Option<Date>,
    /// 列出每个数的算式、依据、等级和有效期
    #[arg(long)]
    pub explain: bool,
    /// 输出格式
    #[arg(long, value_enum, default_value_t = Format::Table, value_name = "格式")]
    pub format: Format,
    /// 按这一天的规则计算
    #[arg(long, value_name = "日期", value_parser = day)]
    pub on: Option<Date>,
    /// 只用这一天已公布的来源
    #[arg(long, value_name = "日期", value_parser = day)]
    pub known_on: Option<Date>,
    #[command(flatten)]
    pub packs: Packs,
}

/// `gongji verify`.
#[derive(Debug, Args)]
pub struct Verify {
    /// 试算结果（quote --format json 的输出）；- 或省略则读标准输入
    #[arg(value_name = "结果.json", default_value = "-")]
    pub answer: PathBuf,
    #[command(flatten)]
    pub packs: Packs,
}

/// `gongji policy check`.
#[derive(Debug, Args)]
pub struct PolicyCheck {
    /// 以这一天为准判断来源是否久未核对（默认今天）
    #[arg(long, value_name = "日期", value_parser = day)]
    pub today: Option<Date>,
    #[command(flatten)]
    pub packs: Packs,
}

/// `gongji policy list`.
#[derive(Debug, Args)]
pub struct PolicyList {
    #[command(flatten)]
    pub packs: Packs,
}

/// `gongji policy matrix`.
#[derive(Debug, Args)]
pub struct PolicyMatrix {
    /// 输出格式
    #[arg(long, value_enum, default_value_t = Format::Table, value_name = "格式")]
    pub format: Format,
    /// 只看这一天有效的行
    #[arg(long, value_name = "日期", value_parser = day)]
    pub on: Option<Date>,
    #[command(flatten)]
    pub packs: Packs,
}

/// `gongji policy show`.
#[derive(Debug, Args)]
pub struct PolicyShow {
    /// 统筹区代码或名称
    #[arg(value_name = "统筹区")]
    pub area: String,
    /// 只看路径里含有这段文字的参数
    #[arg(long, value_name = "文字")]
    pub only: Option<String>,
    /// 只看这一天有效的行
    #[arg(long, value_name = "日期", value_parser = day)]
    pub on: Option<Date>,
    #[command(flatten)]
    pub packs: Packs,
}

/// `gongji policy diff`.
#[derive(Debug, Args)]
pub struct PolicyDiff {
    /// 统筹区或日期
    #[arg(value_name = "甲")]
    pub left: String,
    /// 统筹区或日期
    #[arg(value_name = "乙")]
    pub right: String,
    /// 比较两个日期时，看哪个统筹区
    #[arg(long, value_name = "统筹区")]
    pub area: Option<String>,
    #[command(flatten)]
    pub packs: Packs,
}

/// `gongji policy test`.
#[derive(Debug, Args)]
pub struct PolicyTest {
    /// 只跑名称里含有这段文字的样例
    #[arg(long, value_name = "文字")]
    pub only: Option<String>,
    /// 只跑样例，不找改了也不影响任何样例的参数
    #[arg(long)]
    pub quick: bool,
    #[command(flatten)]
    pub packs: Packs,
}

/// `gongji serve`.
#[derive(Debug, Args)]
pub struct Serve {
    /// 监听地址；默认只有本机能访问
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "地址")]
    pub listen: SocketAddr,
    /// 除 IP 地址和 localhost 以外，别人访问时用的主机名；可写多次
    #[arg(long = "host", value_name = "主机名")]
    pub hosts: Vec<String>,
    /// 网关配置（TOML）：机构用请求头签名代替令牌，见 docs/operate.md
    #[arg(long, value_name = "文件", conflicts_with = "sandbox")]
    pub gateway: Option<PathBuf>,
    /// 沙箱：虚构的人、机构和目录，给医院系统的开发者试接口；不写 --data 就用临时的账
    #[arg(long)]
    pub sandbox: bool,
    /// 沙箱放在哪个统筹区：代码或名称（默认由程序选一个）
    #[arg(long, value_name = "统筹区", requires = "sandbox")]
    pub sandbox_area: Option<String>,
    #[command(flatten)]
    pub records: Records,
    #[command(flatten)]
    pub packs: Packs,
}

/// `gongji completions`.
#[derive(Debug, Args)]
pub struct Completions {
    /// 哪种命令行
    #[arg(value_enum)]
    pub shell: clap_complete::Shell,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_arguments_do_not_contradict_each_other() {
        super::Arguments::command().debug_assert();
    }
}
