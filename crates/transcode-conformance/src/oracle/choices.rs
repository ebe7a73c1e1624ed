/// Choices made out of random bytes; zeros when those are used up.
#[derive(Debug)]
pub struct Choices<'a>(std::slice::Iter<'a, u8>);

impl<'a> Choices<'a> {
    /// Choices out of these bytes.
    #[must_use]
    pub fn new(bytes: &'a [u8]) -> Self {
        Self(bytes.iter())
    }

    /// Any byte.
    pub fn byte(&mut self) -> u8 {
        self.0.next().copied().unwrap_or(0)
    }

    /// Any number of 64 bits.
    pub fn word(&mut self) -> u64 {
        (0..8).fold(0, |word, _| word << 8 | u64::from(self.byte()))
    }

    /// One of these.
    pub fn one_of<T: Clone>(&mut self, options: &[T]) -> T {
        options[usize::from(self.byte()) % options.len()].clone()
    }

    /// A number in a range of seconds.
    pub fn seconds(&mut self, least: i64, most: i64) -> i64 {
        let span = most.abs_diff(least) + 1;
        least.saturating_add_unsigned(self.word() % span)
    }

    /// A text of odd pieces.
    pub fn text(&mut self) -> String {
        const PIECES: [&str; 12] =
            ["", "a", "João", "\"", "\\", "\n", "\u{1}", "😀", "/", "\u{2028}", "users/", "é"];
        let length = self.byte() % 4;
        (0..length).map(|_| self.one_of(&PIECES)).collect()
    }

    /// Some bytes.
    pub fn bytes(&mut self) -> Vec<u8> {
        let length = self.byte() % 6;
        (0..length).map(|_| self.byte()).collect()
    }

    /// A double: an odd one, or any whose bits come up, if that is a number.
    pub fn double(&mut self) -> f64 {
        let any = f64::from_bits(self.word());
        let odd = [0.0, 1.0, -2.5, 1e300, 1e-300, f64::INFINITY, f64::NEG_INFINITY, f64::NAN];
        let odd = self.one_of(&odd);
        self.one_of(&[odd, any])
    }

    /// A finite double.
    pub fn finite(&mut self) -> f64 {
        Some(self.double()).filter(|double| double.is_finite()).unwrap_or(0.5)
    }
}
