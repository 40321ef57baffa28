import type { Metadata, Viewport } from 'next'
import { headers } from 'next/headers'
import type { ReactNode } from 'react'
import { language } from '#designer/messages/languages.ts'
import { shellMessages } from '#designer/messages/shell.ts'
import { earlyTheme } from '#designer/shell/themes.ts'
import '#designer/shell/page.css'

export const metadata: Metadata = {
  title: { default: shellMessages.product, template: shellMessages.titleOf('%s') },
}
export const viewport: Viewport = { width: 'device-width', initialScale: 1, colorScheme: 'light dark' }

export default async function Layout({ children }: { children: ReactNode }) {
  const nonce = (await headers()).get('x-nonce') ?? '' // so each page is made for its request
  return (
    // The script sets the theme, and browsers hide a nonce once it has served: both differ from what was sent.
    <html lang={language} suppressHydrationWarning>
      <head>
        {/* biome-ignore lint/security/noDangerouslySetInnerHtml: a constant of ours, which React would write with entities */}
        <script nonce={nonce} dangerouslySetInnerHTML={{ __html: earlyTheme }} suppressHydrationWarning />
      </head>
      <body>{children}</body>
    </html>
  )
}
