use std::time::SystemTime;

use artisan_store::{Mail, MailKind, PreparedMail, Profile, User};
use lettre::address::Address;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message, MultiPart};
use zeroize::Zeroizing;

use super::language::Language;
use super::template::{Values, fill};
use crate::config::MailSettings;

/// A mail as it is sent.
pub(super) struct Letter {
    pub(super) message: Message,
    /// For the log of a developer.
    pub(super) text: Zeroizing<String>,
}

/// Writes a mail. Sent again it has the same Message-ID and date.
pub(super) fn write(
    settings: &MailSettings,
    mail: &Mail,
    prepared: &PreparedMail,
    token: Option<&str>,
) -> Result<Letter, lettre::error::Error> {
    let page = match mail.kind {
        MailKind::VerifyEmail => "verify-email",
        MailKind::ResetPassword => "reset-password",
        MailKind::EmailChangeRequested | MailKind::EmailChanged | MailKind::PasswordReset => "",
    };
    let link = token.map(|token| settings.link(page, token)).unwrap_or_default();
    let link = Zeroizing::new(link);
    let lifetime = mail.expire_time - mail.create_time;
    let values = Values {
        name: name_of(&prepared.user),
        email: mail.email.as_str(),
        link: &link,
        minutes: u64::try_from(lifetime.whole_minutes()).unwrap_or_default(),
    };
    let language = Language::of(&prepared.user, settings.language);
    let content = fill(mail.kind, language, &values);
    let header = |name, value: &str| {
        HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
    };
    let domain = settings.from.email.domain();
    let message = Message::builder()
        .from(settings.from.clone())
        .to(Mailbox::new(None, address(mail.email.as_str())?))
        .subject(content.subject)
        .date(SystemTime::from(mail.create_time))
        .message_id(Some(format!("<{}@{domain}>", mail.id)))
        // RFC 3834: nobody's holiday answer shall come back.
        .raw_header(header("Auto-Submitted", "auto-generated"))
        .raw_header(header("Content-Language", language.tag()))
        .multipart(MultiPart::alternative_plain_html(content.text.clone(), content.html))?;
    Ok(Letter { message, text: Zeroizing::new(content.text) })
}

fn address(text: &str) -> Result<Address, lettre::error::Error> {
    text.parse().map_err(|_| lettre::error::Error::MissingTo)
}

fn name_of(user: &User) -> &str {
    match &user.profile {
        Some(Profile::Artisan(artisan)) => artisan.store_name.as_str(),
        Some(Profile::Buyer(buyer)) => buyer.full_name.as_str(),
        None => "",
    }
}
