//! What an error of PostgreSQL means for the caller.

use std::error::Error as _;

use ::postgres::Error;
use ::postgres::error::SqlState;
use gongji_agency::port::StoreError;

/// Whether the same work may go through when it is run again, on a new connection where this one is gone.
pub fn is_passing(error: &Error) -> bool {
    let Some(code) = error.code() else {
        // No answer of the server: the connection broke, or there was none.
        return error.is_closed() || broke(error);
    };
    let states = [
        SqlState::T_R_SERIALIZATION_FAILURE,
        SqlState::T_R_DEADLOCK_DETECTED,
        SqlState::ADMIN_SHUTDOWN,
        SqlState::CRASH_SHUTDOWN,
        SqlState::CANNOT_CONNECT_NOW,
    ];
    states.contains(code) || code.code().starts_with("08")
}

/// Whether the server said that the commit was undone.
pub fn is_undone(error: &Error) -> bool {
    let states = [SqlState::T_R_SERIALIZATION_FAILURE, SqlState::T_R_DEADLOCK_DETECTED];
    error.code().is_some_and(|code| states.contains(code))
}

fn broke(error: &Error) -> bool {
    error.source().is_some_and(|cause| cause.is::<std::io::Error>())
}

/// The error for the caller, of anything before the commit.
pub fn failure(error: &Error) -> StoreError {
    let text = words(error);
    let Some(code) = error.code() else {
        return if is_passing(error) || error.as_db_error().is_none() && error.source().is_none() {
            StoreError::Unavailable(format!("与数据库的连接断了：{text}"))
        } else {
            StoreError::Unavailable(text)
        };
    };
    match code.code() {
        "25006" => StoreError::Refused(format!("数据库只读（备库或只读用户）：{text}")),
        "42501" => StoreError::Refused(format!("数据库用户权限不足：{text}")),
        "3D000" => StoreError::Refused(format!("没有这个数据库，请先建立：{text}")),
        "42P07" => StoreError::Refused(format!("这个数据库里已有别的程序的同名表，请另用一个数据库：{text}")),
        "53100" => StoreError::Unavailable(format!("数据库的磁盘已满，请腾出空间：{text}")),
        "55P03" => StoreError::Unavailable(format!("另一个进程占用流水太久：{text}")),
        "XX001" | "XX002" => StoreError::Corrupt(format!("数据库的文件已损坏，请从备份恢复：{text}")),
        code if code.starts_with("28") => StoreError::Refused(format!("数据库不接受这个用户：{text}")),
        code if code.starts_with("23") => StoreError::Corrupt(text),
        code if code.starts_with("54") => StoreError::Refused(format!("内容太大：{text}")),
        _ => StoreError::Unavailable(text),
    }
}

/// The error for a commit without an answer that settles it.
pub fn unknown(error: &Error) -> StoreError {
    StoreError::Unknown(words(error))
}

/// The server's words with its code, or the driver's with its cause.
fn words(error: &Error) -> String {
    match (error.as_db_error(), error.source()) {
        (Some(told), _) => format!("{}（{}）", told.message(), told.code().code()),
        (None, Some(cause)) => format!("{error}：{cause}"),
        (None, None) => error.to_string(),
    }
}
