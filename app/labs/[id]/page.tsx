import type { Metadata } from 'next';
import Link from 'next/link';
import { Guide } from '../../../components/guide/guide.tsx';
import { LabName } from '../../../components/guide/lab-name.tsx';
import { Workbench } from '../../../components/shell/workbench.tsx';
import { shipped } from '../../../labs/catalogue.ts';

interface Params {
  params: Promise<{ id: string }>;
}

// The pages of the labs that are shipped are built ahead. One that is being written is drawn when it is asked for; of what is
// no lab at all the server says so before.
export function generateStaticParams() {
  return shipped.map((id) => ({ id }));
}

export const metadata: Metadata = { title: 'Lab' };

export default async function Page({ params }: Params) {
  const { id } = await params;
  const crumb = (
    <>
      <Link href="/">Labs</Link> / <LabName id={id} />
    </>
  );
  return <Workbench crumb={crumb} guide={<Guide lab={id} />} />;
}
