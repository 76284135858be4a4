export interface SizeLimit {
  /** In thousands of bytes. */
  readonly packedKilobytes: number;
  readonly unpackedKilobytes: number;
  readonly files: number;
}

/**
 * How large a package may get: about a tenth more than it is. A package that reaches its limit has grown for a reason,
 * which the change that raises the limit gives. `docs/installing.md` says the same to readers.
 */
export const sizeLimits: Readonly<Record<string, SizeLimit>> = {
  "@backref/core": { packedKilobytes: 1040, unpackedKilobytes: 4400, files: 2060 },
  "@backref/opentelemetry": { packedKilobytes: 8, unpackedKilobytes: 30, files: 24 },
  "@backref/provider-azure-devops": { packedKilobytes: 140, unpackedKilobytes: 550, files: 240 },
  "@backref/provider-github": { packedKilobytes: 160, unpackedKilobytes: 630, files: 315 },
  "@backref/provider-gitlab": { packedKilobytes: 100, unpackedKilobytes: 390, files: 220 },
  "@backref/provider-jira": { packedKilobytes: 205, unpackedKilobytes: 820, files: 350 },
  "@backref/provider-kit": { packedKilobytes: 50, unpackedKilobytes: 180, files: 150 },
  "@backref/provider-linear": { packedKilobytes: 110, unpackedKilobytes: 460, files: 235 },
  "@backref/provider-redmine": { packedKilobytes: 100, unpackedKilobytes: 410, files: 225 },
  "@backref/provider-url-template": { packedKilobytes: 40, unpackedKilobytes: 135, files: 90 },
  "@backref/storage-memory": { packedKilobytes: 55, unpackedKilobytes: 230, files: 120 },
  "@backref/storage-postgres": { packedKilobytes: 105, unpackedKilobytes: 410, files: 215 },
  "@backref/testing": { packedKilobytes: 1270, unpackedKilobytes: 5850, files: 2100 },
};

/** What `import "@backref/core"` may load: its own modules and those of its dependencies. */
export const coreImportLimit: { readonly modules: number; readonly kilobytes: number } = {
  modules: 475,
  kilobytes: 1950,
};
