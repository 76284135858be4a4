interface Publishable {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** What others need goes first: whoever installs in the middle of a release finds all of it. */
export function inPublishingOrder<Package extends Publishable>(packages: readonly Package[]): readonly Package[] {
  const ordered: Package[] = [];
  const add = (one: Package): void => {
    if (ordered.includes(one)) return;
    const needed = Object.keys({ ...one.dependencies, ...one.peerDependencies });
    for (const other of packages) if (other !== one && needed.includes(other.name)) add(other);
    ordered.push(one);
  };
  for (const one of packages) add(one);
  return ordered;
}
