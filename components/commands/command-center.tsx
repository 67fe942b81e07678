'use client';
import { useRouter } from 'next/navigation';
import { useEffect, useState } from 'react';
import { tinykeys } from 'tinykeys';
import { Dialog } from '../ui/dialog.tsx';
import { latePart } from '../ui/late-part.tsx';
import { allCommands, onOffersChanged, useCommands } from './command.ts';
import { boundKeys, press } from './keys.ts';
import { adoptSingleKeys } from './single-keys.ts';

const Palette = latePart(async () => (await import('./palette.tsx')).Palette);
const KeyList = latePart(async () => (await import('./key-list.tsx')).KeyList);

/** The keys of all that the page can do, the palette that finds it, and the list of the keys. */
export function CommandCenter() {
  const [open, setOpen] = useState<'palette' | 'keys' | null>(null);
  // The one that closes must not take the next one with it.
  const close = (which: typeof open) => setOpen((shown) => (shown === which ? null : shown));
  const { push } = useRouter();
  useCommands([
    { id: 'palette', label: 'Commands', group: 'Page', keys: '$mod+k', run: () => setOpen('palette') },
    {
      id: 'keys',
      label: 'Keys',
      group: 'Page',
      keys: '[Shift]+?',
      words: ['shortcuts help'],
      run: () => setOpen('keys'),
    },
    {
      id: 'home',
      label: 'The first page, with all labs',
      group: 'Go to',
      keys: 'g h',
      words: ['catalogue'],
      run: () => push('/'),
    },
    { id: 'play', label: 'Free play', group: 'Go to', keys: 'g p', run: () => push('/play') },
  ]);
  useEffect(() => {
    adoptSingleKeys();
    return bindKeys();
  }, []);
  return (
    <>
      {/* The dialog is there at once, and what it holds as soon as it is loaded: what is typed meanwhile is no key of the page. */}
      {open === 'palette' && (
        <Dialog title="Commands" bare onClose={() => close('palette')}>
          <Palette />
        </Dialog>
      )}
      {open === 'keys' && (
        <Dialog title="Keys" onClose={() => close('keys')}>
          <KeyList />
        </Dialog>
      )}
    </>
  );
}

/** Binds the keys of what the page shows, anew when parts of it come or go. Returns how to let go of them. */
function bindKeys(): () => void {
  let unbind = () => {};
  const bind = () => {
    unbind();
    const map = Object.fromEntries(
      boundKeys(allCommands()).map((keys) => [keys, (event: KeyboardEvent) => press(keys, event)]),
    );
    // Which fields a key belongs to is for `press` to say: it is not the same for all keys.
    unbind = tinykeys(window, map, { ignore: ({ repeat, isComposing }) => repeat || isComposing });
  };
  bind();
  const stop = onOffersChanged(bind);
  return () => {
    stop();
    unbind();
  };
}
