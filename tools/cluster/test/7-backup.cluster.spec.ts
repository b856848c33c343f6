import { freshDir, media } from '@kinora/testing';
import { FIRST } from '../src/images';
import { helm, installRelease, kubectl, makeNamespace, pods, RELEASE } from './support/cluster';
import { atTerminal, documented } from './support/documented';
import { signIn, upload, videoIn, watch } from './support/platform';

beforeAll(async () => {
  await makeNamespace();
  await installRelease(FIRST);
});

it('brings everything back from a backup, as the documentation says, after all volumes are lost', async () => {
  const api = await signIn();
  const videoId = await upload(api, await media.mp4({ seconds: 4, width: 640, height: 360 }));
  await videoIn(api, videoId, 'ready');
  const folder = freshDir('kinora-backup');
  await atTerminal(documented('Back up a trial'), folder);

  await helm('uninstall', RELEASE, '--wait');
  await kubectl('delete', 'persistentvolumeclaims', '--all', '--timeout=120s');
  expect(await pods()).toEqual([]);
  await installRelease(FIRST);
  const later = await signIn();
  await expect(later.getVideo({ params: { videoId } })).rejects.toMatchObject({ status: 404 });

  await atTerminal(documented('Restore a trial'), folder);
  const again = await signIn();
  await videoIn(again, videoId, 'ready');
  expect(await watch(again, videoId)).toMatchObject({ frames: 120, errors: [] });
  const another = await upload(again, await media.mp4({ seconds: 2 }));
  await videoIn(again, another, 'ready');
});
