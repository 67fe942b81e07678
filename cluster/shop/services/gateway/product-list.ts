/** What a list on a small screen shows of each product. */
const shown = ['id', 'name', 'priceCents'];

/** The answer of catalog to `GET /products`, without what a list does not show. */
export function slimProducts(body: Buffer): Buffer {
  const { products, ...rest } = JSON.parse(body.toString()) as { products: Record<string, unknown>[] };
  const slim = products.map((product) => Object.fromEntries(shown.map((field) => [field, product[field]])));
  return Buffer.from(JSON.stringify({ products: slim, ...rest }));
}
