-- A SECURITY DEFINER function runs with its owner's rights: without pg_temp at the end of its search_path, PostgreSQL searches the
-- caller's temporary schema first, and a temporary table there would take the place of a table of the gateway.
DO $$
DECLARE
    routine record;
BEGIN
    FOR routine IN
        SELECT p.oid::regprocedure AS signature, substr(setting, length('search_path=') + 1) AS path
        FROM pg_proc p
        CROSS JOIN LATERAL unnest(p.proconfig) AS setting
        WHERE p.pronamespace IN ('public'::regnamespace, 'analytics'::regnamespace)
          AND p.prosecdef AND setting LIKE 'search\_path=%' AND setting NOT LIKE '%pg\_temp'
    LOOP
        EXECUTE format('ALTER ROUTINE %s SET search_path = %s, pg_temp', routine.signature, routine.path);
    END LOOP;
END $$;

CREATE OR REPLACE FUNCTION cancel_analyst_queries(longer_than interval)
    RETURNS TABLE (login text, running_s double precision, outcome text)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    session record;
BEGIN
    FOR session IN
        SELECT DISTINCT a.pid, a.usename, a.state, a.datname = current_database() AS here,
               extract(epoch FROM clock_timestamp() - CASE a.state WHEN 'active' THEN a.query_start ELSE a.xact_start END)
                   ::double precision AS seconds,
               EXISTS (SELECT FROM pg_locks l
                       JOIN pg_database d ON d.oid = l.database AND d.datname = current_database()
                       WHERE l.pid = a.pid AND l.locktype = 'advisory') AS locks
        FROM pg_stat_activity a
        JOIN pg_auth_members m ON m.member = a.usesysid AND NOT m.admin_option
        JOIN pg_roles g ON g.oid = m.roleid AND g.rolname = 'deloton_analyst'
        WHERE a.usename <> current_user AND a.pid <> pg_backend_pid()
    LOOP
        login := session.usename;
        running_s := coalesce(session.seconds, 0);
        IF session.state IS NULL THEN
            -- In another database, the login may belong to another gateway's analysts.
            IF session.here THEN
                outcome := 'hidden';
                RETURN NEXT;
            END IF;
        ELSIF session.locks OR session.seconds > extract(epoch FROM longer_than) THEN
            BEGIN
                IF session.state = 'active' AND NOT session.locks THEN
                    outcome := CASE WHEN pg_cancel_backend(session.pid) THEN 'cancelled' ELSE 'gone' END;
                ELSE
                    outcome := CASE WHEN pg_terminate_backend(session.pid) THEN 'ended' ELSE 'gone' END;
                END IF;
            EXCEPTION WHEN insufficient_privilege THEN
                outcome := 'refused';
            END;
            RETURN NEXT;
        END IF;
    END LOOP;
END $$;
COMMENT ON FUNCTION cancel_analyst_queries IS
    'Cancels analysts'' queries and ends their idle transactions that exceed the limit, in every database of the cluster; ends sessions that hold an advisory lock of this database. hidden and refused: call analyst_login for that login.';
