//! The predecessor's tables, as its own migrations made them.

use super::Statement;

macro_rules! count {
    ($table:literal) => {
        Statement::new(concat!("SELECT COUNT(*) FROM ", $table))
    };
}

pub(crate) static COUNT_USERS: Statement = count!("users");
pub(crate) static COUNT_ARTISANS: Statement = count!("artisans");
pub(crate) static COUNT_BUYERS: Statement = count!("buyers");
pub(crate) static COUNT_ADDRESSES: Statement = count!("addresses");

macro_rules! page {
    ($where:literal) => {
        Statement::new(concat!(
            "SELECT {columns} FROM users \
             LEFT JOIN addresses ON addresses.address_id = users.address_id \
             LEFT JOIN artisans ON artisans.artisan_id = users.user_id \
             LEFT JOIN buyers ON buyers.buyer_id = users.user_id",
            $where,
            " ORDER BY users.user_id LIMIT ?"
        ))
    };
}

pub(crate) static FIRST_PAGE: Statement = page!("");
pub(crate) static NEXT_PAGE: Statement = page!(" WHERE users.user_id > ?");

pub(crate) static STRAY_ARTISANS: Statement = Statement::new(
    "SELECT CAST(artisans.artisan_id AS TEXT) FROM artisans \
     LEFT JOIN users ON users.user_id = artisans.artisan_id WHERE users.user_id IS NULL",
);

pub(crate) static STRAY_BUYERS: Statement = Statement::new(
    "SELECT CAST(buyers.buyer_id AS TEXT) FROM buyers \
     LEFT JOIN users ON users.user_id = buyers.buyer_id WHERE users.user_id IS NULL",
);
