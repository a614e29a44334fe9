//! The agency behind the API: the office, the tokens that were seen lately, rules of other editions.

use std::sync::Arc;

use gongji_agency::Stop;
use gongji_agency::actor::Actor;
use gongji_agency::context::Context;
use gongji_agency::desk::Desk;
use gongji_agency::office::Office;
use gongji_nhsa::Platform;

use crate::editions::Editions;
use crate::problem::Problem;
use crate::tokens::Tokens;

/// What the addresses over stored data work with.
pub struct Agency {
    /// Takes commands and shows views.
    pub office: Office,
    /// Answers the messages of institutions.
    pub platform: Platform,
    /// Whom tokens act for. Shared with replies, which must not hold the office: they run on its own thread.
    pub tokens: Arc<Tokens>,
    /// Rules under which older settlements were computed.
    pub editions: Editions,
}

impl Agency {
    /// The agency of an office.
    pub fn new(office: Office) -> Agency {
        Agency {
            platform: Platform::new(office.clone()),
            office,
            tokens: Arc::default(),
            editions: Editions::default(),
        }
    }
}

/// Looks at a consistent view in somebody's name, on a thread that may wait for a disk.
///
/// # Errors
/// What the look refuses, 404 for things that are not there; 503 where the store does not answer.
pub async fn look<T, F>(agency: Arc<Agency>, actor: Actor, mut work: F) -> Result<T, Problem>
where
    T: Send + 'static,
    F: FnMut(&mut Desk<'_>, &Context<'_>) -> Result<T, Stop> + Send + 'static,
{
    let seen = tokio::task::spawn_blocking(move || agency.office.look(&actor, &mut work)).await;
    match seen {
        Ok(seen) => seen.map_err(|failure| Problem::of_look(&failure)),
        Err(_) => Err(Problem::stopped()),
    }
}
