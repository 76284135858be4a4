/** A file `bench/NAME.bench.ts` of a package. */
export interface BenchmarkFile {
  /** Folder of the package below `packages`, for example `storage-postgres`. */
  readonly packageName: string;
  /** For example `work`. */
  readonly name: string;
  /** Absolute. */
  readonly path: string;
}

export interface BenchmarkChoice {
  /** Names of packages or of benchmarks; undefined for all. */
  readonly only: readonly string[] | undefined;
  /** Parts of names of benchmarks; empty for all. */
  readonly words: readonly string[];
}

/** @throws TypeError with a message for the user where nothing is called like that */
export function chooseBenchmarks(all: readonly BenchmarkFile[], choice: BenchmarkChoice): readonly BenchmarkFile[] {
  const { only, words } = choice;
  for (const asked of only ?? []) {
    if (!all.some((file) => isCalled(file, asked))) {
      throw new TypeError(`No package and no benchmark is called "${asked}". There are: ${namesOf(all)}.`);
    }
  }
  const chosen = all.filter(
    (file) =>
      (only === undefined || only.some((asked) => isCalled(file, asked))) &&
      (words.length === 0 || words.some((word) => file.name.includes(word))),
  );
  if (chosen.length === 0 && all.length > 0) {
    throw new TypeError(`No benchmark has ${words.map((word) => `"${word}"`).join(" or ")} in its name.`);
  }
  return chosen;
}

const isCalled = ({ packageName, name }: BenchmarkFile, asked: string) => packageName === asked || name === asked;

const namesOf = (all: readonly BenchmarkFile[]) =>
  all.map(({ packageName, name }) => `${packageName} ${name}`).join(", ") || "none";
