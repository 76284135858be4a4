import { createFlights, type Flights } from "../../engine/flights.ts";
import { StorageError } from "../../errors/storage-error.ts";
import { formFieldsOf } from "../../forms/stored-form.ts";
import { withDeadline } from "../../issues/with-deadline.ts";
import type { IssueFormField } from "../../provider/groups/form.ts";
import { logEvent, loggedError } from "../../runtime/log-event.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { providerFor } from "../../runtime/source-provider.ts";
import type { SourceRow, TargetRow } from "../../storage/rows/source-rows.ts";
import type { StorageScope } from "../../storage/storage.ts";
import { askTracker } from "../ask-tracker.ts";
import { formPlace, saveForm } from "./save-form.ts";

/** Where a new issue would go. */
export interface FormPlace {
  readonly source: SourceRow;
  readonly target: Pick<TargetRow, "container" | "issueType">;
}

/** What the tracker wants to know of a new issue, and since when that is known. */
export interface LoadedForm {
  readonly fields: readonly IssueFormField[];
  /** Our wall clock; null where the provider knows no forms, so that nothing had to be asked. */
  readonly fetchedAt: number | null;
  /** Older than `limits.formMaxAgeMs`, or known to be out of date. */
  readonly isStale: boolean;
}

export interface LoadFormOptions {
  /** `stored`: no request, null where nothing is known. `anew`: always one. @default at most one, none while fresh */
  readonly how?: "stored" | "anew";
  /** Keeps hold of a refresh that nobody waits for; it never rejects. @default none is begun */
  readonly track?: (work: Promise<unknown>) => void;
}

const flightsOf = new WeakMap<Runtime, Flights>();

function flights(runtime: Runtime): Flights {
  const known = flightsOf.get(runtime) ?? createFlights();
  flightsOf.set(runtime, known);
  return known;
}

/** Asks the tracker, once for all who ask at the same time, and keeps the answer. */
function fetchForm(runtime: Runtime, scope: StorageScope, { source, target }: FormPlace): Promise<LoadedForm> {
  const place = [source.tenantId, source.id, target.container, target.issueType ?? ""];
  return flights(runtime).share(JSON.stringify(place), async () => {
    const asked = await askTracker(runtime, source, async (session) => {
      const { form } = session.provider;
      if (form === undefined) return null;
      const request = { container: target.container, type: target.issueType };
      const fields = await withDeadline(runtime, (deadline) => form.fields(session.call(deadline), request));
      return { source: session.source, fields };
    });
    if (asked === null) return { fields: [], fetchedAt: null, isStale: false };
    const fetchedAt = runtime.clock.now();
    await saveForm(runtime, scope, { ...asked, target, fetchedAt });
    return { fields: asked.fields, fetchedAt, isStale: false };
  });
}

/**
 * The form of a place, from what is stored where that will do. Shows what is stale and reads it anew behind the scenes; what
 * the tracker has contradicted is read first, and shown as stale where the tracker cannot be asked.
 *
 * @returns null only for `stored`, where nothing is known
 * @throws what the provider throws, where nothing is known at all
 */
export async function loadForm(
  runtime: Runtime,
  scope: StorageScope,
  place: FormPlace,
  { how, track }: LoadFormOptions = {},
): Promise<LoadedForm | null> {
  const { source, target } = place;
  if (providerFor(runtime, source).form === undefined) return { fields: [], fetchedAt: null, isStale: false };
  const [row] = await runtime.storage.find(scope, { table: "issueForm", by: "place", keys: [formPlace(place)] });
  const ageMs = row === undefined ? Number.POSITIVE_INFINITY : runtime.clock.now() - row.fetchedAt;
  const isCurrent = row?.credentialVersion === source.credentialVersion && !row.isOutdated;
  const isFresh = isCurrent && ageMs <= runtime.limits.formMaxAgeMs;
  const stored = row === undefined ? null : { fields: formFieldsOf(row), fetchedAt: row.fetchedAt, isStale: !isFresh };
  if (how === "stored" || scope.transaction !== undefined) return stored;
  if (how === "anew") return await fetchForm(runtime, scope, { source, target });
  if (stored !== null && isFresh) return stored;
  if (stored !== null && isCurrent && track !== undefined) {
    track(
      fetchForm(runtime, scope, { source, target }).catch((error: unknown) => {
        const { tenantId, id: sourceId } = source;
        logEvent(runtime, "form-not-refreshed", { tenantId, sourceId, ...loggedError(error) });
      }),
    );
    return stored;
  }
  try {
    return await fetchForm(runtime, scope, { source, target });
  } catch (error) {
    if (stored === null || StorageError.isInstance(error)) throw error;
    return stored;
  }
}
