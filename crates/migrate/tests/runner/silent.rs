//! A server that stops answering while a statement runs: a network that swallows everything.

use std::time::Duration;

use artisan_migrate::{
    Access, DatabaseUrl, Error, Event, History, Observer, Options, Phases, Runner, Source, Stopper,
    Target,
};
use artisan_testkit::TestDatabase;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use super::database::options;

artisan_testkit::on_engine!(postgres, Postgres, silent_server_does_not_keep_the_runner_from_ending);

/// Forwards to the server of a URL until told to fall silent; gives the URL of the way through it.
async fn proxy(url: &str, silent: watch::Receiver<bool>) -> String {
    let (scheme, rest) = url.split_once("://").unwrap();
    let (authority, path) = rest.split_once('/').unwrap();
    let (user, server) = authority.rsplit_once('@').unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let through = format!("{scheme}://{user}@{}/{path}", listener.local_addr().unwrap());
    let server = server.to_owned();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            tokio::spawn(forward(client, server.clone(), silent.clone()));
        }
    });
    through
}

async fn forward(mut client: TcpStream, server: String, mut silent: watch::Receiver<bool>) {
    let mut server = TcpStream::connect(server).await.unwrap();
    let has_fallen_silent = tokio::select! {
        biased;
        told = silent.wait_for(|silent| *silent) => told.is_ok(),
        _ = tokio::io::copy_bidirectional(&mut client, &mut server) => false,
    };
    // The connections stay open, so that nobody is told.
    if has_fallen_silent {
        std::future::pending::<()>().await;
    }
}

async fn silent_server_does_not_keep_the_runner_from_ending(database: TestDatabase) {
    let (fall_silent, silent) = watch::channel(false);
    let url = DatabaseUrl::parse(&proxy(database.url(), silent).await).unwrap();
    let history = History::build(Source::embedded([("1_a.sql", "SELECT pg_sleep(600);")])).unwrap();
    let (stopper, stop) = Stopper::new();
    let observer = Observer::new(move |event| {
        if matches!(event, Event::Statement { .. }) {
            fall_silent.send_replace(true);
            stopper.stop();
        }
    });
    let options = Options { stop, observer, ..options() };
    let mut runner = Runner::connect(&url, Access::Write, history, options).await.unwrap();
    let upgrade = runner.upgrade(&Target::Head, Phases::Auto);
    let ended = tokio::time::timeout(Duration::from_mins(1), upgrade).await;
    let error = ended.unwrap().unwrap_err();
    assert!(matches!(error, Error::ConnectionLost { .. }), "{error}");
}
