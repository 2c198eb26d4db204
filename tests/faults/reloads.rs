//! A file of the configuration that breaks, disappears and comes back, while it is read again under load.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::{fs, thread};

use cors_runtime::cross_origin;
use cors_runtime::rocket::OriginLists;
use cors_tests::{Call, EVIL, launch, shared};
use rocket::figment::Figment;
use rocket::figment::providers::{Format, Toml};
use rocket::response::status::Conflict;
use rocket::{Config, State, post, routes};

use crate::PARTNER;

/// How many writes of each kind have run.
static RAN: [AtomicUsize; 2] = [AtomicUsize::new(0), AtomicUsize::new(0)];

/// Where the file is.
struct Place(PathBuf);

fn figment(place: &Place) -> Figment {
    Config::figment().merge(Toml::file(&place.0))
}

#[cross_origin(none)]
#[post("/reload")]
async fn reload(lists: &State<OriginLists>, place: &State<Place>) -> Result<(), Conflict<String>> {
    let place = Place(place.0.clone());
    lists.reload_with(move || figment(&place)).await.map_err(|errors| Conflict(errors.to_string()))
}

#[cross_origin(origins = [config("partners")])]
#[post("/write/<from>")]
fn write(from: usize) {
    RAN[from].fetch_add(1, Ordering::SeqCst);
}

struct EndsWhenDropped<'a>(&'a AtomicBool);

impl Drop for EndsWhenDropped<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

#[test]
fn a_configuration_that_breaks_under_load_changes_nothing() {
    let folder = std::env::temp_dir().join(format!("cors-faults-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    let place = Place(folder.join("lists.toml"));
    let sound = format!("cors.partners = [\"{PARTNER}\"]");
    let put = |text: &str| fs::write(&place.0, text).expect("is written");
    put(&sound);
    let broken = [
        String::new(),
        "cors.partners = [".to_owned(),
        format!("cors.partners = [\"{PARTNER}\", \"{EVIL}/\"]"),
        format!("cors.partners = \"{EVIL}\""),
        format!("cors.partners = [\"{EVIL}\", 7]"),
        format!("cors.partner = [\"{EVIL}\"]"),
        "cors.partners = [\"*\"]".to_owned(),
        "cors.partners = [\"null\"]".to_owned(),
        format!("cors.partners = [\"{EVIL}\"]\ncors.partners = []"),
        "\u{0}\u{feff}".to_owned(),
    ];

    let server =
        launch(rocket::custom(figment(&place)).manage(Place(place.0.clone())).mount("/", routes![reload, write]));
    let reload = || Call::new("POST", "/reload").send(&server);
    let is_over = AtomicBool::new(false);
    thread::scope(|scope| {
        // Also if something below panics: the scope waits for its threads.
        let end = EndsWhenDropped(&is_over);
        let load = |index: usize, origin: &'static str, status| {
            let (server, is_over) = (&server, &is_over);
            scope.spawn(move || {
                let mut sent = 0;
                while !is_over.load(Ordering::SeqCst) || sent < 20 {
                    let reply = Call::new("POST", &format!("/write/{index}")).header("Origin", origin).send(server);
                    // Never a verdict without its headers, nor headers without the verdict.
                    assert_eq!(
                        (reply.status, reply.one("access-control-allow-origin").is_some()),
                        (status, status == 200)
                    );
                    sent += 1;
                }
                sent
            })
        };
        let (partner, evil) = (load(0, PARTNER, 200), load(1, EVIL, 403));
        for text in broken.iter().cycle().take(100) {
            put(text);
            let reply = reload();
            assert_eq!(reply.status, 409, "{text:?} was accepted: {}", reply.text());
            put(&sound);
            assert_eq!(reload().status, 200);
        }
        fs::remove_file(&place.0).expect("is removed");
        assert_eq!(reload().status, 409, "no file, no list");
        fs::create_dir(&place.0).expect("a folder in its place");
        assert_eq!(reload().status, 409);
        fs::remove_dir(&place.0).expect("is removed");
        drop(end);
        let (partner, evil) = (partner.join().expect("no other verdict"), evil.join().expect("no other verdict"));
        assert_eq!([&RAN[0], &RAN[1]].map(|ran| ran.load(Ordering::SeqCst)), [partner, 0], "{evil} were refused");
    });

    // What is right again is in effect again, and an empty list is.
    put(&format!("cors.partners = [\"{EVIL}\"]"));
    assert_eq!(reload().status, 200);
    assert!(shared(&server, "POST", "/write/1", EVIL) && !shared(&server, "POST", "/write/0", PARTNER));
    put("cors.partners = []");
    assert_eq!(reload().status, 200);
    assert!(!shared(&server, "POST", "/write/1", EVIL));
    fs::remove_dir_all(folder).expect("is removed");
}
