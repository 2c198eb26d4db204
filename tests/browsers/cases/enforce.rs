//! `enforce`: requests that a browser sends unasked are turned away before the handler runs.

use cors_runtime::cross_origin;
use rocket::{get, routes};
use rocket_ws::WebSocket;

use crate::api::handlers;
use crate::engines::Engine::WebKit;
use crate::record::Ran;
use crate::table::Place::{Own, Page, Sandboxed, Stranger};
use crate::table::{EVERY, Topic, case};

handlers! {
    #[cross_origin(origins = ["http://localhost:8701"])]
    post create "/enforce";

    #[cross_origin(origins = ["http://localhost:8701"])]
    delete remove "/enforce";

    #[cross_origin(origins = ["http://localhost:8701"])]
    get read "/enforce";

    #[cross_origin(origins = ["http://localhost:8701"], enforce)]
    get read_always "/enforce/always";

    #[cross_origin(origins = ["http://localhost:8701"], enforce = true)]
    post create_always "/enforce/always";

    #[cross_origin(origins = ["http://localhost:8701"], enforce = false)]
    post create_never "/enforce/never";

    #[cross_origin(origins = ["http://localhost:8701"], enforce = false)]
    delete remove_never "/enforce/never";

    delete remove_unannotated "/enforce/unannotated";

    #[cross_origin(none)]
    post create_none "/enforce/none";

    #[cross_origin(none, enforce = false)]
    post callback "/enforce/callback";

    #[cross_origin(origins = ["http://localhost:8701"], credentials)]
    post create_as_user "/enforce/user";

    #[cross_origin(origins = ["http://localhost:8701"], credentials)]
    delete remove_as_user "/enforce/user";
}

macro_rules! sockets {
    ($($name:ident $path:literal [$($argument:tt)*])*) => {$(
        #[cross_origin($($argument)*)]
        #[get($path)]
        fn $name(ran: Ran, ws: WebSocket) -> rocket_ws::Stream!['static] {
            ran.now();
            rocket_ws::Stream! { ws => for await message in ws { yield message?; } }
        }
    )*};
}

sockets! {
    socket "/enforce/socket" [origins = ["http://localhost:8701"], credentials]
    socket_anonymous "/enforce/socket/anonymous" [origins = ["http://localhost:8701"]]
    socket_open "/enforce/socket/open" [origins = ["http://localhost:8701"], credentials, enforce = false]
}

/// What becomes of a WebSocket.
macro_rules! connect {
    ($path:literal) => {
        concat!(
            "new Promise(done => { const socket = new WebSocket(url('",
            $path,
            "').replace('http', 'ws')); socket.onopen = () => { socket.close(); done('open'); }; \
             socket.onerror = () => done('refused'); })"
        )
    };
}

pub fn topic() -> Topic {
    const SANDBOX: &str = "sends the cookies of its host from a sandboxed frame";
    Topic {
        title: "Requests that are turned away",
        file: "enforce.rs",
        routes: [plain_routes(), routes![socket, socket_anonymous, socket_open]].concat(),
        cases: vec![
            // A form carries cookies, which a policy without `credentials` does not want.
            case("real-form", Page, "form('/enforce', { a: 1 })", "sent", "POST cookie"),
            case("real-form-as-user", Page, "form('/enforce/user', { a: 1 })", "sent", "POST cookie ran"),
            case("real-form-stranger", Stranger, "form('/enforce', { a: 1 })", "sent", "POST cookie"),
            case("real-form-own", Own, "form('/enforce', { a: 1 })", "sent", "POST cookie ran"),
            case("real-form-sandboxed", Sandboxed, "form('/enforce', { a: 1 })", "sent", "POST null").unlike(
                WebKit,
                "sent",
                "POST null cookie",
                SANDBOX,
            ),
            // Rocket takes such a form for a DELETE, and browsers send it without any preflight.
            case("real-form-delete", Page, "form('/enforce', { _method: 'DELETE' })", "sent", "DELETE cookie"),
            case(
                "real-form-delete-as-user",
                Page,
                "form('/enforce/user', { _method: 'DELETE' })",
                "sent",
                "DELETE cookie ran",
            ),
            case(
                "real-form-delete-stranger",
                Stranger,
                "form('/enforce', { _method: 'DELETE' })",
                "sent",
                "DELETE cookie",
            ),
            case(
                "real-form-delete-not-enforced",
                Stranger,
                "form('/enforce/never', { _method: 'DELETE' })",
                "sent",
                "DELETE cookie ran",
            ),
            case(
                "real-form-delete-unannotated",
                Stranger,
                "form('/enforce/unannotated', { _method: 'DELETE' })",
                "sent",
                "DELETE cookie ran",
            ),
            case(
                "real-form-multipart-stranger",
                Stranger,
                "form('/enforce', { a: 1 }, { enctype: 'multipart/form-data' })",
                "sent",
                "POST cookie",
            ),
            case(
                "real-form-text-stranger",
                Stranger,
                "form('/enforce', { '{\"a\":\"': '\"}' }, { enctype: 'text/plain' })",
                "sent",
                "POST cookie",
            ),
            case(
                "form-delete-by-script",
                Stranger,
                "call('/enforce', { method: 'POST', body: new URLSearchParams({ _method: 'DELETE' }) })",
                "refused",
                "DELETE",
            ),
            case(
                "form-delete-no-cors",
                Stranger,
                "call('/enforce', { method: 'POST', mode: 'no-cors', credentials: 'include', \
                 body: new URLSearchParams({ _method: 'DELETE' }) })",
                "opaque",
                "DELETE cookie",
            ),
            case("write-not-enforced", Stranger, "call('/enforce/never', { method: 'POST' })", "refused", "POST ran"),
            case("write-enforced", Stranger, "call('/enforce/always', { method: 'POST' })", "refused", "POST"),
            case("write-enforced-page", Page, "call('/enforce/always', { method: 'POST' })", "read 200", "POST ran"),
            case("read", Stranger, "call('/enforce')", "refused", "GET ran"),
            case("read-enforced", Stranger, "call('/enforce/always')", "refused", "GET"),
            case("read-enforced-page", Page, "call('/enforce/always')", "read 200", "GET ran"),
            case("read-enforced-head", Stranger, "call('/enforce/always', { method: 'HEAD' })", "refused", "HEAD"),
            case("read-enforced-own", Own, "call('/enforce/always')", "read 200", "GET no-origin cookie ran")
                .reads(EVERY),
            // Without an `Origin`, `Sec-Fetch-Site` says that the page is another.
            case(
                "read-enforced-no-cors",
                Stranger,
                "call('/enforce/always', { mode: 'no-cors' })",
                "opaque",
                "GET no-origin",
            ),
            case("read-no-cors", Stranger, "call('/enforce', { mode: 'no-cors' })", "opaque", "GET no-origin ran"),
            case(
                "read-enforced-image",
                Stranger,
                "new Promise(done => { const image = new Image(); image.onerror = () => done('refused'); \
                 image.onload = () => done('loaded'); image.src = url('/enforce/always'); })",
                "refused",
                "GET no-origin cookie",
            ),
            case(
                "read-enforced-frame",
                Stranger,
                "new Promise(done => { const frame = document.createElement('iframe'); frame.onload = () => done('loaded'); \
                 frame.src = url('/enforce/always'); document.body.append(frame); })",
                "loaded",
                "GET no-origin cookie",
            ),
            case(
                "read-enforced-navigation",
                Stranger,
                "form('/enforce/always', { case: 'read-enforced-navigation' }, { method: 'get' })",
                "sent",
                "GET no-origin cookie",
            ),
            // For the server's own pages only; and forms that another site is meant to post, which reads nothing.
            case("none-own", Own, "form('/enforce/none', { a: 1 })", "sent", "POST cookie ran"),
            case("none-stranger", Stranger, "form('/enforce/none', { a: 1 })", "sent", "POST cookie"),
            case("callback-stranger", Stranger, "form('/enforce/callback', { a: 1 })", "sent", "POST cookie ran"),
            case("callback-sandboxed", Sandboxed, "form('/enforce/callback', { a: 1 })", "sent", "POST null ran")
                .unlike(WebKit, "sent", "POST null cookie ran", SANDBOX),
            case(
                "callback-read",
                Stranger,
                "call('/enforce/callback', { method: 'POST', credentials: 'include' })",
                "refused",
                "POST cookie ran",
            ),
            // A handshake is a GET without a preflight, and its answer needs no header for a page to be connected.
            case("socket", Page, connect!("/enforce/socket"), "open", "GET cookie ran"),
            case("socket-stranger", Stranger, connect!("/enforce/socket"), "refused", "GET cookie"),
            case("socket-own", Own, connect!("/enforce/socket"), "open", "GET cookie ran"),
            case("socket-sandboxed", Sandboxed, connect!("/enforce/socket"), "refused", "GET null").unlike(
                WebKit,
                "refused",
                "GET null cookie",
                SANDBOX,
            ),
            case("socket-anonymous", Page, connect!("/enforce/socket/anonymous"), "refused", "GET cookie"),
            case("socket-not-enforced", Stranger, connect!("/enforce/socket/open"), "open", "GET cookie ran"),
        ],
    }
}
