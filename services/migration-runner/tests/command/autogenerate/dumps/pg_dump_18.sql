--
-- PostgreSQL database dump
--

\restrict PBYaAzoGJdQyn7wzbwSkpTLW1T7O5JyImo40Fwt4dJzId0TizCWr7VRMh55AF4f

-- Dumped from database version 15.18 (Debian 15.18-0+deb12u1)
-- Dumped by pg_dump version 18.6 (Debian 18.6-3)

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET transaction_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: mood; Type: TYPE; Schema: public; Owner: postgres
--

CREATE TYPE public.mood AS ENUM (
    'sad',
    'it''s \ ok'
);


ALTER TYPE public.mood OWNER TO postgres;

--
-- Name: touch(); Type: FUNCTION; Schema: public; Owner: postgres
--

CREATE FUNCTION public.touch() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN NEW.name := '\restrict'; RETURN NEW; END $$;


ALTER FUNCTION public.touch() OWNER TO postgres;

SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: people; Type: TABLE; Schema: public; Owner: somebody_else
--

CREATE TABLE public.people (
    id bigint NOT NULL,
    mail text NOT NULL,
    feels public.mood DEFAULT 'sad'::public.mood
);


ALTER TABLE public.people OWNER TO somebody_else;

--
-- Name: TABLE people; Type: COMMENT; Schema: public; Owner: somebody_else
--

COMMENT ON TABLE public.people IS 'who';


--
-- Name: pets; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public.pets (
    id integer NOT NULL,
    owner bigint NOT NULL,
    name text DEFAULT 'a;b'::text
);


ALTER TABLE public.pets OWNER TO postgres;

--
-- Name: owners; Type: VIEW; Schema: public; Owner: postgres
--

CREATE VIEW public.owners AS
 SELECT p.mail,
    count(*) AS pets
   FROM (public.people p
     JOIN public.pets ON ((pets.owner = p.id)))
  GROUP BY p.mail;


ALTER VIEW public.owners OWNER TO postgres;

--
-- Name: people_id_seq; Type: SEQUENCE; Schema: public; Owner: somebody_else
--

ALTER TABLE public.people ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.people_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: pets_id_seq; Type: SEQUENCE; Schema: public; Owner: postgres
--

CREATE SEQUENCE public.pets_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


ALTER SEQUENCE public.pets_id_seq OWNER TO postgres;

--
-- Name: pets_id_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: postgres
--

ALTER SEQUENCE public.pets_id_seq OWNED BY public.pets.id;


--
-- Name: pets id; Type: DEFAULT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.pets ALTER COLUMN id SET DEFAULT nextval('public.pets_id_seq'::regclass);


--
-- Data for Name: people; Type: TABLE DATA; Schema: public; Owner: somebody_else
--

COPY public.people (id, mail, feels) FROM stdin;
1	it's; $$ -- me	sad
2	b\\c	sad
\.


--
-- Data for Name: pets; Type: TABLE DATA; Schema: public; Owner: postgres
--

COPY public.pets (id, owner, name) FROM stdin;
1	1	tab\there
2	2	\N
\.


--
-- Name: people_id_seq; Type: SEQUENCE SET; Schema: public; Owner: somebody_else
--

SELECT pg_catalog.setval('public.people_id_seq', 2, true);


--
-- Name: pets_id_seq; Type: SEQUENCE SET; Schema: public; Owner: postgres
--

SELECT pg_catalog.setval('public.pets_id_seq', 2, true);


--
-- Name: people people_mail_key; Type: CONSTRAINT; Schema: public; Owner: somebody_else
--

ALTER TABLE ONLY public.people
    ADD CONSTRAINT people_mail_key UNIQUE (mail);


--
-- Name: people people_pkey; Type: CONSTRAINT; Schema: public; Owner: somebody_else
--

ALTER TABLE ONLY public.people
    ADD CONSTRAINT people_pkey PRIMARY KEY (id);


--
-- Name: pets pets_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.pets
    ADD CONSTRAINT pets_pkey PRIMARY KEY (id);


--
-- Name: pets_owner; Type: INDEX; Schema: public; Owner: postgres
--

CREATE INDEX pets_owner ON public.pets USING btree (owner);


--
-- Name: pets pets_touch; Type: TRIGGER; Schema: public; Owner: postgres
--

CREATE TRIGGER pets_touch BEFORE UPDATE ON public.pets FOR EACH ROW EXECUTE FUNCTION public.touch();


--
-- Name: pets pets_owner_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.pets
    ADD CONSTRAINT pets_owner_fkey FOREIGN KEY (owner) REFERENCES public.people(id);


--
-- Name: TABLE pets; Type: ACL; Schema: public; Owner: postgres
--

GRANT SELECT ON TABLE public.pets TO somebody_else;


--
-- PostgreSQL database dump complete
--

\unrestrict PBYaAzoGJdQyn7wzbwSkpTLW1T7O5JyImo40Fwt4dJzId0TizCWr7VRMh55AF4f

