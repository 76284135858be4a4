import type { FetchFunction } from "@backref/core/provider";
import { mapAnswer, type Operation, parseShape, readAnswer } from "@backref/provider-kit";
import { z } from "zod";
import type { JiraCall } from "./client.ts";
import { errors, fromAnswer } from "./errors.ts";
import { gatewayUrl } from "./site.ts";

const operation: Operation = { name: "connect.site", isWrite: false };
const sitesShape = z.array(z.object({ id: z.string(), url: z.string() }));
/** A site keeps its id for good. */
const mostRemembered = 1_000;

export interface CloudSites {
  /** The gateway's address of a call's site: an app's token is good there only. */
  gatewayOf(call: JiraCall, accessToken: string, send: FetchFunction): Promise<string>;
}

/** Asks once per site and process which of the sign-in's sites a source is about. */
export function createCloudSites(userAgent: string): CloudSites {
  const known = new Map<string, string>();
  return {
    async gatewayOf(call, accessToken, send) {
      const wanted = new URL(call.options.webUrl ?? call.baseUrl).origin;
      const id = known.get(wanted) ?? (await findSite(call, wanted, accessToken, send, userAgent));
      if (known.size >= mostRemembered) known.clear();
      known.set(wanted, id);
      return `${gatewayUrl}/ex/jira/${encodeURIComponent(id)}`;
    },
  };
}

async function findSite(
  call: JiraCall,
  wanted: string,
  accessToken: string,
  send: FetchFunction,
  userAgent: string,
): Promise<string> {
  const headers = { accept: "application/json", authorization: `Bearer ${accessToken}`, "user-agent": userAgent };
  const url = `${gatewayUrl}/oauth/token/accessible-resources`;
  const answer = await readAnswer({ errors, clock: call.clock }, operation, () =>
    send(url, { method: "GET", headers }),
  );
  if (answer.status !== 200) throw fromAnswer(operation, answer, call.clock.now());
  const sites = mapAnswer(errors, operation, answer.data, (data) => parseShape(sitesShape, data, "sites"));
  const site = sites.find(({ url: own }) => URL.canParse(own) && new URL(own).origin === wanted);
  if (site !== undefined) return site.id;
  throw errors.build(operation, {
    failure: "auth",
    message: `The sign-in was not for ${wanted}: sign in again, and agree for this site as somebody who may use Jira there.`,
  });
}
