import { containersOf, type Policy } from './policy.ts';

/** `registry:5000/name:tag@sha256:...`: the tag comes after the last slash (https://github.com/distribution/reference). */
const tagOf = (image: string): string | undefined => /:([^:/@]+)(@|$)/.exec(image)?.[1];

export const imagesPinned: Policy = {
  id: 'images-pinned',
  title: 'Images have a version',
  why: 'What :latest means changes without a commit, so a rollback brings back something else.',
  violations: (manifest) =>
    containersOf(manifest).flatMap(({ name, image = '' }) => {
      const tag = tagOf(image);
      if (image.includes('@sha256:') || (tag !== undefined && tag !== 'latest')) return [];
      return [
        `container ${name} runs ${image || 'no image'}: name a version in place of ${tag ? `:${tag}` : 'no tag'}`,
      ];
    }),
};
