//! Named policies, on handlers and over a `FileServer`: fonts, images, scripts and style sheets.

use cors_runtime::cross_origin;
use rocket::Route;
use rocket::fs::FileServer;

use crate::api::handlers;
use crate::engines::Engine::{Firefox, WebKit};
use crate::table::Place::{Page, Stranger};
use crate::table::{Topic, case};

/// Those who may have the files.
#[cross_origin(origins = ["http://localhost:8701"], expose_headers = ["x-one"], max_age = 600)]
pub struct Friends;

#[cross_origin(origins = any)]
pub struct Everybody;

handlers! {
    #[cross_origin(policy = Friends)]
    get feed "/named";

    #[cross_origin(policy = Friends)]
    put change_feed "/named";

    #[cross_origin(policy = Everybody)]
    get open_feed "/named/any";
}

/// The files under each of the policies, and under none.
fn files() -> Vec<Route> {
    let server = || FileServer::from(concat!(env!("CARGO_MANIFEST_DIR"), "/browsers/files"));
    let below = |base: &'static str, routes: Vec<Route>| {
        routes.into_iter().map(move |route| route.map_base(|_| format!("/files/{base}")).expect("a path"))
    };
    let friends = below("friends", Friends.cover(server()));
    friends.chain(below("anyone", Everybody.cover(server()))).chain(below("nobody", server().into())).collect()
}

pub fn topic() -> Topic {
    const WITHOUT_CORS: &str = "loads fonts without CORS";
    Topic {
        title: "Named policies and files",
        file: "named.rs",
        routes: [plain_routes(), files()].concat(),
        cases: vec![
            case("named", Page, "call('/named')", "read 200", "GET ran").reads("x-one"),
            case("named-stranger", Stranger, "call('/named')", "refused", "GET ran"),
            case("named-put", Page, "call('/named', { method: 'PUT' })", "read 200", "OPTIONS PUT, PUT ran")
                .reads("x-one"),
            case("named-any", Stranger, "call('/named/any')", "read 200", "GET ran"),
            case("file", Page, "call('/files/friends/module.js')", "read 200", "GET"),
            case("file-stranger", Stranger, "call('/files/friends/module.js')", "refused", "GET"),
            case("file-uncovered", Page, "call('/files/nobody/module.js')", "refused", "GET"),
            case("file-missing", Page, "call('/files/friends/missing')", "read 404", "GET"),
            case("file-put", Page, "call('/files/friends/module.js', { method: 'PUT' })", "refused", "OPTIONS PUT"),
            // Fonts are loaded by CORS and in no other way, says the standard.
            case("font", Page, "font('/files/friends/square.ttf')", "loaded", "GET").unlike(
                WebKit,
                "loaded",
                "GET no-origin cookie",
                WITHOUT_CORS,
            ),
            case("font-stranger", Stranger, "font('/files/friends/square.ttf')", "refused", "GET").unlike(
                WebKit,
                "loaded",
                "GET no-origin cookie",
                WITHOUT_CORS,
            ),
            case("font-uncovered", Page, "font('/files/nobody/square.ttf')", "refused", "GET").unlike(
                WebKit,
                "loaded",
                "GET no-origin cookie",
                WITHOUT_CORS,
            ),
            case("font-any", Stranger, "font('/files/anyone/square.ttf')", "loaded", "GET").unlike(
                WebKit,
                "loaded",
                "GET no-origin cookie",
                WITHOUT_CORS,
            ),
            case("image", Page, "image('/files/friends/dot.png')", "loaded, pixels withheld", "GET no-origin cookie"),
            case(
                "image-cors",
                Page,
                "image('/files/friends/dot.png', { crossOrigin: 'anonymous' })",
                "loaded, pixels readable",
                "GET",
            ),
            case(
                "image-cors-stranger",
                Stranger,
                "image('/files/friends/dot.png', { crossOrigin: 'anonymous' })",
                "refused",
                "GET",
            ),
            case(
                "image-cors-credentials",
                Page,
                "image('/files/friends/dot.png', { crossOrigin: 'use-credentials' })",
                "refused",
                "GET cookie",
            ),
            case(
                "image-cors-uncovered",
                Page,
                "image('/files/nobody/dot.png', { crossOrigin: 'anonymous' })",
                "refused",
                "GET",
            ),
            case("module-script", Page, "module('/files/friends/module.js')", "loaded, exports answer", "GET"),
            case("module-script-stranger", Stranger, "module('/files/friends/module.js')", "refused", "GET"),
            case("module-script-uncovered", Page, "module('/files/nobody/module.js')", "refused", "GET"),
            case(
                "module-script-element",
                Page,
                "element('script', { type: 'module', src: url('/files/friends/module.js') })",
                "loaded",
                "GET",
            ),
            case(
                "script",
                Page,
                "script('/files/friends/classic.js')",
                "loaded, message withheld",
                "GET no-origin cookie",
            )
            .unlike(
                Firefox,
                "loaded, message readable",
                "GET no-origin cookie",
                "shows the message to a page of another port nevertheless",
            ),
            case(
                "script-cors",
                Page,
                "script('/files/friends/classic.js', { crossOrigin: 'anonymous' })",
                "loaded, message readable",
                "GET",
            ),
            case(
                "script-cors-stranger",
                Stranger,
                "script('/files/friends/classic.js', { crossOrigin: 'anonymous' })",
                "refused",
                "GET",
            ),
            case("sheet", Page, "sheet('/files/friends/style.css')", "loaded, rules withheld", "GET no-origin cookie"),
            case(
                "sheet-cors",
                Page,
                "sheet('/files/friends/style.css', { crossOrigin: 'anonymous' })",
                "loaded, 1 rule readable",
                "GET",
            ),
            case(
                "sheet-cors-stranger",
                Stranger,
                "sheet('/files/friends/style.css', { crossOrigin: 'anonymous' })",
                "refused",
                "GET",
            ),
        ],
    }
}
