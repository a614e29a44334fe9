//! The description of the API: OpenAPI 3.1 at `/api/v1/openapi.json`.

use std::sync::LazyLock;

use axum::Router;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;
use gongji_agency::command::described as described_commands;
use utoipa::OpenApi;
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{Components, ContentBuilder, Ref, Required};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{
    areas, balances, claims, clearing, commands, contributions, corrections, families, filings, five, funds,
    health, institutions, items, keys, packs, people, pre_settlements, quotes, records, sandbox, settlements,
    verify, visits, what_ifs, worked,
};
use crate::Gongji;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "共济：一张单子，谁付、为什么",
        description = "试算基本医疗保险的一张或一串账单：每一分钱由谁付，依据哪一条、哪一天起的规定；打开存储后，办理参保、就医、结算并记账。试算和规则不用登录，不扣款，不保存；其余地址要有访问令牌。金额是以元为单位、至多两位小数的文本；日期是 YYYY-MM-DD。错误是 application/problem+json（RFC 9457）。",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0")
    ),
    servers((url = "/", description = "本机")),
    tags(
        (name = "试算", description = "问一张或一串单子"),
        (name = "规则", description = "各统筹区的规则和出处"),
        (name = "业务", description = "办理并记账的业务，每一笔带幂等键"),
        (name = "参保人", description = "一人一档"),
        (name = "机构和目录", description = "定点机构、药品和项目目录"),
        (name = "备案", description = "异地就医、慢特病、定点签约、生育"),
        (name = "家庭共济", description = "授权、使用明细、钱包和转账、异常"),
        (name = "就医", description = "就医登记和费用明细"),
        (name = "结算", description = "已经入账的结算"),
        (name = "清算", description = "与定点机构对账、清算，区域间清算"),
        (name = "账务", description = "余额和流水"),
        (name = "沙箱", description = "给医院系统的开发者：虚构的人、现成的报文、来往的日志、故障开关。只在 gongji serve --sandbox 时有"),
        (name = "服务", description = "这个服务本身")
    )
)]
struct Description;

fn described() -> OpenApiRouter<Gongji> {
    OpenApiRouter::with_openapi(Description::openapi())
        .routes(routes!(quotes::create))
        .routes(routes!(what_ifs::create))
        .routes(routes!(five::create))
        .routes(routes!(verify::create))
        .routes(routes!(areas::list))
        .routes(routes!(areas::one))
        .routes(routes!(packs::list))
        .routes(routes!(packs::parameters_of))
        .routes(routes!(commands::list))
        .routes(routes!(commands::create))
        .routes(routes!(pre_settlements::create))
        .routes(routes!(keys::one))
        .routes(routes!(people::list))
        .routes(routes!(people::find))
        .routes(routes!(people::one))
        .routes(routes!(people::file))
        .routes(routes!(people::cover))
        .routes(routes!(people::statement))
        .routes(routes!(people::five))
        .routes(routes!(families::grants))
        .routes(routes!(families::draws))
        .routes(routes!(families::transfers))
        .routes(routes!(families::flags))
        .routes(routes!(filings::of_person))
        .routes(routes!(filings::list))
        .routes(routes!(worked::list))
        .routes(routes!(institutions::list))
        .routes(routes!(institutions::one))
        .routes(routes!(items::list))
        .routes(routes!(visits::one))
        .routes(routes!(visits::lines))
        .routes(routes!(settlements::one))
        .routes(routes!(settlements::explanation_of))
        .routes(routes!(settlements::affected))
        .routes(routes!(claims::list))
        .routes(routes!(claims::one))
        .routes(routes!(claims::of_person))
        .routes(routes!(claims::payments))
        .routes(routes!(claims::reasons_of))
        .routes(routes!(corrections::list))
        .routes(routes!(corrections::one))
        .routes(routes!(corrections::lines))
        .routes(routes!(balances::list))
        .routes(routes!(contributions::employers))
        .routes(routes!(contributions::employer))
        .routes(routes!(contributions::bills))
        .routes(routes!(contributions::bill))
        .routes(routes!(contributions::lines))
        .routes(routes!(contributions::arrears))
        .routes(routes!(clearing::days))
        .routes(routes!(clearing::comparison))
        .routes(routes!(clearing::clearings))
        .routes(routes!(clearing::clearing))
        .routes(routes!(clearing::areas))
        .routes(routes!(clearing::netting))
        .routes(routes!(funds::statement))
        .routes(routes!(funds::table))
        .routes(routes!(funds::picture))
        .routes(routes!(records::one))
        .routes(routes!(sandbox::stage))
        .routes(routes!(sandbox::request))
        .routes(routes!(sandbox::explanation_of))
        .routes(routes!(sandbox::messages::list))
        .routes(routes!(sandbox::messages::one))
        .routes(routes!(sandbox::messages::explanation_of))
        .routes(routes!(sandbox::faults::list, sandbox::faults::create))
        .routes(routes!(sandbox::faults::remove))
        .routes(routes!(health::check))
}

/// The address of every command on its own, with the fields of its body.
fn each_command(api: &mut utoipa::openapi::OpenApi) {
    let Some(any) = api.paths.paths.remove("/api/v1/commands/{kind}") else { return };
    let components = api.components.get_or_insert_with(Components::new);
    for command in described_commands() {
        let Some((kind, label)) = commands::offered().find(|(kind, _)| *kind == command.kind) else {
            continue;
        };
        let mut item = any.clone();
        if let Some(post) = &mut item.post {
            post.summary = Some(label.to_owned());
            let fields = Ref::from_schema_name(&command.name);
            let content = ContentBuilder::new().schema(Some(fields)).build();
            let body = RequestBodyBuilder::new().required(Some(Required::True));
            post.request_body = Some(body.content("application/json", content).build().into());
        }
        api.paths.paths.insert(format!("/api/v1/commands/{kind}"), item);
        components.schemas.extend(command.parts);
        components.schemas.insert(command.name, command.schema);
    }
}

/// Names every operation by its method and address, so that no two have the same name.
fn named(api: &mut utoipa::openapi::OpenApi) {
    for (path, item) in &mut api.paths.paths {
        let place = path.trim_start_matches("/api/v1").trim_start_matches('/');
        let words: Vec<&str> = place.split(|letter: char| !letter.is_ascii_alphanumeric()).collect();
        let place = words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join("_");
        for (method, operation) in
            [("get", &mut item.get), ("post", &mut item.post), ("delete", &mut item.delete)]
        {
            if let Some(operation) = operation {
                operation.operation_id = Some(format!("{method}_{place}"));
            }
        }
    }
}

/// How callers say who they are.
fn tokens(api: &mut utoipa::openapi::OpenApi) {
    let token =
        HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some("gongji token 发放的访问令牌"));
    let components = api.components.get_or_insert_with(Components::new);
    components.add_security_scheme("token", SecurityScheme::Http(token.build()));
}

/// The document as text.
pub fn document() -> &'static str {
    static TEXT: LazyLock<String> = LazyLock::new(|| {
        let (_, mut api) = described().split_for_parts();
        each_command(&mut api);
        named(&mut api);
        tokens(&mut api);
        api.to_pretty_json().unwrap_or_default()
    });
    &TEXT
}

/// Every described route, and the description.
pub fn routes() -> Router<Gongji> {
    let (router, _) = described().split_for_parts();
    let kind = [(header::CONTENT_TYPE, "application/json")];
    router.route("/api/v1/openapi.json", get(move || async move { (kind, document()).into_response() }))
}
