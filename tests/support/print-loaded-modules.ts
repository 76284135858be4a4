/** Run by itself: imports the module named on the command line and prints the URL of every module that was loaded. */

import { registerHooks } from "node:module";

const loaded: string[] = [];
registerHooks({
  load: (url, context, nextLoad) => {
    loaded.push(url);
    return nextLoad(url, context);
  },
});
const [specifier] = process.argv.slice(2);
if (specifier === undefined) throw new TypeError("Name a module to import");
await import(specifier);
process.stdout.write(JSON.stringify(loaded));
