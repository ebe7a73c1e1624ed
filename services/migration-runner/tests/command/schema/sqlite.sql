CREATE TABLE "order" (id INTEGER PRIMARY KEY AUTOINCREMENT, note TEXT DEFAULT 'a;b', buyer INT REFERENCES zeta (id)) STRICT;
CREATE TABLE zeta (id INTEGER PRIMARY KEY, name TEXT COLLATE NOCASE CHECK (length(name) > 0), twice INT AS (id * 2) STORED);
INSERT INTO "order" (note) VALUES ('x');
CREATE UNIQUE INDEX zeta_name ON zeta (lower(name)) WHERE name IS NOT NULL;
CREATE VIEW a_view AS SELECT * FROM z_view;
CREATE VIEW z_view AS SELECT name FROM zeta;
CREATE VIRTUAL TABLE search USING fts5(body);
CREATE TRIGGER kept AFTER INSERT ON zeta BEGIN
  UPDATE zeta SET name = 'x;y' WHERE id = new.id AND name = '';
  DELETE FROM "order" WHERE id = -1;
END;

CREATE TABLE "why?" ("who?" INTEGER DEFAULT (length('who?')));
