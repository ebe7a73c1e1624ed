#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| artisan_user_service::parsers::page_token(data));
