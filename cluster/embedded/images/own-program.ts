/** Refuses a `command`: which program an image starts is for the image alone to say. Throws an Error that names both. */
export function refuseCommand(image: string, command: string[] | undefined): void {
  if (!command?.length) return;
  throw new Error(
    `exec: "${command[0]}": the image ${image} runs its own program and nothing else; remove \`command\` from the container.`,
  );
}
