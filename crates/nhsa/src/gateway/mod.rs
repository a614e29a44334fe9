//! What lies between the wire and a transaction: addresses, proof of who sends, sealed contents. Transport itself is somebody else's.

pub mod path;
