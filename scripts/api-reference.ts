/** `pnpm docs:api`: writes the API reference into `docs/api`, from the source of the published packages. */

import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { API_FOLDER, apiPages } from "./api-reference/pages.ts";
import { repositoryRoot } from "./repository.ts";

const folder = join(repositoryRoot, API_FOLDER);
const pages = apiPages();
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
for (const [name, text] of pages) writeFileSync(join(folder, name), text);
console.log(`${API_FOLDER}: ${pages.size} pages`);
