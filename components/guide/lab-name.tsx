'use client';
import { useLabs } from '../state/use-labs.ts';

/** The title of a lab; its number, which its id begins with, until the server has answered. */
export function LabName({ id }: { id: string }) {
  const title = useLabs()?.find((lab) => lab.id === id)?.title;
  return <b>{title ?? `Lab ${Number.parseInt(id, 10)}`}</b>;
}
