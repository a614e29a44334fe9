//! Findings as people read them: the place, the line underlined, notes, what to do.

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Element, Group, Level, Renderer, Snippet};

use crate::model::Span;
use crate::{Diagnostic, Severity, SourceText};

/// The finding with its lines underlined, its notes and its hint. `texts` are those that were read: spans refer to them
/// by index.
pub fn render(finding: &Diagnostic, texts: &[SourceText], color: bool) -> String {
    let level = match finding.code.severity() {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(finding.message.as_str()).id(finding.code.number());
    let mut elements: Vec<Element<'_>> = Vec::new();
    let (place, label) = &finding.primary;
    let mut files: Vec<usize> = vec![place.file];
    for (span, _) in &finding.secondary {
        if !files.contains(&span.file) {
            files.push(span.file);
        }
    }
    for file in files {
        let Some(text) = texts.get(file) else { continue };
        let mut snippet = Snippet::source(text.text.as_str()).path(text.name.as_str());
        if place.file == file {
            snippet = snippet
                .annotation(AnnotationKind::Primary.span(clamp(place, &text.text)).label(label.as_str()));
        }
        for (span, label) in finding.secondary.iter().filter(|(span, _)| span.file == file) {
            snippet = snippet
                .annotation(AnnotationKind::Context.span(clamp(span, &text.text)).label(label.as_str()));
        }
        elements.push(snippet.into());
    }
    for note in &finding.notes {
        elements.push(Level::NOTE.with_name("说明").message(note.as_str()).into());
    }
    if let Some(hint) = &finding.hint {
        elements.push(Level::HELP.with_name("建议").message(hint.as_str()).into());
    }
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    renderer.decor_style(DecorStyle::Ascii).render(&[Group::with_title(title).elements(elements)])
}

/// The bytes of the span as far as the text has them, on whole characters.
fn clamp(span: &Span, text: &str) -> std::ops::Range<usize> {
    let mut start = span.bytes.start.min(text.len());
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    let mut end = span.bytes.end.clamp(start, text.len());
    while !text.is_char_boundary(end) {
        end += 1;
    }
    start..end
}
