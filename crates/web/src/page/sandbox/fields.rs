//! `GET /sandbox/transactions`: every known transaction, every field, every code table.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use gongji_nhsa::fields::{Direction, Node, transaction, transactions};
use gongji_nhsa::sandbox::meaning::{form, table_of};
use gongji_nhsa::tables::{Table, tables};

use super::{Here, nothing};
use crate::Gongji;
use crate::api::sandbox::address;
use crate::page::render;

struct Brief {
    number: &'static str,
    name: &'static str,
    fields: usize,
    offered: bool,
}

#[derive(Template)]
#[template(path = "transactions.html")]
struct TransactionsPage {
    transactions: Vec<Brief>,
}

struct FieldView {
    name: &'static str,
    label: &'static str,
    form: String,
    required: bool,
    coded: bool,
    table: Option<&'static Table>,
}

struct NodeView {
    way: &'static str,
    name: &'static str,
    fields: Vec<FieldView>,
}

#[derive(Template)]
#[template(path = "transaction.html")]
struct TransactionPage {
    number: &'static str,
    name: &'static str,
    path: &'static str,
    offered: bool,
    nodes: Vec<NodeView>,
}

#[derive(Template)]
#[template(path = "code_table.html")]
struct TablePage {
    table: &'static Table,
}

fn is_offered(number: &str) -> bool {
    gongji_nhsa::offered().any(|known| known == number)
}

/// `GET /sandbox/transactions`.
pub async fn list(State(_): State<Gongji>, _: Here) -> Response {
    let brief = transactions().values().map(|known| Brief {
        number: known.number,
        name: known.name,
        fields: known.nodes.iter().map(|node| node.fields.len()).sum(),
        offered: is_offered(known.number),
    });
    render(StatusCode::OK, &TransactionsPage { transactions: brief.collect() })
}

fn view(node: &'static Node) -> NodeView {
    let fields = node.fields.iter().map(|field| FieldView {
        name: field.name,
        label: field.meaning,
        form: form(field),
        required: field.required,
        coded: field.coded,
        table: table_of(field.name).filter(|table| field.coded || table.name == field.name),
    });
    NodeView {
        way: match node.direction {
            Direction::In => "请求",
            Direction::Out => "答复",
            Direction::FileIn => "上传的文件",
            Direction::FileOut => "下载的文件",
        },
        name: node.name,
        fields: fields.collect(),
    }
}

/// `GET /sandbox/transactions/{number}`.
pub async fn one(State(_): State<Gongji>, Path(number): Path<String>, _: Here) -> Response {
    let Some(known) = transaction(&number) else {
        return nothing("打开交易：没有这个编号", "从全部交易里找：/sandbox/transactions");
    };
    let page = TransactionPage {
        number: known.number,
        name: known.name,
        path: address(known.number),
        offered: is_offered(known.number),
        nodes: known.nodes.iter().map(view).collect(),
    };
    render(StatusCode::OK, &page)
}

/// `GET /sandbox/tables/{name}`.
pub async fn table(State(_): State<Gongji>, Path(name): Path<String>, _: Here) -> Response {
    match tables().get(name.as_str()) {
        Some(table) => render(StatusCode::OK, &TablePage { table }),
        None => nothing("打开代码表：没有这张表", "从全部交易和字段里找：/sandbox/transactions"),
    }
}
