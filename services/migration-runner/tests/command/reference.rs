use super::folder::{Folder, bare, run};

/// The page is made again by `migrate man --markdown docs`.
#[test]
fn reference_page_is_what_the_program_says() {
    let made = Folder::new(&[]);
    let mut command = bare(&["man", "--markdown"]);
    command.arg(made.path());
    run(command).expect(0);
    let made = std::fs::read_to_string(made.path().join("migrate-commands.md")).unwrap();
    let docs = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/migrate-commands.md");
    let kept = std::fs::read_to_string(docs).unwrap();
    assert!(made == kept, "docs/migrate-commands.md is stale: run `migrate man --markdown docs`");
}

#[test]
fn every_command_has_a_man_page_and_every_shell_its_completions() {
    let pages = Folder::new(&[]);
    let mut command = bare(&["man"]);
    command.arg(pages.path());
    run(command).expect(0);
    let page = std::fs::read_to_string(pages.path().join("migrate-upgrade.1")).unwrap();
    assert!(page.contains(".TH") && page.contains("phase"), "{page}");
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        assert!(run(bare(&["completions", shell])).expect(0).stdout.contains("upgrade"), "{shell}");
    }
}
