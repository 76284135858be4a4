/** A host user may have several accounts at a tracker, and is assigned by one of them: until now by the only one. */
export const identityAccounts: string = `
ALTER TABLE {schema}.identity ADD COLUMN login text, ADD COLUMN avatar_url text, ADD COLUMN preferred bigint;
UPDATE {schema}.identity SET preferred = 1;
ALTER TABLE {schema}.identity DROP CONSTRAINT identity_host,
  ADD CONSTRAINT identity_host UNIQUE (tenant_id, source_id, host_user_id, preferred);
SELECT {schema}.make_table_functions('identity', ARRAY[]::text[]);
`;
