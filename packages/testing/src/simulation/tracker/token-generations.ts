/** The credentials that a source has had, one after the other; the tracker takes one of them at a time. */
export interface TokenGenerations {
  /** The token of a generation, made when it is first asked for. */
  readonly of: (generation: number) => string;
  /** From now on no other generation is accepted; null for none at all. */
  readonly acceptOnly: (generation: number | null) => void;
  /** All that are still accepted. */
  readonly accepted: () => Iterable<string>;
}

export function createTokenGenerations({
  create,
  revoke,
}: {
  readonly create: () => string;
  readonly revoke: (token: string) => void;
}): TokenGenerations {
  const tokens = new Map<number, string>();
  const of = (generation: number) => {
    const token = tokens.get(generation) ?? create();
    tokens.set(generation, token);
    return token;
  };
  return {
    of,
    acceptOnly(generation) {
      if (generation !== null) of(generation);
      for (const [other, token] of tokens) {
        if (other === generation) continue;
        revoke(token);
        tokens.delete(other);
      }
    },
    accepted: () => tokens.values(),
  };
}
