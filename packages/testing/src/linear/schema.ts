import { buildSchema, type GraphQLSchema } from "graphql";

/**
 * The part of Linear's schema that the fake answers, in Linear's own words: names, arguments and nullability. A test holds it
 * against the vendor's whole schema where that is at hand.
 */
export const linearExtract: string = `
scalar DateTime
scalar DateTimeOrDuration
scalar TimelessDate
enum PaginationOrderBy { createdAt updatedAt }

type PageInfo { hasNextPage: Boolean! endCursor: String }
type Organization { id: ID! name: String! urlKey: String! previousUrlKeys: [String!]! }
type User { id: ID! name: String! displayName: String! email: String! active: Boolean! isAssignable: Boolean! }
type UserConnection { nodes: [User!]! pageInfo: PageInfo! }
type ActorBot { id: ID name: String userDisplayName: String }
type WorkflowState { id: ID! name: String! type: String! position: Float! }
type WorkflowStateConnection { nodes: [WorkflowState!]! pageInfo: PageInfo! }
type IssueLabel { id: ID! name: String! color: String! isGroup: Boolean! team: Team parent: IssueLabel }
type IssueLabelConnection { nodes: [IssueLabel!]! pageInfo: PageInfo! }
type Team {
  id: ID! key: String! name: String! defaultIssueState: WorkflowState
  issueEstimationType: String! cyclesEnabled: Boolean!
  states(after: String, first: Int): WorkflowStateConnection!
  cycles(after: String, filter: CycleFilter, first: Int): CycleConnection!
  projects(after: String, first: Int): ProjectConnection!
}
type Cycle { id: ID! number: Float! name: String isPast: Boolean! }
type CycleConnection { nodes: [Cycle!]! pageInfo: PageInfo! }
type Project { id: ID! name: String! }
type ProjectConnection { nodes: [Project!]! pageInfo: PageInfo! }
type TeamConnection { nodes: [Team!]! pageInfo: PageInfo! }
type Issue {
  id: ID! number: Float! identifier: String! title: String! description: String priority: Float! priorityLabel: String!
  url: String! createdAt: DateTime! updatedAt: DateTime! archivedAt: DateTime trashed: Boolean
  previousIdentifiers: [String!]! state: WorkflowState! team: Team! assignee: User creator: User
  project: Project cycle: Cycle parent: Issue dueDate: TimelessDate estimate: Float
  labels(after: String, first: Int): IssueLabelConnection!
  comments(after: String, first: Int): CommentConnection!
  attachments(after: String, first: Int): AttachmentConnection!
}
type IssueConnection { nodes: [Issue!]! pageInfo: PageInfo! }
type IssueSearchResult {
  id: ID! number: Float! identifier: String! title: String! description: String priority: Float! priorityLabel: String!
  url: String! createdAt: DateTime! updatedAt: DateTime! archivedAt: DateTime trashed: Boolean
  previousIdentifiers: [String!]! state: WorkflowState! team: Team! assignee: User creator: User
  labels(after: String, first: Int): IssueLabelConnection!
}
type IssueSearchPayload { nodes: [IssueSearchResult!]! pageInfo: PageInfo! totalCount: Float! }
type Comment {
  id: ID! body: String! createdAt: DateTime! updatedAt: DateTime! url: String! user: User botActor: ActorBot issue: Issue
}
type CommentConnection { nodes: [Comment!]! pageInfo: PageInfo! }
type Attachment { id: ID! title: String! url: String! createdAt: DateTime! creator: User }
type AttachmentConnection { nodes: [Attachment!]! pageInfo: PageInfo! }
type UploadFileHeader { key: String! value: String! }
type UploadFile {
  uploadUrl: String! assetUrl: String! contentType: String! filename: String! size: Int! headers: [UploadFileHeader!]!
}
type Webhook { id: ID! url: String team: Team }
type WebhookConnection { nodes: [Webhook!]! pageInfo: PageInfo! }

input StringComparator { eq: String eqIgnoreCase: String in: [String!] containsIgnoreCase: String }
input BooleanComparator { eq: Boolean }
input NumberComparator { eq: Float in: [Float!] }
input DateComparator { gte: DateTimeOrDuration gt: DateTimeOrDuration }
input IDComparator { eq: ID in: [ID!] }
input IssueIDComparator { eq: ID in: [ID!] }
input TeamFilter { and: [TeamFilter!] or: [TeamFilter!] id: IDComparator key: StringComparator name: StringComparator }
input NullableTeamFilter { and: [NullableTeamFilter!] or: [NullableTeamFilter!] null: Boolean key: StringComparator }
input IssueLabelFilter {
  and: [IssueLabelFilter!] or: [IssueLabelFilter!] isGroup: BooleanComparator name: StringComparator team: NullableTeamFilter
}
input CycleFilter { isPast: BooleanComparator }
input UserFilter {
  and: [UserFilter!] or: [UserFilter!] active: BooleanComparator name: StringComparator displayName: StringComparator
  email: StringComparator
}
input IssueFilter {
  and: [IssueFilter!] or: [IssueFilter!] id: IssueIDComparator number: NumberComparator team: TeamFilter
  updatedAt: DateComparator createdAt: DateComparator
}
input NullableIssueFilter { and: [NullableIssueFilter!] or: [NullableIssueFilter!] null: Boolean team: TeamFilter }
input CommentFilter { and: [CommentFilter!] or: [CommentFilter!] updatedAt: DateComparator issue: NullableIssueFilter }

input IssueCreateInput {
  id: String teamId: String! title: String description: String priority: Int stateId: String labelIds: [String!] assigneeId: String
  projectId: String cycleId: String parentId: String dueDate: TimelessDate estimate: Int
}
input IssueUpdateInput {
  title: String description: String priority: Int stateId: String teamId: String assigneeId: String
  addedLabelIds: [String!] removedLabelIds: [String!] labelIds: [String!] trashed: Boolean
}
input CommentCreateInput { id: String issueId: String body: String parentId: String createAsUser: String }
input CommentUpdateInput { body: String }
input AttachmentCreateInput { id: String issueId: String! url: String! title: String! subtitle: String }
input IssueLabelCreateInput { id: String name: String! color: String description: String teamId: String }
input WebhookCreateInput {
  id: String url: String! resourceTypes: [String!]! teamId: String allPublicTeams: Boolean secret: String label: String
}

type IssuePayload { success: Boolean! issue: Issue }
type CommentPayload { success: Boolean! comment: Comment! }
type AttachmentPayload { success: Boolean! attachment: Attachment! }
type UploadPayload { success: Boolean! uploadFile: UploadFile }
type DeletePayload { success: Boolean! entityId: String! }
type IssueLabelPayload { success: Boolean! issueLabel: IssueLabel! }
type WebhookPayload { success: Boolean! webhook: Webhook! }

type Query {
  viewer: User!
  organization: Organization!
  teams(after: String, filter: TeamFilter, first: Int, includeArchived: Boolean, orderBy: PaginationOrderBy): TeamConnection!
  issues(after: String, filter: IssueFilter, first: Int, includeArchived: Boolean, orderBy: PaginationOrderBy): IssueConnection!
  issue(id: String!): Issue!
  searchIssues(term: String!, after: String, filter: IssueFilter, first: Int, includeArchived: Boolean): IssueSearchPayload!
  issueLabels(after: String, filter: IssueLabelFilter, first: Int, includeArchived: Boolean): IssueLabelConnection!
  comments(after: String, filter: CommentFilter, first: Int, includeArchived: Boolean, orderBy: PaginationOrderBy): CommentConnection!
  comment(id: String): Comment!
  users(after: String, filter: UserFilter, first: Int, includeArchived: Boolean): UserConnection!
  webhooks(after: String, first: Int): WebhookConnection!
}

type Mutation {
  issueCreate(input: IssueCreateInput!): IssuePayload!
  issueUpdate(id: String!, input: IssueUpdateInput!): IssuePayload!
  commentCreate(input: CommentCreateInput!): CommentPayload!
  commentUpdate(id: String!, input: CommentUpdateInput!): CommentPayload!
  commentDelete(id: String!): DeletePayload!
  issueLabelCreate(input: IssueLabelCreateInput!): IssueLabelPayload!
  attachmentCreate(input: AttachmentCreateInput!): AttachmentPayload!
  fileUpload(contentType: String!, filename: String!, size: Int!): UploadPayload!
  webhookCreate(input: WebhookCreateInput!): WebhookPayload!
  webhookDelete(id: String!): DeletePayload!
}
`;

const memory: { schema?: GraphQLSchema } = {};

/** Built once per process, on first use. */
export function linearSchema(): GraphQLSchema {
  memory.schema ??= buildSchema(linearExtract);
  return memory.schema;
}
