-- What the predecessor's tests make of its models on SQLite: `create_all` of SQLAlchemy.

CREATE TABLE addresses (
    address_id VARCHAR(36) NOT NULL,
    street VARCHAR(255) NOT NULL,
    number VARCHAR(20),
    complement VARCHAR(100),
    neighborhood VARCHAR(100) NOT NULL,
    city VARCHAR(100) NOT NULL,
    state VARCHAR(2) NOT NULL,
    country VARCHAR(100) NOT NULL,
    zip_code VARCHAR(10) NOT NULL,
    created_at DATETIME,
    updated_at DATETIME,
    PRIMARY KEY (address_id)
);

CREATE TABLE categories (
    category_id VARCHAR(36) NOT NULL,
    name VARCHAR(100) NOT NULL,
    description VARCHAR(255),
    PRIMARY KEY (category_id),
    UNIQUE (name)
);

CREATE TABLE users (
    user_id VARCHAR(36) NOT NULL,
    email VARCHAR(120) NOT NULL,
    password VARCHAR(128) NOT NULL,
    registration_date DATETIME,
    status VARCHAR(20) NOT NULL,
    address_id VARCHAR(36),
    PRIMARY KEY (user_id),
    UNIQUE (email),
    FOREIGN KEY(address_id) REFERENCES addresses (address_id)
);

CREATE TABLE artisans (
    artisan_id VARCHAR(36) NOT NULL,
    store_name VARCHAR(255) NOT NULL,
    bio TEXT,
    phone VARCHAR(20),
    status VARCHAR(20) NOT NULL,
    PRIMARY KEY (artisan_id),
    FOREIGN KEY(artisan_id) REFERENCES users (user_id)
);

CREATE TABLE buyers (
    buyer_id VARCHAR(36) NOT NULL,
    full_name VARCHAR(255) NOT NULL,
    phone VARCHAR(20),
    PRIMARY KEY (buyer_id),
    FOREIGN KEY(buyer_id) REFERENCES users (user_id)
);

CREATE TABLE carts (
    cart_id VARCHAR(36) NOT NULL,
    buyer_id VARCHAR(36) NOT NULL,
    created_at DATETIME DEFAULT CURRENT_TIMESTAMP,
    updated_at DATETIME DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (cart_id),
    FOREIGN KEY(buyer_id) REFERENCES buyers (buyer_id)
);

CREATE TABLE orders (
    order_id VARCHAR(36) NOT NULL,
    order_date DATETIME,
    order_status VARCHAR(50) NOT NULL,
    total_value NUMERIC(10, 2) NOT NULL,
    address_id VARCHAR(36),
    payment_method VARCHAR(50) NOT NULL,
    gateway_transaction_id VARCHAR(255),
    buyer_id VARCHAR(36) NOT NULL,
    PRIMARY KEY (order_id),
    UNIQUE (address_id),
    FOREIGN KEY(address_id) REFERENCES addresses (address_id),
    FOREIGN KEY(buyer_id) REFERENCES buyers (buyer_id)
);

CREATE TABLE products (
    product_id VARCHAR(36) NOT NULL,
    name VARCHAR(255) NOT NULL,
    description TEXT,
    price NUMERIC(10, 2) NOT NULL,
    stock INTEGER NOT NULL,
    image_url VARCHAR(255),
    registration_date DATETIME,
    status VARCHAR(20) NOT NULL,
    artisan_id VARCHAR(36) NOT NULL,
    category_id VARCHAR(36) NOT NULL,
    PRIMARY KEY (product_id),
    FOREIGN KEY(artisan_id) REFERENCES artisans (artisan_id),
    FOREIGN KEY(category_id) REFERENCES categories (category_id)
);

CREATE TABLE cart_items (
    cart_item_id VARCHAR(36) NOT NULL,
    quantity INTEGER NOT NULL,
    cart_id VARCHAR(36) NOT NULL,
    product_id VARCHAR(36) NOT NULL,
    PRIMARY KEY (cart_item_id),
    FOREIGN KEY(cart_id) REFERENCES carts (cart_id),
    FOREIGN KEY(product_id) REFERENCES products (product_id)
);

CREATE TABLE messages (
    message_id VARCHAR(36) NOT NULL,
    content TEXT NOT NULL,
    send_date DATETIME,
    sender_user_id VARCHAR(36) NOT NULL,
    recipient_user_id VARCHAR(36) NOT NULL,
    order_id VARCHAR(36),
    PRIMARY KEY (message_id),
    FOREIGN KEY(sender_user_id) REFERENCES users (user_id),
    FOREIGN KEY(recipient_user_id) REFERENCES users (user_id),
    FOREIGN KEY(order_id) REFERENCES orders (order_id)
);

CREATE TABLE order_items (
    order_item_id VARCHAR(36) NOT NULL,
    quantity INTEGER NOT NULL,
    unit_price NUMERIC(10, 2) NOT NULL,
    product_id VARCHAR(36) NOT NULL,
    order_id VARCHAR(36) NOT NULL,
    PRIMARY KEY (order_item_id),
    FOREIGN KEY(product_id) REFERENCES products (product_id),
    FOREIGN KEY(order_id) REFERENCES orders (order_id)
);

CREATE TABLE reviews (
    review_id VARCHAR(36) NOT NULL,
    rating INTEGER NOT NULL,
    comment TEXT,
    review_date DATETIME,
    buyer_id VARCHAR(36) NOT NULL,
    product_id VARCHAR(36) NOT NULL,
    PRIMARY KEY (review_id),
    FOREIGN KEY(buyer_id) REFERENCES buyers (buyer_id),
    FOREIGN KEY(product_id) REFERENCES products (product_id)
);
