//! Which origins a policy names: exact ones, patterns, any.

use cors_runtime::cross_origin;
use rocket::{get, routes};

use crate::api::{Answer, handlers};
use crate::record::Ran;
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

#[cross_origin(origins = ["http://localhost:8701"], crate = ::cors_runtime)]
#[get("/crate")]
fn by_path_of_the_crate(ran: Ran) -> Answer {
    ran.now();
    Answer::default()
}

pub fn topic() -> Topic {
    let debug = |while_developing: &'static str, released: &'static str| {
        if cfg!(debug_assertions) { while_developing } else { released }
    };
    Topic {
        title: "Origins",
        file: "origins.rs",
        routes: [plain_routes(), routes![by_path_of_the_crate]].concat(),
        cases: vec![
            case("exact", Page, "call('/exact')", "read 200", "GET ran"),
            case("exact-body", Page, "body('/exact')", "read 200: ok", "GET ran"),
            case("exact-srcdoc", Srcdoc, "call('/exact')", "read 200", "GET ran"),
            case("exact-stranger", Stranger, "call('/exact')", "refused", "GET ran"),
            case("exact-other-host", App, "call('/exact')", "refused", "GET ran"),
            case("exact-numeric-host", Numeric, "call('/exact')", "refused", "GET ran"),
            case("exact-null", Sandboxed, "call('/exact')", "refused", "GET null ran"),
            case("exact-put", Page, "call('/exact', { method: 'PUT' })", "read 200", "OPTIONS PUT, PUT ran"),
            case("exact-put-stranger", Stranger, "call('/exact', { method: 'PUT' })", "refused", "OPTIONS PUT"),
            case("exact-post", Page, "call('/exact', { method: 'POST' })", "read 200", "POST ran"),
            case("exact-post-stranger", Stranger, "call('/exact', { method: 'POST' })", "refused", "POST"),
            case("exact-no-cors", Page, "call('/exact', { mode: 'no-cors' })", "opaque", "GET no-origin ran"),
            case("exact-same-origin-mode", Page, "call('/exact', { mode: 'same-origin' })", "refused", ""),
            // The API's own pages are not turned away, whether or not a policy names them.
            case("own", Own, "call('/exact')", "read 200", "GET no-origin cookie ran").reads(EVERY),
            case("own-put", Own, "call('/exact', { method: 'PUT' })", "read 200", "PUT cookie ran").reads(EVERY),
            case("own-post", Own, "call('/exact', { method: 'POST' })", "read 200", "POST cookie ran").reads(EVERY),
            case(
                "own-post-no-referrer",
                Own,
                "call('/exact', { method: 'POST', referrerPolicy: 'no-referrer' })",
                "read 200",
                "POST cookie ran",
            )
            .reads(EVERY),
            case("several-first", Page, "call('/several')", "read 200", "GET ran"),
            case("several-second", App, "call('/several')", "read 200", "GET ran"),
            case("several-stranger", Stranger, "call('/several')", "refused", "GET ran"),
            case("other-port", Page, "call('/default-port')", "refused", "GET ran"),
            case("other-scheme", Page, "call('/other-scheme')", "refused", "GET ran"),
            case("subdomain", Below, "call('/subdomains')", "read 200", "GET ran"),
            case("subdomain-deep", FarBelow, "call('/subdomains')", "read 200", "GET ran"),
            case("subdomain-itself", App, "call('/subdomains')", "refused", "GET ran"),
            case("subdomain-look-alike", LookAlike, "call('/subdomains')", "refused", "GET ran"),
            case("subdomain-suffixed", Suffixed, "call('/subdomains')", "refused", "GET ran"),
            case("subdomain-other-host", Page, "call('/subdomains')", "refused", "GET ran"),
            case("subdomain-put", Below, "call('/subdomains', { method: 'PUT' })", "read 200", "OPTIONS PUT, PUT ran"),
            case(
                "subdomain-put-look-alike",
                LookAlike,
                "call('/subdomains', { method: 'PUT' })",
                "refused",
                "OPTIONS PUT",
            ),
            case("port", Page, "call('/ports')", "read 200", "GET ran"),
            case("port-another", Stranger, "call('/ports')", "read 200", "GET ran"),
            case("port-other-host", App, "call('/ports')", "refused", "GET ran"),
            case("port-numeric-host", Numeric, "call('/ports')", "refused", "GET ran"),
            case(
                "port-delete",
                Stranger,
                "call('/ports', { method: 'DELETE' })",
                "read 200",
                "OPTIONS DELETE, DELETE ran",
            ),
            case("subdomain-and-port", Below, "call('/subdomains-and-ports')", "read 200", "GET ran"),
            case("subdomain-and-port-itself", App, "call('/subdomains-and-ports')", "refused", "GET ran"),
            case("subdomain-and-port-look-alike", LookAlike, "call('/subdomains-and-ports')", "refused", "GET ran"),
            case("any", Page, "call('/any')", "read 200", "GET ran"),
            case("any-stranger", Stranger, "call('/any')", "read 200", "GET ran"),
            case("any-numeric-host", Numeric, "call('/any')", "read 200", "GET ran"),
            case("any-own", Own, "call('/any')", "read 200", "GET no-origin cookie ran").reads(EVERY),
            case("any-put", Stranger, "call('/any', { method: 'PUT' })", "read 200", "OPTIONS PUT, PUT ran"),
            case("any-post", Stranger, "call('/any', { method: 'POST' })", "read 200", "POST ran"),
            case("debug", Page, "call('/debug')", debug("read 200", "refused"), "GET ran"),
            case("debug-stranger", Stranger, "call('/debug')", "refused", "GET ran"),
            case(
                "debug-put",
                Page,
                "call('/debug', { method: 'PUT' })",
                debug("read 200", "refused"),
                debug("OPTIONS PUT, PUT ran", "OPTIONS PUT"),
            ),
            case("crate", Page, "call('/crate')", "read 200", "GET ran"),
            case("crate-stranger", Stranger, "call('/crate')", "refused", "GET ran"),
            case("unannotated", Page, "call('/unannotated')", "refused", "GET ran"),
            case("unannotated-stranger", Stranger, "call('/unannotated')", "refused", "GET ran"),
            // No policy, no protection either: that is the application's own affair.
            case("unannotated-post", Stranger, "call('/unannotated', { method: 'POST' })", "refused", "POST ran"),
            case("unannotated-put", Page, "call('/unannotated', { method: 'PUT' })", "refused", "OPTIONS PUT"),
            case(
                "unannotated-delete",
                Stranger,
                "call('/unannotated', { method: 'DELETE' })",
                "refused",
                "OPTIONS DELETE",
            ),
            case(
                "unannotated-header",
                Page,
                "call('/unannotated', { headers: { 'x-extra': '1' } })",
                "refused",
                "OPTIONS GET x-extra",
            ),
            case("unannotated-own-put", Own, "call('/unannotated', { method: 'PUT' })", "read 200", "PUT cookie ran")
                .reads(EVERY),
        ],
    }
}
