//! `max_age`: how long browsers go without asking again. The preflights are counted.

use cors_runtime::cross_origin;

use crate::api::handlers;
use crate::engines::Engine::Firefox;
use crate::table::Place::{Page, Stranger};
use crate::table::{Topic, case};

handlers! {
    #[cross_origin(origins = ["http://localhost:8701"], max_age = 600, allow_headers = ["x-one", "x-two"])]
    put remembered "/max-age/long";

    #[cross_origin(origins = ["http://localhost:8701"], max_age = 600)]
    delete remembered_delete "/max-age/long";

    #[cross_origin(origins = ["http://localhost:8701"], max_age = 86_400)]
    put remembered_a_day "/max-age/day";

    #[cross_origin(origins = ["http://localhost:8701"], max_age = 0)]
    put never "/max-age/zero";

    #[cross_origin(origins = ["http://localhost:8701"])]
    put unsaid "/max-age/unset";

    #[cross_origin(origins = ["http://localhost:8701"], max_age = 1)]
    put a_second "/max-age/second";

    #[cross_origin(origins = ["http://localhost:8701"], max_age = 600, credentials)]
    put credentialed "/max-age/credentials";

    #[cross_origin(
        origins = ["http://localhost:8701"], max_age = 600, credentials, allow_headers = any,
        allow(wildcard_allow_headers_with_credentials)
    )]
    put echoed "/max-age/echo";

    #[cross_origin(origins = any, max_age = 600, allow_headers = any)]
    put anyone "/max-age/any";

    #[cross_origin(origins = ["http://localhost:8701"], max_age = 600, allow_headers = ["content-type"])]
    post posted "/max-age/post";
}

pub fn topic() -> Topic {
    Topic {
        title: "Remembered preflights",
        file: "max_age.rs",
        routes: plain_routes(),
        cases: vec![
            case(
                "remembered",
                Page,
                "[await call('/max-age/long', { method: 'PUT' }), await call('/max-age/long', { method: 'PUT' })]",
                "read 200, read 200",
                "OPTIONS PUT, PUT ran, PUT ran",
            ),
            case(
                "remembered-a-day",
                Page,
                "[await call('/max-age/day', { method: 'PUT' }), await call('/max-age/day', { method: 'PUT' })]",
                "read 200, read 200",
                "OPTIONS PUT, PUT ran, PUT ran",
            ),
            case(
                "remembered-post",
                Page,
                "[await send('POST', '/max-age/post', 'application/json', '1'), \
                 await send('POST', '/max-age/post', 'application/json', '2')]",
                "read 200, read 200",
                "OPTIONS POST content-type, POST ran, POST ran",
            ),
            case(
                "remembered-xhr",
                Page,
                "[await xhr('PUT', '/max-age/long'), await xhr('PUT', '/max-age/long')]",
                "read 200, read 200",
                "OPTIONS PUT, PUT ran, PUT ran",
            ),
            case(
                "not-remembered",
                Page,
                "[await call('/max-age/zero', { method: 'PUT' }), await call('/max-age/zero', { method: 'PUT' })]",
                "read 200, read 200",
                "OPTIONS PUT, PUT ran, OPTIONS PUT, PUT ran",
            ),
            // Five seconds, says the Fetch standard.
            case(
                "remembered-by-default",
                Page,
                "[await call('/max-age/unset', { method: 'PUT' }), await call('/max-age/unset', { method: 'PUT' })]",
                "read 200, read 200",
                "OPTIONS PUT, PUT ran, PUT ran",
            ),
            case(
                "remembered-a-second",
                Page,
                "[await call('/max-age/second', { method: 'PUT' }), await sleep(1500), \
                 await call('/max-age/second', { method: 'PUT' })].filter(Boolean)",
                "read 200, read 200",
                "OPTIONS PUT, PUT ran, OPTIONS PUT, PUT ran",
            ),
            // An answer speaks of the method that was asked for, and not of others at the address.
            case(
                "remembered-by-method",
                Page,
                "[await call('/max-age/long', { method: 'PUT' }), await call('/max-age/long', { method: 'DELETE' })]",
                "read 200, read 200",
                "OPTIONS PUT, PUT ran, OPTIONS DELETE, DELETE ran",
            ),
            // It speaks of all headers of the policy.
            case(
                "remembered-by-header",
                Page,
                "[await call('/max-age/long', { method: 'PUT', headers: { 'x-one': '1' } }), \
                 await call('/max-age/long', { method: 'PUT', headers: { 'x-two': '1' } })]",
                "read 200, read 200",
                "OPTIONS PUT x-one, PUT ran, PUT ran",
            ),
            case(
                "remembered-not-this-header",
                Page,
                "[await call('/max-age/long', { method: 'PUT', headers: { 'x-one': '1' } }), \
                 await call('/max-age/long', { method: 'PUT', headers: { 'x-other': '1' } })]",
                "read 200, refused",
                "OPTIONS PUT x-one, PUT ran, OPTIONS PUT x-other",
            ),
            // If names are repeated, the answer is about those alone.
            case(
                "remembered-repeated-names",
                Page,
                "[await call('/max-age/echo', { method: 'PUT', headers: { 'x-one': '1' } }), \
                 await call('/max-age/echo', { method: 'PUT', headers: { 'x-two': '1' } }), \
                 await call('/max-age/echo', { method: 'PUT', headers: { 'x-one': '1' } })]",
                "read 200, read 200, read 200",
                "OPTIONS PUT x-one, PUT ran, OPTIONS PUT x-two, PUT ran, OPTIONS PUT x-one, PUT ran",
            )
            .unlike(
                Firefox,
                "read 200, read 200, read 200",
                "OPTIONS PUT x-one, PUT ran, OPTIONS PUT x-two, PUT ran, PUT ran",
                "remembers the first grant and the second; the others keep only the last one for an address",
            ),
            case(
                "remembered-any-header",
                Stranger,
                "[await call('/max-age/any', { method: 'PUT', headers: { 'x-one': '1' } }), \
                 await call('/max-age/any', { method: 'PUT', headers: { 'x-two': '1' } })]",
                "read 200, read 200",
                "OPTIONS PUT x-one, PUT ran, PUT ran",
            )
            .unlike(
                Firefox,
                "read 200, read 200",
                "OPTIONS PUT x-one, PUT ran, OPTIONS PUT x-two, PUT ran",
                "remembers the names that it asked for where the answer says `*`",
            ),
            case(
                "remembered-by-credentials",
                Page,
                "[await call('/max-age/credentials', { method: 'PUT' }), \
                 await call('/max-age/credentials', { method: 'PUT', credentials: 'include' }), \
                 await call('/max-age/credentials', { method: 'PUT', credentials: 'include' })]",
                "read 200, read 200, read 200",
                "OPTIONS PUT, PUT ran, OPTIONS PUT, PUT cookie ran, PUT cookie ran",
            ),
            case(
                "remembered-by-address",
                Page,
                "[await call('/max-age/long', { method: 'PUT' }), await call('/max-age/long?a', { method: 'PUT' })]",
                "read 200, read 200",
                "OPTIONS PUT, PUT ran, OPTIONS PUT, PUT ran",
            ),
            case(
                "refusal-not-remembered",
                Stranger,
                "[await call('/max-age/long', { method: 'PUT' }), await call('/max-age/long', { method: 'PUT' })]",
                "refused, refused",
                "OPTIONS PUT, OPTIONS PUT",
            ),
            // A grant to one page is not a grant to another.
            case(
                "remembered-by-origin",
                Page,
                "[await call('/max-age/long', { method: 'PUT' }), \
                 await from('stranger', \"call('/max-age/long', { method: 'PUT' })\"), \
                 await call('/max-age/long', { method: 'PUT' })]",
                "read 200, refused, read 200",
                "OPTIONS PUT, PUT ran, OPTIONS PUT, PUT ran",
            ),
        ],
    }
}
