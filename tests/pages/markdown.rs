//! Markdown as GitHub, rustdoc and the book read it: the links of a page, the anchors of its headings, and both changed.

use std::collections::HashMap;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// The workspace.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package is in the workspace").to_owned()
}

pub(crate) fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The files below a folder whose names end so, without those of folders that the version control does not have.
pub(crate) fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let (mut found, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(next) = folders.pop() {
        let entries = fs::read_dir(&next).unwrap_or_else(|error| panic!("{}: {error}", next.display()));
        for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if path.is_dir() {
                if !name.starts_with('.') && !["target", "wip"].contains(&name.as_ref()) {
                    folders.push(path);
                }
            } else if name.ends_with(ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// A link of a page, as `[text](target)`, and where it stands there.
pub(crate) struct Link {
    pub(crate) place: Range<usize>,
    pub(crate) target: String,
}

/// A heading of a page: where it stands, and its anchor.
pub(crate) struct Heading {
    pub(crate) place: Range<usize>,
    pub(crate) anchor: String,
}

pub(crate) struct Page {
    pub(crate) links: Vec<Link>,
    pub(crate) headings: Vec<Heading>,
}

impl Page {
    pub(crate) fn of(text: &str) -> Self {
        let (mut links, mut headings) = (Vec::new(), Vec::new());
        let mut title: Option<String> = None;
        let mut seen = HashMap::new();
        for (event, place) in Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter() {
            match event {
                Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                    links.push(Link { place, target: dest_url.into_string() });
                }
                Event::Html(html) | Event::InlineHtml(html) => {
                    let targets = ["src", "href"].into_iter().flat_map(|name| attributes(&html, name));
                    links.extend(targets.map(|target| Link { place: place.clone(), target: target.to_owned() }));
                }
                Event::Start(Tag::Heading { .. }) => title = Some(String::new()),
                Event::Text(words) | Event::Code(words) => {
                    if let Some(title) = &mut title {
                        title.push_str(&words);
                    }
                }
                Event::End(TagEnd::Heading(_)) => {
                    let anchor = anchor(&title.take().unwrap_or_default());
                    let earlier = seen.entry(anchor.clone()).and_modify(|count| *count += 1).or_insert(0);
                    let anchor = if *earlier == 0 { anchor } else { format!("{anchor}-{earlier}") };
                    headings.push(Heading { place, anchor });
                }
                _ => {}
            }
        }
        Page { links, headings }
    }

    pub(crate) fn has(&self, anchor: &str) -> bool {
        self.headings.iter().any(|heading| heading.anchor == anchor)
    }
}

/// The anchor of a heading.
fn anchor(title: &str) -> String {
    let kept = title.chars().filter(|&c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}

/// The values of an attribute of HTML, wherever it stands.
pub(crate) fn attributes<'a>(html: &'a str, name: &str) -> Vec<&'a str> {
    let start = format!(" {name}=\"");
    html.split(&start).skip(1).filter_map(|rest| Some(rest.split_once('"')?.0)).collect()
}

/// What becomes of a link.
pub(crate) enum Becomes {
    Same,
    LinkTo(String),
    /// No link: its text, and this behind it.
    TextWith(String),
}

/// The text with its links changed, and its headings deeper by so many levels.
pub(crate) fn changed(text: &str, levels: isize, becomes: impl Fn(&str) -> Becomes) -> String {
    let page = Page::of(text);
    let links = page.links.into_iter().filter_map(|link| {
        let written = &text[link.place.clone()];
        let (words, _) = written.strip_prefix('[')?.rsplit_once("](")?;
        let new = match becomes(&link.target) {
            Becomes::Same => return None,
            Becomes::LinkTo(target) => format!("[{words}]({target})"),
            Becomes::TextWith(more) => format!("{words}{more}"),
        };
        Some((link.place, new))
    });
    let headings = page.headings.into_iter().map(|heading| {
        let start = heading.place.start;
        let depth = text[start..].chars().take_while(|&c| c == '#').count();
        (start..start + depth, "#".repeat(depth.saturating_add_signed(levels).max(1)))
    });
    let mut edits: Vec<_> = links.chain(headings).collect();
    edits.sort_by_key(|(place, _)| place.start);
    let (mut changed, mut at) = (String::new(), 0);
    for (place, new) in edits {
        changed.push_str(&text[at..place.start]);
        changed.push_str(&new);
        at = place.end;
    }
    changed + &text[at..]
}

#[test]
fn pages_are_read() {
    let text = "# A `b`: c\n[x\ny](y.md) `[no](no.md)` <img src=\"z.png\">\n```\n# no\n[no](no.md)\n```\n\n## d\n\n## d\n\n\
                | [`e`](e.md#f) |\n|---|\n| [g](#d-1) |\n";
    let page = Page::of(text);
    assert_eq!(
        page.links.iter().map(|link| link.target.as_str()).collect::<Vec<_>>(),
        ["y.md", "z.png", "e.md#f", "#d-1"]
    );
    assert_eq!(page.headings.iter().map(|heading| heading.anchor.as_str()).collect::<Vec<_>>(), ["a-b-c", "d", "d-1"]);
    let becomes = |target: &str| match target {
        "y.md" => Becomes::LinkTo("z.md".to_owned()),
        "e.md#f" => Becomes::TextWith(" (e)".to_owned()),
        _ => Becomes::Same,
    };
    let changed = changed(text, 1, becomes);
    assert!(changed.starts_with("## A `b`: c\n[x\ny](z.md) `[no](no.md)`"), "{changed}");
    assert!(changed.contains("\n# no\n[no](no.md)") && changed.contains("\n### d\n\n| `e` (e) |"), "{changed}");
}
