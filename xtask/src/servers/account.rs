//! The account under which a server runs that refuses to be root, or whose helpers do.

use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::launch::is_root;
use crate::command::capture;

/// An account without rights.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Account {
    user: u32,
    group: u32,
}

impl Account {
    /// The account to use where this process is root, `preferred` or else `nobody`; it is given the folder.
    pub(super) fn owning(folder: &Path, preferred: &str) -> Result<Option<Self>, String> {
        if !is_root() {
            return Ok(None);
        }
        let accounts = std::fs::read_to_string("/etc/passwd")
            .map_err(|error| format!("reading /etc/passwd: {error}"))?;
        let account = find(&accounts, preferred)
            .or_else(|| find(&accounts, "nobody"))
            .ok_or_else(|| format!("as root, an account `{preferred}` or `nobody` is needed"))?;
        account.own(folder)?;
        Ok(Some(account))
    }

    /// Gives the folder, without what is in it, to the account.
    pub(super) fn own(self, folder: &Path) -> Result<(), String> {
        std::os::unix::fs::chown(folder, Some(self.user), Some(self.group))
            .map_err(|error| format!("giving {} to another account: {error}", folder.display()))
    }

    /// Lets the command run as the account.
    pub(super) fn wear(self, command: &mut Command) {
        command.uid(self.user).gid(self.group);
    }
}

/// Copies an unpacked tree into the server's folder: root's cache is closed to other accounts.
pub(super) fn within_reach(tree: &Path, folder: &Path) -> Result<PathBuf, String> {
    let copy = folder.join("programs");
    capture(Command::new("cp").arg("-a").arg(tree).arg(&copy))
        .map_err(|failure| failure.to_string())?;
    Ok(copy)
}

fn find(passwd: &str, name: &str) -> Option<Account> {
    passwd.lines().find_map(|line| {
        let mut fields = line.split(':');
        if fields.next() != Some(name) {
            return None;
        }
        let user = fields.nth(1)?.parse().ok()?;
        Some(Account { user, group: fields.next()?.parse().ok()? })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const PASSWD: &str = "root:x:0:0:root:/root:/bin/bash\npostgres:x:101:104::/var/lib:/bin/sh\n";

    #[test]
    fn accounts_are_found_by_their_whole_name() {
        assert_eq!(find(PASSWD, "postgres"), Some(Account { user: 101, group: 104 }));
        assert_eq!(find(PASSWD, "post"), None);
        assert_eq!(find("broken", "broken"), None);
    }
}
