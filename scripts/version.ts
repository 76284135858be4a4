/** `pnpm release:version`: turns the changes that wait in `.changeset` into the next version of all packages. */

import { makeVersion } from "./release/version.ts";
import { repositoryRoot } from "./repository.ts";

const version = await makeVersion(repositoryRoot);
console.log(`Version ${version}. Look through CHANGELOG.md, commit, and tag the commit v${version} once it is merged.`);
