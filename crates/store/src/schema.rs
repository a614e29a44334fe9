//! The versions of the schema, as numbered SQL files, one list for each home.

/// What SQLite files of this program say in their header: `Gong`.
pub const APPLICATION: i32 = 0x476f_6e67;

/// One step of the schema.
pub struct Migration {
    /// Its number, from 1 without gaps.
    pub version: i32,
    /// Its statements.
    pub sql: &'static str,
}

/// The steps for SQLite.
pub const SQLITE: [Migration; 1] =
    [Migration { version: 1, sql: include_str!("../migrations/sqlite/0001_journal.sql") }];

/// The steps for PostgreSQL.
pub const POSTGRES: [Migration; 1] =
    [Migration { version: 1, sql: include_str!("../migrations/postgres/0001_journal.sql") }];

/// The newest version that this program knows.
pub const NEWEST: i32 = 1;

/// The refusal of a schema that is newer than this program.
pub fn newer(found: i32) -> String {
    format!("数据的结构版本是 {found}，本程序只认识到 {NEWEST}：请用新版程序打开")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_homes_have_the_same_versions() {
        let versions = |steps: &[Migration]| steps.iter().map(|step| step.version).collect::<Vec<_>>();
        assert_eq!(versions(&SQLITE), (1..=NEWEST).collect::<Vec<_>>());
        assert_eq!(versions(&POSTGRES), versions(&SQLITE));
    }
}
