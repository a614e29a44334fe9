//! Every check: a stable id, what it is called, and whether a platform must pass it.

/// How much a check weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// The interface or its documented practice asks for it.
    Must,
    /// Editions differ, or it is good practice: what is otherwise is noted and fails nothing.
    Should,
}

/// A check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Check {
    /// Group and name, which never change: `identity.payers`.
    pub id: &'static str,
    /// What it is, in Chinese.
    pub title: &'static str,
    /// How much it weighs.
    pub level: Level,
}

impl Check {
    /// The part of the id before the dot.
    pub fn group(&self) -> &'static str {
        self.id.split('.').next().unwrap_or_default()
    }
}

/// What groups are called.
pub fn group_title(group: &str) -> &'static str {
    match group {
        "transport" => "传输",
        "envelope" => "报文",
        "output" => "出参",
        "address" => "地址",
        "refusal" => "拒绝",
        "tolerance" => "宽容读入",
        "outpatient" => "门诊",
        "inpatient" => "住院",
        "pharmacy" => "药店",
        "identity" => "恒等式",
        "repeat" => "重发",
        "unknown" => "结果不明",
        "close" => "日终对账",
        "away" => "异地",
        _ => "其他",
    }
}

const fn must(id: &'static str, title: &'static str) -> Check {
    Check { id, title, level: Level::Must }
}

const fn should(id: &'static str, title: &'static str) -> Check {
    Check { id, title, level: Level::Should }
}

/// All checks, in the order of the report.
pub const CHECKS: &[Check] = &[
    must("transport.answered", "每条报文都在时限内有应答"),
    must("transport.status", "业务应答的 HTTP 状态是 200，失败写在 infcode 里"),
    must("transport.json", "应答是 JSON 对象"),
    should("transport.kind", "应答的 Content-Type 是 application/json"),
    must("envelope.keys", "应答有 infcode、inf_refmsgid、refmsg_time、respond_time、err_msg、output"),
    should("envelope.more_keys", "应答另有 warn_msg、cainfo、signtype"),
    must("envelope.infcode", "infcode 是数字 0 或 -1"),
    must("envelope.times", "refmsg_time、respond_time 是 yyyyMMddHHmmssSSS，后者不早于前者"),
    must("envelope.reference", "成功时 inf_refmsgid 为区划 6 位、时间 14 位、顺序号 10 位"),
    must("envelope.unique", "inf_refmsgid 不重复"),
    must("envelope.failure", "失败时 output 为 null，err_msg 有话说"),
    must("envelope.success", "成功时 err_msg 为 null、空或 success"),
    must("envelope.no_trace", "err_msg 不带程序的堆栈"),
    must("output.numbers", "出参的金额、数量、比例是 JSON 数字"),
    should("output.fields", "出参有所述版本标明必填的字段"),
    must("address.mismatch", "交易编号与地址不符时回答 -1"),
    must("refusal.unknown_number", "没有的交易编号回答 -1"),
    must("refusal.not_json", "不是 JSON 的报文被拒绝，而不是 500 或断开"),
    must("refusal.missing_field", "缺少必需字段时回答 -1"),
    must("refusal.unknown_person", "查无此人时回答 -1"),
    must("refusal.other_institution", "别家机构的就医登记不能办理"),
    must("tolerance.text_numbers", "数字写成文字或数字都可以"),
    must("tolerance.single_object", "列表节点写成一个对象"),
    must("tolerance.nothing", "空值写成 \"\"、null、\"null\"、\"NULL\""),
    must("tolerance.unknown_fields", "多出来的字段不理会"),
    must("tolerance.input_text", "input 写成装有对象的文字"),
    must("tolerance.key_order", "字段不论先后"),
    must("tolerance.content_type", "Content-Type 为 text/plain 也可以"),
    must("tolerance.signature", "cainfo、signtype、sign_no 为空或 1"),
    must("tolerance.old_time", "inf_time 不是时效检查"),
    should("tolerance.a_form", "A 类编号（2206A）同基本编号"),
    must("outpatient.sign_in", "9001 签到，得到 sign_no"),
    must("outpatient.person", "1101 人员信息：人员编号、险种、余额"),
    must("outpatient.institution", "1201 机构信息"),
    must("outpatient.register", "2201 挂号，得到 mdtrt_id"),
    must("outpatient.describe", "2203A 就诊信息和诊断"),
    must("outpatient.upload", "2204 上传明细，每条一个结果"),
    must("outpatient.trial", "2206 预结算"),
    must("outpatient.settle", "2207 结算，得到 setl_id"),
    must("outpatient.query", "5203 查得到这笔结算，金额相同"),
    must("outpatient.accumulators", "5206 累计信息"),
    must("outpatient.cancel_settled_visit", "结算之后 2202 被拒绝"),
    must("outpatient.cancel", "2208 撤销结算"),
    must("outpatient.cancel_again", "再次 2208 被拒绝"),
    must("outpatient.cancel_lines", "2205 撤销明细（0000）"),
    must("outpatient.cancel_visit", "2202 撤销挂号"),
    must("outpatient.sign_out", "9002 签退"),
    must("inpatient.admit", "2401 入院，得到 mdtrt_id"),
    must("inpatient.admit_again", "已在院的人不能再入院"),
    must("inpatient.in_hospital", "5303 在院信息里有这个人"),
    must("inpatient.change", "2403 变更住院信息"),
    must("inpatient.upload", "2301 上传明细"),
    must("inpatient.cancel_lines", "2302 撤销明细"),
    must("inpatient.discharge", "2402 出院"),
    must("inpatient.discharge_undone", "2405 撤销出院"),
    must("inpatient.trial", "2303 预结算"),
    must("inpatient.settle", "2304 结算"),
    must("inpatient.cancel", "2305 撤销结算"),
    must("inpatient.cancel_admission", "2404 撤销入院"),
    must("pharmacy.trial", "2101 预结算"),
    must("pharmacy.settle", "2102 结算，就诊 ID 与结算 ID 一并产生"),
    must("pharmacy.cancel", "2103 撤销结算"),
    must("identity.portions", "医疗费总额 = 全自费 + 超限价 + 先行自付 + 符合政策范围"),
    must("identity.payers", "医疗费总额 = 基金 + 个人负担 + 医院负担"),
    must("identity.own", "个人负担 = 个人账户 + 现金"),
    must("identity.mutual", "共济支付在个人账户支出之内"),
    must("identity.funds", "基金支付总额 = 各基金之和"),
    must("identity.rows", "各行 fund_payamt 之和 = 基金 + 个人账户 + 医院负担"),
    must("identity.lines", "每条明细的金额 = 四个部分之和"),
    must("identity.lines_to_bill", "明细的四个部分合计 = 结算的四个部分"),
    must("identity.trial", "预结算与结算的金额相同，预结算没有 setl_id"),
    must("identity.balance", "balc 是支付之后的余额，撤销之后回到原来"),
    must("identity.negative", "撤销返回的金额逐项为负"),
    must("identity.message", "medins_setl_id 是结算报文的 msgid"),
    must("repeat.same_answer", "原报文重发：同一个应答"),
    must("repeat.no_second_effect", "原报文重发：没有第二次入账"),
    must("repeat.other_content", "同一 msgid、不同内容：拒绝"),
    must("unknown.reverse", "2601 冲正已入账的结算"),
    must("unknown.money_back", "冲正之后余额回到原来"),
    must("unknown.again", "重复冲正：成功，没有第二次效果"),
    must("unknown.never_came", "2601 没有收到过的报文：成功"),
    must("unknown.late", "先冲正、后到的报文被拒绝"),
    must("unknown.after_cancel", "普通撤销之后再冲正：-1"),
    must("close.equal", "3201 对总账：数字一致时为平"),
    must("close.differs", "3201 对总账：数字不一致时为不平"),
    must("close.files", "9101 上传、9102 下载，内容不变"),
    must("close.details", "3202 对明细账：找出有意写错的那一笔"),
    must("away.person", "1101 异地参保人，参保地不是就医地"),
    must("away.settle", "异地就医结算"),
    must("away.cancel", "异地就医撤销"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_and_in_known_groups() {
        let mut seen = std::collections::BTreeSet::new();
        for check in CHECKS {
            assert!(seen.insert(check.id), "{} stands twice", check.id);
            assert_ne!(group_title(check.group()), "其他", "{}", check.id);
        }
    }
}
