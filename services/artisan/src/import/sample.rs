/// A number, or all.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sample(pub(super) Option<u64>);

impl std::str::FromStr for Sample {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "all" {
            return Ok(Self(None));
        }
        text.parse().map(|number| Self(Some(number))).map_err(|_| "must be a number, or all")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_is_a_number_or_all() {
        let sample = |text: &str| text.parse::<Sample>().map(|sample| sample.0);
        assert_eq!(sample("all"), Ok(None));
        assert_eq!(sample("7"), Ok(Some(7)));
        assert!(sample("-1").is_err());
    }
}
