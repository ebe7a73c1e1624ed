INSERT INTO users VALUES
  (zeroblob(16), '', '', 0, 'PENDING', -9223372036854775808, -30610224000000000, -1, NULL, NULL),
  (x'0193ABCD0000700080000000000000FF', replace(printf('%.*c', 320, 'x'), 'x', '🏺'),
    replace(printf('%.*c', 320, 'x'), 'x', '木'), 1, 'ACTIVE', 9223372036854775807, 253402300799999999,
    1764460800123456, 0, 253402300799999999),
  (x'7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF', 'Ana ' || char(9, 10, 13, 1, 31, 127, 160, 0x2028, 0xFFFD) || '"\/é', 'z', 0,
    'INACTIVE', 0, 0, 1, 1, NULL),
  (x'80000000000000000000000000000000', 'e' || char(0x301), 'e' || char(0x301), 0, 'ACTIVE', 1, 1, 1, NULL, 1),
  (x'FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF', 'é', 'é', 0, 'ACTIVE', 1, 1, 1, NULL, NULL);
INSERT INTO user_roles VALUES (zeroblob(16), 'ADMIN', -1), (x'FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF', 'ADMIN', 253402300799999999);
INSERT INTO addresses VALUES
  (zeroblob(16), '', '', '', '', '', '', '', ''),
  (x'0193ABCD0000700080000000000000FF', printf('%.*c', 255, 'x'), printf('%.*c', 20, 'x'), printf('%.*c', 100, 'x'),
    replace(printf('%.*c', 100, 'x'), 'x', '🏺'), '  ', '🏺🏺', '40026-280 ', 'NULL');
INSERT INTO artisans VALUES
  (zeroblob(16), '', '', '', 'PENDING'),
  (x'7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF', replace(printf('%.*c', 255, 'x'), 'x', '🏺'),
    replace(printf('%.*c', 1000, 'x'), 'x', '🏺'), ' 1', 'SUSPENDED');
INSERT INTO buyers VALUES (x'80000000000000000000000000000000', 'João', '');
INSERT INTO credentials VALUES (zeroblob(16), printf('%.*c', 512, '$'), 0), (x'80000000000000000000000000000000', '', 1);
INSERT INTO sessions VALUES
  (zeroblob(16), zeroblob(16), 1, 2, 3, NULL),
  (x'FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF', x'80000000000000000000000000000000', 1, 2, 3, 4);
INSERT INTO refresh_tokens VALUES
  (zeroblob(32), zeroblob(16), 1, 2, NULL, NULL),
  (x'80FF000000000000000000000000000000000000000000000000000000000000', zeroblob(16), 1, 2, 3, zeroblob(32)),
  (x'7FFF000000000000000000000000000000000000000000000000000000000000', zeroblob(16), 1, 2, 3, NULL);
INSERT INTO guards VALUES ('relay', 0), ('admins', 9223372036854775807), ('events', -1), ('', 1);
INSERT INTO user_events VALUES
  (zeroblob(16), zeroblob(16), '', NULL, '', '', 1, NULL),
  (x'80000000000000000000000000000000', x'0000000000000000000000000000ABCD', printf('%.*c', 50, 'k'), zeroblob(16),
    printf('%.*c', 128, 'r'), replace(printf('%.*c', 2000, 'x'), 'x', '🏺'), 253402300799999999, 9223372036854775807),
  (x'7F000000000000000000000000000000', zeroblob(16), 'user.created', NULL, 'null', '{"a":"\u0000"}', -1, 0);
INSERT INTO account_tokens VALUES
  (zeroblob(16), 'VERIFY_EMAIL', zeroblob(32), zeroblob(16), '', 1, 2),
  (zeroblob(16), 'RESET_PASSWORD', randomblob(32), randomblob(16), '木', 1, 2);
INSERT INTO pending_emails VALUES (zeroblob(16), '', 1);
INSERT INTO mails VALUES
  (zeroblob(16), 'EMAIL_CHANGED', NULL, '', NULL, 1, 2, 3, 0, NULL, NULL),
  (x'80000000000000000000000000000000', 'VERIFY_EMAIL', zeroblob(16), 'a@b', randomblob(32), 1, 2, 3, 16, '', 4),
  (x'7F000000000000000000000000000000', '', zeroblob(16), 'a@b', zeroblob(32), 1, 2, 3, 1, printf('%.*c', 100, 'f'), NULL);
INSERT INTO mail_limits VALUES (zeroblob(32), 1, 9223372036854775807), (randomblob(32), 1, 0);
INSERT INTO request_ids VALUES
  (zeroblob(32), randomblob(32), zeroblob(16), x'', 1),
  (randomblob(32), randomblob(32), zeroblob(16), randomblob(65535), 1),
  (randomblob(32), zeroblob(32), zeroblob(16), x'00FF', 1);
INSERT INTO sign_in_attempts VALUES (zeroblob(32), NULL, 0, 1, 2), (randomblob(32), zeroblob(16), 5, 1, 2);
INSERT INTO leases VALUES ('housekeeping', zeroblob(16), 1);
