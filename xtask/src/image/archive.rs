//! A tar archive (ustar, POSIX.1-1988) of one file and the folders above it, the same for the same input.

use crate::failure::Failure;

const BLOCK: usize = 512;
const FOLDER: u8 = b'5';
const FILE: u8 = b'0';

/// The archive; everything in it belongs to root, and nobody may write to it.
pub(super) fn of(path: &str, content: &[u8], time: i64) -> Result<Vec<u8>, Failure> {
    let mut archive = Vec::new();
    for (end, _) in path.match_indices('/') {
        let folder = path.get(..=end).unwrap_or_default();
        archive.extend(header(folder, FOLDER, 0o755, 0, time)?);
    }
    archive.extend(header(path, FILE, 0o555, content.len(), time)?);
    archive.extend_from_slice(content);
    archive.resize(archive.len().next_multiple_of(BLOCK), 0);
    // The end: two blocks of nothing.
    archive.resize(archive.len() + 2 * BLOCK, 0);
    Ok(archive)
}

fn header(path: &str, kind: u8, mode: u32, size: usize, time: i64) -> Result<Vec<u8>, Failure> {
    let mut block = Vec::with_capacity(BLOCK);
    text(&mut block, path, 100)?;
    octal(&mut block, mode.into(), 8)?;
    // User and group.
    octal(&mut block, 0, 8)?;
    octal(&mut block, 0, 8)?;
    octal(&mut block, u64::try_from(size).unwrap_or(u64::MAX), 12)?;
    octal(&mut block, u64::try_from(time).unwrap_or_default(), 12)?;
    // The sum is made as if it were spaces itself.
    let sum_at = block.len();
    block.extend_from_slice(b"        ");
    block.push(kind);
    text(&mut block, "", 100)?;
    block.extend_from_slice(b"ustar\x0000");
    block.resize(BLOCK, 0);
    let sum: u64 = block.iter().copied().map(u64::from).sum();
    let mut digits = Vec::new();
    octal(&mut digits, sum, 7)?;
    digits.push(b' ');
    block.splice(sum_at..sum_at + digits.len(), digits);
    Ok(block)
}

fn text(block: &mut Vec<u8>, text: &str, width: usize) -> Result<(), Failure> {
    if text.len() > width {
        return Err(Failure::new(format!("{text} is too long a path for an archive")));
    }
    let end = block.len() + width;
    block.extend_from_slice(text.as_bytes());
    block.resize(end, 0);
    Ok(())
}

/// Digits up to the width, the last place of which ends them.
fn octal(block: &mut Vec<u8>, number: u64, width: usize) -> Result<(), Failure> {
    let digits = format!("{number:0places$o}", places = width - 1);
    if digits.len() >= width {
        return Err(Failure::new(format!("{number} is too large for an archive")));
    }
    block.extend_from_slice(digits.as_bytes());
    block.push(0);
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;
    use std::process::{Command, Stdio};

    use super::*;

    #[test]
    fn tar_itself_reads_it() {
        let archive = of("etc/ssl/roots.crt", b"text", 86_400).unwrap();
        assert_eq!(archive.len() % BLOCK, 0);
        let mut tar = Command::new("tar")
            .args(["--list", "--verbose", "--utc", "--full-time", "--numeric-owner", "--file", "-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        tar.stdin.take().unwrap().write_all(&archive).unwrap();
        let output = tar.wait_with_output().unwrap();
        assert!(output.status.success());
        let listed = String::from_utf8(output.stdout).unwrap();
        let lines: Vec<Vec<&str>> =
            listed.lines().map(|line| line.split_whitespace().collect()).collect();
        let folder = ["drwxr-xr-x", "0/0", "0", "1970-01-02", "00:00:00"];
        assert_eq!(lines[0], [&folder[..], &["etc/"]].concat());
        assert_eq!(lines[1], [&folder[..], &["etc/ssl/"]].concat());
        let file = ["-r-xr-xr-x", "0/0", "4", "1970-01-02", "00:00:00", "etc/ssl/roots.crt"];
        assert_eq!(lines[2], file);
    }

    #[test]
    fn a_path_that_does_not_fit_is_refused() {
        assert!(of(&"a".repeat(101), b"", 0).is_err());
    }
}
