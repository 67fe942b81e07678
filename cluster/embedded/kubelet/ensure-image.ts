import { findImage, ImageError } from '../images/catalogue.ts';
import { isReference, type Image } from '../images/image.ts';
import type { Container } from '../kinds/types.ts';

export type TellEvent = (type: 'Normal' | 'Warning', reason: string, message: string) => void;

/**
 * The image that a container names, with the events and errors of a real kubelet's image manager. What is there is there: nothing is
 * ever fetched, so a pull finds the image at once or not at all.
 *
 * @throws ImageError
 */
export function ensureImage(container: Container, anyProgram: boolean, home: string, event: TellEvent): Image {
  const { image = '', imagePullPolicy } = container;
  if (!isReference(image)) {
    const message = `Failed to apply default image tag "${image}": couldn't parse image name "${image}": invalid reference format`;
    event('Warning', 'InspectFailed', message);
    throw new ImageError('InvalidImageName', message);
  }
  try {
    const found = findImage(image, anyProgram, home);
    event('Normal', 'Pulled', `Container image "${image}" already present on machine`);
    return found;
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
    if (imagePullPolicy === 'Never') {
      const message = `Container image "${image}" is not present with pull policy of Never`;
      event('Warning', 'ErrImageNeverPull', message);
      throw new ImageError('ErrImageNeverPull', message, { cause: error });
    }
    event('Normal', 'Pulling', `Pulling image "${image}"`);
    event('Warning', 'Failed', error.message);
    throw error;
  }
}
