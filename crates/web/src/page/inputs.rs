//! What the address of a page says: keys and values, in order, without anybody's identity.

/// The keys that may appear more than once.
const LISTS: [&str; 5] = ["aid", "supp", "family", "e_funds", "e_contributors"];

/// Keys and values of an address. Empty values are an unanswered question and are dropped.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inputs(Vec<(String, String)>);

impl Inputs {
    /// Reads the part of an address after the question mark. Of a key given twice, the last counts, but for lists.
    pub fn parse(query: Option<&str>) -> Inputs {
        let pairs: Vec<(String, String)> =
            serde_urlencoded::from_str(query.unwrap_or_default()).unwrap_or_default();
        let mut inputs = Inputs::default();
        for (key, value) in pairs {
            let value = value.trim().to_owned();
            if !LISTS.contains(&key.as_str()) {
                inputs.0.retain(|(known, _)| *known != key);
            }
            if !value.is_empty() {
                inputs.0.push((key, value));
            }
        }
        inputs
    }

    /// The value of a key; empty where there is none.
    pub fn get(&self, key: &str) -> &str {
        self.0.iter().rev().find(|(known, _)| known == key).map_or("", |(_, value)| value)
    }

    /// The value of a key, or this one where there is none.
    pub fn get_or<'a>(&'a self, key: &str, otherwise: &'a str) -> &'a str {
        match self.get(key) {
            "" => otherwise,
            value => value,
        }
    }

    /// Whether the key has a value.
    pub fn has(&self, key: &str) -> bool {
        !self.get(key).is_empty()
    }

    /// Every value of a list.
    pub fn all<'a>(&'a self, key: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(known, _)| known == key).map(|(_, value)| value.as_str())
    }

    /// Every key and value, in order.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// The same with one key answered otherwise; an empty value takes the answer back.
    pub fn with(&self, key: &str, value: &str) -> Inputs {
        let mut changed: Vec<_> = self.0.iter().filter(|(known, _)| known != key).cloned().collect();
        if !value.is_empty() {
            changed.push((key.to_owned(), value.to_owned()));
        }
        Inputs(changed)
    }

    /// The inputs as the part of an address after the question mark.
    pub fn query(&self) -> String {
        serde_urlencoded::to_string(&self.0).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_holds_the_inputs() {
        let inputs = Inputs::parse(Some("area=990100&aid=a&aid=b&total=1&total=20.00&age="));
        assert_eq!(inputs.get("total"), "20.00");
        assert_eq!(inputs.all("aid").collect::<Vec<_>>(), ["a", "b"]);
        assert!(!inputs.has("age"));
        assert_eq!(inputs.with("total", "3").with("area", "").query(), "aid=a&aid=b&total=3");
        assert_eq!(Inputs::parse(None), Inputs::default());
        assert_eq!(Inputs::parse(Some("%zz=%ff&x")).get("y"), "");
    }
}
