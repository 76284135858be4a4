/** `pnpm llms`: writes `llms.txt`, the contents of the documentation for programs that read it. */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { contentsForPrograms } from "../tests/support/llms.ts";
import { repositoryRoot } from "./repository.ts";

writeFileSync(join(repositoryRoot, "llms.txt"), contentsForPrograms());
