/// A set of small numbers that allocates only beyond 127.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    low: u128,
    high: Vec<usize>,
}

impl Seen {
    /// Adds `index` and says whether it is new.
    pub(crate) fn insert(&mut self, index: usize) -> bool {
        match u32::try_from(index).ok().and_then(|shift| 1u128.checked_shl(shift)) {
            Some(bit) => {
                let is_new = self.low & bit == 0;
                self.low |= bit;
                is_new
            }
            None if self.high.contains(&index) => false,
            None => {
                self.high.push(index);
                true
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Seen;

    #[test]
    fn a_number_is_new_once() {
        let mut seen = Seen::default();
        for index in [0, 1, 127, 128, 1000] {
            assert!(seen.insert(index), "{index}");
            assert!(!seen.insert(index), "{index}");
        }
    }
}
