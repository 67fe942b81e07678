import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach } from 'node:test';
import { parse } from 'yaml';
import type { Manifest } from '../../../cluster/client/apply.ts';
import { StateFile } from '../../state-file.ts';
import { DesiredState } from '../desired-state.ts';
import { lastGoodSchema } from '../last-good.ts';

/** The overlay as it is shipped. */
export const kustomization = `# The shop on the embedded cluster
kind: Kustomization
resources: [../../base]
components:
  - ../../components/extra # not a pattern's
`;

/** A folder for each test of a file, with shipped manifests and a desired state made of them. */
export class DesiredHome {
  /** How often it was rendered, and whether that fails. */
  renders = 0;
  refuse = false;
  folder = '';

  constructor() {
    beforeEach(() => {
      this.renders = 0;
      this.refuse = false;
      this.folder = mkdtempSync(join(tmpdir(), 'desired-state-'));
      this.write('base/replicas', '1');
      this.write('overlays/embedded/kustomization.yaml', kustomization);
    });
    afterEach(() => rmSync(this.folder, { recursive: true }));
  }

  readonly repository = () => join(this.folder, 'desired-state');
  readonly git = (...args: string[]) => execFileSync('git', ['-C', this.repository(), ...args], { encoding: 'utf8' });
  readonly commit = (title: string, ...more: string[]) =>
    this.git('-c', 'user.name=ada', '-c', 'user.email=ada@localhost', 'commit', '-qm', title, ...more);

  /** Writes a shipped file. */
  readonly write = (path: string, text: string) => {
    const file = join(this.folder, 'shipped', path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  };

  readonly open = async (): Promise<DesiredState> => {
    const lastGood = new StateFile({
      path: join(this.folder, 'last-good.json'),
      schema: lastGoodSchema,
      withoutIt: 'nothing is held',
      onProblem: (error) => assert.fail(String(error)),
    });
    const shipped = join(this.folder, 'shipped');
    const render = (dir: string) => this.#render(dir);
    const state = new DesiredState({ dir: this.repository(), shipped, overlay: 'embedded', render, lastGood });
    await state.open();
    return state;
  };

  /** Stands for kustomize: one object that says which components there are, and what the base says. */
  async #render(dir: string): Promise<Manifest[]> {
    const { components } = parse(readFileSync(join(dir, 'kustomization.yaml'), 'utf8')) as { components: string[] };
    if (components.includes('../../patterns/timeout/3s')) throw new Error('no such component');
    if (this.refuse) throw new Error('refused');
    this.renders += 1;
    const replicas = readFileSync(join(dir, '../../base/replicas'), 'utf8');
    return [
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'shop' }, data: { components, replicas } } as Manifest,
    ];
  }
}
