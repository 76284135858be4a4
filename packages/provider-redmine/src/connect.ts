import type { ConnectGroup, ConnectionReport, RemotePerson } from "@backref/core/provider";
import { hasStatus, isRefusal, type Operation, parseShape } from "@backref/provider-kit";
import { z } from "zod";
import type { OpenClient, RedmineCall, RedmineClient } from "./client.ts";
import { createContainerTest } from "./connect-container.ts";
import { ofProject } from "./issues.ts";
import { mapPerson } from "./map-person.ts";
import { idShape } from "./shapes.ts";
import type { RedmineAuth, RedmineOptions } from "./types.ts";

const accountOperation: Operation = {
  name: "connect.account",
  isWrite: false,
  explain: {
    403: { message: "Its REST API is switched off: Administration, Settings, API, Enable REST web service." },
    404: { message: "There is no Redmine at this base URL: check it, the path below the host included." },
  },
};

export function createConnectGroup(open: OpenClient): ConnectGroup<RedmineAuth, RedmineOptions> {
  return {
    account: async (call: RedmineCall) => (await readAccount(open(call))).person,

    async test(call: RedmineCall, { containers }): Promise<ConnectionReport> {
      const client = open(call);
      try {
        const account = await readAccount(client);
        const testContainer = createContainerTest(client, account);
        const tested = [];
        for (const container of containers) tested.push(await testContainer(container));
        const problems = tested.flatMap((test) => test.problems);
        const reports = tested.map(({ report }) => report);
        const ok = problems.length === 0;
        return { ok, account: account.person, scopes: [], expiresAt: null, containers: reports, problems };
      } catch (error) {
        if (!isRefusal(error)) throw error;
        const nobody = { ok: false, account: null, scopes: [], expiresAt: null, containers: [] } as const;
        return { ...nobody, problems: [error.message] };
      }
    },

    async probe(call: RedmineCall, { container }) {
      const operation: Operation = { name: "connect.probe", isWrite: false };
      try {
        // The list, since a project can be seen while its issues cannot.
        await open(call).request(operation, "GET", "/issues", { query: { ...ofProject(container), limit: 1 } });
        return true;
      } catch (error) {
        if (hasStatus(error, 403, 404)) return false;
        throw error;
      }
    },
  };
}

const userShape = z.object({
  user: z.object({
    id: idShape,
    login: z.string().nullish(),
    firstname: z.string().nullish(),
    lastname: z.string().nullish(),
    admin: z.boolean().nullish(),
    memberships: z
      .array(z.object({ project: z.object({ id: idShape }), roles: z.array(z.object({ id: idShape })) }))
      .nullish()
      .catch(null),
  }),
});

export interface Account {
  readonly person: RemotePerson;
  readonly isAdmin: boolean;
  /** Numbers of the account's roles, by the project's number. */
  readonly roles: ReadonlyMap<string, readonly string[]>;
}

/** Of an answer that also holds the key, which is not kept. */
async function readAccount(client: RedmineClient): Promise<Account> {
  const query = { include: "memberships" };
  const answer = await client.request(accountOperation, "GET", "/users/current", { query });
  const { user } = answer.as((data) => parseShape(userShape, data, "answer"));
  const name = [user.firstname, user.lastname].filter(Boolean).join(" ");
  return {
    person: { ...mapPerson({ id: user.id, name }), login: user.login ?? null },
    isAdmin: user.admin === true,
    roles: new Map((user.memberships ?? []).map(({ project, roles }) => [project.id, roles.map(({ id }) => id)])),
  };
}
