//! Where targets lead on branched histories, as Alembic 1.20 has it where nothing else is said.

use std::collections::BTreeSet;

use super::*;
use crate::target::Finder;
use crate::{Source, TargetRange};

type Files = &'static [(&'static str, &'static str)];

/// 1 → 2 and 1 → 3 (shop) → 4, merged in 5 → 6.
const MERGED: Files = &[
    ("1_a.sql", ""),
    ("2_b.sql", ""),
    ("3_c.sql", "-- revises: 1\n-- branch: shop\n"),
    ("4_d.sql", ""),
    ("5_e.sql", "-- revises: 2, 4\n"),
    ("6_f.sql", ""),
];

/// 1 → 2 and 1 → 3 (shop) → 4 → 5, where 5 depends on 2.
const FORKED: Files = &[
    ("1_a.sql", ""),
    ("2_b.sql", ""),
    ("3_c.sql", "-- revises: 1\n-- branch: shop\n"),
    ("4_d.sql", ""),
    ("5_e.sql", "-- depends-on: 2\n"),
];

/// 1 (left) → 2 → 5, and 3 (right) → 4, where 4 depends on 1.
const BASES: Files = &[
    ("1_a.sql", "-- branch: left\n"),
    ("2_b.sql", ""),
    ("3_c.sql", "-- revises: base\n-- branch: right\n"),
    ("4_d.sql", "-- depends-on: 1\n"),
    ("5_e.sql", "-- revises: 2\n"),
];

/// 1 → 2 (shop) → 3, 4.
const SPLIT: Files = &[
    ("1_a.sql", ""),
    ("2_b.sql", "-- branch: shop\n"),
    ("3_c.sql", ""),
    ("4_d.sql", "-- revises: 2\n"),
];

fn history(files: Files) -> History {
    History::build(Source::embedded(files.iter().copied())).unwrap()
}

/// The digits of `applied` are the applied versions.
fn standing(applied: &str) -> Standing {
    Standing::assumed(applied.chars().map(|digit| i64::from(digit.to_digit(10).unwrap())))
}

/// The versions as digits, or why not.
fn told(result: Result<Vec<&Revision>, Error>) -> String {
    match result {
        Ok(revisions) => revisions.iter().map(|r| r.version.to_string()).collect(),
        Err(error) => error.reason().to_owned(),
    }
}

fn check(
    name: &str,
    cases: &[(Files, &str, &str, &str)],
    run: impl Fn(&History, &Standing, &str) -> String,
) {
    for (files, applied, target, expected) in cases {
        let found = run(&history(files), &standing(applied), target);
        assert_eq!(&found, expected, "{name} {target} with {applied:?} of {files:?}");
    }
}

#[test]
fn upgrade_goes_where_alembic_goes() {
    let cases = [
        (MERGED, "", "+1", "1"),
        (MERGED, "", "+2", "AMBIGUOUS_STEP"),
        (MERGED, "1", "+1", "AMBIGUOUS_STEP"),
        (MERGED, "12", "+1", "345"),
        (MERGED, "12", "+2", "3456"),
        (MERGED, "12", "+3", "TOO_FAR"),
        (MERGED, "", "shop@+1", "1"),
        (MERGED, "1", "shop@+1", "3"),
        (MERGED, "12", "shop@+1", "3"),
        (MERGED, "12", "shop@+2", "34"),
        (MERGED, "12", "shop@+3", "345"),
        (MERGED, "12", "shop@+9", "TOO_FAR"),
        (MERGED, "12", "shop@head", "3456"),
        (MERGED, "", "shop@head", "123456"),
        (MERGED, "", "3", "13"),
        (MERGED, "", "shop", "13"),
        (MERGED, "1", "3+1", "34"),
        (MERGED, "1", "1+1", "AMBIGUOUS_STEP"),
        (MERGED, "1", "shop@1+1", "3"),
        (MERGED, "12", "5-1", "AMBIGUOUS_STEP"),
        (MERGED, "12", "head-1", "345"),
        (MERGED, "1", "4-1", "3"),
        (MERGED, "1", "shop@2", "NOT_IN_BRANCH"),
        (MERGED, "1", "heads", "23456"),
        (MERGED, "1234", "head", "56"),
        (MERGED, "12345", "2", ""),
        (MERGED, "13", "current", ""),
        (MERGED, "13", "current+1", "4"),
        (MERGED, "12", "base", "WRONG_DIRECTION"),
        (MERGED, "12", "-1", "WRONG_DIRECTION"),
        (MERGED, "12", "shop@-1", "WRONG_DIRECTION"),
        (MERGED, "12", "shop@base", "WRONG_DIRECTION"),
        (MERGED, "12", "1-1", "WRONG_DIRECTION"),
        (FORKED, "", "heads", "12345"),
        (FORKED, "1", "+1", "AMBIGUOUS_STEP"),
        (FORKED, "134", "+1", "25"),
        (FORKED, "13", "5", "245"),
        (FORKED, "134", "shop@head", "25"),
        (FORKED, "1", "2@+1", "2"),
        (FORKED, "12", "2@head", ""),
        (BASES, "", "left@head", "125"),
        (BASES, "", "right@head", "134"),
        (BASES, "", "+1", "AMBIGUOUS_STEP"),
        (BASES, "", "right@+2", "134"),
        (BASES, "1", "right@+1", "3"),
        (BASES, "13", "left@+1", "2"),
        (BASES, "12", "heads", "345"),
        (BASES, "12", "head", "MULTIPLE_HEADS"),
        (SPLIT, "1", "shop@+1", "2"),
        (SPLIT, "12", "shop@+1", "AMBIGUOUS_STEP"),
        (SPLIT, "12", "shop@head", "MULTIPLE_HEADS"),
        (SPLIT, "12", "shop@heads", "34"),
        (SPLIT, "12", "none@head", "UNKNOWN_BRANCH"),
        // Beyond Alembic: what others depend on is no head of its own, and a merge joins several.
        (FORKED, "", "head", "12345"),
        (MERGED, "1234", "+1", "5"),
        (MERGED, "1234", "+2", "56"),
        (MERGED, "123", "+1", "4"),
    ];
    check("upgrade", &cases, |history, standing, target| {
        let target = target.parse().unwrap();
        told(upgrade(history, standing, &target, Phases::All).map(|plan| plan.run))
    });
}

#[test]
fn downgrade_goes_where_alembic_goes() {
    let cases = [
        (MERGED, "123456", "-1", "6"),
        (MERGED, "12345", "-2", "AMBIGUOUS_STEP"),
        (MERGED, "12", "-1", "2"),
        (MERGED, "12", "-2", "21"),
        (MERGED, "12", "-3", "TOO_FAR"),
        (MERGED, "1234", "1", "432"),
        (MERGED, "1234", "3", "4"),
        (MERGED, "1234", "2", ""),
        (MERGED, "12345", "2", "5"),
        (MERGED, "12345", "4", "5"),
        (MERGED, "12345", "shop@1", "543"),
        (MERGED, "1234", "shop@1", "43"),
        (MERGED, "1234", "shop@-1", "4"),
        (MERGED, "1234", "shop@-2", "43"),
        (MERGED, "1234", "base", "4321"),
        (MERGED, "1234", "4-1", "4"),
        (MERGED, "1234", "4-2", "432"),
        (MERGED, "1234", "4-3", "4321"),
        (MERGED, "1234", "4-4", "TOO_FAR"),
        (MERGED, "12", "3", "NOT_APPLIED"),
        (MERGED, "123456", "6-1", "6"),
        (MERGED, "123456", "head-1", "6"),
        (MERGED, "1234", "shop@4-1", "4"),
        (MERGED, "1234", "shop@2", "NOT_IN_BRANCH"),
        (MERGED, "123", "current", ""),
        (MERGED, "12", "current-1", "2"),
        (MERGED, "12", "+1", "WRONG_DIRECTION"),
        (MERGED, "12", "shop@+1", "WRONG_DIRECTION"),
        (MERGED, "12", "heads", "WRONG_DIRECTION"),
        (MERGED, "12", "shop@head", "WRONG_DIRECTION"),
        (FORKED, "12345", "-1", "5"),
        (FORKED, "12345", "-2", "54"),
        (FORKED, "12345", "4", "5"),
        (FORKED, "12345", "3", "54"),
        (FORKED, "12345", "1", "5432"),
        (FORKED, "12345", "shop@-1", "5"),
        (FORKED, "12345", "2@-1", "52"),
        (FORKED, "12345", "1@-1", "5"),
        (FORKED, "12345", "2-1", "5432"),
        (BASES, "12345", "left@base", "5421"),
        (BASES, "12345", "right@base", "43"),
        (BASES, "1234", "left@-1", "2"),
        (BASES, "12345", "right@-1", "4"),
        (BASES, "12345", "left@-3", "5421"),
        (BASES, "134", "left@base", "41"),
        (BASES, "12345", "3", "4"),
        (BASES, "12345", "1", "52"),
        // Stricter than Alembic, which guesses or undoes other branches as well.
        (MERGED, "1234", "-1", "AMBIGUOUS_STEP"),
        (BASES, "123", "-1", "AMBIGUOUS_STEP"),
        (SPLIT, "1234", "shop@-1", "AMBIGUOUS_STEP"),
        (MERGED, "1234", "shop@-3", "TOO_FAR"),
        (MERGED, "1234", "shop@base", "43"),
        (MERGED, "12345", "shop@base", "543"),
        (FORKED, "12345", "shop@base", "543"),
        (MERGED, "12", "shop@base", ""),
        // Beyond Alembic: what depends on a revision that stays is no reason to refuse, and a merge
        // can be undone by itself.
        (FORKED, "12345", "2", ""),
        (MERGED, "12345", "-1", "5"),
    ];
    check("downgrade", &cases, |history, standing, target| {
        told(downgrade(history, standing, &target.parse().unwrap()))
    });
}

#[test]
fn ranges_hold_what_alembic_lists() {
    let cases = [
        (MERGED, "", ":3", "13"),
        (MERGED, "", "2:", "256"),
        (MERGED, "", "2:5", "25"),
        (MERGED, "", "3:4", "34"),
        (MERGED, "", "3:+1", "34"),
        (MERGED, "", "1:+1", "AMBIGUOUS_STEP"),
        (MERGED, "", "3:2", "NOT_AN_ANCESTOR"),
        (MERGED, "", "4:3", "NOT_AN_ANCESTOR"),
        (MERGED, "", "1:shop@head", "123456"),
        (MERGED, "", ":", "123456"),
        (MERGED, "", "head-1:head", "56"),
        (FORKED, "", "-9:4", "134"),
        (FORKED, "", "3:4", "34"),
        (BASES, "", "2:", "25"),
        (BASES, "", ":3", "3"),
        (BASES, "", "left@base:heads", "125"),
        (BASES, "", "3:4", "34"),
        (MERGED, "123", "current:", "23456"),
        (MERGED, "123", ":current", "123"),
        (MERGED, "", "current:", "123456"),
        (MERGED, "", ":current", ""),
        (MERGED, "12", "-1:current", "12"),
        // Alembic counts such steps from the heads; its manual says from the other end.
        (MERGED, "", "-2:4", "134"),
        (MERGED, "", "+2:", "BAD_RANGE"),
        (MERGED, "", ":-2", "BAD_RANGE"),
    ];
    check("range", &cases, |history, standing, range| {
        let range: TargetRange = range.parse().unwrap();
        match Finder::new(history, Some(standing)).range(&range) {
            Ok(versions) => versions.iter().map(ToString::to_string).collect(),
            Err(error) => error.reason().to_owned(),
        }
    });
}

#[test]
fn what_is_ambiguous_is_named() {
    let fork = history(MERGED);
    let step = "+1".parse().unwrap();
    let message = upgrade(&fork, &standing("1"), &step, Phases::All).unwrap_err().to_string();
    assert!(message.contains("from 1 may be 2 b, 3 c:"), "{message}");
    assert!(message.contains("LABEL@+1"), "{message}");
    let step = "-1".parse().unwrap();
    let message = downgrade(&fork, &standing("124"), &step).unwrap_err().to_string();
    assert!(message.contains("2 b, 4 d"), "{message}");
}

#[test]
fn only_a_database_knows_where_it_stands() {
    let files = history(MERGED);
    for target in ["current", "+1", "current+1", "shop@current", "shop@+1"] {
        let target: Target = target.parse().unwrap();
        assert!(target.needs_database());
        assert_eq!(files.resolve_all(&target).unwrap_err().reason(), "NO_DATABASE", "{target}");
    }
}

/// A plan is closed: what is applied afterwards has all that it needs.
#[test]
fn no_plan_leaves_a_revision_without_what_it_needs() {
    let targets = "+1 +2 head heads 1 2 3 4 5 3+1 current -1 -2 base 2@head 3@base 3@-1 4@+1 5@1"
        .split(' ')
        .map(|text| text.parse::<Target>().unwrap())
        .collect::<Vec<_>>();
    for files in [MERGED, FORKED, BASES, SPLIT] {
        let history = history(files);
        let all: Vec<i64> = history.revisions().iter().map(|r| r.version).collect();
        for bits in 0_u32..1 << all.len() {
            let applied: BTreeSet<i64> =
                (0..).zip(&all).filter(|(at, _)| bits >> at & 1 == 1).map(|(_, v)| *v).collect();
            let standing = Standing::assumed(applied.iter().copied());
            if check_order(&history, &standing).is_err() {
                continue;
            }
            for target in &targets {
                let mut after = applied.clone();
                if let Ok(plan) = upgrade(&history, &standing, target, Phases::All) {
                    after.extend(plan.run.iter().map(|revision| revision.version));
                    check_order(&history, &Standing::assumed(after.iter().copied())).unwrap();
                }
                if let Ok(undone) = downgrade(&history, &standing, target) {
                    let gone: BTreeSet<i64> = undone.iter().map(|r| r.version).collect();
                    let left = applied.difference(&gone).copied();
                    check_order(&history, &Standing::assumed(left)).unwrap();
                }
            }
        }
    }
}
