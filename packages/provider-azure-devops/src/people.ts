import type { PeopleGroup } from "@backref/core/provider";
import { hasStatus, type Operation, parseShape } from "@backref/provider-kit";
import { z } from "zod";
import type { AzureDevOpsCall, AzureDevOpsClient, OpenClient } from "./client.ts";
import { projectUnknown } from "./errors.ts";
import { fieldNames } from "./fields.ts";
import { type AzureDevOpsPerson, mapPerson, personShape } from "./map-person.ts";
import type { AzureDevOpsAuth, AzureDevOpsOptions } from "./types.ts";
import { readTypeNames, typePath } from "./work-item-types.ts";

/**
 * Who can be assigned, as the field says. Writes name people by their unique name, and core by their id: what was read lately
 * is kept for that. Whoever misses somebody in it reads again.
 */
export interface People {
  read(call: AzureDevOpsCall, client: AzureDevOpsClient, operation: Operation, container: string): Promise<Found>;
  /** What an assignment says for this id; null for nobody of the project. */
  uniqueNameOf(
    call: AzureDevOpsCall,
    client: AzureDevOpsClient,
    operation: Operation,
    address: { readonly container: string; readonly id: string },
  ): Promise<string | null>;
}

type Found = readonly AzureDevOpsPerson[];

const keptMs = 300_000;
const mostKept = 100;
const fieldShape = z.object({ allowedValues: z.array(personShape).nullish() });

export function createPeople(): People {
  const kept = new Map<string, { readonly people: Found; readonly readAt: number }>();
  const keyOf = (call: AzureDevOpsCall, container: string) => `${call.baseUrl} ${call.credentialId} ${container}`;
  const read: People["read"] = async (call, client, { name }, container) => {
    const reading: Operation = { name, isWrite: false, explain: { 404: projectUnknown(container) } };
    const offeredBy = (type: string) => {
      const path = `${typePath(container, type)}/fields/${fieldNames.assignedTo}`;
      return client.request(reading, "GET", path, { query: { $expand: "allowedValues" } });
    };
    const answer = await offeredBy(call.options.workItemType).catch(async (error: unknown) => {
      if (!hasStatus(error, 404)) throw error;
      // All types offer the same people, and the project's may have other names than the source's option.
      const [other] = await readTypeNames(client, reading, container);
      if (other === undefined) throw error;
      return offeredBy(other);
    });
    const people = answer.as((data) => parseShape(fieldShape, data, "field").allowedValues) ?? [];
    if (kept.size >= mostKept) kept.clear();
    kept.set(keyOf(call, container), { people, readAt: call.clock.monotonic() });
    return people;
  };
  return {
    read,
    async uniqueNameOf(call, client, operation, { container, id }) {
      const known = kept.get(keyOf(call, container));
      const isFresh = known !== undefined && call.clock.monotonic() - known.readAt < keptMs;
      const named = (people: Found) => people.find((person) => mapPerson(person).id === id)?.uniqueName ?? null;
      return (isFresh ? named(known.people) : null) ?? named(await read(call, client, operation, container));
    },
  };
}

/** People who can be assigned in the project: those whom the field offers. */
export function createPeopleGroup(open: OpenClient, people: People): PeopleGroup<AzureDevOpsAuth, AzureDevOpsOptions> {
  return {
    async search(call: AzureDevOpsCall, { container, text, limit }) {
      const operation: Operation = { name: "people.search", isWrite: false };
      const wanted = text.toLowerCase();
      const found = (await people.read(call, open(call), operation, container)).map((person) => {
        const email = person.uniqueName?.includes("@") === true ? person.uniqueName : null;
        return { ...mapPerson(person), email };
      });
      const isNamed = ({ login, displayName }: (typeof found)[number]) =>
        [login, displayName].some((name) => name?.toLowerCase().includes(wanted));
      return found.filter(isNamed).slice(0, limit);
    },
  };
}
