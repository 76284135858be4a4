import type { DefectGateway } from "./defect-gateway.ts";
import type { DefectStore } from "./defect-store.ts";

/** Defects in tables of the host's. Whatever its store is, a class or a plain object, its methods keep their `this`. */
export function createHostDefectStore(store: DefectStore): DefectGateway {
  const changesSince = store.changesSince?.bind(store);
  return {
    embedded: null,
    read: (scope, ids) => store.read(scope, ids),
    readComments: (scope, ids) => store.readComments(scope, ids),
    apply: (scope, changes) => store.apply(scope, changes),
    ...(changesSince === undefined ? {} : { changesSince }),
  };
}
