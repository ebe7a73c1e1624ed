WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2500)
INSERT INTO users SELECT CAST(printf('%016d', i) AS BLOB), 'u' || i || '@example.com', 'u' || i || '@example.com', 0, 'ACTIVE', 1,
  1764460800000000 + i, 1764460800000000, NULL, NULL FROM n;
INSERT INTO buyers SELECT id, 'Compradora ' || revision, '' FROM users;
INSERT INTO credentials SELECT id, '$argon2id$' || email, create_time FROM users;
INSERT INTO sessions SELECT id, id, 1, 2, 3, NULL FROM users;
INSERT INTO refresh_tokens SELECT CAST(id || id AS BLOB), id, 1, 2, NULL, NULL FROM sessions;
INSERT INTO guards VALUES ('events', 2500);
INSERT INTO user_events SELECT id, id, 'user.created', NULL, '', '{}', create_time, create_time - 1764460800000000 FROM users;
