//! A scheme: everything under `employee` or `resident`.

use gongji_money::Rounding;

use super::condition::Values;
use super::reader::Reader;
use crate::model::{Dimension, DimensionKind, Scheme};
use crate::text::{Fields, Node, Value};

/// The names that hold throughout a scheme.
pub(super) struct Names {
    /// `employee` or `resident`.
    pub scheme: &'static str,
    /// Of open dimensions.
    pub values: Values,
    /// Of counters, in order.
    pub counters: Vec<String>,
    /// Whether counters may be missing from the list whose cause was reported elsewhere.
    pub counters_incomplete: bool,
    /// The tags that any benefit declares, `general` included; `None` where there are no benefits to declare any.
    pub tags: Option<Vec<String>>,
    /// How amounts are rounded where a layer does not say.
    pub rounding: Option<Rounding>,
}

impl Reader<'_> {
    /// The scheme of that name.
    pub fn scheme(&mut self, name: &'static str, tree: &Node) -> Option<Scheme> {
        let mut fields = self.table(tree, name)?;
        let head = self.need(&mut fields, "scheme", "险种：名称、默认取整");
        let values = fields.take("values");
        let domain = fields.take("domain");
        let counter = fields.take("counter");
        let exclusion = fields.take("exclusion");
        let sharing = fields.take("sharing");
        let catalogue = fields.take("catalogue");
        let layers = fields.take("layer");
        let benefits = fields.take("benefit");
        let parameters = fields.take("parameter");
        self.done(&fields);

        let head = head.and_then(|node| self.scheme_head(node));
        let values = self.values(values);
        let counter_names = counter.map(Node::members).unwrap_or_default();
        let names = Names {
            scheme: name,
            values,
            counters: counter_names.iter().map(|entry| entry.key.clone()).collect(),
            tags: benefits
                .filter(|node| !node.is_incomplete())
                .map(declared_tags)
                .filter(|tags| !tags.is_empty()),
            counters_incomplete: counter.is_some_and(Node::is_incomplete),
            // Of a broken head nobody can say whether it names a rounding; the scheme is refused in any case.
            rounding: head.as_ref().map_or(Some(Rounding::HALF_UP_FEN), |head| head.rounding),
        };
        let counters = self.counters(counter);
        let domain = self.domain(domain, None, &names.values);
        let exclusion = self.optional(exclusion, |reader, node| reader.exclusion(node, &names));
        let sharing = self.optional(sharing, |reader, node| reader.sharing(node, &names));
        let catalogue = self.optional(catalogue, |reader, node| reader.catalogue(node, &names));
        let parameters = self.calculations(parameters, &names);
        let benefits = self.benefits(benefits, layers, &domain.clone().unwrap_or_default(), &names);
        let head = head?;
        let complete = !names.values.broken;
        Some(Scheme {
            name: name.to_owned(),
            label: head.label,
            values: names.values.names,
            aid_order: head.aid_order,
            domain: domain?,
            counters: counters?,
            benefits: benefits?,
            exclusion: exclusion?,
            sharing: sharing?,
            catalogue: catalogue?,
            parameters: parameters?,
        })
        .filter(|_| complete)
    }

    fn scheme_head(&mut self, node: &Node) -> Option<Head> {
        let mut fields: Fields<'_> = self.table(node, "scheme")?;
        let label = self.need(&mut fields, "label", "险种名称");
        let aid_order = fields.take("aid_order");
        let rounding = fields.take("rounding");
        self.done(&fields);
        let label = label.and_then(|node| self.text(node, "label"));
        let aid_order = match aid_order {
            Some(node) => self.aid_order(node),
            None => Some((1..aids().len() as i64).collect()),
        };
        let rounding = match rounding {
            Some(node) => Some(self.rounding(Some(node), None, node)?),
            None => None,
        };
        Some(Head { label: label?.to_owned(), aid_order: aid_order?, rounding })
    }

    fn aid_order(&mut self, node: &Node) -> Option<Vec<i64>> {
        let written = self.texts(node, "aid_order")?;
        let mut order: Vec<i64> = Vec::new();
        let mut complete = true;
        for (index, (name, item)) in written.iter().enumerate() {
            if let Some((_, first)) = written[..index].iter().find(|(earlier, _)| earlier == name) {
                self.twice(first, item, name, "救助身份");
                complete = false;
                continue;
            }
            match aids().iter().skip(1).position(|aid| aid == name) {
                Some(position) => order.push(position as i64 + 1),
                None => {
                    self.unknown_name(item, name, "救助身份（aid_order）", aids().iter().skip(1).copied());
                    complete = false;
                }
            }
        }
        complete.then_some(order)
    }

    /// A part that may be left out; the outer `None` where it is there but wrong.
    pub fn optional<T>(
        &mut self,
        node: Option<&Node>,
        read: impl FnOnce(&mut Self, &Node) -> Option<T>,
    ) -> Option<Option<T>> {
        match node {
            None => Some(None),
            Some(node) => read(self, node).map(Some),
        }
    }
}

/// Every tag of every benefit, as written; empty where there is no benefit.
fn declared_tags(benefits: &Node) -> Vec<String> {
    let mut tags = Vec::new();
    for benefit in benefits.members() {
        tags.push("general".to_owned());
        if let Some(Value::List(items)) = benefit.node.get("tags").map(|node| &node.value) {
            tags.extend(items.iter().filter_map(|item| item.text().map(str::to_owned)));
        }
    }
    tags.sort();
    tags.dedup();
    tags
}

struct Head {
    label: String,
    aid_order: Vec<i64>,
    rounding: Option<Rounding>,
}

/// The identities of assistance, `none` first.
fn aids() -> &'static [&'static str] {
    match Dimension::Aid.kind() {
        DimensionKind::Choice(names) => names,
        _ => &[],
    }
}
