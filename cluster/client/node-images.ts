import type { Node } from './objects.ts';

/** On a node that pulls no images: the repositories of those it has, between commas. A node that pulls them has no such annotation. */
export const nodeImages = 'breakwater.dev/images';

/** Those of the images, by their repositories, that no node of a cluster could run. None is missing where one can be pulled. */
export function missingImages(nodes: readonly Node[], images: readonly string[]): string[] {
  const listed = nodes.map(({ metadata }) => metadata.annotations?.[nodeImages]);
  if (listed.length === 0 || listed.includes(undefined)) return [];
  const present = new Set(listed.flatMap((list) => list!.split(',')));
  return images.filter((image) => !present.has(image));
}
