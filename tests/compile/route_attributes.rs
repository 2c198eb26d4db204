//! Route attributes, right and wrong, and handlers for them.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use cors_tests::Random;

/// A handler: its route attribute, and its signature.
pub(super) struct Handler {
    pub(super) attribute: String,
    pub(super) signature: String,
}

fn pick<'a>(random: &mut Random, from: &[&'a str]) -> &'a str {
    from[random.below(from.len())]
}

/// The text of a URI, with what Rocket takes and what it does not.
fn uri(random: &mut Random) -> String {
    let segments = [
        "a", "b-c", "<x>", "<y>", "<z..>", "<x..>", "<_>", "<_..>", "a<x>", "<x>a", "<x", "x>", "<>", "<", "<x><",
        "<x><y>", "%20", "é", " ", ".", "..", "", "<X>", "<x y>", "<type>", "<x.>", "<x...>", "a:b", "@", "*", "{x}",
        ":x", "<1>",
    ];
    let queries = [
        "<x>",
        "<y>",
        "<z..>",
        "<q>",
        "<_>",
        "<_..>",
        "a",
        "a=b",
        "q=<x>",
        "<x>=q",
        "to=http://x",
        "",
        "a<x>",
        "<x",
        "é",
        "a+b",
        "[]",
        "?",
    ];
    let mut uri = String::new();
    for _ in 0..random.below(4) {
        let usual = random.below(3) > 0;
        let segment = if usual { pick(random, &["a", "b", "<x>", "<y>", "<_>"]) } else { pick(random, &segments) };
        let _ = write!(uri, "/{segment}");
    }
    if uri.is_empty() && random.below(20) > 0 {
        uri.push('/');
    }
    for index in 0..random.below(5).saturating_sub(2) {
        let query = if random.below(2) > 0 { pick(random, &["<q>", "a=b", "<z..>"]) } else { pick(random, &queries) };
        let _ = write!(uri, "{}{query}", if index == 0 { '?' } else { '&' });
    }
    if random.below(40) == 0 && !uri.is_empty() {
        uri.remove(0);
    }
    uri
}

fn literal(random: &mut Random, text: &str) -> String {
    match random.below(20) {
        0 => format!("r\"{text}\""),
        1 => format!("r#\"{text}\"#"),
        2 => format!("\"{}\"", text.replace('<', "\\x3c")),
        3 if random.below(4) == 0 => format!("b{:?}", text.replace(|c: char| !c.is_ascii(), "")),
        4 if random.below(4) == 0 => format!("concat!(\"{text}\")"),
        5 if random.below(4) == 0 => "5".to_owned(),
        _ => format!("\"{text}\""),
    }
}

/// The arguments behind the method, in any order.
pub(super) fn generate(random: &mut Random) -> String {
    let methods = ["get", "put", "post", "delete", "head", "options", "patch", "route"];
    let method = pick(random, &methods);
    let text = uri(random);
    let text = literal(random, &text);
    let by_name = method == "route" || random.below(10) == 0;
    let mut arguments = vec![if by_name && random.below(20) > 0 { format!("uri = {text}") } else { text }];
    if random.below(3) == 0 {
        let formats = [
            "json",
            "application/json",
            "html",
            "text/html",
            "form",
            "*/*",
            "jsn",
            "<x>",
            "text/<x>",
            "",
            "a/b/c",
            "image/*",
            "application/vnd.api+json",
            "text/html; charset=utf-8",
            "JSON",
            "any",
        ];
        arguments.push(format!("format = {:?}", pick(random, &formats)));
    }
    if random.below(3) == 0 {
        let data = ["<d>", "<d>", "<d>", "<x>", "d", "<d..>", "<_>", "<d", "", "<type>"];
        arguments.push(format!("data = {:?}", pick(random, &data)));
    }
    if random.below(3) == 0 {
        arguments
            .push(format!("rank = {}", pick(random, &["1", "2", "-3", "10", "0", "\"1\"", "1.5", "1u8", "(1)", "+1"])));
    }
    if random.below(25) == 0 {
        arguments.push(
            pick(random, &["name = \"n\"", "ranks = 2", "other", "rank = 1", "format = \"json\"", "\"/\""]).to_owned(),
        );
    }
    // Rocket wants what has no key first; elsewhere is another thing that it has to say itself.
    let first = usize::from(!by_name && random.below(10) > 0);
    for index in first..arguments.len() {
        let other = first + random.below(arguments.len() - first);
        arguments.swap(index, other);
    }
    if method == "route" && random.below(30) > 0 {
        arguments.insert(
            0,
            pick(random, &["GET", "PUT", "POST", "DELETE", "OPTIONS", "PATCH", "get", "FOO", "TRACE"]).to_owned(),
        );
    }
    let comma = if random.below(10) == 0 { "," } else { "" };
    format!("{method}({}{comma})", arguments.join(", "))
}

/// A handler with the parameters that the attribute names, and now and then one less or one more.
pub(super) fn handler(random: &mut Random, attribute: String) -> Handler {
    let text = attribute.replace("\\x3c", "<");
    let names = text.split('<').skip(1).filter_map(|rest| rest.split('>').next());
    let names = names.map(|name| name.trim_end_matches('.')).filter(|name| {
        !name.is_empty()
            && *name != "_"
            && name.chars().all(|c| c.is_alphanumeric() || c == '_')
            && !name.starts_with(|c: char| c.is_ascii_digit())
    });
    let mut names: Vec<_> = names.collect::<BTreeSet<_>>().into_iter().collect();
    if random.below(25) == 0 {
        names.pop();
    }
    if random.below(6) == 0 {
        names.push("guard");
    }
    if random.below(2) == 0 {
        names.reverse();
    }
    let raw = |name: &str| if matches!(name, "type" | "enum") { format!("r#{name}: P") } else { format!("{name}: P") };
    let parameters: Vec<_> = names.into_iter().map(raw).collect();
    let asynchronous = if random.below(3) == 0 { "async " } else { "" };
    let signature = format!("pub {asynchronous}fn handler({}) -> &'static str {{ \"\" }}", parameters.join(", "));
    Handler { attribute, signature }
}
