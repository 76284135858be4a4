import type { JsonObject } from "../fake/json.ts";
import { permissionsOf } from "./access.ts";
import type { RepositoryAccess, RepositoryRecord } from "./model.ts";
import { toIsoSeconds } from "./time.ts";
import { presentUser } from "./user-view.ts";
import type { View } from "./view.ts";

export function repositoryName(repository: RepositoryRecord): string {
  return `${repository.owner}/${repository.name}`;
}

export function repositoryUrl(view: View, repository: RepositoryRecord): string {
  return `${view.apiUrl}/repos/${repositoryName(repository)}`;
}

/** GitHub's `full-repository`; with `access` it carries the caller's `permissions`. */
export function presentRepository(view: View, repository: RepositoryRecord, access?: RepositoryAccess): JsonObject {
  const url = repositoryUrl(view, repository);
  const htmlUrl = `${view.htmlUrl}/${repositoryName(repository)}`;
  const at = toIsoSeconds(repository.createdAt);
  const openIssues = view.world.issuesOf(repository.id, view.asOf).filter((issue) => issue.state === "open").length;
  return {
    id: repository.id,
    node_id: repository.nodeId,
    name: repository.name,
    full_name: repositoryName(repository),
    private: repository.private,
    visibility: repository.private ? "private" : "public",
    owner: presentUser(view, view.world.ensureUser(repository.owner)),
    html_url: htmlUrl,
    description: null,
    fork: false,
    url,
    ...linksOf(url),
    git_url: `git:${htmlUrl.replace(/^https?:/, "")}.git`,
    ssh_url: `git@github.com:${repositoryName(repository)}.git`,
    clone_url: `${htmlUrl}.git`,
    svn_url: htmlUrl,
    mirror_url: null,
    homepage: null,
    size: 0,
    stargazers_count: 0,
    watchers_count: 0,
    watchers: 0,
    language: null,
    has_issues: repository.hasIssues,
    has_projects: true,
    has_downloads: true,
    has_wiki: true,
    has_pages: false,
    has_discussions: false,
    forks_count: 0,
    forks: 0,
    archived: repository.archived,
    disabled: false,
    open_issues_count: openIssues,
    open_issues: openIssues,
    license: null,
    topics: [],
    is_template: false,
    allow_forking: true,
    web_commit_signoff_required: false,
    default_branch: "main",
    network_count: 0,
    subscribers_count: 0,
    pushed_at: at,
    created_at: at,
    updated_at: at,
    ...(access === undefined ? {} : { permissions: permissionsOf(access) }),
  };
}

/** GitHub's `repository`, as lists have it: less than when it is read by itself. */
export function presentListedRepository(
  view: View,
  repository: RepositoryRecord,
  access: RepositoryAccess,
): JsonObject {
  const { network_count, subscribers_count, ...listed } = presentRepository(view, repository, access) as Record<
    "network_count" | "subscribers_count",
    unknown
  >;
  return listed;
}

function linksOf(url: string): Record<string, string> {
  const plain = ["forks", "teams", "hooks", "events", "tags", "languages", "stargazers", "contributors"];
  const more = ["subscribers", "subscription", "merges", "downloads", "deployments"];
  const links = [...plain, ...more].map((name) => [`${name}_url`, `${url}/${name}`]);
  return {
    ...Object.fromEntries(links),
    keys_url: `${url}/keys{/key_id}`,
    collaborators_url: `${url}/collaborators{/collaborator}`,
    issue_events_url: `${url}/issues/events{/number}`,
    assignees_url: `${url}/assignees{/user}`,
    branches_url: `${url}/branches{/branch}`,
    blobs_url: `${url}/git/blobs{/sha}`,
    git_tags_url: `${url}/git/tags{/sha}`,
    git_refs_url: `${url}/git/refs{/sha}`,
    trees_url: `${url}/git/trees{/sha}`,
    statuses_url: `${url}/statuses/{sha}`,
    commits_url: `${url}/commits{/sha}`,
    git_commits_url: `${url}/git/commits{/sha}`,
    comments_url: `${url}/comments{/number}`,
    issue_comment_url: `${url}/issues/comments{/number}`,
    contents_url: `${url}/contents/{+path}`,
    compare_url: `${url}/compare/{base}...{head}`,
    archive_url: `${url}/{archive_format}{/ref}`,
    issues_url: `${url}/issues{/number}`,
    pulls_url: `${url}/pulls{/number}`,
    milestones_url: `${url}/milestones{/number}`,
    notifications_url: `${url}/notifications{?since,all,participating}`,
    labels_url: `${url}/labels{/name}`,
    releases_url: `${url}/releases{/id}`,
  };
}
