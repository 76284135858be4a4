import type { ContainersGroup, FormGroup, IssueSnapshot, PeopleGroup, SearchGroup } from "@backref/core/provider";
import { asList, type GiteaAuth, type GiteaCall, type GiteaOptions, request, requestAll } from "./client.ts";
import { repositoryPath } from "./keys.ts";
import { mapIssue, mapPerson, membersOf, numberOf, textOf } from "./mapping.ts";

/** Everybody who can be assigned: this list has no pages. */
export async function assignable(call: GiteaCall, operation: string, container: string) {
  const map = (data: unknown) => asList(data).map(mapPerson);
  return (await request(call, { operation, path: `${repositoryPath(container)}/assignees`, map })).value;
}

export const formGroup: FormGroup<GiteaAuth, GiteaOptions> = {
  async fields(call: GiteaCall, { container }) {
    const operation = "form.fields";
    const people = await assignable(call, operation, container);
    const path = `${repositoryPath(container)}/milestones?state=open`;
    const milestones = await requestAll(call, operation, path, (row) => {
      const milestone = membersOf(row);
      return { id: String(numberOf(milestone, "id")), name: textOf(milestone, "title") };
    });
    const settings = (await request(call, { operation, path: repositoryPath(container), map: membersOf })).value;
    const base = { required: false, defaultValue: null };
    return [
      {
        ...base,
        id: "assignees",
        name: "Assignees",
        type: "people",
        allowedValues: people.map(({ login, displayName }) => ({ id: login ?? "", name: displayName })),
      },
      {
        ...base,
        required: settings.milestone_required === true,
        id: "milestone",
        name: "Milestone",
        type: "option",
        allowedValues: milestones,
      },
    ];
  },
};

export const peopleGroup: PeopleGroup<GiteaAuth, GiteaOptions> = {
  async search(call: GiteaCall, { container, text, limit }) {
    const words = text.trim().toLowerCase();
    const people = await assignable(call, "people.search", container);
    return people
      .filter(({ login, displayName }) => `${login}\n${displayName}`.toLowerCase().includes(words))
      .slice(0, limit)
      .map((person) => ({ ...person, email: null }));
  },
};

export const containersGroup: ContainersGroup<GiteaAuth, GiteaOptions> = {
  async list(call: GiteaCall, { text, limit = 50, cursor = "0" }) {
    const rows = await requestAll(call, "containers.list", "/user/repos", (row) => {
      const name = textOf(membersOf(row), "full_name");
      return { container: name, name, url: textOf(membersOf(row), "html_url") };
    });
    const found = rows.filter(({ name }) => name.toLowerCase().includes(text.toLowerCase()));
    const start = Number(cursor);
    const items = found.slice(start, start + limit);
    return { items, nextCursor: start + limit < found.length ? String(start + limit) : null };
  },
};

const wordsOf = (text: string): readonly string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

/** Gitea looks for one text as it is; the words around the longest one are compared here. */
export const searchGroup: SearchGroup<GiteaAuth, GiteaOptions> = {
  async issues(call: GiteaCall, { containers, text, limit }) {
    const words = wordsOf(text);
    const [longest] = words.toSorted((a, b) => b.length - a.length);
    if (longest === undefined) return [];
    const found: IssueSnapshot[] = [];
    for (const container of containers) {
      const query = `state=all&type=issues&q=${encodeURIComponent(longest)}`;
      found.push(...(await requestAll(call, "issue.search", `${repositoryPath(container)}/issues?${query}`, mapIssue)));
    }
    const hasAll = (content: string) => words.every((word) => wordsOf(content).includes(word));
    const rank = ({ title }: IssueSnapshot) => (hasAll(title) ? 0 : 1);
    return found
      .filter(({ title, body }) => hasAll(`${title} ${body}`))
      .sort((a, b) => rank(a) - rank(b))
      .slice(0, limit);
  },
};
