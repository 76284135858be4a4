/** What is not well is found without a look at everything that is. The conditions are those of `system/overview.ts`. */
export const overviewIndexes: string = `
CREATE INDEX source_unwell ON {schema}.source (tenant_id, id) WHERE NOT enabled OR health <> 'ok';
CREATE INDEX link_troubled ON {schema}.link (tenant_id, id)
  WHERE active = 1 AND (failure IS NOT NULL OR frozen <> '{}' OR refused <> '[]'::jsonb);
`;
