#![expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "tests fail by panicking")]
//! The fuzz targets of `fuzz/` without libFuzzer: a bounded number of inputs, made of seeds by changing bytes.

use artisan_proto::artisan::user::v1::{Address, User};
use artisan_user_service::parsers;
use prost::Message as _;

const RUNS: usize = 20_000;

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

fn texts(texts: &[&str]) -> Vec<Vec<u8>> {
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
}

fn owned(texts: Vec<String>) -> Vec<Vec<u8>> {
    assert!(!texts.is_empty());
    texts.into_iter().map(String::into_bytes).collect()
}

#[test]
fn no_page_token_is_forged() {
    run(&owned(parsers::page_token_seeds()), "ABCabc019-_=+/", parsers::page_token);
}

#[test]
fn no_access_token_is_forged() {
    run(&owned(parsers::access_token_seeds()), "ABCabc019-_.=", parsers::access_token);
}

#[test]
fn every_mask_is_taken_or_refused() {
    let address = Address { street: "Rua A".to_owned(), ..Address::default() };
    let user = User { email: "a@b.example".to_owned(), address: Some(address), ..User::default() };
    let message = [vec![0], user.encode_to_vec()].concat();
    let masks = ["*", "email", "artisan.bio,artisan.state", "buyer", "address.zip_code,address"];
    let seeds = masks.map(|mask| [mask.as_bytes(), &message].concat());
    run(&seeds, "abc._,*", parsers::mask);
}

#[test]
fn every_password_hash_is_taken_or_refused() {
    let seeds = texts(&[
        "$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$2b$04$abcdefghijklmnopqrstuuO7W8erOyu1MBFdod3pTGeK6TfsEX1ye",
        "$scrypt$ln=3,r=1,p=1$8PHy8/T19vf4+fr7/P3+/w$0Ir3c2syLGtna1VJ7Cw0YU8YRs/jJODYTfngIceUMTY",
        "scrypt:8:1:1$salt$abcdabcdabcdabcdabcdabcdabcdabcd",
        "pbkdf2:sha1:10$saltSALT$66377841054ebaf6490dd002c02240f9f03cccf9",
        "$pbkdf2$10$8PHy8/T19vf4.fr7/P3./w$pFzxXu8i5X4CAu5jvoiJ0n4akT8",
        "pbkdf2_sha256$10$saltSALT$5Of2iFg0jtcpj20kAtEj4kKBiK5VPDjgKL+gBsZ+uDM=",
        "$pbkdf2-sha512$i=10,l=64$8PHy8/T19vf4+fr7/P3+/w$OnAn2lRY9robDDdETZTgerPBbhcfc9jq7ekEkBPmxLIEPhKEIwzHO39pXF42mP/bBJYr/VZG5vncUN44V6kU9Q",
    ]);
    run(&seeds, "$:=,0123456789abcdef+/mtplnri", parsers::password_hash);
}
