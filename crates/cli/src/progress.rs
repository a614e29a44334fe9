//! How far long work has come, on a terminal only.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A bar over `all` things on standard error; where that is no terminal, nothing is drawn.
pub fn bar(all: u64, what: &'static str) -> ProgressBar {
    // The library hides a bar whose target is no terminal.
    let bar = ProgressBar::with_draw_target(Some(all), ProgressDrawTarget::stderr_with_hz(8));
    let template = "{msg} {bar:40} {human_pos}/{human_len}  {elapsed_precise}（还需 {eta_precise}）";
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar.set_message(what);
    bar
}

/// A line on standard error that says what is being done; where that is no terminal, nothing is drawn.
pub fn steps() -> ProgressBar {
    let line = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(8));
    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}  {elapsed_precise}") {
        line.set_style(style);
    }
    line
}
