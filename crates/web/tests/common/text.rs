//! A page as a reader without a screen would get it.

/// The text between the tags, one block a line; hashes are left out.
pub fn text_of(page: &str) -> String {
    let main = page.split("<main").nth(1).and_then(|rest| rest.split("</main>").next()).unwrap();
    let mut text = String::new();
    let mut inside = true;
    for (index, sign) in main.char_indices() {
        match sign {
            '<' => {
                inside = true;
                let tag = &main[index + 1..];
                let inline = ["b>", "/b>", "span", "/span", "wbr", "small", "/small", "a ", "/a"];
                if !inline.iter().any(|start| tag.starts_with(start)) {
                    text.push('\n');
                }
            }
            '>' if inside => inside = false,
            _ if !inside => text.push(sign),
            _ => {}
        }
    }
    let lines: Vec<String> = text
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|line| !line.is_empty())
        .map(|line| match line.find("sha256:") {
            Some(at) => format!("{}sha256:…", &line[..at]),
            None => line,
        })
        .map(|line| match line.find("政策包 ") {
            Some(at) => format!("{}政策包 …", &line[..at]),
            None => line,
        })
        .collect();
    lines.join("\n")
}
