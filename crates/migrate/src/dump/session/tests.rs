use super::*;

fn sessions(all: &[(&str, &str)]) -> Sessions {
    let session = |&(name, own): &(&str, &str)| {
        let (own, usual) = (own.to_owned(), "USUAL".to_owned());
        let (kind, name) = ("trigger".to_owned(), name.to_owned());
        Session { kind, name, settings: vec![Setting { variable: MODE, own, usual }] }
    };
    Sessions { kept: all.iter().map(session).collect(), fitting: Vec::new() }
}

fn text(sessions: &Sessions, objects: &[(&str, &str)], written: Written) -> String {
    let object = |&(name, sql): &(&str, &str)| SchemaObject {
        kind: "trigger",
        name: name.to_owned(),
        sql: sql.to_owned(),
    };
    let objects: Vec<SchemaObject> = objects.iter().map(object).collect();
    let mut text = String::new();
    sessions.append(&mut text, &objects, written);
    text.replace(";\n\n", ";\n")
}

const OBJECTS: [(&str, &str); 3] = [("a", "A -- one"), ("b", "B"), ("c", "C")];

#[test]
fn usual_sessions_are_not_written() {
    let usual = sessions(&[("a", "USUAL"), ("b", "USUAL"), ("c", "USUAL")]);
    assert_eq!(text(&usual, &OBJECTS, Written::Varied), "A -- one\n;\nB;\nC;\n");
}

#[test]
fn session_is_given_back_behind_those_that_share_it() {
    let some = sessions(&[("a", "ANSI"), ("b", "ANSI"), ("c", "USUAL")]);
    let begun = "SET @previous_sql_mode = @@sql_mode;\nSET sql_mode = ";
    let ended = "SET sql_mode = @previous_sql_mode;\n";
    let first = format!("{begun}'ANSI';\nA -- one\n;\nB;\n{ended}");
    assert_eq!(text(&some, &OBJECTS, Written::Unusual), format!("{first}C;\n"));
    let all = format!("{first}{begun}'USUAL';\nC;\n{ended}");
    assert_eq!(text(&some, &OBJECTS, Written::Varied), all);
}

#[test]
fn drift_says_what_it_is_of() {
    let (files, live) = (sessions(&[("a", "USUAL")]), sessions(&[("a", "ANSI_QUOTES")]));
    let object =
        |sql: &str| [SchemaObject { kind: "trigger", name: "a".to_owned(), sql: sql.to_owned() }];
    let [drift] = files.drift(&live, &object("SET @a = \"b\"")).try_into().unwrap();
    assert_eq!(drift.object, "sql_mode of trigger a");
    assert_eq!(drift.found.as_deref(), Some("SET sql_mode = 'ANSI_QUOTES'"));
    assert_eq!(files.drift(&live, &object("SET @a = 1")), [], "without quotes it reads the same");
    assert_eq!(files.drift(&files, &object("SET @a = \"b\"")), []);
}
