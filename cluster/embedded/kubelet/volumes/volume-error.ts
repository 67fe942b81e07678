/** A volume cannot be had as its pod asks; it is tried again. The message is the one of the event `FailedMount`. */
export class VolumeError extends Error {
  readonly code = 'FailedMount';

  constructor(volume: string, why: string, options?: ErrorOptions) {
    super(`MountVolume.SetUp failed for volume "${volume}" : ${why}`, options);
    this.name = 'VolumeError';
  }
}
