//! Commands: what can be asked of the agency. One file a noun; each says how it is decided.

mod account;
mod account_credit;
mod account_end;
mod account_year;
mod area_payment;
mod asked_again;
mod bill;
mod catalogue;
mod check;
mod claim;
mod claim_close;
mod claim_lines;
mod claim_money;
mod claim_review;
mod clearing;
mod clearing_payment;
mod collection;
mod compare;
mod confirm;
mod contribution_payment;
mod correction;
mod correction_batch;
mod correction_release;
mod cover;
mod credential;
mod debit;
#[cfg(feature = "openapi")]
mod described;
mod edition;
mod employer;
mod exchange;
mod family;
mod filing;
mod fund_year;
mod grant;
mod income;
mod institution;
mod lines;
mod payment;
mod person;
mod premium;
mod refund;
mod settle_batches;
mod settlement;
mod split;
mod token;
mod transfer;
mod unreadable;
mod visit;
mod visit_change;

pub use account::{CreditAccount, CreditSource, OpenAccount};
pub use account_credit::{ClearAccounts, CreditAccounts, PrecreditAccounts};
pub use account_end::{CloseAccount, Heir, InheritAccount, PayInterest, PayOutAccount, PayOutCause};
pub use account_year::CloseAccounts;
pub use area_payment::{ApproveAreaPayment, OpenAreaPayment, ReturnAreaPayment, WithdrawAreaPayment};
pub(crate) use asked_again::{asked_again, before};
pub use bill::{BillContributions, BillFlexible, CancelBill};
pub use catalogue::{EndItem, ItemAsked, PutItems, Yuan};
pub use claim::{ClaimInstitution, ClaimLineAsked, DocumentAsked, SubmitClaim};
pub use claim_close::{ExpireClaim, WithdrawClaim};
pub use claim_lines::{DecideClaimLines, LineVerdict};
pub use claim_review::{ApproveClaim, ReportClaim, SendBackClaim};
pub use clearing::{ApproveClearing, DeductionAsked, OpenClearing, WithdrawClearing};
pub use clearing_payment::{PayClearing, ReturnClearingPayment};
pub use compare::{BillTold, CompareDetails, CompareTotals, GroupTold};
pub use confirm::ConfirmDays;
pub use contribution_payment::{ChargeLateFee, ReceivePayment, ReturnAdvance};
pub use correction::{CancelSettlement, Readjudicate, Reverse, reversal_id};
pub use correction_batch::{FindCorrections, ProposeCorrectionBatch, WithdrawCorrectionBatch};
pub use correction_release::{CancelCorrectionBatch, ReleaseCorrectionBatch};
pub use cover::{ChangeCategory, EndCover, Enrol, FactsAsked, PauseCover, ResumeCover};
pub use credential::{ActivateCredential, CancelCredential, IssueCredential, ReportCredentialLost};
pub use debit::{DebitAsked, RecordDebits};
#[cfg(feature = "openapi")]
pub use described::Described;
pub use edition::KeepEdition;
pub use employer::{
    ChangeEmployer, ChooseBase, CloseEmployer, DeclarePensions, DeclareWages, PensionAsked, RegisterEmployer,
    WageAsked,
};
pub use exchange::{Exchange, NoteAsked};
pub use family::{
    AcceptTransfer, DeclineTransfer, FindUnusualUse, OpenWallet, OrderGrants, PauseGrant, ResumeGrant,
    ReturnTransfers, ReviewFlag, ReviewGrant, TransferToWallet,
};
pub use filing::{
    CancelFiling, ChooseInstitution, EndFiling, FileAway, RegisterChronic, RegisterMaternity,
    RegisterNewborn, RenewFiling, ReviewFiling,
};
pub use fund_year::{CloseFundYear, ReleaseFundYear};
pub use grant::{ApplyMutualAid, EndGrant, GrantMutualAid, LimitsAsked};
pub use income::{CancelIncome, IncomeSource, OpenFund, RecordIncome};
pub use institution::{
    ChangeInstitution, EndDesignation, InstitutionFacts, RegisterInstitution, RenewDesignation,
};
pub use lines::{CancelLines, LineAsked, UploadLines};
pub use payment::{BankAccount, PayPerson, PayTo, RecoverFromPerson, ReturnPayment};
pub use person::{CorrectPerson, RecordDeath, RegisterPerson, ReplaceCertificate};
pub use premium::{DebitSupplement, PayPremium, PremiumPayer, RefundPremium};
pub use refund::RefundContribution;
pub use settle_batches::SettleBatches;
pub use settlement::{PortionsAsked, Settle, SettleAtOnce};
pub use split::SplitContributions;
pub use token::{IssueToken, RevokeToken};
pub use transfer::TransferRelationship;
pub use visit::{CancelVisit, OpenVisit, VisitAsked};
pub use visit_change::ChangeVisit;

use serde::{Deserialize, Serialize};

use crate::context::Context;
use crate::desk::Desk;
use crate::record::Draft;
use crate::refusal::Refusal;
use crate::stop::Stop;

/// How a command is decided: from the state to what is to be recorded, or a refusal. Changes nothing itself, and may be run several times.
pub trait Decide {
    /// The records that the command makes, in order; the last one is the answer.
    ///
    /// # Errors
    /// A refusal; rows that are not at hand; the store's failure.
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop>;
}

macro_rules! commands {
    ($($name:ident $kind:literal $label:literal,)* ; $($inner:ident $inner_kind:literal,)*) => {
        /// A command.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(tag = "kind", rename_all = "snake_case")]
        #[expect(missing_docs, reason = "each names its struct")]
        pub enum Command {
            $($name($name),)*
            $($inner($inner),)*
        }

        /// The name and the Chinese term of every command that callers write. Those of a numbered interface are given by the interface alone.
        pub const COMMANDS: &[(&str, &str)] = &[$(($kind, $label),)*];

        /// How the fields of every command are described, in the order of [`COMMANDS`].
        #[cfg(feature = "openapi")]
        pub fn described() -> Vec<Described> {
            vec![$(Described::of::<$name>($kind),)*]
        }

        impl Command {
            /// The command's name.
            pub fn kind(&self) -> &'static str {
                match self {
                    $(Command::$name(_) => $kind,)*
                    $(Command::$inner(_) => $inner_kind,)*
                }
            }

            /// Reads the fields of a command of this kind.
            ///
            /// # Errors
            /// A refusal that names the field.
            pub fn read(kind: &str, text: &str) -> Result<Command, Refusal> {
                match kind {
                    $($kind => unreadable::read(text).map(Command::$name),)*
                    _ => Err(unknown(kind)),
                }
            }
        }

        impl Decide for Command {
            fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
                match self {
                    $(Command::$name(command) => command.decide(desk, context),)*
                    $(Command::$inner(command) => command.decide(desk, context),)*
                }
            }
        }
    };
}

commands! {
    RegisterPerson "register_person" "人员登记",
    CorrectPerson "correct_person" "更正人员信息",
    ReplaceCertificate "replace_certificate" "更换证件",
    RecordDeath "record_death" "死亡登记",
    Enrol "enrol" "参保登记",
    ChangeCategory "change_category" "变更参保信息",
    PauseCover "pause_cover" "暂停待遇",
    ResumeCover "resume_cover" "恢复待遇",
    EndCover "end_cover" "终止参保",
    TransferRelationship "transfer_relationship" "关系转移",
    IssueCredential "issue_credential" "发放凭证",
    ActivateCredential "activate_credential" "激活凭证",
    ReportCredentialLost "report_credential_lost" "挂失凭证",
    CancelCredential "cancel_credential" "注销凭证",
    RegisterInstitution "register_institution" "定点机构登记",
    ChangeInstitution "change_institution" "变更机构信息",
    EndDesignation "end_designation" "终止定点",
    RenewDesignation "renew_designation" "续签定点",
    PutItems "put_items" "维护目录",
    EndItem "end_item" "停用目录项目",
    OpenAccount "open_account" "个人账户开户",
    CreditAccount "credit_account" "个人账户划入",
    GrantMutualAid "grant_mutual_aid" "家庭共济授权",
    EndGrant "end_grant" "解除家庭共济授权",
    IssueToken "issue_token" "发放访问令牌",
    RevokeToken "revoke_token" "吊销访问令牌",
    OpenVisit "open_visit" "就医登记（挂号、入院）",
    UploadLines "upload_lines" "上传费用明细",
    CancelLines "cancel_lines" "撤销费用明细",
    CancelVisit "cancel_visit" "撤销就医登记",
    Settle "settle" "结算",
    SettleAtOnce "settle_at_once" "一次结算（药店、单次门诊）",
    CancelSettlement "cancel_settlement" "撤销结算",
    Readjudicate "readjudicate" "重新结算",
    Reverse "reverse" "冲正",
    SubmitClaim "submit_claim" "受理手工报销",
    DecideClaimLines "decide_claim_lines" "审核报销明细",
    ReportClaim "report_claim" "报送报销复核",
    ApproveClaim "approve_claim" "报销复核通过",
    SendBackClaim "send_back_claim" "退回报销申请",
    WithdrawClaim "withdraw_claim" "撤回报销申请",
    ExpireClaim "expire_claim" "报销申请作废",
    PayPerson "pay_person" "支付个人",
    ReturnPayment "return_payment" "支付退回",
    RecoverFromPerson "recover_from_person" "收回多付",
    ProposeCorrectionBatch "propose_correction_batch" "提出追溯调整",
    FindCorrections "find_corrections" "查找追溯差异",
    ReleaseCorrectionBatch "release_correction_batch" "放行追溯调整",
    CancelCorrectionBatch "cancel_correction_batch" "撤销追溯调整",
    WithdrawCorrectionBatch "withdraw_correction_batch" "作废追溯调整",
    KeepEdition "keep_edition" "登记规则版本",
    CompareTotals "compare_totals" "对总账",
    CompareDetails "compare_details" "对明细账",
    ConfirmDays "confirm_days" "对账确认",
    OpenClearing "open_clearing" "清算申请",
    WithdrawClearing "withdraw_clearing" "撤回清算",
    ApproveClearing "approve_clearing" "清算复核",
    PayClearing "pay_clearing" "清算付款",
    ReturnClearingPayment "return_clearing_payment" "清算付款退回",
    OpenAreaPayment "open_area_payment" "区域间清算付款申请",
    ApproveAreaPayment "approve_area_payment" "区域间清算付款复核",
    WithdrawAreaPayment "withdraw_area_payment" "撤回区域间清算付款",
    ReturnAreaPayment "return_area_payment" "区域间清算付款退回",
    CloseFundYear "close_fund_year" "基金年终结账申请",
    ReleaseFundYear "release_fund_year" "基金年终结账复核",
    RegisterEmployer "register_employer" "参保单位登记",
    ChangeEmployer "change_employer" "变更单位信息",
    CloseEmployer "close_employer" "单位注销",
    DeclareWages "declare_wages" "工资申报",
    ChooseBase "choose_base" "选择缴费基数",
    DeclarePensions "declare_pensions" "养老金申报",
    BillContributions "bill_contributions" "核定单位缴费",
    BillFlexible "bill_flexible" "核定灵活就业缴费",
    CancelBill "cancel_bill" "作废缴费单",
    ReceivePayment "receive_payment" "缴费到账",
    ReturnAdvance "return_advance" "退还多缴",
    ChargeLateFee "charge_late_fee" "加收滞纳金",
    SplitContributions "split_contributions" "缴费分账",
    RefundContribution "refund_contribution" "退回个人当月缴费",
    RecordDebits "record_debits" "委托扣款结果",
    CreditAccounts "credit_accounts" "退休人员按月划入",
    PrecreditAccounts "precredit_accounts" "年度预划",
    ClearAccounts "clear_accounts" "预划清算",
    CloseAccounts "close_accounts" "账户年度结息与结转",
    PayInterest "pay_interest" "个人账户结息",
    InheritAccount "inherit_account" "个人账户继承",
    PayOutAccount "pay_out_account" "个人账户转出或一次性支付",
    CloseAccount "close_account" "个人账户销户",
    PayPremium "pay_premium" "居民缴费",
    RefundPremium "refund_premium" "退居民缴费",
    DebitSupplement "debit_supplement" "从个人账户扣缴大额补助",
    RecordIncome "record_income" "登记基金收入",
    OpenFund "open_fund" "基金期初余额",
    CancelIncome "cancel_income" "撤销基金收入",
    FileAway "file_away" "异地就医备案",
    RegisterChronic "register_chronic" "门诊慢特病登记",
    ChooseInstitution "choose_institution" "定点签约",
    RegisterMaternity "register_maternity" "生育登记",
    RegisterNewborn "register_newborn" "新生儿登记",
    RenewFiling "renew_filing" "备案续期",
    EndFiling "end_filing" "终止备案",
    CancelFiling "cancel_filing" "撤销备案",
    ReviewFiling "review_filing" "复核备案",
    ApplyMutualAid "apply_mutual_aid" "申请家庭共济",
    ReviewGrant "review_grant" "复核家庭共济",
    OrderGrants "order_grants" "调整共济顺序",
    PauseGrant "pause_grant" "暂停共济授权",
    ResumeGrant "resume_grant" "恢复共济授权",
    OpenWallet "open_wallet" "开通医保钱包",
    TransferToWallet "transfer_to_wallet" "钱包转账",
    AcceptTransfer "accept_transfer" "领取转账",
    DeclineTransfer "decline_transfer" "拒收转账",
    ReturnTransfers "return_transfers" "退回转账",
    FindUnusualUse "find_unusual_use" "查找共济异常",
    ReviewFlag "review_flag" "核查共济异常",
    ;
    ChangeVisit "change_visit",
    SettleBatches "settle_batches",
    Exchange "exchange",
}

fn unknown(kind: &str) -> Refusal {
    let names: Vec<&str> = COMMANDS.iter().map(|(name, _)| *name).collect();
    Refusal::new("unknown_command", "没有这种业务").found(kind).expected(names.join("、"))
}
