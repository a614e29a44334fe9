//! A PostgreSQL server of a test's own.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// How long a server may take to come up; a machine that needs longer fails the test.
const PATIENCE: Duration = Duration::from_secs(60);

/// The user of the cluster, who owns everything in it.
const USER: &str = "gongji";

/// Runs the server until a line comes on standard input. Where that ends without a line, the test was killed: then the data goes too.
const WATCHED: &str = r#"folder=$1; ulimit -f "$2"; shift 2; "$@" & server=$!
if read -r _; then kill -INT "$server"; wait "$server"; else kill -QUIT "$server"; wait "$server"; rm -rf "$folder"; fi 2>/dev/null"#;

/// A server that has no live process after this time has given up.
const TO_BEGIN: Duration = Duration::from_secs(1);

/// A server with its data in a temporary folder, reached through a socket there. It stops, and its data goes, when this is dropped.
#[derive(Debug)]
pub struct Cluster {
    programs: PathBuf,
    folder: TempDir,
    watch: Option<Child>,
    /// How large a file the server may write, in blocks of 512 bytes.
    largest: Option<u32>,
    databases: AtomicUsize,
}

fn other(text: String) -> io::Error {
    io::Error::other(text)
}

/// The folder of the newest installed server's programs; `None` where none is installed.
fn programs() -> Option<PathBuf> {
    let mut found: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let version = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .filter(|(_, programs)| programs.join("initdb").exists())
        .collect();
    found.sort();
    let in_path =
        || std::env::split_paths(&std::env::var_os("PATH")?).find(|folder| folder.join("initdb").exists());
    found.pop().map(|(_, programs)| programs).or_else(in_path)
}

fn checked(command: &mut Command) -> io::Result<Output> {
    let output = command.output()?;
    if output.status.success() {
        return Ok(output);
    }
    let told = String::from_utf8_lossy(&output.stderr);
    Err(other(format!("{command:?}: {}\n{told}", output.status)))
}

fn id(flag: &str, user: Option<&str>) -> io::Result<u32> {
    let output = checked(Command::new("id").arg(flag).args(user))?;
    String::from_utf8_lossy(&output.stdout).trim().parse().map_err(|_| other(format!("id {flag}: no number")))
}

/// PostgreSQL refuses to run as root: a user to run it as then, with its group.
fn servant() -> io::Result<Option<(u32, u32)>> {
    if id("-u", None)? != 0 {
        return Ok(None);
    }
    let user = ["postgres", "nobody"].into_iter().find(|user| id("-u", Some(user)).is_ok());
    let user = user.ok_or_else(|| other("no user to run PostgreSQL as".to_owned()))?;
    Ok(Some((id("-u", Some(user))?, id("-g", Some(user))?)))
}

fn stop(watch: &mut Child) -> io::Result<()> {
    if let Some(mut stdin) = watch.stdin.take() {
        // It may have ended by itself.
        let _ = stdin.write_all(b"stop\n");
    }
    watch.wait().map(drop)
}

impl Cluster {
    /// A fresh server; `None` where PostgreSQL is not installed.
    ///
    /// # Errors
    /// Where it cannot be set up.
    pub fn start() -> io::Result<Option<Cluster>> {
        let Some(programs) = programs() else { return Ok(None) };
        let folder = tempfile::Builder::new().prefix("gongji-pg-").tempdir()?;
        if let Some((user, group)) = servant()? {
            std::os::unix::fs::chown(folder.path(), Some(user), Some(group))?;
        }
        let mut cluster =
            Cluster { programs, folder, watch: None, largest: None, databases: AtomicUsize::new(0) };
        let data = cluster.data();
        checked(cluster.command("initdb")?.arg("-D").arg(&data).args([
            "--username",
            USER,
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        ]))?;
        cluster.up()?;
        Ok(Some(cluster))
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// The folder of the socket.
    pub fn socket(&self) -> &Path {
        self.folder.path()
    }

    /// The socket itself.
    pub fn socket_file(&self) -> PathBuf {
        self.folder.path().join(".s.PGSQL.5432")
    }

    fn command(&self, program: &str) -> io::Result<Command> {
        let program = self.programs.join(program);
        let mut command = match servant()? {
            None => Command::new(program),
            Some((user, group)) => {
                let mut command = Command::new("setpriv");
                command.args([format!("--reuid={user}"), format!("--regid={group}")]);
                command.arg("--clear-groups").arg(program);
                command
            }
        };
        command.current_dir(self.folder.path()).env("LC_ALL", "C.UTF-8");
        Ok(command)
    }

    /// From the next start on no file of the server may grow beyond so many bytes (not below 17 MB, what a piece of its log takes): it
    /// then fares as on a full disk. `None` takes that back.
    pub fn limit(&mut self, bytes: Option<u32>) {
        self.largest = bytes.map(|bytes| bytes / 512);
    }

    /// Starts the server and waits until it answers.
    ///
    /// # Errors
    /// Where it does not.
    pub fn up(&mut self) -> io::Result<()> {
        let until = Instant::now() + PATIENCE;
        loop {
            let log =
                fs::OpenOptions::new().create(true).append(true).open(self.folder.path().join("log"))?;
            let server = self.command("postgres")?;
            let mut watch = Command::new("sh")
                .args(["-c", WATCHED, "sh"])
                .arg(self.folder.path())
                .arg(self.largest.map_or_else(|| "unlimited".to_owned(), |blocks| blocks.to_string()))
                .arg(server.get_program())
                .args(server.get_args())
                .arg("-D")
                .arg(self.data())
                .arg("-k")
                .arg(self.socket())
                .args(["-c", "listen_addresses=", "-c", "max_connections=200"])
                .current_dir(self.folder.path())
                .env("LC_ALL", "C.UTF-8")
                .stdin(Stdio::piped())
                .stdout(log.try_clone()?)
                .stderr(log)
                .spawn()?;
            let begun = Instant::now();
            while Instant::now() < until {
                if self.answers()? {
                    self.watch = Some(watch);
                    return Ok(());
                }
                // After a kill the old server's children may hold its memory a moment longer: then this one gave up, and the file
                // of the old one may still lie there.
                if begun.elapsed() > TO_BEGIN && !self.lives() {
                    break;
                }
                sleep(Duration::from_millis(20));
            }
            stop(&mut watch)?;
            if Instant::now() >= until {
                let log = fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
                return Err(other(format!("PostgreSQL does not come up:\n{log}")));
            }
            sleep(Duration::from_millis(100));
        }
    }

    /// Whether the first process that the data folder names is there.
    fn lives(&self) -> bool {
        let file = fs::read_to_string(self.data().join("postmaster.pid")).unwrap_or_default();
        file.lines().next().is_some_and(|process| Path::new("/proc").join(process.trim()).exists())
    }

    fn answers(&self) -> io::Result<bool> {
        let mut ask = self.command("pg_isready")?;
        ask.arg("-q").arg("-h").arg(self.socket()).args(["-U", USER, "-d", "postgres"]);
        Ok(ask.status()?.success())
    }

    /// Stops the server in an orderly way: sessions end, nothing is recovered at the next start.
    ///
    /// # Errors
    /// Where it cannot be waited for.
    pub fn down(&mut self) -> io::Result<()> {
        if let Some(mut watch) = self.watch.take() {
            stop(&mut watch)?;
        }
        Ok(())
    }

    /// Kills the server's first process with SIGKILL; the others see it and end at once. The next start recovers from the log.
    ///
    /// # Errors
    /// Where it was not running.
    pub fn kill(&mut self) -> io::Result<()> {
        let file = fs::read_to_string(self.data().join("postmaster.pid"))?;
        let process = file.lines().next().ok_or_else(|| other("postmaster.pid is empty".to_owned()))?;
        checked(Command::new("kill").args(["-9", process.trim()]))?;
        self.down()
    }

    /// The URL of a new, empty database.
    ///
    /// # Errors
    /// Where it cannot be made.
    pub fn database(&self) -> io::Result<String> {
        let name = format!("test_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        self.sql("postgres", &format!("CREATE DATABASE {name}"))?;
        Ok(self.url(&name))
    }

    /// The URL of a database.
    pub fn url(&self, name: &str) -> String {
        format!("postgres://{USER}@/{name}?host={}", self.socket().display())
    }

    /// Runs statements with `psql` and gives what it prints.
    ///
    /// # Errors
    /// Where one fails.
    pub fn sql(&self, database: &str, statements: &str) -> io::Result<String> {
        let mut psql = self.command("psql")?;
        psql.arg("-h").arg(self.socket()).args(["-U", USER, "-d", database]);
        psql.args(["-X", "-q", "-t", "-A", "-v", "ON_ERROR_STOP=1"]);
        let mut child = psql.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
        if let Some(mut stdin) = child.stdin.take() {
            stdin.write_all(statements.as_bytes())?;
        }
        let output = child.wait_with_output()?;
        if !output.status.success() {
            return Err(other(String::from_utf8_lossy(&output.stderr).into_owned()));
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let _ = self.down();
    }
}
