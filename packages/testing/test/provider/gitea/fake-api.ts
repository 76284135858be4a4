import {
  assetView,
  attemptView,
  baseUrl,
  commentView,
  hookView,
  issueView,
  labelView,
  repository,
  repositoryView,
  userView,
} from "./fake-views.ts";
import { type GiteaComment, type GiteaIssue, type GiteaWorld, priorities } from "./fake-world.ts";

const largestPage = 50;
/** Others that the token reaches, without anything in them. */
const otherRepositories = Array.from({ length: 60 }, (_, index) => `acme/r${index}`);

class ApiFailure extends Error {
  readonly status: number;
  readonly field: string | undefined;

  constructor(status: number, field?: string) {
    super(`status ${status}`);
    this.status = status;
    this.field = field;
  }
}

interface RequestBody {
  readonly title?: unknown;
  readonly body?: unknown;
  readonly state?: unknown;
  readonly labels?: unknown;
  readonly name?: unknown;
  readonly color?: unknown;
  readonly assignees?: unknown;
  readonly milestone?: unknown;
  readonly priority?: unknown;
}

interface ApiCall {
  readonly world: GiteaWorld;
  readonly query: URLSearchParams;
  readonly body: RequestBody;
  /** Of requests that carry no JSON. */
  readonly bytes: Uint8Array;
  readonly params: readonly string[];
}

type Handler = (call: ApiCall) => { readonly status: number; readonly body?: unknown };

const repo = `/repos/${repository}`;

const routes: readonly (readonly [method: string, path: RegExp, handler: Handler])[] = [
  ["GET", route("/user"), ({ world }) => ok(userView(world.account))],
  ["GET", route("/user/repos"), ({ query }) => ok(page([repository, ...otherRepositories], query).map(repositoryView))],
  ["GET", route(repo), ({ world }) => ok({ ...repositoryView(repository), milestone_required: world.needsMilestone })],
  ["GET", route(`${repo}/assignees`), ({ world }) => ok(world.people.map(userView))],
  ["GET", route(`${repo}/milestones`), ({ world, query }) => ok(page(world.milestones, query))],
  ["GET", route(`${repo}/labels`), ({ world, query }) => ok(page(world.labels, query).map(labelView))],
  ["POST", route(`${repo}/labels`), makeLabel],
  ["GET", route(`${repo}/issues`), listIssues],
  ["POST", route(`${repo}/issues`), createIssue],
  ["GET", route(`${repo}/issues/comments`), listComments],
  ["PATCH", route(`${repo}/issues/comments/:`), editComment],
  ["DELETE", route(`${repo}/issues/comments/:`), deleteComment],
  ["GET", route(`${repo}/issues/:`), (call) => ok(issueView(call.world, issueOf(call)))],
  ["PATCH", route(`${repo}/issues/:`), editIssue],
  ["POST", route(`${repo}/issues/:/labels`), addLabels],
  ["DELETE", route(`${repo}/issues/:/labels/:`), removeLabel],
  ["GET", route(`${repo}/issues/:/assets`), (call) => ok(call.world.filesOf(issueOf(call)).map(assetView))],
  ["POST", route(`${repo}/issues/:/assets`), addAsset],
  ["GET", route(`${repo}/issues/:/comments`), commentsOfIssue],
  ["POST", route(`${repo}/issues/:/comments`), createComment],
  ["GET", route(`${repo}/hooks`), ({ world, query }) => ok(page(world.isApp ? [] : [world.hook], query).map(hookView))],
  ["GET", route(`${repo}/hooks/1/deliveries`), listAttempts],
  ["POST", route(`${repo}/hooks/1/deliveries/:`), deliverAgain],
  ["GET", route("/app/deliveries"), listAttempts],
  ["POST", route("/app/deliveries/:"), deliverAgain],
];

/** Answers one request as Gitea does. */
export async function answer(
  world: GiteaWorld,
  accepts: (token: string) => boolean,
  request: Request,
): Promise<Response> {
  const headers = { date: new Date(world.stamp()).toUTCString(), "content-type": "application/json;charset=utf-8" };
  try {
    const url = new URL(request.url);
    const path = url.pathname.replace(/^\/api\/v1/, "");
    const found = routes.find(([method, pattern]) => method === request.method && pattern.test(path));
    const [, token = ""] = /^token (.*)$/.exec(request.headers.get("authorization") ?? "") ?? [];
    if (!accepts(token)) throw new ApiFailure(401);
    if (found === undefined) throw new ApiFailure(404);
    const bytes = new Uint8Array(await request.arrayBuffer());
    const isJson = request.headers.get("content-type") === "application/json";
    const body = bytes.byteLength === 0 || !isJson ? {} : (JSON.parse(Buffer.from(bytes).toString()) as RequestBody);
    const params = (found[1].exec(path) ?? []).slice(1).map(decodeURIComponent);
    const { status, body: content } = found[2]({ world, query: url.searchParams, body, bytes, params });
    return new Response(status === 204 ? null : JSON.stringify(content), { status, headers });
  } catch (error) {
    if (!(error instanceof ApiFailure)) throw error;
    const body = JSON.stringify({ message: error.message, field: error.field, url: `${baseUrl}/api/swagger` });
    return new Response(body, { status: error.status, headers });
  }
}

function route(path: string): RegExp {
  return new RegExp(`^${path.replaceAll(":", "([^/]+)")}$`);
}

function ok(body: unknown) {
  return { status: 200, body };
}

function page<Row>(rows: readonly Row[], query: URLSearchParams): readonly Row[] {
  const limit = Math.min(Number(query.get("limit") ?? 30), largestPage);
  const first = (Number(query.get("page") ?? 1) - 1) * limit;
  return rows.slice(first, first + limit);
}

function issueOf({ world, params }: ApiCall): GiteaIssue {
  const issue = world.issues.get(Number(params[0]));
  if (issue === undefined) throw new ApiFailure(404);
  return issue;
}

function commentOf({ world, params }: ApiCall): GiteaComment {
  const comment = world.comments.get(Number(params[0]));
  if (comment === undefined) throw new ApiFailure(404);
  return comment;
}

/** Newest first, whatever changed last; `since` looks at the last change and includes its own second. */
function listIssues({ world, query }: ApiCall) {
  const since = Date.parse(query.get("since") ?? "") || 0;
  const state = query.get("state") ?? "open";
  const text = (query.get("q") ?? "").toLowerCase();
  const rows = [...world.issues.values()]
    .filter((issue) => (state === "all" || issue.state === state) && issue.updatedAt >= since)
    .filter((issue) => query.get("type") !== "issues" || !issue.isPull)
    .filter((issue) => `${issue.title}\n${issue.body}`.toLowerCase().includes(text))
    .sort((a, b) => b.createdAt - a.createdAt || b.index - a.index);
  return ok(page(rows, query).map((issue) => issueView(world, issue)));
}

function createIssue({ world, body }: ApiCall) {
  if (typeof body.title !== "string" || body.title === "") throw new ApiFailure(422);
  const ids = (body.labels ?? []) as readonly unknown[];
  if (!ids.every((id) => typeof id === "number")) throw new ApiFailure(422);
  // Whoever may not set labels gets the issue without them.
  const labels = world.mayLabel ? world.labels.filter((label) => ids.includes(label.id)) : [];
  const logins = (body.assignees ?? []) as readonly unknown[];
  const assignees = world.people.filter(({ login }) => logins.includes(login));
  if (assignees.length < logins.length) throw new ApiFailure(422);
  const milestone = world.milestones.find(({ id }) => id === body.milestone) ?? null;
  if (milestone === null && world.needsMilestone) throw new ApiFailure(422, "milestone");
  const priority = priorities.find((name) => name === body.priority) ?? null;
  const draft = { title: body.title, body: String(body.body ?? ""), labels, assignees, milestone, priority };
  const issue = world.createIssue(world.account, draft);
  return { status: 201, body: issueView(world, issue) };
}

function editIssue(call: ApiCall) {
  const issue = issueOf(call);
  const { title, body, state } = call.body as { title?: string; body?: string; state?: "open" | "closed" };
  const priority = [...priorities, null].find((name) => name === call.body.priority);
  const change = {
    ...(title !== undefined && title !== issue.title && { title }),
    ...(body !== undefined && body !== issue.body && { body }),
    ...(state !== undefined && state !== issue.state && { state }),
    ...(priority !== undefined && priority !== issue.priority && { priority }),
  };
  if (Object.keys(change).length > 0) call.world.changeIssue(issue, change);
  return { status: 201, body: issueView(call.world, issue) };
}

function addAsset(call: ApiCall) {
  const file = call.world.addFile(issueOf(call), call.query.get("name") ?? "file", call.bytes);
  return { status: 201, body: assetView(file) };
}

function makeLabel({ world, body }: ApiCall) {
  if (!world.mayLabel) throw new ApiFailure(403);
  return { status: 201, body: labelView(world.ensureLabel(String(body.name), String(body.color).replace("#", ""))) };
}

function addLabels(call: ApiCall) {
  const { world, body } = call;
  const issue = issueOf(call);
  if (!world.mayLabel) throw new ApiFailure(403);
  const ids = body.labels as readonly unknown[];
  const added = world.labels.filter((label) => ids.includes(label.id) && !issue.labels.includes(label));
  if (added.length > 0) world.changeIssue(issue, { labels: [...issue.labels, ...added] });
  return ok(issue.labels.map(labelView));
}

function removeLabel(call: ApiCall) {
  const issue = issueOf(call);
  if (!call.world.mayLabel) throw new ApiFailure(403);
  const labels = issue.labels.filter((label) => label.id !== Number(call.params[1]));
  if (labels.length < issue.labels.length) call.world.changeIssue(issue, { labels });
  return { status: 204 };
}

function listComments({ world, query }: ApiCall) {
  const since = Date.parse(query.get("since") ?? "") || 0;
  const rows = [...world.comments.values()].filter((comment) => comment.updatedAt >= since);
  return ok(page(rows, query).map((comment) => commentView(world, comment)));
}

/** All of them: this list has no pages. */
function commentsOfIssue(call: ApiCall) {
  return ok(call.world.commentsOf(issueOf(call)).map((comment) => commentView(call.world, comment)));
}

function listAttempts({ world, query }: ApiCall) {
  return ok(page(world.hook.attempts, query).map(attemptView));
}

function deliverAgain({ world, params }: ApiCall) {
  const attempt = world.hook.attempts.find(({ id }) => id === Number(params[0]));
  if (attempt === undefined) throw new ApiFailure(404);
  world.deliver(attempt.delivery);
  return { status: 204 };
}

function createComment(call: ApiCall) {
  const comment = call.world.comment(call.world.account, issueOf(call), String(call.body.body));
  return { status: 201, body: commentView(call.world, comment) };
}

function editComment(call: ApiCall) {
  const comment = commentOf(call);
  call.world.editComment(comment, String(call.body.body));
  return ok(commentView(call.world, comment));
}

function deleteComment(call: ApiCall) {
  call.world.deleteComment(commentOf(call));
  return { status: 204 };
}
