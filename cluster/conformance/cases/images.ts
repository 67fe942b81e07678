import assert from 'node:assert/strict';
import { topic } from '../case.ts';
import { eventually } from '../eventually.ts';
import { idle, pod } from '../objects.ts';
import { container, event, inPhase, make, read } from '../pods.ts';

export const images = topic('images', {
  'an image that is not there cannot be pulled': async (world) => {
    await make(world, pod('some', idle, { image: 'no-such-image:1' }));
    await eventually('it says so', async () => {
      const reason = (await container(world))?.state.waiting?.reason;
      return reason === 'ErrImagePull' || reason === 'ImagePullBackOff';
    });
    assert.equal((await read(world)).status.phase, 'Pending');
  },
  'a name that is none of an image is told at once, and tried no further': async (world) => {
    await make(world, pod('some', idle, { image: 'No_Such:Image:1' }));
    const { waiting } = await eventually('it says so', async () => {
      const { state } = (await container(world)) ?? {};
      return state?.waiting?.reason === 'InvalidImageName' && state;
    });
    const message = `Failed to apply default image tag "No_Such:Image:1": couldn't parse image name "No_Such:Image:1": invalid reference format`;
    assert.ok(waiting.message.startsWith(message), waiting.message);
    assert.ok((await event(world, 'InspectFailed')).message.startsWith(message));
    assert.equal((await event(world, 'Failed')).message, 'Error: InvalidImageName');
  },
  'an image that is not there and must not be pulled says so': async (world) => {
    await make(world, pod('some', idle, { image: 'no-such-image:1', imagePullPolicy: 'Never' }));
    const { waiting } = await eventually('it says so', async () => {
      const { state } = (await container(world)) ?? {};
      return state?.waiting?.reason === 'ErrImageNeverPull' && state;
    });
    const message = 'Container image "no-such-image:1" is not present with pull policy of Never';
    assert.equal(waiting.message, message);
    await event(world, 'ErrImageNeverPull', message);
    await event(world, 'Failed', 'Error: ErrImageNeverPull');
  },
  'an image that cannot be pulled is told in events, until it backs off': async (world) => {
    await make(world, pod('some', idle, { image: 'no-such-image:1' }));
    await event(world, 'Pulling', 'Pulling image "no-such-image:1"');
    await event(world, 'Failed', 'Error: ErrImagePull');
    await event(world, 'BackOff', 'Back-off pulling image "no-such-image:1"');
    await event(world, 'Failed', 'Error: ImagePullBackOff');
    const { waiting } = await eventually('it backs off', async () => {
      const { state } = (await container(world)) ?? {};
      return state?.waiting?.reason === 'ImagePullBackOff' && state;
    });
    assert.match(waiting.message, /^Back-off pulling image "no-such-image:1": /);
  },
  'an image that is there is not pulled, even if it must never be': async (world) => {
    await make(world, pod('some', '0', { imagePullPolicy: 'Never' }, { restartPolicy: 'Never' }));
    await inPhase(world, 'Succeeded');
    await event(world, 'Pulled', 'Container image "node:24" already present on machine');
  },
});
