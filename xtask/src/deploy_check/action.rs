//! The action `migrate`, run as a workflow would, on a repository and a database of its own.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::verdict;
use crate::command::capture;
use crate::failure::{Doing as _, Failure};
use crate::workspace::{build_migrate, root};

const FIRST: &str = "migrations/20260101000000_create_a.up.sql";
const SECOND: &str = "migrations/20260102000000_create_b.up.sql";

const FOREIGN: &str = "migrations/20260103000000_create_c_à.up.sql";

/// What lint ends with an error for.
const BAD: &str = "migrations/20260104000000_create_d.up.sql";

/// Quotes and backslashes are for nobody to read as their own.
const TITLE: &str = r#"The "accounts" \ all"#;

/// Stands in for GitHub's command line: keeps what it is told, and lists somebody else's comment, and its own once that was made.
const GH: &str = r#"#!/usr/bin/env bash
echo "$*" >>"$GH_LOG"
[ -z "${GH_REFUSES:-}" ] || { echo "gh: HTTP 403" >&2; exit 1; }
line="<!-- migrate: ${MIGRATE_TITLE//\\/\\\\} -->"
case "$*" in
  *graphql*) echo 'github-actions[bot]' ;;
  *"--paginate"*)
    printf '12\tmallory\t%s\n' "$line"
    [ ! -e "$GH_LOG.made" ] || printf '77\tgithub-actions[bot]\t%s\n' "$line" ;;
  *"--method POST"*) touch "$GH_LOG.made" ;;
esac
"#;

/// Stands in for a runner whose migration fails.
const FAILING: &str = r#"#!/usr/bin/env bash
[ "$1" != upgrade ] || { echo "error: no such table" >&2; exit 6; }
"#;

const AUTHOR: [&str; 4] = ["-c", "user.name=a", "-c", "user.email=a@example.com"];

/// Stands in for a runner that has much to say.
const LOUD: &str = "#!/usr/bin/env bash\nprintf 'a line of its report\\n%.0s' {1..20000}\n";

pub(super) fn check() -> Result<(), Failure> {
    let scene = Scene::set()?;
    let first = first(&scene)?;
    let mut problems = Vec::new();
    let mut expect = |holds: bool, what: &str, said: &Said| {
        if !holds {
            problems.push(format!("{what}: exit {:?}\n{}", said.code, said.text));
        }
    };

    let lint = scene.act("lint")?;
    expect(lint.code == Some(0), "lint of sound files is no success", &lint);
    scene.write(SECOND, "CREATE TABLE b (id INTEGER);\n")?;
    scene.write(FIRST, "CREATE TABLE a (id INTEGER, name TEXT);\n")?;
    let changed = scene.act("lint")?;
    let is_told = changed.code == Some(10)
        && changed.text.contains(&format!("file={FIRST}::a released migration"));
    expect(is_told, "a released file that was changed is not told", &changed);

    let plan = scene.act("plan")?;
    let is_made = plan.code == Some(0) && plan.text.contains("2 pending") && plan.calls("POST");
    expect(is_made, "the plan is no comment", &plan);
    let apply = scene.act("apply")?;
    expect(apply.code == Some(0), "the migrations are not applied", &apply);
    let again = scene.act("plan")?;
    let is_renewed = again.text.contains("Nothing is pending")
        && again.calls("PATCH repos/o/r/issues/comments/77");
    expect(is_renewed, "the comment is not renewed", &again);

    let loud = scene.act_with("apply", &scene.path().join("bin/loud"), &[])?;
    let is_whole = loud.code == Some(0) && loud.text.matches("exit-code=0").count() == 2;
    expect(is_whole, "a runner that says much is no success", &loud);

    scene.write(FOREIGN, "CREATE TABLE c (id INTEGER);\n")?;
    scene.commit("c")?;
    scene.write(FOREIGN, "CREATE TABLE c (id INTEGER, name TEXT);\n")?;
    let foreign = scene.act("lint")?;
    let is_told = foreign.text.contains(&format!("file={FOREIGN}::a released migration"));
    expect(is_told, "a released file with a name beyond ASCII is not told", &foreign);

    let refusals = refusals(&scene)?;
    let told = first.iter().chain(&refusals);
    told.clone().for_each(|(holds, what, said)| expect(*holds, what, said));
    let said = [&lint, &changed, &plan, &apply, &again, &loud, &foreign];
    let mut said = said.into_iter().chain(told.map(|(.., said)| said));
    if said.any(|said| said.text.contains("hunter2")) {
        problems.push("the token is shown".to_owned());
    }
    verdict(&problems)
}

/// The first migrations: the base has no folder for them. And those that the image brings: what lies in a folder `migrations`, or where
/// `MIGRATIONS_DIR` says, is none of them.
fn first(scene: &Scene) -> Result<[Told; 2], Failure> {
    let first = scene.act_with("lint", &scene.binary, &[("MIGRATE_BASE", "nothing")])?;
    scene.write(BAD, "SELECT 1 /* never ends; SELECT 2;\n")?;
    let folder = scene.path().join("migrations");
    let ours = [("MIGRATE_DIR", ""), ("MIGRATIONS_DIR", &*folder.to_string_lossy())];
    let image = scene.act_with("lint", &scene.binary, &ours)?;
    let shown = scene.act("lint")?;
    std::fs::remove_file(scene.path().join(BAD)).doing("taking it away")?;
    let is_seen = shown.code != Some(0);
    let holds = |said: &Said| said.code == Some(0) && !said.text.contains("file=migrations/");
    Ok([
        (holds(&first), "lint of the first migrations", first),
        (holds(&image) && is_seen, "lint of the image's migrations, beside bad ones", image),
    ])
}

/// What is refused is told where people look, and the steps that follow know of it.
fn refusals(scene: &Scene) -> Result<[Told; 2], Failure> {
    let plan = scene.act_with("plan", &scene.binary, &[("GH_REFUSES", "1")])?;
    let is_told = plan.code == Some(1)
        && plan.text.contains("could not be written as a comment")
        && plan.output.ends_with("pending=1\nexit-code=0\n");
    let apply = scene.act_with("apply", &scene.path().join("bin/failing"), &[])?;
    let is_shown = apply.code == Some(6) && apply.summary.contains("error: no such table");
    Ok([(is_told, "a refused comment", plan), (is_shown, "a failed apply", apply)])
}

/// Whether what was expected holds, what that is, and what the step said.
type Told = (bool, &'static str, Said);

/// What a step printed, what it told GitHub, and its exit code.
struct Said {
    text: String,
    summary: String,
    output: String,
    code: Option<i32>,
}

impl Said {
    fn calls(&self, what: &str) -> bool {
        self.text.lines().any(|line| line.starts_with("gh: ") && line.contains(what))
    }
}

/// A repository with one released migration, an SQLite file, and a stand-in for `gh`.
struct Scene {
    folder: tempfile::TempDir,
    binary: PathBuf,
}

impl Scene {
    fn set() -> Result<Self, Failure> {
        let folder = tempfile::tempdir().doing("making a repository")?;
        let scene = Self { folder, binary: build_migrate()? };
        std::fs::create_dir_all(scene.path().join("bin")).doing("making folders")?;
        std::fs::create_dir_all(scene.path().join("migrations")).doing("making folders")?;
        for (name, text) in [("bin/gh", GH), ("bin/loud", LOUD), ("bin/failing", FAILING)] {
            scene.write(name, text)?;
            capture(Command::new("chmod").arg("+x").arg(scene.path().join(name)))?;
        }
        scene.write(FIRST, "CREATE TABLE a (id INTEGER);\n")?;
        scene.write("migrations/20260101000000_create_a.down.sql", "DROP TABLE a;\n")?;
        scene.git(&["init", "--quiet"])?;
        scene.git(&[&AUTHOR[..], &["commit", "--quiet", "--allow-empty", "-m", "b"]].concat())?;
        scene.git(&["branch", "nothing"])?;
        scene.commit("a")?;
        Ok(scene)
    }

    /// Releases the migrations as they are.
    fn commit(&self, message: &str) -> Result<(), Failure> {
        self.git(&["add", "migrations"])?;
        self.git(&[&AUTHOR[..], &["commit", "--quiet", "-m", message]].concat())?;
        self.git(&["branch", "--force", "released"])
    }

    fn git(&self, arguments: &[&str]) -> Result<(), Failure> {
        capture(Command::new("git").current_dir(self.path()).args(arguments)).map(drop)
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn write(&self, name: &str, text: &str) -> Result<(), Failure> {
        std::fs::write(self.path().join(name), text).doing(format!("writing {name}"))
    }

    /// Runs the action's script with one of its commands.
    fn act(&self, command: &str) -> Result<Said, Failure> {
        self.act_with(command, &self.binary, &[])
    }

    fn act_with(
        &self,
        command: &str,
        binary: &Path,
        more: &[(&str, &str)],
    ) -> Result<Said, Failure> {
        let file = |name: &str| self.path().join(format!("{command}.{name}"));
        let search = std::env::var("PATH").unwrap_or_default();
        let output = Command::new("bash")
            .arg(root().join(".github/actions/migrate/run.sh"))
            .current_dir(self.path())
            .stdin(Stdio::null())
            .env("PATH", format!("{}:{search}", self.path().join("bin").display()))
            .env("DATABASE_URL", "sqlite:a.db")
            .env("GITHUB_REPOSITORY", "o/r")
            .env("GITHUB_STEP_SUMMARY", file("summary"))
            .env("GITHUB_OUTPUT", file("output"))
            .env("GH_LOG", self.path().join("gh.log"))
            .env("GH_TOKEN", "hunter2")
            .env("PULL_REQUEST", "5")
            .envs([("MIGRATE_COMMAND", command), ("MIGRATE_DIR", "migrations")])
            .envs([("MIGRATE_BASE", "released"), ("MIGRATE_ENGINE", "sqlite")])
            .envs([("MIGRATE_TITLE", TITLE), ("MIGRATE_COMMENT", "true")])
            .env("MIGRATE_BINARY", binary)
            .envs(more.iter().copied())
            .output()
            .doing("running the action")?;
        let read = |path: PathBuf| std::fs::read_to_string(path).unwrap_or_default();
        let calls = read(self.path().join("gh.log"));
        let calls: Vec<String> = calls.lines().map(|line| format!("gh: {line}")).collect();
        let (out, err) = (&output.stdout, &output.stderr);
        let text = [String::from_utf8_lossy(out), String::from_utf8_lossy(err)].concat();
        let (summary, told) = (read(file("summary")), read(file("output")));
        let text = format!("{text}{summary}{told}");
        let text = format!("{text}{}\n", calls.join("\n"));
        Ok(Said { text, summary, output: told, code: output.status.code() })
    }
}
