import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Recording } from '../engine/recording.ts';

/** Writes the recording of a lab into its folder, one sample a line, so that a diff of two of them can be read. */
export async function saveRecording(folder: string, { recordedAt, steps }: Recording): Promise<void> {
  const list = (samples: unknown[]) => samples.map((sample) => `      ${JSON.stringify(sample)}`).join(',\n');
  const text = steps.map(
    ({ id, start, solution }) =>
      `  {\n    "id": "${id}",\n    "start": [\n${list(start)}\n    ],\n    "solution": [\n${list(solution)}\n    ]\n  }`,
  );
  await writeFile(
    join(folder, 'recording.json'),
    `{"recordedAt": "${recordedAt}", "steps": [\n${text.join(',\n')}\n]}\n`,
  );
}
