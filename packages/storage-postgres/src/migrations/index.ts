import { bulkGuard } from "./bulk-guard.ts";
import { claimFunctions } from "./claim-functions.ts";
import { commitFunctions } from "./commit-functions.ts";
import { createForms } from "./create-forms.ts";
import { feedTables } from "./feed-tables.ts";
import { identityAccounts } from "./identity-accounts.ts";
import { linkTables } from "./link-tables.ts";
import { overviewIndexes } from "./overview-indexes.ts";
import { pollClaims } from "./poll-claims.ts";
import { referenceTables } from "./reference-tables.ts";
import { registeredWebhookColumn } from "./registered-webhooks.ts";
import { reserveFunction } from "./reserve-function.ts";
import { sourceCertificateColumn } from "./source-certificate.ts";
import { sourceFeatureColumns } from "./source-features.ts";
import { sourceTables } from "./source-tables.ts";
import { systemFunctions } from "./system-functions.ts";
import { tableFunctions } from "./table-functions.ts";
import { workFunctions } from "./work-functions.ts";

export interface Migration {
  /** From 1, without gaps. A migration that was released never changes. */
  readonly version: number;
  readonly name: string;
  /** Statements with `{schema}` where the schema's name belongs, and `{settings}` where a function's settings do. */
  readonly statements: string;
}

/** In order. What a released version contained stays as it was: a change is a new migration. */
export const migrations: readonly Migration[] = [
  {
    version: 1,
    name: "first",
    statements: [
      sourceTables,
      referenceTables,
      linkTables,
      feedTables,
      tableFunctions,
      workFunctions,
      commitFunctions,
      systemFunctions,
    ].join("\n"),
  },
  { version: 2, name: "reserve", statements: reserveFunction },
  { version: 3, name: "claims", statements: claimFunctions },
  { version: 4, name: "source-features", statements: sourceFeatureColumns },
  { version: 5, name: "registered-webhooks", statements: registeredWebhookColumn },
  { version: 6, name: "source-certificate", statements: sourceCertificateColumn },
  { version: 7, name: "overview", statements: overviewIndexes },
  { version: 8, name: "create-forms", statements: createForms },
  { version: 9, name: "identity-accounts", statements: identityAccounts },
  { version: 10, name: "bulk-guard", statements: bulkGuard },
  { version: 11, name: "poll-claims", statements: pollClaims },
];

/** The version of the schema that this code works with. */
export const schemaVersion: number = migrations.length;
