use std::collections::BTreeMap;

use super::*;

fn renames() -> Renames {
    let table = |one: &str, other: &str| (Name::local(one), Name::local(other));
    let column =
        |of: &str, one: &str, other: &str| ((Name::local(of), one.to_owned()), other.to_owned());
    Renames {
        tables: BTreeMap::from([
            table("admins", "staff"),
            table("guests", "admins"),
            table("d", "docs"),
        ]),
        columns: BTreeMap::from([
            column("docs", "owner", "Holder"),
            column("docs", "city", "town"),
            column("docs", "time", "at"),
            column("docs", "year", "y"),
            column("staff", "id", "no"),
            column("kept", "id", "key"),
            column("kept", "a", "b"),
            column("kept", "b", "a"),
        ]),
        ..Renames::default()
    }
}

fn told(sql: &str) -> Option<String> {
    retold(&renames(), (&Name::local("d"), &Name::local("docs")), sql)
}

fn policy(table: &str, expression: &str) -> String {
    format!("CREATE POLICY owner ON {table} FOR ALL TO app, guests\n    USING ({expression})")
}

#[test]
fn each_name_is_that_of_its_own_table() {
    for (old, new) in [
        ("(owner = 1)", "(\"Holder\" = 1)"),
        (
            "(owner IN ( SELECT admins.id\n FROM admins))",
            "(\"Holder\" IN ( SELECT staff.no\n FROM staff))",
        ),
        (
            "(EXISTS ( SELECT 1 FROM (admins a JOIN guests ON ((a.id = guests.id))) WHERE (a.id = d.owner)))",
            "(EXISTS ( SELECT 1 FROM (staff a JOIN admins ON ((a.no = admins.id))) WHERE (a.no = docs.\"Holder\")))",
        ),
        ("(SELECT kept.id FROM kept, guests g)", "(SELECT kept.key FROM kept, admins g)"),
        ("(d.* IS NOT NULL)", "(docs.* IS NOT NULL)"),
        (
            "COALESCE(owner, admins, 'owner'::text, owner(owner), owner(owner => 1))",
            "COALESCE(\"Holder\", admins, 'owner'::text, owner(\"Holder\"), owner(owner => 1))",
        ),
        ("(m IS DISTINCT FROM owner)", "(m IS DISTINCT FROM \"Holder\")"),
        (
            "(EXISTS ( SELECT FROM guests g WHERE (g.id IS DISTINCT FROM d.owner)))",
            "(EXISTS ( SELECT FROM admins g WHERE (g.id IS DISTINCT FROM docs.\"Holder\")))",
        ),
        (
            "(EXTRACT(year FROM year) > EXTRACT(year FROM owner))",
            "(EXTRACT(year FROM y) > EXTRACT(year FROM \"Holder\"))",
        ),
        ("(TRIM(BOTH FROM owner) = city)", "(TRIM(BOTH FROM \"Holder\") = town)"),
        ("SUBSTRING(nm FROM owner FOR owner)", "SUBSTRING(nm FROM \"Holder\" FOR \"Holder\")"),
        ("((addr).city = 'x'::text)", "((addr).city = 'x'::text)"),
        (
            "(\"time\" > ('x'::text)::timestamp(3) without time zone AND owner > 'x'::timestamp without time zone)",
            "(at > ('x'::text)::timestamp(3) without time zone AND \"Holder\" > 'x'::timestamp without time zone)",
        ),
        ("(owner = '1 y'::interval year to month)", "(\"Holder\" = '1 y'::interval year to month)"),
        (
            "(EXISTS ( SELECT 1 FROM admins a WHERE (a.id = 1)) OR EXISTS ( SELECT 1 FROM guests a WHERE (a.id = 1)))",
            "(EXISTS ( SELECT 1 FROM staff a WHERE (a.no = 1)) OR EXISTS ( SELECT 1 FROM admins a WHERE (a.id = 1)))",
        ),
        (
            "(m = ( SELECT max(guests.id) AS owner FROM guests))",
            "(m = ( SELECT max(admins.id) AS owner FROM admins))",
        ),
        (
            "(EXISTS ( SELECT FROM d d_1 WHERE (d_1.owner = d.owner)))",
            "(EXISTS ( SELECT FROM docs d_1 WHERE (d_1.\"Holder\" = docs.\"Holder\")))",
        ),
    ] {
        assert_eq!(told(&policy("d", old)), Some(policy("docs", new)));
    }
}

#[test]
fn text_of_which_not_all_can_be_told_is_none() {
    for expression in [
        "EXISTS ( SELECT FROM ( SELECT guests.id AS owner FROM guests) q WHERE (q.owner = d.owner))",
        "EXISTS ( SELECT FROM unnest(d.l) owner(owner) WHERE (owner.owner = d.m))",
        "EXISTS ( SELECT FROM (kept x JOIN y USING (id)))",
        "EXISTS ( WITH guests AS ( SELECT 1 AS id) SELECT guests.id FROM guests)",
        "EXISTS ( SELECT FROM kept k(id, no) WHERE (k.id = d.m))",
        "EXISTS ( SELECT FROM guests UNION SELECT FROM x)",
        "EXISTS ( SELECT FROM (guests g JOIN x ON (true)) j WHERE (j.id = d.m))",
        "EXISTS ( SELECT FROM guests WHERE EXISTS ( SELECT FROM x admins WHERE (admins.id = guests.id)))",
        "((f(m)).a = 1)",
        "(owner = ('guests'::regclass)::oid)",
        "(NULL::d IS NULL AND owner)",
    ] {
        assert_eq!(told(&policy("d", expression)), None, "{expression}");
    }
    // Nothing of it is renamed.
    let stays = "EXISTS ( WITH q AS ( SELECT 1 AS id) SELECT q.id FROM q UNION SELECT x.b FROM x)";
    assert_eq!(told(&policy("d", stays)), Some(policy("docs", stays)));
}

#[test]
fn roles_and_names_of_their_own_stay() {
    for (old, new) in [
        ("REVOKE ALL ON TABLE d FROM admins", "REVOKE ALL ON TABLE docs FROM admins"),
        (
            "REVOKE ALL ON SEQUENCE d_id_seq FROM owner",
            "REVOKE ALL ON SEQUENCE d_id_seq FROM owner",
        ),
        ("GRANT SELECT (owner) ON d TO owner, d", "GRANT SELECT (\"Holder\") ON docs TO owner, d"),
        ("ALTER TABLE d OWNER TO d", "ALTER TABLE docs OWNER TO d"),
        ("ALTER TABLE d CLUSTER ON owner", "ALTER TABLE docs CLUSTER ON owner"),
        ("DROP POLICY d ON d", "DROP POLICY d ON docs"),
        ("COMMENT ON POLICY d ON d IS 'd ON d'", "COMMENT ON POLICY d ON docs IS 'd ON d'"),
        ("DROP STATISTICS d", "DROP STATISTICS d"),
        (
            "CREATE STATISTICS d (mcv) ON owner, m, EXTRACT(year FROM \"time\") FROM d",
            "CREATE STATISTICS d (mcv) ON \"Holder\", m, EXTRACT(year FROM at) FROM docs",
        ),
        (
            "ALTER PUBLICATION d ADD TABLE d (owner, m) WHERE ((owner > 3))",
            "ALTER PUBLICATION d ADD TABLE docs (\"Holder\", m) WHERE ((\"Holder\" > 3))",
        ),
        ("ALTER PUBLICATION d DROP TABLE d", "ALTER PUBLICATION d DROP TABLE docs"),
    ] {
        assert_eq!(told(old).as_deref(), Some(new));
    }
}
