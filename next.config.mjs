/** @type {import('next').NextConfig} */
const config = {
  // Static files, which the lab server serves itself (server/http/page.ts); all else that a build leaves is beside them.
  output: 'export',
  distDir: '.next/page',
  reactStrictMode: true,
  // `npm test` checks the types of the whole repository at once; the build need not do it again.
  typescript: { ignoreBuildErrors: true },
  // Nothing is optimised at run time: the page ships no raster images.
  images: { unoptimized: true },
  devIndicators: false,
};

export default config;
