//! What every request may look at.

use std::sync::Arc;

use gongji_agency::office::Office;
use gongji_nhsa::gateway::Gateway;
use gongji_nhsa::sandbox::Stage;
use gongji_policy::Pack;

use crate::Options;
use crate::agency::Agency;
use crate::sandbox::Sandbox;

/// The packs and the options, and the agency where a store was opened.
#[derive(Clone)]
pub struct Gongji {
    pub(crate) packs: Arc<Vec<Pack>>,
    pub(crate) options: Arc<Options>,
    pub(crate) agency: Option<Arc<Agency>>,
    pub(crate) sandbox: Option<Arc<Sandbox>>,
    pub(crate) gateway: Option<Arc<Gateway>>,
}

impl Gongji {
    /// Every pack, the frame that others refer to included, in order of code.
    pub(crate) fn packs(&self) -> impl Iterator<Item = &Pack> {
        self.packs.iter()
    }

    /// A server over these packs.
    pub fn new(packs: Arc<Vec<Pack>>, options: Options) -> Gongji {
        Gongji { packs, options: Arc::new(options), agency: None, sandbox: None, gateway: None }
    }

    /// The same with an office: people, visits and settlements are served besides quotes.
    #[must_use]
    pub fn with_office(self, office: Office) -> Gongji {
        Gongji { agency: Some(Arc::new(Agency::new(office))), ..self }
    }

    /// The same with a gateway: institutions may prove themselves by its headers as well as by tokens.
    #[must_use]
    pub fn with_gateway(self, gateway: Gateway) -> Gongji {
        Gongji { gateway: Some(Arc::new(gateway)), ..self }
    }

    /// The same as a sandbox: institutions are believed, everything that comes and goes can be read, and faults can be switched on. Only ever over a store
    /// that holds nothing but the stage's invented people.
    #[must_use]
    pub fn as_sandbox(self, stage: Stage) -> Gongji {
        Gongji { sandbox: Some(Arc::new(Sandbox::new(stage))), ..self }
    }
}
