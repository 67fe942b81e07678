import { isMap, isSeq, type Document, type YAMLMap, type YAMLSeq } from 'yaml';

/**
 * The numbers that an overlay has for patterns: a ConfigMap that its components take them from, and that no cluster ever sees.
 * https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/replacements/
 */
const name = 'pattern-numbers';
const forThisMachine = { annotations: { 'config.kubernetes.io/local-config': 'true' } };

/** By pattern, as text. */
export function numbersOf(document: Document): Map<string, string> {
  const generator = generators(document)?.items.find(isNumbers);
  const literals = generator?.get('literals');
  const lines: unknown = isSeq(literals) ? literals.toJSON() : [];
  const pairs = (lines as unknown[]).map((line) => String(line).split('=', 2) as [string, string?]);
  return new Map(pairs.map(([pattern, number = '']) => [pattern, number]));
}

/** Writes them into the document; other generators stay as they are. */
export function setNumbers(document: Document, numbers: ReadonlyMap<string, string>): void {
  const literals = [...numbers].map(([pattern, number]) => `${pattern}=${number}`);
  const list = generators(document);
  const generator = list?.items.find(isNumbers);
  if (literals.length === 0) {
    if (list && generator) list.items.splice(list.items.indexOf(generator), 1);
    if (list?.items.length === 0) document.delete('configMapGenerator');
  } else if (generator) generator.set('literals', document.createNode(literals));
  else {
    const made = document.createNode({ name, literals, options: forThisMachine });
    if (list) list.add(made);
    else document.set('configMapGenerator', document.createNode([made]));
  }
}

function generators(document: Document): YAMLSeq | null {
  const list = document.get('configMapGenerator');
  return isSeq(list) ? list : null;
}

function isNumbers(item: unknown): item is YAMLMap {
  return isMap(item) && item.get('name') === name;
}
