use super::super::Reach;
use super::super::words::Words;

/// Functions that work on the whole server, on its files, or on another database, and changes of the
/// catalogs that all databases share.
pub(super) fn reach(words: &Words<'_>, from: usize) -> Option<Reach> {
    let is_confined = words.has(from, "current_database");
    (from..words.len()).find_map(|at| {
        if is_write(words, at) {
            return Some(Reach::server("it changes a catalog that all databases share"));
        }
        if !words.is_sign(at + 1, "(") || is_named(words, at) {
            return None;
        }
        let name = words.upper(at).to_lowercase();
        match name.as_str() {
            "lo_export" | "pg_file_write" | "pg_file_unlink" | "pg_file_rename" => {
                Some(Reach::file(format!("{name} works on files of the server")))
            }
            "dblink" | "dblink_exec" | "dblink_connect" | "dblink_connect_u" | "dblink_open"
            | "dblink_send_query" => {
                Some(Reach::database(format!("{name} works on another database")))
            }
            // Where it asks for the database's own sessions, the scratch has none.
            "pg_terminate_backend" | "pg_cancel_backend" if is_confined => None,
            _ if SERVER.contains(&name.as_str()) => {
                Some(Reach::server(format!("{name} works on the whole server")))
            }
            _ => None,
        }
    })
}

const SERVER: [&str; 12] = [
    "pg_terminate_backend",
    "pg_cancel_backend",
    "pg_reload_conf",
    "pg_rotate_logfile",
    "pg_switch_wal",
    "pg_promote",
    "pg_create_physical_replication_slot",
    "pg_create_logical_replication_slot",
    "pg_drop_replication_slot",
    "pg_replication_origin_create",
    "pg_replication_origin_drop",
    "pg_create_restore_point",
];

/// `CREATE TABLE dblink (`, `INSERT INTO dblink (`
fn is_named(words: &Words<'_>, at: usize) -> bool {
    let kinds = ["TABLE", "EXISTS", "INTO", "FUNCTION", "PROCEDURE", "ROUTINE", "ON", "VIEW"];
    at.checked_sub(1).is_some_and(|before| words.is_any(before, &kinds))
}

/// `UPDATE pg_database`, `DELETE FROM ONLY pg_catalog.pg_authid`
fn is_write(words: &Words<'_>, at: usize) -> bool {
    let is_verb = words.is(at, "UPDATE")
        || (words.is(at, "DELETE") && words.is(at + 1, "FROM"))
        || (words.is(at, "INSERT") && words.is(at + 1, "INTO"));
    let mut name = at + if words.is(at, "UPDATE") { 1 } else { 2 };
    name += usize::from(words.is(name, "ONLY"));
    if words.is(name, "pg_catalog") && words.is_sign(name + 1, ".") {
        name += 2;
    }
    is_verb && words.is_any(name, &SHARED)
}

/// <https://www.postgresql.org/docs/current/storage-file-layout.html>: what `global` holds.
const SHARED: [&str; 11] = [
    "pg_authid",
    "pg_auth_members",
    "pg_database",
    "pg_db_role_setting",
    "pg_parameter_acl",
    "pg_replication_origin",
    "pg_shdepend",
    "pg_shdescription",
    "pg_shseclabel",
    "pg_subscription",
    "pg_tablespace",
];
