//! `gongji serve`.

use std::sync::Arc;

use gongji_agency::port::SystemClock;
use gongji_demo::sandbox;
use gongji_store::Place;
use gongji_web::{Gateway, Gongji, Options};
use tokio::net::TcpListener;

use super::demo;
use crate::arguments::{Operator, Serve};
use crate::exit::{Outcome, Stop};
use crate::office::Counter;
use crate::shelf::Shelf;

/// So many people stand about in a sandbox besides those of the sequences, always the same.
const CROWD: u64 = 12;
const SEED: u64 = 6;

/// A folder that goes when the program ends.
struct TemporaryFolder(tempfile::TempDir);

impl TemporaryFolder {
    /// The folder of a sandbox for which no place is named.
    fn for_sandbox(serve: &Serve) -> Result<Option<TemporaryFolder>, Stop> {
        if !serve.sandbox || serve.records.is_named() {
            return Ok(None);
        }
        tempfile::Builder::new()
            .prefix("gongji-sandbox-")
            .tempdir()
            .map(|folder| Some(TemporaryFolder(folder)))
            .map_err(Stop::failed)
    }
}

/// Serves the page and the API until it is interrupted.
pub fn run(serve: &Serve) -> Outcome {
    let shelf = Shelf::sound(&serve.packs)?;
    let options = Options { hosts: serve.hosts.clone(), ..Options::default() };
    let mut state = Gongji::new(Arc::new(shelf.packs.clone()), options);
    // Lives as long as the server: what it holds is gone afterwards.
    let temporary = TemporaryFolder::for_sandbox(serve)?;
    if serve.sandbox {
        let place = match &temporary {
            Some(temporary) => Place::Folder(temporary.0.path().to_owned()),
            None => serve.records.place()?,
        };
        let counter = Counter::over(&place, shelf, &Operator::default(), Arc::new(SystemClock))?;
        let asked = serve.sandbox_area.as_deref();
        let stage = sandbox::stage(&counter.office, asked, CROWD, SEED).map_err(demo::stop)?;
        anstream::println!(
            "沙箱在 {}（{}），人都是虚构的；谁都能以任何机构的名义发报文",
            stage.area_name,
            stage.area
        );
        state = state.with_office(counter.office).as_sandbox(stage);
    } else if serve.records.is_named() {
        let place = serve.records.place()?;
        let counter = Counter::over(&place, shelf, &Operator::default(), Arc::new(SystemClock))?;
        state = state.with_office(counter.office);
    }
    if let Some(file) = &serve.gateway {
        let shown = file.display();
        let text = std::fs::read_to_string(file)
            .map_err(|error| Stop::bad_input(format!("读不了网关配置 {shown}：{error}")))?;
        let gateway = Gateway::read(&text, &|name| std::env::var(name).ok())
            .map_err(|error| Stop::bad_input(format!("网关配置 {shown}：{error}")))?;
        anstream::println!("网关：{} 个应用可以发报文", gateway.senders());
        state = state.with_gateway(gateway);
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
        if serve.sandbox {
            anstream::println!(
                "沙箱页面 http://{address}/sandbox；接口地址 http://{address}/fsi/api/rsfComIfsService/callService"
            );
        }
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
