import sharp from 'sharp';

const width = 96;
/** An image of more is refused before it is unpacked: a small file may be a huge image. */
const mostPixels = 16_000_000;

// One image at a time is one thread's work; how many at once is for who calls this function to say.
sharp.concurrency(1);
sharp.cache(false);

/** A small WebP of an image; undefined for what is no image, or too large a one. */
export async function thumbnail(image: Buffer): Promise<Buffer | undefined> {
  try {
    const small = sharp(image, { limitInputPixels: mostPixels }).rotate().resize({ width, withoutEnlargement: true });
    return await small.webp().toBuffer();
  } catch {
    return undefined; // sharp has one kind of error for all that is wrong with its input
  }
}
