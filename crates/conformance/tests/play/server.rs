//! A small HTTP server on the loopback, whose answers a test decides.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

/// What is asked.
pub struct Asked {
    pub path: String,
    pub body: String,
}

/// What the server does.
pub enum Does {
    /// Answers with a status and a body.
    Answers(u16, String),
    /// Says nothing.
    Hangs,
    /// Closes the connection.
    Closes,
}

type Work = dyn Fn(&Asked) -> Does + Send + Sync;

/// A server; stops when it is dropped.
pub struct Server {
    address: SocketAddr,
    stop: Arc<AtomicBool>,
    listening: Option<JoinHandle<()>>,
}

impl Server {
    pub fn start(work: impl Fn(&Asked) -> Does + Send + Sync + 'static) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let stop = Arc::new(AtomicBool::new(false));
        let (stopped, work): (_, Arc<Work>) = (Arc::clone(&stop), Arc::new(work));
        let listening = std::thread::spawn(move || {
            let mut talks = Vec::new();
            for stream in listener.incoming() {
                if stopped.load(Ordering::Relaxed) {
                    break;
                }
                let (work, stopped) = (Arc::clone(&work), Arc::clone(&stopped));
                talks
                    .push(std::thread::spawn(move || talk(&stream.expect("a connection"), &*work, &stopped)));
            }
            talks.into_iter().for_each(|talk| talk.join().expect("ended"));
        });
        Server { address, stop, listening: Some(listening) }
    }

    pub fn base(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        drop(TcpStream::connect(self.address));
        if let Some(listening) = self.listening.take() {
            let ended = listening.join();
            assert!(std::thread::panicking() || ended.is_ok(), "the server failed");
        }
    }
}

/// Reads requests and answers them, one after the other, until the client leaves.
fn talk(stream: &TcpStream, work: &Work, stopped: &AtomicBool) {
    stream.set_read_timeout(Some(Duration::from_millis(50))).expect("a timeout");
    let mut from = BufReader::new(stream);
    while let Some(asked) = read(&mut from, stopped) {
        match work(&asked) {
            Does::Answers(status, body) => {
                let head = format!(
                    "HTTP/1.1 {status} X\r\nContent-Type: application/json;charset=UTF-8\r\nContent-Length: {}\r\n\r\n",
                    body.len()
                );
                let mut to = stream;
                if to.write_all(head.as_bytes()).and_then(|()| to.write_all(body.as_bytes())).is_err() {
                    return;
                }
            }
            Does::Hangs => {
                let mut gone = [0; 1];
                while !stopped.load(Ordering::Relaxed) && !matches!(from.read(&mut gone), Ok(0)) {}
                return;
            }
            Does::Closes => return,
        }
    }
}

/// Waits for bytes that come in time, or for the end.
fn line(from: &mut BufReader<&TcpStream>, stopped: &AtomicBool) -> Option<String> {
    let mut line = Vec::new();
    loop {
        match from.read_until(b'\n', &mut line) {
            Ok(0) => return None,
            Ok(_) if line.ends_with(b"\n") => return String::from_utf8(line).ok(),
            Ok(_) => {}
            Err(error)
                if matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut) =>
            {
                if stopped.load(Ordering::Relaxed) {
                    return None;
                }
            }
            Err(_) => return None,
        }
    }
}

fn read(from: &mut BufReader<&TcpStream>, stopped: &AtomicBool) -> Option<Asked> {
    let path = line(from, stopped)?.split(' ').nth(1)?.to_owned();
    let mut length = 0;
    loop {
        let head = line(from, stopped)?;
        let (name, value) = head.trim().split_once(':').unwrap_or_default();
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().ok()?;
        }
        if head.trim().is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    let mut at = 0;
    while at < length {
        match from.read(&mut body[at..]) {
            Ok(0) => return None,
            Ok(more) => at += more,
            Err(_) if stopped.load(Ordering::Relaxed) => return None,
            Err(_) => {}
        }
    }
    Some(Asked { path, body: String::from_utf8_lossy(&body).into_owned() })
}
