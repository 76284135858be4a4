import { type Provider, ProviderError } from "../../src/provider/index.ts";

/** What happens at the tracker in the middle of a call; each once. */
export interface Meanwhile {
  /** After the last read, before the write arrives. */
  beforeUpdate?: (() => unknown) | undefined;
  /** After the write was applied, before it is answered; the answer shows the issue as it is then. */
  beforeUpdateAnswer?: (() => unknown) | undefined;
  /** After the issue was made; the answer shows it as it was made. */
  beforeCreateAnswer?: (() => unknown) | undefined;
}

/** The provider without polling: what webhooks and its own looks do not tell an engine, nothing does. */
export function withoutPolling<Id extends string, Auth, Options>(
  provider: Provider<Id, Auth, Options>,
): Provider<Id, Auth, Options> {
  const { changes: _changes, ...others } = provider;
  return others;
}

/** The provider of a tracker where other people are quick. */
export function withMeanwhile<Id extends string, Auth, Options>(
  provider: Provider<Id, Auth, Options>,
  meanwhile: Meanwhile,
): Provider<Id, Auth, Options> {
  const { create, update, read } = provider;
  if (create === undefined || update === undefined || read === undefined) throw new TypeError("It reads and writes.");
  const happens = async (when: keyof Meanwhile): Promise<boolean> => {
    const event = meanwhile[when];
    meanwhile[when] = undefined;
    await event?.();
    return event !== undefined;
  };
  return {
    ...provider,
    create: {
      ...create,
      async create(call, request) {
        const result = await create.create(call, request);
        await happens("beforeCreateAnswer");
        return result;
      },
    },
    update: {
      async update(call, request) {
        await happens("beforeUpdate");
        const result = await update.update(call, request);
        if (!(await happens("beforeUpdateAnswer"))) return result;
        const [now] = await read.issues(call, { issues: [request.issue] });
        return now?.kind === "live" ? { ...result, issue: now.issue } : result;
      },
    },
  };
}

/** The provider of a tracker that refuses to write over a change that the caller has not seen. */
export function withCompareAndSet<Id extends string, Auth, Options>(
  provider: Provider<Id, Auth, Options>,
): Provider<Id, Auth, Options> {
  const { update, read, capabilities } = provider;
  if (update === undefined || read === undefined) throw new TypeError("It reads and writes.");
  return {
    ...provider,
    capabilities: { ...capabilities, compareAndSet: true },
    update: {
      async update(call, request) {
        const [now] = await read.issues(call, { issues: [request.issue] });
        if (now?.kind === "live" && now.issue.version !== request.ifVersion) {
          throw new ProviderError({
            failure: "gone",
            providerId: provider.id,
            operation: "issue.update",
            status: 412,
            message: "The issue has changed since.",
          });
        }
        return update.update(call, request);
      },
    },
  };
}
