use std::net::Ipv4Addr;
use std::time::Duration;

use artisan_gateway::{Config, Gateway, Upstream};
use artisan_runtime::env::Env;
use artisan_runtime::lifecycle::Shutdown;
use artisan_runtime::readiness::Readiness;
use artisan_runtime::{http, telemetry};
use tokio::net::TcpListener;
use tonic::service::Routes;

use crate::bare::tonic::FromMemory;
use crate::failure::Failure;
use crate::report;

/// The gateway as `artisan` has it, before a service that answers from memory.
pub(crate) async fn serve() -> Result<(), Failure> {
    let env = Env::default();
    let config = Config::from_env(&env).map_err(Failure::call)?;
    let _telemetry = telemetry::init("gateway", &env).map_err(Failure::call)?;
    let shutdown = Shutdown::on_signals(Duration::ZERO, Duration::from_secs(1))
        .map_err(Failure::system("listening for signals"))?;
    let upstream = Upstream::in_process(Routes::new(FromMemory));
    let gateway = Gateway::new(config, upstream, Some(shutdown.clone()));
    let listener =
        TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.map_err(Failure::system("listening"))?;
    report::line(listener.local_addr().map_err(Failure::system("listening"))?.port());
    let _ = http::serve(listener, gateway.router(Readiness::new()), shutdown).await;
    Ok(())
}
