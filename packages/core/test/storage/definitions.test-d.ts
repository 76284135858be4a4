import { defaultVocabulary, type Vocabulary } from "../../src/domain/vocabulary.ts";
import { type TableDefinition, type TableName, tableDefinitions } from "../../src/storage/tables.ts";

// Every table has a definition, and every column in one exists.
tableDefinitions satisfies { readonly [Table in TableName]: TableDefinition<Table> };
defaultVocabulary satisfies Vocabulary;
