//! Times of the predecessor: of UTC, without a zone, as each of its engines writes them.

use time::format_description::BorrowedFormatItem;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{OffsetDateTime, PrimitiveDateTime};

const SECONDS: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day] [hour]:[minute]:[second]");
const FRACTION: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day] [hour]:[minute]:[second].[subsecond]");

/// Reads a time; nothing for dates of zeros and other texts.
pub(super) fn parse(text: &str) -> Option<OffsetDateTime> {
    if let Ok(time) = OffsetDateTime::parse(text, &Rfc3339) {
        return Some(time.to_offset(time::UtcOffset::UTC));
    }
    let text = text.replacen('T', " ", 1);
    let naive = PrimitiveDateTime::parse(&text, SECONDS)
        .or_else(|_| PrimitiveDateTime::parse(&text, FRACTION));
    naive.ok().map(PrimitiveDateTime::assume_utc)
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn every_engines_spelling_is_read() {
        for (text, time) in [
            ("2025-06-12 15:17:19", datetime!(2025-06-12 15:17:19 UTC)),
            ("2025-06-12 15:17:19.647049", datetime!(2025-06-12 15:17:19.647_049 UTC)),
            ("2025-06-12 15:17:19.5", datetime!(2025-06-12 15:17:19.5 UTC)),
            ("2025-06-12T15:17:19.647049", datetime!(2025-06-12 15:17:19.647_049 UTC)),
            ("2025-06-12T12:17:19-03:00", datetime!(2025-06-12 15:17:19 UTC)),
        ] {
            assert_eq!(parse(text), Some(time), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in ["", "0000-00-00 00:00:00", "2025-06-00 00:00:00", "2025-06-12", "yesterday"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
