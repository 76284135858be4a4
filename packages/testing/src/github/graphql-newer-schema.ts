import type { LackingFeature } from "./view.ts";

/**
 * What GitHub's published GraphQL reference has and `@octokit/graphql-schema` has not caught up with, as far as it is
 * used here. Source: the reference's page on issues, `Issue.issueType` and `Issue.issueFieldValues`.
 */
export const newerSchema: Readonly<Record<LackingFeature, string>> = {
  "issue-types": `
    extend type Issue { issueType: IssueType }
    type IssueType implements Node { id: ID! name: String! description: String isEnabled: Boolean! }
  `,
  "issue-fields": `
    extend type Issue {
      issueFieldValues(after: String, before: String, first: Int, last: Int): IssueFieldValueConnection
    }
    type IssueFieldValueConnection { nodes: [IssueFieldValue] pageInfo: PageInfo! totalCount: Int! }
    union IssueFieldValue =
      IssueFieldDateValue | IssueFieldNumberValue | IssueFieldSingleSelectValue | IssueFieldTextValue
    union IssueFields = IssueFieldDate | IssueFieldNumber | IssueFieldSingleSelect | IssueFieldText
    type IssueFieldDate implements Node { id: ID! fullDatabaseId: BigInt name: String! }
    type IssueFieldNumber implements Node { id: ID! fullDatabaseId: BigInt name: String! }
    type IssueFieldSingleSelect implements Node { id: ID! fullDatabaseId: BigInt name: String! }
    type IssueFieldText implements Node { id: ID! fullDatabaseId: BigInt name: String! }
    type IssueFieldDateValue implements Node { id: ID! field: IssueFields value: String! }
    type IssueFieldNumberValue implements Node { id: ID! field: IssueFields value: Float! }
    type IssueFieldSingleSelectValue implements Node { id: ID! field: IssueFields name: String! value: String! }
    type IssueFieldTextValue implements Node { id: ID! field: IssueFields value: String! }
  `,
};
