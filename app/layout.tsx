import type { Metadata, Viewport } from 'next'
import { connection } from 'next/server'
import type { ReactNode } from 'react'
import { language } from '#designer/messages/languages.ts'
import { shellMessages } from '#designer/messages/shell.ts'
import '#designer/shell/page.css'

export const metadata: Metadata = {
  title: { default: shellMessages.product, template: `%s · ${shellMessages.product}` },
}
export const viewport: Viewport = { width: 'device-width', initialScale: 1, colorScheme: 'light dark' }

export default async function Layout({ children }: { children: ReactNode }) {
  await connection() // each page is made for its request, because its scripts carry that request's nonce
  return (
    <html lang={language}>
      <body>{children}</body>
    </html>
  )
}
