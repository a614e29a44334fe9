//! JSON as it stands in the text: borrowed, with repeated names kept, so that errors can name them.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::limits::{MOST_LIST, MOST_MEMBERS, MOST_TEXT_BYTES};
use crate::error::{CaseError, ErrorCode};

/// A JSON value. Strings without escapes are borrowed from the text.
#[derive(Debug)]
pub(crate) enum Node<'json> {
    Null,
    Bool(bool),
    Integer(i64),
    /// Any other number, as it prints.
    Number(String),
    Text(Cow<'json, str>),
    List(Vec<Node<'json>>),
    Object(Vec<(Cow<'json, str>, Node<'json>)>),
    /// A list or object with more entries than anything accepts; they were not kept.
    TooMany,
}

impl Node<'_> {
    /// The value as an error repeats it.
    pub fn describe(&self) -> String {
        match self {
            Node::Null => "null（空）".to_owned(),
            Node::Bool(value) => format!("{value}（真假值）"),
            Node::Integer(value) => format!("{value}（数字）"),
            Node::Number(value) => format!("{value}（数字）"),
            Node::Text(text) => format!("“{text}”"),
            Node::List(_) => "列表 […]".to_owned(),
            Node::Object(_) => "对象 {…}".to_owned(),
            Node::TooMany => "过多的内容".to_owned(),
        }
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Node<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Node<'de>, E> {
        Ok(Node::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Node<'de>, E> {
        Ok(Node::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Node<'de>, E> {
        Ok(Node::Integer(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Node<'de>, E> {
        Ok(i64::try_from(value).map_or_else(|_| Node::Number(value.to_string()), Node::Integer))
    }

    fn visit_str<E>(self, value: &str) -> Result<Node<'de>, E> {
        Ok(Node::Text(Cow::Owned(value.to_owned())))
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Node<'de>, E> {
        Ok(Node::Text(Cow::Borrowed(value)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Node<'de>, A::Error> {
        let mut nodes = Vec::new();
        while let Some(node) = list.next_element()? {
            if nodes.len() == MOST_LIST {
                while list.next_element::<IgnoredAny>()?.is_some() {}
                return Ok(Node::TooMany);
            }
            nodes.push(node);
        }
        Ok(Node::List(nodes))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Node<'de>, A::Error> {
        let mut members = Vec::new();
        while let Some(name) = object.next_key::<Name<'de>>()? {
            if members.len() == MOST_MEMBERS {
                object.next_value::<IgnoredAny>()?;
                while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                return Ok(Node::TooMany);
            }
            members.push((name.0, object.next_value()?));
        }
        Ok(Node::Object(members))
    }
}

impl<'de> Deserialize<'de> for Node<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Node<'de>, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

/// A member's name, borrowed where it has no escapes.
struct Name<'json>(Cow<'json, str>);

impl<'de> Deserialize<'de> for Name<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Name<'de>, D::Error> {
        struct Names;
        impl<'de> Visitor<'de> for Names {
            type Value = Name<'de>;
            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a name")
            }
            fn visit_str<E>(self, name: &str) -> Result<Name<'de>, E> {
                Ok(Name(Cow::Owned(name.to_owned())))
            }
            fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Name<'de>, E> {
                Ok(Name(Cow::Borrowed(name)))
            }
        }
        deserializer.deserialize_str(Names)
    }
}

/// The largest text that is read once more for the sake of a better message.
const READ_AGAIN: usize = 16 << 20;

/// Reads a text as JSON.
pub(crate) fn read(text: &str) -> Result<Node<'_>, CaseError> {
    if text.len() > MOST_TEXT_BYTES {
        return Err(CaseError::new(ErrorCode::TooLarge, "", "案例过大")
            .found(format!("{} 字节", text.len()))
            .expected(format!("至多 {MOST_TEXT_BYTES} 字节")));
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    serde_json::from_str(text).or_else(|error| {
        // A number with decimals is nowhere accepted, and nowhere read as one: only its place and text are wanted.
        if error.is_data()
            && text.len() <= READ_AGAIN
            && let Ok(value) = serde_json::from_str::<serde_json::Value>(text)
        {
            return Ok(Node::from(value));
        }
        Err(malformed(&error))
    })
}

fn malformed(error: &serde_json::Error) -> CaseError {
    let place = format!("第 {} 行第 {} 列", error.line(), error.column());
    if error.to_string().starts_with("recursion limit") {
        return CaseError::new(ErrorCode::TooDeep, place, "JSON 嵌套过深").expected("至多 127 层");
    }
    match error.classify() {
        serde_json::error::Category::Data => {
            CaseError::new(ErrorCode::AmountAsNumber, place, "这里不能写带小数的数字")
                .hint("金额要写成文字，如 \"1234.50\"")
        }
        serde_json::error::Category::Eof => {
            CaseError::new(ErrorCode::MalformedJson, place, "JSON 没有写完就结束了")
                .hint("请检查末尾的引号和括号")
        }
        _ => CaseError::new(ErrorCode::MalformedJson, place, "不是合法的 JSON")
            .hint("请检查这一处附近的引号、逗号和括号"),
    }
}

impl From<serde_json::Value> for Node<'static> {
    fn from(value: serde_json::Value) -> Node<'static> {
        use serde_json::Value;
        match value {
            Value::Null => Node::Null,
            Value::Bool(value) => Node::Bool(value),
            Value::Number(number) => {
                number.as_i64().map_or_else(|| Node::Number(number.to_string()), Node::Integer)
            }
            Value::String(text) => Node::Text(Cow::Owned(text)),
            Value::Array(list) if list.len() > MOST_LIST => Node::TooMany,
            Value::Array(list) => Node::List(list.into_iter().map(Node::from).collect()),
            Value::Object(members) if members.len() > MOST_MEMBERS => Node::TooMany,
            Value::Object(members) => Node::Object(
                members.into_iter().map(|(name, member)| (Cow::Owned(name), Node::from(member))).collect(),
            ),
        }
    }
}
