//! A server on the loopback interface that lets a client speak and writes down what it sends.

use std::io::{self, Read as _, Seek as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use crate::cleanup::{Guard, Leftover};
use crate::command::shown;
use crate::failure::{Doing as _, Failure};

const PATIENCE: Duration = Duration::from_mins(1);

/// Answers a client until it leaves; what it has sent as statements.
pub(crate) type Serve = fn(TcpStream) -> io::Result<Vec<Vec<u8>>>;

/// The place where clients connect.
#[derive(Debug)]
pub(crate) struct Recorder {
    listener: TcpListener,
    pub(crate) port: u16,
}

impl Recorder {
    pub(crate) fn new() -> Result<Self, Failure> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).doing("listening")?;
        listener.set_nonblocking(true).doing("listening")?;
        let port = listener.local_addr().doing("listening")?.port();
        Ok(Self { listener, port })
    }

    /// Starts the client, which connects to this recorder, and waits for its end.
    pub(crate) fn record(
        &self,
        mut command: Command,
        serve: Serve,
    ) -> Result<Vec<String>, Failure> {
        let name = shown(&command);
        let mut errors = tempfile::tempfile().doing("making a file")?;
        let copy = errors.try_clone().doing("making a file")?;
        command.stdout(Stdio::null()).stderr(copy);
        let mut child = command.spawn().doing(format!("starting `{name}`"))?;
        let guard = Guard::new(Leftover::Foreground { pid: child.id() });
        let served = self.accept(&mut child).and_then(|stream| serve(prepared(stream)?));
        let ended = child.wait().doing(format!("waiting for `{name}`"));
        guard.forget();
        ended?;
        let mut said = String::new();
        let _ = errors.rewind().and_then(|()| errors.read_to_string(&mut said));
        let sent = served.doing(format!("`{name}` said {said:?}"))?;
        Ok(sent.iter().map(|text| String::from_utf8_lossy(text).into_owned()).collect())
    }

    fn accept(&self, child: &mut Child) -> io::Result<TcpStream> {
        loop {
            match self.listener.accept() {
                Ok((stream, _)) => return Ok(stream),
                Err(error) if error.kind() != io::ErrorKind::WouldBlock => return Err(error),
                Err(_) if child.try_wait()?.is_some() => {
                    return Err(io::Error::other("it ended without connecting"));
                }
                Err(_) => sleep(Duration::from_millis(1)),
            }
        }
    }
}

fn prepared(stream: TcpStream) -> io::Result<TcpStream> {
    stream.set_nonblocking(false)?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    Ok(stream)
}

/// A client whose words are known beforehand.
#[cfg(test)]
pub(super) struct Pretended {
    sent: io::Cursor<Vec<u8>>,
    pub(super) received: Vec<u8>,
}

#[cfg(test)]
impl Pretended {
    pub(super) fn sending(bytes: Vec<u8>) -> Self {
        Self { sent: io::Cursor::new(bytes), received: Vec::new() }
    }
}

#[cfg(test)]
impl io::Read for Pretended {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.sent.read(buffer)
    }
}

#[cfg(test)]
impl io::Write for Pretended {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.received.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
