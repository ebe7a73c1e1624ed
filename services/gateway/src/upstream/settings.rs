use std::time::Duration;

/// How the gateway deals with the service behind it.
///
/// The defaults are meant for a service of a few replicas in the same cluster; tests set what they want
/// to see sooner.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Connections over all addresses; each address has one at least. One HTTP/2 connection serialises its
    /// streams behind a lock; several spread the load over cores, and over replicas behind one address.
    pub connections: usize,
    /// How often the service's name is resolved, and how soon again when a connection failed.
    pub resolve_every: Duration,
    /// See [`Self::resolve_every`].
    pub resolve_pause: Duration,
    /// How long a connection may take to be made, TLS included.
    pub connect_timeout: Duration,
    /// The first and the longest pause between attempts to connect to an address that cannot be reached.
    pub reconnect: (Duration, Duration),
    /// How often each replica is asked for its health, and how long it may take to answer.
    pub health_every: Duration,
    /// See [`Self::health_every`].
    pub health_timeout: Duration,
    /// How long a replica that joined others, or came back, gets less than its share of calls.
    pub slow_start: Duration,
    /// So many failures in a row eject a replica.
    pub eject_after: u32,
    /// The first and the longest time for which a replica is ejected.
    pub eject_for: (Duration, Duration),
    /// A call that waited this long while its replica answered nothing at all is a failure of the replica.
    pub hang: Duration,
    /// The first and the longest time for which calls fail at once when every replica fails.
    pub open_for: (Duration, Duration),
    /// Calls under way at once, waiting for a connection included; streams do not count.
    pub max_calls: usize,
    /// How often a call is tried, the first time included.
    pub attempts: u32,
    /// The first and the longest pause before a call is tried again; the real one is random below it.
    pub retry_pause: (Duration, Duration),
    /// Retries for each call, in percent of the calls of the last ten seconds.
    pub retry_percent: u8,
    /// Retries for each second that are allowed however few calls there are.
    pub retry_min_per_second: u32,
}

impl Default for Settings {
    fn default() -> Self {
        let (millis, secs) = (Duration::from_millis, Duration::from_secs);
        Self {
            connections: 4,
            resolve_every: secs(5),
            resolve_pause: secs(1),
            connect_timeout: secs(3),
            reconnect: (millis(100), secs(5)),
            health_every: secs(5),
            health_timeout: secs(1),
            slow_start: secs(10),
            eject_after: 5,
            eject_for: (secs(5), secs(60)),
            hang: secs(2),
            open_for: (secs(1), secs(10)),
            max_calls: 2_000,
            attempts: 3,
            retry_pause: (millis(25), millis(250)),
            retry_percent: 20,
            retry_min_per_second: 10,
        }
    }
}
