/** @type {import('next').NextConfig} */
const config = {
  distDir: '.next',
  poweredByHeader: false,
  reactStrictMode: true,
  // `npm test` checks the types of the whole repository at once; the build need not do it again.
  typescript: { ignoreBuildErrors: true },
  // Nothing is optimised at run time: the page ships no raster images.
  images: { unoptimized: true },
  devIndicators: false,
};

export default config;
