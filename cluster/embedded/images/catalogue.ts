import { globSync } from 'node:fs';
import { dirname } from 'node:path';
import { breakwaterService, servicesFolder } from './breakwater-service.ts';
import { parseReference, type Image } from './image.ts';
import { localImages } from './local-image.ts';
import { minio } from './minio.ts';
import { node } from './node.ts';
import { postgres } from './postgres/postgres.ts';
import { rabbitmq } from './rabbitmq.ts';

/** Every folder of the shop's services that has a program. */
const services = globSync('*/main.ts', { cwd: servicesFolder }).map(dirname).sort();

/** Every image that comes with the cluster. */
const builtIn: Image[] = [...services.map(breakwaterService), postgres, minio, rabbitmq, node];

/** Repositories of the images that every cluster of ours has. */
export const presentImages: readonly string[] = builtIn
  .filter(({ runsAnyProgram }) => !runsAnyProgram)
  .map(({ name }) => name.split(':')[0]!);

/** Why a container has no image; the code is what its status says. */
export class ImageError extends Error {
  readonly code: 'ErrImagePull' | 'ErrImageNeverPull' | 'InvalidImageName';

  constructor(code: ImageError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ImageError';
    this.code = code;
  }
}

/**
 * The image behind a reference as a Pod gives it. Throws ImageError `ErrImagePull`, which lists those there are.
 *
 * @param anyProgram whether images are there that run what a manifest gives them: whoever may push a manifest then has a shell
 * @param home BREAKWATER_HOME, absolute
 */
export function findImage(reference: string, anyProgram: boolean, home: string): Image {
  const images = [...builtIn, ...localImages(home)];
  const image = images.find((candidate) => candidate.matches(parseReference(reference)));
  if (image && (anyProgram || !image.runsAnyProgram)) return image;
  const available = images.filter((each) => anyProgram || !each.runsAnyProgram).map(({ name }) => name);
  const why = image
    ? 'it runs any program that a manifest gives it, as a process of this machine, and this cluster was started without ' +
      'permission for that. To permit it to everybody who may write manifests, start with BREAKWATER_ANY_PROGRAM=yes.'
    : 'it is not among the images of the embedded cluster. Correct the image of the container, or put a program of your own into the folder images of BREAKWATER_HOME (docs/own-images.md).';
  const message = `Failed to pull image "${reference}": ${why} There are: ${available.join(', ')}.`;
  throw new ImageError('ErrImagePull', message);
}
