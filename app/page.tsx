import { FrontPage } from '../components/front/front-page.tsx';
import { breakTheBank } from './break-the-bank.ts';

export default function Page() {
  return <FrontPage scenario={breakTheBank} />;
}
