-- The provider is told from PostgreSQL 15 on, the rules of ICU from 16, the built-in one from 17.
SELECT format(' TEMPLATE template0 ENCODING %L LC_COLLATE %L LC_CTYPE %L',
    pg_encoding_to_char(encoding), datcollate, datctype)
  || CASE own ->> 'datlocprovider'
    WHEN 'c' THEN ' LOCALE_PROVIDER libc'
    WHEN 'i' THEN format(' LOCALE_PROVIDER icu ICU_LOCALE %L', coalesce(own ->> 'datlocale', own ->> 'daticulocale'))
      || CASE WHEN own ->> 'daticurules' IS NULL THEN '' ELSE format(' ICU_RULES %L', own ->> 'daticurules') END
    WHEN 'b' THEN format(' LOCALE_PROVIDER builtin BUILTIN_LOCALE %L', own ->> 'datlocale')
    ELSE ''
  END
FROM (SELECT d.*, to_jsonb(d) AS own FROM pg_database d WHERE d.datname = current_database()) found
