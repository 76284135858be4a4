/** @throws TypeError on a Node that is too old, before anything fails in the middle of a call */
export function checkPlatform(): void {
  // Typed as always there. Node 22 is the first that has it.
  const { groupBy }: { readonly groupBy?: unknown } = Map;
  if (typeof groupBy === "function") return;
  throw new TypeError(`Backref needs Node 22 or newer, and this is Node ${process.versions.node}.`);
}
