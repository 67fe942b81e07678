import { globSync } from 'node:fs';
import { dirname } from 'node:path';
import { breakwaterService, servicesFolder } from './breakwater-service.ts';
import { parseReference, type Image } from './image.ts';
import { node } from './node.ts';
import { postgres } from './postgres/postgres.ts';

/** Every folder of the shop's services that has a program. */
const services = globSync('*/main.ts', { cwd: servicesFolder }).map(dirname).sort();

/** Every image there is. */
const images: Image[] = [...services.map(breakwaterService), postgres, node];

/** What pulling an image that is not there ends in. */
export class ImageNotFoundError extends Error {
  readonly code = 'ErrImagePull';

  constructor(reference: string, why: string) {
    super(`Failed to pull image "${reference}": ${why}`);
    this.name = 'ImageNotFoundError';
  }
}

/**
 * The image behind a reference as a Pod gives it. Throws ImageNotFoundError.
 *
 * @param anyProgram whether images are there that run what a manifest gives them: whoever may push a manifest then has a shell
 */
export function findImage(reference: string, anyProgram: boolean): Image {
  const image = images.find((candidate) => candidate.matches(parseReference(reference)));
  if (image && (anyProgram || !image.runsAnyProgram)) return image;
  const available = images.filter((each) => anyProgram || !each.runsAnyProgram).map(({ name }) => name);
  const why = image
    ? 'it runs any program that a manifest gives it, as a process of this machine, and this cluster was started without ' +
      'permission for that. To permit it to everybody who may write manifests, start with BREAKWATER_ANY_PROGRAM=yes.'
    : 'it is not among the images of the embedded cluster. Correct the image of the container.';
  throw new ImageNotFoundError(reference, `${why} There are: ${available.join(', ')}.`);
}
