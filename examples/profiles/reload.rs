//! SIGHUP: the lists of origins are reloaded.

use cors_runtime::rocket::OriginLists;
use rocket::fairing::AdHoc;
use rocket::figment::Figment;
use rocket::tokio;
use rocket::tokio::signal::unix::{Signal, SignalKind, signal};
use rocket::{Shutdown, error, error_, info};

/// Reads the lists from this configuration whenever the process is sent SIGHUP.
///
/// A terminal that is closed sends it as well, and no longer ends the application.
pub(crate) fn on_hangup(configuration: fn() -> Figment) -> AdHoc {
    AdHoc::on_liftoff("Reload", move |rocket| {
        Box::pin(async move {
            // The CORS fairing put it there.
            let Some(lists) = rocket.state::<OriginLists>().cloned() else { return };
            match signal(SignalKind::hangup()) {
                Ok(hangups) => {
                    tokio::spawn(listen(hangups, rocket.shutdown(), lists, configuration));
                }
                Err(failure) => error!("SIGHUP will not be heard: {failure}"),
            }
        })
    })
}

async fn listen(mut hangups: Signal, mut shutdown: Shutdown, lists: OriginLists, configuration: fn() -> Figment) {
    loop {
        tokio::select! {
            () = &mut shutdown => return,
            Some(()) = hangups.recv() => reload(&lists, configuration).await,
            else => return,
        }
    }
}

/// All lists are replaced, or none.
async fn reload(lists: &OriginLists, configuration: fn() -> Figment) {
    match lists.reload_with(configuration).await {
        Ok(()) => info!("The lists of origins have been reloaded."),
        Err(errors) => {
            error!("The lists of origins stay as they were:");
            errors.iter().for_each(|error| error_!("{error}"));
        }
    }
}
