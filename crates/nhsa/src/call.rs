//! One request on its way: who asks, what was asked before under the same id, what is booked.

use std::cell::RefCell;
use std::sync::Arc;

use gongji_agency::Stop;
use gongji_agency::access::{Action, Scope};
use gongji_agency::actor::{Actor, Role};
use gongji_agency::command::{Command, Decide, Exchange, NoteAsked};
use gongji_agency::context::Context;
use gongji_agency::desk::Desk;
use gongji_agency::office::{Failure, Office};
use gongji_agency::port::StoreError;
use gongji_agency::record::{Draft, Record};
use gongji_agency::refusal::Refusal;
use gongji_agency::row::{Institution, Note, Person, Visit};
use gongji_agency::settlement::Settlement;
use serde_json::{Map, Value};

use crate::envelope::Request;
use crate::fault::Fault;
use crate::input::{Node, list, missing_node, node};
use crate::tables::Codes;
use crate::wire::Wire;

/// A consistent view of the books while a request is dealt with.
trait View {
    fn with(&self, look: &mut Look<'_>) -> Result<(), Stop>;
}

/// What is looked at.
type Look<'look> = dyn FnMut(&mut Desk<'_>, &Context<'_>) -> Result<(), Stop> + 'look;

/// The desk and the context that the office gives.
struct Opened<'look, 'view> {
    desk: RefCell<&'look mut Desk<'view>>,
    context: &'look Context<'look>,
}

impl View for Opened<'_, '_> {
    fn with(&self, look: &mut Look<'_>) -> Result<(), Stop> {
        let busy = |_| StoreError::Corrupt("一次查看之内又查看".to_owned());
        let mut desk = self.desk.try_borrow_mut().map_err(busy)?;
        look(&mut desk, self.context)
    }
}

/// Where the settlement is left that a message tried out.
pub type Trial = RefCell<Option<Settlement>>;

/// What a request asks to be booked, and its answer where that is known beforehand.
struct Pending {
    exchange: Exchange,
    answer: Option<Wire>,
}

/// A request with the institution that asks, over one view of the books.
///
/// What is to be booked is booked after the view is closed; then the request is dealt with once more, over a view in which its record stands, exactly as
/// if the message had come a second time.
pub struct Call<'look> {
    view: &'look dyn View,
    /// The request.
    pub request: &'look Request,
    /// The number whose fields it has: that of the plain form for an A form.
    pub number: &'static str,
    /// The institution.
    pub institution: Arc<Institution>,
    actor: &'look Actor,
    /// The record that was booked for it just now.
    booked: Option<u64>,
    pending: RefCell<Option<Pending>>,
    trial: Option<&'look Trial>,
}

/// The institution that the envelope names.
fn institution(view: &dyn View, request: &Request) -> Result<Arc<Institution>, Fault> {
    look_at(view, |desk, context| {
        let own = Scope { institution: Some(&request.institution), ..Scope::default() };
        context.allow(Action::Treat, own)?;
        let found = desk.get::<Institution>(&request.institution)?;
        let missing = || {
            Refusal::new("no_institution", "没有这个定点医药机构")
                .at("fixmedins_code")
                .found(&request.institution)
        };
        Ok(found.ok_or_else(missing)?)
    })
}

fn look_at<T>(
    view: &dyn View,
    mut look: impl FnMut(&mut Desk<'_>, &Context<'_>) -> Result<T, Stop>,
) -> Result<T, Fault> {
    let mut seen = None;
    let looked = view.with(&mut |desk, context| {
        seen = Some(look(desk, context)?);
        Ok(())
    });
    match (looked, seen) {
        (Ok(()), Some(seen)) => Ok(seen),
        (Err(Stop::Refused(refusal)), _) => Err((*refusal).into()),
        (Err(Stop::Store(error)), _) => Err(Failure::Store(error).into()),
        (Err(Stop::NotAtHand(_)) | Ok(()), _) => {
            Err(Fault::new("internal", "平台内部错误，没有办理，请联系经办机构"))
        }
    }
}

impl<'look> Call<'look> {
    /// Answers a request: looks, books what it asks for, looks again. A settlement that was tried out and not booked is left in `trial`.
    ///
    /// # Errors
    /// Those of the handler, the fault `no_institution`, a refusal, the store's failure.
    pub fn answer(
        office: &Office,
        request: &Request,
        number: &'static str,
        handler: impl Fn(&Call<'_>) -> Result<Wire, Fault>,
        trial: Option<&Trial>,
    ) -> Result<Wire, Fault> {
        let (outcome, pending) = Call::over(office, request, number, (None, trial), &handler)?;
        if let Some(trial) = trial.filter(|_| outcome.is_err() || pending.is_some()) {
            trial.take();
        }
        let Some(pending) = pending else { return outcome };
        let booked = office.book(&actor(request), &request.message, Command::Exchange(pending.exchange))?;
        match pending.answer {
            Some(answer) => Ok(answer),
            None => Call::over(office, request, number, (Some(booked.seq), None), &handler)?.0,
        }
    }

    /// Looks without booking anything.
    ///
    /// # Errors
    /// Those of the handler, the fault `no_institution`, the store's failure.
    pub fn look_only<T>(
        office: &Office,
        request: &Request,
        number: &'static str,
        handler: impl Fn(&Call<'_>) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        Call::over(office, request, number, (None, None), &handler)?.0
    }

    fn over<T>(
        office: &Office,
        request: &Request,
        number: &'static str,
        (booked, trial): (Option<u64>, Option<&Trial>),
        handler: &dyn Fn(&Call<'_>) -> Result<T, Fault>,
    ) -> Result<(Result<T, Fault>, Option<Pending>), Fault> {
        let actor = actor(request);
        let done = office.look(&actor, |desk, context| {
            let view = Opened { desk: RefCell::new(desk), context };
            let institution = match institution(&view, request) {
                Ok(institution) => institution,
                Err(fault) => return Ok((Err(fault), None)),
            };
            let pending = RefCell::new(None);
            let call =
                Call { view: &view, request, number, institution, actor: &actor, booked, pending, trial };
            let outcome = handler(&call);
            Ok((outcome, call.pending.take()))
        })?;
        Ok(done)
    }

    /// The codes of the area of the institution.
    pub fn codes(&self) -> Codes<'_> {
        Codes::of(&self.institution.area)
    }

    /// The node of a name in the input.
    ///
    /// # Errors
    /// As [`node`].
    pub fn node(&self, name: &'static str) -> Result<Node<'_>, Fault> {
        node(self.number, &self.request.input, name)
    }

    /// The nodes of a name in the input.
    ///
    /// # Errors
    /// As [`list`]; `missing_node` for none.
    pub fn list(&self, name: &'static str) -> Result<Vec<Node<'_>>, Fault> {
        let found = list(self.number, &self.request.input, name)?;
        if found.is_empty() { Err(missing_node(name)) } else { Ok(found) }
    }

    /// The nodes of a name in the input, which may be none.
    ///
    /// # Errors
    /// As [`list`].
    pub fn maybe_list(&self, name: &'static str) -> Result<Vec<Node<'_>>, Fault> {
        list(self.number, &self.request.input, name)
    }

    /// Looks at a consistent view.
    ///
    /// # Errors
    /// A refusal of `look`; the store's failure.
    pub fn look<T>(
        &self,
        look: impl FnMut(&mut Desk<'_>, &Context<'_>) -> Result<T, Stop>,
    ) -> Result<T, Fault> {
        look_at(self.view, look)
    }

    /// What the interface keeps under an id of this institution.
    ///
    /// # Errors
    /// Those of the store.
    pub fn note(&self, id: &str) -> Result<Arc<Note>, Fault> {
        let id = self.own(id);
        self.look(|desk, _| Ok(desk.get::<Note>(&id)?.unwrap_or_default()))
    }

    /// The id of a note of this institution.
    pub fn own(&self, id: &str) -> String {
        format!("{}/{id}", self.actor.scope())
    }

    /// The record that this very message made before; `None` for a new message.
    ///
    /// # Errors
    /// The faults `message_reused`, where the id stood for something else, and `reversed_before`.
    pub fn before(&self) -> Result<Option<Record>, Fault> {
        if let Some(seq) = self.booked {
            return self.look(|desk, _| record(desk, seq)).map(Some);
        }
        let key = self.own(&self.request.message);
        let found = self.look(|desk, _| {
            let Some(outcome) = desk.outcome(&key)? else { return Ok(None) };
            match outcome.seq {
                Some(seq) => Ok(Some(Ok(record(desk, seq)?))),
                None => Ok(Some(Err(outcome.refusal))),
            }
        })?;
        match found {
            None => Ok(None),
            Some(Ok(record)) => {
                let exchange = &record.result["exchange"];
                if exchange["request"] == self.request.hash() {
                    return Ok(Some(record));
                }
                Err(Fault::new(
                    "message_reused",
                    "这个 msgid 已经用于另一项业务，没有办理。重发时内容必须相同，新的业务请用新的 msgid",
                ))
            }
            Some(Err(refusal)) => match serde_json::from_str::<Refusal>(&refusal) {
                Ok(refusal) if &*refusal.code == "reversed_before" => Err(refusal.into()),
                // Refused before: it is decided by the office, which says the same again.
                _ => Ok(None),
            },
        }
    }

    fn exchange(&self, command: Option<Command>, notes: Vec<NoteAsked>) -> Exchange {
        Exchange {
            number: self.request.number.clone(),
            request: self.request.hash(),
            command: command.map(Box::new),
            on_day_of_booking: true,
            notes,
        }
    }

    /// Asks that this be booked under the message's id. What the handler gives back with the fault is not used: it is asked again once there is a record.
    ///
    /// # Errors
    /// Always, so that the handler ends here.
    pub fn book(&self, command: Option<Command>, notes: Vec<NoteAsked>) -> Result<Record, Fault> {
        Err(self.ask(command, notes, None))
    }

    /// Asks that this be booked under the message's id, and then answered so.
    ///
    /// # Errors
    /// Always, so that the handler ends here.
    pub fn tell(&self, command: Option<Command>, notes: Vec<NoteAsked>, answer: Wire) -> Result<Wire, Fault> {
        Err(self.ask(command, notes, Some(answer)))
    }

    fn ask(&self, command: Option<Command>, notes: Vec<NoteAsked>, answer: Option<Wire>) -> Fault {
        let exchange = self.exchange(command, notes);
        self.pending.replace(Some(Pending { exchange, answer }));
        Fault::new("pending", "办理中")
    }

    /// What the command would record now. Books nothing.
    ///
    /// # Errors
    /// What it would be refused for.
    pub fn try_out(&self, command: &Command) -> Result<Draft, Fault> {
        let exchange = self.exchange(Some(command.clone()), Vec::new());
        let drafts = self.look(|desk, context| exchange.decide(desk, context))?;
        let draft = drafts.into_iter().next_back().ok_or_else(|| Fault::new("internal", "平台内部错误"))?;
        if let Some(trial) = self.trial {
            trial.replace(draft.settlement.as_deref().cloned());
        }
        Ok(draft)
    }

    /// A person by number.
    ///
    /// # Errors
    /// The fault `no_person`.
    pub fn person(&self, id: &str) -> Result<Arc<Person>, Fault> {
        let found = self.look(|desk, _| desk.get::<Person>(id))?;
        found.ok_or_else(|| Fault::new("no_person", format!("没有这个参保人：{id}")))
    }

    /// The visit that a node names, which must be this institution's and, where told, the person's; with what is kept of it.
    ///
    /// # Errors
    /// The faults `no_visit` and `person_differs`.
    pub fn visit(&self, node: &Node<'_>) -> Result<(Arc<Visit>, Arc<Note>), Fault> {
        let id = node.need("mdtrt_id")?;
        let found = self.look(|desk, _| desk.get::<Visit>(&id))?;
        let visit = found
            .filter(|visit| visit.institution == self.institution.id)
            .ok_or_else(|| Fault::new("no_visit", format!("本机构没有这次就医登记：{id}")))?;
        self.same_person(node, &visit.person)?;
        let note = self.note(&format!("visit/{id}"))?;
        Ok((visit, note))
    }

    /// Checks the person that a node names, where it does.
    ///
    /// # Errors
    /// The fault `person_differs`.
    pub fn same_person(&self, node: &Node<'_>, person: &str) -> Result<(), Fault> {
        match node.text("psn_no") {
            Some(asked) if asked != person => {
                Err(Fault::new("person_differs", format!("人员编号 {asked} 与登记的不一致")))
            }
            _ => Ok(()),
        }
    }
}

fn actor(request: &Request) -> Actor {
    Actor { role: Role::Institution, name: request.institution.clone(), areas: Vec::new() }
}

/// A record that must be there.
pub fn record(desk: &mut Desk<'_>, seq: u64) -> Result<Record, Stop> {
    let missing = || Stop::Store(StoreError::Corrupt(format!("缺第 {seq} 条记录")));
    desk.record(seq)?.ok_or_else(missing)
}

/// A note to be kept.
pub fn note(id: impl Into<String>, patch: Map<String, Value>) -> NoteAsked {
    NoteAsked { id: id.into(), patch }
}

/// An object of these members.
pub fn object<const N: usize>(members: [(&str, Value); N]) -> Map<String, Value> {
    members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}
