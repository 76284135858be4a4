const person = "{ id name displayName }";

/**
 * Labels within an issue. Linear multiplies what a page costs by what every row may hold, so there are few here; an issue with
 * more of them is read once more by itself.
 */
const labels = (count: number) => `labels(first: ${count}) { nodes { name } pageInfo { hasNextPage } }`;

const issueFields = (labelCount: number) => `
  id number title description priority updatedAt createdAt trashed
  team { key } state { id name type } assignee ${person} creator ${person} ${labels(labelCount)}`;

const commentFields = `id body createdAt updatedAt url user ${person} botActor { name }`;

/** Labels of one issue in a page of many. */
const fewLabels = 12;
/** More than Linear lets an issue have. */
const allLabels = 100;

export const viewerDocument: string = `query viewer($keys: [String!]) {
  viewer ${person}
  organization { id urlKey previousUrlKeys }
  teams(filter: { key: { in: $keys } }, first: 250) { nodes { key } }
}`;

export const accountDocument: string = `query account { viewer ${person} organization { id } }`;

export const organizationDocument: string = "query organization { organization { id } }";

export const probeDocument: string = `query probe($key: String!) { teams(filter: { key: { eq: $key } }, first: 1) { nodes { id } } }`;

export const teamDocument: string = `query team($key: String!) {
  teams(filter: { key: { eq: $key } }, first: 1) {
    nodes {
      id
      defaultIssueState { id name type position }
      states(first: 100) { nodes { id name type position } }
    }
  }
  issueLabels(filter: { or: [{ team: { key: { eq: $key } } }, { team: { null: true } }], isGroup: { eq: false } }, first: 250) {
    nodes { id name parent { id } }
    pageInfo { hasNextPage endCursor }
  }
}`;

export const moreLabelsDocument: string = `query moreLabels($key: String!, $after: String!) {
  issueLabels(filter: { or: [{ team: { key: { eq: $key } } }, { team: { null: true } }], isGroup: { eq: false } }, first: 250, after: $after) {
    nodes { id name parent { id } }
    pageInfo { hasNextPage endCursor }
  }
}`;

export const labelCreateDocument: string = `mutation labelCreate($input: IssueLabelCreateInput!) {
  issueLabelCreate(input: $input) { success issueLabel { id name } }
}`;

export const issuesDocument: string = `query issues($filter: IssueFilter!, $first: Int!) {
  issues(filter: $filter, first: $first, includeArchived: true) { nodes { ${issueFields(fewLabels)} } }
}`;

export const issueDocument: string = `query issue($id: String!) { issue(id: $id) { ${issueFields(allLabels)} } }`;

/** With a link of the new issue's, whose id is known before it is made. */
export const issueCreateDocument: string = `mutation issueCreate(
  $input: IssueCreateInput!
  $withLink: Boolean = false, $link: AttachmentCreateInput = { issueId: "", url: "", title: "" }
) {
  issueCreate(input: $input) {
    success issue { ${issueFields(allLabels)} project { id } cycle { id } parent { id } dueDate estimate }
  }
  attachmentCreate(input: $link) @include(if: $withLink) { success }
}`;

const projects = (after: string) =>
  `projects(first: 100${after}) { nodes { id name } pageInfo { hasNextPage endCursor } }`;

export const formDocument: string = `query form($key: String!) {
  teams(filter: { key: { eq: $key } }, first: 1) {
    nodes {
      issueEstimationType cyclesEnabled defaultIssueState { id }
      states(first: 100) { nodes { id name type position } }
      cycles(first: 50, filter: { isPast: { eq: false } }) { nodes { id number name } }
      ${projects("")}
    }
  }
}`;

export const moreProjectsDocument: string = `query moreProjects($key: String!, $after: String!) {
  teams(filter: { key: { eq: $key } }, first: 1) { nodes { ${projects(", after: $after")} } }
}`;

export const issueUpdateDocument: string = `mutation issueUpdate($id: String!, $input: IssueUpdateInput!) {
  issueUpdate(id: $id, input: $input) { success issue { ${issueFields(allLabels)} } }
}`;

export const searchDocument: string = `query search($term: String!, $filter: IssueFilter!, $keys: [String!]!, $first: Int!) {
  teams(filter: { key: { in: $keys } }, first: 250) { nodes { key } }
  searchIssues(term: $term, filter: $filter, first: $first) { nodes { ${issueFields(fewLabels)} } }
}`;

export const commentsDocument: string = `query comments($id: String!, $after: String) {
  issue(id: $id) {
    comments(first: 100, after: $after) { nodes { ${commentFields} } pageInfo { hasNextPage endCursor } }
  }
}`;

export const commentCreateDocument: string = `mutation commentCreate($input: CommentCreateInput!) {
  commentCreate(input: $input) { success comment { ${commentFields} } }
}`;

export const commentDocument: string = `query comment($id: String!) { comment(id: $id) { ${commentFields} } }`;

export const commentUpdateDocument: string = `mutation commentUpdate($id: String!, $input: CommentUpdateInput!) {
  commentUpdate(id: $id, input: $input) { success comment { ${commentFields} } }
}`;

export const commentDeleteDocument: string = `mutation commentDelete($id: String!) { commentDelete(id: $id) { success } }`;

export const changesDocument: string = `query changes(
  $team: TeamFilter!, $issueFilter: IssueFilter!, $issuesAfter: String, $withIssues: Boolean!
  $commentFilter: CommentFilter!, $commentsAfter: String, $withComments: Boolean!
) {
  teams(filter: $team, first: 1) { nodes { id } }
  issues(filter: $issueFilter, first: 50, after: $issuesAfter, orderBy: updatedAt, includeArchived: true) @include(if: $withIssues) {
    nodes { ${issueFields(fewLabels)} }
    pageInfo { hasNextPage endCursor }
  }
  comments(filter: $commentFilter, first: 100, after: $commentsAfter, orderBy: updatedAt) @include(if: $withComments) {
    nodes { ${commentFields} issue { number team { key } } }
    pageInfo { hasNextPage endCursor }
  }
}`;

export const usersDocument: string = `query users($filter: UserFilter!, $first: Int!) {
  users(filter: $filter, first: $first) { nodes { id name displayName email isAssignable } }
}`;

export const userByLoginDocument: string = `query userByLogin($login: String!) {
  users(filter: { displayName: { eqIgnoreCase: $login } }, first: 1) { nodes { id } }
}`;

export const teamsDocument: string = `query teams($filter: TeamFilter!, $first: Int!, $after: String) {
  teams(filter: $filter, first: $first, after: $after) { nodes { key name } pageInfo { hasNextPage endCursor } }
}`;

export const webhookCreateDocument: string = `mutation webhookCreate($input: WebhookCreateInput!) {
  webhookCreate(input: $input) { success webhook { id } }
}`;

export const webhooksDocument: string = `query webhooks($after: String) {
  webhooks(first: 100, after: $after) { nodes { id url team { key } } pageInfo { hasNextPage endCursor } }
}`;

export const webhookDeleteDocument: string = `mutation webhookDelete($id: String!) { webhookDelete(id: $id) { success } }`;

export const fileUploadDocument: string = `mutation fileUpload($contentType: String!, $filename: String!, $size: Int!) {
  fileUpload(contentType: $contentType, filename: $filename, size: $size) {
    success uploadFile { uploadUrl assetUrl headers { key value } }
  }
}`;

export const attachmentCreateDocument: string = `mutation attachmentCreate($input: AttachmentCreateInput!) {
  attachmentCreate(input: $input) { success attachment { id } }
}`;

export const attachmentsDocument: string = `query attachments($id: String!, $after: String) {
  issue(id: $id) {
    attachments(first: 100, after: $after) {
      nodes { id title url createdAt creator { id } }
      pageInfo { hasNextPage endCursor }
    }
  }
}`;
