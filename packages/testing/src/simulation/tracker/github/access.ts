import type { FakeGitHub } from "../../../github/index.ts";

/** The tokens of the engine's account, one per generation, and what they open. */
export interface EngineAccess {
  /** A token that works from now on, until another generation is accepted. */
  token(generation: number): string;
  accept(generation: number | null): void;
  /** Takes the account out of all repositories, or back in. */
  loseRepositories(isLost: boolean): void;
}

export function createEngineAccess(fake: FakeGitHub, login: string): EngineAccess {
  const valid = new Map<number, string>();
  let isLost = false;
  const rights = () => ({ access: isLost ? "none" : "write" }) as const;

  const token = (generation: number): string => {
    const value = valid.get(generation) ?? fake.createToken({ login, ...rights() });
    valid.set(generation, value);
    return value;
  };

  return {
    token,
    accept(generation) {
      if (generation !== null) token(generation);
      for (const [other, value] of valid) {
        if (other === generation) continue;
        fake.revokeToken(value);
        valid.delete(other);
      }
    },
    loseRepositories(lost) {
      isLost = lost;
      for (const value of valid.values()) fake.changeToken(value, rights());
    },
  };
}
