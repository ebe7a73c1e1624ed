use super::*;

#[test]
fn values_are_cast_where_an_assignment_does_not() {
    for (old, new, expected) in [
        ("integer", "bigint", None),
        ("character varying(20)", "character varying(5)", None),
        ("integer", "text", None),
        ("text", "integer", Some("c::integer")),
        (
            "timestamp(3) without time zone",
            "timestamp with time zone",
            Some("c AT TIME ZONE 'UTC'"),
        ),
        ("timestamp with time zone", "date", Some("c AT TIME ZONE 'UTC'")),
        ("bigint", "boolean", Some("c::integer::boolean")),
        ("mood", "other", Some("c::text::other")),
        ("text[]", "integer[]", Some("c::integer[]")),
        ("uuid", "integer", Some("c::text::integer")),
        ("integer", "text[]", Some("CASE WHEN c IS NOT NULL THEN ARRAY[c::text]::text[] END")),
        (
            "integer[]",
            "integer",
            Some("(CASE WHEN array_dims(c) <> '[1:1]' THEN c::text ELSE c[1]::text END)::integer"),
        ),
    ] {
        let conversion = Conversion { column: "c", casts: &Casts::new(), is_way_back: false };
        assert_eq!(conversion.using(old, new, new).as_deref(), expected, "{old} to {new}");
    }
}

#[test]
fn values_are_cast_as_the_server_does() {
    let types = |from: &str, to: &str| (from.to_owned(), to.to_owned());
    let cast = |assigns| ServerCast { assigns, is_own: false };
    let casts = Casts::from([
        (types("box", "polygon"), cast(true)),
        (types("int4range", "int4multirange"), cast(false)),
        (types("pair", "text"), cast(false)),
    ]);
    for (old, new, expected) in [
        ("box", "polygon", "c::polygon"),
        ("box[]", "polygon[]", "c::polygon[]"),
        ("box", "polygon[]", "CASE WHEN c IS NOT NULL THEN ARRAY[c]::polygon[] END"),
        (
            "box[]",
            "polygon",
            "CASE WHEN array_dims(c) <> '[1:1]' THEN c::text::polygon ELSE c[1]::polygon END",
        ),
        ("int4range", "int4multirange", "c::int4multirange"),
        (
            "int4multirange",
            "int4range",
            "(CASE WHEN isempty(c) THEN 'empty' ELSE trim('{}' FROM c::text) END)::int4range",
        ),
        ("pair", "text", "c::text"),
        ("bit(8)", "smallint", "c::integer::smallint"),
        ("bit(8)[]", "smallint[]", "c::integer[]::smallint[]"),
        ("bit varying(8)", "integer", "c::integer"),
        ("money", "integer", "c::numeric::integer"),
    ] {
        let conversion = Conversion { column: "c", casts: &casts, is_way_back: false };
        assert_eq!(conversion.using(old, new, new).as_deref(), Some(expected), "{old}, {new}");
    }
}

#[test]
fn widening_is_told_from_narrowing() {
    for (old, new, expected) in [
        ("integer", "bigint", true),
        ("bigint", "integer", false),
        ("character varying(20)", "character varying(30)", true),
        ("character varying(20)", "character varying(10)", false),
        ("text", "character varying(10)", false),
        ("character varying(10)", "text", true),
        ("numeric(10,2)", "numeric(12,2)", true),
        ("numeric(10,2)", "numeric(10,4)", false),
        ("numeric", "numeric(10,4)", false),
        ("integer", "numeric(12,2)", true),
        ("timestamp(6) without time zone", "timestamp(0) without time zone", false),
        ("timestamp(6) without time zone", "timestamp(0) with time zone", false),
        ("timestamp without time zone", "timestamp with time zone", true),
        ("bit(8)", "bit(16)", false),
        ("text", "integer", false),
        ("integer[]", "bigint[]", true),
    ] {
        assert_eq!(is_widening(old, new), expected, "{old} to {new}");
    }
}
