import { breakwaterService } from './breakwater-service.ts';
import { parseReference, type Image } from './image.ts';
import { node } from './node.ts';
import { postgres } from './postgres/postgres.ts';

const services = ['gateway', 'auth', 'users', 'catalog', 'orders', 'inventory', 'payments', 'bank', 'loadgen'];

/** Every image there is. */
const images: Image[] = [...services.map(breakwaterService), postgres, node];

/** What pulling an image that is not on the list ends in. */
export class ImageNotFoundError extends Error {
  readonly code = 'ErrImagePull';

  constructor(reference: string, why?: string) {
    const available = images.map(({ name }) => name).join(', ');
    super(
      `Failed to pull image "${reference}": ${why ?? 'it is not among the images of the embedded cluster'}. ` +
        `There are: ${available}. Correct the image of the container.`,
    );
    this.name = 'ImageNotFoundError';
  }
}

/** The image behind a reference as a Pod gives it. Throws ImageNotFoundError. */
export function findImage(reference: string): Image {
  const image = images.find((candidate) => candidate.matches(parseReference(reference)));
  if (!image) throw new ImageNotFoundError(reference);
  return image;
}
