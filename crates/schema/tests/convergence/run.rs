use artisan_schema::ddl::{Script, Statement, Style, scripts, untold};
use artisan_schema::difference::{Difference, Renames};
use artisan_schema::model::Schema;
use artisan_schema::{Annotations, Scope, read};
use artisan_testkit::TestDatabase;

use crate::case::Case;
use crate::catalog;

/// Runs a case: `here` is changed, `there` is what it is to become.
///
/// # Errors
/// What was not as it has to be, with the statements that were written.
pub(crate) async fn run(
    case: &Case,
    here: &TestDatabase,
    there: &TestDatabase,
    style: Style,
) -> Result<(), String> {
    catalog::execute(here, case.from).await.map_err(|error| format!("from: {error}"))?;
    catalog::execute(here, case.rows).await.map_err(|error| format!("rows: {error}"))?;
    catalog::execute(there, case.to).await.map_err(|error| format!("to: {error}"))?;
    let before = catalog::printed(here).await;
    let kept = kept(case, here).await;
    let original = schema(here).await?;
    let wanted = schema(there).await?;
    let (from, to) = catalog::settled(there, original.clone(), wanted.clone()).await?;
    let renames = renames(case, &to);
    let up = Difference::between(&from, &to, &renames);
    if up.is_empty() && !case.written.is_empty() {
        return Err("nothing differs".to_owned());
    }
    let back = Difference::between(&to, &from, &up.renames.inverted());
    let scripts = scripts(&up, &back, style);
    let told = told(&scripts);
    if !case.unforeseen {
        check_words(case, &scripts).map_err(|failure| format!("{failure}\n{told}"))?;
    }
    match untold(&up, &back, &scripts) {
        Some(_) if case.is_untold => return Ok(()),
        None if !case.is_untold => {}
        other => return Err(format!("untold: {other:?}\n{told}")),
    }
    if let Some(said) = case.refused {
        return refused(here, &scripts, said).await.map_err(|failure| format!("{failure}\n{told}"));
    }
    for pass in ["first", "second"] {
        let at = |failure: String| format!("{pass} pass, {failure}\n{told}");
        for script in &scripts {
            catalog::apply(here, script, &script.up).await.map_err(at)?;
        }
        converged(here, there, &wanted)
            .await
            .map_err(|left| at(format!("up does not converge: {left}")))?;
        same_rows(case, here, kept.as_deref(), "up").await.map_err(at)?;
        if pass == "second" {
            break;
        }
        for script in scripts.iter().rev() {
            let done = catalog::apply(here, script, &script.down).await;
            done.map_err(|failure| at(format!("way back: {failure}")))?;
        }
        let after = catalog::printed(here).await;
        if case.exception.is_none() && after != before {
            return Err(at(format!(
                "down leaves another catalog:\n{}",
                catalog::differing(&before, &after)
            )));
        }
        let now = schema(here).await?;
        if case.exception.is_none() {
            same(&now, &original)
                .map_err(|left| at(format!("down leaves another schema: {left}")))?;
        }
        same_rows(case, here, kept.as_deref(), "down").await.map_err(at)?;
    }
    Ok(())
}

/// # Errors
/// That the way up took all rows, or failed on something else.
async fn refused(here: &TestDatabase, scripts: &[Script], said: &str) -> Result<(), String> {
    for script in scripts {
        if let Err(error) = catalog::apply(here, script, &script.up).await {
            let is_said = error.contains(said);
            return if is_said { Ok(()) } else { Err(format!("`{said}` is not said: {error}")) };
        }
    }
    Err("no row was refused".to_owned())
}

fn renames(case: &Case, to: &Schema) -> Renames {
    Annotations::parse(to.dialect, case.to).expect("the annotations of the case").renames
}

/// What is read of a database.
pub(crate) async fn schema(database: &TestDatabase) -> Result<Schema, String> {
    let scope = Scope::application();
    read(&database.plain_url(), &scope).await.map_err(|error| format!("reading: {error:?}"))
}

/// # Errors
/// In what `here` is not what was read of `there`, once expressions that mean the same have the same words.
async fn converged(
    here: &TestDatabase,
    there: &TestDatabase,
    wanted: &Schema,
) -> Result<(), String> {
    let now = schema(here).await?;
    let (now, to) = catalog::settled(there, now, wanted.clone()).await?;
    same(&now, &to)
}

/// # Errors
/// What would still be written to make one of the other.
fn same(now: &Schema, to: &Schema) -> Result<(), String> {
    let left = Difference::between(now, to, &Renames::default());
    if left.is_empty() {
        return Ok(());
    }
    let back = Difference::between(to, now, &Renames::default());
    Err(told(&scripts(&left, &back, Style::default())))
}

fn check_words(case: &Case, scripts: &[Script]) -> Result<(), String> {
    let up = || scripts.iter().flat_map(|script| &script.up);
    let sql: String = up().map(|statement| statement.sql.clone() + ";\n").collect();
    if let Some(lacking) = case.written.iter().find(|words| !sql.contains(**words)) {
        return Err(format!("`{lacking}` is not written"));
    }
    if let Some(found) = case.not_written.iter().find(|words| sql.contains(**words)) {
        return Err(format!("`{found}` is written"));
    }
    let loses = up().any(|statement| statement.loses.is_some());
    if case.loses.is_some_and(|expected| loses != expected) {
        return Err(format!("loss of data: told {loses}, expected otherwise"));
    }
    Ok(())
}

async fn kept(case: &Case, database: &TestDatabase) -> Option<String> {
    match case.kept {
        Some(query) => Some(catalog::rows(database, query).await),
        None => None,
    }
}

async fn same_rows(
    case: &Case,
    database: &TestDatabase,
    expected: Option<&str>,
    way: &str,
) -> Result<(), String> {
    let now = kept(case, database).await;
    if now.as_deref() == expected {
        return Ok(());
    }
    Err(format!("{way} changed the rows: {expected:?} became {now:?}"))
}

fn told(scripts: &[Script]) -> String {
    let lines = |way: &str, statements: &[Statement]| -> String {
        let lines = statements.iter().map(|one| format!("  {way}: {}\n", one.sql));
        lines.collect()
    };
    let both = scripts.iter().map(|one| lines("up", &one.up) + &lines("down", &one.down));
    both.collect()
}
