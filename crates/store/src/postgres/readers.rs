//! The connections of readers: kept, and not more than so many.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use gongji_agency::port::StoreError;

use super::connection::Connection;

/// Connections for readers.
pub struct Readers {
    most: usize,
    patience: Duration,
    state: Mutex<State>,
    free: Condvar,
}

#[derive(Default)]
struct State {
    idle: Vec<Connection>,
    /// How many are with readers.
    out: usize,
}

/// The right to one connection; given up when dropped, also by a panic.
pub struct Place<'readers>(&'readers Readers);

impl Readers {
    /// At most so many; a reader waits so long for one.
    pub fn new(most: usize, patience: Duration) -> Readers {
        Readers { most: most.max(1), patience, state: Mutex::default(), free: Condvar::new() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a kept connection, or the right to open one (`None`).
    pub fn take(&self) -> Result<Option<Connection>, StoreError> {
        let full = |state: &mut State| state.out >= self.most;
        let waited = self.free.wait_timeout_while(self.state(), self.patience, full);
        let (mut state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        if state.out >= self.most {
            return Err(StoreError::Unavailable(format!("{} 个读连接都在用，请稍后再试", self.most)));
        }
        state.out += 1;
        Ok(state.idle.pop())
    }

    /// A taken one broke.
    pub fn lost(&self) {
        self.state().out -= 1;
        self.free.notify_one();
    }

    /// Holds a taken one's place while its work runs.
    pub fn place(&self) -> Place<'_> {
        Place(self)
    }

    /// All that are kept, to close them.
    pub fn close(&self) -> Vec<Connection> {
        std::mem::take(&mut self.state().idle)
    }
}

impl Place<'_> {
    /// Keeps the connection for the next reader.
    pub fn give_back(self, connection: Connection) {
        self.0.state().idle.push(connection);
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.lost();
    }
}
