-- The logins behind the stack's secrets, for the owner to run once if the migration does not make them itself:
--   psql "host=... dbname=deloton user=deloton_owner sslmode=verify-full sslrootcert=..." \
--        -v gateway_password=... -v analyst_password=... -f roles.sql
-- What each may touch is granted by the migrations.
CREATE ROLE deloton_gateway LOGIN PASSWORD :'gateway_password';
CREATE ROLE tableau LOGIN PASSWORD :'analyst_password' CONNECTION LIMIT 20;
ALTER ROLE tableau SET default_transaction_read_only = on;
ALTER ROLE tableau SET statement_timeout = '120s';
REVOKE ALL ON DATABASE deloton FROM PUBLIC;
GRANT CONNECT ON DATABASE deloton TO deloton_gateway, tableau;
