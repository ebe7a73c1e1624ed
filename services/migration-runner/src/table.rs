//! Rows for people, the same on a terminal and behind a pipe.

/// Each column is as wide as its widest cell; the last one is written as it is, so that it may be
/// painted, and no line ends with blanks.
pub(crate) fn aligned<const N: usize>(rows: &[[String; N]]) -> String {
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or_default()
    };
    let widths: Vec<usize> = (0..N).map(width).collect();
    let line = |row: &[String; N]| {
        let mut line = String::new();
        for (at, (cell, width)) in row.iter().zip(&widths).enumerate() {
            let pad = if at + 1 < N { width - cell.chars().count() } else { 0 };
            // A column that nobody fills takes no room.
            let joint = if at == 0 || *width == 0 { "" } else { " " };
            line = line + joint + cell + &" ".repeat(pad);
        }
        line.trim_end().to_owned() + "\n"
    };
    rows.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row<const N: usize>(cells: [&str; N]) -> [String; N] {
        cells.map(str::to_owned)
    }

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let rows = [row(["1", "ação", "(head)"]), row(["20", "b", ""]), row(["3", "", "(x) (y)"])];
        assert_eq!(aligned(&rows), "1  ação (head)\n20 b\n3       (x) (y)\n");
        assert_eq!(aligned(&[row(["1", "", "a"])]), "1 a\n");
        assert_eq!(aligned::<2>(&[]), "");
    }
}
