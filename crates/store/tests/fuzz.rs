#![expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "tests fail by panicking")]
//! The fuzz target of `fuzz/` without libFuzzer: a bounded number of inputs, made of seeds by changing bytes.

use artisan_store::{Filter, FilterError};

const RUNS: usize = 100_000;

/// A byte of a text changed, doubled, cut out or put in, or two texts put together, the same in every run.
struct Mutations(u64);

impl Mutations {
    fn next(&mut self, below: usize) -> usize {
        // Xorshift, as Marsaglia gave it.
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % below.max(1)
    }

    fn of(&mut self, seeds: &[Vec<u8>], alphabet: &[u8]) -> Vec<u8> {
        let mut bytes = seeds[self.next(seeds.len())].clone();
        for _ in 0..=self.next(4) {
            let at = self.next(bytes.len() + 1);
            let letter = match self.next(4) {
                0 => u8::try_from(self.next(256)).unwrap(),
                _ => alphabet[self.next(alphabet.len())],
            };
            match self.next(5) {
                0 if at < bytes.len() => bytes[at] = letter,
                1 if at < bytes.len() => drop(bytes.remove(at)),
                2 => bytes.truncate(at),
                3 => {
                    let other = &seeds[self.next(seeds.len())];
                    let from = self.next(other.len() + 1);
                    bytes.truncate(at);
                    bytes.extend_from_slice(&other[from..]);
                }
                _ => bytes.insert(at, letter),
            }
        }
        bytes
    }
}

fn run(seeds: &[Vec<u8>], alphabet: &str, target: fn(&[u8])) {
    let mut mutations = Mutations(0x9e37_79b9_7f4a_7c15);
    for seed in seeds {
        target(seed);
    }
    for _ in 0..RUNS {
        target(&mutations.of(seeds, alphabet.as_bytes()));
    }
}

/// What is refused is refused at a place of the text.
fn filter(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    if let Err(FilterError { position, .. }) = Filter::parse(&text) {
        assert!((1..=text.chars().count() + 1).contains(&position), "{position} in {text:?}");
    }
}

#[test]
fn every_filter_is_taken_or_refused_at_a_place_of_it() {
    let seeds = [
        r#"state = ACTIVE AND address.city = "Salv*""#,
        r#"email = "joao@example.com" OR buyer.full_name = "João*""#,
        r#"NOT artisan:* AND create_time >= "2026-11-01T00:00:00Z""#,
        r#"-(roles:ADMIN OR profile = buyer) city != 'x\\*' storeName < "é""#,
        "((state:* AND email:*))",
    ];
    let seeds = seeds.map(|seed| seed.as_bytes().to_vec());
    run(&seeds, "=!<>:()*-\\\"' ANDORNOTemailstate", filter);
}
