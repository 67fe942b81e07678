import type { Resource } from './kube-object.ts';
import type { ImageChange } from './kustomization.ts';
import { listOf, podSpec } from './workload.ts';

/** Renames or retags the images of containers. */
export function setImages(resources: Resource[], changes: ImageChange[]): void {
  for (const change of changes) {
    for (const { object } of resources) {
      const spec = podSpec(object);
      for (const container of [...listOf(spec, 'initContainers'), ...listOf(spec, 'containers')]) {
        if (typeof container['image'] === 'string') container['image'] = changed(container['image'], change);
      }
    }
  }
}

/** A new tag or digest replaces both; a new name keeps them. */
function changed(image: string, { name, newName, newTag, digest }: ImageChange): string {
  const [, current, version = ''] = /^(.+?)((?::[^:/@]+)?(?:@.+)?)$/.exec(image) ?? [];
  if (current !== name) return image;
  const newVersion = `${newTag ? `:${newTag}` : ''}${digest ? `@${digest}` : ''}`;
  return `${newName ?? name}${newVersion || version}`;
}
