//! `GET /api/v1/balances`: the balances of an area's accounts that are no personal ones.

use axum::Json;
use axum::extract::{RawQuery, State};
use gongji_agency::access::{Action, Scope};
use gongji_agency::desk::Row;
use gongji_agency::port::StoreError;
use gongji_agency::row::Balance;
use gongji_cases::answer::Yuan;
use serde::Serialize;
use utoipa::ToSchema;

use super::asked::Asked;
use crate::Gongji;
use crate::agency::look;
use crate::caller::Caller;
use crate::problem::Problem;

/// A balance.
#[derive(Serialize, ToSchema)]
pub struct BalanceView {
    /// 账户编码.
    #[schema(example = "990201/fund/employee/pooled")]
    account: String,
    /// 余额, credit positive, yuan.
    #[schema(value_type = String, example = "-20632.88")]
    balance: Yuan,
    /// The last record that moved it.
    seq: u64,
}

/// 一个统筹区的账户余额（个人账户除外）。
#[utoipa::path(
    get,
    path = "/api/v1/balances",
    tag = "账务",
    security(("token" = [])),
    params(
        ("area" = String, Query, description = "统筹区代码", example = "990201"),
        ("after" = Option<String>, Query, description = "从这个账户之后接着列"),
        ("limit" = Option<u32>, Query, description = "至多多少条，1 到 500，不写为 50")
    ),
    responses(
        (status = 200, description = "余额，按账户编码排列", body = Vec<BalanceView>),
        (status = 400, description = "选项读不懂", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "没有有效的令牌", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "没有权限", body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn list(
    State(_): State<Gongji>,
    RawQuery(query): RawQuery,
    Caller { actor, agency }: Caller,
) -> Result<Json<Vec<BalanceView>>, Problem> {
    let asked = Asked::read(query.as_deref(), &["area", "after", "limit"])?;
    let area = asked.need("area", "统筹区代码")?.to_owned();
    let after = asked.text("after").unwrap_or_default().to_owned();
    let limit = asked.limit()?;
    look(agency, actor, move |desk, context| {
        context.allow(Action::SeeArea, Scope { area: Some(&area), ..Scope::default() })?;
        let rows = desk.view().page(Balance::KIND, &format!("{area}/"), &after, limit)?;
        let mut balances = Vec::with_capacity(rows.len());
        for (account, text) in rows {
            let row: Balance = serde_json::from_str(&text)
                .map_err(|error| StoreError::Corrupt(format!("balance/{account}：{error}")))?;
            balances.push(BalanceView { account, balance: Yuan::of_fen(row.fen), seq: row.seq });
        }
        Ok(balances)
    })
    .await
    .map(Json)
}
