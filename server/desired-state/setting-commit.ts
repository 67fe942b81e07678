import { isMap, isSeq, parseAllDocuments, type Document, type Scalar, type YAMLMap } from 'yaml';
import type { Manifest } from '../../cluster/client/apply.ts';
import { byLotOf, settingsOf } from '../../cluster/faults/drivers/deployment-settings.ts';
import type { PodTemplate } from '../../cluster/faults/drivers/driver.ts';
import type { FaultEdit } from '../../cluster/faults/fault-object.ts';
import { CodedError } from '../errors.ts';
import type { Repository } from './repository.ts';
import type { Tree } from './tree.ts';

export interface SettingWish {
  /** Label `app` of the pods. */
  service: string;
  percent: number;
  /** The same number for the same seed. */
  seed: string;
}

/** A file with one number changed, and nothing else of it. */
interface ChangedSetting {
  path: string;
  text: string;
  edit: FaultEdit;
}

type Workload = Manifest & { spec?: { template?: PodTemplate } };

/**
 * Changes one number in the environment of a service's Deployment, where its own manifest says it, and no pattern says otherwise: by that
 * it is in force. Throws CodedError `unknown-target`.
 */
export async function changedSetting(
  repository: Repository,
  { files, rendered }: { files: Tree; rendered: readonly Manifest[] },
  { service, percent, seed }: SettingWish,
): Promise<ChangedSetting> {
  const inForce = rendered.filter((manifest) => isOf(manifest, service)).flatMap((one) => numbersOf(one, percent));
  const found: (ChangedSetting & { at: string })[] = [];
  for (const path of [...files.keys()].filter((name) => /^base\/.*\.ya?ml$/.test(name)).sort()) {
    const text = (await repository.read(path, files)) ?? '';
    for (const document of parseAllDocuments(text) as Document[]) {
      const manifest = document.toJS() as Workload | null;
      if (!manifest || !isOf(manifest, service)) continue;
      for (const number of numbersOf(manifest, percent)) {
        const other = inForce.find(({ field }) => field === number.field);
        const place = other?.before === number.before ? placeOf(document, number.field) : null;
        if (!other || !place) continue;
        const changed = `${text.slice(0, place[0])}'${number.after}'${text.slice(place[1])}`;
        const { name, namespace } = rendered.find((one) => isOf(one, service))!.metadata;
        const edit: FaultEdit = { kind: 'Deployment', ...(namespace && { namespace }), name, ...number };
        found.push({ path, text: changed, edit, at: `${name} ${number.field}` });
      }
    }
  }
  const chosen = byLotOf(
    found.sort((a, b) => a.at.localeCompare(b.at)),
    seed,
  );
  if (chosen) return chosen;
  const why = 'the manifest of its own has no number in its environment that is in force';
  throw new CodedError('unknown-target', `Nothing of ${service} could be changed by a commit: ${why}.`);
}

/**
 * The text without what a commit has changed of it line by line, where others have changed it as well: lines that stand as the commit left
 * them become what they were before.
 */
export function withoutLines({ before, after, now }: Record<'before' | 'after' | 'now', string>): string {
  const [old, its] = [before.split('\n'), after.split('\n')];
  const back = new Map(its.flatMap((line, at) => (line === old[at] ? [] : [[line, old[at]!] as const])));
  return now
    .split('\n')
    .map((line) => back.get(line) ?? line)
    .join('\n');
}

function isOf(manifest: Manifest, service: string): boolean {
  const labels = (manifest as Workload).spec?.template?.metadata?.labels;
  return manifest.kind === 'Deployment' && labels?.['app'] === service;
}

function numbersOf(manifest: Manifest, percent: number) {
  const { template } = (manifest as Workload).spec ?? {};
  return template?.spec ? settingsOf(template, percent) : [];
}

/** From where to where in the text the value of a variable stands. */
function placeOf(document: Document, field: string): [number, number] | null {
  const [, container, variable] = field.split(' ');
  const containers = document.getIn(['spec', 'template', 'spec', 'containers']);
  const env = named(containers, container)?.get('env');
  const value = named(env, variable)?.get('value', true) as Scalar | undefined;
  return value?.range ? [value.range[0], value.range[1]] : null;
}

function named(list: unknown, name: string | undefined): YAMLMap | undefined {
  if (!isSeq(list)) return undefined;
  return list.items.find((item): item is YAMLMap => isMap(item) && item.get('name') === name);
}
