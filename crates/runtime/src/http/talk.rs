use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use http::Version;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::lifecycle::Shutdown;

/// What a connection has come to, as far as its end depends on it.
#[derive(Debug)]
pub(super) struct Talk {
    shutdown: Shutdown,
    has_asked: AtomicBool,
    is_http_1: AtomicBool,
    client_spoke_last: AtomicBool,
}

impl Talk {
    pub(super) fn new(shutdown: Shutdown) -> Self {
        Self {
            shutdown,
            has_asked: AtomicBool::new(false),
            is_http_1: AtomicBool::new(false),
            client_spoke_last: AtomicBool::new(false),
        }
    }

    /// Returns when the program begins to stop.
    pub(super) async fn stopping(&self) {
        self.shutdown.stopping().await;
    }

    /// Whether an answer is to be the last one on this connection.
    pub(super) fn is_the_last(&self) -> bool {
        self.is_http_1.load(Ordering::Relaxed) && self.shutdown.is_draining()
    }

    /// Notes a request.
    pub(super) fn hear(&self, version: Version) {
        self.has_asked.store(true, Ordering::Relaxed);
        self.is_http_1.store(version < Version::HTTP_2, Ordering::Relaxed);
    }

    /// Whether there was a request.
    pub(super) fn is_heard(&self) -> bool {
        self.has_asked.load(Ordering::Relaxed)
    }

    /// Whether an idle connection of HTTP/1 is none: a part of the next request is here. hyper closes one between
    /// two requests whatever of the second it has read.
    pub(super) fn has_begun_again(&self) -> bool {
        self.is_http_1.load(Ordering::Relaxed) && self.client_spoke_last.load(Ordering::Relaxed)
    }
}

/// A connection that notes who spoke last.
#[derive(Debug)]
pub(super) struct Noted<I> {
    io: I,
    talk: Arc<Talk>,
}

impl<I> Noted<I> {
    pub(super) fn new(io: I, talk: Arc<Talk>) -> Self {
        Self { io, talk }
    }

    fn answered<T>(&self, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if matches!(written, Poll::Ready(Ok(_))) {
            self.talk.client_spoke_last.store(false, Ordering::Relaxed);
        }
        written
    }
}

impl<I: AsyncRead + Unpin> AsyncRead for Noted<I> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.io).poll_read(cx, buffer);
        if buffer.filled().len() > before {
            self.talk.client_spoke_last.store(true, Ordering::Relaxed);
        }
        read
    }
}

impl<I: AsyncWrite + Unpin> AsyncWrite for Noted<I> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.io).poll_write(cx, bytes);
        self.answered(written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.io).poll_write_vectored(cx, slices);
        self.answered(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(cx)
    }
}
