//! Numbers as ProtoJSON takes them: exact, in any of JSON's spellings.

use super::scan::number_length;

/// Why a text is not the number asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NumberError {
    /// It is no number, or has a fraction where there may be none.
    Kind,
    /// It is beyond what the type holds.
    Range,
}

/// Digits that every 64-bit integer fits in.
const LONGEST: usize = 20;

/// Reads an integer, written `12`, `12.0` or `1.2e1`.
pub(super) fn integer<T>(text: &str) -> Result<T, NumberError>
where
    T: TryFrom<i128> + std::str::FromStr,
{
    // Nearly all are mere digits.
    let digits = text.strip_prefix('-').unwrap_or(text).as_bytes();
    if matches!(digits, [b'1'..=b'9', ..])
        && let Ok(plain) = text.parse()
    {
        return Ok(plain);
    }
    if number_length(text) != text.len() || text.is_empty() {
        return Err(NumberError::Kind);
    }
    T::try_from(exact_integer(text)?).map_err(|_| NumberError::Range)
}

/// The value of a text that follows JSON's grammar, if it is an integer.
fn exact_integer(text: &str) -> Result<i128, NumberError> {
    let (is_negative, text) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (int, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{int}{fraction}");
    let trailing = digits.len() - digits.trim_end_matches('0').len();
    let significant = digits.trim_matches('0');
    if significant.is_empty() {
        return Ok(0);
    }
    // The value is `significant` times ten to this power; an exponent beyond i64 decides alone.
    let exponent: i64 = exponent.parse().unwrap_or(if exponent.starts_with('-') {
        i64::MIN / 2
    } else {
        i64::MAX / 2
    });
    let shift = |count: usize| i64::try_from(count).unwrap_or(i64::MAX / 4);
    let power = exponent.saturating_sub(shift(fraction.len())).saturating_add(shift(trailing));
    let zeros = usize::try_from(power).map_err(|_| NumberError::Kind)?;
    if significant.len().saturating_add(zeros) > LONGEST {
        return Err(NumberError::Range);
    }
    let magnitude: i128 =
        format!("{significant}{:0<zeros$}", "").parse().map_err(|_| NumberError::Range)?;
    Ok(if is_negative { -magnitude } else { magnitude })
}

/// A floating-point type.
pub(super) trait Real: std::str::FromStr + Copy {
    const NAN: Self;
    const INFINITY: Self;
    const NEG_INFINITY: Self;
    fn is_finite(self) -> bool;
}

macro_rules! real {
    ($type:ident) => {
        impl Real for $type {
            const NAN: Self = $type::NAN;
            const INFINITY: Self = $type::INFINITY;
            const NEG_INFINITY: Self = $type::NEG_INFINITY;
            fn is_finite(self) -> bool {
                $type::is_finite(self)
            }
        }
    };
}
real!(f32);
real!(f64);

/// Reads a finite floating-point number.
pub(super) fn real<T: Real>(text: &str) -> Result<T, NumberError> {
    if number_length(text) != text.len() || text.is_empty() {
        return Err(NumberError::Kind);
    }
    let value: T = text.parse().map_err(|_| NumberError::Kind)?;
    if value.is_finite() { Ok(value) } else { Err(NumberError::Range) }
}

/// Reads a floating-point number or one of the three words for those that are not finite.
pub(super) fn real_or_word<T: Real>(text: &str) -> Result<T, NumberError> {
    match text {
        "NaN" => Ok(T::NAN),
        "Infinity" => Ok(T::INFINITY),
        "-Infinity" => Ok(T::NEG_INFINITY),
        number => real(number),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_may_be_written_with_fraction_and_exponent() {
        for (text, value) in [
            ("0", 0),
            ("-0", 0),
            ("123.0", 123),
            ("1e3", 1000),
            ("1.5e1", 15),
            ("1200e-2", 12),
            ("-2147483648", -2_147_483_648),
            ("-2.147483648e9", -2_147_483_648),
            ("0e99999999999999999999", 0),
            ("0.000", 0),
        ] {
            assert_eq!(integer::<i32>(text), Ok(value), "{text}");
        }
        assert_eq!(integer::<u64>("1.8446744073709551615e19"), Ok(u64::MAX));
        assert_eq!(integer::<i64>("-9223372036854775808"), Ok(i64::MIN));
    }

    #[test]
    fn what_is_no_integer_is_refused() {
        for text in
            ["", " 1", "1 ", "0.5", "1e-1", "1e-99999999999999999999", "x", "+1", "01", "0x1"]
        {
            assert_eq!(integer::<i32>(text), Err(NumberError::Kind), "{text}");
        }
        for text in ["2147483648", "-2147483649", "1e10", "1e99999999999999999999", "1e400"] {
            assert_eq!(integer::<i32>(text), Err(NumberError::Range), "{text}");
        }
        assert_eq!(integer::<u32>("-1"), Err(NumberError::Range));
        assert_eq!(integer::<u64>("18446744073709551616"), Err(NumberError::Range));
    }

    #[test]
    fn reals_are_finite_or_one_of_three_words() {
        assert_eq!(real_or_word::<f64>("1.7976931348623157e308"), Ok(f64::MAX));
        assert_eq!(real_or_word::<f32>("3.4028235e38"), Ok(f32::MAX));
        assert_eq!(real_or_word::<f32>("3.5e38"), Err(NumberError::Range));
        assert_eq!(real_or_word::<f64>("1e400"), Err(NumberError::Range));
        assert!(real_or_word::<f64>("NaN").unwrap().is_nan());
        for text in ["nan", "inf", "infinity", "+Infinity", ".5", "1.", ""] {
            assert_eq!(real_or_word::<f64>(text), Err(NumberError::Kind), "{text}");
        }
    }
}
