//! A message of a numbered interface: a command together with what the interface keeps of it, in one record.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{CancelVisit, Command, Decide, Reverse};
use crate::access::{Action, Scope};
use crate::context::Context;
use crate::desk::Desk;
use crate::port::StoreError;
use crate::record::{After, Draft};
use crate::refusal::Refusal;
use crate::row::{Note, Reversal, Standing, Visit, VisitStatus};
use crate::stop::Stop;

/// What is kept in a note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoteAsked {
    /// The note, within the actor's scope. `{visit}` and `{batch}` stand for what the command gives, `{seq}` for the number of the record.
    pub id: String,
    /// What is merged into it. A key `{batch}` stands for the batch that the command gives.
    pub patch: Map<String, Value>,
}

/// A message of an institution.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exchange {
    /// The number of the transaction.
    pub number: String,
    /// Hash of what was asked: by it a repeated message is told from another under the same key.
    pub request: String,
    /// What is done; nothing where the message only tells something.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<Box<Command>>,
    /// Whether a settlement is dated on the day of booking, whatever the command says.
    #[serde(default)]
    pub on_day_of_booking: bool,
    /// What is kept.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<NoteAsked>,
}

impl Exchange {
    /// The command on the day of booking, where that is asked.
    fn dated(&self, command: &Command, context: &Context<'_>) -> Command {
        let mut command = command.clone();
        if self.on_day_of_booking {
            match &mut command {
                Command::Settle(settle) => settle.date = context.today,
                Command::SettleBatches(settle) => settle.settle.date = context.today,
                _ => {}
            }
        }
        command
    }
}

/// As [`Reverse`]; takes back an admission too, and refuses what was cancelled in the ordinary way.
fn reverse(reverse: &Reverse, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
    let key = format!("{}/{}", context.actor.scope(), reverse.message);
    let Some(seq) = desk.outcome(&key)?.and_then(|outcome| outcome.seq) else {
        return reverse.decide(desk, context);
    };
    let record = desk.record(seq)?.ok_or_else(|| StoreError::Corrupt(format!("缺第 {seq} 条记录")))?;
    if record.kind == "open_visit" {
        let id = record.result["visit"].as_str().unwrap_or_default().to_owned();
        if desk.need::<Visit>(&id)?.status == VisitStatus::Cancelled {
            let draft = Draft::new("reversal", context.today);
            let told = json!({ "message": reverse.message, "found": true, "cancelled": null });
            return Ok(vec![draft.telling(told)]);
        }
        return CancelVisit { visit: id, reason: "冲正".to_owned() }.decide(desk, context);
    }
    let mut at = seq;
    while let Some(reversal) = desk.get::<Reversal>(&super::reversal_id(at))? {
        // Adjudicated again: what stands in its place is what the message left.
        let next = desk.record(reversal.by + 1)?.and_then(|record| record.settlement);
        if next.is_some_and(|next| next.replaces == Some(at)) {
            at = reversal.by + 1;
            continue;
        }
        let by = desk.record(reversal.by)?.map(|record| record.kind).unwrap_or_default();
        if by == "reversal" {
            break;
        }
        return Err(Refusal::new("already_cancelled", "这笔结算的退费结算标志不是未退费，不能冲正")
            .at("message")
            .found(&reverse.message)
            .into());
    }
    reverse.decide(desk, context)
}

impl Decide for Exchange {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        let own = Scope { institution: Some(&context.actor.name), ..Scope::default() };
        context.allow(Action::Treat, own)?;
        let mut drafts = match self.command.as_deref() {
            None => vec![Draft::new("exchange", context.today)],
            Some(Command::Exchange(_)) => {
                return Err(Refusal::new("contradiction", "报文不能套报文").at("command").into());
            }
            Some(Command::Reverse(asked)) => reverse(asked, desk, context)?,
            Some(command) => self.dated(command, context).decide(desk, context)?,
        };
        let seq = context.seq + drafts.len().saturating_sub(1) as u64;
        let Some(last) = drafts.last_mut() else { return Ok(drafts) };
        let balance = match last.people.first() {
            Some(person) => balance_after(desk, person, last)?,
            None => None,
        };
        let mut told = match std::mem::take(&mut last.result) {
            Value::Object(told) => told,
            Value::Null => Map::new(),
            other => Map::from_iter([("result".to_owned(), other)]),
        };
        let text = |name: &str| match told.get(name) {
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
            None => String::new(),
        };
        let (visit, batch) = (text("visit"), text("batch"));
        let exchange = json!({ "number": self.number, "request": self.request, "balance": balance });
        told.insert("exchange".to_owned(), exchange);
        last.result = Value::Object(told);
        let scope = context.actor.scope();
        for asked in &self.notes {
            let id = asked
                .id
                .replace("{visit}", &visit)
                .replace("{batch}", &batch)
                .replace("{seq}", &seq.to_string());
            let id = format!("{scope}/{id}");
            let mut note = desk.get::<Note>(&id)?.map(|note| (*note).clone()).unwrap_or_default();
            note.merge(&placed(&asked.patch, &batch));
            last.after.push(After::of(&id, &note)?);
        }
        if last.settlement.is_some() || last.cancels.is_some() {
            // The money that moved, by the day on which it is booked: what a reconciliation goes through.
            let id = format!("{scope}/moved/{}/{seq:020}", context.today);
            let note = Note(Map::from_iter([("number".to_owned(), Value::from(self.number.clone()))]));
            last.after.push(After::of(&id, &note)?);
        }
        Ok(drafts)
    }
}

/// What the person's account will hold, fen; `None` without one.
fn balance_after(desk: &mut Desk<'_>, person: &str, draft: &Draft) -> Result<Option<i64>, Stop> {
    let Some(standing) = desk.get::<Standing>(person)? else { return Ok(None) };
    let own = draft
        .entry
        .postings()
        .iter()
        .filter(|posting| posting.0.of_person().is_some_and(|(owner, _)| owner == person));
    let held = standing.current_year.checked_add(standing.carried_over);
    let sum = own.map(|posting| posting.1).try_fold(held.unwrap_or_default(), i64::checked_add);
    Ok(sum)
}

/// The patch with the batch in the place of its key.
fn placed(patch: &Map<String, Value>, batch: &str) -> Map<String, Value> {
    let place = |(key, value): (&String, &Value)| {
        let key = if key == "{batch}" { batch.to_owned() } else { key.clone() };
        let value = match value {
            Value::Object(inner) => Value::Object(placed(inner, batch)),
            other => other.clone(),
        };
        (key, value)
    };
    patch.iter().map(place).collect()
}
