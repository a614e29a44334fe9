//! The two homes of the agency's store: SQLite in one file, and PostgreSQL.
