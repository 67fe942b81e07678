import type { Metadata } from 'next';
import { Workbench } from '../../components/shell/workbench.tsx';

export const metadata: Metadata = { title: 'Free play' };

export default function Page() {
  return <Workbench crumb={<h1>Free play</h1>} />;
}
