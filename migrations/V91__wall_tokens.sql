-- Tokens of wall displays: they open the live view of the fleet and nothing else, last for months, and can be revoked.

CREATE TABLE wall_token (
    token_id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    label      text        NOT NULL,
    token_hash bytea       NOT NULL UNIQUE,
    created_at timestamptz NOT NULL DEFAULT now(),
    created_by text        NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    revoked_by text
);
COMMENT ON TABLE wall_token IS 'Tokens of wall displays, which show the fleet without names.';
COMMENT ON COLUMN wall_token.label IS 'Which display it is for.';
COMMENT ON COLUMN wall_token.token_hash IS 'SHA-256 of the token, which is 32 random bytes; the token itself is not stored.';
COMMENT ON COLUMN wall_token.created_by IS 'Subject of the token that created it.';

GRANT SELECT, INSERT, UPDATE ON wall_token TO deloton_gateway;
