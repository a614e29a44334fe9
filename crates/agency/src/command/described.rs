//! How the fields of a command are described to those who call over HTTP.

use utoipa::ToSchema;
use utoipa::openapi::{RefOr, Schema};

/// A command's schema.
#[derive(Clone)]
pub struct Described {
    /// The command's name.
    pub kind: &'static str,
    /// The name of the schema.
    pub name: String,
    /// The fields.
    pub schema: RefOr<Schema>,
    /// The schemas that it refers to, by name.
    pub parts: Vec<(String, RefOr<Schema>)>,
}

impl Described {
    pub(super) fn of<T: ToSchema>(kind: &'static str) -> Described {
        let mut parts = Vec::new();
        T::schemas(&mut parts);
        Described { kind, name: T::name().into_owned(), schema: T::schema(), parts }
    }
}
