import { failureBehind } from "../../engine/refused-credential.ts";
import { describeHealth } from "../../engine/source-health.ts";
import { BackrefError, ProviderError } from "../../errors/index.ts";
import { fieldWords, missingFields } from "../../forms/missing-fields.ts";
import { withDeadline } from "../../issues/with-deadline.ts";
import type { ConnectionReport } from "../../provider/groups/connect.ts";
import type { Provider } from "../../provider/provider.ts";
import { openSession, type SourceSession } from "../../runtime/session.ts";
import { providerOf } from "../../runtime/source-provider.ts";
import { wakeUp } from "../../runtime/wake-up.ts";
import type { SourceRow, TargetRow } from "../../storage/rows/source-rows.ts";
import { learnFrom } from "../ask-tracker.ts";
import { commitPlan } from "../commit-plan.ts";
import { loadForm } from "../forms/load-form.ts";
import { actorIdOf, type ServiceContext } from "../service-context.ts";
import { certificateView } from "./source-certificate.ts";
import { loadSource } from "./source-rows.ts";

export async function testSource(context: ServiceContext, id: string): Promise<ConnectionReport> {
  const { runtime, scope } = context;
  const source = await loadSource(context, id, "source.test");
  const provider = providerOf(runtime, source.providerId);
  const { connect } = provider;
  if (connect === undefined) {
    throw new BackrefError({
      code: "capability-missing",
      message: `${provider.describe().name} offers nothing to test a connection with; the source is used as configured.`,
      providerId: source.providerId,
      operation: "source.test",
    });
  }
  const targets = await runtime.storage.find(scope, { table: "target", by: "source", keys: [[id]] });
  const containers = [...new Set([...targets.map((target) => target.container), ...(source.containers ?? [])])];
  let tested = source;
  try {
    for (;;) {
      const session = await openSession(runtime, tested);
      tested = session.source;
      const answer = await askWith(context, session, connect, containers);
      if ("renewed" in answer) {
        tested = answer.renewed;
        continue;
      }
      const found = await withForms(context, session, answer, targets);
      const warning = certificateView(tested, certificateLimits(runtime))?.warning ?? null;
      const report = {
        ...found,
        ...(session.renewsItself && { expiresAt: null }),
        problems: warning === null ? found.problems : [...found.problems, warning],
      };
      await remember(context, tested, report);
      return report;
    }
  } catch (error) {
    if (isRefusal(error)) {
      await remember(context, tested, { account: null, ok: false, problems: [error.message], expiresAt: null });
    } else await learnFrom(runtime, tested, error);
    throw error;
  }
}

function certificateLimits({ clock, limits }: ServiceContext["runtime"]) {
  return { now: clock.now(), warningMs: limits.credentialWarningMs };
}

/** Of a tracker that can refuse issues for what they lack, a test looks what that is; what targets lack is a problem to come. */
async function withForms(
  { runtime, scope }: ServiceContext,
  { source, provider, capabilities }: SourceSession,
  report: ConnectionReport,
  targets: readonly TargetRow[],
): Promise<ConnectionReport> {
  if (!report.ok || provider.form === undefined || !capabilities.requiredFields) return report;
  const problems: string[] = [];
  const places = new Map(targets.map((target) => [JSON.stringify([target.container, target.issueType]), target]));
  for (const { container, issueType } of places.values()) {
    const where = issueType === null ? container : `${container} (${issueType})`;
    try {
      const form = await loadForm(runtime, scope, { source, target: { container, issueType } }, { how: "anew" });
      const here = targets.filter((target) => target.container === container && target.issueType === issueType);
      for (const { projectId, defaults } of here) {
        const missing = missingFields(form?.fields ?? [], defaults);
        if (missing.length === 0) continue;
        const words = missing.map(fieldWords).join(", ");
        problems.push(
          `New issues in ${where} need ${words}. Give the target of project "${projectId}" a default, or ask for it with every push.`,
        );
      }
    } catch (error) {
      if (!ProviderError.isInstance(error)) throw error;
      problems.push(`What new issues need in ${where} could not be read: ${error.message}`);
    }
  }
  return { ...report, problems: [...report.problems, ...problems] };
}

async function askWith(
  { runtime }: ServiceContext,
  session: SourceSession,
  connect: NonNullable<Provider["connect"]>,
  containers: readonly string[],
): Promise<ConnectionReport | { readonly renewed: SourceRow }> {
  let report: ConnectionReport;
  try {
    report = await withDeadline(runtime, (deadline) => connect.test(session.call(deadline), { containers }));
  } catch (error) {
    const behind = await failureBehind(session, error);
    if ("error" in behind) throw behind.error;
    return behind;
  }
  if (report.account !== null) return report;
  try {
    const renewed = await session.renewAfterRefusal();
    return renewed === null ? report : { renewed };
  } catch (error) {
    // The report says already that the credential is not accepted, and more.
    if (isRefusal(error)) return report;
    throw error;
  }
}

function isRefusal(error: unknown): error is ProviderError {
  return ProviderError.isInstance(error) && error.failure === "auth";
}

/** Keeps what the test found, unless the credential was replaced in the meantime. */
async function remember(
  context: ServiceContext,
  tested: SourceRow,
  report: Pick<ConnectionReport, "ok" | "account" | "expiresAt" | "problems">,
): Promise<void> {
  const { runtime, actor, scope } = context;
  const match = { credentialVersion: tested.credentialVersion };
  await commitPlan(runtime, scope, "source.test", async () => {
    const [source] = await runtime.storage.find(scope, { table: "source", by: "id", keys: [[tested.id]] });
    if (source === undefined || source.credentialVersion !== tested.credentialVersion) {
      return { unit: null, events: [], result: undefined };
    }
    const health = healthAfter(report);
    const reason = health === "ok" ? null : (report.problems[0] ?? "The tracker does not accept the credential.");
    const { set, events } = describeHealth(runtime, source, { health, reason, actorId: actorIdOf(actor) });
    const recovered = source.health === "reconnect-required" && health !== source.health;
    return {
      unit: {
        require: [{ table: "source", id: source.id, match }],
        write: [
          {
            type: "update",
            table: "source",
            id: source.id,
            set: {
              ...(report.account === null
                ? {}
                : { accountId: report.account.id, accountName: report.account.login ?? report.account.displayName }),
              credentialExpiresAt: report.expiresAt ?? source.credentialExpiresAt,
              ...set,
            },
          },
          ...(recovered ? wakeUp(source.id) : []),
        ],
      },
      events,
      result: undefined,
    };
  });
}

function healthAfter(report: Pick<ConnectionReport, "ok" | "account">): SourceRow["health"] {
  if (report.account === null) return "reconnect-required";
  return report.ok ? "ok" : "degraded";
}
