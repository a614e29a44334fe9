//! The own account: credit, interest, clearing, the turn of the year, uses, transfers.

use super::super::parameter::{Parameter, ParameterKind, ROUNDINGS};
use super::entry;
use ParameterKind::{Amount, Choice as OneOf, Count, Flag, Rate as Share};

/// Parameters of these calculations.
pub(super) const PARAMETERS: [Parameter; 38] = [
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
    // ── 账户清算 ──
    entry(
        ("account_clearing", "applied"),
        Flag,
        "预划后是否清算",
        "",
        "预划的资金在年度末按实际缴费清算，多退少补；不清算的写 false",
    ),
    entry(
        ("account_clearing", "shortfall_from"),
        OneOf(&[
            ("current_year", "记当年账户，可为负数"),
            ("current_year_first", "先冲当年账户，再冲历年账户，不足的当年账户记负数"),
            ("carried_over_first", "先冲历年账户，不足的当年账户记负数"),
        ]),
        "多划的从哪里扣回",
        "",
        "应划少于预划时，差额从账户的哪一部分扣回",
    ),
    entry(
        ("account_clearing", "surplus_to"),
        OneOf(&[("current_year", "当年账户"), ("carried_over", "历年账户")]),
        "少划的补到哪里",
        "",
        "应划多于预划时，差额记入账户的哪一部分",
    ),
    entry(("account_clearing", "rounding"), OneOf(ROUNDINGS), "清算金额的取整", "", "应划合计之后取整一次"),
    // ── 年度结转 ──
    entry(
        ("year_roll", "applied"),
        Flag,
        "年度之初是否结转",
        "",
        "当年账户的余额在年度之初转入历年账户；不分当年、历年的写 false",
    ),
    entry(("year_roll", "month"), Count, "结转月份", "月", "缺省：医保年度首月"),
    entry(("year_roll", "day"), Count, "结转日", "日", "缺省：写了结转月份的为 1 日，没有写的为医保年度首日"),
    entry(
        ("year_roll", "negative"),
        OneOf(&[("taken", "从历年账户扣抵"), ("kept", "留在当年账户")]),
        "当年账户为负数时",
        "",
        "缺省：从历年账户扣抵，不足的仍留在当年账户",
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
    entry(
        ("account_use", "condition"),
        OneOf(&[
            ("none", "没有条件"),
            ("death", "参保人去世"),
            ("relation_moved", "参保关系转出本统筹区"),
            ("settled_abroad", "出境定居"),
        ]),
        "使用的条件",
        "",
        "继承、转移、提取现金等须有的情形；缺省：没有条件",
    ),
    entry(
        ("account_use", "whole"),
        Flag,
        "是否整笔处理",
        "",
        "全部余额一次处理，事件不写金额，如继承、转移；缺省：按金额处理",
    ),
    entry(
        ("account_use", "paid_to"),
        OneOf(&[
            ("payee", "收费机构"),
            ("heir_account", "继承人的个人账户"),
            ("heir_cash", "继承人，一次性支付"),
            ("new_area", "转入地的个人账户"),
            ("person", "本人"),
        ]),
        "支付给谁",
        "",
        "缺省：没有说",
    ),
    entry(
        ("account_use", "insured_required"),
        Flag,
        "使用人是否须参加基本医保",
        "",
        "为家人使用时；限本统筹区的，用就医地（place）区分 allowed；缺省：不要求",
    ),
    // ── 钱包转账 ──
    entry(("transfer", "allowed"), Flag, "可否向其转账", "", "按收款人与本人的关系（beneficiary）"),
    entry(("transfer", "each"), Amount, "单笔限额", "元", "一笔最多；缺省：不限"),
    entry(("transfer", "a_day"), Count, "每日笔数", "笔", "一天最多几笔；缺省：不限"),
    entry(("transfer", "closes_hour"), Count, "停止转账的钟点", "时", "从这一钟点起不能转账；缺省：全天可转"),
    entry(
        ("transfer", "opens_hour"),
        Count,
        "恢复转账的钟点",
        "时",
        "到这一钟点恢复；未领取的此时退回；缺省：与停止转账同时",
    ),
    entry(("transfer", "day_amount"), Amount, "每日限额", "元", "一天合计最多；缺省：不限"),
    entry(("transfer", "insured_required"), Flag, "收款人是否须参加基本医保", "", "缺省：不要求"),
    entry(("transfer", "wallet_required"), Flag, "收款人是否须开通医保钱包", "", "缺省：不要求"),
];
