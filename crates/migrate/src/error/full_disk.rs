/// The disk that is full, if that is what the server says.
pub(crate) fn named(code: &str, message: &str) -> Option<&'static str> {
    match code {
        // SQLITE_FULL.
        "13" => Some("the disk that holds the database's file, or raise its `max_page_count`"),
        // disk_full; ER_DISK_FULL, ER_DISK_FULL_NOWAIT.
        "53100" | "1021" | "3675" => Some("the server's disk"),
        // ER_RECORD_FILE_FULL.
        "1114" => Some("the server's disk or, for a table in memory, raise max_heap_table_size"),
        // EE_WRITE, ER_CANT_CREATE_TABLE, ER_ERROR_ON_WRITE, ER_GET_ERRNO: whatever the system said.
        "3" | "1005" | "1026" | "1030" if has_no_space(message) => Some("the server's disk"),
        _ => None,
    }
}

/// Whether the system's number that the message gives is ENOSPC.
fn has_no_space(message: &str) -> bool {
    ["error 28 ", "errno: 28 ", "errno 28 ", "Errcode: 28 "].iter().any(|it| message.contains(it))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_disk_is_told_from_other_errors_of_the_system() {
        assert!(
            named("1030", "Got error 28 \"No space left on device\" from storage engine InnoDB")
                .is_some()
        );
        assert!(named("1030", "Got error 168 - 'Unknown (generic) error' from engine").is_none());
        assert!(
            named("3", "Error writing file '/tmp/ML' (Errcode: 28 \"No space left on device\")")
                .is_some()
        );
        assert!(named("3", "access permission denied").is_none());
        assert!(named("53100", "could not extend file").is_some());
    }
}
