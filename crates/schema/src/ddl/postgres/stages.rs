use super::script::statements;
use crate::ddl::{Script, Style};
use crate::difference::Difference;

/// The scripts that a change takes: one, unless one transaction cannot hold it.
pub(super) fn scripts(difference: &Difference, back: &Difference, style: Style) -> Vec<Script> {
    let _ = style;
    let script = Script {
        purpose: None,
        no_transaction: false,
        up: statements(difference),
        down: statements(back),
    };
    if script.up.is_empty() && script.down.is_empty() { Vec::new() } else { vec![script] }
}
