/** Ids are keys of storages, whose keys end somewhere. No tracker's come near it. */
export const longestRemoteId = 255;

const names = ["remoteId", "container", "item", "issueItem"] as const;

/** False where something of a tracker's goes by an id that no storage could find it by. */
export function hasUsableIds(thing: Partial<Record<(typeof names)[number], string | null>>): boolean {
  return names.every((name) => (thing[name] ?? "").length <= longestRemoteId);
}
