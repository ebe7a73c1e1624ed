#!/usr/bin/env bash
# What the action does, by its inputs as variables MIGRATE_…; works without GitHub as well.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# migrate ARGUMENT...: the program, or the image's. Secrets go by name, so that they are in no list of processes.
migrate() {
  if [ -n "${MIGRATE_BINARY:-}" ]; then
    "$MIGRATE_BINARY" "$@"
    return
  fi
  local given=() name
  for name in DATABASE_URL MIGRATION_DATABASE_URL SCRATCH_DATABASE_URL LOCK_TIMEOUT CONNECT_TIMEOUT DDL_LOCK_TIMEOUT DDL_RETRY_FOR; do
    [ -z "${!name:-}" ] || given+=(--env "$name")
  done
  docker run --rm --network host --user "$(id -u):$(id -g)" --volume "$PWD:$PWD" --volume "$work:$work" \
    --workdir "$PWD" "${given[@]}" "$MIGRATE_IMAGE" "$@"
}

# output NAME VALUE, for the steps that follow.
output() {
  echo "$1=$2" >>"${GITHUB_OUTPUT:-/dev/null}"
}

# summary, of standard input: into the job's page, or shown.
summary() {
  if [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then
    cat >>"$GITHUB_STEP_SUMMARY"
  else
    cat
  fi
}

# fenced, of standard input: as it is, behind more backticks than any SQL has, and shorter than a comment may be.
fenced() {
  local fence="\`\`\`\`\`\`"
  # Read to its end: who writes into a closed pipe is ended, and with it the step.
  printf '\n%stext\n%s\n%s\n' "$fence" "$(head -c 50000; cat >/dev/null)" "$fence"
}

# keep CODE: the step ends as the runner did.
keep() {
  output exit-code "$1"
  exit "$1"
}

folder=()
# The runner would take its folder from there.
[ -n "${MIGRATE_DIR:-}" ] || unset MIGRATIONS_DIR
[ -z "${MIGRATE_DIR:-}" ] || folder=(--dir "$MIGRATE_DIR")
engine=()
[ -z "${MIGRATE_ENGINE:-}" ] || engine=(--engine "$MIGRATE_ENGINE")
phase=()
[ -z "${MIGRATE_PHASE:-}" ] || phase=(--phase "$MIGRATE_PHASE")

# The checksums of released files are in databases: none of them may change or go.
changed_files() {
  local bad=0 status file fork
  fork=$(git merge-base "$MIGRATE_BASE" HEAD) || {
    echo "::error::$MIGRATE_BASE and HEAD have no commit in common here: check out with fetch-depth: 0"
    return 2
  }
  # With -z names are as they are; else git writes those beyond ASCII in quotes.
  git diff --no-renames --diff-filter=MD --name-status -z "$fork" -- "$MIGRATE_DIR" >"$work/changed" || return 2
  while IFS= read -r -d '' status && IFS= read -r -d '' file; do
    case "$file" in *.sql) ;; *) continue ;; esac
    case "$file" in */schema.sql | *.down.sql) continue ;; esac
    echo "::error file=$file::a released migration must stay as it is ($status): its checksum is in the databases; write a new revision"
    bad=10
  done <"$work/changed"
  return "$bad"
}

lint() {
  local code=0 base=()
  if [ -z "${MIGRATE_DIR:-}" ]; then
    if [ -n "${MIGRATE_BASE:-}" ]; then
      echo "::notice::base is not looked at: without dir the files are those that the image brings"
    fi
    # Where a folder `migrations` is, the runner would look at that.
    case "${MIGRATE_BINARY:-}" in */*) MIGRATE_BINARY=$(realpath "$MIGRATE_BINARY") ;; esac
    mkdir "$work/empty"
    cd "$work/empty"
  elif [ -n "${MIGRATE_BASE:-}" ]; then
    changed_files || code=$?
    # The image has no git.
    mkdir -p "$work/base/$MIGRATE_DIR"
    # The first migrations have no folder in the base.
    if [ -n "$(git ls-tree "$MIGRATE_BASE" -- "$MIGRATE_DIR")" ]; then
      git archive "$MIGRATE_BASE" -- "$MIGRATE_DIR" | tar -x -C "$work/base"
    fi
    base=(--base "$work/base/$MIGRATE_DIR")
  fi
  migrate lint "${folder[@]}" "${engine[@]}" "${base[@]}" --format github || code=$?
  keep "$code"
}

# sticky FILE: the one comment of this title, made or renewed. Only one of our own: whoever else wrote such a line could change what
# stands below it.
sticky() {
  local mark="<!-- migrate: ${MIGRATE_TITLE} -->" comments="repos/$GITHUB_REPOSITORY/issues/$PULL_REQUEST/comments"
  local own found author line id=""
  printf '%s\n' "$mark" | cat - "$1" >"$work/body"
  own=$(gh api graphql --field query='{ viewer { login } }' --jq .data.viewer.login) || return
  gh api --paginate "$comments" \
    --jq '.[] | [.id, .user.login, (.body | split("\n") | first // "" | rtrimstr("\r"))] | @tsv' >"$work/comments" || return
  # @tsv doubles backslashes.
  while IFS=$'\t' read -r found author line; do
    if [ -z "$id" ] && [ "$author" = "$own" ] && [ "$line" = "${mark//\\/\\\\}" ]; then
      id=$found
    fi
  done <"$work/comments"
  if [ -n "$id" ]; then
    gh api --silent --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$id" --field body=@"$work/body"
  else
    gh api --silent --method POST "$comments" --field body=@"$work/body"
  fi
}

plan() {
  local code=0 pending
  # With an engine it would plan for an empty database, whatever there is.
  [ -z "${DATABASE_URL:-}${MIGRATION_DATABASE_URL:-}" ] || engine=()
  migrate plan "${MIGRATE_TARGET:-head}" "${folder[@]}" "${engine[@]}" "${phase[@]}" >"$work/plan" 2>"$work/errors" || code=$?
  cat "$work/errors" >&2
  # A revision's line is not indented, and begins with its version.
  pending=$(grep -cE '^[0-9]+ ' "$work/plan" || true)
  {
    echo "### ${MIGRATE_TITLE:-Migrations}"
    echo
    if [ "$code" != 0 ]; then
      echo "\`migrate plan\` ended with exit code $code:"
      cp "$work/errors" "$work/plan"
    elif [ "$pending" = 0 ]; then
      echo "Nothing is pending."
    else
      echo "$pending pending:"
    fi
    [ ! -s "$work/plan" ] || fenced <"$work/plan"
  } >"$work/report"
  summary <"$work/report"
  output pending "$pending"
  output exit-code "$code"
  if [ "${MIGRATE_COMMENT:-}" = true ] && [ -n "${PULL_REQUEST:-}" ]; then
    sticky "$work/report" || {
      echo "::error::the plan stands in the job's summary, and could not be written as a comment: the token needs pull-requests: write, which no pull request from a fork has; comment: false leaves it out"
      [ "$code" != 0 ] || exit 1
    }
  fi
  exit "$code"
}

apply() {
  local code=0
  # Both as they come, and each kept.
  {
    migrate upgrade "${MIGRATE_TARGET:-head}" "${folder[@]}" "${phase[@]}" 2>&1 1>&3 | tee "$work/errors" >&2
  } 3>&1 | tee "$work/applied" || code=$?
  {
    echo "### ${MIGRATE_TITLE:-Migrations}"
    if [ "$code" != 0 ]; then
      echo
      echo "\`migrate upgrade\` ended with exit code $code:"
      fenced <"$work/errors"
    fi
    { cat "$work/applied"; migrate current "${folder[@]}" 2>&1 || true; } | fenced
  } | summary
  keep "$code"
}

case "$MIGRATE_COMMAND" in
  lint | plan | apply) "$MIGRATE_COMMAND" ;;
  *)
    echo "::error::command is $MIGRATE_COMMAND, not lint, plan or apply"
    exit 2
    ;;
esac
