/** Certificate authorities that are trusted for one source. Null: as before. */
export const sourceCertificateColumn: string = `
ALTER TABLE {schema}.source ADD COLUMN ca_certificate text;
SELECT {schema}.make_table_functions('source', ARRAY[]::text[]);
`;
