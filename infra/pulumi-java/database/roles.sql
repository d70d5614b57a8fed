-- Sets the passwords of the logins from the stack's secrets, and restricts connections. deloton_owner runs it after the first
-- migration, which creates the roles and their rights, and again after each change of a password:
--   GATEWAY_PASSWORD=... ANALYST_PASSWORD=... [ARCHIVE_PASSWORD=...] \
--   psql "host=... dbname=deloton user=deloton_owner sslmode=verify-full sslrootcert=..." -f roles.sql
\set ON_ERROR_STOP on
\getenv gateway_password GATEWAY_PASSWORD
\getenv analyst_password ANALYST_PASSWORD
\getenv archive_password ARCHIVE_PASSWORD
BEGIN;
ALTER ROLE deloton_gateway LOGIN PASSWORD :'gateway_password';
CALL public.analyst_login('tableau', 20);
ALTER ROLE tableau PASSWORD :'analyst_password';
REVOKE ALL ON DATABASE deloton FROM PUBLIC;
GRANT CONNECT ON DATABASE deloton TO deloton_gateway, deloton_analyst, deloton_archive;
-- Only of a stack with an archive.
\if :{?archive_password}
ALTER ROLE deloton_archive LOGIN PASSWORD :'archive_password';
\endif
COMMIT;
