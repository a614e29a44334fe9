//! `gongji backup`, `gongji restore`.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;

use gongji_store::{Place, export};

use crate::arguments::{Backup, Restore};
use crate::exit::{Outcome, Stop};
use crate::office::store;
use crate::progress;

/// Copies the store while others work with it: the SQLite file, or everything of a database as lines of JSON.
pub fn run(backup: &Backup) -> Outcome {
    let place = backup.records.place()?;
    if backup.file.exists() {
        return Err(Stop::BadInput(format!("{} 已经存在，不覆盖；换一个文件名", backup.file.display())));
    }
    // A place that was never used has nothing to copy, and is not made by copying it.
    if place.file().is_some_and(|file| !file.exists()) {
        return Err(Stop::bad_input("那里没有账可以备份；看看 --data 写对没有"));
    }
    match &place {
        Place::Folder(_) if !backup.portable => {
            let bar = progress::bar(0, "备份");
            let done = place.backup(&backup.file, &mut |pages, all| {
                bar.set_length(all);
                bar.set_position(pages);
            });
            bar.finish_and_clear();
            let done = done.map_err(store)?;
            let mib = done.bytes >> 20;
            anstream::println!("已备份到 {}：{} 条记录，{mib} MiB", backup.file.display(), done.head.seq);
            anstream::println!("最后一条记录的哈希 {}", done.head.hash);
        }
        _ => {
            let home = place.open().map_err(store)?;
            let done = written(&backup.file, |to| export(&*home, to).map_err(Stop::failed))?;
            let (records, rows) = (done.records, done.rows);
            anstream::println!("已备份到 {}：{records} 条记录，{rows} 行现状", backup.file.display());
        }
    }
    Ok(())
}

/// Writes a file that gets its name when it is whole.
fn written<T>(
    path: &Path,
    write: impl FnOnce(&mut dyn std::io::Write) -> Result<T, Stop>,
) -> Result<T, Stop> {
    let unwritable = |error: std::io::Error| Stop::Failed(format!("无法写 {}：{error}", path.display()));
    let mut beside = path.as_os_str().to_owned();
    beside.push(format!(".{}.partial", std::process::id()));
    let beside = Path::new(&beside);
    let whole = (|| {
        let mut file = BufWriter::new(File::create_new(beside).map_err(unwritable)?);
        let done = write(&mut file)?;
        file.flush().map_err(unwritable)?;
        file.get_ref().sync_all().map_err(unwritable)?;
        std::fs::rename(beside, path).map_err(unwritable)?;
        Ok(done)
    })();
    if whole.is_err() {
        // What is half written helps nobody; where it cannot be removed either, the first failure says why.
        let _ = std::fs::remove_file(beside);
    }
    whole
}

/// Fills an empty place from a backup, every record's hash checked on the way.
pub fn restore(restore: &Restore) -> Outcome {
    let place = restore.records.place()?;
    if !restore.file.is_file() {
        return Err(Stop::BadInput(format!("没有文件 {}", restore.file.display())));
    }
    let bar = progress::bar(0, "恢复");
    let done = place.restore(&restore.file, &mut |pages, all| {
        bar.set_length(all);
        bar.set_position(pages);
    });
    bar.finish_and_clear();
    done.map_err(Stop::failed)?;
    let mut head = None;
    let home = place.open().map_err(store)?;
    home.read(&mut |view| {
        head = Some(view.head()?);
        Ok(())
    })
    .map_err(store)?;
    if let Some(head) = head {
        anstream::println!("已恢复 {} 条记录，逐条核对了哈希；最后一条为 {}", head.seq, head.hash);
    }
    Ok(())
}
