import { randomBytes } from 'node:crypto';
import { crc32, deflateSync } from 'node:zlib';

const [width, height] = [320, 240];

/** A picture like no other, of some 3 kB: a gradient between two colours by chance, as PNG (w3.org/TR/png-3). */
export function productImage(): Buffer {
  const [from, to] = [randomBytes(3), randomBytes(3)];
  const rows = Buffer.alloc(height * (1 + width * 3));
  for (let y = 0, at = 0; y < height; y += 1) {
    rows[at++] = 0; // the row is not filtered
    for (let x = 0; x < width; x += 1) {
      const share = (x + y) / (width + height);
      for (let colour = 0; colour < 3; colour += 1) {
        rows[at++] = Math.round(from[colour]! * (1 - share) + to[colour]! * share);
      }
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2], 8); // 8 bits a colour, red green blue
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}
