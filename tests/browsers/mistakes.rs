//! Mistakes that were made on purpose: what the table is worth.
//!
//! Each was put into the adapter (`cors-runtime/src/rocket`), one at a time, in a copy of the workspace, and the cases of
//! each engine that failed were counted.

/// A mistake.
#[derive(Clone, Copy, Debug)]
pub struct Mistake {
    pub what: &'static str,
    /// How many cases failed in each engine, in the order of `ENGINES`.
    pub failed: [usize; 3],
    /// Those that failed in at least one of them; where they are many, some of those that failed in all.
    pub cases: &'static [&'static str],
}

pub const MISTAKES: &[Mistake] = &[
    Mistake {
        what: "no `Vary` (WebKit writes to its cache with a delay: 5 or 6)",
        failed: [4, 5, 6],
        cases: &[
            "kept-no-cors-first",
            "kept-cors-first",
            "kept-stranger-first",
            "kept-page-first",
            "kept-own-first",
            "kept-own-last",
            "kept-both-named",
            "kept-varying",
        ],
    },
    Mistake {
        what: "every origin is repeated as allowed",
        failed: [128, 129, 127],
        cases: &[
            "exact-stranger",
            "subdomain-look-alike",
            "port-other-host",
            "null",
            "cookies-stranger",
            "header-stranger",
            "own-headers-stranger",
            "json-stranger",
            "refusal-not-remembered",
            "guard-stranger",
            "real-form-delete-stranger",
            "module-stranger",
            "image-cors-stranger",
            "list-stranger",
            "check-look-alike",
            "events-stranger",
            "redirect-to-third",
            "swap-after",
        ],
    },
    Mistake {
        what: "no `Access-Control-Allow-Credentials`",
        failed: [20, 20, 20],
        cases: &[
            "cookies",
            "cookies-put",
            "cookies-post",
            "cookies-ports",
            "cookies-subdomain",
            "cookies-xhr",
            "cookies-xhr-sync",
            "cookie-set",
            "cookie-set-unasked",
            "any-header-with-credentials",
            "header-with-credentials",
            "exposed-with-credentials",
            "remembered-by-credentials",
            "module",
            "list-beside-literal",
            "list-beside-literal-page",
            "worker-cookies",
            "events-cookies",
            "redirect-cookies",
            "redirect-cookies-without",
        ],
    },
    Mistake {
        what: "preflights for handlers without a policy are granted",
        failed: [6, 6, 6],
        cases: &[
            "unannotated-put",
            "unannotated-delete",
            "unannotated-header",
            "differ-remove",
            "item-special",
            "own-options-announced",
        ],
    },
];

#[test]
fn the_cases_are_there() {
    let cases = crate::cases::all();
    let named = MISTAKES.iter().flat_map(|mistake| mistake.cases);
    let missing: Vec<_> = named.filter(|id| !cases.iter().any(|case| case.id == **id)).collect();
    assert!(missing.is_empty(), "no such cases: {missing:?}");
}
