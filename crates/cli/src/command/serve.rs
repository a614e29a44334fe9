//! `gongji serve`.

use std::sync::Arc;

use gongji_agency::port::SystemClock;
use gongji_web::{Gongji, Options};
use tokio::net::TcpListener;

use crate::arguments::{Operator, Serve};
use crate::exit::{Outcome, Stop};
use crate::office::Counter;
use crate::shelf::Shelf;

/// Serves the page and the API until it is interrupted.
pub fn run(serve: &Serve) -> Outcome {
    let shelf = Shelf::sound(&serve.packs)?;
    let options = Options { hosts: serve.hosts.clone(), ..Options::default() };
    let mut state = Gongji::new(Arc::new(shelf.packs.clone()), options);
    if serve.records.is_named() {
        let place = serve.records.place()?;
        let counter = Counter::over(&place, shelf, &Operator::default(), Arc::new(SystemClock))?;
        state = state.with_office(counter.office);
    }
    if !serve.listen.ip().is_loopback() {
        anstream::eprintln!(
            "注意：{} 不只本机能访问。这里只有明文的 HTTP：请放在反向代理（TLS）之后，并限制谁能连到它",
            serve.listen
        );
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Stop::failed)?;
    runtime.block_on(async {
        let listener = TcpListener::bind(serve.listen).await.map_err(|error| {
            Stop::Failed(format!("无法监听 {}：{error}；换一个地址：--listen 127.0.0.1:0", serve.listen))
        })?;
        let address = listener.local_addr().map_err(Stop::failed)?;
        anstream::println!(
            "打开 http://{address}/ 试算；JSON 接口见 http://{address}/api/v1/openapi.json；Ctrl-C 结束"
        );
        let interrupted = async {
            // Without a signal to wait for, the server runs until it is ended from outside.
            if tokio::signal::ctrl_c().await.is_err() {
                std::future::pending::<()>().await;
            }
        };
        gongji_web::serve(listener, state, interrupted).await.map_err(Stop::failed)
    })
}
