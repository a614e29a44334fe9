//! Looking: what the agency shows, each person to whom it may be shown.
