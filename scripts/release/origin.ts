/** Fields of a `package.json` that say where a package comes from. */
export interface Origin {
  readonly repository: { readonly type: "git"; readonly url: string; readonly directory: string };
  readonly homepage: string;
  readonly bugs: string;
}

/**
 * Where a package comes from, as the continuous integration that publishes it knows: the registry compares it with the
 * signed provenance, and shows links of the README from there. Nothing in the repository names an address.
 *
 * @param environment of the run: `GITHUB_SERVER_URL`, `GITHUB_REPOSITORY` and `GITHUB_REF_NAME`
 * @param directory for example `packages/core`
 * @throws TypeError where a variable is missing
 */
export function originOf(environment: Readonly<Record<string, string | undefined>>, directory: string): Origin {
  const value = (name: string): string => {
    const found = environment[name];
    if (found === undefined || found === "")
      throw new TypeError(`${name} is not set: releases are made by GitHub Actions.`);
    return found;
  };
  const page = `${value("GITHUB_SERVER_URL")}/${value("GITHUB_REPOSITORY")}`;
  return {
    repository: { type: "git", url: `git+${page}.git`, directory },
    homepage: `${page}/tree/${value("GITHUB_REF_NAME")}/${directory}`,
    bugs: `${page}/issues`,
  };
}

/** @throws TypeError where the tag of the run is not that of the version */
export function checkTag(environment: Readonly<Record<string, string | undefined>>, version: string): void {
  const tag = environment["GITHUB_REF_NAME"];
  if (tag !== `v${version}`)
    throw new TypeError(`The packages have version ${version}, and the tag is ${tag ?? "missing"}.`);
}
