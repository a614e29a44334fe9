//! What an error of SQLite means for the caller.

use std::io;
use std::path::Path;

use gongji_agency::port::StoreError;
use rusqlite::{Error, ErrorCode};

/// Where it happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Before the commit: nothing was kept.
    Work,
    /// In the commit: nobody knows.
    Commit,
}

/// The error for the caller.
pub fn failure(error: &Error, stage: Stage) -> StoreError {
    if stage == Stage::Commit {
        return StoreError::Unknown(error.to_string());
    }
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
            StoreError::Corrupt(format!("数据文件已损坏，请从备份恢复：{error}"))
        }
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => {
            StoreError::Refused(format!("数据文件只读，请检查文件和目录的权限：{error}"))
        }
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            StoreError::Unavailable(format!("另一个进程占用数据文件太久：{error}"))
        }
        Some(ErrorCode::DiskFull) => StoreError::Unavailable(format!("磁盘已满，请腾出空间：{error}")),
        Some(ErrorCode::ConstraintViolation) => StoreError::Corrupt(error.to_string()),
        Some(ErrorCode::TooBig) => StoreError::Refused(format!("内容太大：{error}")),
        Some(_) => StoreError::Unavailable(error.to_string()),
        // The rest are values of another type than the schema says.
        None => StoreError::Corrupt(error.to_string()),
    }
}

/// The error for a file that cannot be opened.
pub fn file(path: &Path, error: &io::Error) -> StoreError {
    let path = path.display();
    match error.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            StoreError::Refused(format!("数据文件 {path} 只读，请检查文件和目录的权限：{error}"))
        }
        io::ErrorKind::IsADirectory => StoreError::Refused(format!("{path} 是目录，应为数据文件")),
        _ => StoreError::Unavailable(format!("打不开数据文件 {path}：{error}")),
    }
}
