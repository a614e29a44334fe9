//! The description of the interface in short: what is asked and answered at each address, and what each thing holds. Wording and examples are left out, so that a
//! change of the interface stands out.

use std::fmt::Write;

use serde_json::Value;

/// The type of a schema: `text`, `Person`, `[Line]`, `A | B`; `?` where it may be null.
fn kind(schema: &Value) -> String {
    if let Some(name) = schema["$ref"].as_str() {
        return name.rsplit('/').next().unwrap_or_default().to_owned();
    }
    for (members, between) in [("oneOf", " | "), ("anyOf", " | "), ("allOf", " & ")] {
        if let Some(parts) = schema[members].as_array() {
            return parts.iter().map(kind).collect::<Vec<_>>().join(between);
        }
    }
    if let Some(names) = schema["enum"].as_array() {
        return names.iter().map(ToString::to_string).collect::<Vec<_>>().join(" | ");
    }
    let (name, null) = match &schema["type"] {
        Value::Array(names) => {
            let named = names.iter().filter_map(Value::as_str).find(|name| *name != "null");
            (named.unwrap_or("null"), if names.contains(&"null".into()) { "?" } else { "" })
        }
        name => (name.as_str().unwrap_or("any"), ""),
    };
    let name = match name {
        "array" => format!("[{}]", kind(&schema["items"])),
        "object" if schema["properties"].is_object() => format!("{{ {} }}", members(schema).join(", ")),
        "object" if schema["additionalProperties"].is_object() => {
            format!("{{ …: {} }}", kind(&schema["additionalProperties"]))
        }
        name => match schema["format"].as_str() {
            Some(format) => format!("{name} {format}"),
            None => name.to_owned(),
        },
    };
    format!("{name}{null}")
}

/// The members of an object, those that may be left out in brackets.
fn members(schema: &Value) -> Vec<String> {
    let required = schema["required"].as_array().cloned().unwrap_or_default();
    let one = |(name, schema): (&String, &Value)| match required.contains(&name.as_str().into()) {
        true => format!("{name}: {}", kind(schema)),
        false => format!("[{name}: {}]", kind(schema)),
    };
    schema["properties"].as_object().into_iter().flatten().map(one).collect()
}

/// The media types of a body, each with its type.
fn bodies(content: &Value) -> String {
    let each = content.as_object().into_iter().flatten();
    each.map(|(media, body)| format!(" {media} {}", kind(&body["schema"]))).collect()
}

/// The outline of a description.
pub fn of(description: &Value) -> String {
    let mut text = String::new();
    for (path, item) in description["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let name = operation["operationId"].as_str().unwrap();
            let guard = if operation["security"].is_array() { ", with a token" } else { "" };
            writeln!(text, "{} {path} ({name}{guard})", method.to_uppercase()).unwrap();
            for asked in operation["parameters"].as_array().into_iter().flatten() {
                let must = if asked["required"] == true { "" } else { ", may be left out" };
                let (place, name) = (asked["in"].as_str().unwrap(), asked["name"].as_str().unwrap());
                writeln!(text, "  {place} {name}: {}{must}", kind(&asked["schema"])).unwrap();
            }
            if operation["requestBody"].is_object() {
                writeln!(text, "  body{}", bodies(&operation["requestBody"]["content"])).unwrap();
            }
            for (status, answer) in operation["responses"].as_object().unwrap() {
                writeln!(text, "  {status}{}", bodies(&answer["content"])).unwrap();
            }
        }
    }
    for (name, schema) in description["components"]["schemas"].as_object().unwrap() {
        match schema["properties"].is_object() {
            true => writeln!(text, "\n{name}\n  {}", members(schema).join("\n  ")).unwrap(),
            false => writeln!(text, "\n{name}: {}", kind(schema)).unwrap(),
        }
    }
    text
}
