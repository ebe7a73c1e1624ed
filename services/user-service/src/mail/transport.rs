use std::path::PathBuf;
use std::time::Duration;

use artisan_store::Mail;
use lettre::transport::smtp::response::Code;
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};

use super::letter::Letter;
use crate::config::{MailRoute, MailSettings};

/// How long a server has for the whole of one mail, and again for the question whether it speaks to us.
const PATIENCE: Duration = Duration::from_secs(30);

/// Where mails go.
#[derive(Debug)]
pub(super) enum Transport {
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
    Folder(PathBuf),
    Log,
}

/// Why a mail was not sent, without the address or the server's words, which may repeat it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// The server will never take it.
    Permanent(String),
    /// The next attempt may succeed.
    Transient(String),
}

impl Transport {
    pub(super) fn new(settings: &MailSettings) -> Self {
        match &settings.route {
            MailRoute::Smtp(builder) => Self::Smtp(builder.clone().build()),
            MailRoute::Folder(path) => Self::Folder(path.clone()),
            MailRoute::Log => Self::Log,
        }
    }

    pub(super) async fn send(&self, mail: &Mail, letter: &Letter) -> Result<(), Failure> {
        match self {
            Self::Smtp(smtp) => deliver(smtp, letter).await,
            Self::Folder(folder) => {
                let failed = |error: std::io::Error| {
                    Failure::Transient(format!("the folder cannot be written: {}", error.kind()))
                };
                tokio::fs::create_dir_all(folder).await.map_err(failed)?;
                let path = folder.join(format!("{}.eml", mail.id));
                // Written beside it first, so that whoever watches the folder never sees a half.
                let unfinished = folder.join(format!(".{}.part", mail.id));
                tokio::fs::write(&unfinished, letter.message.formatted()).await.map_err(failed)?;
                tokio::fs::rename(&unfinished, &path).await.map_err(failed)
            }
            Self::Log => {
                let text = letter.text.as_str();
                tracing::info!(mail.id = %mail.id, mail.to = mail.email.as_str(), "mail:\n{text}");
                Ok(())
            }
        }
    }
}

async fn deliver(
    smtp: &AsyncSmtpTransport<Tokio1Executor>,
    letter: &Letter,
) -> Result<(), Failure> {
    // The client's own limits do not hold once it is connected.
    let sent = tokio::time::timeout(PATIENCE, smtp.send(letter.message.clone())).await;
    let Ok(sent) = sent else { return Err(Failure::Transient("no answer in time".to_owned())) };
    let Err(error) = sent else { return Ok(()) };
    match failure(&error) {
        Failure::Permanent(text) if lets_nobody_in(smtp).await => Err(Failure::Transient(text)),
        failure => Err(failure),
    }
}

/// Whether the server refuses for good whoever connects, in its greeting (RFC 5321, section 4.2.3) or its answer
/// to EHLO or AUTH: then it has said nothing of the mail. An end without a word, or a refusal that passes,
/// tells nothing: some servers close the connection rather than answer QUIT.
async fn lets_nobody_in(smtp: &AsyncSmtpTransport<Tokio1Executor>) -> bool {
    let tested = tokio::time::timeout(PATIENCE, smtp.test_connection()).await;
    tested.is_ok_and(|tested| tested.is_err_and(|error| error.status().is_some_and(is_final)))
}

fn failure(error: &lettre::transport::smtp::Error) -> Failure {
    let text = match error.status() {
        Some(code) => format!("SMTP {code}"),
        None if error.is_tls() => "TLS with the mail server failed".to_owned(),
        None if error.is_client() => "the mail server lacks what this mail needs".to_owned(),
        None if error.is_response() => "the mail server's answer is no SMTP".to_owned(),
        None => "the mail server cannot be reached".to_owned(),
    };
    if error.status().is_some_and(is_final) {
        Failure::Permanent(text)
    } else {
        Failure::Transient(text)
    }
}

/// Whether a refusal is about this mail, rather than about who sends it: an operator can mend wrong
/// credentials (RFC 4954), and the mails that wait shall be sent then.
fn is_final(code: Code) -> bool {
    let number: u16 = code.into();
    (500..600).contains(&number) && !matches!(number, 500..=504 | 521 | 523 | 530 | 534 | 535 | 538)
}
