//! Where the agency's records lie, and who books.

use std::env;
use std::path::PathBuf;

use clap::Args;
use gongji_store::Place;

use crate::exit::Stop;

/// The variable that names a data folder.
const DATA: &str = "GONGJI_DATA";
/// The variable that names a database.
const STORE: &str = "GONGJI_STORE";

/// Where the records lie.
#[derive(Clone, Debug, Default, Args)]
pub struct Records {
    /// 数据目录（其中一个 SQLite 文件）；也可用环境变量 GONGJI_DATA
    #[arg(long, value_name = "目录")]
    pub data: Option<PathBuf>,
    /// PostgreSQL 数据库，如 postgres://用户@主机/库；也可用环境变量 GONGJI_STORE
    #[arg(long, value_name = "地址", conflicts_with = "data")]
    pub store: Option<String>,
}

/// Who books.
#[derive(Clone, Debug, Default, Args)]
pub struct Operator {
    /// 以谁的名义记账（默认是操作系统的用户名）
    #[arg(long = "as", value_name = "姓名")]
    pub acting: Option<String>,
}

fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

impl Records {
    /// Whether a place is named, by an option or a variable.
    pub fn is_named(&self) -> bool {
        self.data.is_some() || self.store.is_some() || variable(DATA).is_some() || variable(STORE).is_some()
    }

    /// The place: options win over variables, and there is one.
    ///
    /// # Errors
    /// None, or two.
    pub fn place(&self) -> Result<Place, Stop> {
        let database = |url: &str| match Place::read(url) {
            place @ Place::Database(_) => Ok(place),
            Place::Folder(_) => Err(Stop::bad_input(
                "--store（GONGJI_STORE）应为 postgres:// 开头的数据库地址；文件夹请用 --data",
            )),
        };
        match (&self.data, &self.store) {
            (Some(folder), _) => return Ok(Place::Folder(folder.clone())),
            (None, Some(url)) => return database(url),
            (None, None) => {}
        }
        match (variable(DATA), variable(STORE)) {
            (Some(_), Some(_)) => Err(Stop::bad_input(
                "环境变量 GONGJI_DATA 与 GONGJI_STORE 只能设一个；或用 --data、--store 指明用哪一个",
            )),
            (Some(folder), None) => Ok(Place::Folder(PathBuf::from(folder))),
            (None, Some(url)) => database(&url),
            (None, None) => Err(Stop::bad_input(
                "没有指明账在哪里；加 --data 目录（没有会新建），或 --store postgres://…，或设环境变量 GONGJI_DATA",
            )),
        }
    }
}

impl Operator {
    /// The name in records.
    pub fn name(&self) -> String {
        let of_system = || ["USER", "LOGNAME", "USERNAME"].into_iter().find_map(variable);
        self.acting.clone().or_else(of_system).unwrap_or_else(|| "gongji".to_owned())
    }
}
