import createMDX from '@next/mdx';

// Plugins are named, not imported: Turbopack passes them to Rust as data.
const withMDX = createMDX({ options: { remarkPlugins: ['remark-gfm'] } });

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

export default withMDX(config);
