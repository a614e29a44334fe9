//! What every request may look at.

use std::sync::Arc;

use gongji_policy::Pack;

use crate::Options;

/// The packs and the options.
#[derive(Clone)]
pub struct Gongji {
    pub(crate) packs: Arc<Vec<Pack>>,
    pub(crate) options: Arc<Options>,
}

impl Gongji {
    /// Every pack, the frame that others refer to included, in order of code.
    pub(crate) fn packs(&self) -> impl Iterator<Item = &Pack> {
        self.packs.iter()
    }

    /// A server over these packs.
    pub fn new(packs: Arc<Vec<Pack>>, options: Options) -> Gongji {
        Gongji { packs, options: Arc::new(options) }
    }
}
