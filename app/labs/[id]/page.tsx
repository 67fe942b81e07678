import type { Metadata } from 'next';
import Link from 'next/link';
import { Guide } from '../../../components/guide/guide.tsx';
import { LabName } from '../../../components/guide/lab-name.tsx';
import { UnshippedGuide, UnshippedLabName } from '../../../components/guide/unshipped-lab.tsx';
import { Workbench } from '../../../components/shell/workbench.tsx';
import { shipped, unshipped } from '../../../labs/catalogue.ts';

interface Params {
  params: Promise<{ id: string }>;
}

export function generateStaticParams() {
  return [...shipped, unshipped].map((id) => ({ id }));
}

export const metadata: Metadata = { title: 'Lab' };

export default async function Page({ params }: Params) {
  const { id } = await params;
  const crumb = (
    <>
      <Link href="/">Labs</Link> / {id === unshipped ? <UnshippedLabName /> : <LabName id={id} />}
    </>
  );
  return <Workbench crumb={crumb} guide={id === unshipped ? <UnshippedGuide /> : <Guide lab={id} />} />;
}
