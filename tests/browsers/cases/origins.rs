//! Which origins a policy names: exact ones, patterns, any.

use cors_runtime::cross_origin;

use crate::api::handlers;
use crate::table::Place::{App, Below, FarBelow, LookAlike, Numeric, Own, Page, Sandboxed, Srcdoc, Stranger, Suffixed};
use crate::table::{EVERY, Topic, case};

handlers! {
    #[cross_origin(origins = ["http://localhost:8701"])]
    get exact "/exact";

    #[cross_origin(origins = ["http://localhost:8701"])]
    put exact_put "/exact";

    #[cross_origin(origins = ["http://localhost:8701"])]
    post exact_post "/exact";

    #[cross_origin(origins = ["https://app.example.com", "http://app.localhost:8701", "http://localhost:8701"])]
    get several "/several";

    #[cross_origin(origins = ["http://*.app.localhost:8701"])]
    get subdomains "/subdomains";

    #[cross_origin(origins = ["http://*.app.localhost:8701"])]
    put subdomains_put "/subdomains";

    #[cross_origin(origins = ["http://localhost:*"])]
    get ports "/ports";

    #[cross_origin(origins = ["http://localhost:*"])]
    delete ports_delete "/ports";

    #[cross_origin(origins = ["http://*.app.localhost:*"])]
    get subdomains_and_ports "/subdomains-and-ports";

    #[cross_origin(origins = ["http://localhost"])]
    get default_port "/default-port";

    #[cross_origin(origins = ["https://localhost:8701"])]
    get other_scheme "/other-scheme";

    #[cross_origin(origins = any)]
    get anyone "/any";

    #[cross_origin(origins = any)]
    put anyone_put "/any";

    #[cross_origin(origins = any)]
    post anyone_post "/any";

    #[cross_origin(origins = ["https://app.example.com"], debug_origins = ["http://localhost:8701"])]
    get while_developing "/debug";

    #[cross_origin(origins = ["https://app.example.com"], debug_origins = ["http://localhost:8701"])]
    put while_developing_put "/debug";

    get unannotated "/unannotated";
    post unannotated_post "/unannotated";
    put unannotated_put "/unannotated";
    delete unannotated_delete "/unannotated";
}

pub fn topic() -> Topic {
    let debug = |read: &'static str, refused: &'static str| if cfg!(debug_assertions) { read } else { refused };
    Topic {
        title: "Origins",
        handlers: HANDLERS.to_vec(),
        routes: plain_routes(),
        cases: vec![
            case("exact", Page, "call('/exact')", "read 200", "GET ran"),
            case("exact-body", Page, "body('/exact')", "read 200: ok", "GET ran"),
            case("exact-srcdoc", Srcdoc, "call('/exact')", "read 200", "GET ran"),
            case("exact-stranger", Stranger, "call('/exact')", "refused", "GET ran"),
            case("exact-other-host", App, "call('/exact')", "refused", "GET ran"),
            case("exact-numeric-host", Numeric, "call('/exact')", "refused", "GET ran"),
            case("exact-null", Sandboxed, "call('/exact')", "refused", "GET null ran"),
            case("exact-own", Own, "call('/exact')", "read 200", "GET no-origin cookie ran").reads(EVERY),
            case("exact-put", Page, "call('/exact', { method: 'PUT' })", "read 200", "OPTIONS PUT, PUT ran"),
            case("exact-put-stranger", Stranger, "call('/exact', { method: 'PUT' })", "refused", "OPTIONS PUT"),
            case("exact-post", Page, "call('/exact', { method: 'POST' })", "read 200", "POST ran"),
            case("exact-post-stranger", Stranger, "call('/exact', { method: 'POST' })", "refused", "POST"),
            case("several-first", Page, "call('/several')", "read 200", "GET ran"),
            case("several-second", App, "call('/several')", "read 200", "GET ran"),
            case("several-stranger", Stranger, "call('/several')", "refused", "GET ran"),
            case("subdomain", Below, "call('/subdomains')", "read 200", "GET ran"),
            case("subdomain-deep", FarBelow, "call('/subdomains')", "read 200", "GET ran"),
            case("subdomain-itself", App, "call('/subdomains')", "refused", "GET ran"),
            case("subdomain-look-alike", LookAlike, "call('/subdomains')", "refused", "GET ran"),
            case("subdomain-suffixed", Suffixed, "call('/subdomains')", "refused", "GET ran"),
            case("subdomain-other-host", Page, "call('/subdomains')", "refused", "GET ran"),
            case("debug", Page, "call('/debug')", debug("read 200", "refused"), "GET ran"),
            case("unannotated", Page, "call('/unannotated')", "refused", "GET ran"),
            case("unannotated-put", Page, "call('/unannotated', { method: 'PUT' })", "refused", "OPTIONS PUT"),
        ],
    }
}
