import type { ConnectGroup } from "@backref/core/provider";
import { z } from "zod";
import { ask, hasStatus, type NookCall } from "./client.ts";
import type { NookAuth, NookOptions } from "./forms.ts";

const personShape = z.object({ id: z.string(), name: z.string(), mayWrite: z.boolean() });

async function readPerson(call: NookCall) {
  const { value } = await ask(call, { operation: "connect.account", path: "/me" }, personShape);
  return { account: { id: value.id, login: value.id, displayName: value.name }, mayWrite: value.mayWrite };
}

async function probe(call: NookCall, container: string): Promise<boolean> {
  try {
    await ask(call, { operation: "connect.probe", path: `/boards/${encodeURIComponent(container)}` }, z.unknown());
    return true;
  } catch (error) {
    if (hasStatus(error, 403, 404)) return false;
    throw error;
  }
}

export const connectGroup: ConnectGroup<NookAuth, NookOptions> = {
  account: async (call) => (await readPerson(call)).account,
  probe: (call, { container }) => probe(call, container),
  async test(call, { containers }) {
    const report = { scopes: [], expiresAt: null };
    try {
      const { account, mayWrite } = await readPerson(call);
      const tested = [];
      for (const container of containers) {
        const reachable = await probe(call, container);
        tested.push({ container, reachable, writable: reachable && mayWrite });
      }
      const problems = [
        ...tested.flatMap(({ container, reachable }) =>
          reachable ? [] : [`Board ${container} was not found: check its name.`],
        ),
        ...(mayWrite ? [] : ["The token may only read: ask for one that may write, or only link and read here."]),
      ];
      return { ...report, ok: problems.length === 0, account, containers: tested, problems };
    } catch (error) {
      if (!hasStatus(error, 401, 403)) throw error;
      return { ...report, ok: false, account: null, containers: [], problems: [`${error.message} Give a new token.`] };
    }
  },
};
