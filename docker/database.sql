-- The first start. Nobody comes in with a password: a process is let in by the user that it runs as (peer).
CREATE ROLE hotline LOGIN;
CREATE DATABASE hotline OWNER hotline;
ALTER ROLE postgres PASSWORD NULL;
