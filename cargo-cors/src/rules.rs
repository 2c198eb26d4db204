//! The pages of the rules, so that each message that names a rule is one command away from its page.

use cors_rules::rules::{ALL, by_name};
use cors_rules::{Level, Rule, nearest_rule};

/// All pages of `docs/lints`, one after the other. The test of those pages keeps it up to date.
const PAGES: &str = include_str!("../rules.md");

/// The page of a rule by its name, as messages and `allow(…)` spell it; or the list of all rules.
pub(crate) fn page(name: Option<&str>) -> Result<String, String> {
    let Some(name) = name else { return Ok(list()) };
    let wanted = name.trim().to_ascii_lowercase();
    let Some(rule) = by_name(&wanted) else {
        let near = nearest_rule(&wanted).map(|rule| format!("; did you mean `{}`?", rule.name)).unwrap_or_default();
        return Err(format!("there is no rule `{wanted}`{near}\n`cargo cors rule` lists all of them"));
    };
    let heading = format!("# `{}`\n", rule.name);
    let page = PAGES.find(&heading).and_then(|start| PAGES.get(start..)).unwrap_or_default();
    let end = page.find("\n\n# `").map_or(page.len(), |end| end + 1);
    Ok(page[..end].to_owned())
}

fn list() -> String {
    let width = ALL.iter().map(|rule| rule.name.len()).max().unwrap_or(0);
    let line = |rule: &&Rule| {
        let level = if rule.level == Level::Lint { "lint " } else { "error" };
        let about = rule.why.split_inclusive(". ").next().unwrap_or(rule.why).trim_end();
        format!("{:width$}  {level}  {about}\n", rule.name)
    };
    ALL.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::page;
    use cors_rules::rules::ALL;

    #[test]
    fn each_rule_has_its_page() {
        for rule in ALL {
            let text = page(Some(rule.name)).expect("a page");
            assert!(text.starts_with(&format!("# `{}`\n", rule.name)), "{}", rule.name);
            assert!(
                text.contains(rule.why) && text.contains("## Example") && text.matches("\n# ").count() == 0,
                "{text}"
            );
        }
        assert_eq!(page(None).expect("a list").lines().count(), ALL.len());
    }

    #[test]
    fn a_name_may_be_spelled_as_in_allow_or_nearly_right() {
        assert_eq!(page(Some("trailing_slash")), page(Some("trailing-slash")));
        let error = page(Some("traling-slash")).expect_err("no such rule");
        assert!(error.contains("did you mean `trailing-slash`?"), "{error}");
        assert!(!page(Some("xyz")).expect_err("no such rule").contains("did you mean"));
    }
}
