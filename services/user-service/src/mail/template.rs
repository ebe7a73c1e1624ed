//! The texts of mails. A template is plain text: a subject, then paragraphs; the HTML is made of the same
//! paragraphs. `{{name}}` and the like stand for values, which are escaped.

use std::fmt::Write as _;

use artisan_store::MailKind;

use super::language::Language;

/// What the templates speak of.
pub(super) struct Values<'a> {
    /// What to call the user; empty if unknown.
    pub(super) name: &'a str,
    /// Where the mail goes.
    pub(super) email: &'a str,
    /// What to open; empty where there is nothing to do.
    pub(super) link: &'a str,
    /// How long the link serves.
    pub(super) minutes: u64,
}

/// A mail's content.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Content {
    pub(super) subject: String,
    pub(super) text: String,
    pub(super) html: String,
}

macro_rules! template {
    ($language:literal, $name:literal) => {
        include_str!(concat!("../../templates/mail/", $language, "/", $name, ".txt"))
    };
}

fn template(kind: MailKind, language: Language) -> &'static str {
    match (kind, language) {
        (MailKind::VerifyEmail, Language::English) => template!("en", "verify_email"),
        (MailKind::VerifyEmail, Language::Portuguese) => template!("pt", "verify_email"),
        (MailKind::ResetPassword, Language::English) => template!("en", "reset_password"),
        (MailKind::ResetPassword, Language::Portuguese) => template!("pt", "reset_password"),
        (MailKind::EmailChangeRequested, Language::English) => {
            template!("en", "email_change_requested")
        }
        (MailKind::EmailChangeRequested, Language::Portuguese) => {
            template!("pt", "email_change_requested")
        }
        (MailKind::EmailChanged, Language::English) => template!("en", "email_changed"),
        (MailKind::EmailChanged, Language::Portuguese) => template!("pt", "email_changed"),
        (MailKind::PasswordReset, Language::English) => template!("en", "password_reset"),
        (MailKind::PasswordReset, Language::Portuguese) => template!("pt", "password_reset"),
    }
}

/// Fills a template in.
pub(super) fn fill(kind: MailKind, language: Language, values: &Values<'_>) -> Content {
    let (subject, body) = template(kind, language).split_once('\n').unwrap_or_default();
    let lang = language.tag();
    let mut text = String::new();
    let mut html = format!(
        "<!doctype html>\n<html lang=\"{lang}\">\n<head><meta charset=\"utf-8\"><title>{}</title>\
         </head>\n<body style=\"font-family: sans-serif; line-height: 1.5; max-width: 36em\">\n",
        escape(subject)
    );
    for paragraph in body.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty()) {
        let plain = insert(paragraph, values, language, str::to_owned);
        let rich = if paragraph == "{{link}}" {
            let link = escape(values.link);
            format!("<a href=\"{link}\">{link}</a>")
        } else {
            insert(&escape(paragraph), values, language, escape)
        };
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{}{plain}", if text.is_empty() { "" } else { "\n" });
        let _ = writeln!(html, "<p>{rich}</p>");
    }
    html.push_str("</body>\n</html>\n");
    Content { subject: subject.to_owned(), text, html }
}

fn insert(
    paragraph: &str,
    values: &Values<'_>,
    language: Language,
    write: impl Fn(&str) -> String,
) -> String {
    let name = if values.name.is_empty() { values.email } else { values.name };
    let lifetime = lifetime(values.minutes, language);
    let mut filled = String::with_capacity(paragraph.len());
    let mut rest = paragraph;
    // In one pass: a value that looks like a place for another one stays as it is.
    while let Some((before, (key, after))) =
        rest.split_once("{{").and_then(|(before, rest)| Some((before, rest.split_once("}}")?)))
    {
        filled.push_str(before);
        match key {
            "name" => filled.push_str(&write(name)),
            "email" => filled.push_str(&write(values.email)),
            "link" => filled.push_str(&write(values.link)),
            "lifetime" => filled.push_str(&write(&lifetime)),
            _ => {}
        }
        rest = after;
    }
    filled.push_str(rest);
    filled
}

fn lifetime(minutes: u64, language: Language) -> String {
    let (count, units) = if minutes >= 60 {
        (minutes / 60, [["hour", "hours"], ["hora", "horas"]])
    } else {
        (minutes.max(1), [["minute", "minutes"], ["minuto", "minutos"]])
    };
    let [[one, many], [um, muitos]] = units;
    let unit = match (language, count) {
        (Language::English, 1) => one,
        (Language::English, _) => many,
        (Language::Portuguese, 1) => um,
        (Language::Portuguese, _) => muitos,
    };
    format!("{count} {unit}")
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            letter => escaped.push(letter),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    const KINDS: [MailKind; 5] = [
        MailKind::VerifyEmail,
        MailKind::ResetPassword,
        MailKind::EmailChangeRequested,
        MailKind::EmailChanged,
        MailKind::PasswordReset,
    ];
    const LANGUAGES: [Language; 2] = [Language::English, Language::Portuguese];

    fn values<'a>(name: &'a str, link: &'a str) -> Values<'a> {
        Values { name, email: "joao@example.com", link, minutes: 60 }
    }

    #[test]
    fn every_template_has_a_subject_and_is_filled() {
        for kind in KINDS {
            for language in LANGUAGES {
                let content =
                    fill(kind, language, &values("João", "https://shop.example/x#token=T"));
                assert!(!content.subject.is_empty() && !content.subject.contains('{'));
                for body in [&content.text, &content.html] {
                    assert!(!body.contains("{{") && !body.contains("}}"), "{kind:?}: {body}");
                    assert!(body.contains("João"), "{kind:?}: {body}");
                    let has_link = matches!(kind, MailKind::VerifyEmail | MailKind::ResetPassword);
                    assert_eq!(body.contains("#token=T"), has_link, "{kind:?}: {body}");
                }
            }
        }
    }

    #[test]
    fn languages_differ_in_every_template() {
        for kind in KINDS {
            let [one, other] = LANGUAGES.map(|language| fill(kind, language, &values("x", "y")));
            assert_ne!(one.subject, other.subject);
            assert_ne!(one.text, other.text);
        }
    }

    #[test]
    fn values_are_escaped_in_html_and_are_no_templates() {
        let name = "<script>alert('&')</script> {{link}}";
        let content =
            fill(MailKind::VerifyEmail, Language::English, &values(name, "https://x/?a=1&b=\""));
        assert!(content.text.contains(name));
        assert!(!content.html.contains("<script>"), "{}", content.html);
        assert!(
            content.html.contains("&lt;script&gt;alert(&#39;&amp;&#39;)&lt;/script&gt; {{link}}")
        );
        assert!(content.html.contains("href=\"https://x/?a=1&amp;b=&quot;\""), "{}", content.html);
    }

    #[test]
    fn lifetimes_are_said_in_words() {
        assert_eq!(lifetime(60, Language::English), "1 hour");
        assert_eq!(lifetime(1440, Language::Portuguese), "24 horas");
        assert_eq!(lifetime(1, Language::Portuguese), "1 minuto");
        assert_eq!(lifetime(30, Language::English), "30 minutes");
    }
}
