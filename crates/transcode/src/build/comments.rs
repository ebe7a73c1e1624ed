//! Comments of the proto files, and what they say of limits.

use prost_reflect::FileDescriptor;

/// The comment above the element at a path of the descriptor, paragraphs kept, lines joined, without what
/// it says to [`example`], [`format`] and [`needed`].
pub(super) fn of(file: &FileDescriptor, path: &[i32]) -> Option<String> {
    let text = whole(file, path)?;
    let end = MARKS.iter().filter_map(|mark| text.find(mark)).min().unwrap_or(text.len());
    text.get(..end).map(|text| text.trim_end().to_owned()).filter(|text| !text.is_empty())
}

/// What begins the sentences for programs, which stand at the end: Example: `ana@example.com`.
const MARKS: [&str; 3] = ["Example: `", "Format: `", NEEDS];
const NEEDS: &str = "Needs: `";

/// The example of a field, as its comment gives it.
pub(super) fn example(file: &FileDescriptor, path: &[i32]) -> Option<String> {
    marked(&whole(file, path)?, "Example: `")
}

/// The JSON Schema format of a field, as its comment gives it.
pub(super) fn format(file: &FileDescriptor, path: &[i32]) -> Option<String> {
    marked(&whole(file, path)?, "Format: `")
}

/// What the message of a field must have there, by proto names, one of each group: the groups of
/// ``Needs: `password`, `artisan` or `buyer`.``
pub(super) fn needed(file: &FileDescriptor, path: &[i32]) -> Vec<Vec<String>> {
    whole(file, path).map_or_else(Vec::new, |text| groups(&text))
}

fn groups(text: &str) -> Vec<Vec<String>> {
    let Some(at) = text.find(NEEDS) else { return Vec::new() };
    let rest = text.get(at..).unwrap_or_default();
    let sentence = rest.split_once('.').map_or(rest, |(sentence, _)| sentence);
    let names = |group: &str| {
        group.split('`').skip(1).step_by(2).map(ToOwned::to_owned).collect::<Vec<_>>()
    };
    sentence.split(',').map(names).filter(|group| !group.is_empty()).collect()
}

fn marked(text: &str, mark: &str) -> Option<String> {
    let (_, rest) = text.split_once(mark)?;
    rest.split_once('`').map(|(value, _)| value.to_owned())
}

fn whole(file: &FileDescriptor, path: &[i32]) -> Option<String> {
    let info = file.file_descriptor_proto().source_code_info.as_ref()?;
    let location = info.location.iter().find(|location| location.path == path)?;
    let paragraphs: Vec<String> = location
        .leading_comments()
        .split("\n\n")
        .map(|paragraph| {
            paragraph
                .lines()
                .map(str::trim)
                .filter(|line| !line.is_empty())
                .collect::<Vec<_>>()
                .join(" ")
        })
        .filter(|paragraph| !paragraph.is_empty())
        .collect();
    (!paragraphs.is_empty()).then(|| paragraphs.join("\n\n"))
}

/// A lower and an upper bound.
pub(super) type Limits = (Option<u64>, Option<u64>);

/// The limits of a text: `at most 20 characters`, `8 to 64 characters`, `1 or 2 characters`.
pub(super) fn characters(comment: &str) -> Limits {
    let words: Vec<&str> = comment.split_whitespace().collect();
    let limits = words.windows(4).find_map(|window| {
        let [first, second, third, unit] = window else { return None };
        if !unit.starts_with("character") {
            return None;
        }
        let upper = third.parse().ok();
        match (*first, *second) {
            ("at", "most") => upper.map(|upper| (None, Some(upper))),
            (lower, "to" | "or") => Some((lower.parse().ok(), upper)),
            _ => None,
        }
    });
    limits.unwrap_or_default()
}

/// The number that stands for one that is not given: `50 if not given`.
pub(super) fn default_number(comment: &str) -> Option<u64> {
    let words: Vec<&str> = comment.split_whitespace().collect();
    words.windows(4).find_map(|window| match window {
        [number, "if", "not", given] if given.starts_with("given") => number.parse().ok(),
        _ => None,
    })
}

/// The values that a comment gives for a name: `users/{uuid}`, `users/me`.
pub(super) fn names(comment: &str) -> impl Iterator<Item = &str> {
    comment.split('`').skip(1).step_by(2).filter(|name| name.contains('/'))
}

/// How many elements a list may have: `at most 1000`.
pub(super) fn elements(comment: &str) -> Option<u64> {
    let words: Vec<&str> = comment.split_whitespace().collect();
    words.windows(3).find_map(|window| match window {
        ["at", "most", number] => number.trim_end_matches(['.', ',', ';']).parse().ok(),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_for_programs_are_told_apart() {
        let text = "The address. Format: `idn-email`. Example: `ana@example.com`.";
        assert_eq!(marked(text, "Example: `").as_deref(), Some("ana@example.com"));
        assert_eq!(marked(text, "Format: `").as_deref(), Some("idn-email"));
        assert_eq!(default_number("How many: 50 if not given, 1000 at most."), Some(50));
        assert_eq!(default_number("The order: `email` (if not given)."), None);
        let text = "The user. Needs: `password`, `artisan` or `buyer`. Format: `x`.";
        assert_eq!(groups(text), [vec!["password"], vec!["artisan", "buyer"]]);
        assert!(groups("No needs.").is_empty());
        let given: Vec<_> = names("The name: `users/{uuid}` or `users/me`, not `x`.").collect();
        assert_eq!(given, ["users/{uuid}", "users/me"]);
    }

    #[test]
    fn limits_are_read_from_the_words_of_the_house() {
        assert_eq!(characters("A number: at most 20 characters."), (None, Some(20)));
        assert_eq!(characters("8 to 64 characters with a digit"), (Some(8), Some(64)));
        assert_eq!(characters("Its code: 1 or 2 characters."), (Some(1), Some(2)));
        assert_eq!(characters("Cut to 255 characters; at most so."), (None, None));
        assert_eq!(elements("The names, at most 1000."), Some(1000));
        assert_eq!(elements("50 if not given, 1000 at most."), None);
    }
}
