/** What a source is used for, and how old its cached issues may get. Null in both: as before. */
export const sourceFeatureColumns: string = `
ALTER TABLE {schema}.source ADD COLUMN features text[], ADD COLUMN issue_max_age_ms bigint;
SELECT {schema}.make_table_functions('source', ARRAY[]::text[]);
`;
