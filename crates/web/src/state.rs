//! What every request may look at.

use std::sync::Arc;

use gongji_agency::office::Office;
use gongji_policy::Pack;

use crate::Options;
use crate::agency::Agency;

/// The packs and the options, and the agency where a store was opened.
#[derive(Clone)]
pub struct Gongji {
    pub(crate) packs: Arc<Vec<Pack>>,
    pub(crate) options: Arc<Options>,
    pub(crate) agency: Option<Arc<Agency>>,
}

impl Gongji {
    /// Every pack, the frame that others refer to included, in order of code.
    pub(crate) fn packs(&self) -> impl Iterator<Item = &Pack> {
        self.packs.iter()
    }

    /// A server over these packs.
    pub fn new(packs: Arc<Vec<Pack>>, options: Options) -> Gongji {
        Gongji { packs, options: Arc::new(options), agency: None }
    }

    /// The same with an office: people, visits and settlements are served besides quotes.
    #[must_use]
    pub fn with_office(self, office: Office) -> Gongji {
        Gongji { agency: Some(Arc::new(Agency::new(office))), ..self }
    }
}
