import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { Guide } from '../../../components/guide/guide.tsx';
import { Workbench } from '../../../components/shell/workbench.tsx';
import { guides } from './guides.ts';

interface Params {
  params: Promise<{ id: string }>;
}

// Every lab's page is built ahead; any other id is not found.
export const dynamicParams = false;

export function generateStaticParams() {
  return Object.keys(guides).map((id) => ({ id }));
}

export async function generateMetadata({ params }: Params): Promise<Metadata> {
  return { title: guides[(await params).id]?.title };
}

export default async function Page({ params }: Params) {
  const { id } = await params;
  const guide = guides[id];
  if (!guide) notFound();
  const { default: Text } = await guide.load();
  const crumb = (
    <>
      <Link href="/">Labs</Link> / <b>{guide.title}</b>
    </>
  );
  return (
    <Workbench
      crumb={crumb}
      guide={
        <Guide lab={id}>
          <Text />
        </Guide>
      }
    />
  );
}
