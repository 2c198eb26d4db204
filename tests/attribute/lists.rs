//! `config("name")`: lists of origins in the application's configuration.

use std::time::Instant;

use cors_runtime::rocket::{CrossOrigin, OriginLists};
use cors_runtime::{Origin, cross_origin};
use cors_tests::{APP, Call, EVIL, Server, granted, launch, shared};
use rocket::figment::providers::{Env, Format, Toml};
use rocket::figment::value::{Dict, Map, Value};
use rocket::figment::{Figment, Metadata, Profile, Provider};
use rocket::local::blocking::Client;
use rocket::response::status::Conflict;
use rocket::{Build, Rocket, State, get, post, routes};

const PARTNER: &str = "https://partner.example.com";

#[cross_origin(origins = ["https://app.example.com", config("partners")], credentials)]
#[get("/partners")]
fn partners() -> &'static str {
    "partners"
}

#[cross_origin(origins = [config("public"), config("partners")], allow(unknown_scheme, shadowed_origin))]
#[post("/public")]
fn public() {}

/// A configuration with these lists, as TOML.
fn figment(lists: &str) -> Figment {
    rocket::Config::figment().merge(Toml::string(lists).nested())
}

fn rocket(lists: &str) -> Rocket<Build> {
    rocket::custom(figment(lists)).mount("/", routes![partners, public])
}

#[test]
fn a_list_names_origins() {
    let server = launch(rocket(
        r#"
        [default.cors]
        partners = ["https://partner.example.com", "https://*.partner.example.org", "https://fixed.example.org:8443"]
        public = ["http://*.example.net:*", "htttp://odd.example"]
        "#,
    ));
    for origin in [APP, PARTNER, "https://a.b.partner.example.org", "https://fixed.example.org:8443"] {
        assert!(shared(&server, "GET", "/partners", origin), "{origin}");
    }
    for origin in [EVIL, "https://partner.example.org", "https://fixed.example.org", "null", "http://a.example.net"] {
        assert!(!shared(&server, "GET", "/partners", origin), "{origin}");
    }
    for origin in [PARTNER, "http://a.example.net", "http://a.b.example.net:8080", "htttp://odd.example"] {
        assert!(granted(&server, "POST", "/public", origin), "{origin}");
        assert_eq!(Call::new("POST", "/public").header("Origin", origin).send(&server).status, 200, "{origin}");
    }
    assert_eq!(Call::new("POST", "/public").header("Origin", APP).send(&server).status, 403);
    let reply = Call::new("GET", "/partners").header("Origin", PARTNER).send(&server);
    assert_eq!(reply.one("access-control-allow-credentials"), Some("true"));
}

#[test]
fn an_empty_list_shares_with_nobody() {
    let server = launch(rocket("[default.cors]\npartners = []\npublic = []"));
    assert!(shared(&server, "GET", "/partners", APP) && !shared(&server, "GET", "/partners", PARTNER));
    assert!(!granted(&server, "POST", "/public", PARTNER));
}

#[test]
fn profiles_decide() {
    let lists = r#"
        [default.cors]
        partners = []
        public = []
        [staging.cors]
        partners = ["https://partner.example.com"]
    "#;
    let staging = rocket::custom(figment(lists).select("staging")).mount("/", routes![partners, public]);
    assert!(shared(&launch(staging), "GET", "/partners", PARTNER));
    assert!(!shared(&launch(rocket(lists)), "GET", "/partners", PARTNER));
}

/// Why this application is not launched, in the words of the log: those of the error itself name the sentinel only.
fn refused(lists: &str) {
    let refused = Server::launch(rocket(lists).attach(CrossOrigin::fairing())).expect_err("refused");
    assert!(refused.contains("SoundPolicies"), "{refused}");
}

#[test]
fn a_list_that_is_missing_or_broken_refuses_the_launch() {
    refused("[default.cors]\npartners = []");
    refused("");
    refused("[default.cors]\npartners = \"https://partner.example.com\"\npublic = []");
    refused("[default.cors]\npartners = [1]\npublic = []");
    refused("[default.cors]\npartners = [\"https://partner.example.com/\"]\npublic = []");
    refused("[default.cors]\npartners = [\"null\"]\npublic = []");
    refused("[default.cors]\npartners = [\"*\"]\npublic = []");
    refused("[default.cors]\npartners = [\"http://partner.example.com\"]\npublic = []");
    refused("[default.cors]\npartners = [\"https://*.github.io\"]\npublic = []");
}

fn handle(client: &Client) -> &OriginLists {
    client.rocket().state::<OriginLists>().expect("managed")
}

#[test]
fn all_findings_come_at_once_in_the_compilers_words() {
    let good = "[default.cors]\npartners = []\npublic = []";
    let client = Client::untracked(rocket(good).attach(CrossOrigin::fairing())).expect("launches");
    let bad = r#"
        [default.cors]
        partners = ["https://partner.example.com/", "http://partner.example.com", "https://partner.example.com"]
        public = [1]
    "#;
    let errors = handle(&client).reload(&figment(bad)).expect_err("refused");
    let found: Vec<_> = errors.iter().map(|error| (error.key.as_str(), error.rule, error.used_by.len())).collect();
    let expected = [
        ("cors.partners", Some("trailing-slash"), 2),
        ("cors.partners", Some("insecure-origin-with-credentials"), 1),
        ("cors.public", None, 1),
    ];
    assert_eq!(found, expected, "{errors}");
    let slash = errors.iter().next().expect("an error");
    assert_eq!(
        slash.message,
        "`https://partner.example.com/` is a URL, not an origin: origins end after the host or port"
    );
    assert!(slash.used_by.iter().any(|by| by == "GET /partners (partners)"), "{:?}", slash.used_by);
    assert!(slash.source.contains("default") && slash.source.contains("TOML"), "{}", slash.source);
}

/// The helps of the errors that this value of `cors.partners` makes: one, if all policies get the same.
fn helps_for(configuration: Figment) -> Vec<String> {
    let good = "[default.cors]\npartners = []\npublic = []";
    let client = Client::untracked(rocket(good).attach(CrossOrigin::fairing())).expect("launches");
    let errors = handle(&client).reload(&configuration.merge(("cors.public", [""; 0]))).expect_err("refused");
    assert!(errors.iter().all(|error| error.key == "cors.partners"), "{errors}");
    errors.iter().map(|error| error.help.clone()).collect()
}

fn help_for(configuration: Figment) -> String {
    let helps = helps_for(configuration);
    assert_eq!(helps.len(), 1, "{helps:?}");
    helps[0].clone()
}

#[test]
fn a_value_that_is_not_a_list_is_written_as_one() {
    let toml = |value: &str| help_for(figment(&format!("[default.cors]\npartners = {value}")));
    assert_eq!(
        toml("\"https://a.example, https://b.example\""),
        "write a list, as in `cors.partners = [\"https://a.example\", \"https://b.example\"]`"
    );
    // One of the policies that name the list has `credentials`.
    for any in ["\"any\"", "\"*\"", "[\"any\"]", "[\"*\"]"] {
        let helps = helps_for(figment(&format!("[default.cors]\npartners = {any}")));
        assert_eq!(helps.len(), 2, "{any}: {helps:?}");
        assert!(helps[0].contains("the policy that names this one cannot be `any`"), "{any}: {helps:?}");
        assert!(helps[1].contains("write `origins = any` in the attribute instead of `config(…)`"), "{any}: {helps:?}");
    }
    let environment = rocket::Config::figment().merge(Environment);
    assert_eq!(
        help_for(environment),
        "write `ROCKET_CORS='{partners=[\"https://a.example\", \"https://b.example\"]}'`"
    );
}

#[test]
fn a_name_that_is_nearly_right_is_suggested() {
    let named = |name: &str| help_for(figment(&format!("[default.cors]\n{name} = []\nown_origins = []")));
    for name in ["partner", "Partners", "parnters"] {
        let help = named(name);
        assert!(help.contains(&format!("did you mean `cors.{name}`, which is there?")), "{help}");
    }
    assert!(named("customers").starts_with("write a list, as in `cors.partners = "));
}

/// What Rocket reads from `ROCKET_CORS`, without touching the environment of the other tests.
struct Environment;

impl Provider for Environment {
    fn metadata(&self) -> Metadata {
        Env::prefixed("ROCKET_").metadata()
    }

    fn data(&self) -> Result<Map<Profile, Dict>, rocket::figment::Error> {
        let lists = Dict::from([("partners".to_owned(), Value::from("https://a.example,https://b.example"))]);
        Ok(Map::from([(Profile::Global, Dict::from([("cors".to_owned(), Value::from(lists))]))]))
    }
}

#[post("/reload", data = "<lists>")]
fn reload(lists: &str, handle: &State<OriginLists>) -> Result<(), Conflict<String>> {
    handle.reload(&figment(lists)).map_err(|errors| Conflict(errors.to_string()))
}

#[test]
fn a_running_application_can_swap_a_list() {
    let before = "[default.cors]\npartners = []\npublic = []";
    let server = launch(rocket(before).mount("/", routes![reload]));
    let swap = |lists: &str| Call::new("POST", "/reload").body(lists).send(&server).status;
    assert!(!shared(&server, "GET", "/partners", PARTNER));
    assert_eq!(swap("[default.cors]\npartners = [\"https://partner.example.com\"]\npublic = []"), 200);
    assert!(shared(&server, "GET", "/partners", PARTNER) && granted(&server, "GET", "/partners", PARTNER));

    let refused = "[default.cors]\npartners = []\npublic = [\"https://x.example/\"]";
    assert_eq!(swap(refused), 409);
    assert!(shared(&server, "GET", "/partners", PARTNER), "refused as a whole");
    assert_eq!(swap(before), 200);
    assert!(!shared(&server, "GET", "/partners", PARTNER));
}

#[post("/reload-with", data = "<lists>")]
async fn reload_with(lists: String, handle: &State<OriginLists>) -> Result<(), Conflict<String>> {
    handle.reload_with(move || figment(&lists)).await.map_err(|errors| Conflict(errors.to_string()))
}

#[test]
fn a_list_can_be_swapped_without_blocking() {
    let before = "[default.cors]\npartners = []\npublic = []";
    let server = launch(rocket(before).mount("/", routes![reload_with]));
    let swap = |lists: &str| Call::new("POST", "/reload-with").body(lists).send(&server).status;
    assert_eq!(swap("[default.cors]\npartners = [\"https://partner.example.com\"]\npublic = []"), 200);
    assert!(shared(&server, "GET", "/partners", PARTNER) && granted(&server, "GET", "/partners", PARTNER));
    assert_eq!(swap("[default.cors]\npartners = []\npublic = [\"https://x.example/\"]"), 409);
    assert!(shared(&server, "GET", "/partners", PARTNER), "refused as a whole");
}

/// Other futures of the thread go on while a configuration is read and a long list is checked.
#[test]
fn a_long_list_does_not_hold_up_others() {
    let lists = |count: usize| {
        let origins = (0..count).map(|index| format!("\"https://h{index}.example.com\"")).collect::<Vec<_>>();
        format!("[default.cors]\npartners = [{}]\npublic = []", origins.join(","))
    };
    let client = Client::untracked(rocket(&lists(0)).attach(CrossOrigin::fairing())).expect("launches");
    let handle = handle(&client).clone();
    let long = lists(20_000);
    let runtime = rocket::tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let turns = runtime.block_on(async {
        let mut reload = std::pin::pin!(handle.reload_with(move || figment(&long)));
        let mut turns = 0_u32;
        loop {
            rocket::tokio::select! {
                biased;
                reloaded = &mut reload => {
                    reloaded.expect("good lists");
                    return turns;
                }
                () = rocket::tokio::task::yield_now() => turns += 1,
            }
        }
    });
    assert!(turns > 10, "{turns}");
}

#[test]
fn what_is_read_later_is_in_effect_later() {
    let lists = |origin: &str| format!("[default.cors]\npartners = [{origin}]\npublic = []");
    let client = Client::untracked(rocket(&lists("")).attach(CrossOrigin::fairing())).expect("launches");
    let slow = {
        let (handle, first) = (handle(&client).clone(), lists("\"https://old.example.com\""));
        let (started, wait) = std::sync::mpsc::channel();
        let thread = std::thread::spawn(move || {
            let runtime = rocket::tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
            let slow = move || {
                started.send(()).expect("the test waits");
                std::thread::sleep(std::time::Duration::from_millis(300));
                figment(&first)
            };
            runtime.block_on(handle.reload_with(slow)).expect("good lists");
        });
        wait.recv().expect("has started");
        thread
    };
    handle(&client).reload(&figment(&lists("\"https://new.example.com\""))).expect("good lists");
    slow.join().expect("no panic");
    let allowed = |origin: &'static str| {
        let request = client.get("/partners").header(rocket::http::Header::new("Origin", origin));
        request.dispatch().headers().contains("Access-Control-Allow-Origin")
    };
    assert!(allowed("https://new.example.com") && !allowed("https://old.example.com"));
}

async fn nobody_else(_: &Origin<'_>, _: &rocket::Request<'_>) -> bool {
    false
}

#[cross_origin(origins = [config("partners"), check(nobody_else)])]
#[get("/swap-after-checks")]
fn swap_after_checks(handle: &State<OriginLists>) -> Result<&'static str, Conflict<String>> {
    swap_under_way(handle)
}

#[cross_origin(origins = [config("partners")])]
#[get("/swap-under-way")]
fn swap_under_way(handle: &State<OriginLists>) -> Result<&'static str, Conflict<String>> {
    let lists = figment("[default.cors]\npartners = []\npublic = []");
    handle.reload(&lists).map_err(|errors| Conflict(errors.to_string()))?;
    Ok("swapped")
}

#[test]
fn a_read_under_way_is_answered_by_the_lists_that_it_was_let_in_by_or_by_the_latest() {
    let lists = "[default.cors]\npartners = [\"https://partner.example.com\"]\npublic = []";
    let server = || launch(rocket(lists).mount("/", routes![swap_under_way, swap_after_checks]));
    assert!(!shared(&server(), "GET", "/swap-under-way", PARTNER), "nothing had been decided before the swap");
    let server = server();
    assert!(shared(&server, "GET", "/swap-after-checks", PARTNER), "no check was asked, since the list named it");
    assert!(!shared(&server, "GET", "/swap-after-checks", PARTNER));
}

#[test]
fn ten_thousand_origins_work() {
    let list = |count: usize| {
        let exact = (0..count).map(|index| format!("\"https://h{index}.example.com\""));
        let texts: Vec<_> = exact.chain(["\"https://*.wild.example.org\"".to_owned()]).collect();
        format!("[default.cors]\npartners = [{}]\npublic = []", texts.join(","))
    };
    let (small, large) = (launch(rocket(&list(10))), launch(rocket(&list(10_000))));
    for origin in ["https://h0.example.com", "https://h9999.example.com", "https://a.wild.example.org"] {
        assert!(shared(&large, "GET", "/partners", origin), "{origin}");
    }
    assert!(!shared(&large, "GET", "/partners", "https://h10000.example.com"));
    // A look-up that grew with the list would be a thousand times as long; a busy machine is not.
    let fastest = |server: &Server| {
        let time = |_| {
            let start = Instant::now();
            assert!(!shared(server, "GET", "/partners", EVIL));
            start.elapsed()
        };
        (0..50).map(time).min().unwrap_or_default()
    };
    let (small, large) = (fastest(&small), fastest(&large));
    assert!(large < small * 20, "{small:?} for 10 origins, {large:?} for 10,000");
}
