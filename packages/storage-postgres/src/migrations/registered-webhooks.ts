/** The hook that was registered for a poll scope. Null: none that is known of. */
export const registeredWebhookColumn: string = `
ALTER TABLE {schema}.poll_scope ADD COLUMN webhook jsonb;
SELECT {schema}.make_table_functions('poll_scope', ARRAY['mark', 'due_at', 'lease_owner', 'lease_until', 'fence']);
`;
