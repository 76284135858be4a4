import { inspect } from "node:util";
import type { Logger } from "@backref/core/provider";
import type { Storage } from "@backref/core/storage";
import { type SecretForm, secretForms } from "./secret-forms.ts";

/** A secret that was found where it must not be. It is named, not shown. */
export interface SecretFinding {
  readonly secret: string;
  readonly form: string;
  readonly where: string;
}

/** Knows secrets and looks for them in everything that leaves: logs, errors, events, rows, spans, whatever it is given. */
export interface SecretWatch {
  /** Remembers a secret of at least 8 characters under a name, and gives it back. A shorter one is found by chance. */
  plant(name: string, secret: string): string;
  /** Looks through a value of any kind: text, bytes, data, errors with their causes, whatever it prints as. */
  search(where: string, value: unknown): void;
  /** Looks through every entry, and hands it on. @default to nobody */
  logger(next?: Logger): Logger;
  /** Looks through everything that is asked of the storage, and so through every row before it is stored. */
  storage(inner: Storage): Storage;
  /** Looks through whatever the object's methods, and those of objects it gives out, throw. */
  calls<Target extends object>(name: string, target: Target): Target;
  /** What was found so far, each once. */
  readonly findings: readonly SecretFinding[];
}

const shortest = 8;

function printed(value: unknown, depth = 0): string {
  if (typeof value === "string") return value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString("latin1") + Buffer.from(value).toString("hex");
  const shown = inspect(value, { depth: 20, showHidden: true, maxStringLength: null, maxArrayLength: null });
  const parts = [shown];
  try {
    parts.push(JSON.stringify(value) ?? "");
  } catch {
    // What is no JSON was printed above.
  }
  if (value instanceof Error && depth < 20) {
    parts.push(String(value), value.stack ?? "", value.cause === undefined ? "" : printed(value.cause, depth + 1));
  }
  return parts.join("\n");
}

/** Knows secrets, and finds them in whatever is written, logged or thrown. */
export function createSecretWatch(): SecretWatch {
  const forms = new Map<string, readonly SecretForm[]>();
  const findings = new Map<string, SecretFinding>();

  const search = (where: string, value: unknown): void => {
    if (forms.size === 0) return;
    const text = printed(value);
    for (const [secret, known] of forms) {
      for (const form of known.filter((candidate) => text.includes(candidate.text))) {
        const finding = { secret, form: form.form, where };
        findings.set(JSON.stringify(finding), finding);
      }
    }
  };
  const refuse = (where: string) => (error: unknown) => {
    search(where, error);
    throw error;
  };
  const watched = <Target extends object>(name: string, target: Target): Target =>
    new Proxy(target, {
      get(object, key) {
        const member: unknown = Reflect.get(object, key, object);
        const where = `${name}.${String(key)}`;
        if (typeof member === "object" && member !== null) return watched(where, member);
        if (typeof member !== "function") return member;
        return (...given: unknown[]): unknown => {
          let answer: unknown;
          try {
            answer = Reflect.apply(member, object, given);
          } catch (error) {
            return refuse(`error of ${where}`)(error);
          }
          if (answer instanceof Promise) return answer.catch(refuse(`error of ${where}`));
          return key === "as" && typeof answer === "object" && answer !== null ? watched(where, answer) : answer;
        };
      },
    });

  return {
    plant(name, secret) {
      if (secret.length < shortest) throw new RangeError(`The secret "${name}" has less than ${shortest} characters.`);
      forms.set(name, secretForms(secret));
      return secret;
    },
    search,
    logger: (next) => ({
      log(level, message, data) {
        search(`log (${level}): ${message.slice(0, 40)}`, [message, data]);
        next?.log(level, message, data);
      },
    }),
    storage: (inner) => ({
      ...inner,
      commit(scope, units) {
        for (const unit of units)
          for (const write of unit.write) search(`row: ${write.type} ${tableOf(write)}`, JSON.stringify(write));
        return inner.commit(scope, units);
      },
      system: {
        ...inner.system,
        reserve(request) {
          search("row: budget", request);
          return inner.system.reserve(request);
        },
      },
    }),
    calls: watched,
    get findings() {
      return [...findings.values()];
    },
  };
}

function tableOf(write: object): string {
  return "table" in write ? String(write.table) : "";
}
