use crate::lint::rule::rules;

rules! {
    MG015, "unknown-waiver", Warning, EVERY,
        "no rule has this code, so nothing is waived",
        "write a code of `migrate lint --list-rules`: `-- lint:allow PG101 the table has ten rows`",
        "docs/lint.md#waivers";
    MG016, "waiver-without-reason", Warning, EVERY,
        "whoever reads the file cannot tell why the rule does not hold, so it still does",
        "write the reason behind the code: `-- lint:allow PG101 the table has ten rows`",
        "docs/lint.md#waivers";
    MG017, "unused-waiver", Info, EVERY,
        "nothing here breaks the rule, and the next change that does would go unseen",
        "delete the line",
        "docs/lint.md#waivers";
}
