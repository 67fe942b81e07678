import type { Routes, RouteContext } from '../../service/routes.ts';

/** Images that customers upload of a product, and their thumbnails: to whom the products belong. */
export function imageRoutes(routes: Routes, toCatalog: (c: RouteContext, path: string) => Promise<Response>): void {
  const path = (...segments: string[]) => segments.map((segment) => `/${encodeURIComponent(segment)}`).join('');
  routes.post('/api/products/:id/images', (c) => toCatalog(c, path('products', c.req.param('id'), 'images')));
  routes.get('/api/products/:id/images/:image', (c) => {
    const { id, image } = c.req.param();
    return toCatalog(c, path('products', id, 'images', image));
  });
  routes.get('/api/products/:id/images/:image/thumbnail', (c) => {
    const { id, image } = c.req.param();
    return toCatalog(c, path('products', id, 'images', image, 'thumbnail'));
  });
}
