//! Terms for the values of questions.

use gongji_policy::Dimension;
use gongji_policy::view::value_label;

/// What people read for a value of a dimension.
pub fn value(dimension: Dimension, name: &str) -> String {
    match name {
        "true" => "是".to_owned(),
        "false" => "否".to_owned(),
        _ => value_label(dimension, name).to_owned(),
    }
}
