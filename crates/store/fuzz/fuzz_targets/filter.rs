#![no_main]

use artisan_store::{Filter, FilterError};

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    if let Err(FilterError { position, .. }) = Filter::parse(&text) {
        assert!((1..=text.chars().count() + 1).contains(&position), "{position} in {text:?}");
    }
});
