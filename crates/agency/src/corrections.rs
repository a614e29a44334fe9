//! Batches of corrections as long work: find, release, cancel, each step a command under a key of its own.

use crate::actor::Actor;
use crate::command::{CancelCorrectionBatch, Command, FindCorrections, ReleaseCorrectionBatch};
use crate::job::{Job, Progress, Step};
use crate::office::{Answer, Failure, Office};
use crate::port::{Read, RowId, StoreError};
use crate::refusal::Refusal;
use crate::row::{Correction, CorrectionStatus as Status};

/// What is done with a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Work {
    /// Looks for differences.
    Find,
    /// Releases it.
    Release,
    /// Takes back what was released.
    Cancel {
        /// Why.
        reason: String,
    },
}

/// The long work on a batch. What is left is told from the batch as it stands.
#[derive(Clone, Debug)]
pub struct CorrectionJob {
    batch: String,
    work: Work,
    seen: Option<Progress>,
}

impl CorrectionJob {
    /// The work on a batch.
    pub fn new(batch: &str, work: Work) -> CorrectionJob {
        CorrectionJob { batch: batch.to_owned(), work, seen: None }
    }

    fn stands(&self, office: &Office) -> Result<Correction, Failure> {
        let mut found = None;
        office.store().read(&mut |view: &mut dyn Read| {
            let id = RowId { kind: "correction", id: self.batch.clone() };
            found = view.rows(&[id])?.pop().flatten();
            Ok(())
        })?;
        let missing = || Refusal::new("no_batch", "没有这批追溯调整").at("batch").found(&self.batch);
        let text = found.ok_or_else(|| Failure::Refused(missing()))?;
        let damaged =
            |error: serde_json::Error| StoreError::Corrupt(format!("correction/{}：{error}", self.batch));
        Ok(serde_json::from_str(&text).map_err(damaged)?)
    }
}

impl Job for CorrectionJob {
    fn next(&mut self, office: &Office, _actor: &Actor) -> Result<Option<Step>, Failure> {
        let stands = self.stands(office)?;
        let batch = stands.id.clone();
        let (fits, done): (&[Status], Status) = match &self.work {
            Work::Find => (&[Status::Finding], Status::Proposed),
            Work::Release => (&[Status::Proposed, Status::Releasing], Status::Released),
            Work::Cancel { .. } => {
                (&[Status::Releasing, Status::Released, Status::Cancelling], Status::Cancelled)
            }
        };
        if stands.status == done {
            return Ok(None);
        }
        if !fits.contains(&stands.status) {
            // Told here, so that no key remembers a refusal that a later state takes back.
            let expected: Vec<&str> = fits.iter().map(|status| status.label()).collect();
            let refusal = Refusal::new("batch_status", "这批追溯调整的状态不对")
                .at("batch")
                .found(format!("{batch} {}", stands.status.label()))
                .expected(expected.join("、"));
            return Err(Failure::Refused(refusal));
        }
        let (key, command, progress) = match &self.work {
            Work::Find => {
                let step = stands.steps + 1;
                let command = Command::FindCorrections(FindCorrections { batch, step });
                (format!("find-{step}"), command, Progress { done: stands.people, of: None })
            }
            Work::Release => {
                let part = stands.released.0 + 1;
                let command = Command::ReleaseCorrectionBatch(ReleaseCorrectionBatch { batch, part });
                let done = stands.released.1 + stands.released.2;
                (format!("release-{part}"), command, Progress { done, of: Some(stands.lines) })
            }
            Work::Cancel { reason } => {
                let (part, reason) = (stands.restored.0 + 1, reason.clone());
                let command = Command::CancelCorrectionBatch(CancelCorrectionBatch { batch, part, reason });
                let done = stands.restored.1 + stands.restored.2;
                (format!("cancel-{part}"), command, Progress { done, of: Some(stands.released.1) })
            }
        };
        self.seen = Some(progress);
        // Under other rules it is another step: a refusal for the rules' sake must not stand once they are right.
        let edition = office.rules().edition();
        let key = format!("{}-{key}-{}", stands.id, edition.get(..8).unwrap_or(edition));
        Ok(Some(Step { key, command }))
    }

    fn took(&mut self, answer: &Answer) -> Progress {
        let number = |name: &str| answer.result[name].as_u64().unwrap_or(0);
        let before = self.seen.unwrap_or(Progress { done: 0, of: None });
        let done = match &self.work {
            Work::Find => number("people"),
            Work::Release => number("released") + number("not_released"),
            Work::Cancel { .. } => number("restored") + number("not_restored"),
        };
        Progress { done, of: before.of }
    }
}
