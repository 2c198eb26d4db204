//! The command that sends a request with `curl`, as a browser would send it.

use cors_runtime::browser::Page;

/// Stands for a value that is not known. In a command it is a word in capitals, to be replaced.
const UNKNOWN: &str = "…";
/// The value of `Cookie`.
pub(crate) const COOKIES: &str = "… (those that `SameSite` allows)";

/// The command for a request to this server. The path is sent as it is, and no character of it means anything to `curl`.
pub(crate) fn command(server: &str, method: &str, path: &str, headers: &[(&str, &str)]) -> String {
    let method = match method {
        "GET" => String::new(),
        "HEAD" => " --head".to_owned(),
        other => format!(" -X {}", quoted(other)),
    };
    let line = |(name, value): &(&str, &str)| {
        let value = if value.starts_with(UNKNOWN) { "VALUE" } else { value };
        format!(" -H {}", quoted(&format!("{name}: {value}")))
    };
    let headers: String = headers.iter().map(line).collect();
    format!("curl -i --globoff --path-as-is{method}{headers} {}", quoted(&format!("{server}{path}")))
}

/// The headers that the script sets.
pub(crate) fn script_headers(page: &Page) -> Vec<(&str, &str)> {
    let usual = |name: &str| if name == "content-type" { "application/json" } else { UNKNOWN };
    page.headers().map(|(name, value)| (name, value.unwrap_or_else(|| usual(name)))).collect()
}

/// The text as one word of a POSIX shell.
fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::{UNKNOWN, command};

    #[test]
    fn nothing_is_left_to_the_shell() {
        let headers = [("Origin", "https://a.example"), ("x-a", "it's $HOME; `ls`"), ("x-b", UNKNOWN)];
        assert_eq!(
            command("http://localhost:8000", "PUT", "/a?b=$(ls)&c=[1]", &headers),
            "curl -i --globoff --path-as-is -X PUT -H 'Origin: https://a.example' -H 'x-a: it'\\''s $HOME; `ls`' -H 'x-b: VALUE' \
             'http://localhost:8000/a?b=$(ls)&c=[1]'"
        );
        assert_eq!(command("http://a", "GET", "/", &[]), "curl -i --globoff --path-as-is http://a/");
        assert_eq!(command("http://a", "HEAD", "/", &[]), "curl -i --globoff --path-as-is --head http://a/");
    }
}
