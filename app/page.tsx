import { CataloguePage } from '../components/shell/catalogue-page.tsx';

export default function Page() {
  return <CataloguePage />;
}
