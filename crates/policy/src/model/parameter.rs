//! Parameters of calculations beyond the bill: one registry says which there are and what kind of value each holds.

use gongji_money::{Rate, Rounding};

use super::{AmountRule, Table};

/// What kind of value a parameter holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParameterKind {
    /// An amount in fen, fixed or a multiple of an index; `not_applied` and `unlimited` where the rule sets none.
    Amount,
    /// A rate.
    Rate,
    /// Yes or no.
    Flag,
    /// A whole number, at least 0.
    Count,
    /// One of these names, each with the term that people read.
    Choice(&'static [(&'static str, &'static str)]),
}

/// One parameter that a pack may give.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// The calculation that asks for it: `contribution`, `account_credit` …
    pub calculation: &'static str,
    /// Its name within the calculation.
    pub name: &'static str,
    /// What kind of value it holds.
    pub kind: ParameterKind,
    /// What people read.
    pub label: &'static str,
    /// What is counted or paid: `个月`, `天`, `元/月`.
    pub unit: &'static str,
    /// What it means, and what its absence means, for people who write packs.
    pub meaning: &'static str,
}

/// A name out of a parameter's choices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The choices.
    pub names: &'static [(&'static str, &'static str)],
    /// The position of the one that holds.
    pub index: usize,
}

impl Choice {
    /// The name in packs.
    pub fn name(&self) -> &'static str {
        self.names.get(self.index).map_or("", |(name, _)| name)
    }

    /// The term that people read.
    pub fn label(&self) -> &'static str {
        self.names.get(self.index).map_or("", |(_, label)| label)
    }
}

/// The decision table of a parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are those of the kinds")]
pub enum ParameterTable {
    Amount(Table<AmountRule>),
    Rate(Table<Rate>),
    Flag(Table<bool>),
    Count(Table<i64>),
    Choice(Table<Choice>),
}

/// What a scheme says of one parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatedParameter {
    /// Which.
    pub parameter: &'static Parameter,
    /// Its table.
    pub table: ParameterTable,
}

impl Parameter {
    /// The parameter of that name.
    pub fn find(calculation: &str, name: &str) -> Option<&'static Parameter> {
        PARAMETERS.iter().find(|it| it.calculation == calculation && it.name == name)
    }
}

/// Every rounding by its name in packs.
const ROUNDINGS: &[(&str, &str)] = &[
    ("half_up_fen", "四舍五入到分"),
    ("half_up_jiao", "四舍五入到角"),
    ("half_up_yuan", "四舍五入到元"),
    ("truncate_fen", "舍去到分"),
    ("truncate_jiao", "舍去到角"),
    ("truncate_yuan", "舍去到元"),
    ("up_fen", "进位到分"),
    ("up_jiao", "进位到角"),
    ("up_yuan", "进位到元"),
];

impl Choice {
    /// The rounding that it names, where it names one.
    pub fn rounding(&self) -> Option<Rounding> {
        Rounding::from_name(self.name())
    }
}

const fn entry(
    (calculation, name): (&'static str, &'static str),
    kind: ParameterKind,
    label: &'static str,
    unit: &'static str,
    meaning: &'static str,
) -> Parameter {
    Parameter { calculation, name, kind, label, unit, meaning }
}

use ParameterKind::{Amount, Choice as OneOf, Count, Flag, Rate as Share};

/// Every parameter there is, by calculation. A calculation refuses where one that it must have is not given; where
/// `meaning` says "缺省", its absence means just that.
pub const PARAMETERS: &[Parameter] = &[
    // ── 缴费 ──
    entry(
        ("contribution", "base_floor"),
        Amount,
        "缴费基数下限",
        "元/月",
        "申报工资低于它的按它缴费；缺省：不设下限",
    ),
    entry(
        ("contribution", "base_ceiling"),
        Amount,
        "缴费基数上限",
        "元/月",
        "申报工资高于它的按它缴费；缺省：不设上限",
    ),
    entry(
        ("contribution", "rate"),
        Share,
        "缴费比例",
        "",
        "按费目（fund）与出资方（contributor）的比例；不缴的写 0%",
    ),
    entry(
        ("contribution", "amount"),
        Amount,
        "每月定额缴费",
        "元/月",
        "按费目与出资方，在比例之外按月另缴的定额；缺省：没有",
    ),
    entry(
        ("contribution", "yearly_amount"),
        Amount,
        "每年定额缴费",
        "元/年",
        "按费目与出资方按年另缴的定额，不计入每月合计；缺省：没有",
    ),
    entry(
        ("contribution", "published"),
        Amount,
        "公布的应缴金额",
        "元/月",
        "直接公布金额的，不按基数乘比例；没有公布的写 not_applied；缺省：没有",
    ),
    entry(
        ("contribution", "reduction"),
        Share,
        "减征比例",
        "",
        "应缴额中减征的部分，如 2020 年单位缴费减半；缺省：不减征",
    ),
    entry(("contribution", "rounding"), OneOf(ROUNDINGS), "缴费金额的取整", "", "每一笔各自取整"),
    entry(
        ("contribution", "late_rate"),
        Share,
        "滞纳金比例（每日）",
        "",
        "欠缴额每日加收的比例；缺省：不计滞纳金",
    ),
    entry(
        ("contribution", "arrears"),
        Flag,
        "可否补缴以往年度",
        "",
        "按费目与人员类别；缺省：没有说，跨年补缴的不作计算",
    ),
    entry(("contribution", "debit_day"), Count, "每月扣款日", "日", "委托扣款的第一个日期；0 或缺省：没有"),
    entry(
        ("contribution", "debit_retry_day"),
        Count,
        "扣款失败后再扣日",
        "日",
        "同月再次扣款的日期；缺省：不再扣",
    ),
    // ── 个人账户划入 ──
    entry(
        ("account_credit", "base"),
        OneOf(&[
            ("own_base", "本人缴费基数"),
            ("own_pension", "本人基本养老金"),
            ("average", "统筹区平均数"),
            ("flat", "定额"),
        ]),
        "划入基数",
        "",
        "按什么划入；缴费基数受 contribution 的上下限约束",
    ),
    entry(("account_credit", "rate"), Share, "划入比例", "", "按基数划入的比例；定额的不用"),
    entry(
        ("account_credit", "employer_rate"),
        Share,
        "单位缴费划入比例",
        "",
        "个人缴费之外，由单位缴费划入的比例；缺省：没有",
    ),
    entry(("account_credit", "amount"), Amount, "划入定额", "元", "定额划入的金额，每期一次"),
    entry(
        ("account_credit", "average"),
        Amount,
        "划入所按的平均数",
        "元",
        "平均工资或平均养老金，与划入周期同一口径",
    ),
    entry(
        ("account_credit", "pension_floor"),
        Amount,
        "养老金基数下限",
        "元/月",
        "养老金低于它的按它划入；缺省：不设下限",
    ),
    entry(
        ("account_credit", "pension_fallback"),
        OneOf(&[("wage", "本人退休前工资"), ("average", "统筹区平均数"), ("refuse", "不划入")]),
        "没有养老金时的基数",
        "",
        "没有养老金资料时依次改用什么；缺省：须填养老金",
    ),
    entry(
        ("account_credit", "cycle"),
        OneOf(&[("month", "按月"), ("year", "按年预划")]),
        "划入周期",
        "",
        "按年预划的，年初一次划入全年，中途参保按剩余月数",
    ),
    entry(
        ("account_credit", "age_on"),
        OneOf(&[("period", "当期首日"), ("year_start", "医保年度首日")]),
        "年龄计算日",
        "",
        "跨年龄段从何时起换档；缺省：当期首日",
    ),
    entry(("account_credit", "due_day"), Count, "到账期限", "日", "当期最迟在当月几日到账；缺省：没有说"),
    entry(("account_credit", "rounding"), OneOf(ROUNDINGS), "划入金额的取整", "", "合计之后取整一次"),
    // ── 个人账户计息 ──
    entry(("account_interest", "rate"), Share, "年利率", "", "按当年、历年（sub_account）"),
    entry(
        ("account_interest", "method"),
        OneOf(&[("months", "月积数"), ("days", "日积数"), ("year", "年末余额")]),
        "计息方法",
        "",
        "月积数：入账当月计满月；日积数：按天数；年末余额：期末余额乘年利率",
    ),
    entry(("account_interest", "days_in_year"), Count, "计息全年天数", "天", "日积数法的全年天数；缺省：360"),
    entry(("account_interest", "rounding"), OneOf(ROUNDINGS), "利息的取整", "", "两部分合计之后取整一次"),
    // ── 居民缴费 ──
    entry(("premium", "amount"), Amount, "个人缴费标准", "元/年", "按待遇年度（以年度首日适用）与人群"),
    entry(("premium", "subsidy"), Amount, "财政补助标准", "元/年", "按出资方；缺省：没有说"),
    entry(("premium", "aid_amount"), Amount, "资助参保金额", "元/年", "医疗救助代缴的部分；缺省：没有"),
    entry(
        ("premium", "year_month"),
        Count,
        "待遇年度首月",
        "月",
        "居民待遇年度从几月一日开始；缺省：与医保年度同",
    ),
    entry(
        ("premium", "opens_months"),
        Count,
        "集中缴费期提前月数",
        "个月",
        "集中缴费期在待遇年度开始前几个月起",
    ),
    entry(
        ("premium", "closes_months"),
        Count,
        "集中缴费期延后月数",
        "个月",
        "待遇年度开始后再过几个月截止；0 为年度开始前一日截止",
    ),
    entry(
        ("premium", "newborn_days"),
        Count,
        "新生儿参保期限",
        "天",
        "出生后几天内参保缴费，自出生之日起享受待遇；缺省：没有说",
    ),
    entry(
        ("premium", "late_subsidy"),
        Flag,
        "逾期缴费有无财政补助",
        "",
        "集中缴费期外缴费是否仍有补助；缺省：有",
    ),
    // ── 等待期 ──
    entry(
        ("waiting", "fixed_months"),
        Count,
        "固定等待期",
        "个月",
        "未在集中缴费期参保或未连续参保的等待月数；0 为没有",
    ),
    entry(("waiting", "months_per_year"), Count, "每断保一年的变动等待期", "个月", "每多断保一年增加的月数"),
    entry(
        ("waiting", "first_year_counts"),
        Flag,
        "首个断保年是否计变动等待期",
        "",
        "两种读法：青岛口径不计，另一读法计",
    ),
    entry(("waiting", "repair_months"), Count, "每补缴一年减少的等待期", "个月", "只减变动部分"),
    entry(
        ("waiting", "minimum_from_years"),
        Count,
        "适用最低等待期的断保年数",
        "年",
        "连续断保满几年适用；缺省：没有最低",
    ),
    entry(
        ("waiting", "minimum_months"),
        Count,
        "补缴后的最低等待期",
        "个月",
        "固定与变动合计不少于；缺省：没有最低",
    ),
    entry(("waiting", "exempt"), Flag, "不设等待期的人群", "", "新生儿等；缺省：没有"),
    entry(
        ("waiting", "break_months"),
        Count,
        "职工中断后的等待期",
        "个月",
        "按中断月数（months_missed）、是否补缴（repaired）等",
    ),
    entry(("waiting", "retroactive"), Flag, "中断期间待遇可否补付", "", "按中断月数、是否补缴；缺省：不补付"),
    entry(
        ("waiting", "counted_from"),
        OneOf(&[("day", "缴费当日"), ("month", "缴费当月"), ("next_month", "缴费次月")]),
        "等待期起算",
        "",
        "从缴费当日、当月首日还是次月首日起算",
    ),
    // ── 大病保险限额的激励与降低 ──
    entry(("cap_reward", "original_cap"), Amount, "大病保险原限额", "元/年", "激励以它为基数"),
    entry(("cap_reward", "after_years"), Count, "连续参保满几年起激励", "年", "满几年之后每多一年有激励"),
    entry(("cap_reward", "per_year"), Amount, "连续参保激励", "元/年", "每多连续一年提高的限额"),
    entry(("cap_reward", "zero_claim"), Amount, "零报销激励", "元/年", "当年没有使用基金，次年提高的限额"),
    entry(("cap_reward", "limit_rate"), Share, "激励上限比例", "", "合计不超过原限额的比例"),
    entry(("cap_reward", "per_missed_year"), Amount, "每断保一年降低的限额", "元/年", "缺省：不降低"),
    entry(("cap_reward", "missed_limit"), Amount, "降低限额的上限", "元", "合计最多降低；缺省：没有上限"),
    entry(
        ("cap_reward", "kept_on_break"),
        Flag,
        "断保后已得激励是否保留",
        "",
        "断保后年数重计，已得额度保留与否",
    ),
    // ── 参保状态 ──
    entry(
        ("cover", "starts"),
        OneOf(&[("month", "缴费当月"), ("next_month", "缴费次月")]),
        "待遇开始",
        "",
        "职工正常缴费后从当月还是次月起享受待遇",
    ),
    // ── 个人账户使用 ──
    entry(
        ("account_use", "allowed"),
        Flag,
        "可否使用个人账户",
        "",
        "按用途（purpose）与使用人（beneficiary）；理由写在 reason",
    ),
    entry(
        ("account_use", "from"),
        OneOf(&[
            ("current_year_first", "先当年后历年"),
            ("carried_over", "只用历年"),
            ("carried_over_first", "先历年后当年"),
        ]),
        "从哪部分支付",
        "",
        "账户的两部分以何次序支付",
    ),
    entry(("account_use", "limit"), Amount, "每次限额", "元", "单次使用的限额；缺省：不限"),
    // ── 钱包转账 ──
    entry(("transfer", "allowed"), Flag, "可否向其转账", "", "按收款人与本人的关系（beneficiary）"),
    entry(("transfer", "each"), Amount, "单笔限额", "元", "一笔最多"),
    entry(("transfer", "a_day"), Count, "每日笔数", "笔", "一天最多几笔"),
    entry(("transfer", "closes_hour"), Count, "停止转账的钟点", "时", "从这一钟点起不能转账"),
    entry(("transfer", "opens_hour"), Count, "恢复转账的钟点", "时", "到这一钟点恢复；未领取的此时退回"),
    // ── 生育津贴 ──
    entry(
        ("maternity_allowance", "days"),
        Count,
        "产假天数",
        "天",
        "按生育情形（birth）与孕周（gestation_weeks）",
    ),
    entry(("maternity_allowance", "difficult_days"), Count, "难产增加天数", "天", "按生育情形；缺省：没有"),
    entry(("maternity_allowance", "baby_days"), Count, "每多一个婴儿增加天数", "天", "缺省：没有"),
    entry(
        ("maternity_allowance", "local_days"),
        Count,
        "地方延长天数",
        "天",
        "生育奖励假，按生育情形；缺省：没有",
    ),
    entry(
        ("maternity_allowance", "days_in_month"),
        Share,
        "每月折算天数",
        "",
        "月基数除以几得日津贴，如 30、30.4",
    ),
    entry(
        ("maternity_allowance", "months_required"),
        Count,
        "须连续缴费月数",
        "个月",
        "缴费满几个月才由基金支付；缺省：没有要求",
    ),
    entry(
        ("maternity_allowance", "otherwise"),
        OneOf(&[("employer", "由用人单位支付"), ("later", "补足月数后由基金支付"), ("nobody", "不享受")]),
        "月数不足时由谁支付",
        "",
        "缺省：由用人单位支付",
    ),
    entry(("maternity_allowance", "rounding"), OneOf(ROUNDINGS), "津贴的取整", "", "合计之后取整一次"),
    entry(
        ("maternity_allowance", "spouse_allowance"),
        Flag,
        "男职工未就业配偶有无津贴",
        "",
        "按国家规定只有医疗费用待遇，没有津贴",
    ),
    entry(
        ("maternity_allowance", "spouse_rate"),
        Share,
        "未就业配偶医疗费报销比例",
        "",
        "生育医疗费用按比例；没有资料的写 unknown",
    ),
    entry(("maternity_allowance", "spouse_cap"), Amount, "未就业配偶医疗费限额", "元", "缺省：不限"),
    // ── 退休补缴 ──
    entry(
        ("retirement_top_up", "years_required"),
        Count,
        "须累计缴费年限",
        "年",
        "退休后享受终身待遇的累计年限",
    ),
    entry(("retirement_top_up", "local_years_required"), Count, "须本地实缴年限", "年", "0 或缺省：没有要求"),
    entry(
        ("retirement_top_up", "continuous_years"),
        Count,
        "或连续缴费年限",
        "年",
        "连续满此年限的也可以；缺省：没有这一途径",
    ),
    entry(("retirement_top_up", "rate"), Share, "补缴比例", "", "按补缴基数"),
    entry(("retirement_top_up", "amount"), Amount, "每月另缴定额", "元/月", "大额等；缺省：没有"),
    entry(
        ("retirement_top_up", "base_rate"),
        Share,
        "补缴基数占平均工资的比例",
        "",
        "填 average_wage 时用；缺省：须填基数",
    ),
    entry(
        ("retirement_top_up", "fund"),
        OneOf(&[("pooled", "统筹基金"), ("both", "统筹基金和个人账户")]),
        "补缴计入",
        "",
        "一般全部计入统筹基金，不划个人账户",
    ),
    entry(
        ("retirement_top_up", "each_month"),
        Flag,
        "先按月取整",
        "",
        "是：每月金额取整后乘月数；否：合计后取整",
    ),
    entry(("retirement_top_up", "rounding"), OneOf(ROUNDINGS), "补缴金额的取整", "", ""),
    // ── 退休状态 ──
    entry(("retirement", "age_months"), Count, "原法定退休年龄", "个月", "按性别与岗位，以月计：60 岁为 720"),
    entry(
        ("retirement", "step_months"),
        Count,
        "每几个月延迟一个月",
        "个月",
        "自该行首日起渐进延迟；0 为不延迟",
    ),
    entry(("retirement", "most_delay"), Count, "最多延迟月数", "个月", "延迟到此为止；缺省：不延迟"),
];
