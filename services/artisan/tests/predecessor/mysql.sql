-- What the predecessor's Alembic revisions execute on MySQL, as `alembic upgrade head --sql` prints it.

CREATE TABLE alembic_version (
    version_num VARCHAR(32) NOT NULL,
    CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);

-- Running upgrade  -> bb497b8c6cf6

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
    FOREIGN KEY(address_id) REFERENCES addresses (address_id),
    UNIQUE (address_id),
    UNIQUE (email)
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

CREATE TABLE orders (
    order_id VARCHAR(36) NOT NULL,
    order_date DATETIME,
    order_status VARCHAR(50) NOT NULL,
    total_value NUMERIC(10, 2) NOT NULL,
    delivery_address VARCHAR(255),
    payment_method VARCHAR(50) NOT NULL,
    gateway_transaction_id VARCHAR(255),
    buyer_id VARCHAR(36) NOT NULL,
    PRIMARY KEY (order_id),
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

CREATE TABLE messages (
    message_id VARCHAR(36) NOT NULL,
    content TEXT NOT NULL,
    send_date DATETIME,
    sender_user_id VARCHAR(36) NOT NULL,
    recipient_user_id VARCHAR(36) NOT NULL,
    order_id VARCHAR(36),
    PRIMARY KEY (message_id),
    FOREIGN KEY(order_id) REFERENCES orders (order_id),
    FOREIGN KEY(recipient_user_id) REFERENCES users (user_id),
    FOREIGN KEY(sender_user_id) REFERENCES users (user_id)
);

CREATE TABLE order_items (
    order_item_id VARCHAR(36) NOT NULL,
    quantity INTEGER NOT NULL,
    unit_price NUMERIC(10, 2) NOT NULL,
    product_id VARCHAR(36) NOT NULL,
    order_id VARCHAR(36) NOT NULL,
    PRIMARY KEY (order_item_id),
    FOREIGN KEY(order_id) REFERENCES orders (order_id),
    FOREIGN KEY(product_id) REFERENCES products (product_id)
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

INSERT INTO alembic_version (version_num) VALUES ('bb497b8c6cf6');

-- Running upgrade bb497b8c6cf6 -> 7ec6f17b775c

ALTER TABLE addresses MODIFY COLUMN address_id VARCHAR(36) NOT NULL DEFAULT (UUID());

ALTER TABLE categories MODIFY COLUMN category_id VARCHAR(36) NOT NULL DEFAULT (UUID());

ALTER TABLE messages MODIFY COLUMN message_id VARCHAR(36) NOT NULL DEFAULT (UUID());

ALTER TABLE order_items MODIFY COLUMN order_item_id VARCHAR(36) NOT NULL DEFAULT (UUID());

ALTER TABLE orders MODIFY COLUMN order_id VARCHAR(36) NOT NULL DEFAULT (UUID());

ALTER TABLE products MODIFY COLUMN product_id VARCHAR(36) NOT NULL DEFAULT (UUID());

ALTER TABLE reviews MODIFY COLUMN review_id VARCHAR(36) NOT NULL DEFAULT (UUID());

ALTER TABLE users MODIFY COLUMN user_id VARCHAR(36) NOT NULL DEFAULT (UUID());

UPDATE alembic_version SET version_num='7ec6f17b775c' WHERE alembic_version.version_num = 'bb497b8c6cf6';

-- Running upgrade 7ec6f17b775c -> 7337baba6b02

ALTER TABLE addresses MODIFY COLUMN address_id VARCHAR(36) NOT NULL DEFAULT (UUID());

ALTER TABLE categories MODIFY COLUMN category_id VARCHAR(36) NOT NULL DEFAULT (UUID());

ALTER TABLE messages MODIFY COLUMN message_id VARCHAR(36) NOT NULL DEFAULT (UUID());

ALTER TABLE order_items MODIFY COLUMN order_item_id VARCHAR(36) NOT NULL DEFAULT (UUID());

ALTER TABLE orders MODIFY COLUMN order_id VARCHAR(36) NOT NULL DEFAULT (UUID());

ALTER TABLE products MODIFY COLUMN product_id VARCHAR(36) NOT NULL DEFAULT (UUID());

ALTER TABLE reviews MODIFY COLUMN review_id VARCHAR(36) NOT NULL DEFAULT (UUID());

ALTER TABLE users MODIFY COLUMN user_id VARCHAR(36) NOT NULL DEFAULT (UUID());

UPDATE alembic_version SET version_num='7337baba6b02' WHERE alembic_version.version_num = '7ec6f17b775c';

-- Running upgrade 7337baba6b02 -> 112b271c565d

ALTER TABLE categories ALTER COLUMN category_id DROP DEFAULT;

ALTER TABLE messages ALTER COLUMN message_id DROP DEFAULT;

ALTER TABLE order_items ALTER COLUMN order_item_id DROP DEFAULT;

ALTER TABLE orders ALTER COLUMN order_id DROP DEFAULT;

ALTER TABLE products ALTER COLUMN product_id DROP DEFAULT;

ALTER TABLE reviews ALTER COLUMN review_id DROP DEFAULT;

ALTER TABLE users ALTER COLUMN user_id DROP DEFAULT;

UPDATE alembic_version SET version_num='112b271c565d' WHERE alembic_version.version_num = '7337baba6b02';

-- Running upgrade 112b271c565d -> ae59d265da3e

CREATE TABLE carts (
    cart_id VARCHAR(36) NOT NULL,
    buyer_id VARCHAR(36) NOT NULL,
    created_at DATETIME DEFAULT (now()),
    updated_at DATETIME DEFAULT (now()),
    PRIMARY KEY (cart_id),
    FOREIGN KEY(buyer_id) REFERENCES buyers (buyer_id)
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

ALTER TABLE addresses ALTER COLUMN address_id DROP DEFAULT;

ALTER TABLE orders ADD COLUMN address_id VARCHAR(36);

ALTER TABLE orders ADD UNIQUE (address_id);

ALTER TABLE orders ADD FOREIGN KEY(address_id) REFERENCES addresses (address_id);

ALTER TABLE orders DROP COLUMN delivery_address;

UPDATE alembic_version SET version_num='ae59d265da3e' WHERE alembic_version.version_num = '112b271c565d';

-- Running upgrade ae59d265da3e -> 3f6549aaf2af

ALTER TABLE carts CHANGE created_at created_at DATETIME NULL DEFAULT now();

ALTER TABLE carts CHANGE updated_at updated_at DATETIME NULL DEFAULT now();

ALTER TABLE users DROP FOREIGN KEY users_ibfk_1;

DROP INDEX address_id ON users;

ALTER TABLE users ADD CONSTRAINT users_ibfk_1 FOREIGN KEY(address_id) REFERENCES addresses (address_id);

UPDATE alembic_version SET version_num='3f6549aaf2af' WHERE alembic_version.version_num = 'ae59d265da3e';

-- Running upgrade 3f6549aaf2af -> 6889f46a311e

INSERT INTO categories (category_id, name, description) VALUES ('4bb97d32-bb4f-47df-a28c-9718a9a4dda6', 'Cerâmica', 'Produtos de cerâmica feitos à mão, como vasos, pratos e utensílios decorativos.');

INSERT INTO categories (category_id, name, description) VALUES ('4fa42f47-b71a-4181-b120-585df57006a2', 'Têxtil', 'Produtos têxteis artesanais, incluindo roupas, acessórios e itens de decoração.');

INSERT INTO categories (category_id, name, description) VALUES ('87206e02-0fad-4bfd-9fb7-7e9334a006c3', 'Bijuterias', 'Bijuterias artesanais, incluindo colares, brincos e pulseiras.');

INSERT INTO categories (category_id, name, description) VALUES ('8f4dd3ab-4105-4efb-98c7-8a189dd1027b', 'Madeira', 'Produtos de madeira feitos à mão, como móveis, brinquedos e utensílios decorativos.');

UPDATE alembic_version SET version_num='6889f46a311e' WHERE alembic_version.version_num = '3f6549aaf2af';
