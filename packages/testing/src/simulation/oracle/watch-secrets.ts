import type { Storage } from "@backref/core";
import type { Findings } from "./findings.ts";

export interface SecretWatch {
  /** From now on this text may show up nowhere. */
  keep(secret: string): void;
  /** @param text what left a process, and `where` to */
  look(where: string, text: string): void;
  /** Looks at every row that is written, also by commits that fail. */
  guard(storage: Storage): Storage;
}

/** Looks for credentials and webhook secrets in all that outlives a request: rows, log lines, texts at trackers. */
export function watchSecrets(findings: Findings): SecretWatch {
  const secrets = new Set<string>();
  const look: SecretWatch["look"] = (where, text) => {
    for (const secret of secrets) {
      if (text.includes(secret)) findings.add(`I8 a secret was told to ${where}: ${text.slice(0, 200)}`);
    }
  };
  return {
    keep: (secret) => void secrets.add(secret),
    look,
    guard: (storage) => ({
      ...storage,
      async commit(scope, units) {
        for (const { write } of units) look("storage", JSON.stringify(write));
        return storage.commit(scope, units);
      },
    }),
  };
}
