use super::Reach;
use super::words::Words;

/// `GRANT` and `REVOKE` of `MySQL` and `MariaDB`: only rights on a table of the database in use stay in it.
pub(super) fn reach(words: &Words<'_>, at: usize) -> Option<Reach> {
    let end = words.end(at);
    let on = (at..end).find(|at| words.is(*at, "ON"));
    let Some(on) = on else { return Some(Reach::server("it gives or takes roles or all rights")) };
    let is_kind = words.is_any(on + 1, &["TABLE", "FUNCTION", "PROCEDURE", "PACKAGE"]);
    let name = on + 1 + usize::from(is_kind) + usize::from(words.is(on + 2, "BODY"));
    let is_elsewhere = words.is_sign(name + 1, ".") || words.is(at + 1, "PROXY");
    if is_elsewhere {
        let what = "its rights are on another database, or on the whole server";
        return Some(Reach {
            what: what.to_owned(),
            instead: "name tables without the database's name",
        });
    }
    let changes = ["IDENTIFIED", "REQUIRE"];
    let is_account = (name..end).any(|at| words.is_any(at, &changes));
    is_account.then(|| Reach::server("it changes an account"))
}
