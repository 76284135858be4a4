import { describeActivity } from "../../activity/activity.ts";
import { BackrefError } from "../../errors/index.ts";
import { withDeadline } from "../../issues/with-deadline.ts";
import { providerCall } from "../../runtime/provider-call.ts";
import { providerOf } from "../../runtime/source-provider.ts";
import { wakeUp } from "../../runtime/wake-up.ts";
import { forgetRenewals } from "../../security/renewal-lease.ts";
import { scrubFailure } from "../../security/scrub-failure.ts";
import { type BegunSignIn, openSignIn } from "../../security/sign-in-state.ts";
import type { SourceRow } from "../../storage/rows/source-rows.ts";
import { commitPlan } from "../commit-plan.ts";
import { actorIdOf, type ServiceContext } from "../service-context.ts";
import { authorizationOf, signInKeys } from "./authorize-source.ts";
import { reconnected } from "./reconnected.ts";
import { answerOf, codeIn, invalidSignIn } from "./redirect-query.ts";
import { loadSource } from "./source-rows.ts";
import type { SourcesOptions } from "./sources-options.ts";

const operation = "source.authorize";

/** Ends a sign-in: the code becomes a credential. A failure, wherever it happens, changes nothing. */
export async function completeAuthorization(
  context: ServiceContext,
  options: SourcesOptions,
  input: unknown,
): Promise<SourceRow> {
  const { runtime, actor, scope } = context;
  const answer = answerOf(input);
  const begun = openSignIn(signInKeys(options), actor, answer.state);
  if (begun === null) {
    throw invalidSignIn("was not begun here by this user, or it was changed on the way");
  }
  if (begun.expiresAt <= runtime.clock.now()) throw invalidSignIn("took too long");
  const source = await stillBegun(context, begun);
  const provider = providerOf(runtime, source.providerId);
  const query = codeIn(answer, provider);
  await runtime.installation.check();
  const text = await exchange(context, source, query, begun);
  return await commitPlan(runtime, scope, operation, async () => {
    const before = await stillBegun(context, begun);
    const auth: unknown = JSON.parse(text);
    const now = runtime.clock.now();
    const after = {
      ...before,
      ...reconnected({ before, baseUrl: before.baseUrl, provider, auth, options, now }),
      updatedAt: now,
      revision: before.revision + 1,
    };
    const { tenantId, id, revision, ...set } = after;
    const name = { tenantId, sourceId: id, name: "auth" } as const;
    return {
      unit: {
        require: [{ table: "source", id, match: { revision: before.revision } }],
        write: [
          { type: "update", table: "source", id, set: { ...set, revision } },
          ...wakeUp(id),
          ...forgetRenewals(id),
          ...(await runtime.credentials.stage(name, text)),
        ],
      },
      events: [
        describeActivity(
          runtime,
          "source-authorized",
          { tenantId, actorId: actorIdOf(actor), sourceId: id },
          {
            from: before.health,
          },
        ),
      ],
      result: after,
    };
  });
}

/** The source, as long as the sign-in is good for it. */
async function stillBegun(context: ServiceContext, begun: BegunSignIn): Promise<SourceRow> {
  const source = await loadSource(context, begun.sourceId, "source.authorize");
  if (source.baseUrl !== begun.baseUrl) throw invalidSignIn("was for another address than the source has now");
  if (source.credentialVersion === begun.credentialVersion) return source;
  throw invalidSignIn("has ended already, or the source got another credential in the meantime");
}

/** The new credential as it is stored. */
async function exchange(
  { runtime }: ServiceContext,
  source: SourceRow,
  query: Readonly<Record<string, string>>,
  { redirectUrl, codeVerifier }: BegunSignIn,
): Promise<string> {
  const provider = providerOf(runtime, source.providerId);
  const group = authorizationOf(provider);
  let given: unknown;
  try {
    given = await withDeadline(runtime, (deadline) =>
      group.exchange(providerCall(runtime, source, provider, deadline), { query, redirectUrl, codeVerifier }),
    );
  } catch (error) {
    const secrets = [...Object.values(query), codeVerifier];
    throw scrubFailure(error, { providerId: provider.id, operation, secrets });
  }
  const parsed = provider.describe().auth.parse(given);
  if (parsed.ok) return JSON.stringify(parsed.value);
  throw new BackrefError({
    code: "tracker-unexpected",
    message: `${provider.describe().name} gave a credential that its provider does not take. Nothing was stored.`,
    providerId: provider.id,
    operation,
  });
}
